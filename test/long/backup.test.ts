/** `backup` and `restore` by their real commands: beside a daemon that takes punches in, elsewhere after its death, on full disks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { punchTopic } from '../../adapters/topics.ts';
import { HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { send } from '../support/broker-client.ts';
import { type CommandOutcome, daemonOf, type Line, MAIN, zaigang } from '../support/daemon.ts';
import { type Mosquitto, mosquitto } from '../support/mosquitto.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';
import { smallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';

const NOW = Date.now();
const noon = noonAt(NOW);
/** It began an hour ago, and goes on while this runs: whoever has not come is absent. */
const BEGAN = Math.floor((NOW - HOUR) / MINUTE) * MINUTE;
const CONFIG = {
  hall: { id: 'saved', timezone: noon.timezone },
  calendar: { country: 'none' },
  schedules: { all: { punches: 'in', weekly: everyDay(noon.session(BEGAN, BEGAN + 4 * HOUR)) } },
  employees: ['e1', 'e2', 'e3'].map((id) => ({ id, schedule: 'all', credentials: [id] })),
  windows: [],
  clocks: [{ id: 'clock-1' }],
  rules: { settle: '1s', deliveryLag: '1s' },
  diskReserve: '1MB',
};
const PUNCH = punchTopic('saved', 'clock-1');

let broker: Mosquitto;
beforeAll(async () => {
  broker = await mosquitto({ config: ['max_queued_messages 0', 'max_inflight_messages 2000'] });
});
afterAll(() => broker?.[Symbol.asyncDispose]());

const touch = (credential: string, at: number, seq: number): string =>
  JSON.stringify({ credential, at: stamp(at), seq });
const seqsOf = (facts: readonly Line[]): number[] =>
  facts.filter(({ fact }) => fact === 'punch').map(({ seq }) => Number(seq));
const statesOf = (verdicts: readonly Line[]): string[] =>
  verdicts.map(({ rule, employee, state }) => `${rule} ${employee} ${state}`).sort();

test('taken under load, restored elsewhere after a kill; live punches go on, and nobody is accused', {
  timeout: 300_000,
}, async () => {
  await using former = daemonOf({ config: { ...CONFIG, mqtt: { url: broker.url } } });
  await former.startHearing();
  const file = join(former.folder, 'hall.backup');
  const command = (...args: readonly string[]): Promise<CommandOutcome> =>
    zaigang([...args, '--config', former.configFile]);

  // Of a number that nobody has: thousands of touches that accuse and clear nobody.
  const flood = send(
    broker,
    PUNCH,
    Array.from({ length: 3000 }, (_, i) => touch('nobody', BEGAN + i * 50, i)),
  );
  const { code, err } = await command('backup', file);
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/checked after writing/) });
  await flood;
  expect(await command('backup', file)).toMatchObject({ code: 73, err: expect.stringMatching(/--force replaces it/) });
  expect(await command('restore', file, '--force'), 'while it runs').toMatchObject({ code: 69, out: '' });
  // In the ledger, and in no backup: the broker has been told that it is safe.
  await send(broker, PUNCH, [touch('e1', BEGAN - 5 * MINUTE, 9001)]);
  await until(async () => seqsOf(await former.facts()).includes(9001), { what: 'a punch after the backup' });
  await former.kill();
  await send(broker, PUNCH, [touch('e2', BEGAN + 2 * MINUTE, 9002)]);

  await using heir = daemonOf({ config: { ...CONFIG, mqtt: { url: broker.url } } });
  const restored = await zaigang(['restore', file, '--config', heir.configFile, '--json']);
  expect(restored).toMatchObject({ code: 0 });
  expect(JSON.parse(restored.out)).toMatchObject({ aside: null, whole: true, follows: true, backup: { live: true } });
  await heir.startHearing();
  await heir.logged('ledger was restored; what was taken in meanwhile is lost');
  await until(async () => seqsOf(await heir.facts()).includes(9002), { what: 'what the broker kept' });
  const kept = seqsOf(await heir.facts()).filter((seq) => seq < 3000);
  expect(new Set(kept).size).toBe(kept.length);
  // e2's arrival is known; e1's was lost, and e3 may have come as well.
  const settled = Date.now() + 3 * SECOND;
  await until(() => Date.now() > settled, { what: 'what has just come to settle' });
  expect(statesOf(await heir.verdicts())).toEqual(['absent e1 pending', 'absent e3 pending']);

  await send(broker, PUNCH, [touch('e3', Date.now(), 9003)]);
  await until(async () => seqsOf(await heir.facts()).includes(9003), { what: 'a live punch' });
  expect(statesOf(await heir.verdicts())).toEqual(['absent e1 pending', 'absent e3 pending']);
  // The clock's own memory is read out: everything is in.
  await heir.import([
    { fact: 'punch', id: 'again', at: stamp(BEGAN - 5 * MINUTE), employee: 'e1', device: 'clock-1' },
    { fact: 'device', id: 'all', at: stamp(Date.now()), device: 'clock-1', state: 'complete' },
  ]);
  await until(async () => statesOf(await heir.verdicts()).join() === 'absent e3 closed', { what: 'all to be clear' });
  expect((await zaigang(['audit', 'verify', '--config', heir.configFile])).code).toBe(0);
  expect(await heir.stop()).toBe(0);
  expect(heir.stray).toBe('');
});

