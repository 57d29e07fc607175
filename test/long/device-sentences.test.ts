/** What is wrong with a clock ends in one clear sentence on the page of devices, in both languages: over real connections to the real daemon. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { localText, localTimeOf } from '../../adapters/local-time.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { HOUR, MINUTE, SECOND } from '../../rules/time.ts';
import { type ClockHall, openClockHall, type Sentences } from '../support/clock-hall.ts';
import { DahuaTerminal } from '../support/dahua-terminal.ts';
import { HikvisionTerminal } from '../support/hikvision-terminal.ts';
import { freePort } from '../support/ports.ts';
import { sendlogTerminal } from '../support/sendlog-terminal.ts';
import { until } from '../support/until.ts';
import { ZktecoPullDevice } from '../support/zkteco-pull-device.ts';
import { ZktecoPushDevice } from '../support/zkteco-push-device.ts';

const ZONE = zoneTable('Asia/Shanghai');
const LOGIN = { username: 'admin', password: 'wrong', every: '1s' };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function kept<T extends AsyncDisposable>(one: T): T {
  cleanups.push(() => one[Symbol.asyncDispose]());
  return one;
}

const hall = async (...[clocks, options]: Parameters<typeof openClockHall>): Promise<ClockHall> =>
  kept(await openClockHall(clocks, options));

const signIn = (one: ClockHall, username: string): Promise<MqttClient> =>
  connectAsync(`mqtt://127.0.0.1:${one.broker}`, { username, password: `${username}-secret` });

const shownBy = (aheadMs: number) => () => {
  const { year, month, day, hour, minute, second } = localTimeOf(ZONE, Date.now() + aheadMs);
  return [year, month, day, hour, minute, second] as const;
};

/** One sentence in each language, and nothing of the other language in it but names and numbers. */
function expectOne({ zh, en }: Sentences, ...[inZh, inEn]: readonly [RegExp, RegExp]): void {
  expect(zh).toEqual([expect.stringMatching(inZh)]);
  expect(en).toEqual([expect.stringMatching(inEn)]);
  expect(zh.join()).not.toMatch(/\b(?:the|is|of|and|not|device|refused)\b/);
  expect(en.join()).not.toMatch(/[\u4e00-\u9fff]{5}/);
}

describe('a wrong password', () => {
  test('of terminals that are called, and of their logs', async () => {
    const [hikvision, dahua] = [kept(await HikvisionTerminal.open()), kept(await DahuaTerminal.open())];
    const zkteco = await new ZktecoPullDevice({ key: Buffer.from([1, 2, 3, 4]) }).start();
    cleanups.push(() => zkteco.stop());
    const one = await hall([
      { id: 'hik', profile: { kind: 'hikvision', url: hikvision.url, ...LOGIN } },
      {
        id: 'hik-log',
        profile: { kind: 'hikvision', url: hikvision.url.replace('127.0.0.1', 'localhost'), ...LOGIN, listen: 'log' },
      },
      { id: 'dahua', profile: { kind: 'dahua', url: dahua.url.replace('127.0.0.1', '127.0.0.2'), ...LOGIN } },
      { id: 'zk', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port: zkteco.port, password: '1' } },
      { id: 'zk-none', profile: { kind: 'zkteco-pull', host: 'localhost', port: zkteco.port } },
    ]);
    for (const id of ['hik', 'hik-log'])
      expectOne(
        await one.says(id, /登录被拒绝/),
        /设备拒绝了用户名或密码。请核对用户名、密码/,
        /refused the user name or password\. Check user name/,
      );
    expectOne(await one.says('zk', /登录被拒绝/), /拒绝了通讯密码。请核对/, /refused the communication key/);
    expectOne(
      await one.says('zk-none', /登录被拒绝/),
      /要通讯密码，请写进 password/,
      /none is configured \(password\)/,
    );
    // Tried once, so that it does not lock.
    expect(hikvision.device.wrongLogins).toBeLessThanOrEqual(2);
  });

  test('of a stream, put right in the file: the sentence ends with the first word', async () => {
    const dahua = kept(await DahuaTerminal.open());
    const one = await hall([{ id: 'dahua', profile: { kind: 'dahua', url: dahua.url, ...LOGIN } }]);
    expectOne(await one.says('dahua', /登录被拒绝/), /设备拒绝了用户名或密码/, /refused the user name or password/);
    const profile = { kind: 'dahua', url: dahua.url.replace('127.0.0.1', 'localhost'), ...LOGIN, password: 'right' };
    const other = await hall([{ id: 'dahua', profile }]);
    dahua.punch('1001');
    await until(() => other.punches('dahua').length === 1, { timeoutMs: 180_000, what: 'the touch' });
    expect(await other.sentences('dahua')).toEqual({ zh: [], en: [] });
  });
});

