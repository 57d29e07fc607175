/** Where a punch could be that is not known, to the millisecond. Times are of Monday 2026-03-02, and clocks settle in five minutes. */
import { describe, expect, test } from 'vitest';
import { Book, DAEMON } from '../../rules/book.ts';
import { Coverage, isUncovered, offlineSpans, outagesOf } from '../../rules/evidence.ts';
import { Moment } from '../../rules/moment.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import { at, device, hallWith, instantAt, punch } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>>;

const HALL = hallWith();
const SETTLE = 5 * MINUTE;
const NEVER: Ms = Number.POSITIVE_INFINITY;

function bookOf(...lines: readonly Line[]): Book {
  const book = new Book();
  for (const fact of readWorldFacts(HALL, lines)) book.add(fact);
  return book;
}

const span = (from: string, to: string) => ({ from: instantAt(from), to: instantAt(to) });
const off = (time: string, name = 'k1', more: Line = {}): Line => device(time, name, 'offline', more);
const on = (time: string, name = 'k1'): Line => device(time, name, 'online');
const allIn = (time: string, name = 'k1'): Line => device(time, name, 'complete');
const lost = (time: string, until: string): Line => off(time, DAEMON, { lostUntil: at(until) });

describe('outages, as known at an instant', () => {
  const book = bookOf(off('09:00:00'), on('10:00:00'), off('11:00:00'), on('12:00:00'));

  test('last as long as nobody has said that they are over', () => {
    const moment = new Moment(instantAt('11:30:00'));
    const [first, second] = [span('09:00:00', '10:00:00'), { from: instantAt('11:00:00'), to: null }];
    expect(outagesOf('k1', book, moment)).toEqual([first, second]);
    expect(moment.nextAt).toBe(instantAt('12:00:00'));
  });

  test('are over at the instant at which that is said, and nothing is waited for then', () => {
    const moment = new Moment(instantAt('12:00:00'));
    expect(outagesOf('k1', book, moment)).toEqual([span('09:00:00', '10:00:00'), span('11:00:00', '12:00:00')]);
    expect(moment.nextAt).toBe(NEVER);
  });

  test('are none of a device that never spoke', () => {
    expect(outagesOf('k9', book, new Moment(instantAt('12:00:00')))).toEqual([]);
  });
});

describe('the stretches of a day in which a device was offline', () => {
  const day = span('04:00:00', '20:00:00');
  const spansAt = (now: string, ...lines: readonly Line[]) => {
    const moment = new Moment(instantAt(now));
    return { spans: offlineSpans('k1', day, bookOf(...lines), moment), nextAt: moment.nextAt };
  };

  test.each<[what: string, now: string, lines: readonly Line[], wanted: readonly [from: string, to: string][]]>([
    ['over before it', '12:00:00', [off('03:00:00'), on('04:00:00')], []],
    ['over in it', '12:00:00', [off('03:00:00'), on('04:00:00.001')], [['03:00:00', '04:00:00.001']]],
    ['not over', '12:00:00', [off('11:00:00')], [['11:00:00', '12:00:00']]],
    ['begun this instant', '12:00:00', [off('12:00:00')], []],
    ['begun at its end', '23:00:00', [off('20:00:00'), on('21:00:00')], []],
    ['begun just before', '23:00:00', [off('19:59:59.999'), on('21:00:00')], [['19:59:59.999', '21:00:00']]],
  ])('%s', (_, now, lines, wanted) =>
    expect(spansAt(now, ...lines).spans).toEqual(wanted.map(([from, to]) => span(from, to))),
  );

  test('show from the millisecond after they begin or end', () => {
    expect(spansAt('11:00:00', off('11:00:00')).nextAt).toBe(instantAt('11:00:00.001'));
    const ending = spansAt('12:00:00', off('11:00:00'), on('12:00:00'));
    expect(ending.nextAt).toBe(instantAt('12:00:00.001'));
  });
});

describe('an outage that is over', () => {
  const outage = span('09:00:00', '10:00:00');
  const away = [off('09:00:00'), on('10:00:00')];

  test.each<[what: string, name: string, now: string, lines: readonly Line[], wanted: boolean]>([
    ['proved, and not settled', 'k1', '10:04:59.999', [...away, punch('09:30:00')], true],
    ['proved, and settled', 'k1', '10:05:00', [...away, punch('09:30:00')], false],
    ['not proved', 'k1', '18:00:00', away, true],
    ['of the daemon, and not settled', DAEMON, '10:04:59.999', [], true],
    ['of the daemon: it has taken in what was kept for it', DAEMON, '10:05:00', [], false],
    ['after which everything is in at once', 'k1', '10:05:00', [...away, allIn('10:00:00')], false],
    ['before which everything was in', 'k1', '18:00:00', [...away, allIn('09:59:59.999')], true],
    ['after which everything is in this instant', 'k1', '12:00:00', [...away, allIn('12:00:00')], false],
    ['after which everything will be in', 'k1', '11:59:59.999', [...away, allIn('12:00:00')], true],
    ['of another clock that has everything in', 'k1', '18:00:00', [...away, allIn('12:00:00', 'k2')], true],
    [
      'of which what proved it was lost',
      'k1',
      '18:00:00',
      [...away, punch('09:30:00'), lost('09:50:00', '11:00:00'), on('11:00:00', DAEMON)],
      true,
    ],
    [
      'of which what proves it was not what was lost',
      'k1',
      '18:00:00',
      [...away, punch('09:30:00'), lost('10:10:00', '11:00:00'), on('11:00:00', DAEMON)],
      false,
    ],
  ])('%s', (_, name, now, lines, wanted) => {
    const moment = new Moment(instantAt(now));
    expect(isUncovered(name, outage, SETTLE, bookOf(...lines), moment)).toBe(wanted);
  });

  test('is looked at again when it has settled', () => {
    const moment = new Moment(instantAt('10:00:00'));
    isUncovered('k1', outage, SETTLE, bookOf(...away), moment);
    expect(moment.nextAt).toBe(instantAt('10:05:00'));
  });
});

