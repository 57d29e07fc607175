/** What is silenced is not told, and nothing else about it changes: cases, figures, and what those hear who know of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { onDuty } from '../../daemon/alerts/on-duty.ts';
import { silencesOf } from '../../daemon/alerts/silences.ts';
import { Dice } from '../../daemon/demo/dice.ts';
import { type OtherFact, readFact } from '../../rules/facts.ts';
import { dayOfDate, MINUTE } from '../../rules/time.ts';
import { CoreHall, type FactLine, factOf } from '../support/core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL } from '../support/small-hall.ts';

const CHANNELS = `
http: { listen: "127.0.0.1:0", address: "https://hall.example" }
notify:
  channels:
    - { id: duty, kind: email, server: "smtp://127.0.0.1:1", from: a@b.example, addresses: [c@d.example] }
    - { id: grave, kind: email, server: "smtp://127.0.0.1:1", from: a@b.example, addresses: [e@d.example] }
    - { id: turn, kind: email, server: "smtp://127.0.0.1:1", from: a@b.example, addresses: [f@d.example] }
  routes:
    - { channels: [duty] }
    - { channels: [grave], severities: [high] }
    - { channels: [turn], onDuty: [e3] }
  severities: { absent: medium }
  duty: { from: 2026-03-02, people: [e2, e3] }
  quiet: []
`;

let hall: CoreHall;
beforeEach(() => {
  hall = new CoreHall({ yaml: SMALL_HALL + CHANNELS, startsAt: on('08:00:00') });
  hall.online();
});
afterEach(() => hall[Symbol.dispose]());

/** The changes told on the hall's topic: `open late e1`. */
const told = (): string[] =>
  hall.messages('mqtt').map(({ body }) => {
    const { op, rule, window, employee } = JSON.parse(body) as Record<string, string | null>;
    return `${op} ${rule} ${window ?? employee}`;
  });
const mails = (channel = 'duty'): string[] =>
  hall.messages(channel).map(({ body }) => (JSON.parse(body) as { text: string }).text);
const silence = (id: string, from: string, to: string, scope: object) => ({
  ...{ fact: 'silence', id, at: on(from), from: on(from), to: on(to), reason: '装修', ...scope },
});
/** Time passes, and every message is taken as soon as it is sent. */
function passTo(time: string): void {
  const until = Date.parse(on(time));
  for (let at = hall.clock.now(); at < until; at = hall.clock.now()) {
    hall.pass(hall.text(Math.min(at + 5 * MINUTE, until)));
    const { outbox } = hall.core;
    for (let due = outbox.due(hall.clock.now()); due.length > 0; due = outbox.due(hall.clock.now())) {
      for (const { seq } of due) outbox.delivered(seq, hall.clock.now());
    }
  }
}
const ended = (id: string, at: string) => ({ fact: 'silence-end', id: `end-${id}`, at: on(at), silence: id });
const cases = (): string[] =>
  hall.core.desk
    .between(dayOfDate('2026-03-02') ?? 0, dayOfDate('2026-03-09') ?? 0)
    .map(({ row }) => `${row.family} ${row.subject}`);

