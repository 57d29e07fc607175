/** The one door in: what comes together is judged and kept together, and only what is kept is acknowledged. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as tick } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { behindText, jumpText, trustedClock } from '../../daemon/clock.ts';
import type { Outcome } from '../../daemon/live/offer.ts';
import { DAY_LENGTH, HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { CoreHall, factOf } from '../support/core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL } from '../support/small-hall.ts';
import { until } from '../support/until.ts';

const FROM = { by: null, via: 'test', claimedAt: null };
const hallAt = (time: string): CoreHall => new CoreHall({ yaml: SMALL_HALL, startsAt: on(time) });
const punches = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => punchOf(`p${from + i}`, `e${1 + (i % 3)}`, '08:50:00', { seq: from + i }));

/** When facts became known, in the order in which they were kept. */
function recordedAts(hall: CoreHall, ids: string): number[] {
  const rows = hall.core.ledger.database.prepare('select recorded_at from fact where id glob ? order by seq').all(ids);
  return rows.map((row) => Number(row['recorded_at']));
}

describe('what comes in together', () => {
  test('is one transaction, up to five hundred', async () => {
    using hall = hallAt('08:51:00');
    const before = hall.committed.length;
    expect(new Set(await hall.record(...punches(500)))).toEqual(new Set(['new']));
    expect(hall.committed.length - before).toBe(1);
    expect(new Set(recordedAts(hall, 'p*')).size).toBe(1);

    await hall.record(...punches(1200, 500));
    const ats = recordedAts(hall, 'p*').slice(500);
    const sizes = [...Map.groupBy(ats, (at) => at).values()].map((group) => group.length);
    expect(sizes).toEqual([500, 500, 200]);
  });

  test('is several, each smaller, where a deadline comes soon: its verdict waits for none of them for long', async () => {
    using hall = hallAt('09:04:59.990');
    // Not e3, who is about to be late.
    const lines = Array.from({ length: 500 }, (_, i) => punchOf(`p${i}`, `e${1 + (i % 2)}`, '08:50:00', { seq: i }));
    expect(new Set(await hall.record(...lines))).toEqual(new Set(['new']));
    const ats = recordedAts(hall, 'p*');
    const sizes = [...Map.groupBy(ats, (at) => at).values()].map((group) => group.length);
    expect(sizes).toEqual([125, 94, 71, 53, 40, 40, 40, 37]);
  });

  test('is acknowledged only once others can see it', async () => {
    using hall = hallAt('08:51:00');
    using outside = new DatabaseSync(join(hall.folder, 'data', 'ledger.db'), { readOnly: true });
    const seen = outside.prepare("select count(*) as count from fact where kind = 'punch'");
    const counts: unknown[] = [];
    for (const line of punches(10)) {
      const kept = () => void counts.push(seen.get()?.['count']);
      hall.core.live.offer({ what: { fact: factOf(line), from: FROM }, kept });
    }
    expect(counts).toEqual([]);
    await until(() => counts.length === 10, { what: 'ten acknowledgements' });
    expect(new Set(counts)).toEqual(new Set([10]));
  });

  test('is new, known, at odds with what is known, or not understood', async () => {
    using hall = hallAt('08:51:00');
    const outcomes: Outcome[] = [];
    const offer = (line: object) => {
      const fact = factOf({ ...punchOf('p1', 'e1', '08:50:00'), ...line });
      hall.core.live.offer({ what: { fact, from: FROM }, kept: (outcome) => void outcomes.push(outcome) });
    };
    offer({});
    offer({});
    offer({ employee: 'e2' });
    const reject = { door: 'mqtt', topic: 't', because: 'not JSON', payload: Buffer.from('{') };
    hall.core.live.offer({ what: { reject }, kept: (outcome) => void outcomes.push(outcome) });
    offer({ id: 'p2' });
    await until(() => outcomes.length === 5, { what: 'five answers' });
    expect(outcomes).toEqual(['new', 'known', 'conflict', 'rejected', 'new']);
    expect(hall.core.rejects.count()).toEqual({ kinds: 1, times: 1 });
  });
});

test('every commit has an instant of its own, even while the clock stands still or is set back a little', async () => {
  using hall = hallAt('08:51:00');
  for (let i = 0; i < 5; i++) await hall.record(punchOf(`p${i}`, 'e1', '08:50:00', { seq: i }));
  hall.setWall(-30 * SECOND);
  for (let i = 5; i < 10; i++) await hall.record(punchOf(`p${i}`, 'e1', '08:50:00', { seq: i }));
  const ats = recordedAts(hall, 'p*');
  expect(ats.length).toBe(10);
  for (const [i, at] of ats.entries()) expect(at).toBeGreaterThan(ats[i - 1] ?? 0);
});

