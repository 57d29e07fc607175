/** Thresholds with where they come from: what a person who is judged may ask of every figure. */
import type { Employee, Hall, Window } from './hall.ts';
import { THRESHOLD_DEFAULTS, type ThresholdSettings, type Thresholds } from './thresholds.ts';
import type { Ms } from './time.ts';

/** The level of the configuration that sets a value; `default` = none does. */
export type Origin =
  | { readonly level: 'default' }
  | { readonly level: 'hall' }
  | { readonly level: 'schedule'; readonly id: string }
  | { readonly level: 'window'; readonly id: string };

/** `ms`: a length of time in milliseconds; `days`: a number of days; `kinds`: kinds of leave. */
export type Parameter = { readonly name: keyof Thresholds; readonly origin: Origin } & (
  | { readonly unit: 'ms'; readonly value: Ms }
  | { readonly unit: 'days'; readonly value: number }
  | { readonly unit: 'kinds'; readonly value: readonly string[] }
);

/** A level of the configuration with what it sets. */
type Level = readonly [Origin, ThresholdSettings | undefined];

/** Parameters of a person: what their schedule sets outranks the hall. */
export function parametersOfEmployee(
  hall: Hall,
  employee: Employee,
  names: readonly (keyof Thresholds)[],
): readonly Parameter[] {
  const { schedule } = employee;
  const levels: Level[] = schedule === null ? [] : [scheduleLevel(hall, schedule.id)];
  return names.map((name) => parameter(name, employee.thresholds, [...levels, hallLevel(hall)]));
}

/** Parameters of a window: what it sets itself outranks its schedule, and that the hall. */
export function parametersOfWindow(
  hall: Hall,
  window: Window,
  names: readonly (keyof Thresholds)[],
): readonly Parameter[] {
  const own: Level = [{ level: 'window', id: window.id }, hall.settings.windows.get(window.id)];
  const levels = [own, scheduleLevel(hall, window.schedule.id), hallLevel(hall)];
  return names.map((name) => parameter(name, window.thresholds, levels));
}

function scheduleLevel(hall: Hall, id: string): Level {
  return [{ level: 'schedule', id }, hall.settings.schedules.get(id)];
}

function hallLevel(hall: Hall): Level {
  return [{ level: 'hall' }, hall.settings.hall];
}

/** `levels`: the highest-ranking first. */
function parameter(name: keyof Thresholds, inForce: Thresholds, levels: readonly Level[]): Parameter {
  const setBy = levels.find(([, settings]) => settings !== undefined && Object.hasOwn(settings, name));
  const origin: Origin = setBy?.[0] ?? { level: 'default' };
  if (name === 'slipKinds') return { name, origin, unit: 'kinds', value: inForce[name] };
  const unit = Object.hasOwn(THRESHOLD_DEFAULTS, name) ? 'ms' : 'days';
  return { name, origin, unit, value: inForce[name] };
}