describe('a silence', () => {
  test('keeps from everybody what it names, and nothing else; cases and verdicts are as without', async () => {
    await hall.record(
      silence('s1', '08:30:00', '12:30:00', { rules: ['late', 'absent'] }),
      punchOf('p2', 'e2', '08:50:00'),
      punchOf('p3', 'e3', '08:50:00'),
    );
    passTo('12:40:00');
    expect(told()).toEqual(['open missing-cover W1', 'close missing-cover W1']);
    expect(cases()).toEqual(['arrival e1', 'cover W1']);
    expect(hall.history().filter((line) => line.includes('e1'))).toEqual([
      '09:05:00.001 open late e1 open',
      '09:30:00.001 open absent e1 open',
      '09:30:00.001 retract late e1',
      '12:00:00 close absent e1 closed',
    ]);
    // Nor does a digest.
    passTo('2026-03-03 08:59:00');
    expect(told().concat(mails()).join('\n')).not.toMatch(/e1|徐敏|late|absent/);
  });

  test('is lossless: not told while it lasts, not in a digest, nor its retraction; and nobody hears of it afterwards', async () => {
    await hall.record(
      silence('s1', '08:30:00', '12:30:00', { windows: ['W1'] }),
      silence('s2', '08:30:00', '12:30:00', { rules: ['absent', 'late'] }),
    );
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:50:00'));
    passTo('12:40:00');
    expect(cases()).toEqual(['arrival e1', 'cover W1']);
    await hall.record(leaveOf('l1', 'e1', '08:00:00', '12:30:00'));
    passTo('2026-03-02 23:00:00');
    const ofMonday = told();
    expect([ofMonday, mails()]).toEqual([[], []]);
  });

  test('of a clock is of the windows of those who punch there, as they are assigned that day', async () => {
    const serves = '[{ id: clock-1, serves: [e2, e3] }, { id: clock-2, serves: [e1] }]';
    const yaml = SMALL_HALL.replace('[{ id: clock-1 }]', serves) + CHANNELS;
    using other = new CoreHall({ yaml, startsAt: on('08:00:00') });
    other.online();
    const assigned = { fact: 'assign', id: 'a1', window: 'W1', role: 'A', from: on('08:00:00'), to: null };
    await other.record(
      { ...assigned, employees: ['e2'] },
      silence('s1', '08:30:00', '11:00:00', { devices: ['clock-1'] }),
      punchOf('p1', 'e1', '08:50:00'),
      punchOf('p3', 'e3', '08:50:00'),
    );
    other.pass(on('10:30:00'));
    expect(other.history()).toContain('09:10:00 open missing-cover W1 open');
    expect(other.messages('mqtt')).toEqual([]);
  });

  test('that ends lets out what still goes on, and it is told of as ever from then on', async () => {
    await hall.record(silence('s1', '08:30:00', '10:00:00', { rules: ['late', 'absent', 'missing-cover'] }));
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:50:00'));
    passTo('09:59:00');
    expect([told(), mails()]).toEqual([[], []]);
    passTo('10:02:00');
    expect(told().toSorted()).toEqual(['open absent e1', 'open missing-cover W1']);
    expect(mails()).toHaveLength(1);
    await hall.record(leaveOf('l1', 'e1', '08:00:00', '12:30:00'));
    passTo('10:10:00');
    expect(told()).toContain('retract absent e1');
  });

  test('that is ended early lets it out within a minute', async () => {
    await hall.record(silence('s1', '08:30:00', '20:00:00', { windows: ['W1'] }));
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:50:00'));
    passTo('09:40:00');
    expect(told()).not.toContain('open missing-cover W1');
    await hall.record(ended('s1', '09:40:00'));
    passTo('09:41:30');
    expect(told()).toContain('open missing-cover W1');
  });

  test('made after it was told lets those who know hear the end, and keeps it from those who do not know yet', async () => {
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:50:00'));
    passTo('09:12:00');
    expect(told()).toEqual(['open late e1', 'open missing-cover W1']);
    expect(mails()).toEqual([]);
    // Supervision would be told at 09:15.
    await hall.record(silence('s1', '09:12:00', '09:50:00', { windows: ['W1'] }));
    passTo('09:30:00');
    expect(mails()).toEqual([]);
    await hall.record(punchOf('p1', 'e1', '09:29:50'));
    passTo('09:34:00');
    expect(told()).toContain('close missing-cover W1');
    // What ended within the silence is in no digest; what it does not name is.
    passTo('2026-03-03 08:45:00');
    expect(mails().join('\n')).not.toContain('无人顶岗');
    expect(mails().join('\n')).toMatch(/late|E1|徐敏/);
    // And that it was not so is no news to those who never heard that it was.
    const before = mails().length;
    await hall.record(leaveOf('l1', 'e1', '08:00:00', '12:30:00'));
    passTo('2026-03-03 08:47:00');
    expect(told()).toContain('retract late e1');
    expect(mails().slice(before).join('\n')).not.toContain('W1');
  });

  test('made after it was told, and ended early: supervision hears of what lasts at its time', async () => {
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:50:00'));
    passTo('09:12:00');
    await hall.record(silence('s1', '09:12:00', '11:50:00', { devices: ['clock-1'] }));
    passTo('09:20:00');
    expect(mails()).toEqual([]);
    await hall.record(ended('s1', '09:20:00'));
    passTo('09:22:00');
    expect(mails()).toHaveLength(1);
  });

  test('survives the end of the process', async () => {
    await hall.record(
      silence('s1', '08:30:00', '12:30:00', { departments: ['none'], rules: ['late'] }),
      silence('s2', '08:30:00', '12:30:00', { rules: ['late', 'missing-cover', 'absent'] }),
    );
    hall.restart(60_000);
    hall.online();
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:50:00'));
    passTo('11:00:00');
    expect([told(), mails()]).toEqual([[], []]);
    expect(hall.core.silences.since(hall.clock.now()).map(({ id, reason }) => [id, reason])).toEqual([
      ['s1', '装修'],
      ['s2', '装修'],
    ]);
  });
});

