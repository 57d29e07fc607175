/** Which configuration is in force: by the instant from which it is, and of several from one instant the last that became known. */
import { describe, expect, test } from 'vitest';
import { Configs } from '../../rules/configs.ts';
import type { ConfigFact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { dayOfDate } from '../../rules/time.ts';
import { hallWith, instantAt } from '../support/hand-hall.ts';

const HALL = hallWith();
const compile = ({ hash }: ConfigFact): Hall => ({ ...HALL, config: hash });
const day = (date: string): number => dayOfDate(date) ?? 0;

/** Accepted on the first of March, unless said otherwise. */
function config(hash: string, effectiveFrom: string, more: Partial<ConfigFact> = {}): ConfigFact {
  const known = { at: instantAt('2026-03-01 08:00:00'), recordedAt: instantAt('2026-03-01 08:00:00') };
  return { fact: 'config', id: hash, hash, effectiveFrom: instantAt(effectiveFrom), judging: {}, ...known, ...more };
}

function configsOf(...facts: readonly ConfigFact[]): Configs {
  const configs = new Configs(compile, null);
  for (const fact of facts) configs.add(fact);
  return configs;
}

describe('a configuration', () => {
  // The hall's day starts at 04:00.
  const configs = configsOf(config('c2', '2026-03-04 04:00:00'), config('c1', '2026-03-02 04:00:00.001'));

  test.each([
    ['2026-03-01', 'c1', 'before the first, by the first'],
    ['2026-03-02', 'c1', 'on which the first takes effect'],
    ['2026-03-03', 'c1', 'before the second'],
    ['2026-03-04', 'c2', 'at whose start the second takes effect'],
    ['2026-03-05', 'c2', 'after it'],
  ])('judges %s: %s, the day %s', (date, hash) => {
    expect(configs.on(day(date))?.config).toBe(hash);
    expect(configs.factOn(day(date))?.hash).toBe(hash);
  });

  test('that takes effect within a day does not judge that day', () => {
    const later = configsOf(config('c1', '2026-03-01 04:00:00'), config('c2', '2026-03-02 04:00:00.001'));
    expect(later.on(day('2026-03-02'))?.config).toBe('c1');
    expect(later.factOn(day('2026-03-02'))?.hash).toBe('c1');
    expect(later.on(day('2026-03-03'))?.config).toBe('c2');
    expect(later.factOn(day('2026-03-03'))?.hash).toBe('c2');
  });

  test.each([
    ['2026-03-01 00:00:00', 'c1'],
    ['2026-03-04 03:59:59.999', 'c1'],
    ['2026-03-04 04:00:00', 'c2'],
  ])('places %s: %s', (time, hash) => expect(configs.at(instantAt(time))?.config).toBe(hash));

  test('places an instant with the people that facts name, and nothing before there is one', () => {
    expect(new Configs(compile, null).at(instantAt('2026-03-04 12:00:00'))).toBeNull();
    const peopled = configsOf(config('c1', '2026-03-02 04:00:00'));
    const from = instantAt('2026-03-04 04:00:00');
    expect(peopled.withPeople(HALL, from)).toBe(HALL);
    peopled.learn([
      {
        fact: 'employee',
        id: 'n',
        recordedAt: 1,
        employee: 'n1',
        name: 'N',
        department: null,
        schedule: 's',
        from,
        to: null,
      },
    ]);
    expect(peopled.at(from)?.employees.get('n1')?.name).toBe('N');
  });

  test('is kept once, however often it comes', () => {
    const compiled: string[] = [];
    const counting = new Configs((fact) => {
      compiled.push(fact.hash);
      return compile(fact);
    }, null);
    for (const hash of ['c1', 'c2', 'c1', 'c2']) counting.add(config(hash, '2026-03-02 04:00:00'));
    expect(compiled).toEqual(['c1', 'c2']);
  });

  test('is the one without a fact where there is none', () => {
    const none = new Configs(compile, HALL);
    expect([none.on(0), none.at(0), none.factOn(0)]).toEqual([HALL, HALL, null]);
    expect([configsOf().on(0), configsOf().at(0), configsOf().factOn(0)]).toEqual([null, null, null]);
  });
});

describe('of several from one instant', () => {
  const at = '2026-03-02 04:00:00';
  const known = (time: string) => ({ recordedAt: instantAt(time) });
  const early = config('c9', at, known('2026-03-01 09:00:00'));
  const late = config('c1', at, known('2026-03-01 10:00:00'));
  const together = config('c2', at, known('2026-03-01 10:00:00'));

  test.each([
    ['the last known judges, whatever it is called', [early, late], 'c1'],
    ['also where it came first', [late, early], 'c1'],
    ['and of two known together the greater id', [late, together], 'c2'],
    ['in either order', [together, late], 'c2'],
    ['of three', [together, early, late], 'c2'],
  ])('%s', (_, facts, hash) => expect(configsOf(...facts).on(day('2026-03-02'))?.config).toBe(hash));
});

test('the first to take effect is whichever is before all others', () => {
  const configs = configsOf(config('c5', '2026-03-03 04:00:00'));
  expect(configsOf().wouldBeFirst(config('c1', '2026-03-03 04:00:00'))).toBe(true);
  expect(configs.wouldBeFirst(config('c9', '2026-03-03 03:59:59.999'))).toBe(true);
  expect(configs.wouldBeFirst(config('c1', '2026-03-03 04:00:00.001'))).toBe(false);
  expect(configs.wouldBeFirst(config('c4', '2026-03-03 04:00:00'))).toBe(true);
  expect(configs.wouldBeFirst(config('c6', '2026-03-03 04:00:00'))).toBe(false);
  expect(configs.wouldBeFirst(config('c5', '2026-03-03 04:00:00'))).toBe(false);
});
