/** What is wrong with a line of facts, as it stands in the sources, has its Chinese; and every Chinese its source. */
import { expect, test } from 'vitest';
import { FACT_PROBLEMS, factProblemText } from '../../daemon/lines/fact-words.ts';
import { hasChinese, leftOver, textsOf } from '../support/sentences.ts';

const SOURCES = [
  'rules/facts.ts',
  'daemon/lines/fact-lines.ts',
  'daemon/access/doors.ts',
  'daemon/imports/check-facts.ts',
  'daemon/imports/line-file.ts',
];
/** Lists of keys, and paths. */
const NO_PROBLEMS: readonly RegExp[] = [/^at from to /, /^[./]/];

test('every problem has its Chinese', () => {
  const bare = SOURCES.flatMap(textsOf)
    .filter(
      (text) => /[a-z] [a-z]|^missing$/.test(text) && !hasChinese(text) && !NO_PROBLEMS.some((one) => one.test(text)),
    )
    .filter((text) => !hasChinese(factProblemText(text.replaceAll('{}', '7'), 'zh')));
  expect(bare).toEqual([]);
});

test('none is left over', () => {
  expect(leftOver(FACT_PROBLEMS, SOURCES)).toEqual([]);
});

test.each([
  ['expected a time such as 2026-03-02T08:55:10+08:00', '应是带时区的时间，如 2026-03-02T08:55:10+08:00'],
  ['expected occupied | empty | unknown', '应是occupied | empty | unknown'],
  ['unknown employee "e9"', '没有 employee“e9”'],
  ['unknown key "employee"', '没有“employee”这个键'],
  ['"p1" is no leave', '“p1”不是 leave'],
  ['"p1" was on line 3 already, with other content', '“p1”在第 3 行已有，内容不同'],
])('%s', (problem, zh) => {
  expect(factProblemText(problem, 'zh')).toBe(zh);
  expect(factProblemText(problem, 'en')).toBe(problem);
});
