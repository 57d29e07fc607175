/** Who is of the hall on a day: what is dated last by then holds, whoever said it. */
import { describe, expect, test } from 'vitest';
import { Configs } from '../../rules/configs.ts';
import type { ConfigFact, EmployeeFact } from '../../rules/facts.ts';
import { FIRST_DAY, type Hall, LAST_DAY } from '../../rules/hall.ts';
import { dateOf, dayOfDate } from '../../rules/time.ts';
import { hallWith, instantAt } from '../support/hand-hall.ts';

const DEPARTMENTS = ['a', 'b', 'c'].map((id) => ({ id, name: id }));
const written = (more: object = {}): Hall =>
  hallWith({
    departments: DEPARTMENTS,
    clocks: [{ id: 'k1' }, { id: 'k2', serves: ['b'] }],
    employees: [{ id: 'e1', name: 'E1', department: 'a', schedule: 's', credentials: ['1001'], ...more }],
  });

let count = 0;
/** Of a date, or of the second in which it begins to be too late. */
function entry(
  department: string,
  from: string,
  to: string | null = null,
  more: Partial<EmployeeFact> = {},
): EmployeeFact {
  count += 1;
  const at = (text: string): number => instantAt(text.includes(' ') ? text : `2026-${text} 00:00:00`);
  return {
    fact: 'employee',
    id: `m${count}`,
    recordedAt: count,
    employee: 'e1',
    name: 'E1',
    department,
    schedule: 's',
    from: at(from),
    to: to === null ? null : at(to),
    ...more,
  };
}

function configsOf(hall: Hall, ...facts: readonly EmployeeFact[]): Configs {
  const configs = new Configs(() => hall, hall);
  for (const fact of facts) configs.add(fact);
  return configs;
}

const shortDate = (day: number): string => (day === FIRST_DAY || day === LAST_DAY ? '∞' : dateOf(day).slice(5));

/** `b 03-03…∞` */
function said(configs: Configs, date: string, id = 'e1'): string {
  const found = configs.on(dayOfDate(`2026-${date}`) ?? 0)?.employees.get(id);
  return found === undefined ? 'nobody' : `${found.department} ${shortDate(found.from)}…${shortDate(found.until)}`;
}

