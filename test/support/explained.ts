/** The explanation of what is said of one person on a Monday, and in words what it uses and sets aside. */
import { liesIn } from '../../rules/archive.ts';
import { explain } from '../../rules/explain.ts';
import type { Explanation } from '../../rules/explanation.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import { ReopenedDay } from '../../rules/reopened-day.ts';
import { verdictsAt } from '../../rules/replay.ts';
import { dayOfDate } from '../../rules/time.ts';
import { hallWith, instantAt, MONDAY, punch } from './hand-hall.ts';
import { readWorldFacts } from './world-run.ts';

type Line = Readonly<Record<string, unknown>>;

const DAY = dayOfDate(MONDAY) ?? 0;
const HALL = hallWith();

/** When it is asked, by which configuration, and of which session; 20:00, `hallWith()` and the first where they are left out. */
interface Asked {
  readonly time?: string;
  readonly hall?: Hall;
  readonly session?: number | null;
}

/** The explanation of what `rule` says of the only one it says it of, such as e1, on Monday. */
export function explained(
  rule: string,
  lines: readonly Line[],
  { time = '20:00:00', hall = HALL, session = 1 }: Asked = {},
): Explanation {
  const now = instantAt(time);
  const facts = readWorldFacts(hall, lines);
  const isInstant = ({ fact }: { readonly fact: string }) => fact === 'punch' || fact === 'presence';
  const records = {
    find: (id: string) => facts.find((fact) => fact.id === id) ?? null,
    between: (span: Span) => facts.filter((fact) => liesIn(fact, span)),
    stretches: () => facts.filter((fact) => !isInstant(fact)),
  };
  const reopened = ReopenedDay.open(DAY, { records, compile: () => hall, hall, now });
  const said = verdictsAt({ facts, compile: () => hall, hall, now, from: DAY });
  const verdict = said.find((one) => one.day === DAY && one.rule === rule && one.session === session);
  if (reopened === null || verdict === undefined) throw new Error(`there is no ${rule}`);
  return explain(reopened, verdict);
}

/** `arrival p1` */
export const usedOf = ({ used }: Explanation): string[] => used.map(({ role, fact }) => `${role} ${fact.id}`);
/** `p2 dedupe by p1`, `p4 other-session /2` */
export const asideOf = ({ aside }: Explanation): string[] =>
  aside.map(({ fact, why, by, session }) =>
    [fact.id, why, ...(by === null ? [] : ['by', by]), ...(session === null ? [] : [`/${session}`])].join(' '),
  );

/** A touch of e1 with a name of its own. */
export const touch = (id: string, time: string, more: Line = {}): Line => punch(time, 'e1', { id, ...more });
/** Ten minutes after the first session has begun. */
export const LATE = touch('late', '09:10:00');
