/** A department's week as its chief reconciles it: what the reports say of it, who signed it off, and what has changed since. */
import type { OtherFact } from '../../rules/facts.ts';
import { type Hall, startOfDay } from '../../rules/hall.ts';
import { BEGINNING, type Ms, parseInstant } from '../../rules/time.ts';
import { isSaidInPerson, type OwnDoor } from '../access/doors.ts';
import type { Language } from '../alerts/words.ts';
import type { HallCore } from '../hall-core.ts';
import { factId } from '../intake/intake.ts';
import { noReportText } from '../reports/no-report.ts';
import { type Period, parsePeriod, periodOf } from '../reports/period.ts';
import { NoReport, type Report, type ReportRequest, type Sheet } from '../reports/report.ts';
import { reportAnswer } from '../reports/report-thread.ts';
import { weekChecksum } from './week-checksum.ts';

/** Somebody who signs or remarks. */
export interface Signer {
  /** The account. */
  readonly by: string;
  readonly via: OwnDoor;
}

export interface SignOff {
  readonly by: string;
  readonly at: Ms;
  /** The instant as of which the week was signed. */
  readonly asOf: Ms;
  readonly checksum: string;
  readonly note: string | null;
}

export interface Remark {
  readonly by: string;
  readonly at: Ms;
  /** The case that it is about; null = the week as a whole. */
  readonly case: string | null;
  readonly text: string;
  /** What the one who decides is asked to do. */
  readonly proposes: string | null;
}

export interface DepartmentWeek {
  readonly period: Period;
  readonly department: string;
  readonly report: Report;
  readonly checksum: string;
  /** The last day of the week has ended. */
  readonly isOver: boolean;
  /** Oldest first. */
  readonly signOffs: readonly SignOff[];
  /** Whether the week says something else than it did when it was last signed; false where it never was. */
  readonly isChanged: boolean;
  /** What was said and decided since it was signed; null where nothing has changed. */
  readonly changes: Sheet | null;
  readonly remarks: readonly Remark[];
}

/**
 * Why a week was not signed: `not-over` · `signed-already` and nothing has changed since · `changed` it says something else than what
 * was looked at · `unavailable` nothing can be noted at present.
 */
export type NotSigned = 'not-over' | 'signed-already' | 'changed' | 'unavailable';

export class DepartmentWeeks {
  readonly #core: HallCore;
  readonly #now: () => Ms;
  /** One after the other: a report takes a thread. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(core: HallCore, now: () => Ms) {
    this.#core = core;
    this.#now = now;
  }

  /** The newest configuration's. */
  get hall(): Hall {
    return this.#core.hall;
  }

  /** Throws `NoReport` where there is none to be made. */
  look(period: Period, department: string): Promise<DepartmentWeek> {
    const found = this.#last.then(() => this.#look(period, department));
    this.#last = found.catch(() => {});
    return found;
  }

