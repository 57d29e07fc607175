import { durationMs, type Ms } from './time.ts';

/** The judging part of `hall.yaml` as parsed and nothing more (contract section 2). */
export interface OracleConfig {
  hall: { id: string; timezone: string; dayStart?: string; name?: string };
  judgeFrom?: string;
  calendar?: { country?: string; makeUpDayUses?: string; days?: Record<string, 'rest' | 'work'> };
  /** The national calendar of country `CN`, handed in; `from` and `until` are its first and last published dates. */
  nationalDays?: { from: string; until: string; days: Record<string, 'rest' | 'work'> };
  schedules?: Record<string, OracleSchedule>;
  departments?: { id: string; name?: string; leaders?: string[] }[];
  employees: OracleEmployee[];
  windows: OracleWindow[];
  rules?: Rules;
  clocks?: OracleClock[];
}

/** Thresholds, and for the hall the list `slipKinds`. */
export type Rules = Record<string, string | number | readonly string[]>;
export type Weekly = Record<string, string[]>;
export type Policy = 'session' | 'day' | 'in';

export interface OracleSchedule {
  punches?: Policy;
  weekly?: Weekly;
  versions?: { from: string; weekly: Weekly }[];
  rules?: Rules;
}

export interface OracleCredential {
  id: string;
  device?: string;
  from?: string;
  to?: string;
}

export interface OracleEmployee {
  id: string;
  name?: string;
  department?: string;
  schedule?: string;
  credentials?: (string | OracleCredential)[];
  from?: string;
  until?: string;
}

export interface OracleWindow {
  id: string;
  name?: string;
  department?: string;
  schedule?: string;
  a?: string | string[];
  b?: string[];
  group?: string;
  rules?: Rules;
  from?: string;
  until?: string;
}

export interface OracleClock {
  id: string;
  kind?: 'attendance' | 'door';
  serves?: string[];
}

/** Section 8: the durations that sections 2–5 use, except `dayStart`. */
const DEFAULTS = {
  dedupe: '60s',
  lateGrace: '5m',
  earlyGrace: '5m',
  absentAfter: '30m',
  outWindow: '120m',
  settle: '5m',
  joinGap: '30m',
  minBreak: '15m',
  lunchNear: '20m',
  coverGrace: '10m',
  leftPostAfter: '15m',
  minAway: '2m',
  leftPostTotal: '30m',
  bridge: '60s',
  minReturn: '20s',
} as const;

export type ThresholdName = keyof typeof DEFAULTS;
export type Thresholds = Record<ThresholdName, Ms>;

/** Section 8, last sentence: the window's `rules` over its schedule's over the hall's. */
export function thresholdsOf(config: OracleConfig, scheduleId: string | undefined, windowRules?: Rules): Thresholds {
  const layers: Rules[] = [
    DEFAULTS,
    config.rules ?? {},
    config.schedules?.[scheduleId ?? '']?.rules ?? {},
    windowRules ?? {},
  ];
  const merged: Rules = Object.assign({}, ...layers);
  const entries = Object.keys(DEFAULTS).map((name) => {
    const value = merged[name];
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`not a threshold: ${name}`);
    return [name, durationMs(value)];
  });
  return Object.fromEntries(entries) as Thresholds;
}

/** Section 8: `forecastDays` is a number of days, 1 unless set; the window's over its schedule's over the hall's. */
export function forecastDaysOf(config: OracleConfig, window: OracleWindow): number {
  const layers = [window.rules, config.schedules?.[window.schedule ?? '']?.rules, config.rules];
  return Number(layers.map((rules) => rules?.['forecastDays']).find((value) => value !== undefined) ?? 1);
}

/** Section 6, `leave-slip`: the kinds of leave that need a slip. */
export function slipKindsOf(config: OracleConfig): readonly string[] {
  const kinds = config.rules?.['slipKinds'];
  return Array.isArray(kinds) ? kinds : ['事假', '病假', '公休'];
}

export function dayStartOf(config: OracleConfig): string {
  return config.hall.dayStart ?? '04:00';
}

/** Section 2: nothing is judged before `judgeFrom`. */
export function isJudgedDate(config: OracleConfig, date: string): boolean {
  return config.judgeFrom === undefined || config.judgeFrom <= date;
}

/** `from` and `until` are dates and both belong to the time between them (section 2). */
export function isBetweenDates(date: string, from: string | undefined, until: string | undefined): boolean {
  return (from === undefined || from <= date) && (until === undefined || date <= until);
}
