/** What clocks pushed over HTTP and could not be taken: their own make reads it again, as far as enough of it is kept. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KeptReject } from '../../../daemon/ledger/rejects.ts';
import { type ClockHall, openClockHall } from '../../support/clock-hall.ts';

const SECOND_OF_NOW = Math.floor(Date.now() / 1000) * 1000;
const touch = (uid: string): string => JSON.stringify({ uid, ts: new Date(SECOND_OF_NOW - 60_000).toISOString() });
const GATE = {
  id: 'gate',
  map: { path: '/gate', fields: { credential: '/uid', time: { ptr: '/ts', format: 'rfc3339' } } },
};

let hall: ClockHall;
beforeAll(async () => {
  hall = await openClockHall([GATE, { id: 'hik', profile: { kind: 'hikvision' } }]);
});
afterAll(() => hall?.[Symbol.asyncDispose]());

const rejectWith = (payload: string, about = '/gate'): KeptReject | undefined =>
  hall.daemon.core.rejects
    .newest(10)
    .find((reject) => reject.topic === about && Buffer.from(reject.payload).toString() === payload);
const again = (reject: KeptReject | undefined): Promise<string | null> =>
  hall.daemon.intake.again(reject ?? expect.fail('nothing was set aside'), null, 'user:a');

/** Set aside as if its clock had been configured otherwise then. */
const setAside = (device: string, about: string, payload: string): Promise<void> => {
  const refused = [{ about, because: 'of another mapping', payload: Buffer.from(payload) }];
  return hall.daemon.intake.deliver(device, 'test', { records: [], refused });
};

test('what a mapped clock posts and its mapping cannot read is set aside as its own, and again where it still cannot', async () => {
  const body = '{"card":"1001"}';
  const { status } = await fetch(`http://127.0.0.1:${hall.door}/gate`, { method: 'POST', body });
  expect(status).toBe(200);
  const reject = rejectWith(body);
  expect(reject).toMatchObject({ device: 'gate', topic: '/gate', times: 1 });
  expect(await again(reject)).toBeNull();
  expect(rejectWith(body)).toMatchObject({ times: 2 });
  expect(hall.punches('gate')).toEqual([]);
});

test('by a mapping that fits by now it counts, once', async () => {
  await setAside('gate', '/gate', touch('1001'));
  const reject = rejectWith(touch('1001'));
  for (let i = 0; i < 2; i++) expect(await again(reject)).toBeNull();
  expect(hall.punches('gate')).toMatchObject([{ credential: '1001', at: SECOND_OF_NOW - 60_000 }]);
});

test.each([
  ['of a make that keeps but a few fields of it', 'hik', 'POST /hikvision'],
  ['of a clock that posted to another address', 'gate', '/former'],
  ['of a clock that is gone', 'gone', '/gone'],
])('what is %s is said to be no more to be read', async (_, device, about) => {
  await setAside(device, about, touch('1001'));
  expect(await again(rejectWith(touch('1001'), about))).toMatch(/^too little of it is kept/);
});
