/** Reports through the API: who may read what, what is wrong, and jobs. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Report } from '../../daemon/reports/report.ts';
import { PEOPLE } from '../support/planted-month.ts';
import { openReportHall, type ReportHall } from '../support/report-hall.ts';
import { rowsOf } from '../support/report-rows.ts';
import { until } from '../support/until.ts';

// Each report starts a thread; a busy machine takes a second for that alone.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let hall: ReportHall;
let supervisor: string;
let chief: string;
let employee: string;
let month: Report;
const MONTH = '/api/v1/reports/month/2026-03';
const DAY = '/api/v1/reports/day/2026-03-05';

beforeAll(async () => {
  hall = await openReportHall();
  supervisor = hall.tokenOf(['supervisor']);
  chief = hall.tokenOf(['chief'], { departments: ['zjj'] });
  employee = hall.tokenOf(['employee'], { employee: 'e1' });
  month = (await (await hall.ask(supervisor, MONTH)).json()) as Report;
});
afterAll(() => hall[Symbol.asyncDispose]());

const statusOf = async (token: string, path: string): Promise<number> => (await hall.ask(token, path)).status;

describe('who reads what', () => {
  test('a chief their department and the people in it, an employee themself', async () => {
    expect(await statusOf(chief, MONTH)).toBe(403);
    expect(await statusOf(chief, `${MONTH}?department=gaj`)).toBe(403);
    expect(await statusOf(chief, `${MONTH}?employee=e3`)).toBe(403);
    expect(await statusOf(employee, MONTH)).toBe(403);
    expect(await statusOf(employee, `${MONTH}?employee=e2`)).toBe(403);
    expect(await statusOf(employee, `${MONTH}?department=gaj`)).toBe(403);
    const [ofDepartment, ofOne, own] = (await Promise.all([
      hall.ask(chief, `${MONTH}?department=zjj`).then((response) => response.json()),
      hall.ask(chief, `${MONTH}?department=zjj&employee=e3`).then((response) => response.json()),
      hall.ask(employee, `${MONTH}?employee=e1`).then((response) => response.json()),
    ])) as [Report, Report, Report];
    expect(rowsOf(ofDepartment, 'people').map((row) => row['employee'])).toEqual(['e3', 'e4', 'e5']);
    expect(rowsOf(ofOne, 'people').map((row) => row['employee'])).toEqual(['e3']);
    expect(rowsOf(own, 'people').map((row) => row['employee'])).toEqual(['e1']);
    for (const { id, name } of PEOPLE.filter(({ department }) => department !== 'zjj')) {
      expect(JSON.stringify(ofDepartment), id).not.toContain(JSON.stringify(name).slice(1, -1));
    }
    // Somebody of another department is, in theirs, nobody.
    const other = await hall.ask(chief, `${MONTH}?department=zjj&employee=e1`);
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([404, 'no-employee']);
  });

  test('they can choose from what they may read', async () => {
    const choices = async (token: string) => (await (await hall.ask(token, '/api/v1/reports')).json()) as never;
    expect(await choices(supervisor)).toMatchObject({
      ...{ ofHall: true, today: '2026-04-01', judgeFrom: '2026-03-04', recordedFrom: '2026-03-01' },
      departments: [{ id: 'gaj' }, { id: 'zjj' }],
      employees: PEOPLE.map(({ id, name }) => ({ id, name })),
    });
    expect(await choices(chief)).toMatchObject({
      ofHall: false,
      departments: [{ id: 'zjj' }],
      employees: [{ id: 'e3' }, { id: 'e4' }, { id: 'e5' }],
    });
    expect(await choices(employee)).toMatchObject({ ofHall: false, departments: [], employees: [{ id: 'e1' }] });
  });

  test('every reading is recorded, and nothing that was refused', async () => {
    const before = hall.readings().length;
    await statusOf(chief, MONTH);
    await statusOf(supervisor, '/api/v1/reports/month/2026-05');
    expect(hall.readings()).toHaveLength(before);
    await (await hall.ask(supervisor, `${MONTH}?format=csv&sheet=people`)).text();
    expect(hall.readings()).toHaveLength(before + 1);
    expect(hall.readings()[0]).toMatchObject({ detail: { name: 'suixian-month-2026-03-people.csv' } });
  });
});

describe('what is wrong is said', () => {
  test.each([
    ['/api/v1/reports/decade/2026', 400, undefined],
    [`${MONTH}?format=doc`, 400, undefined],
    [`${MONTH}?format=csv`, 400, undefined],
    [`${MONTH}?asKnownAt=yesterday`, 400, undefined],
    [`${MONTH}?colour=red`, 400, undefined],
    ['/api/v1/reports/month/2026-02', 404, 'commissioning'],
    ['/api/v1/reports/month/2026-05', 404, 'future'],
    [`${MONTH}?department=%3Cb%3E`, 404, 'no-department'],
    ['/api/v1/reports/year/2026?format=csv&sheet=matrix', 404, 'no-sheet'],
    ['/api/v1/report-jobs/unknown', 404, 'no-job'],
  ])('%s: %i %s', async (path, status, code) => {
    const response = await hall.ask(supervisor, path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, detail: expect.stringMatching(/\S/), ...(code && { code }) });
  });

  test('a body that is none is refused', async () => {
    for (const body of ['{', '{}', JSON.stringify({ kind: 'month', period: 7 })]) {
      expect((await hall.ask(supervisor, '/api/v1/report-jobs', { method: 'POST', body })).status, body).toBe(422);
    }
  });
});

interface Job {
  readonly id: string;
  readonly state: string;
  readonly file: string | null;
  readonly code?: string;
  readonly progress: { readonly done: number; readonly of: number } | null;
}

async function begin(
  token: string,
  wish: object,
): Promise<{ readonly status: number; readonly job: Job; readonly at: string }> {
  const response = await hall.ask(token, '/api/v1/report-jobs', { method: 'POST', body: JSON.stringify(wish) });
  return { status: response.status, job: (await response.json()) as Job, at: response.headers.get('Location') ?? '' };
}

const jobAt = async (token: string, at: string): Promise<Job> => (await (await hall.ask(token, at)).json()) as Job;

async function endOf(token: string, at: string): Promise<Job> {
  return await until(
    async () => {
      const job = await jobAt(token, at);
      return job.state === 'waiting' || job.state === 'running' ? null : job;
    },
    { timeoutMs: 30_000, what: 'the end of a job' },
  );
}

describe('jobs', () => {
  test('begin, are looked at, and give the same report', async () => {
    const { status, job, at } = await begin(supervisor, { kind: 'month', period: '2026-03' });
    expect([status, job.state, at]).toEqual([
      202,
      expect.stringMatching(/waiting|running/),
      `/api/v1/report-jobs/${job.id}`,
    ]);
    expect((await hall.ask(supervisor, `${at}/file`)).status).toBe(409);
    expect(await endOf(supervisor, at)).toMatchObject({
      state: 'done',
      file: 'suixian-month-2026-03.json',
      progress: { done: 31, of: 31 },
    });
    expect(await (await hall.ask(supervisor, `${at}/file`)).json()).toEqual(month);
    // It is nobody else's.
    const other = hall.tokenOf(['supervisor']);
    expect([await statusOf(other, at), await statusOf(other, `${at}/file`)]).toEqual([404, 404]);
  });

  test('a report that there is none of says why', async () => {
    const { at } = await begin(supervisor, { kind: 'month', period: '2026-05', lang: 'zh' });
    expect(await endOf(supervisor, at)).toMatchObject({
      state: 'none',
      code: 'future',
      detail: '2026-05 还没有开始：数据到 2026-04-01',
    });
    expect((await begin(chief, { kind: 'month', period: '2026-03' })).status).toBe(403);
  });

  test('are called off, and not more than three of one person are under way', async () => {
    const own = hall.tokenOf(['manager']);
    const begun = await Promise.all([1, 2, 3].map(() => begin(own, { kind: 'year', period: '2026' })));
    const fourth = await begin(own, { kind: 'year', period: '2026' });
    // Three of a machine that is quick may have ended meanwhile; but not all of them before the fourth was asked for.
    expect(fourth).toMatchObject({ status: 429, job: { code: 'too-many' } });
    expect((await hall.ask(own, MONTH)).status).toBe(429);
    for (const { at } of begun) expect((await hall.ask(own, at, { method: 'DELETE' })).status).toBe(204);
    for (const { at } of begun) expect(['cancelled', undefined]).toContain((await jobAt(own, at)).state);
    expect((await hall.ask(own, MONTH)).status).toBe(200);
  });

  test('whoever hangs up while a report is made ends it', async () => {
    const own = hall.tokenOf(['manager']);
    const hangingUp = new AbortController();
    const asked = [1, 2, 3].map(() => hall.ask(own, '/api/v1/reports/year/2026', { signal: hangingUp.signal }));
    await until(async () => (await hall.ask(own, DAY)).status === 429, { timeoutMs: 30_000, what: 'three at once' });
    hangingUp.abort();
    await Promise.allSettled(asked);
    await until(async () => (await hall.ask(own, DAY)).status === 200, { timeoutMs: 30_000, what: 'room for another' });
  });
});
