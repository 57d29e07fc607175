import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Language } from '../../config/explain.ts';
import { ConfigError, parseConfig } from '../../config/load.ts';

const FOLDER = new URL('./bad/', import.meta.url);
const ENV = { MQTT_PASSWORD: 'opensesame-1', CAM_PASSWORD: 'opensesame-2' };
/** Every secret that a file in the folder or the environment above holds. */
const SECRETS = [
  'opensesame',
  'hunter2',
  'swordfish',
  'correct horse',
  'battery staple',
  'tr0ub4dor',
  'XYZZY',
  'plugh',
];

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

function errorOf(name: string, lang: Language): ConfigError {
  try {
    parseConfig(readFileSync(new URL(name, FOLDER), 'utf8'), name, { env: ENV, lang });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}

test('there are bad files to try', () => {
  expect(files.length).toBeGreaterThan(15);
});

describe.each(files)('%s', (name) => {
  test.each(['zh', 'en'] as const)('is explained in %s', async (lang) => {
    const expected = new URL(name.replace('.yaml', `.${lang}.txt`), FOLDER);
    expect(existsSync(expected), 'the expected text is missing').toBe(true);
    await expect(`${errorOf(name, lang).message}\n`).toMatchFileSnapshot(expected.pathname);
  });

  test('says everything once, in the order of the lines, and at places that exist', () => {
    const { problems } = errorOf(name, 'zh');
    const lines = readFileSync(new URL(name, FOLDER), 'utf8').split('\n');
    const places = problems.map((problem) => problem.line * 10_000 + problem.column);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(problems.map((problem) => JSON.stringify(problem))).size).toBe(problems.length);
    for (const { line, column, excerpt } of problems) {
      if (line === 0) continue;
      expect(column).toBeLessThanOrEqual((lines[line - 1] as string).length + 1);
      expect(excerpt?.width).toBeGreaterThan(0);
    }
  });

  test('finds the same in both languages', () => {
    const shape = (lang: Language) =>
      errorOf(name, lang).problems.map(({ line, column, path, severity }) => ({ line, column, path, severity }));
    expect(shape('en')).toEqual(shape('zh'));
  });

  test.each(['zh', 'en'] as const)('gives no secret away in %s', (lang) => {
    const error = errorOf(name, lang);
    const said = error.message + JSON.stringify(error.problems);
    for (const secret of SECRETS) expect(said).not.toContain(secret);
  });
});
