/** A Dahua terminal that pushes, and what its events say. */

import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dahuaClock } from '../../../adapters/clocks/dahua.ts';
import { readEvents } from '../../../adapters/clocks/dahua-events.ts';
import { dahua } from '../../../config/clocks/dahua.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { clockAround } from '../../support/clock-ear.ts';
import { pushContract } from '../../support/push-contract.ts';

const sometime = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;

describe('a terminal that pushes', () => {
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

  const pushed = pushContract({
    clock: () => dahuaClock(dahua.parse({ kind: 'dahua' }), clockAround()),
    path: '/dahua/clock-1',
    heartbeat: 'Heartbeat',
    forms: [
      { type: 'application/json', body: Buffer.from(upload) },
      { type: 'text/plain', body: Buffer.from(text) },
      { type: 'multipart/form-data; boundary=b', body: Buffer.from(mixed) },
    ],
  });

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