test('a wrong port: nobody there, or somebody else', async () => {
  const [nobody, page] = [await freePort(), createServer((_, answer) => answer.end('<html>it works</html>'))];
  await new Promise<void>((listening) => page.listen(0, '127.0.0.1', listening));
  cleanups.push(() => page.close());
  const { port: somebody } = page.address() as AddressInfo;
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  const one = await hall([
    { id: 'hik-nobody', profile: { kind: 'hikvision', url: url(nobody), ...LOGIN } },
    { id: 'hik-page', profile: { kind: 'hikvision', url: url(somebody), ...LOGIN } },
    { id: 'dahua-page', profile: { kind: 'dahua', url: url(somebody), ...LOGIN } },
    { id: 'zk-nobody', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port: nobody } },
    { id: 'zk-page', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port: somebody } },
  ]);
  for (const id of ['hik-nobody', 'hik-page', 'dahua-page', 'zk-nobody', 'zk-page'])
    expectOne(await one.says(id, /接不上它|听不到它/), /端口/, /address.*port/);
});

test('a wrong time zone, and a clock that is 15 minutes fast, whose touches count by the true time', async () => {
  const FAST = 15 * MINUTE;
  const [hikvision, utc, dahua] = [
    kept(await HikvisionTerminal.open()),
    kept(await HikvisionTerminal.open()),
    kept(await DahuaTerminal.open()),
  ];
  const zkteco = await new ZktecoPullDevice({ now: shownBy(FAST) }).start();
  cleanups.push(() => zkteco.stop());
  hikvision.aheadMs = FAST;
  dahua.aheadMs = FAST;
  utc.aheadMs = -8 * HOUR;
  const login = { ...LOGIN, password: 'right' };
  const one = await hall(
    [
      { id: 'hik', profile: { kind: 'hikvision', url: hikvision.url, ...login } },
      { id: 'utc', profile: { kind: 'hikvision', url: utc.url, ...login } },
      { id: 'dahua', profile: { kind: 'dahua', url: dahua.url, ...login } },
      { id: 'zk', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port: zkteco.port, interval: '1s' } },
      { id: 'face', profile: { kind: 'sendlog', serial: 'A1', setTime: false, timezone: 'UTC' } },
      // One whose clock is right: it is not ours that is wrong.
      { id: 'right', profile: { kind: 'sendlog', serial: 'A2', setTime: false } },
    ].map(
      ({
        profile: { timezone, ...profile },
        ...clock
      }: {
        id: string;
        profile: { kind: string; timezone?: string };
      }) => ({
        ...clock,
        profile,
        ...(timezone === undefined ? {} : { timezone }),
      }),
    ),
  );
  const terminals = ['A1', 'A2'].map((serial) =>
    kept(sendlogTerminal({ url: `ws://127.0.0.1:${one.door}/pub/chat`, serial })),
  );
  await until(() => one.daemon.clocks.devices.reading('right').offsetMs !== null, {
    timeoutMs: 180_000,
    what: 'the clock that is right',
  });
  expect(terminals).toHaveLength(2);
  for (const id of ['hik', 'dahua', 'zk'])
    expectOne(
      await one.says(id, /时钟快/),
      /^它的时钟快 15 分钟；打卡时间已按此校正，请把设备时间调准。$/,
      /^Its clock is 15 min fast; punches are corrected/,
    );
  expectOne(
    await one.says('utc', /时钟慢/),
    /慢 8 小时，几乎是整点：多半是时区设错/,
    /8 h slow, almost a round figure: probably the time zone/,
  );
  expectOne(
    await one.says('face', /时钟快/),
    /快 8 小时，几乎是整点：多半是时区设错/,
    /8 h fast, almost a round figure: probably the time zone/,
  );
  expect(await one.sentences('right')).toEqual({ zh: [], en: [] });

  hikvision.punch('1001');
  dahua.punch('1001');
  zkteco.touch('1001', shownBy(FAST)());
  for (const id of ['hik', 'dahua', 'zk']) {
    await until(() => one.punches(id).length === 1, { timeoutMs: 180_000, what: `the touch of ${id}` });
    const [punch] = one.punches(id);
    expect((punch?.deviceAt ?? 0) - (punch?.at ?? 0)).toBeGreaterThan(FAST - 5 * SECOND);
    expect(Math.abs((punch?.at ?? 0) - Date.now())).toBeLessThan(5 * MINUTE);
  }
});