test('verdicts are the same, byte for byte, where nothing ran in between', { timeout: 300_000 }, async () => {
  await using daemon = daemonOf({ config: CONFIG });
  await daemon.start();
  await daemon.import([{ fact: 'punch', id: 'p1', at: stamp(BEGAN + 7 * MINUTE), employee: 'e1', device: 'clock-1' }]);
  await daemon.stop();
  const verdicts = await daemon.exported('facts');
  const file = join(daemon.folder, 'moved.backup');
  expect((await zaigang(['backup', file, '--config', daemon.configFile])).code).toBe(0);
  await using heir = daemonOf({ config: CONFIG });
  const moved = await zaigang(['restore', file, '--moved', '--config', heir.configFile, '--lang', 'zh']);
  expect(moved).toMatchObject({ code: 0, out: expect.stringMatching(/^已恢复到 .*链完整；重算一致。\n$/s) });
  for (const what of ['facts', 'verdicts', 'history'] as const) {
    expect(await heir.exported(what), what).toBe(await daemon.exported(what));
  }
  expect(verdicts).toContain('"p1"');
});

test('what cannot be read or used is refused with its code, and what is there stays', {
  timeout: 300_000,
}, async () => {
  await using daemon = daemonOf({ config: CONFIG });
  const file = join(daemon.folder, 'hall.backup');
  const backup = (...args: readonly string[]) => zaigang(['backup', ...args, '--config', daemon.configFile]);
  const restore = (...args: readonly string[]) => zaigang(['restore', ...args, '--config', daemon.configFile]);
  expect(await backup(file)).toMatchObject({ code: 66, out: '' });
  await daemon.import([{ fact: 'punch', id: 'p1', at: stamp(BEGAN), employee: 'e1', device: 'clock-1' }]);
  expect((await backup('-')).code).toBe(64);
  expect((await backup()).code).toBe(64);
  expect(await backup(join(daemon.folder, 'nowhere/x'))).toMatchObject({
    code: 73,
    err: expect.stringMatching(/ENOENT/),
  });
  expect((await backup(daemon.folder, '--force')).code).toBe(73);
  expect((await backup(file, '--json')).code).toBe(0);
  expect((await restore(join(daemon.folder, 'none'))).code).toBe(66);
  expect((await restore(daemon.folder)).code).toBe(66);
  expect(await restore(file)).toMatchObject({ code: 73, err: expect.stringMatching(/--force/) });
  const cut = join(daemon.folder, 'cut');
  copyFileSync(file, cut);
  truncateSync(cut, 3000);
  expect(await restore(cut, '--force', '--lang', 'zh')).toMatchObject({
    code: 65,
    err: expect.stringMatching(/不完整/),
  });
  writeFileSync(cut, 'a letter');
  expect((await restore(cut, '--force')).code).toBe(65);
  const lost = await zaigang(['restore', file, '--config', join(daemon.folder, 'lost.yaml')]);
  expect(lost).toMatchObject({ code: 66, err: expect.stringMatching(/tar -xzf/) });
  // A backup that was killed left this behind.
  expect(readdirSync(daemon.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  // A ledger that cannot be read is why people restore.
  writeFileSync(join(daemon.data, 'ledger.db'), 'no ledger any more'.repeat(1000));
  expect((await backup(`${file}.2`)).code).toBe(65);
  expect(existsSync(`${file}.2`)).toBe(false);
  expect((await restore(file, '--force')).code).toBe(0);
  expect((await daemon.exported('facts')).includes('"p1"')).toBe(true);
});

test('a restore that is killed at any step leaves the former ledger or the new one, and the next one ends well', {
  timeout: 300_000,
}, async () => {
  await using daemon = daemonOf({ config: CONFIG });
  const punch = (id: string) => ({ fact: 'punch', id, at: stamp(BEGAN), employee: 'e1', device: 'clock-1' });
  await daemon.import([punch('p1')]);
  const file = join(daemon.folder, 'hall.backup');
  const at = ['--config', daemon.configFile];
  expect((await zaigang(['backup', file, ...at])).code).toBe(0);
  await daemon.import([punch('p2')]);
  let killed = 0;
  for (const step of [1, 2, 4, 7, 11]) {
    const restoring = spawn(process.execPath, [MAIN, 'restore', file, '--force', ...at], { stdio: 'ignore' });
    const ended = once(restoring, 'exit');
    let seen = 0;
    const watcher = watch(daemon.data, { recursive: true }, () => {
      if (++seen === step) restoring.kill('SIGKILL');
    });
    const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    watcher.close();
    if (signal === 'SIGKILL') killed += 1;
    const facts = await daemon.exported('facts');
    expect(facts, `step ${step}`).toContain('"p1"');
    expect((await zaigang(['audit', 'verify', ...at])).code, `step ${step}`).toBe(0);
  }
  // How many steps are seen depends on how busy the machine is.
  expect(killed).toBeGreaterThan(1);
  expect((await zaigang(['restore', file, '--force', ...at])).code).toBe(0);
  const facts = await daemon.exported('facts');
  expect([facts.includes('"p1"'), facts.includes('"p2"')]).toEqual([true, false]);
});

test('a disk that is full keeps neither half a backup nor half a restore', { timeout: 300_000 }, async () => {
  using disk = smallDisk(8);
  await using daemon = daemonOf({ config: CONFIG });
  const many = Array.from({ length: 20_000 }, (_, i) =>
    JSON.stringify({
      fact: 'presence',
      id: `v${i}-${Math.random()}`,
      at: stamp(BEGAN + i * 100),
      window: 'W1',
      state: 'empty',
    }),
  );
  const config = { ...CONFIG, windows: [{ id: 'W1', schedule: 'all', a: 'e1' }] };
  await using full = daemonOf({ config, data: join(disk.path, 'data') });
  writeFileSync(daemon.configFile, readFileSync(full.configFile, 'utf8').replace(full.data, daemon.data));
  const imported = await zaigang(['import', 'facts', '-', '--config', daemon.configFile], many.join('\n'));
  expect(imported.code).toBe(0);
  const command = (what: string, file: string, of: { readonly configFile: string }) =>
    zaigang([what, file, '--config', of.configFile]);
  const file = join(disk.path, 'hall.backup');
  disk.fill(1_500_000);
  expect(await command('backup', file, daemon)).toMatchObject({ code: 73, err: expect.stringMatching(/no room/) });
  expect(readdirSync(disk.path).filter((name) => name.startsWith('hall'))).toEqual([]);
  const outside = join(daemon.folder, 'hall.backup');
  expect((await command('backup', outside, daemon)).code).toBe(0);
  expect(await command('restore', outside, full)).toMatchObject({ code: 73, err: expect.stringMatching(/no room/) });
  expect(readdirSync(full.data).filter((name) => name !== 'writer.lock')).toEqual([]);
});