test('deadlines speak at their own instants, however late the daemon wakes', () => {
  using punctual = hallAt('08:00:00');
  punctual.pass(on('13:00:00'));
  using late = hallAt('08:00:00');
  late.sleep(5 * HOUR);
  late.core.live.wake();
  expect(late.history()).toEqual(punctual.history());
  expect(late.history().slice(0, 4)).toEqual([
    '09:05:00.001 open late e1 open',
    '09:05:00.001 open late e2 open',
    '09:05:00.001 open late e3 open',
    '09:10:00 open missing-cover W1 open',
  ]);
});

describe('a commit that fails', () => {
  function fillDisk({ core: { ledger } }: CoreHall): void {
    const { page_count } = ledger.database.prepare('pragma page_count').get() as { page_count: number };
    ledger.database.exec(`pragma max_page_count = ${page_count}`);
  }

  const TOO_MUCH = Array.from({ length: 200 }, (_, i) => ({
    ...leaveOf(`l${i}`, 'e1', '09:00:00', '12:00:00'),
    kind: '假'.repeat(900),
  }));

  test('for want of room keeps, says and acknowledges nothing; the same bytes are tried again and succeed', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('09:06:00'));
    const { live, ledger } = hall.core;
    const said = hall.history();
    const commits = hall.committed.length;
    fillDisk(hall);

    const outcomes: Outcome[] = [];
    const done = hall.record(...TOO_MUCH).then((all) => void outcomes.push(...all));
    await until(() => live.stuck !== null, { what: 'the ledger to be full' });
    expect(live.stuck).toMatch(/full/);
    expect(live.engine).toBeNull();
    expect(live.queued).toBe(200);
    expect(outcomes).toEqual([]);
    expect(hall.core.facts.find('l0')).toBeNull();
    expect(hall.history()).toEqual(said);
    expect(hall.committed.length).toBe(commits);
    expect(hall.log).toContain('error taking in was suspended');

    ledger.database.exec('pragma max_page_count = 1073741823');
    await done;
    expect(new Set(outcomes)).toEqual(new Set(['new']));
    expect(live.stuck).toBeNull();
    expect(hall.log).toContain('info taking in was resumed');
    expect(hall.core.facts.find('l199')).not.toBeNull();
    expect(hall.verdicts()).not.toContainEqual(expect.objectContaining({ employee: 'e1' }));
    expect(hall.history().slice(0, said.length)).toEqual(said);
  });

  test('and keeps the daemon from hearing: that it heard before is not believed afterwards', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('09:06:00'));
    const { live, ledger } = hall.core;
    fillDisk(hall);
    const done = hall.record(...TOO_MUCH);
    await until(() => live.stuck !== null, { what: 'the ledger to be full' });
    // It waits behind what could not be kept, and would be kept only when nobody has listened for an hour.
    const heard = hall.core.daemonFact('online', hall.clock.now());
    const from = { by: null, via: 'daemon', claimedAt: null };
    live.offer({ what: { fact: heard, from }, kept: () => {} });
    hall.sleep(HOUR);
    ledger.database.exec('pragma max_page_count = 1073741823');
    await done;
    expect(hall.core.facts.find(heard.id)).toBeNull();
    expect(hall.core.engine.book.deviceFacts('daemon').at(-1)).toMatchObject({ state: 'offline' });
  });

  test('for a reason that does not pass is a fault, and the engine has not heard of it either', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('09:06:00'));
    const { database } = hall.core.ledger;
    const leave = factOf(leaveOf('l1', 'e1', '09:00:00', '12:00:00'));
    database.exec("create trigger no_history before insert on change begin select raise(abort, 'no'); end");
    expect(() => hall.core.live.recordAt([leave], FROM, hall.clock.now())).toThrow(
      expect.objectContaining({ retry: false }),
    );
    database.exec('drop trigger no_history');
    expect(hall.core.facts.find('l1')).toBeNull();
    // The next commit builds the engine anew from what was kept.
    await hall.record(punchOf('p2', 'e2', '08:59:00'));
    expect(hall.verdicts()).toMatchObject([
      { rule: 'late', employee: 'e1' },
      { rule: 'late', employee: 'e3' },
    ]);
    expect(await hall.record(leaveOf('l1', 'e1', '09:00:00', '12:00:00'))).toEqual(['new']);
    expect(hall.verdicts()).toMatchObject([{ rule: 'late', employee: 'e3' }]);
  });
});

