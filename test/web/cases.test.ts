/** What the pages make of cases before anything is drawn. */
import { describe, expect, test } from 'vitest';
import { troubleOf } from '../../web/cases/case-api.ts';
import { differences } from '../../web/cases/case-differences.ts';
import { gistOf, subjectOf } from '../../web/cases/case-names.ts';
import { inGroups, isSought, wantsSomebody } from '../../web/cases/case-order.ts';
import { stepsOf } from '../../web/cases/case-steps.ts';
import type { CaseStrings } from '../../web/cases/case-strings.ts';
import { caseTime, daysBetween } from '../../web/cases/case-time.ts';
import { caseStrings } from '../../web/cases/case-words.ts';
import { nameOfKey, type Press } from '../../web/keys.ts';
import { wallTime } from '../../web/wall-time.ts';
import { REFUSALS_OF_SERVER } from '../support/refusals.ts';
import { detail, done, FRIDAY, friday, row, verdict } from './case-rows.ts';

const zh = caseStrings('zh');
const time = wallTime('zh-CN', 'Asia/Shanghai');

describe('which cases want somebody', () => {
  test.each([
    ['undecided', row(), true],
    ['undecided, of the day before', row({ date: '2026-11-19' }), true],
    ['undecided because the evidence is not complete', row({ state: 'pending' }), true],
    ['confirmed', row({ decision: 'confirmed' }), false],
    ['excused, and still going on', row({ decision: 'excused', state: 'open' }), true],
    ['excused, and still open since yesterday', row({ decision: 'excused', state: 'open', date: '2026-11-19' }), false],
    ['under appeal', row({ decision: 'appealed' }), true],
    ['decided on something else', row({ decision: 'confirmed', review: true }), true],
    ['withdrawn', row({ state: 'withdrawn' }), false],
    ['withdrawn after it was confirmed', row({ state: 'withdrawn', decision: 'confirmed', review: true }), true],
  ])('%s', (_, one, expected) => expect(wantsSomebody(one, FRIDAY)).toBe(expected));
});

test('newest first; those of one cause together, the earliest of them leading', () => {
  const rows = [
    row({ case: 'C-late', alert: 'C-late', from: friday('09:00') }),
    row({ case: 'C-left', alert: 'C-left', from: friday('10:05') }),
    row({ case: 'C-window', alert: 'C-late', from: friday('10:10') }),
    row({ case: 'C-old', alert: 'C-old', from: '2026-11-19T16:00:00+08:00' }),
  ];
  expect(inGroups(rows).map(({ cases }) => cases.map((one) => one.case))).toEqual([
    ['C-late', 'C-window'],
    ['C-left'],
    ['C-old'],
  ]);
});

test.each([
  ['w17', true],
  ['刘丽', true],
  ['水利局 脱岗', true],
  ['刘丽 迟到', false],
  ['10:26', true],
  ['.*', false],
])('a search for %j', (sought, expected) => expect(isSought(row(), sought)).toBe(expected));

describe('what a case is called', () => {
  test('a window by number and service, what happened by rule and minutes', () => {
    expect([subjectOf(row(), zh), gistOf(row(), zh)]).toEqual(['W17 取水许可', '脱岗 21 分钟']);
    expect(gistOf(row({ verdicts: [verdict(), verdict({ name: '累计离岗', minutes: 34 })] }), zh)).toBe(
      '脱岗 21 分钟，累计离岗 34 分钟',
    );
  });

  test('what is undecided, or was withdrawn, is not called by what it would be', () => {
    expect(gistOf(row({ state: 'pending' }), zh)).toBe('窗口在座');
    expect(gistOf(row({ state: 'withdrawn', verdicts: [] }), zh)).toBe('窗口在座');
  });

  test('nobody is named where nobody may be seen', () => {
    expect(subjectOf(row({ window: null, employee: null, employeeName: null }), zh)).toBe('不指名');
  });
});

describe('the steps of a life', () => {
  const progress = (more: Parameters<typeof detail>[0]) =>
    stepsOf(detail(more)).map(({ name, progress: is }) => `${name} ${is}`);

  test('of one that still goes on', () => {
    expect(progress({ state: 'open', to: null })).toEqual([
      'raised done',
      'acknowledged now',
      'over ahead',
      'judged ahead',
      'delivered ahead',
      'appealed ahead',
      'final ahead',
    ]);
  });

  test('up to the time for an appeal, which has its last day', () => {
    const confirmed = detail({
      acknowledged: done('du', '10:22'),
      decision: 'confirmed',
      decided: done('du', '10:28'),
      delivered: done('liuli', '10:30'),
      appealUntil: '2026-11-28T04:00:00+08:00',
      appealLastDay: '2026-11-27',
    });
    const steps = stepsOf(confirmed);
    expect(steps.map(({ progress: is }) => is)).toEqual(['done', 'done', 'done', 'done', 'done', 'now', 'ahead']);
    expect(steps.at(-1)).toMatchObject({ name: 'final', at: null, until: '2026-11-27' });
    expect(steps[0]?.at).toBe(friday('10:20'));
    expect(steps[2]?.at).toBe(friday('10:26'));
  });

  test('what was excused or overturned goes no further, and nobody waits for an appeal that was not made', () => {
    const excused = progress({ acknowledged: done('du', '10:22'), decision: 'excused', decided: done('du', '10:28') });
    expect(excused.slice(4)).toEqual(['delivered skipped', 'appealed skipped', 'final skipped']);
    const final = progress({
      ...{ acknowledged: done('du', '10:22'), decided: done('du', '10:28'), delivered: done('liuli', '10:30') },
      ...{ decision: 'confirmed', finalAt: '2026-11-28T04:00:00+08:00' },
    });
    expect(final.slice(5)).toEqual(['appealed skipped', 'final done']);
  });

  test('of one that was withdrawn', () => {
    expect(progress({ state: 'withdrawn', verdicts: [] })).toEqual([
      'raised done',
      'acknowledged skipped',
      'over done',
      'judged skipped',
      'delivered skipped',
      'appealed skipped',
      'final skipped',
    ]);
  });
});

