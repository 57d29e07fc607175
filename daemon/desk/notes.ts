/** What windows' own PCs have said, and what was answered; facts that change no verdict. Pure. */
import type { OtherFact } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';

/** 暂离 · 回来了 · 我在岗 */
export type NoteKind = 'away' | 'back' | 'here';

/** What somebody who was asked to look has seen (见证). */
export interface Witnessed {
  readonly at: Ms;
  readonly by: string | null;
  readonly seen: boolean;
  readonly reason: string | null;
}

export interface Note {
  readonly id: string;
  readonly at: Ms;
  readonly window: string;
  readonly kind: NoteKind;
  readonly reason: string | null;
  /** Through whose screen it was said; null of what was imported without saying. */
  readonly by: string | null;
  /** Of `here` only; the first answer counts. */
  readonly answer: Witnessed | null;
}

/** How long somebody can be asked to look: later they could only say what they were told. */
export const WITNESS_WITHIN_MS: Ms = 30 * 60_000;

/** The notes among some facts, in the order in which they were recorded. */
export function notesOf(facts: readonly OtherFact[]): Note[] {
  const found = new Map<string, Note>();
  for (const fact of facts) {
    const { id, at, by = null } = fact;
    const reason = typeof fact['reason'] === 'string' ? fact['reason'] : null;
    if (fact.fact === 'note') {
      const [window, kind] = [String(fact['window']), fact['kind'] as NoteKind];
      found.set(id, { id, at, window, kind, reason, by, answer: null });
      continue;
    }
    const asked = found.get(String(fact['note']));
    if (fact.fact !== 'witness' || asked?.kind !== 'here' || asked.answer !== null) continue;
    found.set(asked.id, { ...asked, answer: { at, by, seen: fact['seen'] === true, reason } });
  }
  return [...found.values()];
}

/** Of each window the note by which its people are away; those who have come back are not among them. */
export function awayAmong(notes: readonly Note[]): Map<string, Note> {
  const away = new Map<string, Note>();
  for (const note of notes) {
    if (note.kind === 'away') away.set(note.window, note);
    else away.delete(note.window);
  }
  return away;
}

/** Whether somebody is still asked to look. */
export const isAsked = ({ kind, answer, at }: Note, now: Ms): boolean =>
  kind === 'here' && answer === null && now < at + WITNESS_WITHIN_MS;
