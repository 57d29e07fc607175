/**
 * What a ledger from a backup must not do again. A daemon ran on after the backup was taken: it has sent messages that are still to be
 * sent here, and taken punches from clocks and brokers that are not here, and that nobody will send by themselves.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** Up to when messages may have been sent of which the ledger does not know. */
const TOLD_UNTIL = 'told-until';
/** Up to when facts were lost, until that is a fact itself. */
const LOST_UNTIL = 'lost-until';
/** When somebody vouched for the clock, by word or by restoring: until then nobody was there. */
const VOUCHED_AT = 'clock-vouched-at';

export interface Amends {
  /** Messages and parts of messages that waited, and are not sent any more. */
  readonly heldBack: number;
}

/** Makes good what can be, in a copy of a ledger that is to take the lost one's place at an instant. */
export function makeAmends(database: DatabaseSync, at: Ms): Amends {
  const run = (sql: string, ...values: (string | number)[]): number =>
    Number(database.prepare(sql).run(...values).changes);
  database.exec('begin immediate');
  // What was due since is taken as said: only what changes in it from now on is news.
  run(
    `update telling set due_at = null, times = times + 1,
       told = case when told is null and holds ->> '$.state' = 'pending' then null else holds end
     where due_at <= ?`,
    at,
  );
  const errands = run(
    `update errand set told = case op when 'retract' then null else holds end, op = null, holds = null, due_at = null, live = 0
     where due_at <= ?`,
    at,
  );
  const messages = run(
    `update outbox set next_at = null, because = 'the ledger was restored; it may have been sent' where next_at is not null`,
  );
  // Whoever has signed out, or used a link, has done so for good.
  run('delete from session');
  run('delete from invitation');
  for (const name of [TOLD_UNTIL, LOST_UNTIL]) {
    run('insert or replace into setting (name, value) values (?, ?)', name, String(at));
  }
  database.exec('commit');
  return { heldBack: errands + messages };
}

/** Verdicts that began before may have been told by the daemon whose ledger was lost. */
export function toldUntil(ledger: Ledger): Ms {
  return Number(ledger.setting(TOLD_UNTIL) ?? Number.NEGATIVE_INFINITY);
}

/** Up to when facts were lost; null = none were, or it has been said. */
export function lostUntil(ledger: Ledger): Ms | null {
  const at = ledger.setting(LOST_UNTIL);
  return at === null || at === '' ? null : Number(at);
}

/** When somebody vouched for the clock; null = nobody has. */
export function vouchedAt(ledger: Ledger): Ms | null {
  const at = ledger.setting(VOUCHED_AT);
  return at === null ? null : Number(at);
}

/** The clock of this machine is right. */
export function vouchForClock(database: DatabaseSync, at: Ms): void {
  database.prepare('insert or replace into setting (name, value) values (?, ?)').run(VOUCHED_AT, String(at));
}

export function noteLossSaid(ledger: Ledger): void {
  ledger.set(LOST_UNTIL, '');
}
