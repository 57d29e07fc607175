/** The life of a case as steps: what has been, who did it and when, and what is still to come. */
import type { CaseDetail, Done } from './case-data.ts';

export const STEPS = ['raised', 'acknowledged', 'over', 'judged', 'delivered', 'appealed', 'final'] as const;
export type StepName = (typeof STEPS)[number];

/** `skipped`: it will not come, because what was decided speaks against nobody, or nobody appealed in time. */
export type Progress = 'done' | 'now' | 'ahead' | 'skipped';

export interface Step {
  readonly name: StepName;
  readonly progress: Progress;
  /** RFC 3339: when it was. */
  readonly at: string | null;
  readonly by: Done | null;
  /** The last date before it comes by itself. */
  readonly until: string | null;
}

export function stepsOf(detail: CaseDetail): Step[] {
  const facts = factsOf(detail);
  const first = facts.findIndex(({ done, skipped }) => !done && !skipped);
  return facts.map(({ done, skipped, ...fact }, index) => ({
    ...fact,
    progress: done ? 'done' : skipped ? 'skipped' : index === first ? 'now' : 'ahead',
  }));
}

type Fact = Omit<Step, 'progress'> & { readonly done: boolean; readonly skipped: boolean };

function factsOf(detail: CaseDetail): Fact[] {
  const { state, decision, decided, delivered, appeal, appealDecided, appealLastDay, finalAt, acknowledged } = detail;
  const fell = state === 'withdrawn';
  // Only what was confirmed goes on to the person, to an appeal and to the records.
  const ends = fell || decision === 'excused' || decision === 'false-alarm' || decision === 'overturned';
  const isOver = state === 'closed' || fell;
  const at = (name: StepName, done: Done | null, skipped = false): Fact => ({
    name,
    at: done?.at ?? null,
    by: done,
    until: null,
    done: done !== null,
    skipped,
  });
  return [
    { ...at('raised', null), at: detail.history[0]?.at ?? detail.from, done: true },
    at('acknowledged', acknowledged, fell),
    { ...at('over', detail.cleared), at: overAt(detail), done: isOver },
    at('judged', decided, fell),
    at('delivered', delivered, ends),
    {
      ...at('appealed', appealDecided ?? appeal, ends || (appeal === null && finalAt !== null)),
      done: appealDecided !== null,
      until: appeal === null ? appealLastDay : null,
    },
    {
      ...at('final', null, ends),
      at: finalAt,
      done: finalAt !== null,
      until: finalAt === null && appeal === null ? appealLastDay : null,
    },
  ];
}

/** When it came to an end: of one that was withdrawn, when it was taken back. */
function overAt({ state, to, history }: CaseDetail): string | null {
  return state === 'withdrawn' ? (history.at(-1)?.at ?? null) : state === 'closed' ? to : null;
}
