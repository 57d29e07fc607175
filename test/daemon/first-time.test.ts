/** A machine whose clock lost its battery, before there is a ledger: nothing may begin then. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { zaigang } from '../support/daemon.ts';
import { on, SMALL_HALL } from '../support/small-hall.ts';

/** 8 o'clock of New Year's Day 2000 in Shanghai, as whatever asks the system for the time is told. */
const IN_2000 = { NODE_OPTIONS: '--import=data:text/javascript,Date.now=()=>946684800000' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-2000-'));
  const brokers = 'mqtt: { url: "mqtt://127.0.0.1:1" }\nhttp: { listen: "127.0.0.1:0" }\n';
  writeFileSync(join(folder, 'hall.yaml'), `${SMALL_HALL}${brokers}data: ./data\n`);
  const fact = { fact: 'leave', id: 'l1', employee: 'e1', kind: 'annual', from: on('09:00:00'), to: on('12:00:00') };
  writeFileSync(join(folder, 'facts.jsonl'), `${JSON.stringify(fact)}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const command = (args: readonly string[], env = {}) =>
  zaigang([...args, '--config', join(folder, 'hall.yaml')], '', folder, env);

test('no ledger begins in 2000: it is said in words, and nothing is kept', async () => {
  const refused = { code: 69, out: '' };
  expect(await command(['run', '--lang', 'zh'], IN_2000)).toMatchObject({
    ...refused,
    err: expect.stringContaining('本机的时间是 2000-01-01T08:00:00+08:00，不可能'),
  });
  expect(await command(['import', 'facts', join(folder, 'facts.jsonl')], IN_2000)).toMatchObject({
    ...refused,
    err: expect.stringContaining('Set the clock first.'),
  });
  // By a right clock it begins now, and has nothing of then.
  expect(await command(['import', 'facts', join(folder, 'facts.jsonl')])).toMatchObject({ code: 0 });
  const { out } = await command(['export', 'facts']);
  expect(out).toContain('"l1"');
  expect(out).not.toContain('2000-01-01');
});
