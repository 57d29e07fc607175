import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DeviceRequest } from '../../../adapters/clock.ts';
import { mappedClock, ofDevice } from '../../../adapters/clocks/mapped.ts';
import { guessedMapping } from '../../../adapters/clocks/mapped-guess.ts';
import { mappedReading } from '../../../adapters/clocks/mapped-reading.ts';
import { readingText, recordText } from '../../../adapters/clocks/mapped-words.ts';
import { mapping } from '../../../config/clocks/mapped.ts';
import { parseConfig } from '../../../config/load.ts';
import { zoneTable } from '../../../config/zone-table.ts';
import { formatInstant, parseInstant } from '../../../rules/time.ts';
import { clockAround, clockEar, passingTime } from '../../support/clock-ear.ts';
import { garbled } from '../../support/garbled-json.ts';

const zone = zoneTable('Asia/Shanghai');
const PICTURE = `data:image/jpeg;base64,${'QUJD'.repeat(2000)}`;

/** A clock that nobody knows. */
const EVENT = {
  sn: '0F3A2204',
  type: 'evt',
  rec: { uid: '000241', ts: '2026-11-20 10:21:17', st: 0, vm: 1, seq: 48213, ok: '1', name: '宋岩', pic: PICTURE },
};
const WRITTEN = {
  topics: ['hall/{device}/evt', 'hall/{device}/hb'],
  path: '/push/{device}',
  when: { ptr: '/type', equals: 'evt' },
  items: '/rec',
  fields: {
    credential: { ptr: '/uid', dropZeros: true },
    time: '/ts',
    seq: '/seq',
    method: { ptr: '/vm', map: { '1': 'finger', '15': 'face' } },
    direction: { ptr: '/st', map: { '0': 'in', '1': 'out' } },
    ok: { ptr: '/ok', in: [1] },
  },
  keep: { device: '/dev' },
  reply: { topic: 'hall/{device}/ack', template: { id: { ptr: '/rec/seq' }, code: 0, list: [{ ptr: '/sn' }] } },
  others: [{ when: { topic: 'hall/{device}/hb' }, time: { ptr: '/now', format: 'unix' }, count: '/n' }],
};

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const changed = (rec: object): unknown => ({ ...EVENT, rec: { ...EVENT.rec, ...rec } });

function read(value: unknown, of: unknown = WRITTEN) {
  const reading = mappedReading(mapping.parse(of), { topic: 'hall/clk-4/evt', payload: bytes(value) }, zone);
  if (reading.kind !== 'punches') throw new Error(`it is ${reading.kind}`);
  return reading.records;
}

const only = (value: unknown, of?: unknown) => read(value, of)[0];

function why(value: unknown, of: unknown = WRITTEN, lang: 'zh' | 'en' = 'en'): string | null {
  const reading = mappedReading(mapping.parse(of), { topic: 'hall/clk-4/evt', payload: bytes(value) }, zone);
  return reading.kind === 'punches'
    ? (reading.records.map((one) => recordText(one, lang))[0] ?? null)
    : readingText(reading, lang);
}

