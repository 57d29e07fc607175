/** What the engine is measured with: the year of a hall, and the day of a province, which is that of 250 such halls as one. */
import { hallOf } from '../config/judging.ts';
import { type LoadedConfig, parseConfig } from '../config/load.ts';
import { FactLineReader } from '../daemon/lines/fact-lines.ts';
import type { Archive } from '../rules/archive.ts';
import type { Fact } from '../rules/facts.ts';
import type { Hall, Judging } from '../rules/hall.ts';
import type { ReplayInput } from '../rules/replay.ts';
import { CityYear } from './city-year.ts';
import { HALL } from './hall.ts';
import { yearYaml } from './year-files.ts';

export interface Measured {
  readonly hall: Hall;
  readonly facts: readonly Fact[];
  /** When everything has come in. */
  readonly now: number;
  /** The days of a person with any punch, and how often each rule has to speak. */
  readonly attended: number;
  readonly planted: ReadonlyMap<string, number>;
}

/** The hall of a year, as if its configuration lay in a folder. */
export function hallOfYear(year: CityYear, folder: string): LoadedConfig {
  return parseConfig(yearYaml(year, folder), `${folder}/hall.yaml`, { env: {}, lang: 'en', offline: true });
}

export function cityYear(seed: number, days: number): Measured {
  const year = new CityYear(seed, days);
  const { hall } = hallOfYear(year, '/nowhere');
  const facts = factsIn(year.lines(), hall);
  return { hall, facts, now: year.now, attended: year.counts.attended, planted: year.planted.verdicts };
}

/** The first day of so many halls, their people, windows and clocks told apart by the number of their hall. */
export function provinceDay(seed: number, halls: number): Measured {
  const { hall: one, judging } = hallOfYear(new CityYear(seed, 1), '/nowhere');
  const hall = hallOf(provinceOf(judging, halls), one.config);
  const facts: Fact[] = [];
  const planted = new Map<string, number>();
  let [attended, now] = [0, 0];
  for (let number = 0; number < halls; number++) {
    const day = new CityYear(seed + number, 1);
    for (const fact of factsIn(day.lines(), one)) facts.push(ofHall(fact, number));
    for (const [sort, times] of day.planted.verdicts) planted.set(sort, (planted.get(sort) ?? 0) + times);
    attended += day.counts.attended;
    now = day.now;
  }
  facts.sort((x, y) => x.recordedAt - y.recordedAt);
  return { hall, facts, now, attended, planted };
}

export function factsIn(lines: Iterable<string>, hall: Hall): readonly Fact[] {
  const reader = new FactLineReader({ hall, find: () => null });
  let number = 0;
  for (const line of lines) reader.read(line, ++number);
  const { facts, problems } = reader.finish();
  if (problems.length > 0) throw new Error(`line ${problems[0]?.line}: ${problems[0]?.problem}`);
  return facts;
}

const told = (id: string, number: number): string => `${id}@${number}`;

/** The judging part of so many halls as one hall's; it judges every day and rests on none of the year's. */
export function provinceOf(judging: Judging, halls: number): Judging {
  const each = <T>(of: (number: number) => readonly T[]): T[] =>
    Array.from({ length: halls }, (_, number) => of(number)).flat();
  return {
    ...judging,
    employees: each((number) =>
      judging.employees.map((employee) => ({
        ...employee,
        id: told(employee.id, number),
        credentials: employee.credentials.map((credential) => ({ ...credential, id: told(credential.id, number) })),
      })),
    ),
    windows: each((number) =>
      judging.windows.map((window) => ({
        ...window,
        id: told(window.id, number),
        a: window.a.map((id) => told(id, number)),
        b: window.b.map((id) => told(id, number)),
      })),
    ),
  };
}

/** Keys that hold who, where and which; clocks stay the same six. */
const NAMES: ReadonlySet<string> = new Set(['id', 'employee', 'credential', 'window', 'source', 'target', 'leave']);

function ofHall(fact: Fact, number: number): Fact {
  const renamed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fact)) {
    renamed[key] = NAMES.has(key) && typeof value === 'string' ? told(value, number) : value;
  }
  return renamed as unknown as Fact;
}

/** What is judged, as `replay` takes it. */
export function replayOf({ facts, hall, now }: Measured): ReplayInput {
  return { facts, hall, now, compile: noConfig };
}

/** The configuration of these halls is not among their facts. */
export function noConfig(): Hall {
  throw new Error(`the facts of ${HALL} hold no configuration`);
}

/** Of an engine that keeps all days in memory: it asks only for what is taken back. */
export function archiveOf(facts: readonly Fact[]): Archive {
  const byId = new Map(facts.map((fact) => [fact.id, fact]));
  return { find: (id) => byId.get(id) ?? null, between: () => [], standing: () => [] };
}
