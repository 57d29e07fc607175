/** That faults are put where they are said to be, that what notices them is told, and that nothing is noticed that is not. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEquivalents } from './equivalents.ts';
import { type Fault, withFault } from './fault.ts';
import { mutantsOf, nameOfMutant, readSource } from './mutation.ts';
import { type Prepared, prepare } from './prepare.ts';
import { summaryOf } from './report.ts';
import type { Answer, Case } from './trial.ts';
import { judgeMutants } from './verdicts.ts';

const changesOf = (text: string): string[] => mutantsOf(readSource('rules/x.ts', text)).map(({ change }) => change);

describe('a fault', () => {
  test.each([
    ['const a = b < c;', ['b < c → b <= c', 'b < c → b > c']],
    ['const a = b >= c;', ['b >= c → b > c', 'b >= c → b <= c']],
    ['const a = b === c;', ['b === c → b !== c']],
    ['const a = b && c;', ['b && c → ((b) || (c))']],
    ['const a = (b ?? c) || d;', ['(b ?? c) || d → (((b ?? c)) && (d))', 'b ?? c → (b)']],
    ['const a = !(b as boolean);', ['!(b ) → (b )']],
    ['const a = b ? c : d;', ['b → !(b)']],
    ['const a = b - c;', ['b - c → b + c']],
    ["const a = 'b' + c;", []],
    ['const a = [true, 0, 1, 7n];', ['[true, 0, 1, 7n] → [false, 0, 1, 7n]', '[true, 0, 1, 7n] → [true, 1, 1, 7n]']],
    ['a ??= b;', ['a ??= b → a = b']],
    ['const a = Math.min(b, c);', ['.min → .max']],
    ['const a = b.findLast(c);', ['.findLast → .find']],
    ['const a = b?.at(-1);', ['.at(-1) → .at(0)']],
    ['const a = b.toString();', []],
    ['for (;;) { if (a()) continue; b(); }', ['if (a()) → nothing', 'a() → !(a())', 'b(); → nothing']],
    ['if (a) throw new Error(b ? c : 1);', ['a → !(a)']],
    ['const a: { b: 1 } = c as unknown as { b: 1 };', []],
    ["const a = { problem: 'at most'.slice(0, 60) };", []],
  ])('of %j', (text, changes) => expect(changesOf(text).slice(0, Math.max(1, changes.length))).toEqual(changes));

  test('stands at its place, also after types and in Chinese', () => {
    const text = "/** 迟到 */\nconst x: Map<string, '早'> = y;\n  const 甲 = (x as Ms) < 乙;\n";
    const source = readSource('rules/x.ts', text);
    const [mutant] = mutantsOf(source);
    expect(mutant).toMatchObject({ line: 3, column: 23, source: 'const 甲 = (x as Ms) < 乙;' });
    expect(withFault(text, mutant as Fault)).toBe(text.replace('Ms) <', 'Ms) <='));
  });

  test('has a name of its own, also where two lines read the same', () => {
    const mutants = mutantsOf(readSource('rules/x.ts', 'a();\na();\n'));
    expect(mutants.map(({ change }) => change)).toEqual(['a(); → nothing', 'a(); → nothing (2)']);
    expect(new Set(mutants.map(nameOfMutant)).size).toBe(2);
  });
});