describe('what a mapping makes of a message', () => {
  test('is a punch, with where each part of it came from', () => {
    const record = only(EVENT);
    expect(record?.outcome).toEqual({
      kind: 'punch',
      punch: { credential: '241', deviceAt: parseInstant('2026-11-20T10:21:17+08:00'), seq: 48213, method: 'finger' },
      kept: { direction: 'in' },
    });
    expect(record?.steps.map(({ field, pointer, result }) => [field, pointer, result])).toEqual([
      ['ok', '/ok', true],
      ['credential', '/uid', '241'],
      ['time', '/ts', parseInstant('2026-11-20T10:21:17+08:00')],
      ['seq', '/seq', 48213],
      ['method', '/vm', 'finger'],
      ['direction', '/st', 'in'],
      ['keep.device', null, null],
    ]);
  });

  test('is several where the records are a list', () => {
    const list = {
      type: 'evt',
      rec: [EVENT.rec, { ...EVENT.rec, uid: '7' }, { ...EVENT.rec, ok: '0' }, { ...EVENT.rec, ts: 'x' }],
    };
    expect(read(list).map(({ outcome }) => outcome.kind)).toEqual(['punch', 'punch', 'not-passed', 'unfit']);
  });

  test('takes the first place where something is', () => {
    const of = { ...WRITTEN, fields: { ...WRITTEN.fields, credential: { ptr: ['/customId', '/personId', '/uid'] } } };
    expect(only(changed({ customId: '', personId: 3 }), of)?.outcome).toMatchObject({ punch: { credential: '3' } });
    expect(only(changed({ customId: null }), of)?.outcome).toMatchObject({ punch: { credential: '000241' } });
  });

  test.each([
    [{ ts: '' }, 'time /ts: is empty'],
    [{ ts: '2026-02-30 08:00:00' }, 'time /ts: is no time written yyyy-MM-dd HH:mm:ss'],
    [
      { ts: '2026/11/20 10:21:17' },
      'time /ts: is no time written yyyy-MM-dd HH:mm:ss; it looks like yyyy/MM/dd HH:mm:ss',
    ],
    [{ ts: 1_795_141_277 }, 'time /ts: is no time written yyyy-MM-dd HH:mm:ss; it looks like unix'],
    [{ uid: undefined, Uid: '1' }, 'credential: the message has no /uid; there is /Uid, /pic, /ts, /st'],
    [{ uid: { a: 1 } }, 'credential /uid: is no value that can be used'],
    [{ uid: '9'.repeat(65) }, 'credential /uid: is too long; at most 64'],
    [{ seq: 'x' }, 'sequence number /seq: is no whole number from 0'],
  ])('%j is kept aside, and says why', (rec, because) => {
    expect(why(changed(rec))).toBe(because);
  });

  test('without a number, or in a way that is not listed, it is a punch all the same', () => {
    expect(only(changed({ seq: null, vm: 99 }))?.outcome).toMatchObject({ punch: { seq: null, method: null } });
  });

  test('a verification is passed, failed, or neither', () => {
    const ok = (written: object) => ({ ...WRITTEN, fields: { ...WRITTEN.fields, ok: { ptr: '/ok', ...written } } });
    expect(only(changed({ ok: 2 }))?.outcome.kind).toBe('not-passed');
    expect(only(changed({ ok: 2, uid: '' }))?.outcome.kind).toBe('not-passed');
    expect(only(changed({ ok: true }), ok({ equals: true, failed: [false] }))?.outcome.kind).toBe('punch');
    expect(why(changed({ ok: 5 }), ok({ in: [1], failed: [2, 3] }))).toBe('verification /ok: is none of 1, 2, 3');
    expect(why(changed({ ok: undefined }), ok({ in: [1] }))).toContain('the message has no /ok; there is');
  });

  test('what is neither a punch nor known to be something else says so, in both languages', () => {
    expect(why({ type: 'door' })).toBe('it fits neither the when of punches (/type is not evt) nor others');
    expect(why({ kind: 'door' }, WRITTEN, 'zh')).toBe('既不符合打卡的 when（没有 /type），也不在 others 里');
    expect(why({ type: 'evt', recs: [] }, WRITTEN, 'zh')).toBe('items：消息里没有 /rec；那里有 /recs、/type');
  });

  test.each([
    ['rfc3339', '2026-11-20T10:21:17.5+08:00', '2026-11-20T10:21:17.500+08:00'],
    ['unix', '1795141277', '2026-11-20T10:21:17+08:00'],
    ['unix', 1_795_141_277.25, '2026-11-20T10:21:17.250+08:00'],
    ['unix-ms', 1_795_141_277_000, '2026-11-20T10:21:17+08:00'],
    ['yyyyMMddHHmmss', '20261120102117', '2026-11-20T10:21:17+08:00'],
    ['dd.MM.yyyy HH:mm', '20.11.2026 10:21', '2026-11-20T10:21:00+08:00'],
    ['yyyy-MM-ddTHH:mm:ss.SSS', '2026-11-20T10:21:17.040', '2026-11-20T10:21:17.040+08:00'],
    ['yyyy年MM月dd日 HH:mm', '2026年11月20日 10:21', '2026-11-20T10:21:00+08:00'],
  ])('%s reads %j', (format, ts, wanted) => {
    const of = { ...WRITTEN, fields: { ...WRITTEN.fields, time: { ptr: '/ts', format } } };
    const outcome = only(changed({ ts }), of)?.outcome;
    expect(outcome?.kind === 'punch' && formatInstant(zone, outcome.punch.deviceAt)).toBe(wanted);
  });

  test('keys of every object’s making are no keys of a message', () => {
    const of = { ...WRITTEN, fields: { ...WRITTEN.fields, credential: '/constructor/name', seq: '/__proto__' } };
    expect(why(EVENT, of)).toContain('the message has no /constructor/name');
  });
});

