/** `audit verify` by its real command: beside a running daemon and without one, in both languages, with its exit codes. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../rules/time.ts';
import { type CommandOutcome, type Daemon, daemonOf, zaigang } from '../support/daemon.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';

const noon = noonAt(Date.now());
/** A session of this morning that is over. */
const BEGAN = Math.floor(Date.now() / HOUR) * HOUR - 3 * HOUR;
const LATE = `late/e1/${noon.date}/1`;

let daemon: Daemon;
beforeAll(async () => {
  daemon = daemonOf({
    config: {
      hall: { id: 'suixian', timezone: noon.timezone },
      calendar: { country: 'none' },
      schedules: { standard: { punches: 'in', weekly: everyDay(noon.session(BEGAN, BEGAN + HOUR)) } },
      employees: [{ id: 'e1', name: '徐敏', schedule: 'standard', credentials: ['1001'] }],
      windows: [],
      clocks: [{ id: 'clock-1' }],
    },
  });
  await daemon.start();
  const punch = { fact: 'punch', id: 'p1', at: stamp(BEGAN + 8 * MINUTE), employee: 'e1', device: 'clock-1' };
  await daemon.import([punch, { ...punch, id: 'p2', at: stamp(BEGAN + 9 * MINUTE) }]);
});
afterAll(() => daemon[Symbol.asyncDispose]());

const verify = (...args: readonly string[]): Promise<CommandOutcome> =>
  zaigang(['audit', 'verify', '--config', daemon.configFile, ...args]);
const newestIn = (text: string): string => /\d+:[0-9a-f]{64}/.exec(text)?.[0] ?? '';

function byHand(statement: string): void {
  const database = new DatabaseSync(join(daemon.data, 'ledger.db'));
  database.exec(statement);
  database.close();
}

let noted = '';

test('beside a running daemon, whose ledger is whole', async () => {
  const { code, out, err } = await verify('--lang', 'zh');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^账本 .*ledger\.db，大厅 suixian\n链：核对 \d+ 环，与入链时相同的事实 \d+ 条、结论变更 \d+ 条。\n/,
  );
  expect(out).toMatch(`重算：${noon.date} 至 ${noon.date} 共 1 天，现有结论 1 条`);
  expect(out).toMatch(/\n链完整；重算一致。\n$/);
  noted = newestIn(out);
  const figures = JSON.parse((await verify('--json')).out) as { chain: { links: number } };
  expect(figures).toMatchObject({ hall: 'suixian', whole: true, follows: true, findings: [], chain: { adopted: 0 } });
  expect(await daemon.metric('zaigang_chain_links')).toBeGreaterThanOrEqual(figures.chain.links);
  expect(await daemon.metric('zaigang_verdicts_differing_total')).toBe(0);
});

test('without one, with a link that was noted before', async () => {
  await daemon.stop();
  const { code, out } = await verify('--noted', noted);
  expect(code).toBe(0);
  expect(out).toMatch('The link that was noted is in its place.');
  expect(out).toMatch('The chain is whole; what is stored follows from the facts.\n');
  expect(await verify('--noted', `99${noted}`)).toMatchObject({ code: 65, out: expect.stringMatching(/are missing/) });
  expect(await verify('--noted', `1:${'0'.repeat(32)}`)).toMatchObject({
    code: 65,
    out: expect.stringMatching(/✗ link 1 is not the one that was noted/),
  });
  expect(await verify('--noted', '12:xyz')).toMatchObject({ code: 64, out: '' });
});

test('a verdict that was changed by hand differs, and the daemon says so when it starts', async () => {
  byHand(`update standing set verdict = replace(verdict, '"p1"', '"p2"') where key like '%late|e1|%'`);
  const { code, out } = await verify();
  expect(code).toBe(1);
  expect(out).toMatch(`✗ ${noon.date} ${LATE}: what holds is not what the history said last\n`);
  expect(out).toMatch(`✗ ${noon.date} ${LATE}: stored otherwise than it follows from the facts\n`);
  expect(out).toMatch('The chain is whole; 2 verdicts differ when judged again.\n');

  await daemon.start();
  const said = await daemon.logged('stored verdicts differed from recomputed ones');
  expect(said).toMatchObject({ level: 'error', day: noon.date, changes: 1, verdicts: [LATE] });
  expect(await daemon.metric('zaigang_verdicts_differing_total')).toBe(1);
  const after = await verify();
  expect(after.code).toBe(0);
  expect(after.out).toMatch(/changed 1 times at a start that judged otherwise \(cause: upgrade\), last:\n/);
  expect(after.out).toMatch(` revise ${LATE}\n`);
  await daemon.stop();
});

test('a fact that was changed by hand breaks the chain', async () => {
  byHand(`update fact set body = replace(body, 'clock-1', 'clock-2') where id = 'p1'`);
  const { code, out } = await verify('--lang', 'zh');
  expect(code).toBe(65);
  expect(out).toMatch(/\n {2}✗ 事实 p1（第 \d+ 行） 与入链时不同，第 \d+ 环\n/);
  expect(out).toMatch(/\n链上有 1 处不符；/);
  const figures = JSON.parse((await verify('--json')).out);
  expect(figures).toMatchObject({ whole: false, chain: { findings: 1 } });
  expect(figures.findings[0]).toMatchObject({ what: 'row-changed', kind: 'fact', id: 'p1' });
  byHand(`update fact set body = replace(body, 'clock-2', 'clock-1') where id = 'p1'`);
  expect((await verify()).code).toBe(0);
});

test('a tail that was cut off is said when the daemon starts, too', async () => {
  byHand('delete from fact where seq = (select max(seq) from fact)');
  expect((await verify()).out).toMatch(/✗ fact \(row \d+\) is missing, link \d+, after /);
  const from = daemon.log.length;
  await daemon.start();
  const { because } = await daemon.logged('ledger did not end where its chain does', { from });
  expect(because).toMatch(/^the last fact is row \d+, and the chain goes to row \d+$/);
  await daemon.stop();
});

test('where there is nothing to verify it says why', async () => {
  byHand('drop table chain_debt');
  expect(await verify()).toMatchObject({ code: 66, out: '', err: expect.stringMatching(/has no chain/) });
  writeFileSync(join(daemon.data, 'ledger.db'), 'this is no database, and never was one: all of it is text');
  expect(await verify()).toMatchObject({ code: 65, out: expect.stringMatching(/✗ the file is damaged: /) });
  rmSync(join(daemon.data, 'ledger.db'));
  mkdirSync(join(daemon.data, 'ledger.db'));
  // What cannot be opened is not ours to read, as far as SQLite tells.
  expect(await verify()).toMatchObject({ code: 77, out: '', err: expect.stringMatching(/cannot be opened/) });
  rmSync(daemon.data, { recursive: true });
  expect(await verify('--lang', 'zh')).toMatchObject({ code: 66, out: '', err: expect.stringMatching(/里没有账本/) });
  expect((await zaigang(['audit', 'verify', '--config', 'nowhere.yaml'])).code).toBe(66);
  expect((await zaigang(['audit', 'prove'])).code).toBe(64);
});
