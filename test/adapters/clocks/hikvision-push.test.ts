/** A Hikvision terminal that pushes (`httpHosts`): in parts, in JSON or XML, until it is told that what it sent is kept. */
import { describe, expect, test } from 'vitest';
import { DecodeError } from '../../../adapters/clock.ts';
import { hikvisionClock } from '../../../adapters/clocks/hikvision.ts';
import { readEntry, readEvent } from '../../../adapters/clocks/hikvision-events.ts';
import { hikvision } from '../../../config/clocks/hikvision.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { clockAround } from '../../support/clock-ear.ts';
import { eventOf } from '../../support/hikvision-terminal.ts';
import { pushContract } from '../../support/push-contract.ts';

const AT = Date.parse('2026-03-02T08:55:10+08:00');
const entry = (serial: number, person = '1001', more: Partial<Parameters<typeof eventOf>[0]> = {}) => ({
  serial,
  major: 5,
  minor: 75,
  person,
  at: AT + serial * 1000,
  ...more,
});

const FORM_TYPE = 'multipart/form-data; boundary=MIME_boundary';

/** As a terminal sends it: the part with the event has no type, and a picture follows. */
function form(event: unknown): Buffer<ArrayBuffer> {
  const part = (head: string, body: Buffer | string) => [
    Buffer.from(`--MIME_boundary\r\n${head}\r\n\r\n`),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ];
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('{"{{"\r\n--}}'), Buffer.from([0xff, 0xd9])]);
  return Buffer.concat([
    ...part('Content-Disposition: form-data; name="event_log"', JSON.stringify(event)),
    ...part(
      'Content-Disposition: form-data; name="Picture"; filename="Picture.jpg"\r\nContent-Type: image/jpeg',
      picture,
    ),
    Buffer.from('--MIME_boundary--\r\n'),
  ]);
}

const XML = `<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
<ipAddress>192.0.2.30</ipAddress><macAddress>a4:d5:c2:4e:33:9e</macAddress>
<dateTime>2026-03-02T08:55:10+08:00</dateTime><eventType>AccessControllerEvent</eventType><eventState>active</eventState>
<AccessControllerEvent><deviceName>A & B</deviceName><majorEventType>0x5</majorEventType><subEventType>0x26</subEventType>
<name>徐敏</name><employeeNoString>1001</employeeNoString><serialNo>7</serialNo><currentVerifyMode>cardOrFace</currentVerifyMode>
</AccessControllerEvent></EventNotificationAlert>`;

