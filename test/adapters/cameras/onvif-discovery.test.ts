import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressesOf } from '../../../adapters/cameras/address-range.ts';
import { introduction, knock, searchAddresses, searchCard } from '../../../adapters/cameras/onvif-discovery.ts';
import { cameraAround } from '../../support/camera-around.ts';
import { type OnvifDevice, type OnvifDeviceOptions, onvifDevice } from '../../support/onvif-device.ts';

/** Addresses that no other process uses. */
const NETWORK = `127.${200 + (process.pid % 50)}.${Math.floor(process.pid / 50) % 250}`;

async function deviceWith(options: OnvifDeviceOptions): Promise<OnvifDevice> {
  const device = await onvifDevice(options);
  onTestFinished(() => device.close());
  return device;
}

describe('a range', () => {
  test.each([
    ['192.168.1.77/30', ['192.168.1.77', '192.168.1.78']],
    ['192.168.1.7', ['192.168.1.7']],
    ['10.0.0.4/31', ['10.0.0.4', '10.0.0.5']],
  ])('%s', (range, addresses) => expect(addressesOf(range)).toEqual(addresses));

  test('of a whole network leaves out the network and everybody', () => {
    const all = addressesOf('192.168.1.64/24') as readonly string[];
    expect([all.length, all[0], all.at(-1)]).toEqual([254, '192.168.1.1', '192.168.1.254']);
    expect(addressesOf('255.255.252.0/22')).toHaveLength(1022);
  });

  test.each(['10.0.0.0/21', '0.0.0.0/0', '10.0.0.0/33', '256.1.1.1', '1.2.3', '1.2.3.4/', 'a.b.c.d', ''])(
    'is not %s',
    (range) => expect(addressesOf(range)).toHaveProperty('because'),
  );
});

describe('a search', () => {
  test('on a card finds who is there, by the address that answered', async () => {
    const device = await deviceWith({
      card: '127.0.0.1',
      namedHost: '192.168.68.111:8000',
      name: 'Lobby_2',
      urn: 'urn:1',
    });
    const found = await searchCard('127.0.0.1', 2_000);
    // Other tests may have cameras on this card at the same time.
    expect(found.filter(({ urn }) => urn === 'urn:1')).toEqual([
      {
        urn: 'urn:1',
        name: 'Lobby 2',
        model: 'ZG-1',
        maker: null,
        location: 'hall',
        host: '127.0.0.1',
        url: 'http://127.0.0.1:8000/onvif/device_service',
        namedHost: '192.168.68.111',
      },
    ]);
    expect(device.asked).toEqual([]);
  });

  test('on a card that is not there says so, and the next one works', async () => {
    await expect(searchCard('203.0.113.77', 500)).rejects.toThrow();
    await deviceWith({ card: '127.0.0.1', urn: 'urn:2' });
    expect((await searchCard('127.0.0.1', 1_500)).map(({ urn }) => urn)).toContain('urn:2');
  });

  test('waits for its turn, and hears all that have one name', async () => {
    for (const end of [1, 2, 3]) await deviceWith({ host: `${NETWORK}.${end}`, isFound: true, urn: 'urn:same' });
    const addresses = addressesOf(`${NETWORK}.0/29`) as readonly string[];
    const both = await Promise.all([1, 2].map(() => searchAddresses({ addresses, waitMs: 500 })));
    for (const found of both)
      expect(found.map(({ host }) => host).sort()).toEqual([1, 2, 3].map((end) => `${NETWORK}.${end}`));
  });

  test('is not disturbed by what is no answer', async () => {
    const noise = createSocket('udp4');
    onTestFinished(() => void noise.close());
    const words = [
      '',
      'no XML',
      '<a><b></a>',
      '<Envelope><Body><ProbeMatches><ProbeMatch/></ProbeMatches></Body></Envelope>',
    ];
    noise.on('message', (_, { address, port }) => {
      for (const word of words) noise.send(word, port, address);
      noise.send(Buffer.alloc(60_000, '<'), port, address);
    });
    noise.bind(3702, `${NETWORK}.5`);
    await once(noise, 'listening');
    await deviceWith({ host: `${NETWORK}.6`, isFound: true, name: '\u001b[2J门\u202e口\u0007' });
    const found = await searchAddresses({ addresses: [`${NETWORK}.5`, `${NETWORK}.6`], waitMs: 500 });
    expect(found.map(({ host, name }) => [host, name])).toEqual([[`${NETWORK}.6`, '[2J门 口']]);
  });
});

test('one who answers no search is found at the door, and says who it is to whom it likes', async () => {
  const around = cameraAround();
  await deviceWith({ host: `${NETWORK}.7`, port: 8899 });
  const open = await knock(around, `${NETWORK}.7`, 2_000);
  expect(open).toMatchObject({ host: `${NETWORK}.7`, url: `http://${NETWORK}.7:8899/onvif/device_service`, urn: null });
  expect(open === null ? null : await introduction(around, open, 2_000)).toMatchObject({ model: 'ZG-1' });
  expect(await knock(around, `${NETWORK}.8`, 500)).toBeNull();
  const shy = await deviceWith({ host: `${NETWORK}.9`, port: 8000, login: { user: 'a', password: 'b' } });
  const found = await knock(around, `${NETWORK}.9`, 2_000);
  expect(found === null ? 'none' : await introduction(around, found, 2_000)).toBeNull();
  expect(shy.wrongLogins).toBe(0);
});