describe('judging', () => {
  let prepared: Prepared;
  beforeAll(() => {
    prepared = prepare([0, 1]);
  });
  afterAll(() => prepared[Symbol.dispose]());

  const LIMIT_MS = 2000;
  const WORLDS = [0, 1].map((world) => ({ trial: { world }, limitMs: LIMIT_MS }));
  const INTERVALS = [{ trial: { file: 'test/rules/intervals.test.ts', tests: [0, 1, 2] }, limitMs: LIMIT_MS }];

  function caseOf(trials: Case['trials'], file: string, code: string, changed: string): Case {
    const start = prepared.sources.find((source) => source.file === file)?.js.indexOf(code) ?? -1;
    expect(start, code).toBeGreaterThan(0);
    return { fault: { file, start, end: start + code.length, replacement: changed }, trials };
  }

  test('tells who noticed a fault, what does not end, and what nobody noticed', async () => {
    const minutes = 'Math.ceil(length / MINUTE)';
    const overlap = 'Math.max(a.from, b.from) < Math.min(a.to, b.to)';
    const cases: readonly (readonly [Case, wanted: unknown])[] = [
      [caseOf(WORLDS, 'rules/time.ts', minutes, minutes), null],
      [caseOf(WORLDS, 'rules/time.ts', minutes, 'Math.floor(length / MINUTE)'), expect.stringMatching(/^world [01]$/)],
      [caseOf(WORLDS, 'rules/intervals.ts', overlap, '(() => { for (;;); })()'), 'the time limit'],
      [caseOf(WORLDS, 'rules/intervals.ts', 'export function within', 'function other'), 'world 0'],
      [
        caseOf(WORLDS, 'rules/intervals.ts', overlap, `(queueMicrotask(() => { throw new Error(); }), ${overlap})`),
        'world 0',
      ],
      [caseOf(WORLDS, 'rules/window-measures.ts', 'extended / MINUTE', 'extended'), null],
      [caseOf(INTERVALS, 'rules/intervals.ts', overlap, overlap), null],
      [caseOf(INTERVALS, 'rules/intervals.ts', overlap, 'false'), expect.stringContaining('intervals.test.ts › ')],
    ];
    const told: number[] = [];
    const given = cases.map(([one]) => one);
    const answers = await judgeMutants(prepared.folder, given, (_, place) => told.push(place));
    expect(answers.map(({ noticedBy }) => noticedBy)).toEqual(cases.map(([, wanted]) => wanted));
    expect(told).toEqual([...cases.keys()]);
  }, 60_000);

  test('leaves nothing behind', () => {
    const { folder, [Symbol.dispose]: dispose } = prepare([]);
    expect(existsSync(folder)).toBe(true);
    dispose();
    expect(existsSync(folder)).toBe(false);
  });
});

describe('the list of equivalents', () => {
  const LISTED = 'rules/x.ts\n  a < b;\n  a < b → a <= b\n  They are never\n  the same.\n';

  test('is read', () => {
    const [entry] = readEquivalents(`# What this is.\n\n${LISTED}`).values();
    expect(entry).toEqual({
      file: 'rules/x.ts',
      source: 'a < b;',
      change: 'a < b → a <= b',
      reason: 'They are never the same.',
    });
  });

  test.each([`${LISTED}\n${LISTED}`, 'rules/x.ts\na < b;\na < b → a <= b\n', 'rules/x.ts\na\nb\nc\n'])(
    'is wrong: %j',
    (text) => expect(() => readEquivalents(text)).toThrow(),
  );

  test('that is kept is right in every line', () => {
    const kept = readEquivalents(readFileSync(new URL('equivalent.txt', import.meta.url), 'utf8'));
    for (const { file } of kept.values())
      expect(readdirSync(new URL('../../rules', import.meta.url))).toContain(file.slice(6));
  });

  test('is held against what came of it', () => {
    const [mutant] = mutantsOf(readSource('rules/x.ts', 'const c = a < b;'));
    const [equivalent] = readEquivalents(LISTED).values();
    if (mutant === undefined || equivalent === undefined) throw new Error('nothing to judge');
    const noticed: Answer = { noticedBy: 'world 1', because: '' };
    const survived: Answer = { noticedBy: null };
    const one = { mutant, equivalent: null, isReached: true };
    expect(summaryOf([{ ...one, answer: noticed }], []).isEnough).toBe(true);
    expect(summaryOf([{ ...one, answer: noticed }], [equivalent]).isEnough).toBe(false);
    expect(summaryOf([{ ...one, equivalent, answer: noticed }], []).isEnough).toBe(false);
    expect(
      summaryOf(
        [
          { ...one, equivalent, answer: survived },
          { ...one, answer: noticed },
        ],
        [],
      ).isEnough,
    ).toBe(true);
    const { text, isEnough } = summaryOf(
      [...Array(18).fill({ ...one, answer: noticed }), { ...one, answer: survived }],
      [],
    );
    expect(isEnough).toBe(false);
    expect(text).toContain('rules/x.ts:1:13  const c = a < b;\n    a < b → a <= b');
    expect(text).toMatch(/rules\/x\.ts +19 +18 +1 +0 +94\.7 %/);
  });
});