describe('a person', () => {
  test.each<readonly [what: string, facts: readonly EmployeeFact[], days: Readonly<Record<string, string>>]>([
    ['is of the day', [entry('b', '03-03')], { '03-02': 'a ∞…∞', '03-03': 'b ∞…∞', '03-30': 'b ∞…∞' }],
    [
      'belongs for whole days only',
      [entry('b', '2026-03-03 00:00:01'), entry('c', '03-06', '2026-03-08 23:59:59')],
      { '03-03': 'a ∞…∞', '03-04': 'b ∞…∞', '03-06': 'c ∞…03-07' },
    ],
    [
      'does not become again what was before',
      [entry('b', '03-03', '03-05')],
      { '03-04': 'b ∞…03-04', '03-05': 'b ∞…03-04', '03-30': 'b ∞…03-04' },
    ],
    [
      'is back with the day of being back, where there was a gap',
      [entry('b', '03-03', '03-05'), entry('c', '03-06')],
      { '03-05': 'b ∞…03-04', '03-06': 'c 03-06…∞' },
    ],
    [
      'has been there all the time where there was none',
      [entry('b', '03-03', '03-05'), entry('c', '03-05')],
      { '03-05': 'c ∞…∞' },
    ],
    [
      'is what was dated last, not what was recorded last',
      [entry('c', '03-05'), entry('b', '03-03')],
      { '03-04': 'b ∞…∞', '03-05': 'c ∞…∞' },
    ],
    [
      'is of one date what was recorded last',
      [entry('c', '03-03', null, { recordedAt: 9e9 }), entry('b', '03-03')],
      { '03-03': 'c ∞…∞' },
    ],
    [
      'is of one date and one record what has the greater id',
      [entry('b', '03-03', null, { id: 'x', recordedAt: 1 }), entry('c', '03-03', null, { id: 'y', recordedAt: 1 })],
      { '03-03': 'c ∞…∞' },
    ],
  ])('%s', (_, facts, days) => {
    for (const order of [facts, [...facts].reverse()]) {
      const configs = configsOf(written(), ...order);
      expect(Object.fromEntries(Object.keys(days).map((date) => [date, said(configs, date)]))).toEqual(days);
    }
  });

  test('has the clocks and the schedule of the day, and keeps the numbers', () => {
    const configs = configsOf(written(), entry('b', '03-03'), entry('b', '03-05', null, { schedule: null }));
    const on = (date: string) => configs.on(dayOfDate(`2026-${date}`) ?? 0)?.employees.get('e1');
    expect(on('03-02')).toMatchObject({ clocks: ['k1'], schedule: { id: 's' }, credentials: ['1001'] });
    expect(on('03-03')).toMatchObject({ clocks: ['k1', 'k2'], schedule: { id: 's' }, credentials: ['1001'] });
    expect(on('03-05')).toMatchObject({ schedule: null, credentials: ['1001'] });
    // A schedule that this configuration does not have is none.
    expect(said(configsOf(written(), entry('b', '03-03', null, { schedule: 'gone' })), '03-03')).toBe('b ∞…∞');
  });

  test('whom the file does not know is there with a first day, and in no other hall for it', () => {
    const configs = configsOf(written(), entry('b', '03-03', null, { employee: 'n1' }));
    expect([said(configs, '03-02', 'n1'), said(configs, '03-03', 'n1')]).toEqual(['b 03-03…∞', 'b 03-03…∞']);
    expect(configs.on(0)).toBe(configs.on(dayOfDate('2026-03-30') ?? 0));
  });

  test('that the file has with dates is of them from the first on', () => {
    const configs = configsOf(written({ from: '2026-03-05', until: '2026-03-20' }), entry('b', '03-03'));
    expect(['03-02', '03-03', '03-05'].map((date) => said(configs, date))).toEqual([
      'a 03-05…03-20',
      'b 03-03…∞',
      'a 03-05…03-20',
    ]);
  });

  test('is forgotten as it was taken in', () => {
    const hall = written();
    const fact = entry('b', '03-03');
    const configs = configsOf(hall, fact);
    configs.remove(fact);
    expect(configs.on(dayOfDate('2026-03-04') ?? 0)).toBe(hall);
    const cancel = { fact: 'cancel', id: 'q1', at: 0, recordedAt: 0, target: fact.id } as const;
    const learned = new Configs(() => hall, hall);
    learned.learn([fact, cancel]);
    expect(learned.on(dayOfDate('2026-03-04') ?? 0)).toBe(hall);
  });
});

