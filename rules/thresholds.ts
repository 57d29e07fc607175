import { MINUTE, type Ms, SECOND } from './time.ts';

/** Every threshold of rules.md section 8 that a hall, a schedule or a window may set; all are lengths of time. */
export const THRESHOLD_DEFAULTS = {
  dedupe: 60 * SECOND,
  lateGrace: 5 * MINUTE,
  earlyGrace: 5 * MINUTE,
  absentAfter: 30 * MINUTE,
  outWindow: 120 * MINUTE,
  settle: 5 * MINUTE,
  joinGap: 30 * MINUTE,
  minBreak: 15 * MINUTE,
  lunchNear: 20 * MINUTE,
  coverGrace: 10 * MINUTE,
  leftPostAfter: 15 * MINUTE,
  minAway: 2 * MINUTE,
  leftPostTotal: 30 * MINUTE,
  bridge: 60 * SECOND,
  minReturn: 20 * SECOND,
  offlineAfter: 2 * MINUTE,
  deliveryLag: 90 * SECOND,
} as const satisfies Record<string, Ms>;

/** What else a level of the configuration may set: counts of days, and kinds of leave. */
export const SETTING_DEFAULTS = {
  forecastDays: 1,
  /** Kinds of leave that need a slip, and from how many days on: of one leave, and of a month's together. */
  slipKinds: ['事假', '病假', '公休'] as readonly string[],
  slipDays: 1,
  slipMonthDays: 3,
};

export type ThresholdName = keyof typeof THRESHOLD_DEFAULTS;
export type Thresholds = Readonly<Record<ThresholdName, Ms> & typeof SETTING_DEFAULTS>;

/** What a level of the configuration sets. */
export type ThresholdSettings = Partial<Thresholds>;

/** The thresholds in force: later levels outrank earlier ones (window over schedule over hall). */
export function resolveThresholds(...levels: readonly (ThresholdSettings | undefined)[]): Thresholds {
  return Object.assign({}, THRESHOLD_DEFAULTS, SETTING_DEFAULTS, ...levels) as Thresholds;
}
