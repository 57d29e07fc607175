/** The address at which devices push, over real sockets: whole requests to the clock that they are from, strangers refused and listed. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ConnectedClock, DeviceRequest } from '../../../adapters/clock.ts';
import { type DeviceDoor, deviceDoor } from '../../../daemon/clocks/device-door.ts';
import { RecentMessages } from '../../../daemon/clocks/recent-messages.ts';
import { until } from '../../support/until.ts';

let door: DeviceDoor;
let requests: DeviceRequest[];
let said: string[];
let errors: unknown[];
/** A WebSocket clock reads its next message when this resolves. */
let reads: Promise<void>;

const LISTENER = { deliver: async () => {}, heard: () => {}, complete: () => {}, gap: () => {} };

beforeEach(async () => {
  [requests, said, errors] = [[], [], []];
  reads = Promise.resolve();
  const clock: ConnectedClock = {
    silenceMs: 60_000,
    http: {
      isMine: ({ path, query }) => path === '/iclock/cdata' && query.get('SN') === 'A1',
      async handle(request) {
        requests.push(request);
        if (request.body.length === 3) throw new Error('bug');
        return { status: 200, body: 'OK' };
      },
    },
    socket: {
      paths: ['/pub/chat'],
      isMine: (first) => first.includes('"sn":"A1"'),
      async talk(socket, first) {
        for (let text: string | null = first; text !== null; text = await socket.next()) {
          said.push(text);
          socket.send(`got ${text.length}`);
          await reads;
        }
        said.push('gone');
      },
    },
  };
  const log = { error: (fields: unknown) => void errors.push(fields), warn: () => {}, info: () => {}, debug: () => {} };
  door = await deviceDoor(
    { host: '127.0.0.1', port: 0 },
    {
      clocks: () => [{ id: 'k1', make: 'test', clock, listener: LISTENER }],
      now: () => 0,
      recent: new RecentMessages(() => 0),
      log,
    },
  );
});
afterEach(() => door.close());

const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${door.port}${path}`, init);

test('a request goes to its clock whole, with its query decoded', async () => {
  const answer = await ask('/iclock/cdata?SN=A1&table=ATT%4cOG', {
    method: 'POST',
    body: '1001\t2026',
    headers: { 'x-a': 'b' },
  });
  expect([answer.status, await answer.text()]).toEqual([200, 'OK']);
  const [{ method, path, query, headers, body, from } = {} as DeviceRequest] = requests;
  expect([method, path, query.get('table'), headers.get('x-a'), Buffer.from(body).toString(), from]).toEqual([
    ...['POST', '/iclock/cdata', 'ATTLOG', 'b', '1001\t2026', '127.0.0.1'],
  ]);
});

test('a device that nobody has configured is refused, and listed once with how often it came', async () => {
  for (let i = 0; i < 3; i++) expect((await ask('/iclock/cdata?SN=B2&secret=x')).status).toBe(404);
  expect((await ask('/')).status).toBe(404);
  expect(door.strangers.map(({ about, times, from }) => [about, times, from])).toEqual([
    ['GET /iclock/cdata?SN=B2', 3, '127.0.0.1'],
    ['GET /', 1, '127.0.0.1'],
  ]);
});

test('however many strangers come, a hundred are remembered', async () => {
  for (let i = 0; i < 120; i++) await ask(`/x${i}`);
  expect(door.strangers).toHaveLength(100);
  expect(door.strangers.at(-1)?.about).toBe('GET /x119');
});

test('a fault of ours is an error to the device, which sends again, and the next request is answered', async () => {
  expect((await ask('/iclock/cdata?SN=A1', { method: 'POST', body: 'abc' })).status).toBe(500);
  expect(errors).toHaveLength(1);
  expect((await ask('/iclock/cdata?SN=A1')).status).toBe(200);
});

test('more than four megabytes are refused', async () => {
  const answer = await ask('/iclock/cdata?SN=A1', { method: 'POST', body: Buffer.alloc(5_000_000) }).catch(() => null);
  // The device may be cut off before it has read the answer.
  expect([413, undefined]).toContain(answer?.status);
  expect(requests).toEqual([]);
});

test('a request that breaks off in the middle, and bytes that are no request, reach nobody', async () => {
  const half = connect(door.port, '127.0.0.1');
  half.write('POST /iclock/cdata?SN=A1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  await once(half, 'connect');
  half.destroy();
  const garbage = connect(door.port, '127.0.0.1');
  garbage.write('\x50\x50\x82\x7d\r\n\r\n');
  garbage.resume();
  await once(garbage, 'close');
  expect((await ask('/iclock/cdata?SN=A1')).status).toBe(200);
  expect(requests).toHaveLength(1);
});

test('whoever asks for a socket and resets the connection harms nobody', async () => {
  for (const path of ['/nowhere', '/pub/chat']) {
    for (let i = 0; i < 20; i++) {
      const rude = connect(door.port, '127.0.0.1');
      rude.on('error', () => {});
      const gone = once(rude, 'close');
      const asked = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
      await once(rude, 'connect');
      rude.write(asked);
      // In the same turn: the door has read what was asked when the reset comes, and answers into it.
      rude.resetAndDestroy();
      await gone;
    }
  }
  expect((await ask('/iclock/cdata?SN=A1')).status).toBe(200);
});

test('a socket is its clock’s by its first message, in order, and held back while it is not read', async () => {
  let readOn = (): void => {};
  reads = new Promise((resolve) => {
    readOn = resolve;
  });
  const device = new WebSocket(`ws://127.0.0.1:${door.port}/pub/chat`);
  await once(device, 'open');
  const texts = Array.from({ length: 60 }, (_, i) => JSON.stringify({ cmd: 'sendlog', sn: 'A1', i }));
  for (const text of texts) device.send(text);
  await until(() => said.length === 1, { timeoutMs: 5000, what: 'the first message' });
  readOn();
  await until(() => said.length === 60, { timeoutMs: 10_000, what: 'all messages' });
  expect(said).toEqual(texts);
  device.close();
  await until(() => said.at(-1) === 'gone', { timeoutMs: 5000, what: 'the end' });
});

test('a socket that says it is somebody else is closed and listed; so is one at a path of nobody', async () => {
  const device = new WebSocket(`ws://127.0.0.1:${door.port}/pub/chat`);
  await once(device, 'open');
  device.send('{"cmd":"reg","sn":"B2"}');
  await once(device, 'close');
  const nowhere = new WebSocket(`ws://127.0.0.1:${door.port}/nowhere`);
  await once(nowhere, 'error');
  expect(door.strangers.map(({ about }) => about)).toEqual([
    'WebSocket /pub/chat {"cmd":"reg","sn":"B2"}',
    'WebSocket /nowhere',
  ]);
  expect(said).toEqual([]);
});

test('closing ends what is open', async () => {
  const device = new WebSocket(`ws://127.0.0.1:${door.port}/pub/chat`);
  await once(device, 'open');
  device.send('{"sn":"A1"}');
  await until(() => said.length === 1, { timeoutMs: 5000, what: 'the first message' });
  const closed = once(device, 'close');
  await door.close();
  await closed;
  await until(() => said.at(-1) === 'gone', { timeoutMs: 5000, what: 'the end of the talk' });
  door = { ...door, close: async () => {} };
});
