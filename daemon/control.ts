/** The local door for commands, a socket in the data directory that only its owner can open. */
import { join } from 'node:path';
import { Hono } from 'hono';
import type { HallAccess } from './access/hall-access.ts';
import { accessDoor } from './access/orders.ts';
import type { Evidence } from './evidence/evidence.ts';
import { evidenceDoor } from './evidence/evidence-door.ts';
import { answer } from './explain/question.ts';
import { ledgerSource } from './explain/sources.ts';
import type { HallCore } from './hall-core.ts';
import type { HttpApp } from './http/app.ts';
import type { HttpEnv } from './http/env.ts';
import type { ImportRequest } from './imports/import.ts';
import { importBeside } from './imports/import-thread.ts';
import { EXPORTED, exportLines, importFacts } from './ledger-lines.ts';
import type { ReportRequest } from './reports/report.ts';
import { reportAnswer } from './reports/report-thread.ts';

/** Where the running daemon listens for commands. */
export function controlSocket(dataDirectory: string): string {
  return join(dataDirectory, 'control.sock');
}

/** What commands can ask of the running daemon. */
export function controlApp(core: HallCore, evidence: Evidence, access: HallAccess): HttpApp {
  const app: HttpApp = new Hono<HttpEnv>();
  app.route('/evidence', evidenceDoor(evidence));
  app.route('/access', accessDoor(access));
  for (const what of EXPORTED) {
    app.get(`/export/${what}`, (c) => {
      const since = c.req.query('since');
      const lines = exportLines(core, what, since === undefined ? null : Number(since));
      return new Response(streamOf(encoded(lines)), { headers: { 'Content-Type': 'application/jsonl' } });
    });
  }
  app.post('/import/facts', async (c) => {
    const partial = c.req.query('partial') === '1';
    return c.json(await importFacts(core, await c.req.text(), partial));
  });
  app.post('/import', async (c) => c.json(await importBeside(core, (await c.req.json()) as ImportRequest)));
  app.post('/report', async (c) => {
    // What is queued is in the ledger before another thread reads it.
    core.live.settle();
    const { hall, ledger, countsSimulated } = core;
    const source = { directory: ledger.directory, hall: hall.id, countSimulated: countsSimulated };
    return c.json(await reportAnswer({ source, request: (await c.req.json()) as ReportRequest, files: null }));
  });
  app.get('/explain', (c) => {
    const lang = c.req.query('lang') === 'zh' ? 'zh' : 'en';
    return c.json(answer(ledgerSource(core), { id: c.req.query('id') ?? '', lang, json: c.req.query('json') === '1' }));
  });
  app.get('/rejects', (c) =>
    c.json(
      core.rejects.newest(Number(c.req.query('limit') ?? 100)).map(({ payload, ...reject }) => ({
        ...reject,
        payload: Buffer.from(payload).toString('base64'),
      })),
    ),
  );
  return app;
}

/** Some hundred lines at a time: a year's facts are sent without being held. */
function* encoded(lines: Iterable<string>): Iterable<Uint8Array> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < 65_536) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function streamOf(chunks: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}
