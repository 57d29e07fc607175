/**
 * Ten thousand messages of each family that are not quite right, over real connections into the real ledger: each is answered, none is a fault
 * of ours, what is kept aside says why in both languages, and a right one afterwards is in the ledger when it is acknowledged.
 */
import { Agent, request } from 'node:http';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localText } from '../../adapters/local-time.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { becauseText } from '../../daemon/clocks/reason-words.ts';
import { formatInstant, MINUTE, SECOND } from '../../rules/time.ts';
import { type ClockHall, openClockHall } from '../support/clock-hall.ts';
import { recPush } from '../support/face-terminal.ts';
import { garbled } from '../support/garbled-json.ts';
import { eventOf } from '../support/hikvision-terminal.ts';
import { sendlogOf } from '../support/sendlog-terminal.ts';
import { spoiledBytes } from '../support/spoiled-bytes.ts';
import { until } from '../support/until.ts';

const SEED = 20_260_302;
const COUNT = 10_000;
// Commits take several at once: what one waits for, all wait for.
const AT_ONCE = 200;
const ZONE = zoneTable('Asia/Shanghai');
const AT = Math.floor((Date.now() - 30 * MINUTE) / SECOND) * SECOND;
const LOCAL = localText(ZONE, AT);
const ISO = formatInstant(ZONE, AT);
const SERIAL = 'CKUH201260001';

let hall: ClockHall;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

beforeAll(async () => {
  hall = await openClockHall([
    { id: 'own', password: 'own-secret' },
    { id: 'face', password: 'face-secret', profile: { kind: 'mqtt-face', device: '1026700' } },
    {
      id: 'mapped',
      map: {
        ...{ path: '/report', when: { ptr: '/kind', equals: 'evt' }, items: '/rec', reply: { template: { code: 0 } } },
        fields: { credential: '/uid', time: '/ts', seq: '/seq', ok: { ptr: '/ok', in: ['1'] } },
      },
    },
    { id: 'sendlog', profile: { kind: 'sendlog', serial: 'A1', setTime: false } },
    { id: 'push', profile: { kind: 'zkteco-push', serial: SERIAL, backfill: '0s' } },
    { id: 'hikvision', profile: { kind: 'hikvision' } },
    { id: 'dahua', profile: { kind: 'dahua' } },
  ]);
}, 120_000);
afterAll(async () => {
  agent.destroy();
  await hall?.[Symbol.asyncDispose]();
});

interface Pushed {
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

function post({ path, type, body }: Pushed): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': type, 'content-length': body.length };
    const asked = request({ agent, host: '127.0.0.1', port: hall.door, method: 'POST', path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', reject);
    });
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // Of a connection that was kept and that the other side had just given up: nothing has come of it.
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(post({ path, type, body }));
      else reject(error);
    });
    asked.end(body);
  });
}

const ANSWERS = new Set([200, 400, 404, 413, 503]);

/** What has come of it: kept, known already, or aside. */
const reading = (device: string) => hall.daemon.clocks.devices.reading(device);
const rejects = () => hall.daemon.core.ledger.database.prepare('select door, because, payload from reject').all();

