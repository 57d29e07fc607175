/** Reports that are made by themselves, and told to channels; one whose time passed while nobody ran is made at the start. */
import { hash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ScheduledTask, schedule } from 'node-cron';
import type { NoticeFile } from '../../adapters/notifier.ts';
import type { ReportConfig } from '../../config/schema.ts';
import { dayAt, type Hall, readTimeOfDay, WEEKDAYS } from '../../rules/hall.ts';
import { civilDay, civilOf, type Day, instantOf, type Ms, weekdayOf } from '../../rules/time.ts';
import type { Outbox } from '../alerts/outbox.ts';
import type { Language } from '../alerts/words.ts';
import { makeFolder } from '../files/folders.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import type { ReportSource } from './make.ts';
import { type Period, periodOf } from './period.ts';
import { NoReport, type NoReportReason } from './report.ts';
import { type MadeReport, reportLetters } from './report-letters.ts';
import type { ReportOfFiles } from './report-task.ts';
import { reportInThread } from './report-thread.ts';

export interface ReportScheduleOptions {
  readonly reports: readonly ReportConfig[];
  /** By its zone times are meant. */
  readonly hall: () => Hall;
  readonly source: ReportSource;
  /** Notes which report was made last. */
  readonly ledger: Pick<Ledger, 'setting' | 'set' | 'commit'>;
  /** Takes what channels are told of it. */
  readonly outbox: Pick<Outbox, 'put'>;
  /** Where people find the pages; null = not known. */
  readonly address: string | null;
  /** Sees to it that what came in is in the ledger. */
  readonly settle: () => void;
  readonly now: () => Ms;
  readonly language: Language;
  readonly log: Log;
}

/** What could not be made, for want of room or of the ledger, is tried again so often. */
const AGAIN = '17 * * * *';

/** After a long standstill so many missed reports of a kind are made, the latest ones. */
const MOST_MISSED = 31;

/** The longest stretch between two reports of a kind. */
const LONGEST_DAYS = 366;

export class ReportSchedule {
  readonly #options: ReportScheduleOptions;
  #tasks: readonly ScheduledTask[] = [];
  #making: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: ReportScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    const { reports, hall } = this.#options;
    if (reports.length === 0) return;
    const timezone = hall().zone.id;
    const patterns = new Set([...reports.map(cronPattern), AGAIN]);
    this.#tasks = [...patterns].map((pattern) =>
      schedule(pattern, () => this.makeDue(), { timezone, suppressMissedWarning: true }),
    );
    void this.makeDue();
  }

  /** Makes whatever is due and has not been made; one after the other. */
  makeDue(): Promise<void> {
    this.#making = this.#making.then(() => this.#makeAll());
    return this.#making;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const task of this.#tasks) await task.destroy();
    await this.#making;
  }

  async #makeAll(): Promise<void> {
    const { reports, ledger, hall, now } = this.#options;
    for (const config of reports) {
      try {
        for (const period of duePeriods(config, hall(), now(), ledger.setting(noteOf(config)))) {
          if (this.#stopped || !(await this.#make(config, period))) break;
        }
      } catch (error) {
        // Whatever it is, the others are still to be made, and this one the next time.
        this.#notMade({ kind: config.make, folder: config.folder }, error);
      }
    }
  }

  #notMade(said: object, error: unknown): void {
    const because = (error as Error).message;
    this.#options.log.error({ ...said, because }, 'report was not made; it is tried again within the hour');
  }

  /** Whether the next one may be made. */
  async #make(config: ReportConfig, period: Period): Promise<boolean> {
    const { ledger, log } = this.#options;
    const said = { kind: period.kind, period: period.name, folder: config.folder };
    try {
      const { files, brief } = await this.#report(config, period);
      const written = await writeFiles(config.folder, files);
      // In one commit: whoever is killed in between makes it again, and tells of it once.
      ledger.commit(() => {
        ledger.set(noteOf(config), period.name);
        if (written.length > 0) this.#tell(config, period, { brief, files: written });
      });
      if (files.length === 0) log.info(said, 'there was nothing to report on');
      else log.info({ ...said, files: files.length, to: config.to }, 'report was made');
      return true;
    } catch (error) {
      this.#notMade(said, error);
      return false;
    }
  }

  #tell(config: ReportConfig, period: Period, of: Pick<MadeReport, 'brief' | 'files'>): void {
    const { outbox, address, language, now } = this.#options;
    const made = { schedule: whatOf(config), period, department: config.department, ...of };
    for (const letter of reportLetters(made, config.to, address, language)) outbox.put(letter, now(), now());
  }

  async #report(config: ReportConfig, { kind, name }: Period): Promise<ReportOfFiles> {
    const { source, settle, language } = this.#options;
    const { department, formats } = config;
    settle();
    const request = { kind, period: name, asKnownAt: null, maskNames: isMasked(config), employee: null, department };
    try {
      return await reportInThread({ source, request, files: { formats, lang: language, sheet: null } });
    } catch (error) {
      if (error instanceof NoReport && NOTHING.has(error.reason)) return { files: [], brief: [] };
      throw error;
    }
  }
}

