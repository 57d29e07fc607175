/** Who is told of what and when, through a real ledger, on a clock moved by hand (docs/decisions/0013-word-to-people.md). */
import { describe, expect, test } from 'vitest';
import { channelWarnings, sendersOf } from '../../daemon/alerts/channels.ts';
import type { Log } from '../../daemon/log.ts';
import { CoreHall } from '../support/core-hall.ts';
import { gist, lettersOf, live, type ReadLetter } from '../support/letters.ts';
import { leaveOf, on, punchOf, SMALL_HALL } from '../support/small-hall.ts';
import { smtpStub } from '../support/smtp-stub.ts';

const CHANNELS = [
  'id: sup, kind: email, server: "smtp://mail.invalid", from: z@x.cn, addresses: [s@x.cn]',
  'id: top, kind: email, server: "smtp://mail.invalid", from: z@x.cn, addresses: [m@x.cn], to: management',
  'id: chief, kind: email, server: "smtp://mail.invalid", from: z@x.cn, addresses: [c@x.cn], to: chief, departments: [gaj]',
  'id: other, kind: email, server: "smtp://mail.invalid", from: z@x.cn, addresses: [o@x.cn], to: chief, departments: [ybj]',
  'id: own, kind: email, server: "smtp://mail.invalid", from: z@x.cn, to: person',
  'id: group, kind: wecom, token: t',
];
const channels = (more = ''): string =>
  `notify: { channels: [${CHANNELS.map((one) => `{ ${one} }`).join(', ')}]${more} }`;

const HALL = `${SMALL_HALL.replace('employees:', 'departments: [{ id: gaj, name: 公安局 }, { id: ybj }]\nemployees:')
  .replaceAll('schedule: standard, credentials', 'department: gaj, schedule: standard, credentials')
  .replace('a: e1 }', 'a: e1, b: [e3], department: gaj }')
  .replace('["1001"] }', '["1001"], contacts: { email: e1@x.cn } }')
  .replace('["1003"] }', '["1003"], contacts: { email: e3@x.cn } }')}`;

const hallAt = (time: string, yaml = `${HALL}\n${channels()}`): CoreHall => new CoreHall({ yaml, startsAt: on(time) });
const to = (hall: CoreHall, channel: string): string[] =>
  lettersOf(hall)
    .filter((letter) => letter.channel === channel)
    .map(gist);
const textsOf = (hall: CoreHall, channel: string): string[] =>
  lettersOf(hall).flatMap((letter: ReadLetter) => (letter.channel === channel ? [letter.text] : []));
const silent: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const LETTER = { seq: 1, key: 'k', alert: 'C-1', attempts: 0, body: JSON.stringify({ text: 't', parts: [] }) };
/** The case of what was said by a rule. */
function caseOf(hall: CoreHall, rule: string): string {
  const said = hall.messages('mqtt').map(({ body }) => JSON.parse(body) as { rule: string; case: string });
  return said.find((one) => one.rule === rule)?.case ?? '';
}
const others = [punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:51:00')];
/** The B is away as well, so that nobody can go to the window. */
const alone = [punchOf('p2', 'e2', '08:50:00'), leaveOf('l3', 'e3', '09:00:00', '12:00:00')];

describe('stages', () => {
  test('a question to the person, then B, chief and group, then supervision, then those above', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...alone);
    live(hall, on('09:29:30'));
    expect(to(hall, 'own/e1')).toEqual(['09:06:40 own/e1: open late']);
    expect(textsOf(hall, 'own/e1')[0]).toMatch(/^Your punch for 09:00 has not arrived\./);
    expect(to(hall, 'chief')[0]).toBe('09:10:10 chief: open late');
    expect(to(hall, 'chief')[1]).toBe('09:11:40 chief: open missing-cover');
    expect(to(hall, 'own/e3')).toEqual(['09:11:40 own/e3: open missing-cover']);
    expect(to(hall, 'group')).toEqual(['09:11:40 group: open missing-cover']);
    expect(to(hall, 'sup')).toEqual(['09:15:10 sup: open missing-cover']);
    expect(to(hall, 'top')).toEqual([]);
    live(hall, on('09:31:00'));
    expect(to(hall, 'top')).toEqual(['09:30:10 top: open absent, open missing-cover']);
    expect(to(hall, 'other')).toEqual([]);
  });

  test('end with an answer: who would be called because nobody answered, is not', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...alone);
    live(hall, on('09:12:00'));
    const caseId = caseOf(hall, 'missing-cover');
    const wish = { by: 'user:du', employee: null, via: 'web', reason: null, revision: null } as const;
    await hall.core.desk.do(caseId, { deed: 'acknowledge', ...wish });
    live(hall, on('09:34:00'));
    expect(to(hall, 'sup').filter((line) => line.includes('missing-cover'))).toEqual([]);
    expect(to(hall, 'top').filter((line) => line.includes('missing-cover'))).toEqual([]);
    live(hall, on('09:36:00'));
    expect(to(hall, 'sup').at(-1)).toMatch(/^09:35:00 sup: .*open missing-cover/);
  });

  test('do not end with an answer that was imported, whoever it says gave it', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...alone);
    live(hall, on('09:12:00'));
    const claimed = { at: on('09:12:00'), case: caseOf(hall, 'missing-cover'), by: 'user:du', via: 'web' };
    await hall.record({ fact: 'action', id: 'k1', do: 'acknowledge', ...claimed });
    live(hall, on('09:16:00'));
    expect(to(hall, 'sup')).toEqual(['09:15:10 sup: open missing-cover']);
  });
});