function opened(written: object = WRITTEN) {
  const ear = clockEar();
  const time = passingTime(parseInstant('2026-11-20T10:21:18+08:00') ?? 0);
  const clock = mappedClock(mapping.parse(written), clockAround({ device: 'clk-4', clock: time.clock }));
  return { ear, time, clock };
}

const over = (topic: string, value: unknown, retained = false) => ({ topic, payload: bytes(value), retained });
const posted = (value: unknown): DeviceRequest => ({
  method: 'POST',
  path: '/push/clk-4',
  query: new URLSearchParams(),
  headers: new Headers(),
  body: bytes(value),
  from: '',
});

describe('a clock with a mapping', () => {
  test('is heard on its topics, and answered only when the punch is durable', async () => {
    const { ear, clock } = opened();
    expect(clock.mqtt?.topics).toEqual(['hall/clk-4/evt', 'hall/clk-4/hb']);
    ear.hold();
    let replies: unknown = null;
    const done = clock.mqtt?.message(over('hall/clk-4/evt', EVENT), ear.listener).then((said) => {
      replies = said;
    });
    await new Promise(setImmediate);
    expect(replies).toBeNull();
    ear.release();
    await done;
    expect(replies).toEqual([{ topic: 'hall/clk-4/ack', payload: '{"id":48213,"code":0,"list":["0F3A2204"]}' }]);
    expect([...ear.kept.values()]).toEqual([
      {
        punch: { credential: '241', deviceAt: parseInstant('2026-11-20T10:21:17+08:00'), seq: 48213, method: 'finger' },
        original: { digest: expect.stringMatching(/^[0-9a-f]{64}$/), kept: { direction: 'in' } },
      },
    ]);
  });

  test('says that it lives by what is no punch, and shows its clock', async () => {
    const { ear, clock } = opened();
    await clock.mqtt?.message(over('hall/clk-4/hb', { now: 1_795_141_270, n: 12 }), ear.listener);
    await clock.mqtt?.message(over('hall/clk-4/hb', { now: 1, n: 1 }, true), ear.listener);
    expect(ear.signs).toEqual([{ deviceAt: 1_795_141_270_000, count: 12 }]);
    expect(ear.kept.size + ear.refused.length).toBe(0);
  });

  test('what it cannot be understood by is kept aside, without picture and name, and answered as well', async () => {
    const { ear, clock } = opened();
    const replies = await clock.mqtt?.message(over('hall/clk-4/evt', changed({ ts: '' })), ear.listener);
    expect(replies).toHaveLength(1);
    expect(ear.refused).toMatchObject([{ about: 'hall/clk-4/evt', because: 'time /ts: is empty' }]);
    const kept = Buffer.from(ear.refused[0]?.payload ?? []).toString();
    expect(JSON.parse(kept)).toMatchObject({ sn: '0F3A2204', rec: { uid: '000241', name: '…(2)' } });
    expect(kept).not.toMatch(/QUJD|宋岩/);
  });

  test('is answered over HTTP, or told to come again', async () => {
    const { ear, time, clock } = opened({ ...WRITTEN, reply: { template: { code: 0 } } });
    expect(clock.http?.isMine(posted(EVENT))).toBe(true);
    expect(clock.http?.isMine({ ...posted(EVENT), path: '/push/clk-5' })).toBe(false);
    expect(clock.http?.isMine({ ...posted(EVENT), method: 'GET' })).toBe(false);
    expect(await clock.http?.handle(posted(EVENT), ear.listener)).toMatchObject({ status: 200, body: '{"code":0}' });
    ear.hold();
    const answer = clock.http?.handle(posted(changed({ uid: '7' })), ear.listener);
    await new Promise(setImmediate);
    time.pass(10_000);
    expect(await answer).toMatchObject({ status: 503 });
  });

  test('on a topic that several share it is known by what the message says', () => {
    const { clock } = opened({ ...WRITTEN, shared: { topics: ['all/hb'], ptr: '/id', equals: 'x-{device}' } });
    const isMine = (topic: string, value: unknown) => clock.mqtt?.isMine?.(over(topic, value));
    expect(isMine('all/hb', { id: 'x-clk-4' })).toBe(true);
    expect(isMine('all/hb', { id: 'x-clk-5' })).toBe(false);
    expect(isMine('all/hb', 'nothing')).toBe(false);
    expect(isMine('hall/clk-4/evt', { id: 'other' })).toBe(true);
  });

  test('10 000 messages that went wrong are each taken or kept aside, and none is thrown', async () => {
    const { ear, clock } = opened();
    let [punches, aside] = [0, 0];
    for (const payload of garbled([EVENT, { type: 'evt', rec: [EVENT.rec, EVENT.rec] }], 10_000, 7)) {
      const before = [ear.delivered, ear.refused.length, ear.signs.length];
      await clock.mqtt?.message({ topic: 'hall/clk-4/evt', payload, retained: false }, ear.listener);
      punches += ear.delivered - (before[0] ?? 0);
      aside += ear.refused.length - (before[1] ?? 0);
    }
    expect(punches).toBeGreaterThan(1000);
    expect(aside).toBeGreaterThan(4000);
    for (const { because, payload } of ear.refused) {
      expect(because).not.toBe('');
      expect(payload.length).toBeLessThan(20_000);
    }
    expect(Buffer.concat(ear.refused.map(({ payload }) => payload)).toString()).not.toContain('QUJDQUJDQUJD'.repeat(8));
  }, 120_000);
});

