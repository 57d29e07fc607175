/** A machine that begins a ledger by a wrong clock: nothing is there yet that would show it, but that it cannot be so early. */
import { formatInstant, type Ms } from '../../rules/time.ts';
import type { HallCore } from '../hall-core.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

/** No hall had this program before; clocks that lost their battery say 1970, 2000 or when the machine was made. */
const EARLIEST: Ms = Date.UTC(2026, 0, 1);

/** Ends the command; once the clock was set, every day in between would be judged, and everybody was absent. */
export function requirePossibleStart({ aliveAt, hall }: HallCore, now: Ms, io: Io): void {
  if (aliveAt !== null || now >= EARLIEST) return;
  const said = formatInstant(hall.zone, now);
  throw new Exit(
    EXIT.unavailable,
    tell(
      io,
      `本机的时间是 ${said}，不可能：账本从现在记起，等时间校准，其间的每一天都会对所有人判定。请先校准本机的时间。`,
      `this machine's time is ${said}, which cannot be: the ledger begins now, and once the clock was set every day in between would be judged for everybody. Set the clock first.`,
    ),
  );
}
