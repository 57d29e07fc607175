/** What is told of which verdict, when and to whom: rules.md section 7, through a real ledger, on a clock moved by hand. */
import { describe, expect, test } from 'vitest';
import type { NoticePart } from '../../daemon/alerts/letters.ts';
import { CoreHall, type CoreHallOptions } from '../support/core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL, seenAt } from '../support/small-hall.ts';

/** On the hall's topic: everybody who reads it is told everything that is told. */
interface Told {
  readonly op: string;
  readonly rule: string;
  readonly state: string;
  readonly employee: string | null;
  readonly window: string | null;
  readonly case: string;
  readonly alert: string;
  readonly text: string;
  readonly evidence: readonly string[];
}

const hallAt = (time: string, options: Partial<CoreHallOptions> = {}): CoreHall =>
  new CoreHall({
    yaml: SMALL_HALL,
    startsAt: on(time),
    audiences: [{ channel: 'room', hears: () => true }],
    ...options,
  });

function topic(hall: CoreHall): (Told & { readonly told: string })[] {
  return hall.messages('mqtt').map(({ body, at }) => ({ ...(JSON.parse(body) as Told), told: at.slice(11, -6) }));
}

/** `09:06:30.001 open late e1 open`, one line a message. */
function lines(hall: CoreHall): string[] {
  return topic(hall).map(
    ({ told, op, rule, state, employee, window }) => `${told} ${op} ${rule} ${window ?? employee} ${state}`,
  );
}

/** The messages of people's channel: what each says, part by part. */
function room(hall: CoreHall): string[][] {
  return hall.messages('room').map(({ body }) => {
    const parts = JSON.parse(body) as (NoticePart & { verdict: Told })[];
    return parts.map(({ op, verdict }) => `${op} ${verdict.rule} ${verdict.window ?? verdict.employee}`);
  });
}

/** A line of something that came in at an instant: another commit may have taken its first milliseconds. */
const at = (time: string, rest: string) => expect.stringMatching(new RegExp(`^${time}(\\.00\\d)? ${rest}$`));

/** e1 and e3 are there, so that e2 is the only one spoken of. */
const others = [punchOf('p1', 'e1', '08:50:00'), punchOf('p3', 'e3', '08:51:00')];

describe('what rests on a punch not yet seen', () => {
  test('is told 90 seconds after it opens, since the punch may be on its way', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    hall.pass(on('09:06:30'));
    expect(hall.history()).toEqual(['09:05:00.001 open late e2 open']);
    expect(lines(hall)).toEqual([]);
    hall.pass(on('09:06:31'));
    expect(topic(hall)).toMatchObject([
      {
        told: '09:06:30.001',
        op: 'open',
        rule: 'late',
        state: 'open',
        hall: 'suixian',
        date: '2026-03-02',
        employee: 'e2',
        from: on('09:00:00'),
        to: null,
        minutes: 7,
        case: expect.stringMatching(/^C-[0-9a-f]{12}$/),
        text: '李岚 late: since 09:00, 7 min so far.',
      },
    ]);
    expect(room(hall)).toEqual([['open late e2']]);
  });

  test('is not told where the punch was on its way', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    hall.pass(on('09:06:00'));
    await hall.record(punchOf('p2', 'e2', '08:59:30'));
    hall.pass(on('13:00:00'));
    expect(hall.history()).toEqual(['09:05:00.001 open late e2 open', at('09:06:00', 'retract late e2')]);
    expect(lines(hall)).toEqual([]);
    expect(room(hall)).toEqual([]);
  });

  test('is told as it then is: late, and arrived meanwhile', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    hall.pass(on('09:05:40'));
    await hall.record(punchOf('p2', 'e2', '09:05:30'));
    hall.pass(on('13:00:00'));
    expect(lines(hall)).toEqual(['09:06:30.001 open late e2 closed']);
  });

  test('is told at once where the punch has been seen', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others, leaveOf('l2', 'e2', '09:00:00', '12:00:00'));
    hall.pass(on('10:00:00'));
    await hall.record(punchOf('p2', 'e2', '09:20:00'));
    // The leave was a mistake: she was late, and her punch says so.
    await hall.record({ fact: 'cancel', id: 'q1', at: on('10:00:00'), target: 'l2' });
    hall.pass(on('10:00:01'));
    expect(lines(hall)).toEqual([at('10:00:00', 'open late e2 closed')]);
  });
});