test('a person is reached by every channel for persons that knows an account of theirs, and by no other', async () => {
  const app = '{ id: app, kind: wecom-app, corp: ww1, agent: 1, secret: s }';
  const yaml = `${HALL.replace('contacts: { email: e1@x.cn }', 'contacts: { wecom: xumin, email: e1@x.cn }')}\n${channels()}`;
  using hall = hallAt('08:52:00', yaml.replace('channels: [', `channels: [${app}, `));
  await hall.record(...alone);
  live(hall, on('09:12:00'));
  expect(to(hall, 'app/e1')).toEqual(['09:06:40 app/e1: open late']);
  expect(to(hall, 'own/e1')).toEqual(['09:06:40 own/e1: open late']);
  expect(to(hall, 'own/e3')).toEqual(['09:11:40 own/e3: open missing-cover']);
  expect(to(hall, 'app/e3')).toEqual([]);
});

test('of a window that nobody holds, the B of the day is asked, and not whom the configuration names', async () => {
  using hall = hallAt('08:52:00');
  const assigned = { fact: 'assign', id: 'a1', window: 'W1', role: 'B', from: on('08:00:00'), to: on('18:00:00') };
  await hall.record({ ...assigned, employees: ['e1'] }, ...others);
  live(hall, on('09:12:00'));
  expect(to(hall, 'own/e1').at(-1)).toBe('09:11:40 own/e1: open missing-cover');
  expect(to(hall, 'own/e3')).toEqual([]);
});

test('whoever has another address is reached there as soon as the configuration says so', async () => {
  await using mail = await smtpStub('');
  const yaml = `${HALL}\n${channels()}`.replaceAll('smtp://mail.invalid', mail.url);
  using hall = hallAt('08:52:00', yaml);
  const senders = sendersOf({ config: hall.core.config, language: 'zh', now: () => 0 }, silent);
  const send = (channel: string) => senders.get('own')?.({ ...LETTER, channel });
  await send('own/e1');
  await expect(send('own/e2')).rejects.toThrow('reaches e2 no more');
  hall.accept(yaml.replace('e1@x.cn', 'e1@y.cn').replace('["1002"] }', '["1002"], contacts: { email: e2@x.cn } }'));
  await send('own/e1');
  await send('own/e2');
  expect(mail.mails.map(({ to }) => to)).toEqual([['e1@x.cn'], ['e1@y.cn'], ['e2@x.cn']]);
  await hall.record(punchOf('p1', 'e1', '08:51:00'), punchOf('p3', 'e3', '08:51:00'));
  live(hall, on('09:10:00'));
  expect(to(hall, 'own/e2')).toEqual(['09:06:40 own/e2: open late']);
});

