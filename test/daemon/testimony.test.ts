/** What one source says of windows, as facts. */
import { expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { Testimony } from '../../daemon/cameras/testimony.ts';
import type { PresenceFact } from '../../rules/facts.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

const { hall } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });
const at = (time: string): number => Date.parse(`2026-03-02T${time}+08:00`);

function scene(): { readonly testimony: Testimony; readonly facts: PresenceFact[] } {
  const facts: PresenceFact[] = [];
  const windows = ['W1', 'W2'];
  return {
    testimony: new Testimony({ hall, source: 'nvr/frigate', windows, offer: (fact) => facts.push(fact) }),
    facts,
  };
}
const lines = (facts: readonly PresenceFact[]): string[] =>
  facts.map((fact) => `${new Date(fact.at + 8 * 3_600_000).toISOString().slice(11, 23)} ${fact.window} ${fact.state}`);

test('is said when it changes, of its own windows only', () => {
  const { testimony, facts } = scene();
  expect(testimony.say('W1', 'occupied', at('09:00:00'))).toBe(true);
  expect(testimony.say('W1', 'occupied', at('09:00:01'))).toBe(false);
  expect(testimony.say('W9', 'occupied', at('09:00:01'))).toBe(false);
  testimony.sayNothingKnown(at('09:00:02'));
  testimony.sayNothingKnown(at('09:00:03'));
  expect(lines(facts)).toEqual(['09:00:00.000 W1 occupied', '09:00:02.000 W1 unknown', '09:00:02.000 W2 unknown']);
  expect(facts.every(({ source }) => source === 'nvr/frigate')).toBe(true);
  expect(new Set(facts.map(({ id }) => id)).size).toBe(3);
});

test('comes later than what was said of the window before, though it be by a millisecond', () => {
  const { testimony, facts } = scene();
  testimony.say('W1', 'occupied', at('09:00:00'));
  testimony.say('W1', 'empty', at('09:00:00'));
  testimony.say('W1', 'unknown', at('08:59:00'));
  testimony.say('W2', 'occupied', at('09:00:00'));
  expect(lines(facts)).toEqual([
    '09:00:00.000 W1 occupied',
    '09:00:00.001 W1 empty',
    '09:00:00.002 W1 unknown',
    '09:00:00.000 W2 occupied',
  ]);
});

test('is said again on each new day of the hall, and as unknown before anything is known', () => {
  const { testimony, facts } = scene();
  testimony.sayAgain(at('08:00:00'));
  testimony.sayAgain(at('08:00:01'));
  testimony.say('W1', 'occupied', at('09:00:00'));
  // Its day goes on until four in the morning.
  testimony.sayAgain(Date.parse('2026-03-03T03:59:59+08:00'));
  testimony.sayAgain(Date.parse('2026-03-03T04:00:00+08:00'));
  expect(lines(facts)).toEqual([
    '08:00:00.000 W1 unknown',
    '08:00:00.000 W2 unknown',
    '09:00:00.000 W1 occupied',
    '04:00:00.000 W1 occupied',
    '04:00:00.000 W2 unknown',
  ]);
});
