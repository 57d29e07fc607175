/** Streams of parts as devices send them: cut anywhere, and with whatever length they claim. */
import { describe, expect, test } from 'vitest';
import { boundaryOf, MultipartError, MultipartReader } from '../../adapters/multipart.ts';

const MOST = 2000;

/** The bodies of what is read when it comes in pieces of `size` bytes. */
function bodies(stream: string, { size = stream.length, boundary = 'b' as string | null } = {}): string[] {
  const found: string[] = [];
  const reader = new MultipartReader({
    boundary,
    maxPartBytes: MOST,
    onPart: ({ body }) => found.push(body.toString()),
  });
  const bytes = Buffer.from(stream);
  for (let at = 0; at < bytes.length; at += Math.max(1, size)) reader.push(bytes.subarray(at, at + Math.max(1, size)));
  return found;
}

const part = (body: string, length: number | null = Buffer.byteLength(body)): string =>
  `--b\r\nContent-Type: text/plain\r\n${length === null ? '' : `Content-Length: ${length}\r\n`}\r\n${body}\r\n`;

describe('parts', () => {
  const WHOLE = `\r\n${part('Heartbeat')}${part('a=1\r\n\r\nb=二')}${part('')}${part('no length', null)}${part('the end')}`;
  test.for([...Array(40).keys()].map((i) => i + 1))('come out the same in pieces of %d bytes', (size) => {
    expect(bodies(WHOLE, { size })).toEqual(['Heartbeat', 'a=1\r\n\r\nb=二', '', 'no length', 'the end']);
  });

  test('are whole as soon as their length is there, and without one when the next begins', () => {
    expect(bodies(part('now'))).toEqual(['now']);
    expect(bodies(part('now').slice(0, -2))).toEqual(['now']);
    expect(bodies(part('later', null))).toEqual([]);
    expect(bodies(`${part('later', null)}--b\r\n`)).toEqual(['later']);
  });

  test.each([
    ['longer than they are', 999],
    ['shorter than they are', 3],
    ['negative', -1],
    ['as long as up to the end of the next one', '{"a" : 1}\r\n'.length + part('next').length - 2],
  ])('end where the next one begins when they claim to be %s', (_, length) => {
    expect(bodies(`${part('{"a" : 1}', length)}${part('next')}`)).toEqual(['{"a" : 1}', 'next']);
  });

  test('may have no headers, line ends of one character, and the boundary within a line', () => {
    expect(bodies('--b\n\none --b two\n--b\n\nthree\n--b--\n')).toEqual(['one --b two', 'three']);
  });

  test('are found by the first line where the answer names no boundary', () => {
    expect(bodies('--odd one\r\n\r\na\r\n--odd one\r\n', { boundary: null, size: 3 })).toEqual(['a']);
  });

  test('beyond measure, and what does not begin with a boundary, are no stream', () => {
    expect(() => bodies(part('x'.repeat(MOST), null))).toThrow(MultipartError);
    expect(() => bodies('x'.repeat(20_000), { boundary: null })).toThrow(MultipartError);
  });
});

test.each([
  ['multipart/mixed; boundary=MIME_boundary', 'MIME_boundary'],
  ['multipart/x-mixed-replace;boundary="--my boundary"; charset=utf-8', 'my boundary'],
  ['multipart/mixed', null],
])('%s has the boundary %s', (type, boundary) => expect(boundaryOf(type)).toBe(boundary));