function expectReasons(): void {
  const reasons = [...new Set(rejects().map(({ because }) => String(because)))];
  expect(reasons.filter((because) => because === '')).toEqual([]);
  expect(reasons.filter((because) => !/[\u4e00-\u9fff]/.test(becauseText(because, 'zh'))).slice(0, 5)).toEqual([]);
  const payloads = Buffer.concat(rejects().map(({ payload }) => payload as Uint8Array)).toString();
  // A name whose key was spoiled is not known to be one; a picture is known by itself.
  expect(/(?:QUJD){20}/.exec(payloads)).toBeNull();
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const hikvisionEvent = eventOf({ serial: 7, major: 5, minor: 75, person: '1001', at: AT }, true);
const dahuaEvent = {
  Events: [
    { Code: 'AccessControl', Data: { UserID: '1001', CardName: '徐敏', Method: 15, Status: 1, UTC: AT / 1000 } },
  ],
};
const lines = (time: string): string => `1001\t${time}\t0\t1\t0\t0\t0\n1002\t${time}\t0\t15\t0\t0\t0\n`;

const PUSHED: readonly (readonly [device: string, path: string, type: string, bodies: readonly Buffer[]])[] = [
  [
    'mapped',
    '/report',
    'application/json',
    [json({ kind: 'evt', rec: { uid: '1001', ts: LOCAL, seq: 5, ok: '1', name: '宋岩' } })],
  ],
  [
    'sendlog',
    '/pub/api',
    'application/json',
    [
      json(sendlogOf('A1', [{ enrollid: 1001, time: LOCAL }])),
      json({ cmd: 'reg', sn: 'A1', devinfo: { modelname: 'AiFace' } }),
    ],
  ],
  ['push', `/iclock/cdata?SN=${SERIAL}&table=ATTLOG&Stamp=1`, 'text/plain', [Buffer.from(lines(LOCAL))]],
  ['hikvision', '/hikvision/hikvision', 'application/json', [json(hikvisionEvent)]],
  ['dahua', '/dahua/dahua', 'application/json', [json(dahuaEvent)]],
];

test.each(PUSHED)('%s', async (device, path, type, bodies) => {
  const messages = spoiledBytes(COUNT, SEED, bodies);
  const statuses = new Map<number, number>();
  const worker = async (): Promise<void> => {
    for (const { body } of messages) {
      const status = await post({ path, type, body });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(COUNT);
  expect([...statuses.keys()].filter((status) => !ANSWERS.has(status))).toEqual([]);
  expect(reading(device).setAside).toBeGreaterThan(500);
  expect(reading(device).taken + reading(device).repeated).toBeGreaterThan(200);
  expectReasons();
  // A right one: once it is acknowledged it is there, in a transaction that is over.
  const later = localText(ZONE, AT + MINUTE);
  const right =
    bodies[0]
      ?.toString()
      .replaceAll(LOCAL, later)
      .replaceAll(String(AT / 1000), String(AT / 1000 + 60)) ?? '';
  const body = Buffer.from(
    right.replaceAll(ISO, formatInstant(ZONE, AT + MINUTE)).replaceAll('"serialNo":7', '"serialNo":8'),
  );
  expect(await post({ path, type, body })).toBe(200);
  expect(hall.daemon.core.ledger.database.isTransaction).toBe(false);
  expect(hall.punches(device).some(({ at, credential }) => at === AT + MINUTE && credential === '1001')).toBe(true);
});

const PUBLISHED: readonly (readonly [device: string, topics: readonly string[], originals: readonly unknown[]])[] = [
  [
    'own',
    ['zaigang/h1/clock/own/punch', 'zaigang/h1/clock/own/status'],
    [
      { credential: '1001', at: ISO, seq: 5, method: 'face' },
      { state: 'online', at: ISO, count: 5 },
    ],
  ],
  ['face', ['mqtt/face/1026700/Rec'], [recPush('1026700', { RecordID: '5', customId: '1001', time: LOCAL })]],
];

test.each(PUBLISHED)('%s', async (device, topics, originals) => {
  const login = { username: device, password: `${device}-secret` };
  const client: MqttClient = await connectAsync(`mqtt://127.0.0.1:${hall.broker}`, login);
  const before = hall.daemon.intake.counts.messages;
  let sent = 0;
  // QoS 1: publishing ends when it is acknowledged, whatever is in it.
  for (const payloads = garbled(originals, COUNT, SEED)[Symbol.iterator](), flights = new Set<Promise<unknown>>(); ; ) {
    const next = payloads.next();
    if (next.done === true) {
      await Promise.all(flights);
      break;
    }
    const topic = topics[sent++ % topics.length] ?? '';
    const flight = client.publishAsync(topic, next.value, { qos: 1 });
    flights.add(flight);
    if (flights.size >= AT_ONCE) {
      await Promise.all(flights);
      flights.clear();
    }
  }
  expect(sent).toBe(COUNT);
  expect(hall.daemon.intake.counts.messages - before).toBeGreaterThanOrEqual(COUNT);
  expect(reading(device).setAside).toBeGreaterThan(500);
  expectReasons();
  const right = JSON.stringify(originals[0])
    .replaceAll(ISO, formatInstant(ZONE, AT + MINUTE))
    .replaceAll(LOCAL, localText(ZONE, AT + MINUTE));
  await client.publishAsync(topics[0] ?? '', right, { qos: 1 });
  await until(() => hall.punches(device).some(({ at }) => at === AT + MINUTE), {
    what: 'the right one',
    timeoutMs: 60_000,
  });
  await client.endAsync();
});