describe('routes', () => {
  test('by severity as configured, and by whose week it is', async () => {
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:50:00'));
    passTo('10:30:00');
    expect(mails('duty').join('\n')).toContain('absent');
    expect(mails('grave').join('\n')).toContain('W1');
    expect(mails('grave').join('\n')).not.toContain('absent');
    expect(mails('turn')).toEqual([]);
  });

  test('a rota turns by weeks or days, and knows who stands in', () => {
    const rota = { from: '2026-03-02', people: ['a', 'b'], each: 'week', instead: { '2026-03-10': 'c' } } as const;
    const who = (date: string, each: 'week' | 'day' = 'week') =>
      onDuty({ ...rota, people: [...rota.people], each }, dayOfDate(date) ?? 0);
    expect(
      ['2026-03-01', '2026-03-02', '2026-03-08', '2026-03-09', '2026-03-10', '2026-03-16'].map((date) => who(date)),
    ).toEqual([null, 'a', 'a', 'b', 'c', 'a']);
    expect(['2026-03-02', '2026-03-03', '2026-03-04'].map((date) => who(date, 'day'))).toEqual(['a', 'b', 'a']);
    expect(onDuty(null, 0)).toBeNull();
  });
});

test('a silence of nothing is no fact, and none is endless', () => {
  expect(readFact(silence('s1', '08:00:00', '09:00:00', {}))).toMatchObject([{ key: 'windows' }]);
  const made = factOf({
    ...silence('s1', '08:00:00', '09:00:00', { rules: ['late'] }),
    to: '2036-03-02T08:00:00+08:00',
  }) as OtherFact;
  expect((silencesOf([made])[0]?.to ?? 0) - Date.parse(on('08:00:00'))).toBe(31 * 24 * 60 * MINUTE);
});

test('an end without its silence ends nothing, and the first end counts', () => {
  const made = factOf(silence('s1', '08:00:00', '09:00:00', { windows: ['W1'] })) as OtherFact;
  const end = (id: string, time: string) => factOf({ ...ended('s1', time), id }) as OtherFact;
  const stray = factOf({ fact: 'silence-end', id: 'x', at: on('08:01:00'), silence: 'nothing' }) as OtherFact;
  const [one] = silencesOf([stray, made, end('a', '08:20:00'), end('b', '08:30:00')]);
  expect(one?.ended?.at).toBe(Date.parse(on('08:20:00')));
});

