/** What the log says of an error that nobody expected. */
import { expect, test } from 'vitest';
import { faultOf } from '../../daemon/log.ts';

test('an unexpected error is logged with where it came from, and what caused it', () => {
  const cause = new TypeError('x is undefined');
  const { because, stack } = faultOf(new Error('the report could not be made', { cause }));
  expect(because).toBe('Error: the report could not be made');
  expect(stack).toMatch(
    /^Error: the report could not be made\n +at .*log\.test\.ts.*\ncaused by TypeError: x is undefined\n +at /s,
  );
});

test('nothing else of it: what an error carries may be what nobody should read', () => {
  const error = Object.assign(new Error('no such user'), { password: 'secret' });
  expect(Object.keys(faultOf(error))).toEqual(['because', 'stack']);
  expect(JSON.stringify(faultOf(error))).not.toContain('secret');
});

test('what is thrown and no error says what it can', () => {
  expect(faultOf('gone')).toEqual({ because: 'gone', stack: 'gone' });
});
