/** That faults are put where they are said to be, that what notices them is told, and that nothing is noticed that is not. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEquivalents } from './equivalents.ts';
import { Experience } from './experience.ts';
import { type Fault, withFault } from './fault.ts';
import { Judges } from './judges.ts';
import { holds, Memory, type Remembered, restsOn } from './memory.ts';
import { mutantsOf, nameOfMutant, readSource } from './mutation.ts';
import { type Prepared, prepare } from './prepare.ts';
import { summaryOf } from './report.ts';
import { digestOf, loadersOf, type Snapshot } from './snapshot.ts';
import type { Known } from './survey-of.ts';
import type { Case } from './trial.ts';

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
    prepared = prepare([0, 1], ['test/rules/intervals.test.ts']);
  });
  afterAll(() => prepared[Symbol.dispose]());

  const LIMIT_MS = 2000;
  const WORLDS = [0, 1].map((world) => ({ trial: { world }, limitMs: LIMIT_MS }));
  const INTERVALS = [0, 1, 2].map((test) => ({
    trial: { file: 'test/rules/intervals.test.ts', test },
    limitMs: LIMIT_MS,
  }));

  function caseOf(trials: Case['trials'], file: string, code: string, changed: string): Case {
    const start = prepared.sources.find((source) => source.file === file)?.js.indexOf(code) ?? -1;
    expect(start, code).toBeGreaterThan(0);
    return { fault: { file, start, end: start + code.length, replacement: changed }, trials, patienceMs: 60_000 };
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
    await using judges = new Judges(prepared.folder);
    for (const [given, wanted] of cases) {
      const { noticedBy } = await judges.judge(given);
      expect(noticedBy, given.fault.replacement).toEqual(wanted);
    }
  }, 60_000);

  test('ends when its patience does, and says how far it came', async () => {
    await using judges = new Judges(prepared.folder);
    const given = caseOf(WORLDS, 'rules/time.ts', 'Math.ceil(length / MINUTE)', 'Math.ceil(length / MINUTE)');
    expect(await judges.judge({ ...given, patienceMs: 0 })).toMatchObject({ noticedBy: null, begun: 1 });
    expect(await judges.judge(given)).toMatchObject({ noticedBy: null, begun: 2 });
  }, 60_000);

  test('leaves nothing behind', () => {
    const { folder, [Symbol.dispose]: dispose } = prepare([]);
    expect(existsSync(folder)).toBe(true);
    dispose();
    expect(existsSync(folder)).toBe(false);
  });
});

describe('what is worth trying', () => {
  const trial = (world: number, cpuMs: number): Known => ({
    trial: { world },
    name: `world ${world}`,
    cpuMs,
    loadMs: 0,
    digest: `d${world}`,
    reached: {},
  });
  const trials = [trial(1, 400), trial(2, 100), trial(3, 100)];
  const orderAt = (experience: Experience, line: number): string[] =>
    experience.order({ file: 'rules/x.ts', line }, trials).map(({ name }) => name);

  test('comes cheapest first, and then by what noticed its neighbours', () => {
    const experience = new Experience();
    expect(orderAt(experience, 5)).toEqual(['world 2', 'world 3', 'world 1']);
    for (const line of [4, 5, 6]) experience.learn({ file: 'rules/x.ts', line }, ['world 2', 'world 3'], 'world 1');
    expect(orderAt(experience, 5)[0]).toBe('world 1');
    experience.learn({ file: 'rules/x.ts', line: 90 }, ['world 1', 'world 2'], 'world 3');
    expect(orderAt(experience, 90)[0]).toBe('world 3');
    expect(orderAt(experience, 5)[0]).toBe('world 1');
  });
});

test('the tests that are called as the file is come first, and once a file is loaded the rest of it', () => {
  const known = (trial: Known['trial'], name: string, cpuMs: number, loadMs: number): Known => {
    return { trial, name, cpuMs, loadMs, digest: name, reached: {} };
  };
  const inFile = (name: string) =>
    [1, 2].map((test) => known({ file: `test/rules/${name}.test.ts`, test }, `${name} ${test}`, test, 400));
  const trials = [known({ world: 1 }, 'world', 60, 0), ...inFile('y'), ...inFile('x')];
  const ordered = new Experience().order({ file: 'rules/x.ts', line: 5 }, trials);
  expect(ordered.map(({ name }) => name)).toEqual(['x 1', 'x 2', 'world', 'y 1', 'y 2']);
});

describe('what was found before', () => {
  const snapshot: Snapshot = {
    js: { 'rules/a.ts': 'a', 'rules/b.ts': 'b', 'test/t.ts': 't' },
    imports: { 'rules/a.ts': ['rules/b.ts'], 'rules/b.ts': [], 'test/t.ts': ['rules/b.ts'] },
  };
  const known = (name: string, digest: string): Known => ({
    trial: { world: 1 },
    name,
    cpuMs: 1,
    loadMs: 0,
    digest,
    reached: {},
  });
  const [one, other] = [known('world 1', 'x'), known('world 2', 'y')];
  const noticed: Remembered = {
    name: 'rules/x.ts\nline\na → b',
    noticedBy: 'world 1',
    trial: 'world 1',
    because: '',
    digest: restsOn('world 1', [one]),
    patienceMs: 2000,
  };
  const survived: Remembered = { ...noticed, noticedBy: null, trial: null, digest: restsOn(null, [one]) };

  test.each<[string, Remembered, readonly Known[], number, boolean]>([
    ['noticed, and the trial is the same', noticed, [one], 9000, true],
    ['noticed, and there are more trials', noticed, [one, other], 9000, true],
    ['noticed, and the trial has changed', noticed, [{ ...one, digest: 'z' }], 1, false],
    ['noticed, and the trial is gone', noticed, [other], 1, false],
    ['not noticed, as patiently as now', survived, [one], 2000, true],
    ['not noticed, less patiently than now', survived, [one], 2001, false],
    ['not noticed by all there is', { ...survived, patienceMs: null }, [one], 9000, true],
    ['not noticed, and there is another trial', survived, [one, other], 2000, false],
    ['not noticed, and a trial has changed', survived, [{ ...one, digest: 'z' }], 2000, false],
  ])('%s', (_, answer, reaching, patienceMs, wanted) => expect(holds(answer, reaching, patienceMs)).toBe(wanted));

  test('is kept, the newest of a mutant', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zaigang-mutants-memory-'));
    const memory = new Memory(folder);
    memory.keep(survived);
    memory.keep(noticed);
    memory.surveys.keep('abc', []);
    const again = new Memory(folder);
    const [file = '', source = '', change = ''] = noticed.name.split('\n');
    const mutant = { file, source, change, line: 1, column: 1, start: 0, end: 1, replacement: 'b' };
    expect(again.of(mutant)).toEqual(noticed);
    expect(again.surveys.get('abc')).toEqual([]);
    expect(again.surveys.get('abd')).toBeNull();
    rmSync(folder, { recursive: true });
  });

  test('changes with whatever a file imports, and with nothing else', () => {
    const changed = (file: string): Snapshot => ({ ...snapshot, js: { ...snapshot.js, [file]: 'changed' } });
    expect(digestOf(changed('rules/b.ts'), 'test/t.ts')).not.toBe(digestOf(snapshot, 'test/t.ts'));
    expect(digestOf(changed('rules/a.ts'), 'test/t.ts')).toBe(digestOf(snapshot, 'test/t.ts'));
    expect([...loadersOf(snapshot, 'rules/b.ts')].sort()).toEqual(['rules/a.ts', 'rules/b.ts', 'test/t.ts']);
    expect([...loadersOf(snapshot, 'rules/a.ts')]).toEqual(['rules/a.ts']);
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
    const noticed = { noticedBy: 'world 1' };
    const survived = { noticedBy: null };
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