/** Of such a period there never will be a report. */
const NOTHING: ReadonlySet<NoReportReason> = new Set(['commissioning', 'before-records', 'unknown-then']);

/** Whether the files name nobody; those that are sent do so only where that is written. */
const isMasked = ({ maskNames, to }: ReportConfig): boolean => maskNames ?? to.length > 0;

/** What is made by it; whoever is told does not matter. */
function whatOf(config: ReportConfig): string {
  const { make, formats, folder, department } = config;
  return JSON.stringify([make, formats, folder, isMasked(config), department]);
}

/** Where the ledger notes the last period of it. With another reader it is made again, and told to those who do not know of it. */
function noteOf(config: ReportConfig): string {
  return ['reported', whatOf(config), ...config.to].join(' ');
}

/** Each is there as a whole or not at all. */
async function writeFiles(folder: string, files: ReportOfFiles['files']): Promise<NoticeFile[]> {
  makeFolder(folder);
  const written: NoticeFile[] = [];
  for (const { name, content } of files) {
    const path = join(folder, name);
    await writeFile(`${path}.part`, content);
    await rename(`${path}.part`, path);
    written.push({ path, sha256: hash('sha256', content) });
  }
  return written;
}

/** The periods that are due and later than the last one made, the oldest first; where none was made, the latest. */
export function duePeriods(config: ReportConfig, hall: Hall, now: Ms, made: string | null): Period[] {
  const due: Period[] = [];
  const time = readTimeOfDay(config.at);
  const today = civilDay(hall.zone, now);
  for (let day = today; day > today - LONGEST_DAYS * MOST_MISSED; day--) {
    const at = instantOf(hall.zone, day, time);
    if (at > now || !isDueOn(config, day)) continue;
    const period = periodDueAt(config, hall, day, at);
    if (period.name === made) break;
    due.unshift(period);
    if (made === null || due.length === MOST_MISSED) break;
  }
  return due;
}

function isDueOn(config: ReportConfig, day: Day): boolean {
  const [, month, dayOfMonth] = civilOf(day);
  switch (config.make) {
    case 'day':
      return true;
    case 'week':
      return WEEKDAYS[weekdayOf(day) - 1] === config.on;
    case 'month':
      return dayOfMonth === config.on;
    case 'quarter':
      return dayOfMonth === config.on && month % 3 === 1;
    case 'year':
      return dayOfMonth === config.on && month === 1;
  }
}

/** A day's report is of the hall's day that it is made on, the others are of the period before. */
function periodDueAt({ make }: ReportConfig, hall: Hall, day: Day, at: Ms): Period {
  if (make === 'day') return periodOf('day', dayAt(hall, at));
  return periodOf(make, periodOf(make, day).from - 1);
}

/** `0 8 1 * *`: minute, hour, day of month, month, weekday. */
export function cronPattern(config: ReportConfig): string {
  const [hour, minute] = config.at.split(':').map(Number) as [number, number];
  switch (config.make) {
    case 'day':
      return `${minute} ${hour} * * *`;
    case 'week':
      return `${minute} ${hour} * * ${config.on}`;
    case 'month':
      return `${minute} ${hour} ${config.on} * *`;
    case 'quarter':
      return `${minute} ${hour} ${config.on} 1,4,7,10 *`;
    case 'year':
      return `${minute} ${hour} ${config.on} 1 *`;
  }
}
