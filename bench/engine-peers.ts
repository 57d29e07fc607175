/**
 * The same year in SQL, as others do attendance: a handful of queries for each person's day, and statements over all of it at once. Both
 * find first and last punches and empty seats; neither knows sessions, leave, cover, doubt or evidence, nor what to say again when
 * something comes late.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Query } from '../daemon/ledger/query.ts';
import { verdictsAt } from '../rules/replay.ts';
import { MINUTE } from '../rules/time.ts';
import { WrongOutput } from './check.ts';
import { DuckDb } from './engine-duckdb.ts';
import { cityYear, replayOf } from './engine-facts.ts';
import { collect, figure, type PartOptions, print, whole } from './engine-part.ts';
import { median } from './figures.ts';
import { type Columns, columnsOf, isPunchAt, isSeatTakenAt, type RawResult, rawLoop } from './raw-loop.ts';
import { Stopwatch, severalTimes, type Took } from './stopwatch.ts';

const GOES = 3;
const GAP = 15 * MINUTE;

export async function benchPeers({ seed, days }: PartOptions): Promise<void> {
  const year = cityYear(seed, days);
  // In the order of time: a statement over all of it knows no other.
  const facts = year.facts.filter((fact) => 'at' in fact).sort((x, y) => (x.at as number) - (y.at as number));
  const columns = columnsOf(facts, year.hall);
  const wanted = rawLoop(columns);
  const database = filled(columns);
  print(`\nPeers on ${days} days of a city: first and last punches, and seats empty for a quarter of an hour`);
  const peers = [
    { what: 'five queries and an insert for each day of a person', run: () => dayByDay(database, columns) },
    { what: 'a statement each over all punches and all seats', run: () => atOnce(database) },
  ];
  collect();
  const raw = severalTimes(GOES, () => rawLoop(columns));
  const peer = (what: string, { found, took }: { found: RawResult; took: Took }): void => {
    if (found.attended !== wanted.attended || found.gaps !== wanted.gaps)
      throw new WrongOutput(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
    figure(what, took.cpu, 'ms CPU', null, `${whole(took.cpu / raw.took.cpu)} × raw, ${whole(took.wall)} ms`);
  };
  for (const { what, run } of peers) peer(`${what}, node:sqlite`, severalTimes(GOES, run));
  const inDuck = await inDuckDb(columns);
  if (inDuck !== null) peer('the same statements, DuckDB', inDuck);
  const judging = severalTimes(GOES, () => verdictsAt(replayOf(year)).length);
  const times = `${whole(judging.took.cpu / raw.took.cpu)} × raw`;
  figure('zaigang, final verdicts by nine rules', judging.took.cpu, 'ms CPU', null, times);
  database.close();
}

function filled(columns: Columns): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`create table punch (slot integer, instant integer); create table seat (place integer, instant integer, taken integer);
    create table attendance (slot integer primary key, first integer, last integer)`);
  const punch = database.prepare('insert into punch values (?, ?)');
  const seat = database.prepare('insert into seat values (?, ?, ?)');
  database.exec('begin');
  for (const [i, at] of columns.at.entries()) {
    const subject = columns.subject[i] as number;
    if (isPunchAt(columns, i)) punch.run(subject, at);
    else seat.run(subject, at, isSeatTakenAt(columns, i) ? 1 : 0);
  }
  database.exec(
    'commit; create index punch_of on punch (slot, instant); create index seat_of on seat (place, instant)',
  );
  return database;
}

/** As frameworks do it: a look for each question, person by person; and the seats of each window row by row. */
function dayByDay(database: DatabaseSync, { slots, windows }: Columns): RawResult {
  database.exec('delete from attendance; begin');
  const first = database.prepare('select instant from punch where slot = ? order by instant limit 1');
  const last = database.prepare('select instant from punch where slot = ? order by instant desc limit 1');
  const times = database.prepare('select count(*) as times from punch where slot = ?');
  const after = database.prepare('select instant from punch where slot = ? and instant > ? order by instant limit 1');
  const known = database.prepare('select 1 from attendance where slot = ?');
  const insert = database.prepare('insert into attendance values (?, ?, ?)');
  for (let slot = 0; slot < slots; slot++) {
    const came = (first.get(slot) as { instant: number } | undefined)?.instant;
    if (came === undefined || known.get(slot) !== undefined) continue;
    const went = last.get(slot) as { instant: number };
    times.get(slot);
    after.get(slot, came);
    insert.run(slot, came, went.instant);
  }
  database.exec('commit');
  let gaps = 0;
  const seats = new Query<{ instant: number; taken: number }>(
    database,
    'select instant, taken from seat where place = ? order by instant',
  );
  for (let window = 0; window < windows; window++) {
    let emptySince = Number.POSITIVE_INFINITY;
    for (const { instant, taken } of seats.iterate(window)) {
      if (taken === 1 && instant - emptySince >= GAP) gaps++;
      emptySince = taken === 1 ? Number.POSITIVE_INFINITY : Math.min(emptySince, instant);
    }
  }
  return { attended: attendedIn(database), gaps };
}

