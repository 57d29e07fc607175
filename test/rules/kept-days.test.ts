/** What is kept from one judging to the next is what would be found out anew, whatever became known in between. */
import { describe, expect, test } from 'vitest';
import { Book } from '../../rules/book.ts';
import { ComponentDay, unverifiedIn } from '../../rules/component-day.ts';
import { type DayPlan, planDay } from '../../rules/day-plan.ts';
import type { Fact } from '../../rules/facts.ts';
import { dayAt, type Employee } from '../../rules/hall.ts';
import { KeptDays } from '../../rules/kept-days.ts';
import { Moment } from '../../rules/moment.ts';
import type { HallDay } from '../../rules/plan.ts';
import { verdictsAt } from '../../rules/replay.ts';
import type { WindowDay } from '../../rules/rule.ts';
import { DAY_LENGTH, type Day, dayOfDate, HOUR, type Ms } from '../../rules/time.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { Drive, firstDayOf, groupsOf } from '../support/engine-drive.ts';
import { at, device, hallWith, instantAt, lasting, MONDAY, punch, seen } from '../support/hand-hall.ts';
import { everyDay } from '../support/noon.ts';
import { expectSame } from '../support/same.ts';
import { type ReadWorld, readWorld } from '../support/world-check.ts';
import { readWorldFacts } from '../support/world-run.ts';

/** Facts by which others are outranked: when they became known is a part of what they say. */
const THE_LATEST_HOLDS: ReadonlySet<string> = new Set(['assign', 'day', 'credential', 'employee']);

/** Some become known at once, some after their day is over. */
function delayed({ facts }: ReadWorld, dice: Dice): Fact[] {
  return facts.map((fact): Fact => {
    if (THE_LATEST_HOLDS.has(fact.fact) || !('at' in fact)) return fact;
    if (dice.chance(0.3)) return { ...fact, recordedAt: Math.max(fact.at, 1) } as Fact;
    return dice.chance(0.1) ? { ...fact, recordedAt: fact.recordedAt + dice.between(0, 2 * DAY_LENGTH) } : fact;
  });
}

const looks = (days: readonly WindowDay[]) =>
  days
    .map(({ window, service, seat, cover }) => ({
      window: window.id,
      service,
      watched: seat.watched,
      seen: seat.stretches,
      held: cover.holdings,
      stretches: cover.stretches,
    }))
    .sort((x, y) => (x.window < y.window ? -1 : 1));

/** The windows of a day as they look to somebody who has kept nothing. */
function lookedAnew({ engine }: Drive, at: Ms, day: number) {
  const hall = engine.hallOn(day);
  if (hall === null) return [];
  const plan = planDay(hall, engine.book, day);
  return looks(
    plan.components.flatMap((component) => new ComponentDay(plan, engine.book, component).look(new Moment(at))),
  );
}

test.each(Array.from({ length: 12 }, (_, i) => 1600 + i))('after every fact (seed %i)', (seed) => {
  const world = readWorld(seed);
  const dice = diceOf(seed);
  const facts = delayed(world, dice);
  const { hall } = world;
  const from = firstDayOf(facts, hall);
  const drive = new Drive({ hall, from });
  const known: Fact[] = [];
  for (const [at, group] of groupsOf(facts)) {
    drive.record(group, at);
    known.push(...group);
    // Far from every instant that means anything there is nothing to be told apart.
    if (!dice.chance(0.5)) continue;
    for (const now of [at, at + 1, Math.min(at + dice.between(0, HOUR), drive.engine.nextAt - 1)]) {
      if (now < drive.engine.now) continue;
      drive.advance(now);
      expectSame(drive.engine.verdicts(), verdictsAt({ facts: known, hall, compile: () => hall, now, from }), `${now}`);
    }
    // Whoever looks ahead, or at another day, leaves the engine to judge as of its own time.
    const ahead = drive.engine.now + dice.between(0, 2 * HOUR);
    const day = dayAt(hall, ahead) - dice.between(0, 1);
    if (day < from || day > dayAt(hall, drive.engine.now)) continue;
    const anew = lookedAnew(drive, ahead, day);
    expectSame(looks(drive.engine.windowsOn(day, ahead)), anew, `looked ahead to ${ahead}`);
  }
  expect(known.length).toBe(facts.length);
});

/** A hall of one A, followed through its facts; what is said and seen at each instant is what is found out anew. */
function follow(
  hall: ReturnType<typeof hallWith>,
  lines: readonly Readonly<Record<string, unknown>>[],
  until: string,
): Drive {
  const facts = readWorldFacts(hall, lines);
  const drive = new Drive({ hall, from: firstDayOf(facts, hall) });
  const known: Fact[] = [];
  for (const [instant, group] of [...groupsOf(facts), [instantAt(until), []] as const]) {
    drive.record(group, instant);
    known.push(...group);
    const now = drive.engine.now;
    expectSame(drive.engine.verdicts(), verdictsAt({ facts: known, hall, compile: () => hall, now }));
    expectSame(looks(drive.engine.windowsAt(now)), lookedAnew(drive, now, dayAt(hall, now)));
  }
  return drive;
}