describe('a clock that steps', () => {
  test('accuses nobody and dates nothing, and heals when it is set right', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('08:30:00'));
    hall.setWall(24 * HOUR);
    hall.core.live.wake();
    expect(hall.clock.jump).toMatchObject({ byMs: 24 * HOUR });
    expect(hall.log).toContain('warn judging was suspended because the clock stepped');
    const { jump } = hall.clock;
    expect(jump && jumpText(jump, 'zh')).toBe(
      '系统时钟被拨快 1440 分钟，暂停判定；请核对服务器的时间，无误后由管理员运行 zaigang trust-clock',
    );
    expect(jumpText({ noticedAt: 0, byMs: -2 * MINUTE }, 'en')).toContain('was set back by 2 min');
    // A whole morning goes by: nobody is late yet.
    hall.sleep(2 * HOUR);
    hall.core.live.wake();
    expect(hall.history()).toEqual([]);
    // Facts are kept meanwhile, in their order, and not as of tomorrow.
    await hall.record(punchOf('p1', 'e1', '08:58:00'));
    await hall.record(punchOf('p2', 'e2', '08:59:00'));
    const ats = recordedAts(hall, 'p*');
    expect(ats[1]).toBeGreaterThan(ats[0] ?? 0);
    expect(hall.text(ats[1] ?? 0) < on('09:00:00')).toBe(true);
    expect(hall.history()).toEqual([]);

    hall.setWall(-24 * HOUR);
    hall.core.live.wake();
    expect(hall.clock.jump).toBeNull();
    expect(hall.now).toBe(on('10:30:00'));
    expect(hall.history()).toEqual([
      '09:05:00.001 open late e3 open',
      '09:30:00.001 open absent e3 open',
      '09:30:00.001 retract late e3',
    ]);
  });

  test('that somebody says is right is trusted from then on, and what came due meanwhile is doubtful', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('08:30:00'));
    hall.setWall(2 * HOUR);
    hall.core.live.wake();
    expect(hall.history()).toEqual([]);
    expect(hall.core.live.trustClock()).toMatchObject({ byMs: 2 * HOUR });
    expect(hall.core.live.trustClock()).toBeNull();
    expect(hall.clock.jump).toBeNull();
    expect(hall.now).toBe(on('10:30:00'));
    expect(hall.log).toContain('warn clock was set');
    // Nobody was listening at nine o'clock: there was none.
    expect(hall.history()).toContain('09:05:00.001 open late e1 pending');
    expect(hall.history().filter((line) => /(open|close)$/.test(line))).toEqual([]);
    hall.online();
    await hall.record(punchOf('p1', 'e1', '08:59:00'));
    hall.pass(on('10:36:00'));
    expect(hall.verdicts()).toMatchObject([
      { rule: 'absent', employee: 'e2', state: 'open' },
      { rule: 'absent', employee: 'e3', state: 'open' },
    ]);
  });

  test('because the machine was suspended is followed, and what came due meanwhile is doubtful', () => {
    let [wall, elapsed, asleep] = [0, 0, 0];
    const clock = trustedClock(
      () => wall,
      () => elapsed,
      () => asleep,
    );
    wall += 3 * HOUR;
    asleep += 3 * HOUR;
    expect(clock.now()).toBe(3 * HOUR);
    expect(clock.jump).toBeNull();
    // What it slept explains one step, and no other.
    wall += 3 * HOUR;
    expect(clock.now()).toBe(3 * HOUR);
    expect(clock.jump).toMatchObject({ byMs: 3 * HOUR });
    asleep += HOUR;
    expect(clock.now()).toBe(3 * HOUR);
    wall -= 2 * HOUR;
    elapsed += SECOND;
    wall += SECOND;
    expect(clock.now()).toBe(4 * HOUR + SECOND);
    expect(clock.jump).toBeNull();
  });

  test('from before the ledger’s last commit to after it needs nobody’s word, and accuses nobody', async () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('08:30:00'));
    await hall.record(punchOf('p1', 'e1', '08:29:00'));
    // A power cut, and a battery that is empty: the machine believes that it is years ago.
    const years = 5 * 365 * DAY_LENGTH;
    hall.setWall(-years);
    hall.restart();
    const { live } = hall.core;
    expect(live.time.aheadOfUs).not.toBeNull();
    expect(behindText(live.time.aheadOfUs ?? 0, hall.loaded.hall.zone, 'en')).toContain('2026-03-02T08:30:00');
    // What a clock stamps now is true all the same.
    expect(live.time.now).toBe(live.time.aheadOfUs);
    expect(live.time.behindByMs).toBeGreaterThan(365 * DAY_LENGTH);
    await hall.record(punchOf('p2', 'e2', '08:58:00'));
    hall.sleep(40 * MINUTE);
    live.wake();
    expect(hall.history()).toEqual([]);

    hall.setWall(years);
    live.wake();
    expect(hall.log).toContain('warn clock that was behind the ledger was set, and is trusted');
    expect([hall.clock.jump, live.time.aheadOfUs, live.time.behindByMs]).toEqual([null, null, 0]);
    expect(hall.now).toBe(on('09:10:00'));
    expect(hall.history()).toEqual(['09:05:00.001 open late e3 pending']);
    hall.online();
    hall.pass(on('09:15:00'));
    expect(hall.verdicts()).toMatchObject([{ rule: 'late', employee: 'e3', state: 'open' }]);
  });

  test('to an instant that is still before it is not', () => {
    using hall = hallAt('08:00:00');
    hall.pass(on('08:30:00'));
    hall.setWall(-30 * DAY_LENGTH);
    hall.restart();
    hall.setWall(10 * DAY_LENGTH);
    hall.core.live.wake();
    expect(hall.clock.jump).toMatchObject({ byMs: 10 * DAY_LENGTH });
    expect(hall.core.live.time.behindByMs).toBeGreaterThan(10 * DAY_LENGTH);
  });

  test('by a minute or less is followed', () => {
    using hall = hallAt('08:00:00');
    hall.setWall(MINUTE);
    expect(hall.now).toBe(on('08:01:00'));
    hall.setWall(-MINUTE);
    expect(hall.now).toBe(on('08:00:00'));
    hall.setWall(MINUTE + 1);
    expect(hall.now).toBe(on('08:00:00'));
    expect(hall.clock.jump).toEqual({ noticedAt: expect.any(Number), byMs: MINUTE + 1 });
  });
});

