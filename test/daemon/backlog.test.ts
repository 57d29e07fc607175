/** A backlog is one piece of news: durable as it comes, judged at its end, and not lost on the way there. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../daemon/clock.ts';
import { HallCore } from '../../daemon/hall-core.ts';
import { exportLines } from '../../daemon/lines/ledger-lines.ts';
import { CoreHall } from '../support/core-hall.ts';

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];
const YAML = stringify({
  hall: { id: 'h', name: 'h', timezone: 'Asia/Shanghai', dayStart: '04:00' },
  calendar: { country: 'none' },
  schedules: { s: { weekly: Object.fromEntries(WEEKDAYS.map((day) => [day, ['09:00-12:00']])) } },
  departments: [{ id: 'd', name: 'd' }],
  employees: ['e1', 'e2'].map((id) => ({ id, name: id, department: 'd', schedule: 's', credentials: [id] })),
  windows: [{ id: 'w', name: 'w', department: 'd', schedule: 's', a: 'e1', b: ['e2'] }],
  mqtt: { url: 'mqtt://127.0.0.1:1' },
});

/** Wednesday before the doors open. */
const STARTS_AT = '2026-03-04T07:00:00+08:00';
/** Monday and Tuesday of both, e2 late on Tuesday. */
const KEPT = [
  ['e1', '2026-03-02T08:50:00+08:00'],
  ['e2', '2026-03-02T08:55:00+08:00'],
  ['e1', '2026-03-02T12:05:00+08:00'],
  ['e2', '2026-03-02T12:06:00+08:00'],
  ['e1', '2026-03-03T08:51:00+08:00'],
  ['e2', '2026-03-03T09:20:00+08:00'],
  ['e1', '2026-03-03T12:01:00+08:00'],
  ['e2', '2026-03-03T12:02:00+08:00'],
].map(([employee, at], i) => ({ fact: 'punch', id: `p${i}`, at, employee, device: 'c' }));

function hallWithBacklog(): CoreHall {
  const hall = new CoreHall({ yaml: YAML, startsAt: STARTS_AT });
  hall.core.live.beginBacklog();
  return hall;
}

/** Facts that come one after the other, a commit each. */
async function deliver(hall: CoreHall, facts: typeof KEPT): Promise<void> {
  for (const fact of facts) expect(await hall.record(fact)).toEqual(['new']);
}

const factsIn = (core: HallCore): number => core.facts.after(0, 100).length;
const saidOf = (core: HallCore): string[] =>
  [...core.history.changes()].map(({ op, verdict }) => `${op} ${verdict.rule} ${verdict.employee}`);
const LATE = ['open late e2'];

test('it is durable as it comes, and judged once at its end', async () => {
  using hall = hallWithBacklog();
  await deliver(hall, KEPT);
  expect(factsIn(hall.core)).toBe(KEPT.length + 1);
  expect(saidOf(hall.core)).toEqual([]);
  expect(hall.core.engine.from).not.toBeNull();

  hall.core.live.endBacklog();
  expect(saidOf(hall.core)).toEqual(LATE);
  const instants = new Set(hall.core.facts.after(1, 100).map(({ fact }) => fact.recordedAt));
  expect(instants.size).toBe(1);
});

test('what comes after it is judged as it comes', async () => {
  using hall = hallWithBacklog();
  hall.core.live.endBacklog();
  await deliver(hall, KEPT.slice(0, 1));
  // The first punch makes Monday and Tuesday days on which both were awaited.
  expect(saidOf(hall.core).length).toBeGreaterThan(0);
});

test('a process that dies in the middle of it judges it when it comes back, as of the same instant', async () => {
  using hall = hallWithBacklog();
  await deliver(hall, KEPT);
  const data = join(hall.folder, 'after-the-crash');
  cpSync(hall.loaded.config.data, data, { recursive: true });
  hall.core.live.endBacklog();

  const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
  const loaded = { ...hall.loaded, config: { ...hall.loaded.config, data } };
  const back = new HallCore({ loaded, clock: systemClock(), log: silent, language: 'en', audiences: [] });
  expect(saidOf(back)).toEqual([]);
  back.live.settle();
  expect([...back.history.changes()]).toEqual([...hall.core.history.changes()]);
  expect(saidOf(back)).toEqual(LATE);
  back.ledger.close();
  rmSync(data, { recursive: true });
});

test('whoever reads verdicts meanwhile has what is there judged first', async () => {
  using hall = hallWithBacklog();
  await deliver(hall, KEPT.slice(0, 6));
  const verdicts = [...exportLines(hall.core, 'verdicts', null)].map((line) => JSON.parse(line).rule);
  // On Tuesday nobody has been seen to go yet.
  expect(verdicts).toEqual(['late', 'missing-punch', 'missing-punch']);
  // And it goes on being a backlog.
  await deliver(hall, KEPT.slice(6));
  expect(saidOf(hall.core)).toHaveLength(3);
  hall.core.live.endBacklog();
  expect(saidOf(hall.core).slice(3)).toEqual(['retract missing-punch e1', 'retract missing-punch e2']);
});

test('one that does not end is judged after ten seconds', async () => {
  using hall = hallWithBacklog();
  await deliver(hall, KEPT);
  hall.pass('2026-03-04T07:00:09+08:00');
  expect(saidOf(hall.core)).toEqual([]);
  hall.pass('2026-03-04T07:00:11+08:00');
  expect(saidOf(hall.core)).toEqual(LATE);
});

test('a cancelled punch of it counts for nothing', async () => {
  using hall = hallWithBacklog();
  await deliver(hall, KEPT);
  await hall.record({ fact: 'cancel', id: 'q', at: STARTS_AT, target: 'p5' });
  hall.core.live.endBacklog();
  // Of Tuesday only her going is left, which is no lateness: she forgot to punch in.
  expect(saidOf(hall.core)).toEqual(['open missing-punch e2']);
});

/** Touches of Monday that nobody is known by, a second apart. */
const strangers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    fact: 'punch',
    id: `s${i}`,
    at: new Date(Date.parse('2026-03-02T08:00:00+08:00') + i * 1000).toISOString().replace('.000Z', '+00:00'),
    credential: `${i % 100}`,
    device: 'c',
  }));

test('a large one is kept as it comes as well, and its points follow', async () => {
  using hall = hallWithBacklog();
  const facts = [...strangers(9000), ...KEPT];
  // More than two transactions' worth at a time: what is offered in one turn is written while more is offered.
  const outcomes: string[] = [];
  for (let i = 0; i < facts.length; i += 3000) {
    outcomes.push(...(await Promise.all(facts.slice(i, i + 3000).map((fact) => hall.record(fact)))).flat());
  }
  expect(new Set(outcomes)).toEqual(new Set(['new']));
  expect(await hall.record(facts[8500] as (typeof facts)[number])).toEqual(['known']);
  hall.core.live.endBacklog();
  expect(saidOf(hall.core)).toEqual(LATE);
  expect(hall.core.facts.after(1, 20_000)).toHaveLength(facts.length);

  const punchesWithPoints = (): number =>
    hall.core.series.read(0, 20_000).filter(({ point }) => point.measurement === 'punch').length;
  // Those that a verdict rests on have theirs with it.
  expect(punchesWithPoints()).toBeLessThan(10);
  hall.restart();
  while (hall.core.live.nextAt === Number.NEGATIVE_INFINITY) hall.core.live.wake();
  expect(punchesWithPoints()).toBe(facts.length);
});
