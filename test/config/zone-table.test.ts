import { describe, expect, test } from 'vitest';
import { isTimeZone, zoneTable } from '../../config/zone-table.ts';
import { DAY_LENGTH, dayOfCivil, HOUR, instantOf, MINUTE, type Ms, offsetAt, SECOND } from '../../rules/time.ts';

const ZONES = [
  'Asia/Shanghai',
  'America/New_York',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'Pacific/Apia',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Havana',
  'America/Noronha',
  'Asia/Gaza',
  'UTC',
];

const FROM = dayOfCivil(1970, 1, 1) * DAY_LENGTH;
const UNTIL = dayOfCivil(2100, 1, 1) * DAY_LENGTH;

/** The offset from the fields of a local date and time: another way through Intl than the table's own. */
function offsetByFields(zone: string): (at: Ms) => Ms {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const field = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const get = (type: string): number => field.get(type as Intl.DateTimeFormatPartTypes) as number;
    const day = dayOfCivil(get('year'), get('month'), get('day'));
    return day * DAY_LENGTH + get('hour') * HOUR + get('minute') * MINUTE + get('second') * SECOND - at;
  };
}

/** Numerical Recipes' linear congruential generator: the same instants in every run. */
function instants(count: number): Ms[] {
  let state = 20_260_302;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () => FROM + Math.floor((next() * (UNTIL - FROM)) / SECOND) * SECOND);
}

describe.each(ZONES)('%s', (id) => {
  const zone = zoneTable(id);
  const offsetOf = offsetByFields(id);

  test('agrees with Intl at a thousand instants', () => {
    const wrong = instants(1000).filter((at) => offsetAt(zone, at) !== offsetOf(at));
    expect(wrong.map((at) => new Date(at).toISOString())).toEqual([]);
  });

  test('changes exactly when Intl does', () => {
    for (const [i, start] of zone.starts.entries()) {
      if (i === 0) continue;
      expect(zone.offsets[i]).toBe(offsetOf(start));
      expect(zone.offsets[i - 1]).toBe(offsetOf(start - SECOND));
      expect(zone.offsets[i]).not.toBe(zone.offsets[i - 1]);
    }
  });
});

describe('known changes', () => {
  test('Shanghai had summer time from 1986 to 1991 and none since', () => {
    const { starts, offsets } = zoneTable('Asia/Shanghai');
    expect(starts).toHaveLength(13);
    expect(new Date(starts[1] as Ms).toISOString()).toBe('1986-05-03T18:00:00.000Z');
    expect(new Date(starts.at(-1) as Ms).toISOString()).toBe('1991-09-14T17:00:00.000Z');
    expect(offsets.at(-1)).toBe(8 * HOUR);
  });

  test('Apia had no 30 December 2011', () => {
    const zone = zoneTable('Pacific/Apia');
    const [before, missing, after] = [29, 30, 31].map((day) =>
      instantOf(zone, dayOfCivil(2011, 12, day), 12 * HOUR),
    ) as [Ms, Ms, Ms];
    expect(after - before).toBe(DAY_LENGTH);
    expect(missing).toBe(after);
  });

  test('Lord Howe shifts by half an hour, Kathmandu stands at a quarter', () => {
    expect(new Set(zoneTable('Australia/Lord_Howe').offsets.slice(-4))).toEqual(new Set([10.5 * HOUR, 11 * HOUR]));
    expect(zoneTable('Asia/Kathmandu').offsets.at(-1)).toBe(5.75 * HOUR);
  });

  test('Monrovia left an offset with seconds', () => {
    const { starts, offsets } = zoneTable('Africa/Monrovia');
    expect(offsets).toEqual([-(44 * MINUTE + 30 * SECOND), 0]);
    expect(new Date(starts[1] as Ms).toISOString()).toBe('1972-01-07T00:44:30.000Z');
  });

  test('changes a week apart are seen (Noronha in October 2000)', () => {
    const { starts } = zoneTable('America/Noronha');
    const october = starts.filter((at) => at > 0 && new Date(at).toISOString().startsWith('2000-10'));
    expect(october).toHaveLength(2);
  });
});

test('a table is made once, and within 40 ms of processor time', () => {
  expect(zoneTable('Asia/Shanghai')).toBe(zoneTable('Asia/Shanghai'));
  const spentMs = ['Europe/Berlin', 'Europe/Paris', 'America/Chicago', 'America/Denver', 'Asia/Tokyo'].map((id) => {
    const before = process.cpuUsage();
    zoneTable(id);
    return process.cpuUsage(before).user / 1000;
  });
  expect(Math.min(...spentMs)).toBeLessThan(40);
});

test.each([
  ['Asia/Shanghai', true],
  ['PRC', true],
  ['UTC', true],
  ['+08:00', false],
  ['Asia/Peking', false],
  ['', false],
])('%s is a time zone: %s', (id, is) => {
  expect(isTimeZone(id)).toBe(is);
});

test('there is no table of a zone that does not exist', () => {
  expect(() => zoneTable('Asia/Peking')).toThrow(RangeError);
});