describe('whoever was told', () => {
  test('is told of the retraction, and nobody else is', async () => {
    const deaf = { channel: 'deaf', hears: () => false };
    using hall = hallAt('08:52:00', { audiences: [{ channel: 'room', hears: () => true }, deaf] });
    await hall.record(...others);
    hall.pass(on('09:20:00'));
    await hall.record(leaveOf('l2', 'e2', '09:00:00', '12:00:00'));
    hall.pass(on('13:00:00'));
    expect(lines(hall)).toEqual(['09:06:30.001 open late e2 open', at('09:20:00', 'retract late e2 open')]);
    expect(topic(hall)[1]?.text).toBe('Correction: "late" of 李岚, 2026-03-02 09:00, has been withdrawn.');
    expect(room(hall)).toEqual([['open late e2'], ['retract late e2']]);
    expect(hall.messages('deaf')).toEqual([]);
  });

  test('hears of one case when lateness becomes absence', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    hall.pass(on('12:00:01'));
    expect(lines(hall)).toEqual([
      '09:06:30.001 open late e2 open',
      '09:30:00.001 open absent e2 open',
      '09:30:00.001 retract late e2 open',
      '12:00:00 close absent e2 closed',
    ]);
    const cases = topic(hall).map((told) => told.case);
    expect(new Set(cases).size).toBe(1);
    // To people that is one message about one alert.
    expect(room(hall)).toEqual([['open late e2'], ['open absent e2', 'retract late e2'], ['close absent e2']]);
    expect(new Set(hall.messages('room').map(({ alert }) => alert)).size).toBe(1);
    expect(new Set(hall.messages('room').map(({ key }) => key)).size).toBe(3);
  });
});

describe('what is pending', () => {
  test('is not told, and once it is firm it is', async () => {
    using hall = hallAt('08:20:00');
    await hall.record(...[punchOf('p1', 'e1', '08:10:00'), punchOf('p3', 'e3', '08:11:00')]);
    hall.pass(on('08:30:05'));
    await hall.record({ fact: 'device', id: 'o1', at: on('08:30:00'), device: 'clock-1', state: 'offline' });
    hall.pass(on('09:40:00'));
    expect(hall.history()).toContain('09:05:00.001 open late e2 pending');
    expect(lines(hall)).toEqual([]);
    await hall.record(
      { fact: 'device', id: 'o2', at: on('09:39:00'), device: 'clock-1', state: 'online' },
      { fact: 'device', id: 'o3', at: on('09:39:30'), device: 'clock-1', state: 'complete' },
    );
    hall.pass(on('11:00:00'));
    // Five minutes after the clock was back it is firm; from then on it is 90 seconds.
    expect(hall.history()).toContain('09:44:00 revise absent e2 open');
    expect(lines(hall)).toEqual(['09:45:30 open absent e2 open']);
  });

  test('names nobody: not in words, not by id, not by the punches it rests on', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    hall.pass(on('09:07:00'));
    await hall.record(punchOf('p2', 'e2', '09:06:50'));
    expect(lines(hall).at(-1)).toMatch(/ close late e2 closed$/);
    const before = [hall.messages('mqtt').length, hall.messages('room').length] as const;
    // It turns out that the clock had been dark since before the session.
    await hall.record({ fact: 'device', id: 'o1', at: on('08:58:00'), device: 'clock-1', state: 'offline' });
    hall.pass(on('09:10:00'));
    const after = [...hall.messages('mqtt').slice(before[0]), ...hall.messages('room').slice(before[1])];
    expect(after).toHaveLength(2);
    for (const { body, key, alert } of after) {
      expect(body).toContain('pending');
      expect(`${body} ${key} ${alert}`).not.toMatch(/李岚|"e2"|e2\||1002|"p2"/);
    }
    expect(topic(hall).at(-1)).toMatchObject({ op: 'revise', state: 'pending', employee: null, evidence: [] });
    expect(topic(hall).at(-1)?.text).toMatch(/^Undecided: an employee/);
    // The leave that explains it takes back what was last told, still without a name.
    await hall.record(leaveOf('l2', 'e2', '09:00:00', '12:00:00'));
    expect(topic(hall).at(-1)).toMatchObject({ op: 'retract', employee: null });
    expect(hall.messages('mqtt').at(-1)?.body).not.toMatch(/李岚|"e2"/);
  });
});

