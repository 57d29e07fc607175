/** Thresholds that cancel each other out: allowed, but hardly what was meant. */
import { THRESHOLD_DEFAULTS, type ThresholdName } from '../../rules/thresholds.ts';
import type { Ms } from '../../rules/time.ts';
import { child, type Draft, entries, isWritten, items, textOf } from '../draft.ts';
import { parseDuration } from '../durations.ts';
import { atKey, type Finding, finding } from '../finding.ts';

/** Below `long` and not below `short` is where the rule lives. */
const CROSSING: readonly { readonly short: ThresholdName; readonly long: ThresholdName; readonly rule: string }[] = [
  { short: 'lateGrace', long: 'absentAfter', rule: 'late' },
  { short: 'minAway', long: 'leftPostAfter', rule: 'left-post-total' },
];

export function checkLimits(root: Draft): Finding[] {
  const hall = child(root, 'rules');
  const schedules = new Map(entries(root, 'schedules').map(([id, schedule]) => [id, child(schedule, 'rules')]));
  return [
    ...crossings([hall]),
    ...[...schedules.values()].flatMap((rules) => crossings([rules, hall])),
    ...items(root, 'windows').flatMap((window) => {
      const schedule = schedules.get(textOf(window, 'schedule') ?? '');
      return crossings([child(window, 'rules'), ...(schedule ? [schedule] : []), hall]);
    }),
  ];
}

/** What the first level makes cross, given the levels that it stands over. */
function crossings(levels: readonly [Draft, ...Draft[]]): Finding[] {
  const [own] = levels;
  return CROSSING.flatMap(({ short, long, rule }) => {
    const key = [short, long].find((name) => isWritten(child(own, name)));
    const limit = inForce(levels, long);
    if (key === undefined || inForce(levels, short) < limit) return [];
    const place = atKey([...own.path, key]);
    return [finding(place, (words) => words.limitsCross({ short, long, limit, rule }), { severity: 'warning' })];
  });
}

function inForce(levels: readonly Draft[], name: ThresholdName): Ms {
  for (const level of levels) {
    const length = parseDuration(textOf(level, name) ?? '');
    if (length !== null) return length;
  }
  return THRESHOLD_DEFAULTS[name];
}
