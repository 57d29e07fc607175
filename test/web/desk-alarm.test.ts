/** When a window's own page calls. */
import { expect, test } from 'vitest';
import { levelOf, titleOf } from '../../web/desk/desk-alarm.ts';
import type { WindowState } from '../../web/snapshot.ts';

const at = (time: string): number => Date.parse(`2026-11-20T${time}+08:00`);
const seen = (state: WindowState, since: string | null, limitAt: string | null) => ({
  state,
  since: since === null ? null : `2026-11-20T${since}+08:00`,
  limitAt: limitAt === null ? null : `2026-11-20T${limitAt}+08:00`,
});

test.each([
  ['counting', '10:00:00', '10:15:00', '10:12:59', 'none'],
  ['counting', '10:00:00', '10:15:00', '10:13:00', 'soon'],
  ['counting', '10:00:00', '10:15:00', '10:14:59', 'soon'],
  ['counting', '10:00:00', '10:15:00', '10:15:00', 'over'],
  // Of three minutes the last one, not the last two.
  ['counting', '10:00:00', '10:03:00', '10:01:59', 'none'],
  ['counting', '10:00:00', '10:03:00', '10:02:00', 'soon'],
  ['counting', null, '10:15:00', '10:13:00', 'soon'],
  ['counting', '10:00:00', null, '11:00:00', 'none'],
  ['empty', '10:00:00', null, '10:00:01', 'over'],
  ['unknown', '10:00:00', null, '11:00:00', 'none'],
  ['paused', null, null, '11:00:00', 'none'],
  ['held-a', '10:00:00', null, '11:00:00', 'none'],
] as const)('%s since %s with a limit at %s is at %s: %s', (state, since, limitAt, now, level) => {
  expect(levelOf(seen(state, since, limitAt), at(now))).toBe(level);
});

test('the title is the usual one every other second, and always while nothing is wrong', () => {
  expect([0, 1, 2].map((second) => titleOf('over', 'alarm', 'usual', second))).toEqual(['alarm', 'usual', 'alarm']);
  expect([0, 1].map((second) => titleOf('none', 'alarm', 'usual', second))).toEqual(['usual', 'usual']);
});