test('by the manual alone: its mapping reads its message', () => {
  const manual = readFileSync(new URL('../../../docs/devices/mapped.md', import.meta.url), 'utf8');
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(manual)?.[1] ?? '';
  const text = `hall: { id: h1, timezone: Asia/Shanghai }\n${block('yaml')}`;
  const [clock] = parseConfig(text, 'hall.yaml', { env: {}, lang: 'en' }).config.clocks;
  if (clock?.profile.kind !== 'mapped') throw new Error('it maps no clock');
  const message = { topic: 'hall/dev/0F3A/evt', payload: Buffer.from(block('json')) };
  expect(mappedReading(ofDevice(clock.profile, clock.id), message, zone)).toMatchObject({
    records: [
      { outcome: { punch: { credential: '000241', seq: 48213, method: 'finger' }, kept: { direction: 'in' } } },
    ],
    reply: { topic: 'hall/dev/0F3A/ack', payload: '{"seq":48213,"code":0}' },
  });
});

test('a first guess needs no correction where the keys speak for themselves', () => {
  expect(guessedMapping(EVENT, zone)).toEqual({
    when: [{ ptr: '/type', equals: 'evt' }],
    items: '/rec',
    fields: {
      credential: '/uid',
      time: { ptr: '/ts', format: 'yyyy-MM-dd HH:mm:ss' },
      seq: '/seq',
      method: { ptr: '/vm' },
      direction: { ptr: '/st' },
    },
  });
  expect(guessedMapping({ time: 1_795_141_277, userId: '7' }, zone)).toEqual({
    fields: { credential: '/userId', time: { ptr: '/time', format: 'unix' } },
  });
  expect(guessedMapping([{ code: 5, punchTime: '2026-11-20T10:21:17+08:00' }], zone)).toMatchObject({ items: '' });
  expect(guessedMapping('nothing', zone)).toEqual({ fields: {} });
});
