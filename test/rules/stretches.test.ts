/** What lasts for a stretch of time is found by whatever it overlaps, however long it is. Times are UTC, in days of 1970. */
import { describe, expect, test } from 'vitest';
import type { AssignFact } from '../../rules/facts.ts';
import { Stretches } from '../../rules/stretches.ts';
import { DAY_LENGTH, HOUR } from '../../rules/time.ts';

const day = (number: number, hour = 0): number => number * DAY_LENGTH + hour * HOUR;

function assign(id: string, from: number, to: number | null): AssignFact {
  return { fact: 'assign', id, recordedAt: 0, window: 'W', role: 'A', employees: ['e1'], from, to };
}

function stretchesOf(...facts: readonly AssignFact[]): Stretches<AssignFact> {
  const stretches = new Stretches<AssignFact>();
  for (const fact of facts) stretches.add('W', fact);
  return stretches;
}

const found = (stretches: Stretches<AssignFact>, from: number, to: number): string[] =>
  stretches.touching('W', { from, to }).map(({ id }) => id);

describe('what overlaps a stretch is found', () => {
  const [morning, night, week] = [
    assign('morning', day(10, 8), day(10, 12)),
    assign('night', day(10, 22), day(11, 6)),
    assign('week', day(9), day(16)),
  ];

  test.each<[what: string, from: number, to: number, wanted: readonly string[]]>([
    ['each once, by its start', day(9), day(12), ['week', 'morning', 'night']],
    ['some of a day', day(10, 9), day(10, 10), ['week', 'morning']],
    ['not what ends then', day(10, 12), day(10, 13), ['week']],
    ['not what begins then', day(10, 7), day(10, 8), ['week']],
    ['what began on the day before', day(11, 5), day(11, 7), ['week', 'night']],
    ['nothing after all of it', day(16), day(20), []],
  ])('%s', (_, from, to, wanted) => expect(found(stretchesOf(morning, night, week), from, to)).toEqual(wanted));

  test('of one subject, and of all', () => {
    const stretches = stretchesOf(morning);
    stretches.add('V', night);
    expect(found(stretches, day(10), day(11))).toEqual(['morning']);
    expect([stretches.of('V'), stretches.of('U'), stretches.all()]).toEqual([[night], [], [morning, night]]);
    expect(new Stretches<AssignFact>().touching('W', { from: 0, to: 1 })).toEqual([]);
  });
});

describe('what lasts', () => {
  test.each<[what: string, from: number, to: number | null]>([
    ['a hundred days', day(10), day(110)],
    ['a hundred and one days', day(10), day(111)],
    ['two hundred days', day(10), day(210)],
    ['until further notice', day(10), null],
  ])('%s is found in its middle and at its end, and not once it is taken back', (_, from, to) => {
    const fact = assign('long', from, to);
    const stretches = stretchesOf(fact, assign('short', day(60), day(60, 1)));
    expect(found(stretches, day(60), day(61))).toEqual(['long', 'short']);
    expect(found(stretches, (to ?? day(500)) - 1, to ?? day(500))).toEqual(['long']);
    expect(found(stretches, day(9), day(10))).toEqual([]);
    stretches.remove('W', fact);
    expect(found(stretches, day(60), day(61))).toEqual(['short']);
    expect(found(stretches, day(10), day(11))).toEqual([]);
  });
});
