/**
 * When who is told of what (docs/decisions/0013-word-to-people.md): live where somebody may still act on it, stage by stage until
 * somebody has answered; with a digest what is over; and nothing in the quiet hours.
 */

import type { NotifyConfig } from '../../config/schema.ts';
import type { Op } from '../../rules/changes.ts';
import { readSession, readTimeOfDay } from '../../rules/hall.ts';
import { DAY_LENGTH, type Day, instantOf, type Ms, SECOND, type Zone } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { familyOf } from './cases.ts';

/** Whom a channel of people reaches; B's are reached as persons. */
export type Stage = 'person' | 'department' | 'hall' | 'chief' | 'supervision' | 'management';

export interface Timetable {
  readonly stages: NotifyConfig['stages'];
  readonly digests: NotifyConfig['digests'];
  readonly quiet: NotifyConfig['quiet'];
}

/** Something that a channel is to be told. */
export interface News {
  readonly op: Op;
  readonly verdict: Verdict;
  /** Whether somebody has taken note of the case, or judged it. */
  readonly answered: boolean;
  /** Whether they were told of a person, by name. */
  readonly named: boolean;
}

/** The day on which something is said, and which days are worked. */
export interface Today {
  readonly zone: Zone;
  readonly day: Day;
  readonly isWorkday: (day: Day) => boolean;
}

export interface When {
  readonly at: Ms;
  /** Somebody may still act on it; otherwise it goes with a digest. */
  readonly live: boolean;
}

/** What nobody is to find out from a digest, while it lasts. */
const URGENT: Readonly<Record<Stage, readonly string[]>> = {
  person: ['late', 'absent', 'missing-cover'],
  department: ['missing-cover', 'left-post'],
  hall: ['missing-cover', 'left-post'],
  chief: ['late', 'absent', 'missing-cover', 'left-post'],
  supervision: ['absent', 'missing-cover', 'left-post'],
  management: ['absent', 'missing-cover', 'left-post'],
};

/** Who is told live only while nobody has answered. */
const WAITS_FOR_ANSWER: ReadonlySet<Stage> = new Set(['supervision', 'management']);
const GATHER_MS: Ms = 10 * SECOND;
/** A calendar without working days is a mistake; nobody waits for ever because of it. */
const LONGEST_REST: Day = 31;

/** When a stage is told; null = not at all. */
export function tellAt(stage: Stage, news: News, timetable: Timetable, today: Today, now: Ms): When | null {
  const at = liveAt(stage, news, timetable, now);
  if (at !== null && !isQuiet(timetable, today, at)) return { at, live: true };
  // Only what asks for something goes that far up.
  if (stage === 'management' && news.op === 'open') return null;
  return { at: digestAt(news.verdict, timetable, today, now), live: false };
}

function liveAt(stage: Stage, { op, verdict, answered, named }: News, { stages }: Timetable, now: Ms): Ms | null {
  // Whoever was accused by name is cleared at once; so is what was said too firmly.
  if (named && (op === 'retract' || (op === 'revise' && verdict.state === 'pending'))) return now;
  if (op !== 'open' || verdict.state !== 'open' || !URGENT[stage].includes(verdict.rule)) return null;
  if (answered && WAITS_FOR_ANSWER.has(stage)) return null;
  return gathered(Math.max(now, verdict.from + afterOf(stage, stages, verdict)));
}

/** What becomes urgent within the same seconds leaves together. */
function gathered(at: Ms): Ms {
  return (Math.floor(at / GATHER_MS) + 1) * GATHER_MS;
}

function afterOf(stage: Stage, stages: Timetable['stages'], { window }: Verdict): Ms {
  if (stage === 'supervision' || stage === 'management') return stages[stage];
  // A window's case reaches a person as a B who could go there.
  return stage === 'person' && window === null ? stages.person : stages.chief;
}

function isQuiet({ quiet }: Timetable, { zone, day }: Today, at: Ms): boolean {
  return quiet.map(readSession).some(({ from, to }) =>
    // One that began yesterday may last until this morning; and what is said after midnight may belong to the day before.
    [day - 1, day, day + 1].some((on) => at >= instantOf(zone, on, from) && at < instantOf(zone, on, to)),
  );
}

/** What went on within a session is told after the arrivals of the next one; how it ended, on the next morning. */
export function digestAt(verdict: Verdict, { digests }: Timetable, today: Today, now: Ms): Ms {
  const family = familyOf(verdict);
  const within = family === 'departure' || family === 'leave' ? [] : digests.arrivals;
  const times = [...within, digests.others].map(readTimeOfDay).sort((a, b) => a - b);
  for (let day = today.day; day < today.day + LONGEST_REST; day++) {
    const next = today.isWorkday(day) ? times.find((time) => instantOf(today.zone, day, time) > now) : undefined;
    if (next !== undefined) return instantOf(today.zone, day, next);
  }
  return now + DAY_LENGTH;
}