describe('what has changed since it was looked at', () => {
  const said = (after: Parameters<typeof row>[0], before: Parameters<typeof row>[0] = {}) =>
    differences(row(before), row(after), zh, time);

  test('nothing', () => expect(said({})).toEqual([]));
  test('longer than it was, and by somebody else', () => {
    const longer = verdict({ to: friday('11:40'), minutes: 95, employee: 'e39' });
    expect(said({ verdicts: [longer] })).toEqual([
      '脱岗：时间由 10:05–10:26 变为 10:05–11:40',
      '脱岗：时长由 21 分钟 变为 95 分钟',
      '脱岗：当事人变了',
    ]);
  });
  test('the minutes of what still goes on are no change', () => {
    const lasting = (minutes: number) => ({ state: 'open' as const, verdicts: [verdict({ to: null, minutes })] });
    expect(said(lasting(19), lasting(16))).toEqual([]);
  });
  test('withdrawn, replaced, decided by somebody meanwhile', () => {
    expect(said({ state: 'withdrawn', verdicts: [], decision: 'excused' })).toEqual([
      '状态由“已结束”变为“已撤销”',
      '不再成立：脱岗 21 分钟',
      '处理由“未核实”变为“已免责”',
    ]);
    const absent = verdict({ rule: 'absent', name: '缺勤', id: 'absent/e17/2026-11-20/1', minutes: 35 });
    expect(said({ verdicts: [absent] })).toEqual(['新增：缺勤 35 分钟', '不再成立：脱岗 21 分钟']);
  });
});

describe('keys', () => {
  const press = (key: string, more: Partial<Press> = {}): Press => ({
    ...{ key, keyCode: 0, isComposing: false, repeat: false, ctrlKey: false, altKey: false, metaKey: false },
    ...more,
  });
  test.each<[string, Press, string | null]>([
    ['a letter', press('j'), 'j'],
    ['the same with capitals locked', press('J'), 'j'],
    ['by its name', press('Enter'), 'Enter'],
    ['while an input method composes', press('j', { isComposing: true }), null],
    ['of an input method that does not say so', press('a', { keyCode: 229 }), null],
    ['the browser’s own', press('a', { ctrlKey: true }), null],
    ['moving on, held down', press('k', { repeat: true }), 'k'],
    ['a deed, held down', press('a', { repeat: true }), null],
  ])('%s', (_, one, expected) => expect(nameOfKey(one)).toBe(expected));
});

describe('words', () => {
  const shapeOf = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]))
      : typeof value;

  test('are the same in both languages', () => {
    expect(shapeOf(caseStrings('en'))).toEqual(shapeOf(zh));
    expect(caseStrings('en').moreKeys.map(([key]) => key)).toEqual(zh.moreKeys.map(([key]) => key));
    expect(caseStrings('en').reasons['excuse']?.length).toBe(zh.reasons['excuse']?.length);
  });

  test.each([zh, caseStrings('en')] satisfies CaseStrings[])('there are some for whatever is refused', (words) => {
    for (const code of REFUSALS_OF_SERVER) {
      expect(troubleOf(409, code)).toBe(code);
      expect(words.troubles[troubleOf(409, code)]).not.toBe('');
    }
  });

  test.each([
    [401, undefined, 'signed-out'],
    [403, undefined, 'forbidden'],
    [403, 'own-case', 'own-case'],
    [404, undefined, 'unknown'],
    [503, undefined, 'unavailable'],
    [500, 'surprise', 'unreachable'],
  ])('of an answer %i %s', (status, code, expected) => expect(troubleOf(status, code)).toBe(expected));

  test('times of today by the clock, others with their day; days up to a last one', () => {
    const said = caseTime('zh-CN', 'Asia/Shanghai', zh);
    expect(said.say(friday('10:05'), FRIDAY)).toBe('10:05');
    expect(said.say('2026-11-19T16:00:00+08:00', FRIDAY)).toBe('11月19日 16:00');
    expect(said.day(FRIDAY)).toBe('11月20日 星期五');
    expect(daysBetween(FRIDAY, '2026-11-27')).toBe(7);
    expect(zh.appealUntil(said.day('2026-11-27'), 7)).toBe('11月27日 星期五结束前可以提出，还有 7 天。');
  });
});
