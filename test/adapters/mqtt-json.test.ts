/** The payloads of contract.md section 5, good and bad. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePresence } from '../../adapters/cameras/mqtt-presence.ts';
import { DecodeError } from '../../adapters/clock.ts';
import { decodePunch, decodeStatus } from '../../adapters/clocks/mqtt-json.ts';

const AT = '2026-03-02T08:55:10+08:00';
const AT_MS = Date.UTC(2026, 2, 2, 0, 55, 10);
const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

describe('a punch', () => {
  const punch = { credential: '1001', deviceAt: AT_MS, seq: null, method: null };

  test.each<[string, unknown, object]>([
    ['the least', { credential: '1001', at: AT }, punch],
    ['all of it', { credential: '1001', at: AT, seq: 4711, method: 'face' }, { ...punch, seq: 4711, method: 'face' }],
    ['a number for a credential', { credential: 1001, at: AT }, punch],
    ['nought for a credential', { credential: 0, at: AT }, { ...punch, credential: '0' }],
    ['leading noughts', { credential: '0001001', at: AT }, { ...punch, credential: '0001001' }],
    ['a credential in Chinese', { credential: '徐敏-1', at: AT }, { ...punch, credential: '徐敏-1' }],
    ['null for what is optional', { credential: '1001', at: AT, seq: null, method: null }, punch],
    ['the first of a sequence', { credential: '1001', at: AT, seq: 0 }, { ...punch, seq: 0 }],
    ['keys of the device’s own', { credential: '1001', at: AT, temperature: 36.6, photo: { size: 3 } }, punch],
    [
      'UTC, and milliseconds',
      { credential: '1001', at: '2026-03-02T00:55:10.250Z' },
      { ...punch, deviceAt: AT_MS + 250 },
    ],
    ['another order, and white space', `\r\n { "at" : "${AT}" ,\t"credential":"1001" } `, punch],
    ['a byte order mark', `\uFEFF{"credential":"1001","at":"${AT}"}`, punch],
    ['a key twice, of which the last holds', `{"credential":"7","at":"${AT}","credential":"1001"}`, punch],
  ])('%s', (_name, payload, expected) => {
    expect(decodePunch(bytes(payload))).toEqual(expected);
  });

  const TIME = 'expected a time with an offset, such as "2026-03-02T08:55:10+08:00".';
  const CREDENTIAL = 'expected a text of 1 to 1000 characters or a whole number from 0.';
  test.each<[string, unknown, string]>([
    ['no credential', { at: AT }, `"credential" is missing; ${CREDENTIAL}`],
    ['a credential of null', { credential: null, at: AT }, `"credential" is null; ${CREDENTIAL}`],
    ['an empty credential', { credential: '', at: AT }, `"credential" is an empty text; ${CREDENTIAL}`],
    ['a fraction for a credential', { credential: 1.5, at: AT }, `"credential" is another number; ${CREDENTIAL}`],
    [
      'a credential that a number cannot hold',
      `{"credential":9007199254740993,"at":"${AT}"}`,
      `"credential" is another number; ${CREDENTIAL}`,
    ],
    ['a list for a credential', { credential: ['1001'], at: AT }, `"credential" is a list; ${CREDENTIAL}`],
    [
      'a credential without end',
      { credential: 'x'.repeat(1001), at: AT },
      `"credential" is another text; ${CREDENTIAL}`,
    ],
    ['a line break in a credential', { credential: '10\n01', at: AT }, `"credential" is another text; ${CREDENTIAL}`],
    [
      'half a character in a credential',
      `{"credential":"\\ud83d","at":"${AT}"}`,
      `"credential" is another text; ${CREDENTIAL}`,
    ],
    ['no time', { credential: '1001' }, `"at" is missing; ${TIME}`],
    [
      'a time without an offset',
      { credential: '1001', at: '2026-03-02T08:55:10' },
      `"at" is "2026-03-02T08:55:10"; ${TIME}`,
    ],
    [
      'a day that there is not',
      { credential: '1001', at: '2026-02-30T08:55:10+08:00' },
      `"at" is "2026-02-30T08:55:10+08:00"; ${TIME}`,
    ],
    ['a time as a number', { credential: '1001', at: 1772412910 }, `"at" is 1772412910; ${TIME}`],
    ['a long time', { credential: '1001', at: '9'.repeat(99) }, `"at" is "${'9'.repeat(38)}…; ${TIME}`],
    [
      'a sequence below nought',
      { credential: '1001', at: AT, seq: -1 },
      '"seq" is -1; expected a whole number from 0.',
    ],
    [
      'a sequence as a text',
      { credential: '1001', at: AT, seq: '4711' },
      '"seq" is "4711"; expected a whole number from 0.',
    ],
    [
      'a sequence beyond all numbers',
      `{"credential":"1001","at":"${AT}","seq":1e999}`,
      '"seq" is Infinity; expected a whole number from 0.',
    ],
    [
      'a number for a method',
      { credential: '1001', at: AT, method: 15 },
      '"method" is 15; expected a text of 1 to 1000 characters.',
    ],
    [
      'an empty method',
      { credential: '1001', at: AT, method: '' },
      '"method" is ""; expected a text of 1 to 1000 characters.',
    ],
    [
      'an object for a method',
      { credential: '1001', at: AT, method: {} },
      '"method" is an object; expected a text of 1 to 1000 characters.',
    ],
    ['nothing', '', 'The payload is empty; expected a JSON object.'],
    ['a list', [], 'The payload is a list; expected a JSON object.'],
    ['null', 'null', 'The payload is null; expected a JSON object.'],
    ['a text', '"hello"', 'The payload is another text; expected a JSON object.'],
    ['half of it', '{"credential":"1001"', 'The payload (20 bytes) is not JSON; expected a JSON object.'],
    ['a single quote', "{'credential':'1001'}", 'The payload (21 bytes) is not JSON; expected a JSON object.'],
    ['depth without end', '['.repeat(60_000), 'The payload (60000 bytes) is not JSON; expected a JSON object.'],
    ['a large one', `{"x":"${'x'.repeat(65_536)}"}`, 'The payload has 65544 bytes; expected at most 65536.'],
    ['keys of every object', '{"__proto__":{"credential":"1001"}}', `"credential" is missing; ${CREDENTIAL}`],
  ])('not %s', (_name, payload, message) => {
    expect(() => decodePunch(bytes(payload))).toThrow(new DecodeError(message));
  });

  test('not in another encoding', () => {
    const gbk = Buffer.concat([bytes('{"credential":"'), Buffer.from('d0ecc3f4', 'hex'), bytes(`","at":"${AT}"}`)]);
    expect(() => decodePunch(gbk)).toThrow(
      new DecodeError('The payload is not valid UTF-8; expected a JSON object in UTF-8.'),
    );
  });

  test('as large as it may be', () => {
    const least = `{"credential":"1001","at":"${AT}","x":""}`;
    const payload = least.replace('""}', `"${'x'.repeat(65_536 - least.length)}"}`);
    expect(payload).toHaveLength(65_536);
    expect(decodePunch(bytes(payload))).toEqual(punch);
  });
});

describe('a status', () => {
  test.each<[string, unknown, object]>([
    ['all of it', { state: 'online', at: AT, count: 1234 }, { state: 'online', at: AT_MS, count: 1234 }],
    ['a last will, which has no time', { state: 'offline' }, { state: 'offline', at: null, count: null }],
    [
      'null for what is optional',
      { state: 'online', at: null, count: null },
      { state: 'online', at: null, count: null },
    ],
  ])('%s', (_name, payload, expected) => {
    expect(decodeStatus(bytes(payload))).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ['no state', { at: AT }, '"state" is missing; expected "online" or "offline".'],
    ['another state', { state: 'complete' }, '"state" is "complete"; expected "online" or "offline".'],
    ['a state in capitals', { state: 'ONLINE' }, '"state" is "ONLINE"; expected "online" or "offline".'],
    [
      'a bad time',
      { state: 'online', at: 'now' },
      '"at" is "now"; expected a time with an offset, such as "2026-03-02T08:55:10+08:00".',
    ],
    ['half a punch', { state: 'online', count: 1.5 }, '"count" is 1.5; expected a whole number from 0.'],
  ])('not %s', (_name, payload, message) => {
    expect(() => decodeStatus(bytes(payload))).toThrow(new DecodeError(message));
  });
});

describe('presence', () => {
  test.each<[string, unknown, object]>([
    ['the least', { state: 'empty', at: AT }, { state: 'empty', at: AT_MS, source: null }],
    ['all of it', { state: 'occupied', at: AT, source: 'cam-1' }, { state: 'occupied', at: AT_MS, source: 'cam-1' }],
    ['that it cannot tell', { state: 'unknown', at: AT, source: null }, { state: 'unknown', at: AT_MS, source: null }],
  ])('%s', (_name, payload, expected) => {
    expect(decodePresence(bytes(payload))).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ['true for a state', { state: true, at: AT }, '"state" is true; expected "occupied" or "empty" or "unknown".'],
    [
      'no time',
      { state: 'empty' },
      '"at" is missing; expected a time with an offset, such as "2026-03-02T08:55:10+08:00".',
    ],
    [
      'null for a time',
      { state: 'empty', at: null },
      '"at" is null; expected a time with an offset, such as "2026-03-02T08:55:10+08:00".',
    ],
    [
      'a number for a source',
      { state: 'empty', at: AT, source: 1 },
      '"source" is 1; expected a text of 1 to 1000 characters.',
    ],
  ])('not %s', (_name, payload, message) => {
    expect(() => decodePresence(bytes(payload))).toThrow(new DecodeError(message));
  });
});

describe('whatever comes', () => {
  const decoders = [decodePunch, decodeStatus, decodePresence];
  const good = [
    { credential: 'hush-4711', at: AT, seq: 4711, method: 'finger' },
    { credential: 4711, at: AT, extra: [1, { deep: null }] },
    { state: 'online', at: AT, count: 1234 },
    { state: 'occupied', at: AT, source: 'cam-1' },
  ].map((payload) => Buffer.from(JSON.stringify(payload)));

  /** A few bytes of a good payload changed, dropped or doubled. */
  const mutated = fc
    .record({
      payload: fc.constantFrom(...good),
      edits: fc.array(fc.record({ at: fc.nat(200), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ payload, edits }) =>
      edits.reduce((bytesSoFar: Buffer, { at, remove, insert }) => {
        const start = at % (bytesSoFar.length + 1);
        return Buffer.concat([bytesSoFar.subarray(0, start), insert, bytesSoFar.subarray(start + remove)]);
      }, payload),
    );
  const jsonObject = fc.dictionary(
    fc.constantFrom('credential', 'at', 'seq', 'method', 'state', 'count', 'source'),
    fc.jsonValue(),
  );
  const garbage = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(bytes), jsonObject.map(bytes));

  test.each([
    ['mutated payloads', mutated],
    ['garbage', garbage],
  ])('2 000 %s are read or refused in a sentence, and nothing else', (_name, payloads) => {
    const property = fc.property(payloads, (payload) => {
      for (const decode of decoders) {
        try {
          decode(payload);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
          expect((error as DecodeError).message).toMatch(/^(The payload|"\w+") .*expected .+\.$/);
          expect((error as DecodeError).message.length).toBeLessThan(200);
        }
      }
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('no refusal quotes a credential', () => {
    const property = fc.property(
      fc.oneof(fc.constant('hush-hush\n'), fc.constant('hush-hush'.repeat(200)), fc.constant(['hush-hush'])),
      fc.dictionary(fc.constantFrom('at', 'seq', 'method'), fc.jsonValue()),
      fc.constantFrom('', '}', ']'),
      (credential, others, tail) => {
        const payload = bytes(JSON.stringify({ credential, ...others }) + tail);
        expect(() => decodePunch(payload)).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining('hush') }),
        );
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});
