/** The reject list over HTTP: all of it can be read, two hundred at a time. */
import { expect, test } from 'vitest';
import { testAccess } from '../support/access.ts';
import { CoreHall } from '../support/core-hall.ts';
import { NO_ASSETS, startServer } from '../support/http-server.ts';
import { noDevices } from '../support/no-devices.ts';
import { on, SMALL_HALL } from '../support/small-hall.ts';

interface Page {
  readonly rejects: readonly { readonly topic: string }[];
  readonly next: string | null;
}

test('a list of four hundred has two pages, each from where the one before ended', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  const { ledger, rejects } = hall.core;
  const topics = Array.from({ length: 400 }, (_, i) => `t/${i}`);
  ledger.commit(() => {
    for (const [i, topic] of topics.entries())
      rejects.keep({ door: 'mqtt', topic, because: 'not JSON', payload: Buffer.from('?') }, 1000 - i);
  });
  const { access } = testAccess();
  const { secret } = access.office.addToken(
    { name: 't', expiresAt: null, employee: null, departments: [], roles: ['installer'] },
    { who: 'user:admin', address: '' },
  );
  const desk = { ...noDevices().desk, rejects: rejects.newest.bind(rejects) };
  const server = await startServer({ access, devices: { ...noDevices(), desk }, assets: NO_ASSETS });
  const get = (query: string): Promise<Response> =>
    fetch(`${server.url}/api/v1/rejects${query}`, { headers: { Authorization: `Bearer ${secret}` } });
  const first = (await (await get('')).json()) as Page;
  const second = (await (await get(`?before=${first.next}`)).json()) as Page;
  expect([...first.rejects, ...second.rejects].map(({ topic }) => topic)).toEqual(topics);
  expect([first.rejects.length, second.next]).toEqual([200, null]);
  expect((await get('?before=yesterday')).status).toBe(400);
  await server.close();
});
