/** What a camera sees of a seat through a session: about thirty changes, most of them too short to mean anything. */
import type { PresenceState } from '../rules/facts.ts';
import type { Span } from '../rules/intervals.ts';
import { MINUTE, type Ms, SECOND } from '../rules/time.ts';
import type { Dice } from '../test/oracle/dice.ts';
import { secondIn } from './habits.ts';

export interface Seen {
  readonly at: Ms;
  readonly state: PresenceState;
}

/** What the holder of a window does in a session, by the empty seats that it shows. */
export interface Absences {
  readonly lengths: readonly (readonly [Ms, Ms])[];
  readonly rule: string | null;
}

const NONE: Absences = { lengths: [], rule: null };
const NINE_MINUTES = [8 * MINUTE, 9 * MINUTE + 50 * SECOND] as const;
const ABSENCES: readonly Absences[] = [
  { lengths: [[15 * MINUTE, 40 * MINUTE]], rule: 'left-post' },
  { lengths: [[10 * MINUTE, 15 * MINUTE - SECOND]], rule: null },
  { lengths: [NINE_MINUTES, NINE_MINUTES, NINE_MINUTES, NINE_MINUTES], rule: 'left-post-total' },
  { lengths: [NINE_MINUTES, NINE_MINUTES, NINE_MINUTES], rule: null },
];

export function absencesOf(dice: Dice): Absences {
  return dice.chance(0.08) ? dice.pick(ABSENCES) : NONE;
}

/** Stretches of a session, one after another, each of which holds at most one interruption. */
const PART = 12.5 * MINUTE;
/** Between two interruptions somebody sits there for at least twice this long. */
const MARGIN = 30 * SECOND;

/** A seat that is taken for a stretch of time; inside the session with short interruptions, and the long ones that are wanted. */
export function sitting(dice: Dice, taken: Span, session: Span, { lengths }: Absences = NONE): Seen[] {
  const seen: Seen[] = [{ at: taken.from, state: 'occupied' }];
  const from = Math.max(taken.from, session.from);
  const to = Math.min(taken.to, session.to);
  const long = lengths.map((range) => secondIn(dice, range));
  let spare = to - from - long.reduce((sum, length) => sum + length + 2 * MARGIN, 0);
  let at = from;
  while (long.length > 0 || spare >= PART) {
    const isLong = long.length > 0 && (spare < PART || dice.chance(0.3));
    const length = isLong ? (long.pop() as Ms) : secondIn(dice, [30 * SECOND, 110 * SECOND]);
    const part = isLong ? length + 2 * MARGIN : PART;
    if (!isLong) spare -= part;
    const start = isLong ? at + MARGIN : at + secondIn(dice, [MARGIN, part - length - MARGIN]);
    for (const change of interruption(dice, start, length)) seen.push(change);
    at += part;
  }
  seen.push({ at: taken.to, state: 'empty' });
  return seen;
}

function interruption(dice: Dice, at: Ms, length: Ms): Seen[] {
  const back: Seen = { at: at + length, state: 'occupied' };
  // Blind for a moment, with somebody there before and after: nothing has happened.
  if (length <= MINUTE && dice.chance(0.1)) return [{ at, state: 'unknown' }, back];
  if (length < 5 * MINUTE) return [{ at, state: 'empty' }, back];
  // Somebody walks past the empty seat.
  const passes = at + 2 * MINUTE;
  const gone = passes + secondIn(dice, [3 * SECOND, 19 * SECOND]);
  return [{ at, state: 'empty' }, { at: passes, state: 'occupied' }, { at: gone, state: 'empty' }, back];
}

/** A seat that is taken without a break. */
export function satThrough({ from, to }: Span): Seen[] {
  return [
    { at: from, state: 'occupied' },
    { at: to, state: 'empty' },
  ];
}

/** A camera that sees nothing for a while. */
export function unseen({ from, to }: Span): Seen[] {
  return [
    { at: from, state: 'unknown' },
    { at: to, state: 'empty' },
  ];
}
