/** Which picture shows which moment of a case. Another time's is never taken for it: then there is none, with the reason. */
import { type Ms, SECOND } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import type { CameraMemory, Shot } from './camera-memory.ts';

/**
 * `last-seen` somebody was there for the last time · `left` the seat empty for the first time · `alarm` when the case was
 * opened · `strip` the time before that · `return` somebody was there again · `frozen` kept because somebody asked.
 */
export const MOMENTS = ['last-seen', 'left', 'alarm', 'strip', 'return', 'frozen'] as const;
export type Moment = (typeof MOMENTS)[number];

/**
 * Why there is no picture of a moment: `no-ffmpeg` · `no-frame` the camera had no picture then · `not-seen` it did not see
 * that moment, or the daemon was started after it · `empty-before` the seat was empty already when the case began ·
 * `nobody-back` nobody had come back when it ended · `known-later` it was over when it became known · `no-room` pictures had
 * to make room for others · `busy` too many pictures at once · `not-made` ffmpeg failed · `not-written` the disk ·
 * `switched-off` the configuration wants no pictures · `stopped` the daemon was
 * being stopped.
 */
export type NoPicture =
  | 'no-ffmpeg'
  | 'no-frame'
  | 'not-seen'
  | 'empty-before'
  | 'nobody-back'
  | 'known-later'
  | 'no-room'
  | 'busy'
  | 'not-made'
  | 'not-written'
  | 'switched-off'
  | 'stopped';

export type Shots = readonly [Shot, ...Shot[]];
export type Found = { readonly shots: Shots } | { readonly because: NoPicture };

/** Of which rules' verdicts pictures are kept, and of which moments of theirs. */
const MOMENTS_OF: Readonly<Record<string, readonly Moment[]>> = {
  'missing-cover': ['last-seen', 'left', 'alarm', 'strip'],
  'left-post': ['last-seen', 'left', 'alarm', 'strip'],
  // The sum of many short absences: no one of them is it.
  'left-post-total': ['alarm', 'strip'],
};

/** A picture older than this does not show what is. Keyframes may be six seconds apart. */
const FRESH_MS: Ms = 12 * SECOND;
/** A verdict's instants come from what was seen, or from punches close to it. */
const NEAR_MS: Ms = 60 * SECOND;

/** The moments of a verdict when it opens; none = no pictures are kept of such. */
export function momentsOf(verdict: Verdict): readonly Moment[] {
  return verdict.window === null ? [] : (MOMENTS_OF[verdict.rule] ?? []);
}

/** Whether a verdict has come to its end by now, to which somebody's return belongs. */
export function hasReturn(verdict: Verdict): boolean {
  return verdict.run && verdict.to !== null && momentsOf(verdict).length > 0;
}

/** The picture, or pictures of a strip, that show a moment of a verdict at a seat. */
export function shotsOf(moment: Moment, verdict: Verdict, memory: CameraMemory, seat: number, now: Ms): Found {
  switch (moment) {
    case 'alarm':
    case 'strip':
      return verdict.to !== null && now - verdict.to > FRESH_MS
        ? { because: 'known-later' }
        : latest(moment, memory, now);
    case 'last-seen':
      return lastSeen(verdict, memory, seat);
    case 'left': {
      const absence = absenceOf(verdict, memory, seat);
      if (absence === null) return { because: 'not-seen' };
      if (absence.left === null && absence.isThinned) return { because: 'no-room' };
      if (!isNear(absence.emptyAt, verdict.from)) return { because: 'empty-before' };
      return absence.left === null ? { because: 'not-seen' } : { shots: [absence.left] };
    }
    case 'return': {
      const back = memory.absences(seat).find(({ returned }) => isNear(returned?.at ?? 0, verdict.to ?? 0))?.returned;
      return back == null ? { because: 'nobody-back' } : { shots: [back] };
    }
    case 'frozen':
      return latest(moment, memory, now);
  }
}

/** What there is now: one picture, looked at if possible, or all of them for a strip. */
export function latest(moment: Moment, memory: CameraMemory, now: Ms): Found {
  const [newest, ...older] = memory.recent.toReversed();
  if (newest === undefined || now - newest.at > FRESH_MS) return { because: 'no-frame' };
  if (moment === 'strip') return { shots: stripOf(memory.recent) ?? [newest] };
  const looked = older.find(({ at, look }) => look !== null && newest.at - at <= FRESH_MS / 2);
  return { shots: [newest.look === null && looked !== undefined ? looked : newest] };
}

function stripOf(recent: readonly Shot[]): Shots | null {
  const [first, ...more] = recent;
  return first === undefined ? null : [first, ...more];
}

function lastSeen(verdict: Verdict, memory: CameraMemory, seat: number): Found {
  const absence = absenceOf(verdict, memory, seat);
  if (absence === null) return { because: 'not-seen' };
  if (absence.lastSeen !== null) return { shots: [absence.lastSeen] };
  return { because: absence.isThinned ? 'no-room' : 'not-seen' };
}

/** The absence that a verdict is about: it began with it, or lasted already. */
function absenceOf(verdict: Verdict, memory: CameraMemory, seat: number) {
  const all = memory.absences(seat);
  const near = all.filter(({ emptyAt }) => isNear(emptyAt, verdict.from));
  const away = (emptyAt: Ms): Ms => Math.abs(emptyAt - verdict.from);
  const nearest = near.toSorted((x, y) => away(x.emptyAt) - away(y.emptyAt))[0];
  const lasting = all.findLast(
    ({ emptyAt, returned }) => emptyAt < verdict.from && (returned === null || returned.at > verdict.from),
  );
  return nearest ?? lasting ?? null;
}

export const isNear = (at: Ms, to: Ms): boolean => Math.abs(at - to) <= NEAR_MS;
