/** Terminals that the daemon calls: what they note while it is dead, or they are, is in the ledger afterwards, once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Daemon, daemonOf } from '../support/daemon.ts';
import { DahuaTerminal } from '../support/dahua-terminal.ts';
import { HikvisionTerminal } from '../support/hikvision-terminal.ts';
import { until } from '../support/until.ts';

let hikvision: HikvisionTerminal;
let dahua: DahuaTerminal;
let daemon: Daemon;

beforeAll(async () => {
  [hikvision, dahua] = await Promise.all([HikvisionTerminal.open(), DahuaTerminal.open()]);
  const login = { username: 'admin', password: `\${TERMINAL_PASSWORD}`, every: '1s' };
  daemon = daemonOf({
    env: { TERMINAL_PASSWORD: 'right' },
    config: {
      hall: { id: 'h1', name: '大厅', timezone: 'Asia/Shanghai' },
      calendar: { country: 'none' },
      schedules: { standard: { punches: 'session', weekly: { mon: ['09:00-12:00'] } } },
      departments: [{ id: 'gaj', name: '公安局' }],
      employees: [{ id: 'e1', name: '徐敏', department: 'gaj', schedule: 'standard', credentials: ['1001'] }],
      windows: [{ id: 'W1', name: '出入境', department: 'gaj', schedule: 'standard', a: 'e1' }],
      clocks: [
        { id: 'k1', profile: { kind: 'hikvision', url: hikvision.url, ...login } },
        { id: 'k2', profile: { kind: 'dahua', url: dahua.url, ...login } },
      ],
    },
  });
}, 60_000);
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await hikvision?.[Symbol.asyncDispose]();
  await dahua?.[Symbol.asyncDispose]();
});

const punches = async (): Promise<string[]> => {
  const facts = await daemon.facts();
  return facts
    .flatMap(({ fact, device, credential, at }) =>
      fact === 'punch' ? [`${device} ${credential} ${Date.parse(String(at))}`] : [],
    )
    .sort();
};
const noted = (): string[] =>
  [
    ...hikvision.log.map((entry) => `k1 ${entry.person} ${entry.at}`),
    ...dahua.log.map((entry) => `k2 ${entry.person} ${entry.at}`),
  ].sort();
const allIn = (what: string) =>
  until(async () => String(await punches()) === String(noted()), { what, timeoutMs: 60_000 });

test('what terminals note is in the ledger, whoever was away meanwhile', { timeout: 240_000 }, async () => {
  let at = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
  const touch = (): void => {
    at += 7000;
    hikvision.punch('1001', { at });
    dahua.punch('1001', { at });
  };
  for (let i = 0; i < 40; i++) touch();
  await daemon.start();
  await allIn('what was noted before');
  await until(() => hikvision.device.listeners === 1 && dahua.device.listeners === 1, { what: 'somebody who listens' });
  touch();
  await allIn('what was heard');
  await daemon.kill();
  for (let i = 0; i < 5; i++) touch();
  await daemon.start();
  await allIn('what was noted while the daemon was dead');
  hikvision.reboot();
  dahua.reboot();
  touch();
  await allIn('what was noted while the terminals rebooted');
  const completes = (await daemon.facts()).filter(({ fact, state }) => fact === 'device' && state === 'complete');
  expect(new Set(completes.map(({ device }) => device))).toEqual(new Set(['k1', 'k2']));
  // Once each time that the device was reached, and not with every look.
  expect(completes.length).toBeLessThan(12);
  expect(await daemon.rejects()).toEqual([]);
  expect(JSON.stringify(daemon.log)).not.toMatch(/徐敏|right/);
});

test('killed in the middle of their logs, broken off, cleared and replaced: each touch is there once, and none is called missing', {
  timeout: 900_000,
}, async () => {
  const kept = new Set(await punches());
  let at = Math.floor(Date.now() / 1000) * 1000 - 3_000_000;
  const touch = (): void => {
    at += 3000;
    kept.add(`k1 ${hikvision.punch('1001', { at }).person} ${at}`);
    kept.add(`k2 ${dahua.punch('1001', { at }).person} ${at}`);
  };
  const all = (what: string) =>
    until(async () => String(await punches()) === String([...kept].sort()), { what, timeoutMs: 240_000 });
  let taken = kept.size;
  await daemon.kill();
  dahua.pageSize = 25;
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 150; i++) touch();
    await daemon.start();
    // A part of it has been taken in.
    const hasMore = async (): Promise<boolean> => (await punches()).length > taken;
    await until(hasMore, { what: 'a part of the log', timeoutMs: 240_000 });
    taken = (await punches()).length;
    await daemon.kill();
  }
  await daemon.start();
  await all('what came in pieces');
  await until(() => hikvision.device.listeners === 1 && dahua.device.listeners === 1, { what: 'somebody who listens' });
  hikvision.half = true;
  dahua.half = true;
  touch();
  await all('what broke off in its middle');

  // Cleared while nobody looked: its numbers begin anew, and are no gap, no repetition and no second device.
  await daemon.kill();
  hikvision.reset();
  for (let i = 0; i < 20; i++) touch();
  await daemon.start();
  await all('what a cleared log has noted since');
  // And another device in its place, which begins at 1 again.
  await daemon.kill();
  hikvision.reset();
  hikvision.serialNumber = 'DS-K1T342-TEST0002';
  for (let i = 0; i < 30; i++) touch();
  await daemon.start();
  await all('what the device in its place has noted');
  expect(await daemon.rejects()).toEqual([]);
  const faults = daemon.log.filter(({ msg }) => msg === 'fault of a device began').map(({ code }) => code);
  expect(faults.filter((code) => ['gap', 'gap-left', 'missing', 'two-devices'].includes(String(code)))).toEqual([]);
});