describe('whatever happens', () => {
  interface Word {
    readonly op: string;
    readonly id: string;
    readonly at: number;
    readonly rule: string;
    readonly window: string | null;
    readonly to: number | null;
  }
  interface Scope {
    readonly rules?: readonly string[];
    readonly windows?: readonly string[];
  }
  interface Quiet extends Scope {
    readonly id: string;
    readonly from: number;
    readonly to: number;
    readonly end: number;
  }

  /** Minutes after 08:30 of the Monday. */
  const clock = (minutes: number): string => hall.text(Date.parse(on('08:30:00')) + minutes * MINUTE).slice(11, 19);
  const words = (of: CoreHall): Word[] =>
    of.messages('mqtt').map(({ body, at }) => {
      const line = JSON.parse(body) as Record<string, string | null>;
      const { op, rule, window, to } = line;
      const id = `${line['case']} ${rule}`;
      return {
        ...{ op: op ?? '', id, rule: rule ?? '', window: window ?? null },
        at: Date.parse(at),
        to: to == null ? null : Date.parse(to),
      };
    });

  test.each([11, 37, 41, 59])(
    'seed %i: the same is judged, and what is told of each verdict fits together',
    async (seed) => {
      const dice = new Dice(seed);
      const minute = (): number => dice.between(0, 210);
      const one = <T>(of: readonly T[]): T => of[dice.between(0, of.length - 1)] as T;
      const scopes: readonly Scope[] = [
        { rules: ['late'] },
        { rules: ['absent', 'late'] },
        { windows: ['W1'] },
        { rules: ['missing-cover'], windows: ['W1'] },
      ];
      const quiet = Array.from({ length: 3 }, (_, i): Quiet => {
        const from = minute();
        const to = from + dice.between(10, 100);
        return {
          id: `s${i}`,
          from,
          to,
          end: dice.chance(0.5) ? to : from + Math.floor((to - from) / 2),
          ...one(scopes),
        };
      });
      const happens: { readonly at: number; readonly line: FactLine; readonly isSilence: boolean }[] = [];
      for (const { id, from, to, end, ...scope } of quiet) {
        happens.push({ at: from, isSilence: true, line: silence(id, clock(from), clock(to), scope) });
        if (end < to) happens.push({ at: end, isSilence: true, line: ended(id, clock(end)) });
      }
      for (const employee of ['e1', 'e2', 'e3']) {
        const touch = minute();
        if (dice.chance(0.7))
          happens.push({
            at: Math.max(touch, minute()),
            isSilence: false,
            line: punchOf(`p-${employee}`, employee, clock(touch)),
          });
        if (dice.chance(0.4))
          happens.push({
            at: minute(),
            isSilence: false,
            line: leaveOf(`l-${employee}`, employee, '08:00:00', clock(minute())),
          });
      }
      happens.sort((x, y) => x.at - y.at);
      using loud = new CoreHall({ yaml: SMALL_HALL + CHANNELS, startsAt: on('08:00:00') });
      loud.online();
      for (const { at, line, isSilence } of happens) {
        for (const each of [hall, loud]) {
          each.pass(on(clock(at)));
          if (!isSilence || each === hall) await each.record(line);
        }
      }
      for (const each of [hall, loud]) each.pass(on('2026-03-02 23:00:00'));

      expect(hall.verdicts()).toEqual(loud.verdicts());
      const [quietly, loudly] = [words(hall), words(loud)];
      const start = Date.parse(on('08:30:00'));
      const fits = ({ rules, windows }: Scope, { rule, window }: Word): boolean =>
        (rules?.includes(rule) ?? true) && (windows === undefined || (window !== null && windows.includes(window)));
      const covers = ({ from, end }: Quiet, at: number): boolean =>
        start + from * MINUTE <= at && at < start + end * MINUTE;
      for (const [id, ops] of Map.groupBy(quietly, (word) => word.id)) {
        const [first] = ops;
        // Who hears of an end, a change or a retraction has heard of it before.
        expect([id, first?.op]).toEqual([id, 'open']);
        for (const word of ops.filter(({ op }) => op === 'open')) {
          expect(
            quiet.filter(
              (one) => fits(one, word) && (covers(one, word.at) || (word.to !== null && covers(one, word.to))),
            ),
            id,
          ).toEqual([]);
        }
        // Whoever has heard of it hears how it ended; what was taken back and comes up again is news, and may be silenced.
        const [last, loudest] = [ops.at(-1)?.op, loudly.findLast((word) => word.id === id)?.op];
        if (last !== 'retract') expect([id, last]).toEqual([id, loudest]);
      }
      const heard = new Set(quietly.map(({ id }) => id));
      for (const word of loudly.filter(({ op, id }) => op === 'open' && !heard.has(id))) {
        // What was never said was silenced when it would have been, or ended within a silence.
        expect(
          quiet.some((one) => fits(one, word)),
          `${word.id} was lost`,
        ).toBe(true);
      }
    },
  );
});