describe('what is pushed', () => {
  const pushed = pushContract({
    clock: () => hikvisionClock(hikvision.parse({ kind: 'hikvision' }), clockAround()),
    path: '/hikvision/clock-1',
    heartbeat: '{"eventType":"heartBeat"}',
    forms: [
      { type: 'application/json', body: Buffer.from(JSON.stringify(eventOf(entry(1), true))) },
      { type: 'application/xml', body: Buffer.from(XML) },
      { type: FORM_TYPE, body: form(eventOf(entry(2), true)) },
    ],
  });

  test('in parts with a picture, as JSON, and as XML', async () => {
    const { ear, post } = await pushed();
    expect((await post(form(eventOf(entry(1), true)), { 'content-type': FORM_TYPE })).status).toBe(200);
    expect(
      (
        await post(JSON.stringify(eventOf(entry(2, '1002', { minor: 1 }), true)), {
          'content-type': 'application/json',
        })
      ).status,
    ).toBe(200);
    expect((await post(XML, { 'content-type': 'application/xml' })).status).toBe(200);
    expect([...ear.kept.values()].map(({ punch }) => punch)).toEqual([
      { credential: '1001', deviceAt: AT + 1000, seq: 1, method: 'face' },
      { credential: '1002', deviceAt: AT + 2000, seq: 2, method: 'card' },
      { credential: '1001', deviceAt: AT, seq: 7, method: 'finger' },
    ]);
    expect(ear.refused).toEqual([]);
  });

  test('is refused where it cannot be kept in time, so that it is sent again', { timeout: 20_000 }, async () => {
    const { ear, post } = await pushed();
    ear.hold();
    const { status, headers } = await post(JSON.stringify(eventOf(entry(1), true)));
    expect([status, headers.get('retry-after')]).toEqual([503, '10']);
    ear.release();
    expect((await post(JSON.stringify(eventOf(entry(1), true)))).status).toBe(200);
    expect(ear.kept.size).toBe(1);
  });

  test('names what its numbers leave out, which it cannot be asked for', async () => {
    const { ear, post } = await pushed();
    for (const serial of [5, 6, 9, 10]) await post(JSON.stringify(eventOf(entry(serial), true)));
    expect(ear.gaps).toEqual([{ from: 7, to: 8, isAskedFor: false }]);
    expect(ear.completes).toEqual([]);
  });

  test('by two devices as one clock is kept aside with both their addresses', async () => {
    const { ear, post } = await pushed();
    await post(JSON.stringify(eventOf(entry(1), true)));
    const other = { ...eventOf(entry(1, '7001'), true), macAddress: 'a4:d5:c2:00:00:01' };
    expect((await post(JSON.stringify(other))).status).toBe(200);
    expect(ear.kept.size).toBe(1);
    expect(ear.refused.map(({ because }) => because)).toEqual([
      'Two devices send as clock "clock-1" (a4:d5:c2:4e:33:9e and a4:d5:c2:00:00:01); give each its own.',
    ]);
  });

  test('to another clock, or by another method, is not answered here', async () => {
    const { post, clock } = await pushed();
    expect((await post('{}', {}, '/hikvision/clock-2')).status).toBe(404);
    const asked = { method: 'GET', path: '/hikvision/clock-1', query: new URLSearchParams() };
    expect(clock.http?.isMine(asked)).toBe(true);
  });
});

describe('reading', () => {
  const context = { zone: zoneTable('Asia/Shanghai'), passes: [] };
  const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const event = (more: Record<string, unknown>, root: Record<string, unknown> = {}) => {
    const { AccessControllerEvent, ...rest } = eventOf(entry(1), true);
    return readEvent(
      bytes({ ...rest, ...root, AccessControllerEvent: { ...AccessControllerEvent, ...more } }),
      context,
    );
  };

  test('a time without an offset is local; one that does not exist is refused', () => {
    expect(event({}, { dateTime: '2026-03-02T08:55:10' })?.at).toBe(AT);
    expect(event({}, { dateTime: '2026-03-02T00:55:10Z' })?.at).toBe(AT);
    expect(event({}, { dateTime: '2026-02-30T08:55:10' })?.outcome).toMatchObject({ is: 'refused' });
    expect(event({}, { dateTime: 0 })?.outcome).toMatchObject({ is: 'refused' });
  });

  test('somebody without a number is known by the card; nobody is nobody', () => {
    expect(event({ employeeNoString: '', cardNo: '00481234' })?.outcome).toMatchObject({
      is: 'punch',
      record: { punch: { credential: '00481234' } },
    });
    expect(event({ employeeNoString: undefined, employeeNo: 25 })?.outcome).toMatchObject({
      record: { punch: { credential: '25' } },
    });
    expect(event({ employeeNoString: '' })?.outcome).toEqual({ is: 'none' });
  });

  test('the live event and the entry of the log are one punch', () => {
    const live = readEvent(bytes(eventOf(entry(3), true)), context);
    const found = readEntry(
      { major: 5, minor: 75, time: '2026-03-02T08:55:13+08:00', employeeNoString: '1001', serialNo: 3 },
      context,
    );
    if (live?.outcome.is !== 'punch' || found.outcome.is !== 'punch') throw new Error('no punches');
    expect(live.outcome.record.punch).toEqual(found.outcome.record.punch);
  });

  test('heartbeats are none, and what is no event at all says so', () => {
    expect(readEvent(bytes({ eventType: 'heartBeat', dateTime: 'x' }), context)).toBeNull();
    expect(() => readEvent(bytes({ hello: 1 }), context)).toThrow(DecodeError);
    expect(() => readEvent(Buffer.from('hello'), context)).toThrow('neither JSON nor XML');
  });
});
