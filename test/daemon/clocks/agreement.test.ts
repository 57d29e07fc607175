/** Clocks that agree with a time of ours that is doubted. */
import { expect, test } from 'vitest';
import { parseConfig } from '../../../config/load.ts';
import { Agreement } from '../../../daemon/clocks/agreement.ts';
import { DAY_LENGTH, MINUTE } from '../../../rules/time.ts';

const NOW = Date.parse('2026-05-01T08:30:00+08:00');
const { config } = parseConfig(
  JSON.stringify({
    hall: { id: 'h1', name: '大厅', timezone: 'Asia/Shanghai' },
    calendar: { country: 'none' },
    clocks: [
      { id: 'own-1' },
      { id: 'own-2' },
      { id: 'own-3' },
      { id: 'pushed', profile: { kind: 'zkteco-push', serial: 'A1' } },
      { id: 'told', profile: { kind: 'sendlog', serial: 'A2' } },
    ],
    http: { devices: '127.0.0.1:0' },
    data: './data',
  }),
  'hall.yaml',
  { env: {}, lang: 'en' },
);

function doubtedBy(byMs: number | null) {
  let agreed = 0;
  const agreement = new Agreement({
    doubted: () => (byMs === null ? null : { noticedAt: NOW - byMs, byMs }),
    clockOf: (device) => config.clocks.find(({ id }) => id === device) ?? null,
    agreed: () => void agreed++,
  });
  return { agreement, agreed: () => agreed > 0 };
}

test('two clocks that show our time are enough, one that shows it again and again is not', () => {
  const { agreement, agreed } = doubtedBy(60 * DAY_LENGTH);
  agreement.shows('own-1', NOW + 4 * MINUTE);
  agreement.shows('own-1', NOW + 4 * MINUTE);
  expect(agreed()).toBe(false);
  agreement.shows('own-2', NOW - 4 * MINUTE);
  expect(agreed()).toBe(true);
});

test('so are touches of three people just now, or by two clocks', () => {
  const { agreement, agreed } = doubtedBy(60 * DAY_LENGTH);
  for (const person of ['e1', 'e1', 'e2']) agreement.touched('own-1', person, NOW - MINUTE);
  // Kept on its way since yesterday.
  agreement.touched('own-1', 'e3', NOW - DAY_LENGTH);
  expect(agreed()).toBe(false);
  agreement.touched('own-1', 'e3', NOW);
  expect(agreed()).toBe(true);
  const other = doubtedBy(60 * DAY_LENGTH);
  other.agreement.touched('own-1', 'e1', NOW);
  other.agreement.touched('own-2', 'e1', NOW);
  expect(other.agreed()).toBe(true);
});

test('a clock that shows another time is against it, until it shows ours', () => {
  const { agreement, agreed } = doubtedBy(60 * DAY_LENGTH);
  agreement.shows('own-3', NOW - 59 * DAY_LENGTH);
  agreement.shows('own-1', NOW);
  agreement.shows('own-2', NOW);
  expect(agreed()).toBe(false);
  agreement.shows('own-3', NOW);
  expect(agreed()).toBe(true);
});

test('a clock that has its time from us, or that nobody configured, says nothing', () => {
  const { agreement, agreed } = doubtedBy(60 * DAY_LENGTH);
  for (const device of ['pushed', 'told', 'stranger']) {
    agreement.shows(device, NOW);
    for (const person of ['e1', 'e2', 'e3']) agreement.touched(device, person, NOW);
  }
  expect(agreed()).toBe(false);
});

test('of a year, or where nothing is doubted, clocks are not asked', () => {
  for (const byMs of [365 * DAY_LENGTH, null]) {
    const { agreement, agreed } = doubtedBy(byMs);
    for (const device of ['own-1', 'own-2', 'own-3']) agreement.shows(device, NOW);
    expect(agreed()).toBe(false);
  }
});
