/** Sessions of a day are in order, at least a minute apart, and inside their day (rules.md section 2). */
import { readSession, readTimeOfDay, WEEKDAYS, type WeeklySession } from '../../rules/hall.ts';
import { DAY_LENGTH, MINUTE, type Ms } from '../../rules/time.ts';
import { child, type Draft, dateAt, entries, isWritten, items, textOf } from '../draft.ts';
import { isSessionText, isTimeText } from '../fields.ts';
import { atKey, atStart, atValue, type Finding, finding } from '../finding.ts';

const DEFAULT_DAY_START = '04:00';

export function checkSchedules(root: Draft): Finding[] {
  const written = textOf(root, 'hall', 'dayStart');
  const dayStart = written !== null && isTimeText(written) ? written : DEFAULT_DAY_START;
  return entries(root, 'schedules').flatMap(([, schedule]) => [
    ...checkVersions(schedule),
    ...[schedule, ...items(schedule, 'versions')].flatMap((version) =>
      WEEKDAYS.flatMap((weekday) => checkDay(items(version, 'weekly', weekday), dayStart)),
    ),
  ]);
}

function checkVersions(schedule: Draft): Finding[] {
  const found: Finding[] = [];
  const weekly = isWritten(child(schedule, 'weekly'));
  const versions = isWritten(child(schedule, 'versions'));
  if (weekly === versions && typeof schedule.value === 'object' && schedule.value !== null) {
    const place = versions ? atKey([...schedule.path, 'versions']) : atStart([...schedule.path, 'weekly']);
    found.push(finding(place, (words) => words.weeklyOrVersions(), { needsWholeFile: !weekly }));
  }
  let latest = Number.NEGATIVE_INFINITY;
  for (const [i, version] of items(schedule, 'versions').entries()) {
    const from = dateAt(version, 'from');
    const place = [...version.path, 'from'];
    if (i > 0 && !isWritten(child(version, 'from')))
      found.push(finding(atStart(place), (words) => words.versionWithoutFrom()));
    if (from === null) continue;
    if (from <= latest) found.push(finding(atValue(place), (words, shown) => words.versionsOrder({ shown })));
    latest = Math.max(latest, from);
  }
  return found;
}

interface Sitting extends WeeklySession {
  readonly text: string;
}

function checkDay(list: readonly Draft[], dayStart: string): Finding[] {
  const found: Finding[] = [];
  const startsAt = readTimeOfDay(dayStart);
  let before: Sitting | null = null;
  for (const draft of list) {
    const text = textOf(draft);
    if (text === null || !isSessionText(text)) continue;
    const session: Sitting = { ...readSession(text), text: JSON.stringify(text) };
    for (const one of checkSession(draft, session, startsAt, dayStart)) found.push(one);
    if (before !== null) for (const one of checkOrder(draft, session, before)) found.push(one);
    if (before === null || session.to > before.to) before = session;
  }
  return found;
}

function checkSession(draft: Draft, session: Sitting, startsAt: Ms, dayStart: string): Finding[] {
  const [start, end] = (textOf(draft) as string).split('-');
  const place = atValue(draft.path);
  if (start === end) return [finding(place, (words, shown) => words.sessionEmpty({ shown }))];
  const found: Finding[] = [];
  if (session.from < startsAt)
    found.push(finding(place, (words, shown) => words.sessionBeforeDay({ shown, dayStart })));
  if (session.to > startsAt + DAY_LENGTH)
    found.push(finding(place, (words, shown) => words.sessionAfterDay({ shown, dayStart })));
  return found;
}

function checkOrder(draft: Draft, session: Sitting, before: Sitting): Finding[] {
  const place = atValue(draft.path);
  const other = before.text;
  if (session.to <= before.from) return [finding(place, (words, shown) => words.sessionOrder({ shown }))];
  if (session.from < before.to) return [finding(place, (words, shown) => words.sessionOverlap({ shown, other }))];
  if (session.from - before.to < MINUTE)
    return [finding(place, (words, shown) => words.sessionsTooClose({ shown, other }))];
  return [];
}
