/** When a stage is told, and how fast a channel is: pure functions of their arguments. */
import { array, assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { type News, type Stage, tellAt } from '../../daemon/alerts/timing.ts';
import { type Bucket, filled, nextTokenAt, taken } from '../../daemon/alerts/token-bucket.ts';
import { type Day, dayOfDate, formatInstant, MINUTE, type Ms, parseInstant, weekdayOf } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { on, SMALL_HALL } from '../support/small-hall.ts';

const { config, hall } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });
const instant = (time: string): Ms => parseInstant(on(time)) as Ms;

function when(
  stage: Stage,
  rule: string,
  now: string,
  more: Partial<News> & { from?: string; state?: Verdict['state'] } = {},
): string | null {
  const { from = '09:00:00', state = 'open', ...rest } = more;
  const date = (now.includes(' ') ? now : `2026-03-02 ${now}`).slice(0, 10);
  const day = dayOfDate(date) as Day;
  const verdict: Verdict = {
    rule,
    state,
    day,
    session: 1,
    side: rule === 'missing-punch' ? 'out' : null,
    employee: 'e1',
    window: rule === 'missing-cover' || rule === 'left-post' ? 'W1' : null,
    department: null,
    from: instant(from),
    to: null,
    evidence: [],
    because: null,
    run: false,
    config: '',
  };
  const news = { op: 'open' as const, verdict, answered: false, named: false, ...rest };
  const today = { zone: hall.zone, day, isWorkday: (one: Day) => weekdayOf(one) <= 5 };
  const told = tellAt(stage, news, config.notify, today, instant(now));
  return told === null ? null : `${told.live ? 'live' : 'digest'} ${formatInstant(hall.zone, told.at).slice(5, 19)}`;
}

describe('a stage', () => {
  test.each<[Stage, string, string, Parameters<typeof when>[3], string | null]>([
    ['person', 'late', '09:06:30', {}, 'live 03-02T09:06:40'],
    ['chief', 'late', '09:06:30', {}, 'live 03-02T09:10:10'],
    ['supervision', 'late', '09:06:30', {}, 'digest 03-02T09:35:00'],
    ['supervision', 'missing-cover', '09:11:30', {}, 'live 03-02T09:15:10'],
    ['supervision', 'missing-cover', '09:11:30', { answered: true }, 'digest 03-02T09:35:00'],
    ['management', 'missing-cover', '09:11:30', {}, 'live 03-02T09:30:10'],
    ['management', 'missing-cover', '09:11:30', { answered: true }, null],
    ['management', 'late', '09:06:30', {}, null],
    ['hall', 'absent', '09:30:00', {}, 'digest 03-02T09:35:00'],
    ['chief', 'late', '09:40:00', { state: 'closed' }, 'digest 03-02T14:35:00'],
    // The last arrivals of the day, in the evening, on a Friday: on Monday morning.
    ['chief', 'late', '15:00:00', { state: 'closed' }, 'digest 03-03T08:40:00'],
    ['chief', 'early-leave', '19:00:00', { state: 'closed' }, 'digest 03-03T08:40:00'],
    ['chief', 'missing-punch', '2026-03-06 19:00:00', { state: 'closed' }, 'digest 03-09T08:40:00'],
    ['chief', 'missing-cover', '19:00:00', { from: '18:50:00' }, 'digest 03-03T08:40:00'],
    ['chief', 'missing-cover', '2026-03-03 01:00:00', { from: '2026-03-03 00:50:00' }, 'digest 03-03T08:40:00'],
    ['chief', 'late', '10:00:00', { op: 'retract', named: true }, 'live 03-02T10:00:00'],
    ['chief', 'late', '10:00:00', { op: 'retract', named: false }, 'digest 03-02T14:35:00'],
    ['chief', 'late', '20:00:00', { op: 'retract', named: true }, 'digest 03-03T08:40:00'],
    ['supervision', 'missing-cover', '09:40:00', { op: 'close', state: 'closed' }, 'digest 03-02T14:35:00'],
  ])('%s of %s at %s, %j: %s', (stage, rule, now, more, expected) => {
    expect(when(stage, rule, now, more)).toBe(expected);
  });
});

test('a bucket never lets more than a third above its rate out within a minute, however often it is asked', () => {
  assert(
    property(
      integer({ min: 1, max: 60 }),
      array(integer({ min: 0, max: 5000 }), { minLength: 50, maxLength: 400 }),
      (perMinute, pauses) => {
        let [bucket, now]: [Bucket | null, Ms] = [null, 1_000_000];
        const sent: Ms[] = [];
        for (const pause of pauses) {
          now += pause;
          const before: Bucket | null = bucket;
          if (before !== null && nextTokenAt(before, perMinute) > now) continue;
          bucket = taken(filled(before, perMinute, now));
          sent.push(now);
        }
        for (const start of sent) {
          const within = sent.filter((at) => at >= start && at < start + MINUTE).length;
          expect(within).toBeLessThanOrEqual(Math.max(1, Math.floor(perMinute / 3)) + perMinute);
        }
        // And it does not stand still.
        expect(sent.length).toBeGreaterThan(0);
      },
    ),
  );
});