describe('the end of a run', () => {
  const elsewhere = [punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:51:00')];
  const awayUntil = (time: string) => leaveOf('l1', 'e1', '09:00:00', time);
  /** e1 is away all morning, and her seat is watched. */
  const nobodyAtW1 = [...elsewhere, awayUntil('12:00:00'), seenAt('v0', 'W1', '08:53:00', 'empty')];

  test('is told when it has lasted for a minute', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...elsewhere, awayUntil('09:30:00'), punchOf('p1', 'e1', '08:52:00'));
    hall.pass(on('09:30:30'));
    expect(lines(hall)).toEqual(['09:11:30 open missing-cover W1 open']);
    hall.pass(on('09:32:00'));
    expect(hall.history()).toEqual([
      '09:10:00 open missing-cover W1 open',
      '09:30:00.001 close missing-cover W1 closed',
    ]);
    expect(lines(hall)).toEqual(['09:11:30 open missing-cover W1 open', '09:31:00.001 close missing-cover W1 closed']);
    expect(topic(hall)[0]?.text).toBe('window W1 出入境 not covered: since 09:00, 12 min so far, not opened on time.');
  });

  test('that did not last is a flicker, and not told', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...nobodyAtW1);
    hall.pass(on('09:40:10'));
    // Somebody passes through the picture, for longer than would be overlooked, and is gone.
    await hall.record(seenAt('v1', 'W1', '09:40:00', 'occupied'));
    hall.pass(on('09:40:13'));
    await hall.record(seenAt('v2', 'W1', '09:40:12', 'empty'));
    hall.pass(on('11:00:00'));
    expect(hall.history()).toEqual([
      '09:10:00 open missing-cover W1 open',
      '09:40:10 close missing-cover W1 closed',
      at('09:40:13', 'revise missing-cover W1 open'),
    ]);
    expect(lines(hall)).toEqual(['09:11:30 open missing-cover W1 open']);
  });

  describe('before it was told that it began', () => {
    const passes = async (hall: CoreHall): Promise<void> => {
      await hall.record(...nobodyAtW1);
      hall.pass(on('09:11:20'));
      await hall.record(seenAt('v1', 'W1', '09:11:20', 'occupied'));
    };

    test('is a flicker as well, and the news waits no longer than that', async () => {
      using hall = hallAt('08:52:00');
      await passes(hall);
      hall.pass(on('09:11:33'));
      expect(lines(hall)).toEqual([]);
      await hall.record(seenAt('v2', 'W1', '09:11:32', 'empty'));
      hall.pass(on('11:00:00'));
      expect(lines(hall)).toEqual([at('09:11:33', 'open missing-cover W1 open')]);
    });

    test('is told with it, when it has lasted for a minute', async () => {
      using hall = hallAt('08:52:00');
      await passes(hall);
      hall.pass(on('09:20:00'));
      expect(lines(hall)).toEqual(['09:12:20 open missing-cover W1 closed']);
    });
  });

  test('that turns out to have been a little earlier is still waited for', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...nobodyAtW1);
    hall.pass(on('09:40:00'));
    await hall.record(seenAt('v2', 'W1', '09:40:00', 'occupied'));
    hall.pass(on('09:40:30'));
    await hall.record(seenAt('v1', 'W1', '09:39:50', 'occupied'));
    hall.pass(on('09:45:00'));
    expect(hall.history().at(-1)).toMatch(/^09:40:30(\.00\d)? revise missing-cover W1 closed$/);
    expect(lines(hall).slice(1)).toEqual([at('09:41:00', 'close missing-cover W1 closed')]);
  });

  test('and a moment in which a seat could not be seen are both overlooked', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...nobodyAtW1);
    hall.pass(on('09:40:00'));
    await hall.record(seenAt('v1', 'W1', '09:40:00', 'unknown'));
    hall.pass(on('09:40:02'));
    await hall.record(seenAt('v2', 'W1', '09:40:02', 'empty'));
    hall.pass(on('09:50:00'));
    expect(hall.history().slice(1)).toEqual([
      at('09:40:00', 'revise missing-cover W1 pending'),
      at('09:40:02', 'revise missing-cover W1 open'),
    ]);
    expect(lines(hall)).toEqual(['09:11:30 open missing-cover W1 open']);
    await hall.record(seenAt('v3', 'W1', '09:50:00', 'unknown'));
    hall.pass(on('10:00:00'));
    expect(lines(hall).slice(1)).toEqual([at('09:51:00', 'revise missing-cover W1 pending')]);
  });

  test('that is followed by another run is two cases', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...elsewhere, awayUntil('09:30:00'), leaveOf('l2', 'e1', '10:00:00', '10:30:00'));
    await hall.record(punchOf('p1', 'e1', '08:52:00'));
    hall.pass(on('12:30:00'));
    expect(topic(hall).map(({ op, window }) => `${op} ${window}`)).toEqual([
      'open W1',
      'close W1',
      'open W1',
      'close W1',
    ]);
    const [first, , second] = topic(hall).map((told) => told.case);
    expect(first).not.toBe(second);
  });
});

