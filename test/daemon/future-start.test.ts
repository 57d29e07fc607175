/** A start at a time that nobody can believe: long after the ledger's last sign of life. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { futureText } from '../../daemon/clock.ts';
import { hallChecks } from '../../daemon/hall-metrics.ts';
import { DAY_LENGTH, HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { CoreHall } from '../support/core-hall.ts';
import { zaigang } from '../support/daemon.ts';
import { on, punchOf, SMALL_HALL } from '../support/small-hall.ts';

const YEARS = 5 * 365 * DAY_LENGTH;

/** A hall that went off at half past eight, and whose machine comes back with another date. */
function backAfter(awayMs: number): CoreHall {
  const hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  hall.pass(on('08:30:00'));
  hall.core.live.wake();
  hall.restart(awayMs);
  return hall;
}

const newest = (hall: CoreHall): string =>
  hall.text(Number(hall.core.ledger.database.prepare('select max(recorded_at) as at from fact').get()?.['at']));

describe('a start years after the last sign of life', () => {
  test('judges nothing and dates nothing in the future, and keeps what comes', async () => {
    using hall = backAfter(YEARS);
    const { live } = hall.core;
    expect(hall.log).toContain('warn clock was doubted: no hall is off for so long');
    live.wake();
    hall.sleep(3 * HOUR);
    live.wake();
    await hall.record(punchOf('p1', 'e1', '08:58:00'));
    expect(newest(hall).slice(0, 16)).toBe('2026-03-02T08:30');
    expect(hall.history()).toEqual([]);
    // The time stands still where it was last known; what clocks stamp by a right one is believed.
    expect(hall.now).toBe('2026-03-02T08:30:00.001+08:00');
    expect(live.time.isUnknown).toBe(true);
    expect(live.time.behindByMs).toBeGreaterThan(YEARS);
    const { futureStart } = live.time;
    expect(futureStart && futureText(futureStart, hall.loaded.hall.zone, 'zh')).toBe(
      '启动时服务器的时间（2031-03-01T11:30:00+08:00）比账本里最后的记录（2026-03-02T08:30:00.001+08:00）晚 1825 天，可能拨错了：打卡照收，暂停判定和通知；时间错了请校准，没错请由管理员运行 zaigang trust-clock',
    );
    expect(futureStart && futureText(futureStart, hall.loaded.hall.zone, 'en')).toContain('run zaigang trust-clock');
  });

  test('is not ready, and says why', () => {
    using hall = backAfter(YEARS);
    const standing = { warning: () => null };
    const state = { deaf: [], clock: hall.clock, shipping: null, cameras: [], witnesses: [], standing };
    const clockSaid = () => hallChecks(hall.core, state).find(({ name }) => name === 'clock');
    expect(clockSaid()).toMatchObject({ ok: false, detail: expect.stringContaining('1825 days later') });
    hall.core.live.trustClock();
    expect(clockSaid()).toMatchObject({ ok: true, detail: 'steady' });
  });

  test('is doubted again at the next start', async () => {
    using hall = backAfter(YEARS);
    await hall.record(punchOf('p1', 'e1', '08:58:00'));
    hall.restart(10 * MINUTE);
    hall.core.live.wake();
    expect(hall.core.live.time.futureStart).not.toBeNull();
    expect(hall.history()).toEqual([]);
  });

  test('goes on by itself once the clock is set to what may be, and accuses nobody of the time between', async () => {
    using hall = backAfter(YEARS);
    hall.online();
    hall.sleep(30 * MINUTE);
    await hall.record(punchOf('p1', 'e1', '08:58:00'));
    // Half an hour and ten minutes after it went off.
    hall.setWall(-YEARS + 10 * MINUTE);
    hall.core.live.wake();
    expect(hall.log).toContain('warn clock that was far ahead of the ledger was set, and is trusted');
    expect([hall.clock.jump, hall.core.live.time.futureStart, hall.core.live.time.isUnknown]).toEqual([
      null,
      null,
      false,
    ]);
    expect(hall.now).toBe(on('09:10:00'));
    expect(hall.history()).toEqual(['09:05:00.001 open late e2 pending', '09:05:00.001 open late e3 pending']);
    await hall.record(punchOf('p2', 'e2', '08:59:00'));
    hall.online();
    hall.pass(on('09:16:00'));
    expect(hall.verdicts()).toMatchObject([{ rule: 'late', employee: 'e3', state: 'open' }]);
  });

  test('goes on where it is set right just before the end', () => {
    using hall = backAfter(YEARS);
    hall.setWall(-YEARS + 10 * MINUTE);
    hall.restart();
    expect([hall.now, hall.clock.jump]).toEqual([on('08:40:00'), null]);
    hall.pass(on('09:06:00'));
    expect(hall.verdicts()).toMatchObject(['e1', 'e2', 'e3'].map((employee) => ({ employee, state: 'pending' })));
  });

  test('lets nobody decide or say anything that could not be dated', async () => {
    using hall = backAfter(YEARS);
    const wish = { deed: 'confirm', by: 'x', employee: null, via: 'web', reason: null, revision: null } as const;
    expect(await hall.core.desk.do('C-1', wish)).toBe('unavailable');
    expect(await hall.core.windowDesk.say('W1', 'here', null, 'x')).toBe('unavailable');
    hall.core.live.trustClock();
    expect(await hall.core.desk.do('C-1', wish)).toBe('unknown');
    expect(await hall.core.windowDesk.say('W1', 'here', null, 'x')).toBeNull();
  });

  test('is not trusted where it is set to another time that cannot be', () => {
    using hall = backAfter(YEARS);
    hall.setWall(-365 * DAY_LENGTH);
    hall.core.live.wake();
    expect(hall.core.live.time.futureStart).not.toBeNull();
    // Before the ledger's end.
    hall.setWall(-YEARS);
    hall.core.live.wake();
    expect(hall.core.live.time.futureStart).not.toBeNull();
    hall.setWall(365 * DAY_LENGTH + SECOND);
    hall.core.live.wake();
    expect(hall.core.live.time.futureStart).toBeNull();
  });

  test('is right where somebody says so: the hall was closed for long', async () => {
    using hall = backAfter(60 * DAY_LENGTH);
    expect(hall.core.live.trustClock()).not.toBeNull();
    expect(hall.now).toBe('2026-05-01T08:30:00+08:00');
    expect(hall.core.live.time.futureStart).toBeNull();
    expect(newest(hall) < '2026-03-02T08:31').toBe(true);
    await hall.record(punchOf('p1', 'e1', '08:58:00'));
    expect(newest(hall)).toBe('2026-05-01T08:30:00.001+08:00');
    // Nobody is named for what was missed meanwhile, and the next start is an ordinary one.
    expect(hall.history().filter((line) => /(open|close)$/.test(line))).toEqual([]);
    hall.restart(HOUR);
    expect(hall.core.live.time.futureStart).toBeNull();
  });
});

