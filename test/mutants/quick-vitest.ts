/**
 * What a test file needs of vitest, without its processes and transforms: a mutant is judged in a fresh process, and vitest alone takes
 * seconds to start. Stricter than vitest nowhere; and whatever this does not know throws, so that it shows on the sound code.
 */
import { isDeepStrictEqual } from 'node:util';

type Run = () => unknown;

export interface QuickTest {
  readonly name: string;
  readonly run: Run;
}

interface Suite {
  readonly name: string;
  readonly beforeEach: Run[];
  readonly afterEach: Run[];
}

/** The tests of the file that was imported last, and what is to be done around them. */
const tests: QuickTest[] = [];
const beforeAlls: Run[] = [];
const afterAlls: Run[] = [];
let suites: readonly Suite[] = [newSuite('')];

function newSuite(name: string): Suite {
  return { name, beforeEach: [], afterEach: [] };
}

/** Imports a test file; answers its tests and what to do before and after all of them. */
export async function collect(url: string): Promise<{ tests: QuickTest[]; before: Run[]; after: Run[] }> {
  suites = [newSuite('')];
  await import(url);
  return { tests: tests.splice(0), before: beforeAlls.splice(0), after: afterAlls.splice(0) };
}

function addTest(name: string, run: Run): void {
  const around = suites;
  const title = [...around.map((suite) => suite.name), name].filter((part) => part !== '').join(' › ');
  tests.push({
    name: title,
    run: async () => {
      for (const suite of around) for (const before of suite.beforeEach) await before();
      await run();
      for (const suite of around.toReversed()) for (const after of suite.afterEach) await after();
    },
  });
}

function addSuite(name: string, define: () => void): void {
  const outside = suites;
  suites = [...outside, newSuite(name)];
  define();
  suites = outside;
}

type Case = (...args: never[]) => unknown;

/** `test` and `describe`, each also for a table of cases. */
function withTables(add: (name: string, run: Run) => void) {
  const one = (name: string, run: () => unknown, _timeoutMs?: number): void => add(name, run);
  const each =
    (cases: readonly unknown[]) =>
    (name: string, run: Case, _timeoutMs?: number): void => {
      for (const [i, given] of cases.entries()) {
        const args = (Array.isArray(given) ? given : [given]) as never[];
        add(`${name} #${i}`, () => run(...args));
      }
    };
  return Object.assign(one, { each, concurrent: one });
}

export const test = withTables(addTest);
export const it = test;
export const describe = withTables((name, define) => addSuite(name, () => void define()));
export const beforeAll = (run: Run): void => void beforeAlls.push(run);
export const afterAll = (run: Run): void => void afterAlls.push(run);
export const beforeEach = (run: Run): void => void suites.at(-1)?.beforeEach.push(run);
export const afterEach = (run: Run): void => void suites.at(-1)?.afterEach.push(run);

/** Stands for every value that it accepts. */
class Alike {
  readonly accepts: (value: unknown) => boolean;

  constructor(accepts: (value: unknown) => boolean) {
    this.accepts = accepts;
  }
}

type Shape = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !(value instanceof Map || value instanceof Set);
}

/** As `toEqual`: a key whose value is undefined is no key. `partly`: as `toMatchObject`, got may have more keys. */
function equal(got: unknown, wanted: unknown, partly = false): boolean {
  if (wanted instanceof Alike) return wanted.accepts(got);
  if (Array.isArray(wanted)) {
    return Array.isArray(got) && got.length === wanted.length && wanted.every((item, i) => equal(got[i], item, partly));
  }
  if (!isPlain(wanted) || !isPlain(got) || wanted instanceof Date || wanted instanceof RegExp) {
    return isDeepStrictEqual(got, wanted);
  }
  const keys = new Set([...Object.keys(wanted), ...(partly ? [] : Object.keys(got))]);
  return [...keys].every((key) => equal(got[key], wanted[key], partly));
}

function contains(got: unknown, wanted: unknown): boolean {
  return typeof got === 'string' ? got.includes(String(wanted)) : [...(got as Iterable<unknown>)].includes(wanted);
}

function matches(text: unknown, wanted: unknown): boolean {
  return wanted instanceof RegExp ? wanted.test(String(text)) : String(text).includes(String(wanted));
}

function throwsLike(run: unknown, wanted: unknown): boolean {
  try {
    (run as Run)();
    return false;
  } catch (error) {
    return isLikeError(error, wanted);
  }
}

