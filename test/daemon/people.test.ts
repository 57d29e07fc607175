/** People as facts through a daemon's life: each is expected on their own days, and every way to judge them says the same. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { replayLedger } from '../../daemon/demo/replayed.ts';
import { answer } from '../../daemon/explain/question.ts';
import { ledgerSource } from '../../daemon/explain/sources.ts';
import { makeReport } from '../../daemon/reports/make.ts';
import { DAY_LENGTH } from '../../rules/time.ts';
import { auditOf } from '../support/audited-hall.ts';
import { CoreHall } from '../support/core-hall.ts';
import { ALL } from '../support/kept-reports.ts';
import { rowsOf } from '../support/report-rows.ts';
import { on } from '../support/small-hall.ts';

const week = ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => `${day}: ["09:00-12:00"]`).join(', ');
const hallWith = (e1: string): string => `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { standard: { punches: in, weekly: { ${week} } } }
departments: [{ id: gaj, name: 公安局 }, { id: swj, name: 税务局 }]
employees: [{ id: e1, name: 徐敏, department: ${e1}, schedule: standard }]
windows: [{ id: W1, schedule: standard, a: e1 }]
clocks: [{ id: clock-1 }]
`;

let hall: CoreHall;
beforeEach(() => {
  hall = new CoreHall({ yaml: hallWith('gaj'), startsAt: on('2026-03-02 08:00:00') });
  hall.online();
});
afterEach(() => hall[Symbol.dispose]());

const entry = (id: string, employee: string, department: string, from: string, to: string | null = null) => ({
  fact: 'employee',
  id,
  employee,
  name: employee === 'e1' ? '徐敏' : '王五',
  department,
  schedule: 'standard',
  from: on(`${from} 00:00:00`),
  to: to === null ? null : on(`${to} 00:00:00`),
});

/** `03-02 e1 gaj`: who was absent when, of which department. */
const absences = (of = hall): string[] =>
  of.core.engine.verdicts().flatMap(({ rule, employee, department, from }) => {
    return rule === 'absent' ? [`${of.text(from).slice(5, 10)} ${employee} ${department}`] : [];
  });

/** The ledger's own words, a replay of its facts, the audit and a start afresh: all alike. */
function expectOneTruth(): void {
  const { core } = hall;
  expect(replayLedger(core).difference).toBeNull();
  const { broken, differing } = auditOf(hall);
  expect([...broken.kept, ...differing.kept]).toEqual([]);
  const before = absences();
  hall.restart();
  expect(hall.core.differing).toBe(0);
  expect(absences()).toEqual(before);
}

describe('a person', () => {
  test('who comes is expected from the first day on, also one that is told of late', async () => {
    await hall.record(entry('m1', 'e9', 'swj', '2026-03-04'));
    hall.pass(on('2026-03-05 18:00:00'));
    expect(absences()).toEqual([
      '03-02 e1 gaj',
      '03-03 e1 gaj',
      '03-04 e1 gaj',
      '03-04 e9 swj',
      '03-05 e1 gaj',
      '03-05 e9 swj',
    ]);
    await hall.record(entry('m2', 'e8', 'gaj', '2026-03-05'));
    expect(absences()).toContain('03-05 e8 gaj');
    expect(absences()).not.toContain('03-04 e8 gaj');
    expectOneTruth();
  });

  test('who left is accused of nothing afterwards, however late that becomes known', async () => {
    hall.pass(on('2026-03-05 18:00:00'));
    expect(absences()).toHaveLength(4);
    await hall.record(entry('m1', 'e1', 'gaj', '2026-03-03', '2026-03-04'));
    expect(absences()).toEqual(['03-02 e1 gaj', '03-03 e1 gaj']);
    const retracted = [...hall.core.history.changes()].filter(
      ({ op, verdict }) => op === 'retract' && verdict.rule === 'absent',
    );
    expect(retracted.map(({ cause }) => cause)).toEqual([{ facts: ['m1'] }, { facts: ['m1'] }]);
    hall.pass(on('2026-03-06 18:00:00'));
    // The first day is no longer in memory.
    expect(absences()).toEqual(['03-03 e1 gaj']);
    expectOneTruth();
  });

  test('who moved belongs to the department of the day, in verdicts and reports', async () => {
    hall.pass(on('2026-03-05 18:00:00'));
    await hall.record(entry('m1', 'e1', 'swj', '2026-03-04'));
    expect(absences()).toEqual(['03-02 e1 gaj', '03-03 e1 gaj', '03-04 e1 swj', '03-05 e1 swj']);
    const week = { ...ALL, kind: 'week', period: '2026-W10' } as const;
    const of = (department: string) => {
      const report = makeReport(hall.core.reportSource, { ...week, department });
      return rowsOf(report, 'people').map(({ employee, missed }) => ({ employee, missed }));
    };
    expect(of('gaj')).toEqual([{ employee: 'e1', missed: 2 }]);
    expect(of('swj')).toEqual([{ employee: 'e1', missed: 2 }]);
    expectOneTruth();
  });

  test('is again as before when the fact is cancelled', async () => {
    await hall.record(entry('m1', 'e1', 'swj', '2026-03-02', '2026-03-03'), entry('m2', 'e9', 'swj', '2026-03-03'));
    hall.pass(on('2026-03-04 18:00:00'));
    expect(absences()).toEqual(['03-02 e1 swj', '03-03 e9 swj', '03-04 e9 swj']);
    const cancel = (id: string, target: string) => ({ fact: 'cancel', id, at: hall.now, target });
    await hall.record(cancel('q1', 'm1'), cancel('q2', 'm2'));
    expect(absences()).toEqual(['03-02 e1 gaj', '03-03 e1 gaj', '03-04 e1 gaj']);
    expectOneTruth();
  });

  test('is what the configuration says once it says something else, and not because it is accepted again', async () => {
    await hall.record(entry('m1', 'e1', 'swj', '2026-03-03'));
    const accept = (yaml: string) => {
      const loaded = parseConfig(yaml, 'hall.yaml', { env: {}, lang: 'en' });
      hall.core.accept({ ...loaded, config: { ...loaded.config, data: hall.loaded.config.data } });
    };
    accept(`${hallWith('gaj')}rules: { lateGrace: 6m }\n`);
    hall.pass(on('2026-03-03 18:00:00'));
    expect(hall.core.hall.employees.get('e1')?.department).toBe('swj');
    accept(hallWith('~'));
    hall.pass(on('2026-03-04 18:00:00'));
    expect(absences()).toEqual(['03-02 e1 gaj', '03-03 e1 swj', '03-04 e1 null']);
    expect(replayLedger(hall.core).difference).toBeNull();
    expect(auditOf(hall).differing.kept).toEqual([]);
  });
});

test('who is whose is in the explanation', async () => {
  await hall.record(entry('m1', 'e9', 'swj', '2026-03-02'));
  hall.pass(on('2026-03-02 18:00:00'));
  const asked = (lang: 'en' | 'zh') =>
    answer(ledgerSource(hall.core), { id: 'absent/e9/2026-03-02/1', lang, json: false }).out;
  expect(asked('en')).toContain('By employee fact m1 (王五 (e9) of swj, 2026-03-02 00:00:00 on).');
  expect(asked('zh')).toContain('依据人员记录 m1');
});

test('many who are entered at once are judged at once', async () => {
  const many = Array.from({ length: 500 }, (_, i) => entry(`m${i}`, `n${i}`, 'swj', '2026-03-02'));
  await hall.record(...many);
  hall.sleep(DAY_LENGTH / 2);
  hall.core.live.wake();
  expect(absences()).toHaveLength(501);
});
