/** What can be wrong with a clock, and since when it is: told to installers in plain words, and kept for the history of the device. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Ms } from '../../rules/time.ts';
import { Query } from '../ledger/query.ts';

/**
 * - `offline`: not heard any more; `detail`: why, in the words of its protocol
 * - `wrong-login`: it refuses our login, or we its
 * - `clock-off`: its clock is off by `detail` milliseconds
 * - `clock-set`: its clock was set meanwhile; what it stamped in between is kept aside
 * - `host-clock`: several devices agree, and not with this machine
 * - `unreached`: it cannot be called; `detail`: why
 * - `gap`: records `detail` (`from–to`) are missing and are being asked for
 * - `gap-left`: the same, and it cannot be asked for them
 * - `missing`: it has recorded `detail` more than came here
 * - `flood`: `detail` messages a second
 * - `set-aside`: what it sends cannot be taken; `detail`: the newest reason
 * - `undated`: the times of its touches cannot be believed, and it counts as away
 * - `two-devices`: two devices call themselves the same
 */
export type FaultCode =
  | 'offline'
  | 'wrong-login'
  | 'clock-off'
  | 'clock-set'
  | 'host-clock'
  | 'unreached'
  | 'gap'
  | 'gap-left'
  | 'missing'
  | 'flood'
  | 'set-aside'
  | 'undated'
  | 'two-devices';

export interface DeviceFault {
  readonly device: string;
  readonly code: FaultCode;
  readonly detail: string;
  readonly since: Ms;
  /** Null = it still is. */
  readonly until: Ms | null;
}

/** The faults of a hall's devices in the ledger's file; they are no facts, and prove nothing against anybody. */
export class FaultStore {
  readonly #hall: string;
  readonly #begin: StatementSync;
  readonly #end: StatementSync;
  readonly #endAll: StatementSync;
  readonly #newest: Query<DeviceFault>;

  constructor(database: DatabaseSync, hall: string) {
    this.#hall = hall;
    this.#begin = database.prepare(
      'insert into device_fault (hall, device, code, detail, since) values (?, ?, ?, ?, ?)',
    );
    this.#end = database.prepare(
      'update device_fault set until = ? where hall = ? and device = ? and code = ? and until is null',
    );
    this.#endAll = database.prepare('update device_fault set until = ? where hall = ? and until is null');
    this.#newest = new Query(
      database,
      'select device, code, detail, since, until from device_fault where hall = ? and device = ? order by since desc, seq desc limit ?',
    );
  }

  begin({ device, code, detail, since }: Omit<DeviceFault, 'until'>): void {
    this.#begin.run(this.#hall, device, code, detail, since);
  }

  end(device: string, code: FaultCode, at: Ms): void {
    this.#end.run(at, this.#hall, device, code);
  }

  /** What was wrong when we went away is found out anew. */
  endAll(at: Ms): void {
    this.#endAll.run(at, this.#hall);
  }

  /** Newest first. */
  newest(device: string, limit: number): DeviceFault[] {
    return this.#newest.all(this.#hall, device, limit);
  }
}
