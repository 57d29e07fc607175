/** Whose week it is (值周长), by the rota of the configuration. */
import type { NotifyConfig } from '../../config/schema.ts';
import { type Day, dateOf, dayOfDate } from '../../rules/time.ts';

/** Whoever is on duty on a day; null where there is no rota, and before it begins. */
export function onDuty(duty: NotifyConfig['duty'], day: Day): string | null {
  if (duty === null) return null;
  const instead = duty.instead[dateOf(day)];
  if (instead !== undefined) return instead;
  const since = day - (dayOfDate(duty.from) ?? day);
  if (since < 0) return null;
  const turn = duty.each === 'week' ? Math.floor(since / 7) : since;
  return duty.people[turn % duty.people.length] ?? null;
}
