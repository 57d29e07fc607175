/** Makes a report of a data directory: read-only, beside whoever writes to it. */
import { readLedger, UnreadableLedger } from '../ledger/read-only.ts';
import { buildReport, type DayProgress } from './build.ts';
import { KeptDays } from './kept-days.ts';
import { Known } from './known.ts';
import { parsePeriod } from './period.ts';
import { NoReport, type Report, type ReportRequest } from './report.ts';

/** Where the ledger is, and whose. */
export interface ReportSource {
  readonly directory: string;
  readonly hall: string;
  /** Simulated punches count: in the demonstration only. */
  readonly countSimulated: boolean;
  /** Working days for an appeal (`cases.appealDays`). */
  readonly appealDays: number;
}

/** Verdicts and cases of a month lie scattered over the ledger: read with the usual 2 MiB, a large hall's pages are read again and again. */
const CACHE_KIB = 64 * 1024;

/** Throws `NoReport` where there is none to be made. */
export function makeReport(source: ReportSource, request: ReportRequest, onDay: DayProgress = () => {}): Report {
  const { directory, hall, countSimulated, appealDays } = source;
  const period = parsePeriod(request.kind, request.period);
  if (period === null) throw new NoReport('no-period', request.period);
  try {
    return readLedger(directory, (database) => {
      database.exec(`pragma cache_size = -${CACHE_KIB}`);
      const known = Known.in({ database, hall, at: request.asKnownAt, countSimulated, appealDays });
      const isEmpty = known === null || (known.hall === null && request.asKnownAt === null);
      if (isEmpty) throw new NoReport('empty', directory);
      using kept = KeptDays.open({ directory, hall, countSimulated });
      return buildReport({ known, kept }, period, request, onDay);
    });
  } catch (error) {
    if (error instanceof UnreadableLedger) throw new NoReport(error.reason, directory, error);
    throw error;
  }
}
