/** What is heard may change while a connection stands: against a real Mosquitto, and the embedded broker where one has to refuse. */
import { afterEach, expect, test } from 'vitest';
import { embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { drained, heard, opened, PUNCHES, send } from '../support/broker-client.ts';
import { type BrokerLog, brokerLog } from '../support/broker-log.ts';
import { mosquitto } from '../support/mosquitto.ts';
import { until } from '../support/until.ts';

const own = opened();
afterEach(() => own.close());

const texts = ({ messages }: BrokerLog): readonly string[] => messages.map(({ topic, text }) => `${topic} ${text}`);

test('a topic is heard from the moment that it is granted, and not after it was let go', async () => {
  const server = own.use(await mosquitto());
  const log = brokerLog({ commit: true });
  const broker = await own.start(log, { url: server.url });
  await drained(log);
  await send(server, 'face/1/Rec', ['before']);
  await broker.subscribe(['face/1/Rec', 'face/1/Rec', 'face/2/Rec']);
  await send(server, 'face/1/Rec', ['heard']);
  await heard(log, 1);
  await broker.unsubscribe(['face/1/Rec']);
  await send(server, 'face/1/Rec', ['after']);
  await send(server, 'face/2/Rec', ['other']);
  await heard(log, 2);
  expect(texts(log)).toEqual(['face/1/Rec heard', 'face/2/Rec other']);
  expect(log.losses).toEqual([]);
});

test('what is asked for while nobody is connected is heard with the next connection', async () => {
  const server = own.use(await mosquitto());
  await server.kill();
  const log = brokerLog({ commit: true });
  const broker = await own.start(log, { url: server.url });
  await broker.subscribe(['face/1/Rec']);
  await server.start();
  await drained(log);
  await send(server, 'face/1/Rec', ['heard']);
  await heard(log, 1);
  expect(texts(log)).toEqual(['face/1/Rec heard']);
});

test('a session of earlier hands out what it holds of a topic that nobody wants any more, and takes nothing more for it', async () => {
  const server = own.use(await mosquitto());
  const first = brokerLog({ commit: true });
  const before = await own.start(first, { url: server.url, topics: ['face/1/Rec', PUNCHES] });
  await drained(first);
  await before.stop();
  await send(server, 'face/1/Rec', ['kept']);
  let settled = 0;
  const second = brokerLog({ commit: true });
  const options = { url: server.url, topics: [PUNCHES], formerTopics: ['face/1/Rec'], settled: () => settled++ };
  const after = await own.start(second, options);
  await drained(second);
  expect(texts(second)).toEqual(['face/1/Rec kept']);
  await until(() => settled > 0, { what: 'the broker to have let go' });
  await after.stop();
  await send(server, 'face/1/Rec', ['too late']);
  await send(server, PUNCHES, ['x']);
  const third = brokerLog({ commit: true });
  await own.start(third, { url: server.url, topics: [PUNCHES] });
  await drained(third);
  expect(texts(third)).toEqual([`${PUNCHES} x`]);
});

test('one topic that the broker refuses, and none of them is heard; the rest goes on', async () => {
  const subscribe = ['zaigang/#', 'face/1/Rec'];
  const user = { id: 'daemon', password: 'secret', publish: ['#'], subscribe };
  const strict = embeddedBroker({ hall: 'suixian', host: '127.0.0.1', port: 0, clocks: [], users: [user] });
  own.later(() => strict.stop());
  await strict.start(brokerLog({ commit: true }));
  const log = brokerLog({ commit: true });
  const broker = await own.start(log, { url: `mqtt://daemon:secret@127.0.0.1:${strict.port}` });
  // It grants subscriptions of our own hall at QoS 1 and says so; one that may not be had is refused by it.
  await drained(log);
  await expect(broker.subscribe(['face/1/Rec', 'face/2/Rec'])).rejects.toMatchObject({
    name: 'BrokerError',
    message: 'the broker refused the subscription to face/2/Rec',
    retry: false,
  });
  await broker.publish('face/1/Rec', 'not heard');
  await broker.publish(PUNCHES, 'x');
  await heard(log, 1);
  expect(texts(log)).toEqual([`${PUNCHES} x`]);
  expect(log.losses).toEqual([]);
});
