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

export type Rules = Record<string, string | number>;
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

/** Section 8, except `dayStart` and what sections 2–5 do not use. */
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
  const entries = Object.keys(DEFAULTS).map((name) => [name, durationMs(merged[name] ?? 0)]);
  return Object.fromEntries(entries) as Thresholds;
}

export function dayStartOf(config: OracleConfig): string {
  return config.hall.dayStart ?? '04:00';
}

/** `from` and `until` are dates and both belong to the time between them (section 2). */
export function isBetweenDates(date: string, from: string | undefined, until: string | undefined): boolean {
  return (from === undefined || from <= date) && (until === undefined || date <= until);
}
