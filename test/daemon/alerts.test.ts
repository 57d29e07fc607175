/** Who is told what: the hall's topic every change, people one message an alert, and nobody what is not certain. */
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertTopic, punchTopic, statusTopic } from '../../adapters/topics.ts';
import { HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { type Daemon, daemonOf, type Line } from '../support/daemon.ts';
import { type Mosquitto, mosquitto } from '../support/mosquitto.ts';
import { everyDay, noonAt, stamp } from '../support/noon.ts';
import { until } from '../support/until.ts';
import { type ReceivedNotice, takes, type WebhookReceiver, webhookReceiver } from '../support/webhook-receiver.ts';

const HALL = 'told';
const NOW = Date.now();
const noon = noonAt(NOW);
/** The session began some minutes ago, once the day is said to be a working day. */
const BEGAN = Math.floor((NOW - 3 * MINUTE) / MINUTE) * MINUTE;
const ENDS = BEGAN + 3 * HOUR;
const NAMES: Readonly<Record<string, string>> = {
  e1: '徐敏',
  e2: '李岚',
  e3: '周诚',
  e4: '何静',
  e5: '孙平',
  e6: '马远',
};

let broker: Mosquitto;
let hook: WebhookReceiver;
let daemon: Daemon;
let supervision: MqttClient;
const alerts: Line[] = [];

beforeAll(async () => {
  broker = await mosquitto();
  hook = await webhookReceiver('a shared secret');
  supervision = await connectAsync(broker.url, { clientId: 'supervision', protocolVersion: 5 });
  supervision.on('message', (_topic, payload) => void alerts.push(JSON.parse(payload.toString()) as Line));
  await supervision.subscribeAsync(alertTopic(HALL), { qos: 1 });
  daemon = daemonOf({
    config: {
      hall: { id: HALL, timezone: noon.timezone },
      calendar: { country: 'none', days: { [noon.date]: 'rest' } },
      schedules: {
        all: { weekly: everyDay(noon.session(BEGAN, ENDS)) },
        // Their sessions are duties.
        called: { weekly: {} },
      },
      employees: Object.entries(NAMES).map(([id, name], i) => {
        return { id, name, schedule: i < 2 ? 'all' : 'called', credentials: [`${i + 1}`] };
      }),
      windows: [
        { id: 'W1', name: '出入境', schedule: 'all', a: 'e1' },
        { id: 'W2', name: '户籍', schedule: 'all', a: 'e2' },
      ],
      rules: { lateGrace: '2s', coverGrace: '2s', settle: '1s', deliveryLag: '500ms', bridge: '1s', minReturn: '1s' },
      clocks: [{ id: 'clock-1' }, { id: 'clock-2', serves: ['e2'] }, { id: 'clock-3', serves: ['e3'] }],
      mqtt: { url: broker.url },
      notify: {
        gather: '4s',
        channels: [{ id: 'room', kind: 'webhook', url: hook.url, secret: `\${WEBHOOK_SECRET}` }],
      },
    },
    env: { WEBHOOK_SECRET: 'a shared secret', LC_ALL: 'zh_CN.UTF-8' },
  });
  await daemon.startHearing();
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  await supervision?.endAsync(true);
  await hook?.[Symbol.asyncDispose]();
  await broker?.[Symbol.asyncDispose]();
});

const publish = (topic: string, payload: object, retain = false): Promise<unknown> =>
  supervision.publishAsync(topic, JSON.stringify(payload), { qos: 1, retain });
const punch = (credential: string, at: number): Promise<unknown> =>
  publish(punchTopic(HALL, 'clock-1'), { credential, at: stamp(at) });
/** Somebody is called in who should have been there since half a minute. */
const call = (employee: string): Promise<void> => {
  const from = stamp(Date.now() - 30 * SECOND);
  return daemon.import([{ fact: 'duty', id: `duty-${employee}`, employee, from, to: stamp(ENDS) }]);
};

/** What has been said of a person or window on the topic. */
const topicOf = (subject: string): Line[] =>
  alerts.filter((alert) => alert['window'] === subject || (alert['window'] === null && alert['employee'] === subject));
const hookOf = (subject: string): ReceivedNotice[] =>
  hook.received.filter(({ notice }) =>
    notice.verdicts.some((one) => one['window'] === subject || one['employee'] === subject),
  );
const said = <T>(ask: () => readonly T[], count: number, what: string): Promise<unknown> =>
  until(() => ask().length >= count, { timeoutMs: 20_000, what });
const stateOf = async (subject: string): Promise<unknown[]> =>
  (await daemon.verdicts())
    .filter((one) => one['employee'] === subject || one['window'] === subject)
    .map(({ state }) => state);

test('A comes late and her window stays closed: one message to people, two on the topic; what is pending is not told', async () => {
  await publish(statusTopic(HALL, 'clock-2'), { state: 'offline', at: stamp(BEGAN - MINUTE) }, true);
  await until(async () => (await daemon.facts()).some(({ device }) => device === 'clock-2'), { what: 'clock-2' });
  await daemon.import([{ fact: 'day', id: 'd1', date: noon.date, kind: 'work' }]);
  await said(() => hook.received, 1, 'the message');
  const [first] = hook.received;
  expect(first).toMatchObject({
    genuine: true,
    notice: { hall: HALL, op: 'open', key: first?.key, verdicts: [{ rule: 'late' }, { rule: 'missing-cover' }] },
  });
  expect(first?.notice.text).toMatch(/^徐敏 迟到：.*\nW1 出入境窗口 无人顶岗：.*未按时开窗。$/);
  await said(() => alerts, 2, 'both on the topic');
  expect(alerts).toMatchObject([
    { op: 'open', rule: 'late', state: 'open', employee: 'e1', alert: first?.notice.alert },
    { op: 'open', rule: 'missing-cover', state: 'open', window: 'W1', alert: first?.notice.alert, atOpening: true },
  ]);
  expect(new Set(alerts.map((alert) => alert['case'])).size).toBe(2);

  const arrivedAt = Date.now();
  await punch('1', arrivedAt);
  await said(() => hook.received, 2, 'the end');
  expect(hook.received[1]).toMatchObject({
    genuine: true,
    notice: {
      op: 'close',
      alert: first?.notice.alert,
      verdicts: [
        { rule: 'late', op: 'close', state: 'closed', to: expect.any(String) },
        { rule: 'missing-cover', op: 'close', state: 'closed' },
      ],
    },
  });
  expect(alerts.slice(2).map(({ op, rule }) => [op, rule])).toEqual([
    ['close', 'late'],
    ['close', 'missing-cover'],
  ]);

  await daemon.import([
    { fact: 'leave', id: 'l1', employee: 'e1', kind: '公务', from: stamp(BEGAN), to: stamp(arrivedAt) },
  ]);
  await said(() => hook.received, 3, 'the correction');
  expect(hook.received[2]).toMatchObject({
    genuine: true,
    notice: { op: 'retract', alert: first?.notice.alert, verdicts: [{ rule: 'late', employee: 'e1', op: 'retract' }] },
  });
  expect(hook.received[2]?.notice.text).toMatch(/^更正：.*徐敏.*已撤销。$/);
  expect(topicOf('e1').map(({ op }) => op)).toEqual(['open', 'close', 'retract']);

  // All that time her colleague's clock has been offline: she is doubtful, and so is her window, and nobody hears of it.
  expect(await stateOf('e2')).toEqual(['pending']);
  expect(await stateOf('W2')).toEqual(['pending']);
  const told = JSON.stringify([alerts, hook.received, daemon.log]);
  expect(told).not.toMatch(/\be2\b|\bW2\b|李岚|户籍/);
});

test('who was told of what becomes doubtful is told so, without the name', async () => {
  await call('e3');
  await said(() => hookOf('e3'), 1, 'the message about e3');
  const [open] = topicOf('e3');
  await publish(statusTopic(HALL, 'clock-3'), { state: 'offline', at: stamp(Date.now()) }, true);
  const revised = () => alerts.filter((alert) => alert['alert'] === open?.['alert'] && alert['op'] === 'revise');
  await said(revised, 1, 'the revision');
  expect(revised()[0]).toMatchObject({ state: 'pending', because: 'uncovered', employee: null, evidence: [] });
  const inHook = () => hook.received.filter(({ notice }) => notice.alert === open?.['alert'] && notice.op === 'revise');
  await said(inHook, 1, 'the revision in the room');
  expect(JSON.stringify([revised(), inHook()])).not.toMatch(/\be3\b|周诚/);
});

test('a receiver that is down is told when it is up, in order, by the same keys', async () => {
  await hook.down();
  await call('e4');
  await said(() => topicOf('e4'), 1, 'the topic, which waits for no receiver');
  await daemon.logged('message was not delivered', { where: ({ channel }) => channel === 'room' });
  await punch('4', Date.now());
  await said(() => topicOf('e4'), 2, 'the end on the topic');
  expect(hookOf('e4')).toEqual([]);
  await hook.up();
  await said(() => hookOf('e4'), 2, 'both messages');
  expect(hookOf('e4').map(({ genuine, notice }) => [genuine, notice.op])).toEqual([
    [true, 'open'],
    [true, 'close'],
  ]);
  expect(new Set(hookOf('e4').map(({ key }) => key)).size).toBe(2);
});

test('a receiver that is slow gets a message once, and holds nobody up', async () => {
  hook.answer = (response) => void setTimeout(takes, 4000, response);
  await call('e5');
  await said(() => hookOf('e5'), 1, 'the message');
  // Whatever happens meanwhile does not send it again.
  for (let i = 0; i < 12; i++) await punch('unknown', Date.now() - i);
  await punch('5', Date.now());
  await said(() => topicOf('e5'), 2, 'the end on the topic, before the receiver has answered');
  expect(hookOf('e5')).toHaveLength(1);
  await said(() => hookOf('e5'), 2, 'the end in the room');
  expect(hookOf('e5').map(({ notice }) => notice.op)).toEqual(['open', 'close']);
  hook.answer = takes;
});

test('a daemon that is killed while it tells loses nothing: the same message comes again', async () => {
  hook.answer = () => {};
  await call('e6');
  await said(() => hookOf('e6'), 1, 'the message, which is not answered');
  await daemon.kill();
  hook.answer = takes;
  await daemon.startHearing();
  await said(() => hookOf('e6'), 2, 'the message again');
  const [once, again] = hookOf('e6');
  expect(again).toMatchObject({ key: once?.key, genuine: true, notice: once?.notice });

  // Killed before anything is sent: what has been judged will be told.
  await hook.down();
  const revisions = topicOf('e6').length;
  await punch('6', Date.now());
  await until(
    async () => (await daemon.verdicts()).some((one) => one['employee'] === 'e6' && one['state'] === 'closed'),
    {
      what: 'the closed verdict',
    },
  );
  await daemon.kill();
  await hook.up();
  await daemon.startHearing();
  await until(() => hookOf('e6').some(({ notice }) => notice.op === 'close'), { timeoutMs: 20_000, what: 'the end' });
  await until(() => topicOf('e6').some(({ op }) => op === 'close'), {
    timeoutMs: 20_000,
    what: 'the end on the topic',
  });
  expect(topicOf('e6').length).toBeGreaterThan(revisions);
  const genuine = hook.received.every((one) => one.genuine && one.key === one.notice.key);
  expect(genuine).toBe(true);
  expect(daemon.stray).toBe('');
});
