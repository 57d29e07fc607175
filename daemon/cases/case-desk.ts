/** Where people deal with cases: finds them, and takes down what is done with them. Whether somebody's role allows it is asked before. */
import type { Book } from '../../rules/book.ts';
import { type Deed, type Refusal, refusalOf } from '../../rules/case-life.ts';
import type { Change } from '../../rules/changes.ts';
import type { OtherFact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { BEGINNING, type Day, type Ms } from '../../rules/time.ts';
import type { OwnDoor } from '../access/doors.ts';
import { type CaseRow, type CaseStore, caseAmong } from '../alerts/cases.ts';
import { factId } from '../intake/intake.ts';
import type { FactStore } from '../ledger/facts.ts';
import type { HistoryStore } from '../ledger/history.ts';
import type { Live } from '../live/live.ts';
import { type CaseFile, caseFile, type Desk, hasSeen } from './case-file.ts';
import { deedsByCase, verdictsByCase } from './case-members.ts';

export interface CaseDeskOptions {
  readonly hall: string;
  readonly cases: CaseStore;
  readonly facts: FactStore;
  readonly history: HistoryStore;
  readonly live: Live;
  readonly hallOn: (day: Day) => Hall;
  /** Working days for an appeal. */
  readonly appealDays: number;
  readonly now: () => Ms;
}

/** What somebody wants done. */
export interface Wish {
  readonly deed: Deed;
  /** The account, and the person it belongs to. */
  readonly by: string;
  readonly employee: string | null;
  readonly via: OwnDoor;
  readonly reason: string | null;
  /** What they saw when they decided (`CaseFile.revision`); null = whatever holds. */
  readonly revision: string | null;
}

/** `unknown`: no such case; `changed`: it says something else than what was decided on, or somebody else has decided since; `unavailable`: nothing can be judged at present. */
export type NotDone = Refusal | 'unknown' | 'changed' | 'unavailable';

/** What overwrites nothing, whatever was decided meanwhile. */
const DECIDES_NOTHING: ReadonlySet<Deed> = new Set(['acknowledge', 'clear']);

export class CaseDesk {
  readonly #options: CaseDeskOptions;
  /** One after the other: two people who decide at once are not to overwrite each other unseen. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CaseDeskOptions) {
    this.#options = options;
  }

  /** The cases of some days, both included, in the order of time; withdrawn ones among them. */
  between(from: Day, to: Day): CaseFile[] {
    const desk = this.#desk();
    if (desk === null) return [];
    const { cases, hall, history } = this.#options;
    const rows = cases.between(hall, from, to);
    const verdicts = verdictsByCase(cases, hall, rows, history.standingBetween(from, to));
    const deeds = deedsByCase(this.#options.facts.actionsOn(rows.map(({ id }) => id)));
    return rows.map((row) => caseFile(row, verdicts.get(row.id) ?? [], deeds.get(row.id) ?? [], desk));
  }

  find(id: string): CaseFile | null {
    const { cases, hall } = this.#options;
    const row = cases.find(hall, id);
    return row === null ? null : (this.between(row.day, row.day).find((file) => file.row.id === id) ?? null);
  }

  /** What was said of a case, in order: also what no longer holds of it. */
  changesOf({ id, day }: CaseRow): Change[] {
    const { cases, hall, history } = this.#options;
    const rows = cases.between(hall, day, day);
    const told = cases.membersOf(rows.map((row) => row.id));
    return history
      .changesOf(day)
      .filter(({ key, verdict }) => (told.get(key) ?? caseAmong(rows, hall, verdict)?.id) === id);
  }

  /** The kind of a fact that changed something, by its id; null of one that is not known. */
  kindOf(fact: string): string | null {
    return this.#options.facts.find(fact)?.fact ?? null;
  }

  /** Does it, or says why not; returns the case as it then is, once that is durable. */
  do(id: string, wish: Wish): Promise<CaseFile | NotDone> {
    const done = this.#last.then(() => this.#do(id, wish));
    this.#last = done.catch(() => {});
    return done;
  }

  async #do(id: string, { deed, by, employee, via, reason, revision }: Wish): Promise<CaseFile | NotDone> {
    const { live, now, hall } = this.#options;
    if (!live.readyToNote()) return 'unavailable';
    const file = this.find(id);
    if (file === null) return 'unknown';
    const { content, life, appealUntil } = file;
    if (revision !== null && !hasSeen(revision, file)) return 'changed';
    const at = now();
    const refusal = refusalOf(life, content, { deed, by, employee, at, reason, appealUntil });
    if (refusal !== null) return refusal;
    if (revision !== null && revision !== file.revision && !DECIDES_NOTHING.has(deed)) return 'changed';
    const fact: OtherFact = {
      fact: 'action',
      id: factId('action', at, hall, id, deed, by),
      recordedAt: BEGINNING,
      at,
      do: deed,
      case: id,
      revision: content.revision,
      ...(employee === null ? {} : { doer: employee }),
      ...(reason === null ? {} : { reason }),
    };
    await live.record([fact], { by, via, claimedAt: null });
    return this.find(id) ?? 'unknown';
  }

  #desk(): Desk | null {
    const { live, hallOn, appealDays, now } = this.#options;
    const book: Book | undefined = live.engine?.book;
    return book === undefined ? null : { hallOn, book, appealDays, now: now() };
  }
}
