/** Makes a report of a data directory: read-only, beside whoever writes to it. */
import { readLedger, UnreadableLedger } from '../ledger/read-only.ts';
import { buildReport } from './build.ts';
import { Known } from './known.ts';
import { parsePeriod } from './period.ts';
import { NoReport, type Report, type ReportRequest } from './report.ts';

/** Where the ledger is, and whose. */
export interface ReportSource {
  readonly directory: string;
  readonly hall: string;
  /** Simulated punches count: in the demonstration only. */
  readonly countSimulated: boolean;
}

/** Throws `NoReport` where there is none to be made. */
export function makeReport({ directory, hall, countSimulated }: ReportSource, request: ReportRequest): Report {
  const period = parsePeriod(request.kind, request.period);
  if (period === null) throw new NoReport('no-period', request.period);
  try {
    return readLedger(directory, (database) => {
      const known = Known.in({ database, hall, at: request.asKnownAt, countSimulated });
      const isEmpty = known === null || (known.hall === null && request.asKnownAt === null);
      if (isEmpty) throw new NoReport('empty', directory);
      return buildReport(known, period, request);
    });
  } catch (error) {
    if (error instanceof UnreadableLedger) throw new NoReport(error.reason, directory, error);
    throw error;
  }
}
