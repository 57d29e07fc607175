/** What the window's own PC said around a case: it changes no verdict, and stands beside it for whoever decides. */
import { formatInstant, MINUTE, type Ms } from '../../rules/time.ts';
import type { Note } from '../desk/notes.ts';
import type { CaseFile } from './case-file.ts';
import type { Look } from './case-json.ts';

/** How long before a case begins, and after it has ended, something that was said may belong to it. */
const AROUND_MS: Ms = 15 * MINUTE;

export function caseNotes(
  { row }: CaseFile,
  notesOf: (window: string, span: { readonly from: Ms; readonly to: Ms }) => readonly Note[],
  look: Look,
): Record<string, unknown>[] {
  const { hall, now, nameOf } = look;
  const stamp = (at: Ms): string => formatInstant(hall.zone, at);
  const span = { from: row.from_at - AROUND_MS, to: (row.to_at ?? now) + AROUND_MS };
  return windowsOf(row, look)
    .flatMap((window) => notesOf(window, span))
    .sort((x, y) => x.at - y.at)
    .map(({ at, window, kind, reason, answer }) => ({
      ...{ at: stamp(at), window, kind, reason },
      answer: answer && {
        ...{ at: stamp(answer.at), seen: answer.seen, reason: answer.reason },
        byName: answer.by === null ? null : nameOf(answer.by),
      },
    }));
}

/** A window's case is about it; a person's, about the windows of which they are A. */
function windowsOf({ family, subject, from_at }: CaseFile['row'], { hall, holders }: Look): string[] {
  if (family === 'cover' || family === 'post') return [subject];
  if (family === 'leave') return [];
  const own = [...hall.windows.values()].filter((window) => holders(window, 'A', from_at).includes(subject));
  return own.map(({ id }) => id);
}