describe('what is over', () => {
  test('goes with the next digest, and not at all if it is taken back before', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    live(hall, on('09:05:40'));
    await hall.record(punchOf('p1', 'e1', '09:05:30'));
    live(hall, on('09:34:00'));
    expect(lettersOf(hall)).toEqual([]);
    live(hall, on('09:36:00'));
    expect(to(hall, 'chief')).toEqual(['09:35:00 chief: open late']);
    expect(to(hall, 'group')).toEqual(['09:35:00 group: open late']);
    expect(textsOf(hall, 'group')[0]).toBe('公安局 an employee late: 09:00–09:05, 6 min.');

    using again = hallAt('08:52:00');
    await again.record(...others);
    live(again, on('09:05:40'));
    await again.record(punchOf('p1', 'e1', '09:05:30'));
    live(again, on('09:20:00'));
    await again.record(leaveOf('l1', 'e1', '09:00:00', '12:00:00'));
    live(again, on('11:00:00'));
    expect(lettersOf(again)).toEqual([]);
  });

  test('waits over a restart, and is said once', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    live(hall, on('09:05:40'));
    await hall.record(punchOf('p1', 'e1', '09:05:30'));
    live(hall, on('09:20:00'));
    hall.restart(0);
    hall.online();
    live(hall, on('09:34:00'));
    hall.restart(5 * 60_000);
    hall.online();
    live(hall, on('10:00:00'));
    expect(to(hall, 'chief').map((line) => line.slice(9))).toEqual(['chief: open late']);
    expect(to(hall, 'sup').map((line) => line.slice(9))).toEqual(['sup: open late']);
  });

  test('is never shouted in the evening: the next working day at 08:40', async () => {
    using hall = hallAt('2026-03-06 08:52:00', `${HALL.replace('punches: in, ', '')}\n${channels()}`);
    await hall.record(punchOf('p1', 'e1', '2026-03-06 08:53:00'), punchOf('p2', 'e2', '2026-03-06 08:53:00'));
    await hall.record(punchOf('p3', 'e3', '2026-03-06 08:53:00'), punchOf('q2', 'e2', '2026-03-06 12:01:00'));
    // Friday: e1 and e3 never punch out, which is known in the afternoon. Saturday and Sunday nobody works.
    live(hall, on('2026-03-09 08:39:00'));
    expect(lettersOf(hall)).toEqual([]);
    live(hall, on('2026-03-09 08:41:00'));
    expect(lettersOf(hall).map(({ date }) => date)).toContain('2026-03-09');
    expect(to(hall, 'chief')).toEqual(['08:40:00 chief: open missing-punch, open missing-punch']);
    expect(to(hall, 'own/e1')).toEqual(['08:40:00 own/e1: open missing-punch']);
    expect(to(hall, 'top')).toEqual([]);
  });

  test('is taken back by those who were told, and nobody else hears of it', async () => {
    using hall = hallAt('08:52:00');
    await hall.record(...others);
    live(hall, on('09:20:00'));
    expect(to(hall, 'chief')).toEqual(['09:10:10 chief: open late']);
    await hall.record(leaveOf('l1', 'e1', '09:00:00', '12:00:00'));
    live(hall, on('09:21:00'));
    // Whoever was named is cleared at once.
    expect(to(hall, 'chief').at(-1)).toBe('09:20:00 chief: retract late');
    expect(to(hall, 'own/e1').at(-1)).toBe('09:20:00 own/e1: retract late');
    live(hall, on('15:00:00'));
    expect([...to(hall, 'sup'), ...to(hall, 'top'), ...to(hall, 'group')]).toEqual([]);
  });
});

test('quiet hours keep everything for the digest', async () => {
  using hall = hallAt('08:52:00', `${HALL}\n${channels(', quiet: ["09:00-09:30"]')}`);
  await hall.record(...alone);
  live(hall, on('09:29:00'));
  expect(lettersOf(hall)).toEqual([]);
  live(hall, on('09:36:00'));
  expect(to(hall, 'chief').at(-1)).toMatch(/^09:35:00 chief: .*missing-cover/);
});

test('routes ask for rule, department and hour', async () => {
  const routes =
    ', routes: [{ channels: [chief], rules: [late], departments: [ybj] }, { channels: [sup], hours: ["14:00-17:00"] }, { channels: [group], rules: [missing-cover], hours: ["08:30-12:00"] }]';
  using hall = hallAt('08:52:00', `${HALL}\n${channels(routes)}`);
  await hall.record(...alone);
  live(hall, on('09:40:00'));
  expect(lettersOf(hall).map(gist)).toEqual(['09:11:40 group: open missing-cover']);
});

const MANY = 300;