test('two devices with one id', async () => {
  const one = await hall([
    { id: 'push', profile: { kind: 'zkteco-push', serial: 'CKUH201260001' } },
    { id: 'hik', profile: { kind: 'hikvision' } },
    { id: 'own', password: 'own-secret' },
  ]);
  const twins = ['127.0.0.1', '127.0.0.2'].map(
    (address) => new ZktecoPushDevice({ server: { port: one.door }, serial: 'CKUH201260001', address }),
  );
  for (const device of [...twins, ...twins]) await device.poll();
  expectOne(
    await one.says('push', /两台设备/),
    /同一个序列号 CKUH201260001.*给它们不同的编号/,
    /Give them different ones\.$/,
  );

  const pushed = (macAddress: string, serialNo: number): string =>
    JSON.stringify({
      ...{
        macAddress,
        dateTime: `${localText(ZONE, Date.now()).replace(' ', 'T')}+08:00`,
        eventType: 'AccessControllerEvent',
      },
      AccessControllerEvent: {
        majorEventType: 5,
        subEventType: 75,
        employeeNoString: '1001',
        serialNo,
        currentEvent: true,
      },
    });
  for (const [i, mac] of ['a4:d5:c2:4e:33:9e', 'a4:d5:c2:4e:33:9f'].entries()) {
    const headers = { 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${one.door}/hikvision/hik`;
    expect((await fetch(url, { method: 'POST', body: pushed(mac, i + 1), headers })).status).toBe(200);
  }
  expectOne(await one.says('hik', /两台设备/), /两台设备都以考勤机“hik”的名义发来/, /Two devices send as clock "hik"/);

  const client = await signIn(one, 'own');
  cleanups.push(() => client.endAsync(true));
  for (let i = 0; i < 8; i++) {
    const at = new Date(Date.now() - HOUR + i * MINUTE).toISOString();
    await client.publishAsync(
      'zaigang/h1/clock/own/punch',
      JSON.stringify({ credential: '1001', at, seq: i % 2 === 0 ? 5000 + i : 7 + i }),
      { qos: 1 },
    );
  }
  expectOne(await one.says('own', /记录号来回跳/), /多半有两台设备用了同一个编号/, /probably two devices use one id/);
  // None of them is lost by that.
  expect(one.punches('own')).toHaveLength(8);
});

describe('a flood of 5 000 a second', () => {
  const FLOOD = 5000;

  /** A machine that is busy with other things takes fewer; what it takes in one second counts, and that has to go on for ten. */
  const more = { intake: { flood: 20 } };
  const PARTS = 20;

  /** Sends so many each tenth of a second, as long as not too many are on their way, until the page says so. */
  async function flooded(
    one: ClockHall,
    device: string,
    send: (from: number, count: number) => Promise<unknown>,
  ): Promise<number> {
    let [sent, isSaid] = [0, false];
    const flights = new Set<Promise<unknown>>();
    const look = one.says(device, /每秒发来/, 400_000).then(() => {
      isSaid = true;
    });
    const tick = async (): Promise<void> => {
      for (let part = 0; part < PARTS && flights.size < PARTS; part++) {
        const flight: Promise<unknown> = send(sent, FLOOD / 10 / PARTS).finally(() => flights.delete(flight));
        flights.add(flight);
        sent += FLOOD / 10 / PARTS;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    };
    const ended = look.finally(() => {
      isSaid = true;
    });
    while (!isSaid) await tick();
    await ended;
    await Promise.all(flights);
    return sent;
  }

  /** So that each is another touch. */
  const BEGAN = Math.floor((Date.now() - 20 * HOUR) / SECOND) * SECOND;

  test('over the broker', async () => {
    const one = await hall(
      [
        { id: 'own', password: 'own-secret' },
        { id: 'other', password: 'other-secret' },
      ],
      { more },
    );
    const [client, other] = [await signIn(one, 'own'), await signIn(one, 'other')];
    cleanups.push(() => Promise.all([client.endAsync(true), other.endAsync(true)]));
    const sent = await flooded(one, 'own', (from, count) =>
      Promise.all(
        Array.from({ length: count }, (_, i) => {
          const at = new Date(BEGAN + (from + i)).toISOString();
          return client.publishAsync('zaigang/h1/clock/own/punch', JSON.stringify({ credential: '1001', at }), {
            qos: 1,
          });
        }),
      ),
    );
    expectOne(await one.sentences('own'), /每秒发来 \d+ 条消息，远多于打卡的人/, /sends \d+ messages a second/);
    // Whatever was acknowledged is there, and nobody else had to wait for it.
    expect(one.punches('own')).toHaveLength(sent);
    const at = new Date().toISOString();
    await other.publishAsync('zaigang/h1/clock/other/punch', JSON.stringify({ credential: '1001', at }), { qos: 1 });
    expect(one.punches('other')).toHaveLength(1);
    expect(await one.sentences('other')).toEqual({ zh: [], en: [] });
  });

  test('over the HTTP door', async () => {
    const profile = { kind: 'zkteco-push', serial: 'CKUH201260001', backfill: '0s' };
    const one = await hall([{ id: 'push', profile }], { more });
    const device = new ZktecoPushDevice({ server: { port: one.door }, serial: 'CKUH201260001' });
    const sent = await flooded(one, 'push', (from, count) => {
      const records = Array.from({ length: count }, (_, i) => ({
        ...{ pin: `${(from + i) % 5000}`, time: localText(ZONE, BEGAN + Math.floor((from + i) / 5000) * SECOND) },
        verify: 1,
      }));
      return device.send(records, from + count);
    });
    expectOne(await one.sentences('push'), /每秒发来 \d+ 条消息/, /sends \d+ messages a second/);
    expect(one.punches('push')).toHaveLength(sent);
  });
});