describe('the end of a life', () => {
  test('is an ordinary one where the clock was set right just before it', () => {
    using hall = hallAt('08:30:00');
    hall.setWall(-DAY_LENGTH);
    hall.restart();
    hall.setWall(DAY_LENGTH + 40 * MINUTE);
    hall.restart();
    expect([hall.now, hall.core.live.time.aheadOfUs]).toEqual([on('09:10:00'), null]);
    hall.pass(on('09:11:00'));
    expect(hall.history()).toContain('09:05:00.001 open late e1 pending');
  });

  test('takes in what is queued, and nothing after', async () => {
    using hall = hallAt('08:00:00');
    const outcomes: Outcome[] = [];
    const offer = (id: string): void => {
      const fact = factOf(punchOf(id, 'e1', '07:59:00', { seq: outcomes.length }));
      hall.core.live.offer({ what: { fact, from: FROM }, kept: (outcome) => void outcomes.push(outcome) });
    };
    offer('before');
    hall.core.live.stop();
    expect(outcomes).toEqual(['new']);
    offer('after');
    await tick();
    await tick();
    expect(outcomes).toEqual(['new']);
    expect(hall.core.facts.find('after')).toBeNull();
  });

  test('leaves the time until the next one in doubt, until everything that was kept is in', async () => {
    using hall = hallAt('08:00:00');
    await hall.record(punchOf('p1', 'e1', '07:59:00'));
    hall.pass(on('08:30:00'));
    hall.restart(2 * HOUR);
    hall.core.live.wake();
    expect(hall.verdicts()).toMatchObject([
      { rule: 'absent', employee: 'e2', state: 'pending', because: 'uncovered' },
      { rule: 'absent', employee: 'e3', state: 'pending', because: 'uncovered' },
    ]);
    await hall.record(punchOf('p2', 'e2', '08:58:00'));
    hall.online();
    hall.pass(on('10:34:59'));
    expect(hall.verdicts()).toMatchObject([{ rule: 'absent', employee: 'e3', state: 'pending' }]);
    hall.pass(on('10:35:00'));
    expect(hall.verdicts()).toMatchObject([{ rule: 'absent', employee: 'e3', state: 'open' }]);
  });
});
