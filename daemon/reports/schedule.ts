/** Reports that are made by themselves; one whose time passed while nobody ran is made at the start. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ScheduledTask, schedule } from 'node-cron';
import type { ReportConfig } from '../../config/schema.ts';
import { dayAt, type Hall, readTimeOfDay, WEEKDAYS } from '../../rules/hall.ts';
import { civilDay, civilOf, type Day, instantOf, type Ms, weekdayOf } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import type { Log } from '../log.ts';
import type { ReportFile } from './files.ts';
import type { ReportSource } from './make.ts';
import { type Period, periodOf } from './period.ts';
import { NoReport, type NoReportReason } from './report.ts';
import { reportFilesInThread } from './report-thread.ts';

export interface ReportScheduleOptions {
  readonly reports: readonly ReportConfig[];
  /** By its zone times are meant. */
  readonly hall: () => Hall;
  readonly source: ReportSource;
  /** Notes which report was made last. */
  readonly ledger: { setting(name: string): string | null; set(name: string, value: string): void };
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
      for (const period of duePeriods(config, hall(), now(), ledger.setting(noteOf(config)))) {
        if (this.#stopped || !(await this.#make(config, period))) break;
      }
    }
  }

  /** Whether the next one may be made. */
  async #make(config: ReportConfig, period: Period): Promise<boolean> {
    const { ledger, log } = this.#options;
    const said = { kind: period.kind, period: period.name, folder: config.folder };
    try {
      const files = await this.#files(config, period);
      await mkdir(config.folder, { recursive: true });
      for (const file of files) {
        const path = join(config.folder, file.name);
        await writeFile(`${path}.part`, file.content);
        await rename(`${path}.part`, path);
      }
      ledger.set(noteOf(config), period.name);
      if (files.length === 0) log.info(said, 'there was nothing to report on');
      else log.info({ ...said, files: files.length }, 'report was made');
      return true;
    } catch (error) {
      const because = (error as Error).message;
      log.error({ ...said, because }, 'report was not made; it is tried again within the hour');
      return false;
    }
  }

  async #files(config: ReportConfig, { kind, name }: Period): Promise<readonly ReportFile[]> {
    const { source, settle, language } = this.#options;
    const { maskNames, department, formats } = config;
    settle();
    const request = { kind, period: name, asKnownAt: null, maskNames, employee: null, department };
    try {
      return await reportFilesInThread({ source, request, files: { formats, lang: language, sheet: null } });
    } catch (error) {
      if (error instanceof NoReport && NOTHING.has(error.reason)) return [];
      throw error;
    }
  }
}

/** Of such a period there never will be a report. */
const NOTHING: ReadonlySet<NoReportReason> = new Set(['commissioning', 'before-records', 'unknown-then']);

/** Where the ledger notes the last period of it. */
function noteOf({ make, formats, folder, maskNames, department }: ReportConfig): string {
  return `reported ${JSON.stringify([make, formats, folder, maskNames, department])}`;
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
