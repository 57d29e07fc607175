/** Reports that somebody waits for: progress, an end before they are done, and how many at once. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { NoReport, type ReportRequest } from '../../daemon/reports/report.ts';
import { MOST_RUNNING, MOST_UNFINISHED_EACH, type ReportJob, ReportJobs } from '../../daemon/reports/report-jobs.ts';
import { reportAnswer, reportLines } from '../../daemon/reports/report-thread.ts';
import type { CoreHall } from '../support/core-hall.ts';
import { plantedMonth, sourceOf } from '../support/planted-month.ts';

// Each report starts a thread; a busy machine takes a second for that alone.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MONTH: ReportRequest = {
  ...{ kind: 'month', period: '2026-03', asKnownAt: null, maskNames: false, employee: null, department: null },
} as const;

describe('in a thread', () => {
  let hall: CoreHall;
  beforeAll(() => {
    hall = plantedMonth();
  });
  afterAll(() => hall[Symbol.dispose]());
  const task = () => ({ source: sourceOf(hall), request: MONTH, files: null });

  test('every day that is done is told, in order, up to the last', async () => {
    const told: [number, number][] = [];
    const answer = await reportAnswer(task(), { onDay: (done, of) => void told.push([done, of]) });
    expect(JSON.parse('report' in answer ? answer.report : '')).toMatchObject({ period: '2026-03' });
    expect(told).toEqual(Array.from({ length: 31 }, (_, i) => [i + 1, 31]));
  });

  test('called off, it ends at once, and with the reason that was given', async () => {
    const calling = new AbortController();
    const days: number[] = [];
    const making = reportAnswer(task(), {
      signal: calling.signal,
      onDay: (done) => {
        days.push(done);
        calling.abort(new Error('enough'));
      },
    });
    await expect(making).rejects.toThrow('enough');
    const heard = days.length;
    expect(days[0]).toBe(1);
    await expect(reportAnswer(task(), { signal: calling.signal })).rejects.toThrow('enough');
    // The thread has ended with the call: no day is told any more.
    expect(days).toHaveLength(heard);
  });

  test('as lines: days, then the report; whoever stops reading ends it', async () => {
    let text = '';
    for await (const piece of reportLines(task())) text += Buffer.from(piece).toString();
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(32);
    expect(JSON.parse(lines[0] ?? '')).toEqual({ done: 1, of: 31 });
    expect(JSON.parse(lines[31] ?? '')).toMatchObject({ report: { period: '2026-03' } });
    const reader = reportLines(task()).getReader();
    await reader.read();
    await reader.cancel();
    expect((await reader.read()).done).toBe(true);
  });
});

describe('jobs', () => {
  /** What is being made, by its period, and a hand on each. */
  function workshop() {
    let now = 0;
    const making = new Map<string, PromiseWithResolvers<void>>();
    const failures: unknown[] = [];
    const jobs = new ReportJobs<null>({
      async make(request, _wish, { signal, onDay }) {
        const hand = Promise.withResolvers<void>();
        making.set(request.period, hand);
        signal.addEventListener('abort', () => hand.reject(signal.reason));
        onDay(3, 31);
        await hand.promise;
        making.delete(request.period);
        return { name: `${request.period}.json`, content: '{}' };
      },
      now: () => now,
      failed: (error) => void failures.push(error),
    });
    const start = (owner: string, period: string): ReportJob<null> => {
      const job = jobs.start(owner, { ...MONTH, period }, null);
      if (job === null) throw new Error(`${owner} may not start ${period}`);
      return job;
    };
    const finish = (job: ReportJob<null>, error?: unknown): Promise<void> => {
      const hand = making.get(job.request.period);
      if (error === undefined) hand?.resolve();
      else hand?.reject(error);
      return job.ended;
    };
    const wait = (lengthMs: number): void => {
      now += lengthMs;
    };
    return { jobs, start, finish, failures, wait };
  }
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test('so many run at once, the others wait for their turn', async () => {
    const { start, finish } = workshop();
    const all = ['a', 'b', 'c', 'd'].map((owner) => start(owner, owner));
    await turn();
    const states = (): string[] => all.map(({ state }) => state);
    expect(states()).toEqual(['running', 'running', 'waiting', 'waiting']);
    expect(states().filter((state) => state === 'running')).toHaveLength(MOST_RUNNING);
    expect(all[0]).toMatchObject({ progress: { done: 3, of: 31 }, file: null });
    await finish(all[1] as ReportJob<null>);
    await turn();
    expect(states()).toEqual(['running', 'done', 'running', 'waiting']);
    expect(all[1]?.file?.name).toBe('b.json');
  });

  test('of one person so many, whether they run or wait; of another’s nothing is known', async () => {
    const { jobs, start, finish } = workshop();
    const own = Array.from({ length: MOST_UNFINISHED_EACH }, (_, i) => start('a', `${i}`));
    await turn();
    expect(jobs.start('a', MONTH, null)).toBeNull();
    const [first] = own as [ReportJob<null>];
    expect(jobs.find('b', first.id)).toBeNull();
    expect(jobs.find('a', first.id)).toBe(first);
    expect(start('b', 'x').state).toBe('waiting');
    await finish(first);
    expect(jobs.start('a', MONTH, null)).not.toBeNull();
  });

  test('called off: a waiting one gives up its place, a running one makes room', async () => {
    const { jobs, start } = workshop();
    const [one, two, three, four] = ['a', 'b', 'c', 'd'].map((owner) => start(owner, owner)) as ReportJob<null>[];
    await turn();
    jobs.cancel(three as ReportJob<null>);
    jobs.cancel(one as ReportJob<null>);
    await Promise.all([one?.ended, three?.ended]);
    await turn();
    expect([one, two, three, four].map((job) => job?.state)).toEqual(['cancelled', 'running', 'cancelled', 'running']);
    jobs.cancel(one as ReportJob<null>);
    expect(jobs.find('a', one?.id ?? '')).toBeNull();
  });

  test('why there is none is kept, and a fault of ours is told', async () => {
    const { start, finish, failures } = workshop();
    const [none, failed] = [start('a', '1'), start('a', '2')];
    await turn();
    await finish(none, new NoReport('future', '2026-04-01'));
    await finish(failed, new Error('disk'));
    expect([none, failed]).toMatchObject([
      { state: 'none', error: { reason: 'future' } },
      { state: 'failed', error: { message: 'disk' } },
    ]);
    expect(failures).toEqual([new Error('disk')]);
  });

  test('the newest few are kept for a while', async () => {
    const { jobs, start, finish, wait } = workshop();
    const made: ReportJob<null>[] = [];
    for (let i = 0; i < 5; i++) {
      const job = start('a', `${i}`);
      await turn();
      await finish(job);
      made.push(job);
    }
    const kept = (): boolean[] => made.map(({ id }) => jobs.find('a', id) !== null);
    expect(kept()).toEqual([false, false, true, true, true]);
    wait(10 * 60_000 + 1);
    expect(kept()).toEqual([false, false, false, false, false]);
  });
});