describe('a punch between ten and eleven', () => {
  const stretch = span('10:00:00', '11:00:00');
  const hiddenAt = (now: string, clocks: readonly string[], ...lines: readonly Line[]): boolean =>
    new Coverage(clocks, SETTLE, bookOf(...lines), new Moment(instantAt(now))).hides(stretch);

  test.each<[what: string, clocks: readonly string[], lines: readonly Line[], wanted: boolean]>([
    ['an outage that ended at ten', ['k1'], [off('09:00:00'), on('10:00:00')], false],
    ['an outage that ended a millisecond later', ['k1'], [off('09:00:00'), on('10:00:00.001')], true],
    ['an outage just before eleven', ['k1'], [off('10:59:59.999'), on('11:30:00')], true],
    ['an outage from eleven on', ['k1'], [off('11:00:00'), on('11:30:00')], false],
    ['an outage that lasts', ['k1'], [off('09:00:00')], true],
    ['an outage from eleven on that lasts', ['k1'], [off('11:00:00')], false],
    ['a second outage that lasts', ['k1'], [off('08:00:00'), on('09:00:00'), off('10:30:00')], true],
    ['the second of two clocks', ['k2', 'k1'], [off('09:00:00')], true],
    ['a clock that is not theirs', ['k2'], [off('09:00:00')], false],
    ['the daemon away, for somebody without a clock', [], [off('10:30:00', DAEMON)], true],
    [
      'one outage proved, another not',
      ['k1'],
      [off('10:00:00'), on('10:10:00'), punch('10:05:00'), off('10:20:00'), on('10:30:00')],
      true,
    ],
    [
      'every outage proved',
      ['k1'],
      [off('10:00:00'), on('10:10:00'), punch('10:05:00'), off('10:20:00'), on('10:30:00'), punch('10:25:00')],
      false,
    ],
  ])('may be hidden by %s: %s', (_, clocks, lines, wanted) =>
    expect(hiddenAt('18:00:00', clocks, ...lines)).toBe(wanted),
  );

  const crash = [lost('10:20:00', '10:40:00'), on('10:40:00', DAEMON)];

  test.each<[what: string, clocks: readonly string[], lines: readonly Line[], wanted: boolean]>([
    ['and is back with every clock', ['k1', 'k2'], [allIn('10:40:00'), allIn('12:00:00', 'k2')], false],
    ['and is back with one of two clocks', ['k1', 'k2'], [allIn('12:00:00')], true],
    ['and can come back from nowhere', [], [], true],
    ['and a clock had everything in before', ['k1'], [allIn('10:39:59.999')], true],
  ])('may have been lost with a ledger, %s', (_, clocks, lines, wanted) => {
    expect(hiddenAt('18:00:00', clocks, ...crash, ...lines)).toBe(wanted);
  });

  test('was not lost with what a ledger lost at another time', () => {
    expect(hiddenAt('18:00:00', ['k1'], lost('11:10:00', '11:30:00'), on('11:30:00', DAEMON))).toBe(false);
    expect(hiddenAt('18:00:00', ['k1'], lost('11:09:59.999', '11:30:00'), on('11:30:00', DAEMON))).toBe(true);
  });

  test.each([
    ['what was lost', '10:20:00', '10:10:00.001'],
    ['the stretch', '10:05:00', '10:00:00.001'],
  ])('may grow into what a ledger lost, from the next millisecond on after the beginning of %s', (_, time, due) => {
    const moment = new Moment(instantAt('10:00:00'));
    const lasting = span('10:00:00', '10:00:00');
    const book = bookOf(lost(time, '11:00:00'), on(time, DAEMON));
    expect(new Coverage([], SETTLE, book, moment).hides(lasting)).toBe(false);
    expect(moment.nextAt).toBe(instantAt(due));
  });

  test('is hidden by what begins now from the next millisecond on', () => {
    const moment = new Moment(instantAt('10:30:00'));
    expect(new Coverage(['k1'], SETTLE, bookOf(off('10:30:00')), moment).hides(stretch)).toBe(false);
    expect(moment.nextAt).toBe(instantAt('10:30:00.001'));
  });
});
