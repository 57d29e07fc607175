/** Explanations against the verdicts of random worlds: whatever is said, its explanation leads to it. */
import { expect, test } from 'vitest';
import { explanationJson, explanationText } from '../../daemon/explain/document.ts';
import { Book } from '../../rules/book.ts';
import { Configs } from '../../rules/configs.ts';
import { explain, verdictsOfSubject } from '../../rules/explain.ts';
import type { Explanation } from '../../rules/explanation.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { ReopenedDay } from '../../rules/reopened-day.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { resolveThresholds } from '../../rules/thresholds.ts';
import { DAY_LENGTH, type Day, MINUTE, type Ms, parseInstant } from '../../rules/time.ts';
import { type Verdict, verdictId } from '../../rules/verdict.ts';
import { type ReadWorld, readWorld } from '../support/world-check.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => 7000 + i);
const PEN = /undefined|null|NaN|Infinity|\(\s*\)|（\s*）|\[object|：。|：；|, \.|:\s*\.$/m;

function reopen({ hall, facts }: ReadWorld, day: Day, now: Ms): ReopenedDay {
  const isInstant = (fact: Fact) => fact.fact === 'punch' || fact.fact === 'presence';
  const lies = (fact: Fact, { from, to }: Span) => 'at' in fact && from <= Number(fact.at) && Number(fact.at) < to;
  const records = {
    find: (id: string) => facts.find((fact) => fact.id === id) ?? null,
    between: (span: Span) => facts.filter((fact) => isInstant(fact) && lies(fact, span)),
    stretches: () => facts.filter((fact) => !isInstant(fact)),
  };
  const reopened = ReopenedDay.open(day, { records, compile: () => hall, hall, now });
  if (reopened === null) throw new Error('nothing to judge by');
  return reopened;
}

/** A verdict of a world with its explanation, at an instant. */
interface Case {
  readonly where: string;
  readonly read: ReadWorld;
  readonly now: Ms;
  readonly verdict: Verdict;
  readonly explanation: Explanation;
  /** The verdict of that id, as found among those of its subject in the day that was opened again. */
  readonly again: Verdict | undefined;
}

function* casesOf(seed: number): Iterable<Case> {
  const read = readWorld(seed);
  const { hall, facts, world } = read;
  for (const at of world.instants) {
    const now = parseInstant(at) ?? Number.NaN;
    const days = new Map<Day, ReopenedDay>();
    for (const verdict of verdictsAt({ facts, compile: () => hall, hall, now })) {
      const reopened = days.get(verdict.day) ?? reopen(read, verdict.day, now);
      days.set(verdict.day, reopened);
      const explanation = explain(reopened, verdict);
      const [, subject = ''] = explanation.id.split('/');
      const again = verdictsOfSubject(reopened, subject).find((one) => verdictId(hall.zone, one) === explanation.id);
      yield { where: `seed ${seed} at ${at}: ${explanation.id}`, read, now, verdict, explanation, again };
    }
  }
}

/** The state and minutes that the figures of an explanation lead to, worked out anew. */
function concluded({ arithmetic, subject, doubts }: Explanation): { readonly state: string; readonly minutes: number } {
  const lasts =
    (arithmetic.of === 'delay' && arithmetic.ended === 'lasts') ||
    (arithmetic.of === 'run' && subject.of === 'window' && subject.run.lasts);
  const state = doubts.length > 0 ? 'pending' : lasts ? 'open' : 'closed';
  const up = (length: Ms): number => Math.ceil(length / MINUTE);
  switch (arithmetic.of) {
    case 'delay':
      return { state, minutes: up(arithmetic.at - arithmetic.a) };
    case 'early':
      return { state, minutes: up(arithmetic.z - arithmetic.at) };
    case 'run':
      return { state, minutes: up(arithmetic.to - arithmetic.from) };
    case 'total': {
      const counted = arithmetic.absences.filter((away) => away.counts === 'counts');
      return { state, minutes: up(counted.reduce((sum, { from, to }) => sum + to - from, 0)) };
    }
    default:
      return { state, minutes: 0 };
  }
}

/** The rule that the figures satisfy, compared anew with the limits they name. */
function satisfied({ arithmetic, verdict }: Explanation): boolean {
  switch (arithmetic.of) {
    case 'delay': {
      const { lengthMs, lateGraceMs, absentAfterMs, ended } = arithmetic;
      const isAbsent = lengthMs > absentAfterMs || ended === 'session-over';
      return verdict.rule === 'absent'
        ? isAbsent
        : lengthMs > lateGraceMs && lengthMs <= absentAfterMs && ended !== 'session-over';
    }
    case 'early':
      return arithmetic.at < arithmetic.e && arithmetic.e <= arithmetic.z;
    case 'missing-in':
      return verdict.side === 'in' && arithmetic.departureAt >= arithmetic.a;
    case 'missing-out':
      return verdict.side === 'out' && arithmetic.arrivalAt < arithmetic.outDeadlineAt;
    case 'run':
      return arithmetic.lengthMs === arithmetic.to - arithmetic.from && arithmetic.lengthMs >= arithmetic.thresholdMs;
    case 'total':
      return arithmetic.totalMs >= arithmetic.thresholdMs;
    case 'slip': {
      const days = (dates: readonly { readonly coveredMs: Ms; readonly ofMs: Ms }[]): number =>
        dates.reduce((sum, { coveredMs, ofMs }) => sum + coveredMs / ofMs, 0);
      const month = arithmetic.month.flatMap(({ dates }) => dates);
      // Thirds do not add up in binary.
      const [sum, limit] =
        arithmetic.fires === 'own'
          ? [days(arithmetic.own.dates), arithmetic.slipDays]
          : [days(month), arithmetic.slipMonthDays];
      return sum > limit - 1e-9;
    }
  }
}

/** Every punch of these people on the day of the verdict, as the facts have it. */
function punchesOf({ hall, facts }: ReadWorld, people: ReadonlySet<string>, span: Span, now: Ms): string[] {
  const book = new Book();
  for (const fact of facts) if (fact.fact === 'credential' && fact.recordedAt <= now) book.add(fact);
  return facts
    .filter((fact) => fact.fact === 'punch')
    .filter((punch) => span.from <= punch.at && punch.at < span.to && people.has(book.ownerOf(hall, punch) ?? ''))
    .map(({ id }) => id)
    .sort();
}

function thresholdsInForce(hall: Hall, { subject }: Explanation): object {
  if (subject.of === 'window') return hall.windows.get(subject.window)?.thresholds ?? {};
  return hall.employees.get(subject.employee)?.thresholds ?? {};
}

const CHECKS: readonly (readonly [what: string, check: (one: Case) => void])[] = [
  ['a day that is opened again is judged as before', ({ verdict, again }) => expect(again).toEqual(verdict)],
  ['the id is one word for a shell', ({ explanation }) => expect(explanation.id).toMatch(/^[\p{L}\p{N}._:@%/-]+$/u)],
  [
    'the figures satisfy the rule, and lead to its minutes and state',
    ({ verdict, explanation }) => {
      expect(satisfied(explanation)).toBe(true);
      const { state, minutes } = concluded(explanation);
      expect(state).toBe(verdict.state);
      expect(minutes).toBe(explanation.minutes);
    },
  ],
  [
    'the first doubt is the reason given, and where there is none nothing is pending',
    ({ verdict, explanation }) => expect(explanation.doubts[0]?.reason ?? null).toBe(verdict.because),
  ],
  [
    'the evidence is among the facts used',
    ({ verdict, explanation }) => {
      const used = new Set(explanation.used.map(({ fact }) => fact.id));
      for (const id of verdict.evidence) expect(used).toContain(id);
      if (explanation.subject.of !== 'leave') return;
      const leaves = explanation.used.filter(({ fact }) => fact.fact === 'leave').map(({ fact }) => fact.id);
      expect(leaves.sort()).toEqual([...verdict.evidence].sort());
    },
  ],
  [
    'nothing is both used and set aside, and together they are all punches of those concerned',
    ({ read, explanation }) => {
      const { used, aside, subject, day, now } = explanation;
      const usedIds = new Set(used.map(({ fact }) => fact.id));
      for (const { fact } of aside) expect(usedIds).not.toContain(fact.id);
      if (subject.of === 'leave') return;
      const people = subject.of === 'person' ? [subject.employee] : subject.candidates.map(({ employee }) => employee);
      const wanted = punchesOf(read, new Set(people), day, now);
      const said = [...used.filter(({ role }) => role !== 'proof'), ...aside];
      const proofs = used.filter(({ role, fact }) => role === 'proof' && wanted.includes(fact.id));
      const punches = [...said, ...proofs].filter(({ fact }) => fact.fact === 'punch').map(({ fact }) => fact.id);
      expect([...new Set(punches)].sort()).toEqual(wanted);
    },
  ],
  [
    'parameters are those in force, and come from the level that sets them',
    ({ read: { hall, facts }, explanation, now }) => {
      const configs = new Configs(() => hall, hall);
      configs.learn(facts.filter(({ recordedAt }) => recordedAt <= now));
      const inForce = thresholdsInForce(configs.on(explanation.verdict.day) ?? hall, explanation);
      expect(explanation.parameters.length).toBeGreaterThan(0);
      for (const { name, value, origin } of explanation.parameters) {
        expect(value).toEqual(inForce[name as keyof typeof inForce]);
        const level =
          origin.level === 'default'
            ? resolveThresholds()
            : origin.level === 'hall'
              ? hall.settings.hall
              : origin.level === 'schedule'
                ? hall.settings.schedules.get(origin.id)
                : hall.settings.windows.get(origin.id);
        expect(level?.[name]).toEqual(value);
      }
    },
  ],
  [
    'a window’s stretches fill its run, and whoever holds it is there',
    ({ explanation: { subject, verdict } }) => {
      if (subject.of !== 'window' || verdict.rule === 'left-post-total') return;
      const { held, run, candidates } = subject;
      expect(held[0]?.from).toBe(run.from);
      expect(held.at(-1)?.to).toBe(run.to);
      for (const { holder, step, from } of held) {
        expect(holder === null).toBe(step === null);
        if (holder === null) continue;
        const there = candidates.find(({ employee }) => employee === holder)?.present ?? [];
        expect(there.some((span) => span.from <= from && from < span.to)).toBe(true);
      }
      if (verdict.employee !== null) expect(held[0]?.holder).toBe(verdict.employee);
    },
  ],
  [
    'both languages say it without a slip of the pen',
    ({ read, explanation }) => {
      for (const lang of ['zh', 'en'] as const) {
        const text = explanationText(read.hall, explanation, lang);
        expect(text).not.toMatch(PEN);
        expect(text.split('\n').filter((line) => /^\S/.test(line)).length).toBeGreaterThan(4);
      }
    },
  ],
  [
    'as a structure every instant is written with an offset',
    ({ read, explanation }) => {
      const text = JSON.stringify(explanationJson(read.hall, explanation));
      const numbers = [...text.matchAll(/"(\w+)":(-?\d+(?:\.\d+)?)/g)];
      // Lengths of time and counts are far from instants.
      for (const [, key, figure] of numbers) expect(Math.abs(Number(figure)), key).toBeLessThan(400 * DAY_LENGTH);
    },
  ],
];

/** What was looked at already, by seed. */
const looked = new Map<number, readonly Case[]>();

test.each(SEEDS)('of every verdict of a world the explanation leads to it (seed %i)', (seed) => {
  const cases = [...casesOf(seed)];
  looked.set(seed, cases);
  for (const [what, check] of CHECKS) {
    for (const one of cases) {
      try {
        check(one);
      } catch (error) {
        throw new Error(`${what}: ${one.where}`, { cause: error });
      }
    }
  }
  expect(new Set(cases.map(({ where }) => where)).size, 'ids are unique at an instant').toBe(cases.length);
});

test('there are enough, of every rule, in every state, for every reason', () => {
  const cases = SEEDS.flatMap((seed) => looked.get(seed) ?? [...casesOf(seed)]);
  expect(cases.length).toBeGreaterThan(1000);
  const met = new Set(cases.flatMap(({ verdict }) => [`${verdict.rule} ${verdict.state}`, verdict.because ?? '']));
  const rules = ['late', 'absent', 'early-leave', 'missing-punch', 'missing-cover', 'left-post', 'unverified-occupant'];
  for (const rule of [...rules, 'left-post-total', 'leave-slip']) expect(met).toContain(`${rule} closed`);
  for (const rule of rules) expect(met).toContain(`${rule} pending`);
  for (const rule of ['late', 'absent', 'missing-cover', 'left-post']) expect(met).toContain(`${rule} open`);
  for (const because of ['uncovered', 'seat-occupied', 'ambiguous-punch', 'unconfirmed', 'blind']) {
    expect(met).toContain(because);
  }
  const asides = new Set(cases.flatMap(({ explanation }) => explanation.aside.map(({ why }) => why)));
  for (const why of ['cancelled', 'simulated', 'not-yet-known', 'repeat', 'dedupe', 'other-session']) {
    expect(asides).toContain(why);
  }
  for (const why of ['one-touch', 'gap-middle', 'door', 'undecided', 'inside', 'arrivals-only', 'not-latest']) {
    expect(asides).toContain(why);
  }
}, 120_000);
