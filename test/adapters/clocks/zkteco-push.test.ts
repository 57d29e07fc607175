import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { zktecoPushClock } from '../../../adapters/clocks/zkteco-push.ts';
import { HOUR, SECOND } from '../../../rules/time.ts';
import { clockAround, clockEar, clockMemory, passingTime } from '../../support/clock-ear.ts';
import { spoiledBytes } from '../../support/spoiled-bytes.ts';
import { until } from '../../support/until.ts';
import { ZktecoPushDevice } from '../../support/zkteco-push-device.ts';
import { MORNING, PUSH_OPTIONS, type PushHall, SERIAL, zktecoPushHall } from '../../support/zkteco-push-hall.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function hall(...given: Parameters<typeof zktecoPushHall>): Promise<PushHall> {
  const made = await zktecoPushHall(...given);
  open.push(made.door);
  return made;
}

/** Polls as a device does, ten seconds apart. */
async function polls({ device, time }: PushHall, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    time.pass(10 * SECOND);
    await device.poll();
  }
}

describe('a device', () => {
  test.each(['', '.aspx', '.php'])('is told where to go on, what to send, and the time (cdata%s)', async (suffix) => {
    const { device } = await hall({}, { suffix });
    const { status, body, date } = await device.register();
    expect(status).toBe(200);
    expect(body.startsWith(`GET OPTION FROM: ${SERIAL}\n`)).toBe(true);
    expect(Object.fromEntries(device.options)).toMatchObject({
      ATTLOGStamp: 'None',
      TransFlag: 'TransData AttLog',
      Realtime: '1',
      TimeZone: '8',
    });
    expect(date).toBe('Mon, 02 Mar 2026 00:00:00 GMT');
  });

  test('is known by its serial number, in whatever case, and others are not', async () => {
    const clock = zktecoPushClock(PUSH_OPTIONS, clockAround());
    const isMine = (path: string, query: string) =>
      clock.http?.isMine({ method: 'GET', path, query: new URLSearchParams(query) });
    expect(isMine('/iclock/cdata', `SN=${SERIAL}`)).toBe(true);
    expect(isMine('/iclock/getrequest.aspx', `sn=${SERIAL.toLowerCase()}`)).toBe(true);
    expect(isMine('/iclock/cdata', 'SN=OTHER')).toBe(false);
    expect(isMine('/iclock/cdata', '')).toBe(false);
    expect(isMine('/api/punch', `SN=${SERIAL}`)).toBe(false);
  });

  test('gets OK with the count for what is kept, and goes on behind it after a restart of either', async () => {
    const first = await hall();
    first.device.punch('1001', '2026-03-02 08:55:10');
    first.device.punch('1002', '2026-03-02 08:56:00', 15);
    await first.device.register();
    expect((await first.device.upload())?.body).toBe('OK: 2');
    expect([...first.ear.kept.values()].map(({ punch }) => [punch.credential, punch.method])).toEqual([
      ['1001', 'finger'],
      ['1002', 'face'],
    ]);
    const second = await hall({}, { ear: first.ear, memory: first.memory });
    await second.device.register();
    expect(second.device.options.get('ATTLOGStamp')).toBe('2');
  });

  test('gets 503 for what is not durable in time, no place is remembered, and what it sends again counts once', async () => {
    const { device, ear, time, memory, door } = await hall();
    device.punch('1001', '2026-03-02 08:55:10');
    ear.hold();
    const refused = device.upload();
    await until(() => door.requests.length === 1, { what: 'the upload' });
    await until(
      async () => {
        time.pass(SECOND);
        return await Promise.race([refused.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);
      },
      { what: 'an answer' },
    );
    expect((await refused)?.status).toBe(503);
    expect(memory.get('attlog-stamp')).toBeNull();
    ear.release();
    expect((await device.upload())?.body).toBe('OK: 1');
    expect(ear.kept.size).toBe(1);
    expect(ear.delivered).toBe(2);
    expect(memory.get('attlog-stamp')).toBe('1');
  });

  test('keeps what we lose when we are killed in the middle, and sends it to the next of us', async () => {
    const memory = clockMemory();
    const first = await hall({}, { memory });
    for (let i = 0; i < 120; i++) first.device.punch(`${1000 + i}`, `2026-03-02 08:${10 + (i % 50)}:00`);
    // The first upload is durable; in the second the process dies.
    await first.device.send(first.device.log.slice(0, 50), 50);
    first.device.uploaded = 50;
    first.ear.hold();
    const broken = first.device.upload().catch((error: Error) => error);
    await until(() => first.door.requests.length === 2, { what: 'the second upload' });
    first.ear.kill();
    await first.door.close();
    open.length = 0;
    expect(await broken).toBeInstanceOf(Error);
    expect(first.ear.kept.size).toBe(50);

    const second = await hall({}, { memory, ear: clockEar(first.ear.kept), port: first.door.port });
    await first.device.register();
    await first.device.upload();
    expect(second.ear.kept.size).toBe(120);
  });

  test('that drops half an upload has not sent it', async () => {
    const { device, ear, door } = await hall();
    for (let i = 0; i < 40; i++) device.punch(`${i + 1}`, '2026-03-02 08:55:10');
    await device.dropHalf();
    await device.register();
    expect(ear.delivered).toBe(0);
    await device.upload();
    expect([ear.kept.size, ear.refused.length, door.errors.length]).toEqual([40, 0, 0]);
  });

  test('that uploads something else beside is not stopped by it, and nothing personal is kept', async () => {
    const { device, ear } = await hall();
    const user = 'USER PIN=1\tName=\xd5\xc5\xc8\xfd\tPri=0\nOPLOG 4\t0\t2026-03-02 08:00:00\t0\t0\t0\t0\n';
    expect((await device.sendTable('OPERLOG', Buffer.from(user, 'latin1'))).body).toBe('OK: 2');
    expect((await device.sendTable('tabledata&tablename=user&count=1', 'user uid=1\tname=Zhang San')).body).toBe(
      'user=1',
    );
    expect(
      (await device.ask('POST', 'fdata', 'table=ATTPHOTO', 'PIN=1.jpg\nSN=1\nsize=3\nCMD=uploadphoto\0abc')).body,
    ).toBe('OK');
    expect((await device.ask('GET', 'ping')).body).toBe('OK');
    expect((await device.ask('GET', 'rtdata', 'type=time')).status).toBe(404);
    expect(ear.kept.size + ear.refused.length).toBe(0);
    expect((await device.sendTable('NEWLOG', 'Zhang San')).body).toBe('OK');
    expect(ear.refused).toHaveLength(1);
    expect(ear.refused[0]?.because).toContain('a table "NEWLOG" that is not known');
    expect(Buffer.from(ear.refused[0]?.payload ?? []).toString()).not.toContain('Zhang');
  });

  test('an unknown table is not acknowledged before it is put aside', async () => {
    const { device, ear, time, door } = await hall();
    ear.hold();
    const reply = device.sendTable('NEWLOG', 'x');
    await until(() => door.requests.length === 1, { what: 'the upload' });
    await until(
      async () => {
        time.pass(SECOND);
        return await Promise.race([reply.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);
      },
      { what: 'an answer' },
    );
    expect((await reply).status).toBe(503);
  });

  test('of access control is registered, and its events are punches', async () => {
    const { device, ear } = await hall();
    const { body } = await device.ask('GET', 'cdata', 'options=all&DeviceType=acc&pushver=3.1.2');
    const code = /^RegistryCode=(\w{16})$/m.exec(body)?.[1];
    expect(body).toMatch(/^registry=ok\n/);
    expect(
      (await device.ask('POST', 'registry', '', '~DeviceName=SenseFace 2A,FirmVer=Ver 3.0.15,IPAddress=10.0.0.7')).body,
    ).toBe(`RegistryCode=${code}`);
    expect((await device.ask('POST', 'push')).body).toContain('SessionID=');
    const event = 'time=2026-03-02 08:55:10\tpin=1001\tevent=3\tverifytype=15\tindex=21\n';
    expect((await device.sendTable('rtlog', event)).body).toBe('OK: 1');
    await device.sendTable('rtstate', 'time=2026-03-02 08:15:00\tsensor=01\trelay=00\n');
    expect([...ear.kept.values()][0]?.punch).toMatchObject({ credential: '1001', method: 'face' });
    expect(ear.about()).toMatchObject({ model: 'SenseFace 2A', firmware: 'Ver 3.0.15', type: 'acc' });
    expect(ear.signs).toContainEqual({ deviceAt: MORNING + 15 * 60 * SECOND });
  });

  test('whose clock is ahead says so by a touch that it has just recorded, and by no other', async () => {
    const own = await hall({ backfill: 0 });
    const { device, ear, time } = own;
    const shown = () => ear.signs.flatMap(({ deviceAt }) => deviceAt ?? []);
    // Just come: it may have kept this.
    await device.send([{ pin: '1', time: '2026-03-02 08:15:00' }], 1);
    await polls(own, 7);
    expect(shown()).toEqual([]);
    // 08:01:10 of ours.
    await device.send([{ pin: '1', time: '2026-03-02 08:16:10' }], 2);
    await device.send([{ pin: '1', time: '2026-03-02 08:01:05' }], 3);
    const measured = [MORNING + 970 * SECOND, MORNING + 65 * SECOND];
    expect(shown()).toEqual(measured);
    for (const [i, kept] of ['2026-03-02 08:00:40', '2026-04-02 08:15:00'].entries()) {
      await device.send([{ pin: '1', time: kept }], 4 + i);
    }
    const two = ['1', '2'].map((pin) => ({ pin, time: '2026-03-02 09:00:00' }));
    await device.send(two, 7);
    expect(shown()).toEqual(measured);
    time.pass(50 * SECOND);
    await device.send([{ pin: '1', time: '2026-03-02 08:17:00' }], 8);
    expect(shown()).toEqual(measured);
  });

  test('whose clock is slow, or in another zone, says so by several touches that are all late by the same', async () => {
    const own = await hall({ backfill: 0 });
    const { device, ear } = own;
    const shown = () => ear.signs.flatMap(({ deviceAt }) => deviceAt ?? []);
    // Greenwich instead of Shanghai; in between one that was kept.
    const times = ['00:03:00', '00:05:58', '00:02:00', '00:12:03', '00:15:01', '00:18:00', '00:21:00'];
    let stamp = 0;
    for (const time of times) {
      await polls(own, 18);
      await device.send([{ pin: '1', time: `2026-03-02 ${time}` }], ++stamp);
    }
    expect(shown()).toEqual([MORNING - 8 * HOUR + 18 * 60 * SECOND, MORNING - 8 * HOUR + 21 * 60 * SECOND]);
  });

  test('says how many records it has, and what it is', async () => {
    const { device, ear } = await hall();
    await device.poll('Ver 6.60 Mar 2 2017,12,20,345,192.168.1.201,10,7,12,0,111');
    expect(ear.signs).toContainEqual({ count: 345 });
    expect(ear.about()).toMatchObject({ firmware: 'Ver 6.60 Mar 2 2017', address: '127.0.0.1' });
  });
});

describe('what was recorded meanwhile', () => {
  test('is asked for at the start, and then proven complete', async () => {
    const own = await hall();
    own.device.punch('1001', '2026-03-02 07:55:00');
    await own.device.register();
    await own.device.upload();
    await polls(own, 2);
    expect(own.device.commands).toEqual([
      'DATA QUERY ATTLOG StartTime=2026-02-23 07:00:10\tEndTime=2026-03-03 08:00:10',
    ]);
    expect(own.ear.completes).toEqual([]);
    await polls(own, 3);
    expect(own.ear.completes).toEqual([MORNING + 10 * SECOND]);
    await polls(own, 3);
    expect(own.device.commands).toHaveLength(1);
  });

  test('is asked for from the last proof on after a silence, and after a day', async () => {
    const own = await hall();
    await polls(own, 5);
    const [proven = 0] = own.ear.completes;
    own.time.pass(HOUR);
    await polls(own, 5);
    expect(own.device.commands[1]).toBe('DATA QUERY ATTLOG StartTime=2026-03-02 07:00:10\tEndTime=2026-03-03 09:01:00');
    expect(own.ear.completes).toHaveLength(2);
    expect(own.ear.completes[1]).toBe(proven + HOUR + 50 * SECOND);
    for (let i = 0; i < 25; i++) {
      own.time.pass(HOUR);
      await polls(own, 1);
    }
    expect(own.device.commands.length).toBeGreaterThan(2);
  });

  test('is not proven by an upload that was not taken; it is asked for again', async () => {
    const own = await hall();
    own.device.punch('1001', '2026-03-02 07:55:00');
    own.ear.hold();
    own.time.pass(10 * SECOND);
    const poll = own.device.poll();
    await until(() => own.door.requests.length === 2, { what: 'the upload that was asked for' });
    await until(
      async () => {
        own.time.pass(SECOND);
        return await Promise.race([poll.then(() => true), new Promise((resolve) => setImmediate(resolve, false))]);
      },
      { what: 'the end of it' },
    );
    own.ear.release();
    await polls(own, 60);
    expect(own.ear.completes).toEqual([]);
    expect(own.device.commands).toHaveLength(2);
    await polls(own, 4);
    expect(own.ear.completes).toHaveLength(1);
  });

  test('of a device that was reset: what its stamp would hide comes all the same', async () => {
    const own = await hall();
    for (let i = 0; i < 5; i++) own.device.punch(`${i}1`, '2026-03-02 07:55:00');
    await own.device.register();
    await own.device.upload();
    const reset = new ZktecoPushDevice({ server: own.door, serial: SERIAL });
    reset.punch('77', '2026-03-02 07:58:00');
    reset.punch('78', '2026-03-02 07:59:00');
    await reset.register();
    // Told to go on behind record 5, it thinks that nothing is new.
    expect(await reset.upload()).toBeNull();
    await polls({ ...own, device: reset }, 5);
    expect([...own.ear.kept.values()].map(({ punch }) => punch.credential)).toContain('78');
    expect(own.ear.kept.size).toBe(7);
    expect(own.ear.completes).toHaveLength(1);
    expect(own.memory.get('attlog-stamp')).toBe('2');
  });

  test('of a device that does not know the command: nothing is proven, and people are told', async () => {
    const own = await hall({}, { queryReturn: -1 });
    await polls(own, 8);
    expect(own.device.commands).toHaveLength(1);
    expect(own.ear.completes).toEqual([]);
    expect(own.ear.about()['backfill']).toBe('refused by the device (Return=-1)');
    await own.device.register();
    own.time.pass(HOUR);
    await polls(own, 1);
    expect(own.device.commands).toHaveLength(2);
  });

  test('of a device that asks for its options all the time: every ten minutes, and proven each time', async () => {
    const own = await hall();
    for (let i = 0; i < 150; i++) {
      if (i % 2 === 0) await own.device.register();
      await polls(own, 1);
    }
    expect([own.device.commands.length, own.ear.completes.length]).toEqual([3, 3]);
  });

  test('of a device that never answers: three times, ten minutes apart', async () => {
    const own = await hall({ silence: HOUR });
    const given = async () => (await own.device.ask('GET', 'getrequest')).body;
    const all: string[] = [];
    for (let i = 0; i < 8; i++) {
      all.push(await given());
      own.time.pass(5 * 60 * SECOND);
    }
    expect(all.filter((body) => body.startsWith('C:'))).toHaveLength(3);
    expect(new Set(all.filter((body) => body.startsWith('C:')).map((body) => body.split(':')[1])).size).toBe(3);
    expect(own.ear.about()['backfill']).toContain('never answered');
  });

  test('is never asked for where people do not want it', async () => {
    const own = await hall({ backfill: 0 });
    await own.device.register();
    await polls(own, 5);
    expect(own.device.commands).toEqual([]);
    expect(own.ear.about()['backfill']).toBe('off');
  });
});

test('two devices with one serial number are told apart from one that moved', async () => {
  const time = passingTime(MORNING);
  const clock = zktecoPushClock(PUSH_OPTIONS, clockAround({ clock: time.clock }));
  const ear = clockEar();
  const from = async (address: string) => {
    time.pass(10 * SECOND);
    const query = new URLSearchParams({ SN: SERIAL });
    const body = new Uint8Array();
    await clock.http?.handle(
      { method: 'GET', path: '/iclock/getrequest', query, headers: new Headers(), body, from: address },
      ear.listener,
    );
  };
  for (const address of ['10.0.0.5', '10.0.0.5', '10.0.0.6', '10.0.0.6']) await from(address);
  expect(ear.about()).toMatchObject({ address: '10.0.0.6' });
  expect(ear.about()['conflict']).toBeUndefined();
  await from('10.0.0.5');
  expect(ear.about()['conflict']).toBe(`Two devices answer to the serial number ${SERIAL}: 10.0.0.5 and 10.0.0.6.`);
});

test('whatever is asked of it, it answers, and acknowledges only what is kept or no record', async () => {
  const time = passingTime(MORNING);
  const clock = zktecoPushClock(PUSH_OPTIONS, clockAround({ clock: time.clock }));
  const ear = clockEar();
  const recorded = ['zkteco-attlog.txt', 'zkteco-rtlog.txt'].map((name) =>
    readFileSync(new URL(`../payloads/${name}`, import.meta.url)),
  );
  const others = ['ID=1&Return=0&CMD=DATA\n', '~DeviceName=X,FWVersion=1', ''].map((text) => Buffer.from(text));
  const names = ['cdata', 'getrequest.aspx', 'devicecmd', 'registry', 'push', 'querydata', 'ping', 'fdata', 'x', ''];
  const tables = ['ATTLOG', 'rtlog', 'OPERLOG', 'rtstate', 'tabledata', 'NEW', ''];
  const statuses = new Set<number>();
  let i = 0;
  for (const { body } of spoiledBytes(10_000, 20_260_302, [...recorded, ...others])) {
    const name = names[i % names.length] ?? '';
    const table = tables[i % tables.length] ?? '';
    const word = body.toString('latin1').slice(0, 20);
    const query = new URLSearchParams({ SN: SERIAL, table, Stamp: word, INFO: word, tablename: word, count: word });
    const kept = ear.delivered + ear.refused.length;
    const answer = await clock.http?.handle(
      {
        ...{ method: i % 3 === 0 ? 'GET' : 'POST', path: `/iclock/${name}`, query, headers: new Headers(), body },
        from: `10.0.0.${i % 7}`,
      },
      ear.listener,
    );
    statuses.add(answer?.status ?? 0);
    const isPunches = i % 3 !== 0 && name === 'cdata' && table === 'ATTLOG';
    const lines = body
      .toString('latin1')
      .split('\n')
      .filter((line) => /[^\0- ]/.test(line)).length;
    if (isPunches) expect([answer?.body, ear.delivered + ear.refused.length - kept]).toEqual([`OK: ${lines}`, lines]);
    time.pass(SECOND);
    i++;
  }
  expect([...statuses].sort()).toEqual([200, 404]);
});
