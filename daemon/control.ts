/** The local door for commands, a socket in the data directory that only its owner can open. */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { HallAccess } from './access/hall-access.ts';
import { accessDoor, COMMAND } from './access/orders.ts';
import type { Language } from './alerts/words.ts';
import { touchOf } from './clocks/touch-of.ts';
import type { ReloadAnswer } from './config-file/reloading.ts';
import type { Evidence } from './evidence/evidence.ts';
import { evidenceDoor } from './evidence/evidence-door.ts';
import { answer } from './explain/question.ts';
import { ledgerSource } from './explain/sources.ts';
import type { HallCore } from './hall-core.ts';
import type { HttpApp } from './http/app.ts';
import type { HttpEnv } from './http/env.ts';
import { linesResponse } from './http/line-stream.ts';
import type { ImportRequest } from './imports/import.ts';
import { importBeside, importSent } from './imports/import-thread.ts';
import { EXPORTED, exportPieces } from './lines/ledger-lines.ts';
import type { ReportRequest } from './reports/report.ts';
import { reportLines } from './reports/report-thread.ts';

/** Where the running daemon listens for commands. */
export function controlSocket(dataDirectory: string): string {
  return join(dataDirectory, 'control.sock');
}

/** What only the running daemon knows and can. */
export interface RunningHall {
  reload(lang: Language): Promise<ReloadAnswer>;
  /** Without names and secrets. */
  state(): object;
}

/** What commands can ask of the running daemon. */
export function controlApp(core: HallCore, evidence: Evidence, access: HallAccess, running: RunningHall): HttpApp {
  const app: HttpApp = new Hono<HttpEnv>();
  app.route('/evidence', evidenceDoor(evidence));
  app.route('/access', accessDoor(access));
  for (const what of EXPORTED) {
    app.get(`/export/${what}`, (c) => {
      const since = c.req.query('since');
      return linesResponse(c, exportPieces(core, what, since === undefined ? null : Number(since)));
    });
  }
  app.post('/import/facts', async (c) => {
    const { partial, dryRun, lang } = c.req.query();
    const bytes = c.req.raw.body ?? Readable.from([]);
    const sent = { bytes, kind: 'facts', sheet: null, clock: null, lang: lang === 'zh' ? 'zh' : 'en' } as const;
    return c.json(await importSent(core, sent, { partial: partial === '1', dryRun: dryRun === '1' }));
  });
  app.post('/import', async (c) => c.json(await importBeside(core, (await c.req.json()) as ImportRequest)));
  app.post('/report', async (c) => {
    // What is queued is in the ledger before another thread reads it.
    core.live.settle();
    const request = (await c.req.json()) as ReportRequest;
    return c.body(reportLines({ source: core.reportSource, request, files: null }));
  });
  app.get('/explain', (c) => {
    const lang = c.req.query('lang') === 'zh' ? 'zh' : 'en';
    return c.json(answer(ledgerSource(core), { id: c.req.query('id') ?? '', lang, json: c.req.query('json') === '1' }));
  });
  app.get('/touch', (c) => {
    const { employee = '', clock = null, at } = c.req.query();
    return c.json(touchOf(core.hall, core.engine.book, { employee, clock, at: Number(at) }));
  });
  app.post('/reload', async (c) => c.json(await running.reload(c.req.query('lang') === 'zh' ? 'zh' : 'en')));
  app.post('/trust-clock', (c) => {
    const trusted = core.live.trustClock();
    const { books } = access.access;
    if (trusted !== null) books.write(() => books.record('host-clock-trusted', COMMAND, null, { ...trusted }));
    return c.json(trusted);
  });
  app.get('/doctor', (c) => c.json(running.state()));
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