/** The same in both databases. */
const ATTENDANCE = 'insert into attendance select slot, min(instant), max(instant) from punch group by slot';
const GAPS = `
  with marked as (select place, instant, taken, sum(taken) over (partition by place order by instant) as sitting from seat),
    runs as (select place, sitting, min(instant) filter (where taken = 0) as empty_since from marked group by place, sitting),
    ends as (select place, sitting, instant from marked where taken = 1)
  select count(*) as gaps from runs join ends on ends.place = runs.place and ends.sitting = runs.sitting + 1
  where ends.instant - runs.empty_since >= ${GAP}`;

function atOnce(database: DatabaseSync): RawResult {
  database.exec(`delete from attendance; ${ATTENDANCE}`);
  const { gaps } = database.prepare(GAPS).get() as { gaps: number };
  return { attended: attendedIn(database), gaps };
}

/** All statements at once, in as many threads as it takes; null where DuckDB cannot be had. */
async function inDuckDb(columns: Columns): Promise<{ found: RawResult; took: Took } | null> {
  const duck = await DuckDb.fetched();
  if ('because' in duck) {
    print(`  DuckDB could not be fetched, so there is no figure of it: ${duck.because}`);
    return null;
  }
  await using database = duck;
  const rows = Array.from(columns.at, (at, i) => {
    const state = isPunchAt(columns, i) ? '' : isSeatTakenAt(columns, i) ? 1 : 0;
    return `${columns.subject[i]},${at},${state}\n`;
  });
  const file = join(database.folder, 'year.csv');
  writeFileSync(file, rows.join(''));
  await database.rows(`create table year as from read_csv('${file}', header = false,
    columns = {'subject': 'integer', 'instant': 'bigint', 'taken': 'integer'});
    create table punch as select subject as slot, instant from year where taken is null;
    create table seat as select subject as place, instant, taken from year where taken is not null;
    create table attendance (slot integer, first bigint, last bigint)`);
  const goes: Took[] = [];
  let found: RawResult = { attended: 0, gaps: 0 };
  for (let go = 0; go < GOES; go++) {
    await database.rows('delete from attendance');
    const going = new Stopwatch();
    await database.rows(ATTENDANCE);
    const [[gaps] = []] = await database.rows(GAPS);
    goes.push(going.took());
    const [[attended] = []] = await database.rows('select count(*) from attendance');
    found = { attended: Number(attended), gaps: Number(gaps) };
  }
  return { found, took: { wall: median(goes.map(({ wall }) => wall)), cpu: median(goes.map(({ cpu }) => cpu)) } };
}

function attendedIn(database: DatabaseSync): number {
  return (database.prepare('select count(*) as days from attendance').get() as { days: number }).days;
}
