/**
 * The same year in SQL, as others do attendance: a handful of queries for each person's day, and statements over all of it at once. Both
 * find first and last punches and empty seats; neither knows sessions, leave, cover, doubt or evidence, nor what to say again when
 * something comes late.
 */
import { DatabaseSync } from 'node:sqlite';
import { verdictsAt } from '../rules/replay.ts';
import { MINUTE } from '../rules/time.ts';
import { WrongOutput } from './check.ts';
import { cityYear, replayOf } from './engine-facts.ts';
import { collect, figure, type PartOptions, print, whole } from './engine-part.ts';
import { type Columns, columnsOf, isPunchAt, isSeatTakenAt, type RawResult, rawLoop } from './raw-loop.ts';
import { severalTimes } from './stopwatch.ts';

const GOES = 3;
const GAP = 15 * MINUTE;

export function benchPeers({ seed, days }: PartOptions): void {
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
  for (const { what, run } of peers) {
    const { found, took } = severalTimes(GOES, run);
    if (found.attended !== wanted.attended || found.gaps !== wanted.gaps)
      throw new WrongOutput(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
    figure(`${what}, node:sqlite`, took.cpu, 'ms CPU', null, `${whole(took.cpu / raw.took.cpu)} × raw`);
  }
  const judging = severalTimes(GOES, () => verdictsAt(replayOf(year)).length);
  const times = `${whole(judging.took.cpu / raw.took.cpu)} × raw`;
  figure('zaigang, final verdicts by nine rules', judging.took.cpu, 'ms CPU', null, times);
  database.close();
}

function filled(columns: Columns): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`create table punch (slot integer, at integer); create table seat (window integer, at integer, taken integer);
    create table attendance (slot integer primary key, first integer, last integer)`);
  const punch = database.prepare('insert into punch values (?, ?)');
  const seat = database.prepare('insert into seat values (?, ?, ?)');
  database.exec('begin');
  for (const [i, at] of columns.at.entries()) {
    const subject = columns.subject[i] as number;
    if (isPunchAt(columns, i)) punch.run(subject, at);
    else seat.run(subject, at, isSeatTakenAt(columns, i) ? 1 : 0);
  }
  database.exec('commit; create index punch_of on punch (slot, at); create index seat_of on seat (window, at)');
  return database;
}

/** As frameworks do it: a look for each question, person by person; and the seats of each window row by row. */
function dayByDay(database: DatabaseSync, { slots, windows }: Columns): RawResult {
  database.exec('delete from attendance; begin');
  const first = database.prepare('select at from punch where slot = ? order by at limit 1');
  const last = database.prepare('select at from punch where slot = ? order by at desc limit 1');
  const times = database.prepare('select count(*) as times from punch where slot = ?');
  const after = database.prepare('select at from punch where slot = ? and at > ? order by at limit 1');
  const known = database.prepare('select 1 from attendance where slot = ?');
  const insert = database.prepare('insert into attendance values (?, ?, ?)');
  for (let slot = 0; slot < slots; slot++) {
    const came = (first.get(slot) as { at: number } | undefined)?.at;
    if (came === undefined || known.get(slot) !== undefined) continue;
    const went = last.get(slot) as { at: number };
    times.get(slot);
    after.get(slot, came);
    insert.run(slot, came, went.at);
  }
  database.exec('commit');
  let gaps = 0;
  const seats = database.prepare('select at, taken from seat where window = ? order by at');
  for (let window = 0; window < windows; window++) {
    let emptySince = Number.POSITIVE_INFINITY;
    for (const row of seats.iterate(window)) {
      const { at, taken } = row as unknown as { at: number; taken: number };
      if (taken === 1 && at - emptySince >= GAP) gaps++;
      emptySince = taken === 1 ? Number.POSITIVE_INFINITY : Math.min(emptySince, at);
    }
  }
  return { attended: attendedIn(database), gaps };
}

function atOnce(database: DatabaseSync): RawResult {
  database.exec(`delete from attendance;
    insert into attendance select slot, min(at), max(at) from punch group by slot`);
  const row = database
    .prepare(
      `with marked as (select window, at, taken, sum(taken) over (partition by window order by at) as sitting from seat),
         runs as (select window, sitting, min(at) filter (where taken = 0) as empty_since from marked group by window, sitting),
         ends as (select window, sitting, at from marked where taken = 1)
       select count(*) as gaps from runs join ends on ends.window = runs.window and ends.sitting = runs.sitting + 1
       where ends.at - runs.empty_since >= ?`,
    )
    .get(GAP) as { gaps: number };
  return { attended: attendedIn(database), gaps: row.gaps };
}

function attendedIn(database: DatabaseSync): number {
  return (database.prepare('select count(*) as days from attendance').get() as { days: number }).days;
}
