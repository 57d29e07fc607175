/** Which configuration is in force: what another would change, what becomes of one that is bad, and what the next start goes on by. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LoadedConfig, loadConfig, parseConfig } from '../../config/load.ts';
import { systemClock } from '../../daemon/clock.ts';
import { differenceLines, differencesOf } from '../../daemon/config-file/config-difference.ts';
import { ConfigStanding, lastAccepted } from '../../daemon/config-file/config-standing.ts';
import { type Reloaded, whatChanges } from '../../daemon/config-file/reloading.ts';
import { HallDaemon } from '../../daemon/hall-daemon.ts';

const AT = Date.parse('2026-03-02T08:00:00+08:00');
const HALL = 'hall: { id: suixian, timezone: Asia/Shanghai }\ncalendar: { country: none }\n';
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-standing-'));
  path = join(folder, 'hall.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const parsed = (text: string) => parseConfig(`${HALL}${text}`, 'hall.yaml', { env: {}, lang: 'en' });
const changes = (before: LoadedConfig, after: LoadedConfig) => whatChanges(before, after, before);
const lines = (before: string, after: string): readonly string[] =>
  differenceLines(differencesOf(parsed(before).config, parsed(after).config), 'en');

test('what differs is named entry by entry; secrets, addresses and how to reach people are not shown', () => {
  const person = (phone: string) => `employees: [ { id: e1, name: 徐敏, contacts: { phone: "${phone}" } } ]\n`;
  expect(lines(person('1'), person('2'))).toEqual(['  ~ employees.e1.contacts.phone']);
  expect(lines('', 'rules: { lateGrace: 7m }\n')).toEqual(['  + rules.lateGrace: 7m']);
  expect(lines('rules: { lateGrace: 5m }\n', 'rules: { lateGrace: 7m }\n')).toEqual(['  ~ rules.lateGrace: 5m → 7m']);
  const clock = (password: string, kind: string) => `clocks: [ { id: k1, password: "${password}", kind: ${kind} } ]\n`;
  expect(lines(clock('first-secret', 'door'), clock('other-secret', 'attendance'))).toEqual([
    '  ~ clocks.k1.kind: door → attendance',
    '  ~ clocks.k1.password',
  ]);
  const pulled = (host: string) =>
    `clocks: [ { id: k1, profile: { kind: zkteco-pull, host: ${host}, password: "1" } } ]\n`;
  expect(lines(pulled('192.0.2.1'), pulled('192.0.2.2'))).toEqual(['  ~ clocks.k1.profile.host']);
  const many = (count: number) =>
    `departments: [ ${Array.from({ length: count }, (_, i) => `{ id: d${i} }`).join()} ]\n`;
  expect(lines('', many(50)).at(-1)).toBe('  … and 10 more');
  expect(lines(many(3), many(3))).toEqual([]);
});

test('who may come to the broker of our own changes at once, the rest of it with the next start', () => {
  const users = (names: string, listen = '127.0.0.1:1883') =>
    parsed(`mqtt: { embedded: { listen: "${listen}", users: [ ${names} ] } }\n`);
  const one = '{ username: u, password: "first-secret", publish: ["a"] }';
  expect(changes(users(''), users(one))).toMatchObject({ atOnce: ['mqtt.embedded.users'], nextStart: [] });
  expect(changes(users(''), users('', '127.0.0.1:1884'))).toMatchObject({ atOnce: [], nextStart: ['mqtt'] });
});

test('every other change is said as well: what is taken up at once, and what waits for the next start', () => {
  const person = (email: string) => `employees: [ { id: e1, name: 徐敏, contacts: { email: ${email} } } ]\n`;
  const recorder = (host: string) =>
    `recorders: [ { id: r1, source: "rtsp://${host}/{n}" } ]\ncameras: [ { id: c1, recorder: r1, channel: 1 } ]\n`;
  const of = (before: string, after: string) => {
    const { atOnce, nextStart } = changes(parsed(before), parsed(after));
    return [atOnce, nextStart];
  };
  expect(of(person('a@x.cn'), person('b@x.cn'))).toEqual([['employees.contacts'], []]);
  expect(of(recorder('192.0.2.1'), recorder('192.0.2.2'))).toEqual([['cameras', 'recorders'], []]);
  expect(of('', 'data: ./elsewhere\n')).toEqual([[], ['data']]);
  expect(of('', 'cases: { appealDays: 7 }\n')).toEqual([[], ['cases']]);
});

test('what waits for the next start is said with each reload until then, or until it is taken back', async () => {
  const of = (more: string) =>
    parseConfig(`${HALL}data: ./data\ndiskReserve: 0MB\nhttp: { listen: "127.0.0.1:0" }\n${more}`, path, {
      env: {},
      lang: 'en',
    });
  const [begun, other] = [of(''), of('cases: { appealDays: 7 }\n')];
  const daemon = new HallDaemon({ loaded: begun, clock: systemClock(), log: silent, language: 'en', pages: false });
  await daemon.start();
  try {
    const saidOf = async (next: typeof begun) => (await daemon.reload(next)).nextStart;
    expect(await saidOf(other)).toEqual(['cases']);
    expect(await saidOf(other)).toEqual(['cases']);
    expect(await saidOf(of('cases: { appealDays: 7 }\nevidence: { pictures: false }\n'))).toEqual([
      'evidence',
      'cases',
    ]);
    expect(await saidOf(other)).toEqual(['cases']);
    expect(await saidOf(begun)).toEqual([]);
  } finally {
    await daemon.stop();
  }
});

test('one that is bad changes nothing and says where; the next start goes on by the last that was accepted', async () => {
  const env = {};
  let taken = 0;
  let trouble: Error | null = null;
  const takeUp = async (): Promise<Reloaded> => {
    taken++;
    if (trouble !== null) throw trouble;
    return { judgedFrom: AT, differences: [], atOnce: [], nextStart: [] };
  };
  writeFileSync(path, HALL);
  const loaded = await loadConfig(path, { env, lang: 'en' });
  const around = { takeUp, log: silent, language: 'en', source: { path, env }, refused: null } as const;
  let now = AT;
  const standing = new ConfigStanding({ ...around, loaded, now: () => now });
  await standing.begin();
  expect(standing.reading).toEqual({ acceptedAt: AT, changes: [], refused: null });
  expect(statSync(join(folder, 'data', 'accepted-config.json')).mode & 0o777).toBe(0o600);

  now += 60_000;
  writeFileSync(path, `${HALL}windows: [ { id: W1, a: nobody } ]\n`);
  expect((await standing.reload('en')).refused).toMatch(/hall\.yaml:3:\d+/);
  expect([taken, standing.reading.acceptedAt, standing.reading.refused?.at]).toEqual([0, AT, now]);
  expect(standing.warning(loaded.hall.zone, 'en')).toContain('the one accepted at 2026-03-02 08:00 is in force');

  // The program begins again: by what was accepted, and as of when it was.
  const last = await lastAccepted({ path, env }, 'en');
  expect([last?.acceptedAt, last?.loaded.hash]).toEqual([AT, loaded.hash]);
  expect(await lastAccepted({ path: join(folder, 'other.yaml'), env }, 'en')).toBeNull();

  // Good again, but it cannot be taken up; and then it can.
  writeFileSync(path, `${HALL}rules: { lateGrace: 7m }\n`);
  trouble = new Error('the broker refused');
  expect((await standing.reload('en')).refused).toBe('the broker refused');
  expect((await lastAccepted({ path, env }, 'en'))?.loaded.hash).toBe(loaded.hash);
  trouble = null;
  expect((await standing.reload('en')).lines).toEqual(['Days are judged by it from 2026-03-02T08:00:00+08:00 on.']);
  expect(standing.reading).toMatchObject({ acceptedAt: now, refused: null });
  expect((await lastAccepted({ path, env }, 'en'))?.loaded.hash).not.toBe(loaded.hash);

  // Another folder is another ledger, with the next start: until then all that is kept lies beside this one.
  writeFileSync(path, `${HALL}data: ./elsewhere\n`);
  expect((await standing.reload('en')).refused).toBeNull();
  expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  expect(readFileSync(join(folder, 'data', 'accepted-config.json'), 'utf8')).toContain('./elsewhere');
});
