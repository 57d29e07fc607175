/** What it costs to keep and judge a fact as the ledger grows, and as one process has more halls: it should stay the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '../rules/facts.ts';
import { DAY_LENGTH, type Day, HOUR, MINUTE, type Ms } from '../rules/time.ts';
import { CityYear } from './city-year.ts';
import { hallOfYear } from './engine-facts.ts';
import { collect, figure, mustBeSame, type PartOptions, print, whole } from './engine-part.ts';
import { median } from './figures.ts';
import { FilledHall, factsUntil } from './filled-ledger.ts';
import { SHANGHAI } from './hall.ts';

/** What is wanted of the dearest, beside the first: what differs less than that is noise. */
const FLAT = 1.2;
/** The hours of a day whose facts are taken in one by one: people come, and windows open. */
const FROM: Ms = 8 * HOUR + 30 * MINUTE;
const TO: Ms = 9 * HOUR + 30 * MINUTE;
/** Days that are measured each time, for the one in the middle: a clock that comes back after weeks has many others judged anew. */
const TOGETHER = 5;
/** Where it is measured, as parts of all days. */
const PLACES = [0.04, 0.2, 0.5, 1];
const HALLS = [1, 10, 100];
/** What is called often is compiled by then. */
const WARM_UP = 2;

export function benchGrowth({ seed, days }: PartOptions): void {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-bench-'));
  try {
    asTheLedgerGrows(folder, seed, days);
    overHalls(folder, seed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function asTheLedgerGrows(folder: string, seed: number, days: number): void {
  print(`\nThe cost of a fact, taken in by itself, as a ledger of ${days} days fills`);
  const year = new CityYear(seed, days);
  const last = PLACES.map((part) => Math.max(WARM_UP + TOGETHER, Math.round(days * part)) - 1);
  const measured = new Map<number, number[]>(last.map((place) => [place, []]));
  const ofPlace = (i: number): number | undefined => last.find((place) => place - TOGETHER < i && i <= place);
  const facts = factsUntil(year.lines(), year.now)[Symbol.iterator]();
  using hall = new FilledHall(hallOfYear(year, join(folder, 'growing')), year.from, { isKept: false });
  let next = facts.next();
  const until = function* (at: Ms): Iterable<Fact> {
    for (; next.done !== true && next.value.recordedAt < at; next = facts.next()) yield next.value;
  };
  for (const [i, day] of year.workdays.entries()) {
    const midnight = midnightOf(day);
    hall.takeAll(until(midnight + FROM));
    const place = ofPlace(i);
    if (place === undefined) continue;
    collect();
    const each = oneByOne([...until(midnight + TO)].map((fact) => [hall, fact]));
    measured.get(place)?.push(each);
  }
  hall.takeAll(until(Number.POSITIVE_INFINITY));
  mustBeSame([next.done], [true], 'taken in');
  hall.mustFollow();
  flat(
    [...measured].map(([place, ofDays]) => ({ what: `with ${place + 1} days in the ledger`, each: median(ofDays) })),
  );
}

/** Each hall has its own ledger and the same day; their facts come in turn. */
function overHalls(folder: string, seed: number): void {
  print('\nThe cost of a fact with more halls in a process, of each the same hour');
  const year = new CityYear(seed, 1);
  const midnight = midnightOf(year.workdays[0] as Day);
  const facts = [...factsUntil(year.lines(), midnight + TO)];
  const before = facts.filter((fact) => fact.recordedAt < midnight + FROM);
  const hour = facts.slice(before.length);
  const loaded = hallOfYear(year, folder);
  let made = 0;
  const measure = (count: number): number => {
    const halls = Array.from({ length: count }, () => {
      const data = join(folder, String(++made));
      return new FilledHall({ ...loaded, config: { ...loaded.config, data } }, year.from, { isKept: false });
    });
    for (const hall of halls) hall.take(before);
    collect();
    const each = oneByOne(hour.flatMap((fact) => halls.map((hall) => [hall, fact] as const)));
    halls[0]?.mustFollow();
    const [first = []] = halls.map((hall) => hall.verdicts());
    for (const hall of halls) mustBeSame(hall.verdicts(), first, 'in the first hall');
    for (const hall of halls) hall[Symbol.dispose]();
    return each;
  };
  for (let i = 0; i < WARM_UP; i++) measure(1);
  flat(HALLS.map((count) => ({ what: `${count} ${count === 1 ? 'hall' : 'halls'}`, each: measure(count) })));
}

const midnightOf = (day: Day): Ms => day * DAY_LENGTH - (SHANGHAI.offsets[0] as Ms);

/** The mean of the processor time of this thread, in milliseconds. */
function oneByOne(facts: readonly (readonly [FilledHall, Fact])[]): number {
  const from = process.threadCpuUsage();
  for (const [hall, fact] of facts) hall.take([fact]);
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000 / facts.length;
}

function flat(measured: readonly { readonly what: string; readonly each: number }[]): void {
  const first = measured[0]?.each ?? 0;
  for (const { what, each } of measured) figure(what, each, 'ms CPU a fact', null, `${whole((100 * each) / first)} %`);
  figure('the dearest / the first', Math.max(...measured.map(({ each }) => each)) / first, '×', FLAT);
}