function isLikeError(error: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'function') return error instanceof wanted;
  return matches(error instanceof Error ? error.message : error, wanted);
}

const MATCHERS = {
  toBe: (got: unknown, wanted: unknown) => Object.is(got, wanted),
  toEqual: (got: unknown, wanted: unknown) => equal(got, wanted),
  toStrictEqual: (got: unknown, wanted: unknown) => isDeepStrictEqual(got, wanted),
  toMatchObject: (got: unknown, wanted: unknown) => equal(got, wanted, true),
  toBeNull: (got: unknown) => got === null,
  toBeUndefined: (got: unknown) => got === undefined,
  toBeDefined: (got: unknown) => got !== undefined,
  toContain: contains,
  toContainEqual: (got: unknown, wanted: unknown) =>
    [...(got as Iterable<unknown>)].some((item) => equal(item, wanted)),
  toHaveLength: (got: unknown, wanted: unknown) => (got as { length: number }).length === wanted,
  toHaveProperty: (got: unknown, key: unknown, ...value: unknown[]) =>
    String(key) in (got as object) && (value.length === 0 || equal((got as Shape)[String(key)], value[0])),
  toMatch: matches,
  toThrow: throwsLike,
  toBeInstanceOf: (got: unknown, wanted: unknown) => got instanceof (wanted as new () => unknown),
  toBeCloseTo: (got: unknown, wanted: unknown, digits: unknown = 2) =>
    Math.abs((got as number) - (wanted as number)) < 10 ** -(digits as number) / 2,
  toBeGreaterThan: (got: unknown, wanted: unknown) => (got as number) > (wanted as number),
  toBeGreaterThanOrEqual: (got: unknown, wanted: unknown) => (got as number) >= (wanted as number),
  toBeLessThan: (got: unknown, wanted: unknown) => (got as number) < (wanted as number),
  toBeLessThanOrEqual: (got: unknown, wanted: unknown) => (got as number) <= (wanted as number),
};

type Expectation = Record<keyof typeof MATCHERS, (...wanted: unknown[]) => void>;
type Promised = Record<keyof typeof MATCHERS, (...wanted: unknown[]) => Promise<void>>;

function expectation(got: unknown, isNegated: boolean): Expectation {
  const made = Object.entries(MATCHERS).map(([name, holds]) => {
    const check = (wanted?: unknown, ...more: unknown[]): void => {
      if (holds(got, wanted, ...more) === isNegated) throw new Error(`expected ${isNegated ? 'not ' : ''}${name}`);
    };
    return [name, check];
  });
  return Object.fromEntries(made) as Expectation;
}

/** Checks what a promise comes to; `rejects` wants an error. */
function promised(got: unknown, isRejection: boolean): Promised {
  const settled = async (): Promise<unknown> => {
    const [result] = await Promise.allSettled([typeof got === 'function' ? (got as Run)() : got]);
    if ((result.status === 'rejected') !== isRejection) throw new Error(`${result.status}`);
    return result.status === 'rejected' ? result.reason : result.value;
  };
  const made = Object.keys(MATCHERS).map((name) => {
    const check = async (...wanted: unknown[]): Promise<void> => {
      const value = await settled();
      const given = name === 'toThrow' ? () => Promise.reject(value) : value;
      if (name === 'toThrow') return isLikeError(value, wanted[0]) ? undefined : Promise.reject(new Error(name));
      expectation(given, false)[name as keyof typeof MATCHERS](...wanted);
    };
    return [name, check];
  });
  return Object.fromEntries(made) as Promised;
}

export const expect = Object.assign(
  (got: unknown, _where?: string) => ({
    ...expectation(got, false),
    not: expectation(got, true),
    resolves: promised(got, false),
    rejects: promised(got, true),
  }),
  {
    any: (type: unknown) => new Alike((value) => Object(value) instanceof (type as new () => unknown)),
    objectContaining: (wanted: Shape) => new Alike((value) => equal(value, wanted, true)),
    arrayContaining: (wanted: readonly unknown[]) =>
      new Alike((value) => Array.isArray(value) && wanted.every((item) => value.some((other) => equal(other, item)))),
    stringContaining: (wanted: string) => new Alike((value) => typeof value === 'string' && value.includes(wanted)),
    stringMatching: (wanted: RegExp | string) =>
      new Alike((value) => typeof value === 'string' && matches(value, wanted)),
  },
);
