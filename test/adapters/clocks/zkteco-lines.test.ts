import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { methodOf } from '../../../adapters/clocks/zkteco-codes.ts';
import { decodeAttlog, decodeRtlog, type UploadContext } from '../../../adapters/clocks/zkteco-lines.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { parseInstant } from '../../../rules/time.ts';

const context: UploadContext = {
  zone: zoneTable('Asia/Shanghai'),
  codes: { series: 'classic', methods: null },
  serial: 'CKUH201260001',
  about: '/iclock/cdata ATTLOG',
};
const recorded = (name: string) => readFileSync(new URL(`../payloads/${name}`, import.meta.url));
const body = (...lines: readonly string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const at = (text: string) => parseInstant(`${text}+08:00`);

describe('ATTLOG', () => {
  test('as recorded, with an empty line, a carriage return, a temperature and a work code in GBK', () => {
    const { records, refused, lines } = decodeAttlog(recorded('zkteco-attlog.txt'), context);
    expect(refused).toEqual([]);
    expect(lines).toBe(3);
    expect(records.map(({ punch }) => punch)).toEqual([
      { credential: '1001', deviceAt: at('2026-03-02T08:55:10'), seq: null, method: 'finger' },
      { credential: '1002', deviceAt: at('2026-03-02T08:56:00'), seq: null, method: 'face' },
      { credential: 'A7', deviceAt: at('2026-03-02T18:01:02'), seq: null, method: 'card' },
    ]);
    const of = { serial: 'CKUH201260001', table: 'ATTLOG' };
    expect(records.map(({ original }) => original.kept)).toEqual([
      { ...of, status: 0, verify: 1, workCode: '0' },
      { ...of, status: 255, verify: 15 },
      { ...of, status: 1, verify: 4 },
    ]);
  });

  test('the digest is of the line as it came, whatever the digest of the upload', () => {
    const line = '1001\t2026-03-02 08:55:10\t0\t1\t0\t0\t0';
    const [alone] = decodeAttlog(body(line), context).records;
    const [, second] = decodeAttlog(body('7\t2026-03-02 08:00:00', line), context).records;
    expect(alone?.original.digest).toBe(hash('sha256', line, 'hex'));
    expect(second).toEqual(alone);
  });

  test.each([
    ['\t2026-03-02 08:55:10\t0\t1', 'user is missing'],
    ['1001\t2026-02-30 08:55:10\t0\t1', 'The time is "2026-02-30 08:55:10"'],
    ['1001\t2026-03-02 24:00:00\t0\t1', 'The time is "2026-03-02 24:00:00"'],
    ['1001\t2026-03-02 08:5', 'The time is "2026-03-02 08:5"'],
    ['1001', 'The time is ""'],
    [`张三\t2026-03-02 08:55:10\t0\t1`, 'user is no number or name in ASCII'],
    [`1001\t2026-03-02 08:55:10\t${'x'.repeat(2000)}`, 'The line has 2025 bytes'],
  ])('refuses %.60j with its reason, and keeps the lines beside it', (line, because) => {
    const good = '1001\t2026-03-02 08:55:10\t0\t1';
    const { records, refused, lines } = decodeAttlog(body(good, line, good), context);
    expect([records.length, refused.length, lines]).toEqual([2, 1, 3]);
    expect(refused[0]?.because).toContain(because);
    expect(refused[0]?.about).toBe(context.about);
  });

  test('what is refused shows neither names nor pictures', () => {
    const lines = [
      'USER PIN=1\tName=Zhang San\tPri=0',
      `1001\tWang Wu\t${'QUJD'.repeat(300)}`,
      '1\tLi Si\t0\t1\tLi Si\tLi Si',
    ];
    const { refused } = decodeAttlog(body(...lines), context);
    expect(refused.map(({ payload }) => Buffer.from(payload).toString())).toEqual([
      '<10 bytes>\t<14 bytes>\t<5 bytes>',
      '1001\t<7 bytes>\t<1200 bytes>',
      '1\t<5 bytes>\t0\t1\t<5 bytes>\t<5 bytes>',
    ]);
    for (const { because } of refused) expect(because).not.toMatch(/San|Wang|Li Si/);
  });
});

describe('rtlog', () => {
  test('as recorded: who was let in; neither a door nor somebody refused', () => {
    const { records, refused, lines } = decodeRtlog(recorded('zkteco-rtlog.txt'), context);
    expect([records.length, refused.length, lines]).toEqual([1, 0, 3]);
    expect(records[0]?.punch).toEqual({
      credential: '1001',
      deviceAt: at('2026-03-02T08:55:10'),
      seq: null,
      method: 'face',
    });
    expect(records[0]?.original.kept).toEqual({
      serial: 'CKUH201260001',
      table: 'rtlog',
      event: 3,
      index: 21,
      door: 1,
      status: 0,
      verify: '15',
    });
  });

  test('an event above 200 with a person is put aside, not dropped', () => {
    const { records, refused } = decodeRtlog(body('time=2026-03-02 08:55:10\tpin=9\tevent=209'), context);
    expect(records).toEqual([]);
    expect(refused[0]?.because).toContain('"event" is 209, with a person');
    expect(Buffer.from(refused[0]?.payload ?? []).toString()).toBe('time=2026-03-02 08:55:10\tpin=9\tevent=209');
  });

  test('a row of bits is no code', () => {
    const line = 'time=2026-03-02 08:55:10\tpin=9\tevent=0\tverifytype=0000000000000010';
    const [record] = decodeRtlog(body(line), context).records;
    expect(record?.punch.method).toBeNull();
    expect(record?.original.kept['verify']).toBe('0000000000000010');
  });
});

test.each([
  ['classic', 0, 'password'],
  ['classic', 1, 'finger'],
  ['classic', 2, 'card'],
  ['classic', 15, 'face'],
  ['multi', 0, null],
  ['multi', 2, null],
  ['multi', 3, 'password'],
  ['multi', 4, 'card'],
  ['multi', 25, 'palm'],
  ['classic', 99, null],
  ['classic', null, null],
] as const)('%s code %s is %s', (series, code, method) => {
  expect(methodOf({ series, methods: null }, code)).toBe(method);
});

test('a device with codes of its own', () => {
  const codes = { series: 'multi', methods: { '2': 'card', '1': 'face' } } as const;
  expect([methodOf(codes, 2), methodOf(codes, 1), methodOf(codes, 3)]).toEqual(['card', 'face', 'password']);
});

test('10 000 mutated bodies: each line a record or refused with a reason, and never a throw', () => {
  const good = [...recorded('zkteco-attlog.txt'), ...recorded('zkteco-rtlog.txt')];
  const mutation = fc.record({
    from: fc.nat(good.length),
    length: fc.nat(200),
    changes: fc.array(fc.tuple(fc.nat(199), fc.nat(255)), { maxLength: 12 }),
  });
  fc.assert(
    fc.property(mutation, fc.boolean(), ({ from, length, changes }, isRtlog) => {
      const bytes = Uint8Array.from(good.slice(from, from + length));
      for (const [place, byte] of changes) if (place < bytes.length) bytes[place] = byte;
      const { records, refused, lines } = (isRtlog ? decodeRtlog : decodeAttlog)(bytes, context);
      const taken = records.length + refused.length;
      return (
        (isRtlog ? taken <= lines : taken === lines) &&
        refused.every(({ because }) => /expected|at most/.test(because)) &&
        records.every(({ punch }) => /^[\x21-\x7e]{1,64}$/.test(punch.credential) && Number.isInteger(punch.deviceAt))
      );
    }),
    { numRuns: 10_000, seed: 20_260_302 },
  );
});
