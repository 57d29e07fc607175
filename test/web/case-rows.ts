/** Cases as the daemon sends them, for tests of what shows them. */
import type { CaseDetail, CaseRow, CaseVerdict, Done } from '../../web/cases/case-data.ts';

export const FRIDAY = '2026-11-20';

export const friday = (clock: string): string => `${FRIDAY}T${clock}:00+08:00`;

export const done = (by: string, clock: string, reason: string | null = null): Done => ({
  by: `user:${by}`,
  byName: null,
  at: friday(clock),
  reason,
});

export const verdict = (more: Partial<CaseVerdict> = {}): CaseVerdict => ({
  rule: 'left-post',
  name: '脱岗',
  id: 'left-post/W17/2026-11-20/1/100500',
  state: 'closed',
  session: 1,
  employee: 'e17',
  window: 'W17',
  from: friday('10:05'),
  to: friday('10:26'),
  minutes: 21,
  ...more,
});

/** W17 left from 10:05 to 10:26, and nobody has dealt with it. */
export const row = (more: Partial<CaseRow> = {}): CaseRow => ({
  case: 'C-1',
  alert: 'C-1',
  date: FRIDAY,
  session: 1,
  family: 'post',
  window: 'W17',
  windowName: '取水许可',
  employee: 'e17',
  employeeName: '刘丽',
  department: 'd09',
  departmentName: '水利局',
  own: false,
  state: 'closed',
  revision: 'r1',
  from: friday('10:05'),
  to: friday('10:26'),
  text: 'W17 取水许可窗口 脱岗：10:05—10:26，共 21 分钟，当时负责的是 刘丽。',
  verdicts: [verdict()],
  acknowledged: null,
  cleared: null,
  decision: 'none',
  decided: null,
  delivered: null,
  appeal: null,
  appealDecided: null,
  appealUntil: null,
  appealLastDay: null,
  review: false,
  finalAt: null,
  may: [],
  ...more,
});

export const detail = (more: Partial<CaseDetail> = {}): CaseDetail => ({
  ...row(),
  asOf: friday('10:31'),
  today: FRIDAY,
  timezone: 'Asia/Shanghai',
  people: [
    { employee: 'e17', name: '刘丽', role: 'A' },
    { employee: 'e39', name: '马涛', role: 'B' },
  ],
  deeds: [],
  notes: [],
  history: [{ at: friday('10:20'), op: 'open', text: '…', cause: { deadline: true }, kinds: [] }],
  ...more,
});
