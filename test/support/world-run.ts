/** A world of the oracle, run through the shipped readers and rules. */
import { stringify } from 'yaml';
import { parseConfig } from '../../config/load.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { readFactLines } from '../../daemon/lines/fact-lines.ts';
import type { NationalCalendar } from '../../rules/calendar.ts';
import type { Fact } from '../../rules/facts.ts';
import { compileHall, type Hall, type HallData, type Judging } from '../../rules/hall.ts';
import { dayOfDate } from '../../rules/time.ts';
import type { OracleConfig } from '../oracle/oracle.ts';

/** The hall that a configuration of a world is. */
export function hallOfWorld(config: OracleConfig): Hall {
  const { judging, data } = judgingOfWorld(config);
  return compileHall(judging, data);
}

/** What that hall is compiled from. */
export function judgingOfWorld(config: OracleConfig): { readonly judging: Judging; readonly data: HallData } {
  const { nationalDays, ...written } = config;
  const text = stringify(written, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
  const { judging, hash } = parseConfig(text, 'hall.yaml', { env: {}, lang: 'en' });
  const national = nationalDays === undefined ? null : calendarOf(nationalDays);
  return { judging, data: { config: hash, zone: zoneTable(judging.hall.timezone), national } };
}

function calendarOf(days: NonNullable<OracleConfig['nationalDays']>): NationalCalendar {
  const named = Object.entries(days.days).map(([date, kind]) => [dayOfDate(date) ?? 0, kind] as const);
  return { from: dayOfDate(days.from) ?? 0, until: dayOfDate(days.until) ?? 0, days: new Map(named) };
}

/** Reads facts as a file of them is read; throws what is wrong with it. */
export function readWorldFacts(hall: Hall, facts: readonly Record<string, unknown>[]): readonly Fact[] {
  const read = readFactLines(
    facts.map((fact) => JSON.stringify(fact)),
    { hall, find: () => null },
  );
  if (read.problems.length > 0) throw new Error(JSON.stringify(read.problems.slice(0, 5)));
  return read.facts;
}
