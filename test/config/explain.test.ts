import { describe, expect, test } from 'vitest';
import { columns, excerptOf } from '../../config/excerpt.ts';
import { formatProblem, formatProblems, type Problem, pathText } from '../../config/explain.ts';
import { hasPasswordInAddress, hiddenByLooks, hiddenInAddresses, reveal } from '../../config/hidden.ts';
import { expand } from '../../config/secrets.ts';
import { distance, suggest } from '../../config/suggest.ts';

describe('suggestions', () => {
  test.each([
    ['violaton', 'violation', 1],
    ['ab', 'ba', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['公安局', '公安分局', 1],
    ['same', 'same', 0],
  ])('%s and %s are %i apart', (a, b, apart) => {
    expect(distance(a, b)).toBe(apart);
    expect(distance(b, a)).toBe(apart);
  });

  test.each([
    ['lateGrase', ['earlyGrace', 'lateGrace'], 'lateGrace'],
    ['LATEGRACE', ['lateGrace'], 'lateGrace'],
    ['mun', ['mon', 'sun'], 'mon'],
    ['x', ['a', 'b'], null],
    ['employees', ['windows'], null],
    ['e01', [], null],
  ])('%s of %j is %s', (word, candidates, meant) => {
    expect(suggest(word, candidates)).toBe(meant);
  });
});

describe('excerpts', () => {
  test('Chinese characters fill two columns, marks none', () => {
    expect(columns('徐敏a')).toBe(5);
    expect(columns('（）：')).toBe(6);
    expect(columns('é'.normalize('NFD'))).toBe(1);
  });

  test('the caret stands under what is meant', () => {
    const text = 'a: 1\nname: 随县, zone: 上海\r\nb: 2';
    const at = text.indexOf('上海');
    expect(excerptOf(text, at, at + 2, [])).toEqual({ line: 'name: 随县, zone: 上海', indent: 18, width: 4 });
  });

  test('nothing in a file can move the cursor or turn the line around', () => {
    const { line } = excerptOf('a: \u001b[31mred\u202e\u009b', 0, 1, []);
    expect(line).toBe('a: \ufffd[31mred\ufffd\ufffd');
  });

  test('a long line is cut around the problem', () => {
    const text = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`;
    const { line, indent, width } = excerptOf(text, 5000, 5004, []);
    expect(line.slice(indent, indent + width)).toBe('HERE');
    expect(columns(line)).toBeLessThanOrEqual(161);
  });

  test('a secret says nothing of its length, wherever the caret is', () => {
    const text = 'password: hunter2 # x';
    const hidden = [{ from: 10, to: 17 }];
    expect(excerptOf(text, 13, 14, hidden)).toMatchObject({ indent: 10, width: 3 });
    expect(excerptOf(text, 0, 8, hidden).line).toBe('password: *** # x');
  });
});

describe('hidden', () => {
  test.each([
    ['rtsp://admin:hunter2@192.0.2.1/1', 'rtsp://admin:***@192.0.2.1/1'],
    ['rtsp://admin:p@ss:w@192.0.2.1/1', 'rtsp://admin:***@192.0.2.1/1'],
    [`rtsp://admin:\${CAM}@192.0.2.1`, `rtsp://admin:\${CAM}@192.0.2.1`],
    [`rtsp://admin:\${CAM:-hunter2}@192.0.2.1`, `rtsp://admin:\${CAM:-***@192.0.2.1`],
    ['https://x.example/send?key=plugh', 'https://x.example/send?***'],
    ['mqtt://127.0.0.1:1883', 'mqtt://127.0.0.1:1883'],
  ])('in addresses: %s is shown as %s', (text, expected) => {
    expect(reveal(text, 0, text.length, hiddenInAddresses(text))).toBe(expected);
  });

  test.each([
    ['{ password: hunter2', '{ password: ***'],
    ["password: 'hunter2', kind: door", 'password: ***, kind: door'],
    ['- { id: a, pasword: "x y" }', '- { id: a, pasword: *** }'],
    ['"api_key" : "a b"', '"api_key" : ***'],
    ['密码：hunter2', '密码：***'],
    ['https://x.example/T0/B0', 'https://x.example/***'],
    ['password_file: ./x', 'password_file: ./x'],
    ['lateGrace: 5m', 'lateGrace: 5m'],
  ])('by looks: %s is shown as %s', (text, expected) => {
    expect(reveal(text, 0, text.length, hiddenByLooks(text))).toBe(expected);
  });

  test('an address with a variable has no password of its own', () => {
    expect(hasPasswordInAddress(`mqtt://u:\${P}@h`)).toBe(false);
    expect(hasPasswordInAddress('mqtt://u:p@h')).toBe(true);
    expect(hasPasswordInAddress('mqtt://h:1883')).toBe(false);
  });
});

test.each([
  [`\${A}`, 'one', []],
  [`x\${A}y\${B:-two}`, 'xoneytwo', []],
  [`\${EMPTY:-d}`, 'd', []],
  [`\${EMPTY}`, '', ['EMPTY']],
  [`\${C}\${D}`, '', ['C', 'D']],
  [`$\${A} $A`, `\${A} $A`, []],
  [`\${toString}`, '', ['toString']],
])('%s expands to "%s"', (text, value, missing) => {
  expect(expand(text, { A: 'one', EMPTY: '' })).toEqual({ value, missing, malformed: false });
});

test('a reference that is not finished is told', () => {
  expect(expand(`\${A`, {}).malformed).toBe(true);
  expect(expand(`\${A B}`, {}).malformed).toBe(true);
});

test('paths are written as in JavaScript', () => {
  expect(pathText(['windows', 1, 'a'])).toBe('windows[1].a');
  expect(pathText(['calendar', 'days', '2026-05-20'])).toBe('calendar.days["2026-05-20"]');
  expect(pathText(['schedules', '夏令', 'weekly'])).toBe('schedules.夏令.weekly');
});

test('a problem as text: where, what, the line, the caret, what to do', () => {
  const problem: Problem = {
    file: 'hall.yaml',
    line: 12,
    column: 3,
    path: 'rules.x',
    message: 'unknown key "x"',
    hint: 'did you mean y?',
    severity: 'error',
    excerpt: { line: '  x: 1', indent: 2, width: 1 },
  };
  expect(formatProblem(problem, 'en')).toBe(
    ['hall.yaml:12:3: error: unknown key "x" (rules.x)', '  12 │   x: 1', '     │   ^ did you mean y?'].join('\n'),
  );
  expect(formatProblems([problem, { ...problem, severity: 'warning' }], 'en')).toMatch(/\n\n1 error, 1 warning$/);
  expect(formatProblems([], 'zh')).toBe('0 处错误，0 处提醒');
});
