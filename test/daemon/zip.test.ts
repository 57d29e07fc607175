/** Archives: what is packed comes out again, what others packed is read; what is damaged is said to be. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BadZip, unzipped, zipOf } from '../../daemon/files/zip.ts';

const AT = '2026-03-02T10:31:07.250+08:00';
const FILES = [
  { name: 'case.json', content: Buffer.from('{"a":1}\n') },
  { name: '画面/最后有人.jpg', content: Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)) },
  { name: 'empty', content: Buffer.alloc(0) },
  { name: 'long.txt', content: Buffer.from('值班'.repeat(20_000)) },
];
const plain = (entries: readonly { name: string; content: Uint8Array }[]) =>
  entries.map(({ name, content }) => [name, Buffer.from(content).toString('hex')]);

test('what is packed comes out again', () => {
  const archive = zipOf(FILES, AT);
  expect(plain(unzipped(archive))).toEqual(plain(FILES));
  expect(archive.length).toBeLessThan(20_000);
});

/** Made by Python's zipfile: one deflated, one stored, and a comment at the end. */
const FOREIGN = [
  'UEsDBBQAAAgIAONTYlwMK9HXDAAAAPAAAAAMAAAA55S76Z2iL2EudHh0e9qw53n/2qcjhgQAUEsDBBQAAAAAAONTYlwL+UNWBgAAAAYAAAAFAA',
  'AAYi50eHRzdG9yZWRQSwECFAMUAAAICADjU2JcDCvR1wwAAADwAAAADAAAAAAAAAAAAAAAgAEAAAAA55S76Z2iL2EudHh0UEsBAhQDFAAAAAAA',
  '41NiXAv5Q1YGAAAABgAAAAUAAAAAAAAAAAAAAIABNgAAAGIudHh0UEsFBgAAAAACAAIAbQAAAF8AAAAJAGEgY29tbWVudA==',
];

test('what other programs packed is read as well', () => {
  expect(unzipped(Buffer.from(FOREIGN.join(''), 'base64')).map(({ name, content }) => [name, String(content)])).toEqual(
    [
      ['画面/a.txt', '值班'.repeat(40)],
      ['b.txt', 'stored'],
    ],
  );
});

test('whatever is damaged or is none is said to be, and nothing else happens', () => {
  const archive = zipOf(FILES, AT);
  for (const none of [Buffer.alloc(0), Buffer.from('PK'), Buffer.alloc(40), archive.subarray(0, -30)]) {
    expect(() => unzipped(none)).toThrow(BadZip);
  }
  fc.assert(
    fc.property(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] ?? 0) ^ by;
      try {
        // A time, or a note to packers of other systems, may have changed: never what is in a file under its name.
        const found = new Map(plain(unzipped(changed)).map(([name, content]) => [name, content]));
        for (const [name, content] of plain(FILES)) if (found.has(name)) expect(found.get(name)).toBe(content);
      } catch (error) {
        expect(error).toBeInstanceOf(BadZip);
      }
    }),
    { numRuns: 600 },
  );
});