describe('a configuration', () => {
  const HALLS: Readonly<Record<string, Hall>> = {
    a: written(),
    again: written(),
    c: written({ department: 'c' }),
    without: hallWith({ departments: DEPARTMENTS, employees: [{ id: 'e2', schedule: 's' }] }),
    moved: hallWith({
      departments: DEPARTMENTS,
      schedules: { s: { weekly: {} }, n: { weekly: {} } },
      employees: [{ id: 'e1', name: 'E1', department: 'a', schedule: 'n' }],
    }),
  };
  const compile = ({ hash }: ConfigFact): Hall => ({ ...(HALLS[hash] as Hall), config: hash });
  const accepted = (hash: string, date: string): ConfigFact => {
    const at = instantAt(`2026-${date} 04:00:00`);
    return { fact: 'config', id: `${hash} ${date}`, hash, at, recordedAt: at, effectiveFrom: at, judging: {} };
  };
  const configsOfFacts = (...facts: readonly (ConfigFact | EmployeeFact)[]): Configs => {
    const configs = new Configs(compile, null);
    for (const fact of facts) configs.add(fact);
    return configs;
  };

  test('that repeats a line says nothing anew; one that changes it does', () => {
    const configs = configsOfFacts(
      accepted('a', '03-01'),
      entry('b', '03-03'),
      accepted('again', '03-05'),
      accepted('c', '03-07'),
    );
    expect(['03-02', '03-03', '03-05', '03-07'].map((date) => said(configs, date))).toEqual([
      'a ∞…∞',
      'b ∞…∞',
      'b ∞…∞',
      'c ∞…∞',
    ]);
  });

  test.each<[what: string, facts: readonly (ConfigFact | EmployeeFact)[], wanted: string]>([
    ['that is the first has always said it', [entry('b', '03-03'), accepted('a', '03-05')], 'b'],
    [
      'that repeats the first has always said it, too',
      [entry('b', '03-03'), accepted('a', '03-05'), accepted('again', '03-07')],
      'b',
    ],
    ['is outranked by a fact of its date', [accepted('a', '03-01'), entry('b', '03-07'), accepted('c', '03-07')], 'b'],
    ['outranks a fact of the day before', [accepted('a', '03-01'), entry('b', '03-06'), accepted('c', '03-07')], 'c'],
    [
      'that has somebody whom the one before did not have says it anew',
      [accepted('without', '03-01'), entry('b', '03-03'), accepted('a', '03-05')],
      'a',
    ],
    [
      'that gives somebody another schedule says it anew',
      [accepted('a', '03-01'), entry('b', '03-03'), accepted('moved', '03-05')],
      'a',
    ],
    [
      'that goes back to what was written once says it anew',
      [
        accepted('c', '03-01'),
        accepted('a', '03-02'),
        entry('b', '03-03'),
        accepted('c', '03-05'),
        accepted('again', '03-07'),
      ],
      'a',
    ],
  ])('%s', (_, facts, wanted) => expect(said(configsOfFacts(...facts), '03-07').slice(0, 1)).toBe(wanted));

  test('that is accepted a second time is spoken of with the people of the second', () => {
    const facts = [accepted('a', '03-01'), entry('b', '03-03'), accepted('c', '03-05'), accepted('a', '03-07')];
    const now = instantAt('2026-03-04 12:00:00');
    const peopled = configsOfFacts(...facts).withPeople({ ...(HALLS['a'] as Hall), config: 'a' }, now);
    expect(peopled.employees.get('e1')?.department).toBe('a');
  });

  test('that is not known yet has nobody, whoever is known', () => {
    expect(configsOfFacts(entry('b', '03-03')).at(instantAt('2026-03-04 12:00:00'))).toBeNull();
  });

  test('that no day is judged by has said nothing', () => {
    const configs = configsOfFacts(
      accepted('a', '03-01'),
      entry('b', '03-03'),
      { ...accepted('c', '03-05'), recordedAt: 0 },
      { ...accepted('again', '03-05'), recordedAt: 1 },
    );
    expect(said(configs, '03-05')).toBe('b ∞…∞');
  });

  test('that does not have somebody leaves them to the facts', () => {
    const configs = configsOfFacts(accepted('a', '03-01'), entry('b', '03-03', '03-20'), accepted('without', '03-05'));
    expect(said(configs, '03-05')).toBe('b 03-03…03-19');
  });

  test('that is to come is spoken of with the people of its first day, and one that is not accepted as if it were from today on', () => {
    const configs = configsOfFacts(accepted('a', '03-01'), entry('b', '03-03'), accepted('c', '03-07'));
    const now = instantAt('2026-03-04 12:00:00');
    const departmentIn = (hash: string): string | null | undefined =>
      configs.withPeople({ ...(HALLS[hash] as Hall), config: hash }, now).employees.get('e1')?.department;
    expect([departmentIn('a'), departmentIn('c'), departmentIn('again')]).toEqual(['b', 'c', 'a']);
    expect(configs.withPeople(HALLS['a'] as Hall, now)).toBe(configs.withPeople(HALLS['a'] as Hall, now));
  });
});