  async #look(period: Period, department: string): Promise<DepartmentWeek> {
    return this.#weekOf(period, department, await this.#report(period, department, null));
  }

  /** What was said of a week stands beside its report, and changes nothing in it. */
  async #weekOf(period: Period, department: string, report: Report): Promise<DepartmentWeek> {
    const facts = this.#said(department, period.name);
    const checksum = weekChecksum(report);
    const signOffs = facts.flatMap((fact) => (fact.fact === 'sign-off' ? [signOffOf(fact)] : []));
    const signed = signOffs.at(-1);
    // A later release may write the same down differently: it is held against what was known then.
    const then =
      signed === undefined || signed.checksum === checksum ? null : await this.#report(period, department, signed.asOf);
    const isChanged = then !== null && weekChecksum(then) !== checksum;
    return {
      period,
      department,
      report,
      checksum,
      isOver: startOfDay(this.hall, period.to + 1) <= this.#now(),
      signOffs,
      isChanged,
      changes: isChanged ? (then.sheets.find(({ id }) => id === 'changes') ?? null) : null,
      remarks: remarksOf(facts),
    };
  }

  async #report(period: Period, department: string, asKnownAt: Ms | null): Promise<Report> {
    const core = this.#core;
    // What is queued is in the ledger before another thread reads it.
    core.live.settle();
    const request: ReportRequest = {
      ...{ kind: 'week', period: period.name, asKnownAt },
      ...{ maskNames: false, employee: null, department },
    };
    const answer = await reportAnswer({ source: core.reportSource, request, files: null });
    if ('none' in answer) throw new NoReport(answer.none.reason, answer.none.about);
    if ('report' in answer) return JSON.parse(answer.report) as Report;
    throw new Error('a report came as files that nobody asked for');
  }

  /** Signs the week that has this checksum; resolves to the week as it then is, once that is durable. */
  async sign(
    week: DepartmentWeek,
    { by, via, checksum, note }: Signer & { readonly checksum: string; readonly note: string | null },
  ): Promise<NotSigned | DepartmentWeek> {
    if (!week.isOver) return 'not-over';
    if (week.checksum !== checksum) return 'changed';
    if (week.signOffs.length > 0 && !week.isChanged) return 'signed-already';
    const { department, period, report } = week;
    const at = this.#now();
    const asOf = parseInstant(report.knownAt);
    const isKept = await this.#record(
      {
        ...{
          fact: 'sign-off',
          id: factId('sign-off', at, department, period.name, by, checksum),
          recordedAt: BEGINNING,
          at,
        },
        ...{ department, week: period.name, asOf, checksum },
        ...(note === null ? {} : { note }),
      },
      { by, via },
    );
    return isKept ? this.#weekOf(period, department, report) : 'unavailable';
  }

  /** Keeps what somebody says of a week, or proposes for a case of it; false where nothing can be noted at present. */
  remark(
    period: Period,
    department: string,
    { by, via, text, proposes, case: about }: Signer & Pick<Remark, 'text' | 'proposes' | 'case'>,
  ): Promise<boolean> {
    const at = this.#now();
    const fact: OtherFact = {
      ...{
        fact: 'remark',
        id: factId('remark', at, department, period.name, by, about ?? '', proposes ?? '', text),
        recordedAt: BEGINNING,
        at,
      },
      ...{ department, week: period.name, text },
      ...(about === null ? {} : { case: about }),
      ...(proposes === null ? {} : { proposes }),
    };
    return this.#record(fact, { by, via });
  }

  /** What was said of a case of a week. */
  remarksOn(id: string, department: string, week: string): Remark[] {
    return remarksOf(this.#said(department, week)).filter((one) => one.case === id);
  }

  /** What people said here: a line that was imported speaks for nobody. */
  #said(department: string, week: string): OtherFact[] {
    return this.#core.facts.ofWeek(department, week).filter(isSaidInPerson);
  }

  async #record(fact: OtherFact, { by, via }: Signer): Promise<boolean> {
    const { live } = this.#core;
    if (!live.readyToNote()) return false;
    await live.record([fact], { by, via, claimedAt: null });
    return this.#core.facts.find(fact.id) !== null;
  }

  /** The week of that name; null if there is none. */
  weekNamed(name: string): Period | null {
    return parsePeriod('week', name);
  }

  /** How many days a week lies from another, by name: the one before and the one after. */
  neighbours({ from }: Period): { readonly previous: string; readonly next: string } {
    return { previous: periodOf('week', from - 7).name, next: periodOf('week', from + 7).name };
  }
}

/** Why there is nothing of a week, for people. */
export function noWeekText(error: NoReport, week: string, lang: Language): string {
  const request = { asKnownAt: null, maskNames: false, employee: null, department: null };
  return noReportText(error, { kind: 'week', period: week, ...request }, lang);
}

function signOffOf(fact: OtherFact): SignOff {
  const { at, by = '' } = fact;
  const note = fact['note'];
  return {
    ...{ by, at, asOf: Number(fact['asOf']), checksum: String(fact['checksum']) },
    note: typeof note === 'string' ? note : null,
  };
}

const remarksOf = (facts: readonly OtherFact[]): Remark[] =>
  facts.flatMap((fact) => (fact.fact === 'remark' ? [remarkOf(fact)] : []));

function remarkOf(fact: OtherFact): Remark {
  const { at, by = '' } = fact;
  const [about, proposes] = [fact['case'], fact['proposes']];
  return {
    ...{ by, at, text: String(fact['text']) },
    case: typeof about === 'string' ? about : null,
    proposes: typeof proposes === 'string' ? proposes : null,
  };
}
