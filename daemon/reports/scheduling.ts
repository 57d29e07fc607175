import type { LoadedConfig } from '../../config/load.ts';
import type { Language } from '../alerts/words.ts';
import type { Clock } from '../clock.ts';
import type { HallCore } from '../hall-core.ts';
import type { Log } from '../log.ts';
import { ReportSchedule } from './schedule.ts';

export interface SchedulingOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly language: Language;
}

/** The reports that a hall's configuration asks for. */
export function reportScheduleOf(
  { config }: LoadedConfig,
  core: HallCore,
  { clock, log, language }: SchedulingOptions,
): ReportSchedule {
  return new ReportSchedule({
    reports: config.reports,
    hall: () => core.hall,
    source: core.reportSource,
    ledger: core.ledger,
    outbox: core.outbox,
    address: config.http.address,
    settle: () => core.live.settle(),
    now: () => clock.now(),
    language,
    log,
  });
}