test('one who goes from a window that closes to one that opens then holds each in its time', () => {
  const hall = hallWith({
    schedules: {
      s: { weekly: everyDay('09:00-12:00', '14:00-17:00') },
      early: { weekly: everyDay('09:00-10:00') },
      late: { weekly: everyDay('10:00-12:00') },
    },
    windows: ['early', 'late'].map((schedule) => ({ id: schedule, name: schedule, schedule, a: 'e1' })),
  });
  const lines = [punch('08:55:00'), seen('09:30:00', 'empty', 'early'), seen('10:30:00', 'empty', 'late')];
  const { engine } = follow(hall, lines, '11:30:00');
  const held = engine.windowsAt(engine.now).flatMap(({ cover }) => cover.holdings);
  const wanted = [
    { holder: 'e1', from: instantAt('09:00:00'), to: instantAt('10:00:00') },
    { holder: 'e1', from: instantAt('10:00:00'), to: instantAt('11:30:00') },
  ];
  expect(held).toMatchObject(wanted);
});

test('what is said of a seat may be said otherwise of the same instant, or taken back, long after', () => {
  const hall = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
  const late = (time: string) => ({ recordedAt: at(time) });
  const empty = seen('09:30:00', 'empty');
  const lines = [
    punch('08:55:00'),
    seen('09:00:00', 'occupied'),
    empty,
    seen('10:00:00', 'unknown', 'W', late('10:30:00')),
    seen('10:00:00', 'occupied', 'W', late('10:45:00')),
    { fact: 'cancel', id: 'taken-back', at: at('11:00:00'), target: empty['id'] },
    lasting('pause', '11:10:00', '11:20:00', { window: 'W', ...late('11:30:00') }),
  ];
  follow(hall, lines, '11:45:00');
});

test('what proves long after that a clock kept recording makes certain what was in doubt, of windows and people who use it', () => {
  const hall = hallWith({
    employees: ['e1', 'e2'].map((id) => ({ id, name: id, schedule: 's' })),
    windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }],
  });
  const lines = [
    device('08:00:00', 'k1', 'offline'),
    device('08:50:00', 'k1', 'online'),
    punch('08:30:00', 'e2', { recordedAt: at('10:00:00') }),
  ];
  const states = ({ engine }: Drive) => engine.verdicts().map(({ rule, state }) => `${rule} ${state}`);
  expect(states(follow(hall, lines.slice(0, 2), '10:00:00'))).toContain('missing-cover pending');
  expect(states(follow(hall, lines, '10:00:00'))).toEqual(['absent open', 'missing-cover open']);
});

test('the stretches in which somebody unverified sat are told in order, however they were found', () => {
  const hall = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
  const lines = [
    seen('09:00:00', 'occupied'),
    seen('09:40:00', 'empty'),
    seen('10:00:00', 'occupied'),
    seen('10:40:00', 'empty'),
  ];
  const verdicts = follow(hall, lines, '11:00:00').engine.verdicts();
  const told = [verdicts, verdicts.toReversed()].map(unverifiedIn);
  expect(told[0]).toEqual([
    { from: instantAt('09:00:00'), to: instantAt('09:40:00') },
    { from: instantAt('10:00:00'), to: instantAt('10:40:00') },
  ]);
  expect(told[1]).toEqual(told[0]);
});

describe('days of which something is kept', () => {
  const hall = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
  const book = new Book();
  const first = dayOfDate(MONDAY) as Day;
  const plans = Array.from({ length: 5 }, (_, i) => planDay(hall, book, first + i));
  const days = plans.map(({ today }) => today);
  const ask = (kept: KeptDays, places: readonly number[]) =>
    places.map((place) => kept.attendances(days[place] as HallDay));

  test('are the four that were asked for last', () => {
    const kept = new KeptDays(book);
    const found = ask(kept, [0, 1, 2, 3]);
    for (const [i, again] of ask(kept, [0, 1, 2, 3]).entries()) expect(again).toBe(found[i]);
    // The first is asked for again: when a fifth comes, it is the second that goes.
    ask(kept, [0, 4]);
    for (const [i, again] of ask(kept, [0, 2, 3]).entries()) expect(again).toBe(found[[0, 2, 3][i] as number]);
    expect(ask(kept, [1])[0]).not.toBe(found[1]);
  });

  test('go on with the same windows and attendances', () => {
    const kept = new KeptDays(book);
    const plan = plans[0] as DayPlan;
    for (const component of plan.components) expect(kept.windows(plan, component)).toBe(kept.windows(plan, component));
    const attendances = kept.attendances(plan.today);
    const person = hall.employees.get('e1') as Employee;
    const moment = new Moment(instantAt('09:10:00'));
    expect(attendances.of(person, moment)).toBe(attendances.of(person, moment));
  });
});
