/** A Dahua terminal that pushes, and what its events say. */

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { dahuaClock } from '../../../adapters/clocks/dahua.ts';
import { readEvents } from '../../../adapters/clocks/dahua-events.ts';
import { dahua } from '../../../config/clocks/dahua.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { type ClockDoor, openClockDoor } from '../../support/clock-door.ts';
import { clockAround, clockEar } from '../../support/clock-ear.ts';
import { spoiledBytes } from '../../support/spoiled-bytes.ts';

const sometime = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;

describe('a terminal that pushes', () => {
  const doors: ClockDoor[] = [];
  afterEach(async () => {
    for (const door of doors.splice(0)) await door.close();
  });
  const data = {
    UserID: '1001',
    CardName: '徐敏',
    CardNo: 'AABB1122',
    Method: 1,
    ErrorCode: 0,
    Status: 1,
    Type: 'Entry',
    Door: 0,
    UTC: sometime / 1000,
  };
  const upload = JSON.stringify({
    Events: [
      { Code: 'AccessControl', Action: 'Pulse', Index: 0, Data: data },
      { Code: 'DoorStatus', Data: {} },
    ],
  });
  const text = `Code=AccessControl;action=Pulse;index=0;data={\n"UserID":"1002","Method":6,"Status":1,"UTC":${sometime / 1000}\n}`;
  const mixed = `--b\r\nContent-Type: text/plain\r\n\r\n${upload}\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n\u00ff\u00d8{{\r\n--b--\r\n`;

  async function pushed() {
    const ear = clockEar();
    const door = await openClockDoor(dahuaClock(dahua.parse({ kind: 'dahua' }), clockAround()), ear.listener);
    doors.push(door);
    const post = (body: BodyInit, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${door.port}/dahua/clock-1`, { method: 'POST', body, headers });
    return { ear, post };
  }

  test('JSON, text, parts, and each of them packed, are one punch however often they come', async () => {
    const { ear, post } = await pushed();
    expect((await post(upload)).status).toBe(200);
    expect((await post(text)).status).toBe(200);
    expect((await post(mixed, { 'content-type': 'multipart/form-data; boundary=b' })).status).toBe(200);
    for (const [pack, name] of [
      [deflateSync, 'deflate'],
      [deflateRawSync, 'deflate'],
      [gzipSync, 'gzip'],
    ] as const) {
      expect((await post(new Uint8Array(pack(upload)), { 'content-encoding': name })).status).toBe(200);
    }
    expect((await post(upload, { 'content-encoding': 'deflate' })).status).toBe(200);
    expect([...ear.kept.values()].map(({ punch }) => punch)).toEqual([
      { credential: '1001', deviceAt: sometime, seq: null, method: 'card' },
      { credential: '1002', deviceAt: sometime, seq: null, method: 'finger' },
    ]);
    expect(ear.refused).toEqual([]);
  });

  test('is not acknowledged before it is kept', async () => {
    const { ear, post } = await pushed();
    ear.hold();
    let isAnswered = false;
    const asking = post(upload).then(({ status }) => {
      isAnswered = true;
      return status;
    });
    expect((await post('Heartbeat')).status).toBe(200);
    expect(isAnswered).toBe(false);
    ear.release();
    expect(await asking).toBe(200);
    expect(ear.kept.size).toBe(1);
  });

  test('ten thousand payloads that are not quite right are each kept, kept aside, or of nobody', {
    timeout: 120_000,
  }, async () => {
    const ear = clockEar();
    const { http } = dahuaClock(dahua.parse({ kind: 'dahua' }), clockAround());
    const types = ['application/json', 'text/plain', 'multipart/form-data; boundary=b'];
    let count = 0;
    for (const { body, of } of spoiledBytes(
      10_000,
      20_260_302,
      [upload, text, mixed].map((one) => Buffer.from(one)),
    )) {
      const headers = new Headers({ 'content-type': types[of] ?? '' });
      const request = { method: 'POST', path: '/dahua/clock-1', query: new URLSearchParams(), headers, body, from: '' };
      if ((await http?.handle(request, ear.listener))?.status === 200) count++;
    }
    expect(count).toBe(10_000);
    expect(ear.delivered).toBeGreaterThan(500);
    expect(ear.refused.length).toBeGreaterThan(500);
    const told = ear.refused.map(({ because, payload }) => `${because === ''}${Buffer.from(payload)}`).join('\n');
    expect(told).not.toMatch(/^true|徐敏/m);
    for (const { original } of ear.kept.values()) expect(JSON.stringify(original)).not.toMatch(/徐敏/);
  });
});

describe('reading', () => {
  const context = { zone: zoneTable('Asia/Shanghai'), isUtcLocal: false };
  const outcome = (data: object) =>
    readEvents(Buffer.from(JSON.stringify({ Code: 'AccessControl', Data: data })), context)[0];

  test('what is certain to be UTC comes before what may be local', () => {
    const both = { UserID: '1', UTC: sometime / 1000 + 28_800, RealUTC: sometime / 1000 };
    expect(outcome(both)).toMatchObject({ record: { punch: { deviceAt: sometime } } });
  });

  test('somebody without a number is known by the card; a time that is none is refused', () => {
    expect(outcome({ UserID: '', CardNo: 'AABB1122', UTC: 1 })).toMatchObject({
      record: { punch: { credential: 'AABB1122' } },
    });
    expect(outcome({ UserID: '1' })).toMatchObject({ is: 'refused' });
    expect(outcome({ UserID: '1', CreateTime: '2026-02-30 08:00:00' })).toMatchObject({ is: 'refused' });
  });

  test('braces in texts end nothing', () => {
    const text = 'Code=AccessControl;action=Pulse;index=0;data={"CardName":"a}\\"{b","UserID":"1","UTC":1}}}';
    expect(readEvents(Buffer.from(text), context)).toMatchObject([{ is: 'punch' }]);
  });
});
