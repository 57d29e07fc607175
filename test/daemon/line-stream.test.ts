/** Lines that are made while they are sent: others have their turn meanwhile, and what breaks off does not look whole. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EXIT } from '../../daemon/commands/io.ts';
import { askDaemon } from '../../daemon/commands/ledger.ts';
import { controlSocket } from '../../daemon/control.ts';
import type { HttpEnv } from '../../daemon/http/env.ts';
import { linesResponse } from '../../daemon/http/line-stream.ts';
import { listen } from '../../daemon/http/server.ts';

let data = '';
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'zaigang-lines-'));
});
afterEach(() => rm(data, { recursive: true }));

const ask = async (pieces: Iterable<readonly string[]>): Promise<string | null> => {
  const app = new Hono<HttpEnv>().get('/lines', (c) => linesResponse(c, pieces));
  const door = await listen(app, { socketPath: controlSocket(data) });
  try {
    return await askDaemon({ config: { data } }, { path: '/lines', method: 'GET' });
  } finally {
    await door.close();
  }
};

test('pieces come in order, and those without lines leave no trace', async () => {
  expect(await ask([[], ['a', 'b'], [], ['c'], []])).toBe('a\nb\nc\n');
  expect(await ask([])).toBe('');
});

test('between two pieces others have their turn', async () => {
  const turns: number[] = [];
  function* pieces(): Iterable<readonly string[]> {
    for (let piece = 0; piece < 3; piece++) {
      setImmediate(() => turns.push(piece));
      yield [];
      expect(turns).toContain(piece);
    }
    yield ['done'];
  }
  expect(await ask(pieces())).toBe('done\n');
});

test.each([0, 1, 2, 40])('an answer that fails after %i pieces ends in a broken connection', async (many) => {
  // The server's library says it as well.
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  function* pieces(): Iterable<readonly string[]> {
    for (let piece = 0; piece < many; piece++) yield ['x'.repeat(20_000)];
    throw new Error('the ledger could not be read');
  }
  await expect(ask(pieces())).rejects.toMatchObject({ code: EXIT.unavailable });
  said.mockRestore();
});