describe('a start', () => {
  test('after a long holiday is an ordinary one, as is the first', () => {
    using hall = backAfter(20 * DAY_LENGTH);
    expect([hall.clock.jump, hall.core.live.time.futureStart]).toEqual([null, null]);
    expect(hall.now).toBe('2026-03-22T08:30:00+08:00');
  });

  test('is doubted after as long as the configuration says', () => {
    const yaml = `${SMALL_HALL}\nintake: { longestOff: 2d }`;
    using hall = new CoreHall({ yaml, startsAt: on('08:00:00') });
    hall.restart(2 * DAY_LENGTH);
    expect(hall.core.live.time.futureStart).toBeNull();
    hall.core.live.wake();
    hall.restart(2 * DAY_LENGTH + MINUTE);
    expect(hall.core.live.time.futureStart).not.toBeNull();
  });
});

test('a command says so, takes nothing in, and does once somebody has vouched for the clock', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  const file = join(hall.folder, 'later.yaml');
  cpSync(hall.loaded.config.data, join(hall.folder, 'later'), { recursive: true });
  writeFileSync(file, `${SMALL_HALL}\nmqtt: { url: "mqtt://127.0.0.1:1" }\ndata: ./later\n`);
  const command = (...args: string[]) =>
    zaigang([...args, '--config', file, '--lang', 'en'], JSON.stringify(punchOf('p1', 'e1', '09:20:00')), hall.folder);
  const doubted = expect.stringContaining("later than the ledger's last record");
  expect(await command('export', 'facts')).toMatchObject({ code: 0, err: doubted });
  const refused = await command('import', 'facts', '-');
  expect(refused).toMatchObject({ code: 69, err: doubted });
  expect(refused.err).toContain('Nothing was imported.');
  expect(await command('trust-clock')).toMatchObject({ code: 0, out: expect.stringContaining('It was noted') });
  expect(await command('import', 'facts', '-')).toMatchObject({ code: 0, err: '1 added, 0 known already.\n' });
  const { out, err } = await command('export', 'verdicts');
  expect([err, out]).toEqual(['', expect.stringContaining('"rule":"late"')]);
}, 60_000);
