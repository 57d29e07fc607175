/** Whom clocks know, read from fixtures of each make that tells: numbers and names, and nothing else of anybody. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ConnectedClock } from '../../../adapters/clock.ts';
import { dahuaClock } from '../../../adapters/clocks/dahua.ts';
import { hikvisionClock } from '../../../adapters/clocks/hikvision.ts';
import { usersIn } from '../../../adapters/clocks/zkteco-users.ts';
import { nameIn, shownName } from '../../../adapters/device-users.ts';
import { dahua } from '../../../config/clocks/dahua.ts';
import { hikvision } from '../../../config/clocks/hikvision.ts';
import { SECOND } from '../../../rules/time.ts';
import { clockAround, clockEar } from '../../support/clock-ear.ts';
import { DahuaTerminal } from '../../support/dahua-terminal.ts';
import { HikvisionTerminal } from '../../support/hikvision-terminal.ts';
import { spoiledBytes } from '../../support/spoiled-bytes.ts';
import { until } from '../../support/until.ts';
import { zktecoPushHall } from '../../support/zkteco-push-hall.ts';
import { complete, pullDevice, zktecoReader } from '../../support/zkteco-reader.ts';

const ask = (clock: ConnectedClock) => clock.users?.(AbortSignal.timeout(20 * SECOND));
/** 宋岩, as devices in China write it. */
const SONG_YAN_GBK = Buffer.from([0xcb, 0xce, 0xd1, 0xd2]);

describe('ZKTeco, read', () => {
  test.each([40, 8] as const)(
    'while it is listened to, and while it is not (records of %i bytes)',
    async (recordSize) => {
      const device = await pullDevice({ recordSize });
      device.users.push({ uid: 2, id: '1002', name: Buffer.from('徐敏') });
      device.users.push({ uid: 1, id: '101', name: SONG_YAN_GBK }, { uid: 3, id: '7', name: '' });
      const reader = zktecoReader(device.port);
      const known = [
        { credential: '7', name: null },
        { credential: '101', name: '宋岩' },
        { credential: '1002', name: '徐敏' },
      ];
      await complete(reader.ear);
      const { connections } = device;
      expect(await ask(reader.clock)).toEqual(known);
      expect(device.connections).toBe(connections);
      await reader.stop();
      expect(await ask(reader.clock)).toEqual(known);
      expect(device.commands.filter((command) => command !== 1001 && command > 1100 && command < 1500)).toEqual([]);
    },
  );

  test('one that is not there says why', async () => {
    const device = await pullDevice();
    const { port } = device;
    await device.stop();
    const reader = zktecoReader(port);
    expect(await ask(reader.clock)).toMatchObject({ reason: 'offline', detail: expect.stringContaining(`${port}`) });
  });
});

describe('ZKTeco, which pushes', () => {
  test('says it when it comes for commands, also what comes after its word that it is done', async () => {
    const { clock, device, door, time, ear } = await zktecoPushHall({ backfill: 0 });
    onTestFinished(() => door.close());
    device.users = [
      Buffer.concat([
        Buffer.from('USER PIN=101\tName='),
        SONG_YAN_GBK,
        Buffer.from('\tPri=0\tPasswd=9137\tCard=[01]\n'),
      ]),
      Buffer.from('FP PIN=101\tFID=0\tSize=10\tValid=1\tTMP=QUJDQUJD\n'),
      Buffer.from('USER PIN=1002\tName=徐敏\tPri=14\tPasswd=\tCard=\tGrp=1\n'),
      Buffer.from('USER PIN=7\tName=\tPri=0\n'),
    ];
    const answer = ask(clock);
    await device.poll();
    expect(device.commands).toEqual(['DATA QUERY USERINFO']);
    time.pass(10 * SECOND);
    expect(await answer).toEqual([
      { credential: '7', name: null },
      { credential: '101', name: '宋岩' },
      { credential: '1002', name: '徐敏' },
    ]);
    expect([ear.delivered, ear.refused]).toEqual([0, []]);
    await device.poll();
    expect(device.commands).toHaveLength(1);
  });

  test('one that refuses, and one that never comes', async () => {
    const { clock, device, door, time } = await zktecoPushHall({ backfill: 0 }, { queryReturn: -1002 });
    onTestFinished(() => door.close());
    const refused = ask(clock);
    await device.poll();
    expect(await refused).toEqual({
      reason: 'not-found',
      detail: 'the device refuses to say whom it knows (Return=-1)',
    });
    const late = ask(clock);
    time.pass(121 * SECOND);
    expect(await late).toMatchObject({ reason: 'offline', detail: expect.stringContaining('within 2 min') });
  });

  test('10 000 mutated uploads: numbers that can be one, names that can be shown, never anything else', () => {
    const body = Buffer.from('USER PIN=101\tName=徐敏\tPasswd=1\r\nUSER PIN=2\tName=a\n');
    let read = 0;
    for (const spoiled of spoiledBytes(10_000, 7, [body])) {
      for (const { credential, name } of usersIn(spoiled.body)) {
        read++;
        expect(credential).toMatch(/^[\x21-\x7e]{1,24}$/);
        if (name !== null) expect(name).toMatch(/^[^\p{Cc}\ufffd]{1,64}$/u);
      }
    }
    expect(read).toBeGreaterThan(1000);
  });
});

test('Hikvision: page by page, whatever it is asked for at once; one that refuses says so', async () => {
  const device = await HikvisionTerminal.open();
  onTestFinished(() => device[Symbol.asyncDispose]());
  device.users = Array.from({ length: 25 }, (_, i) => ({
    employeeNo: `${1000 + i}`,
    name: i === 3 ? ' 徐敏 ' : `n${i}`,
  }));
  const login = { username: 'admin', password: 'right' };
  const options = hikvision.parse({ kind: 'hikvision', url: device.url, ...login });
  const clock = hikvisionClock(options, clockAround());
  const users = await ask(clock);
  expect(users).toHaveLength(25);
  expect(users).toContainEqual({ credential: '1003', name: '徐敏' });
  expect(JSON.stringify(users)).not.toMatch(/123456|female/);
  device.users = null;
  expect(await ask(clock)).toEqual({
    reason: 'not-found',
    detail: 'the device does not say whom it knows (403 notSupport)',
  });
  device.device.setPassword('another');
  expect(await ask(clock)).toMatchObject({ reason: 'wrong-login' });
  expect(hikvisionClock({ ...options, url: null }, clockAround()).users).toBeUndefined();
});

test('Dahua: whom its cards are of', async () => {
  const device = await DahuaTerminal.open();
  onTestFinished(() => device[Symbol.asyncDispose]());
  device.cards = [
    { UserID: '1002', CardName: '徐敏' },
    { UserID: '101', CardName: '' },
  ];
  const options = dahua.parse({ kind: 'dahua', url: device.url, username: 'admin', password: 'right' });
  const clock = dahuaClock(options, clockAround());
  const ear = clockEar();
  expect(await ask(clock)).toEqual([
    { credential: '101', name: null },
    { credential: '1002', name: '徐敏' },
  ]);
  expect(ear.delivered).toBe(0);
  await until(() => device.device.listeners === 0, { what: 'nobody to listen' });
});

test('names are shown as they are meant, or not at all', () => {
  expect(nameIn(Buffer.concat([SONG_YAN_GBK, Buffer.alloc(4)]))).toBe('宋岩');
  expect(nameIn(Buffer.from('Zhang\0rest'))).toBe('Zhang');
  expect([shownName('\u0000 \u200b'), shownName(7), shownName('x'.repeat(99))]).toEqual([null, null, 'x'.repeat(64)]);
});
