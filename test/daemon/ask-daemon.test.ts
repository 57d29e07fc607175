/** A command that comes while the daemon opens or goes: the ledger is held, and nobody answers yet or any more. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askDaemon } from '../../daemon/commands/ledger.ts';
import { controlSocket } from '../../daemon/control.ts';
import type { HttpEnv } from '../../daemon/http/env.ts';
import { listen } from '../../daemon/http/server.ts';
import { isLocked, lockDirectory } from '../../daemon/ledger/lock.ts';

let data = '';
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'zaigang-ask-'));
});
afterEach(() => rm(data, { recursive: true }));

const ask = () => askDaemon({ config: { data } }, { path: '/doctor', method: 'GET' });

test('is answered once the daemon has opened its door', async () => {
  const lock = lockDirectory(data);
  const asked = ask();
  const app = new Hono<HttpEnv>().get('/doctor', (c) => c.text('well'));
  const control = await listen(app, { socketPath: controlSocket(data) });
  expect(await asked).toBe('well');
  await control.close();
  lock.release();
});

test('has the files to itself once the daemon has gone', async () => {
  const lock = lockDirectory(data);
  const asked = ask();
  expect(isLocked(data)).toBe(true);
  lock.release();
  expect(await asked).toBeNull();
});

test('does not wait where nobody runs, and leaves nothing behind', async () => {
  expect(isLocked(data)).toBe(false);
  expect(await ask()).toBeNull();
  lockDirectory(data).release();
  expect(isLocked(data)).toBe(false);
  expect(isLocked(join(data, 'none'))).toBe(false);
  lockDirectory(data).release();
});