describe('one cause', () => {
  const QUICK = SMALL_HALL.replace('employees:', 'rules: { coverGrace: 5m }\nemployees:');

  test('is one alert, and to people one message: A comes late, and her window stays closed', async () => {
    using hall = hallAt('08:52:00', { yaml: QUICK });
    await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:51:00'));
    hall.pass(on('09:08:00'));
    expect(lines(hall)).toEqual(['09:06:30 open missing-cover W1 open', '09:06:30.001 open late e1 open']);
    expect(new Set(topic(hall).map(({ alert }) => alert)).size).toBe(1);
    expect(new Set(topic(hall).map((told) => told.case)).size).toBe(2);
    expect(room(hall)).toEqual([['open missing-cover W1', 'open late e1']]);
    // It waited to be told together, and leaves within the minute.
    expect(hall.core.outbox.due(hall.clock.now()).map(({ channel }) => channel)).toContain('room');
  });

  test('is not seen where the person is not the A of the window', async () => {
    using hall = hallAt('08:52:00', { yaml: QUICK });
    await hall.record(leaveOf('l1', 'e1', '09:00:00', '12:00:00'), punchOf('p3', 'e3', '08:51:00'));
    hall.pass(on('09:08:00'));
    expect(lines(hall)).toEqual(['09:06:30 open missing-cover W1 open', '09:06:30.001 open late e2 open']);
    expect(new Set(topic(hall).map(({ alert }) => alert)).size).toBe(2);
    expect(room(hall)).toEqual([['open missing-cover W1'], ['open late e2']]);
  });

  test.each([
    ['whoever is her A that day by an assignment', 'e2', 1],
    ['nobody who is her A only by the configuration', 'e1', 2],
  ] as const)('is that of %s', async (_, late, alerts) => {
    using hall = hallAt('08:52:00', { yaml: QUICK });
    const assigned = { fact: 'assign', id: 'a1', window: 'W1', role: 'A', employees: ['e2'] };
    const there = ['e1', 'e3'].filter((one) => one !== late).map((one) => punchOf(`p-${one}`, one, '08:50:00'));
    const away = late === 'e2' ? [] : [leaveOf('l2', 'e2', '09:00:00', '12:00:00')];
    await hall.record({ ...assigned, from: on('08:00:00'), to: null }, ...there, ...away);
    hall.pass(on('09:08:00'));
    expect(lines(hall)).toEqual(['09:06:30 open missing-cover W1 open', `09:06:30.001 open late ${late} open`]);
    expect(new Set(topic(hall).map(({ alert }) => alert)).size).toBe(alerts);
    expect(room(hall)).toHaveLength(alerts);
  });
});

test('nobody is called about last month: what began long ago is shown, not told', async () => {
  // A hall that starts on Thursday the 12th, and then hears of Monday the 2nd.
  using hall = hallAt('2026-03-12 08:00:00');
  await hall.record(punchOf('p1', 'e1', '09:20:00'));
  hall.pass(on('2026-03-12 08:30:00'));
  const dates = hall.messages('mqtt').map(({ body }) => (JSON.parse(body) as { date: string }).date);
  expect(new Set(dates)).toEqual(new Set(['2026-03-05', '2026-03-06', '2026-03-09', '2026-03-10', '2026-03-11']));
  expect(hall.history()).toContain('08:00:00.001 open late e1 closed');
});

