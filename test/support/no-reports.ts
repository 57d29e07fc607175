/** Reports of a server behind which there is no hall: there are none. */
import type { ReportsOptions } from '../../daemon/http/reports-api.ts';
import { NoReport } from '../../daemon/reports/report.ts';
import { ReportJobs } from '../../daemon/reports/report-jobs.ts';
import { reportWords } from '../../daemon/reports/words.ts';
import { testAccess } from './access.ts';

export function noReports(): ReportsOptions {
  const make = (): Promise<never> => Promise.reject(new NoReport('empty', 'nowhere'));
  const nothing = { today: '2026-03-02', latestAt: '2026-03-02T08:00:00+08:00', recordedFrom: null, judgeFrom: null };
  const hall = { id: 'test', name: 'test', timezone: 'Asia/Shanghai' };
  return {
    access: testAccess().access,
    jobs: new ReportJobs({ make, now: () => 0, failed: () => {} }),
    choices: async (_, lang) => ({
      hall,
      ...nothing,
      words: reportWords(lang),
      formats: [],
      ofHall: false,
      departments: [],
      employees: [],
    }),
  };
}