/** A hall in which nobody comes. */
function crowd(): string {
  const people = Array.from({ length: MANY }, (_, i) => `  - { id: n${i}, name: 某某${i}, schedule: standard }`);
  return `${SMALL_HALL.slice(0, SMALL_HALL.indexOf('employees:'))}departments: [{ id: gaj }, { id: ybj }]\nemployees:\n${people.join('\n')}\nwindows: []\nclocks: [{ id: clock-1 }]\n`;
}

describe('three hundred at once', () => {
  const aboutOf = (letters: readonly ReadLetter[]): string[] =>
    letters.flatMap(({ parts }) => parts.map(({ verdict }) => (verdict as { employee: string }).employee));

  test('are few messages, at most as fast as the channel takes them, and each is in one, over a kill', async () => {
    using hall = hallAt('08:20:00', `${crowd()}\n${channels()}`);
    hall.pass(on('09:30:09'));
    // On its way, and not delivered: the daemon ends here, and what leaves next is what would have left.
    hall.pass(on('09:30:11'));
    const before = lettersOf(hall).filter(({ channel }) => channel === 'sup');
    expect(before.length).toBe(1);
    hall.restart(0);
    hall.online();
    live(hall, on('10:00:00'));
    const letters = lettersOf(hall).filter(({ channel }) => channel === 'sup');
    const opened = letters.map(({ parts, ...letter }) => ({
      ...letter,
      parts: parts.filter(({ op }) => op === 'open'),
    }));
    expect(aboutOf(opened).sort()).toEqual(Array.from({ length: MANY }, (_, i) => `n${i}`).sort());
    expect(letters.length).toBeLessThanOrEqual(3);
    expect(letters[0]?.text.split('\n')[0]).toBe(`${MANY} in all: absent ${MANY}`);
    expect(letters[0]?.parts.map(({ key }) => key).length).toBe(new Set(letters[0]?.parts.map(({ key }) => key)).size);
  });

  test('one after the other do not exceed the rate, also after a restart', async () => {
    using hall = hallAt(
      '08:52:00',
      `${HALL}\n${channels()}`.replace('addresses: [s@x.cn]', 'addresses: [s@x.cn], perMinute: 6'),
    );
    const all = ['e1', 'e2', 'e3'];
    await hall.record(...all.map((one) => punchOf(`p${one}`, one, '08:50:00')));
    live(hall, on('09:20:00'));
    // Every second somebody's absence is decided anew: a meeting is entered, and withdrawn.
    for (let i = 0; i < 40; i++) {
      const from = `10:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i).padStart(2, '0')}`;
      live(hall, on(from));
      await hall.record({
        fact: 'leave',
        id: `m${i}`,
        employee: 'e1',
        kind: '事假',
        from: on('2026-03-03 09:00:00'),
        to: on(`2026-03-05 12:00:${String(i).padStart(2, '0')}`),
      });
      await hall.record({ fact: 'cancel', id: `c${i}`, at: on(from), target: `m${i}` });
      if (i === 20) hall.restart(0);
    }
    live(hall, on('2026-03-03 15:00:00'));
    const at = lettersOf(hall)
      .filter(({ channel }) => channel === 'sup')
      .map(({ date, at: time }) => Date.parse(`${date}T${time}+08:00`));
    for (const start of at)
      expect(at.filter((one) => one >= start && one < start + 60_000).length).toBeLessThanOrEqual(8);
  });
});

test('a channel that is down is warned of, holds nobody up, and then gets one message', async () => {
  using hall = hallAt('08:52:00');
  await hall.record(...alone);
  live(hall, on('09:12:00'), ['chief']);
  const { core } = hall;
  expect(to(hall, 'chief')).toEqual(['09:10:10 chief: open late']);
  expect(to(hall, 'group')).toEqual(['09:11:40 group: open missing-cover']);
  const stuck = core.outbox.due(hall.clock.now()).find(({ channel }) => channel === 'chief');
  core.ledger.commit(() => core.outbox.failed(stuck?.seq ?? -1, 'no answer', Date.parse(on('09:40:00'))));
  expect(channelWarnings(core.outbox, 'en')).toEqual([
    'channel chief does not get through; administrators find why on the page of accounts',
  ]);
  live(hall, on('09:41:00'));
  live(hall, on('09:42:00'));
  expect(channelWarnings(core.outbox, 'en')).toEqual([]);
  const [first, second, ...more] = to(hall, 'chief');
  expect([first, more]).toEqual(['09:10:10 chief: open late', []]);
  expect(second).toMatch(/missing-cover/);
  expect(second).toMatch(/absent/);
});