describe('the other rules', () => {
  const BOTH_WAYS = SMALL_HALL.replace('punches: in, ', '');
  const texts = (hall: CoreHall): string[] => topic(hall).map(({ text }) => text);

  test('a seat left for too long names its window, and who was on post then', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others, punchOf('p2', 'e2', '08:53:00'), seenAt('v1', 'W1', '08:55:00', 'occupied'));
    hall.pass(on('10:00:00'));
    await hall.record(seenAt('v2', 'W1', '10:00:00', 'empty'));
    hall.pass(on('10:20:00'));
    await hall.record(seenAt('v3', 'W1', '10:20:00', 'occupied'));
    hall.pass(on('10:22:00'));
    expect(lines(hall)).toEqual(['10:16:30 open left-post W1 open', at('10:21:00', 'close left-post W1 closed')]);
    expect(topic(hall)[0]).toMatchObject({ employee: 'e1', from: on('10:00:00'), to: null });
    expect(texts(hall)).toEqual([
      'window W1 出入境 left post: since 10:00, 17 min so far, in charge then 徐敏.',
      'window W1 出入境 left post: 10:00–10:20, 20 min, in charge then 徐敏.',
    ]);
  });

  test('short absences that add up are a case of their own, and so is each long one', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others, punchOf('p2', 'e2', '08:53:00'), seenAt('v0', 'W1', '08:55:00', 'occupied'));
    const away = [
      ['09:10:00', '09:22:00'],
      ['09:30:00', '09:48:00'],
      ['10:00:00', '10:12:00'],
      ['10:20:00', '10:32:00'],
      ['11:00:00', '11:20:00'],
    ] as const;
    for (const [i, [from, to]] of away.entries()) {
      hall.pass(on(from));
      await hall.record(seenAt(`a${i}`, 'W1', from, 'empty'));
      hall.pass(on(to));
      await hall.record(seenAt(`b${i}`, 'W1', to, 'occupied'));
    }
    hall.pass(on('12:30:00'));
    const closed = topic(hall).filter(({ state }) => state === 'closed');
    expect(closed.map(({ rule, text }) => [rule, text])).toEqual([
      ['left-post', 'window W1 出入境 left post: 09:30–09:48, 18 min, in charge then 徐敏.'],
      ['left-post-total', expect.stringMatching(/away several times between 09:10 and 10:32, 36 min in all/)],
      ['left-post', 'window W1 出入境 left post: 11:00–11:20, 20 min, in charge then 徐敏.'],
    ]);
    const [long, total, later] = closed.map((told) => told.case);
    expect(new Set([long, total, later]).size).toBe(3);
  });

  test('a forgotten punch takes back the absence, and is the same case', async () => {
    using hall = hallAt('08:52:00', { yaml: BOTH_WAYS });
    await hall.record(...others);
    hall.pass(on('12:05:00'));
    await hall.record(punchOf('p2', 'e2', '12:03:00'));
    hall.pass(on('12:10:00'));
    expect(lines(hall).slice(-2)).toEqual([
      at('12:05:00', 'retract absent e2 closed'),
      expect.stringMatching(/ open missing-punch e2 closed$/),
    ]);
    expect(texts(hall).at(-1)).toBe('李岚 missing punch: no punch for coming at 09:00.');
    expect(new Set(topic(hall).map((told) => told.case)).size).toBe(1);
  });

  test('who goes early, or never punches out, is told of once it is decided', async () => {
    using hall = hallAt('08:52:00', { yaml: BOTH_WAYS });
    await hall.record(...others, punchOf('p2', 'e2', '08:53:00'));
    hall.pass(on('11:30:00'));
    await hall.record(punchOf('q2', 'e2', '11:30:00'), punchOf('q1', 'e1', '12:00:00'));
    hall.pass(on('13:59:59'));
    expect(lines(hall)).toEqual([]);
    hall.pass(on('14:05:00'));
    expect(texts(hall)).toEqual([
      '李岚 left early: gone at 11:30, due to stay until 12:00, 30 min early.',
      '周诚 missing punch: no punch for going at 12:00.',
    ]);
    expect(new Set(topic(hall).map((told) => told.case)).size).toBe(2);
  });

  test('a long leave without a slip is told, and taken back when the slip comes', async () => {
    using hall = hallAt('08:00:00');
    await hall.record(leaveOf('l2', 'e2', '09:00:00', '2026-03-03 12:00:00'));
    hall.pass(on('09:00:01'));
    expect(lines(hall)).toEqual(['09:00:00 open leave-slip e2 closed']);
    expect(texts(hall)).toEqual(['李岚 missing leave slip: the leave from 2026-03-02 09:00 on has no slip yet.']);
    await hall.record({ fact: 'slip', id: 's2', at: on('09:00:01'), leave: 'l2' });
    hall.pass(on('09:00:02'));
    expect(lines(hall).at(-1)).toMatch(/ retract leave-slip e2 closed$/);
  });
});
