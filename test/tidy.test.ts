/** The laws of the house (docs/architecture.md), held against every file, and each against something that breaks it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as laws from './support/laws.ts';
import { importsOf, readSource } from './support/source-text.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const OTHERS = new Set(['node_modules', '.git', 'data', 'dist', 'out', 'secrets', '.setup-lock']);
const TEXT = /\.(?:tsx?|json|md|sh|ya?ml|css|html|sql)$|^(?:zaigang|Dockerfile)$/;

function* paths(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !(folder === '' && OTHERS.has(entry.name))) yield* paths(path);
    else if (entry.isFile() && TEXT.test(entry.name)) yield path;
  }
}

const house = new Map([...paths('')].map((path) => [path, readFileSync(join(root, path), 'utf8')]));

describe('the house', () => {
  test('is all there', () => {
    for (const room of ['rules', 'config', 'adapters', 'daemon', 'web']) {
      expect(
        [...house.keys()].filter((path) => path.startsWith(`${room}/`) && laws.isSource(path)),
        room,
      ).not.toEqual([]);
    }
  });

  test('imports only what it may', () => expect(laws.importLaws(house)).toEqual([]));
  test('imports in no circles', () => expect(laws.cycles(house)).toEqual([]));
  test('keeps the rules pure', () => expect(laws.purity(house)).toEqual([]));
  test('asks the time in one place', () => expect(laws.clocks(house)).toEqual([]));
  test('keeps files short', () => expect(laws.size(house)).toEqual([]));
  test('names files after what is in them', () => expect(laws.names(house)).toEqual([]));
  test('has no enums, default exports or barrels', () => expect(laws.syntax(house)).toEqual([]));
  test('spreads no list into a call that adds to another', () => expect(laws.spreads(house)).toEqual([]));
  test('puts nothing off and silences nothing', () => expect(laws.promises(house)).toEqual([]));
  test('skips no test', () => expect(laws.skippedTests(house)).toEqual([]));
  test('tests every adapter', () => expect(laws.untestedAdapters(house)).toEqual([]));
  test('has no link that leads nowhere', () => {
    expect(laws.deadLinks(house, (path) => existsSync(join(root, path)))).toEqual([]);
  });
});

const files = (given: Readonly<Record<string, string>>) => new Map(Object.entries(given));
const TIDY = {
  'rules/late.ts':
    "import type { Ms } from './time.ts';\n// Date, async and process are words here\nexport const a = 'Date';\n",
  'rules/time.ts': 'export type Ms = number;\n',
  'rules/list.ts': 'const [a, b] = [[1], { c: 2 }];\na.push(...[b, 3].flat(), { ...b }, f(...a), [...a]);\n',
  'config/schema.ts':
    "import { z } from 'zod';\nimport '../rules/time.ts';\nexport const at = (x: number) => new Date(x);\n",
  'adapters/clock.ts': "import '../config/schema.ts';\n",
  'adapters/registry.ts': "import { a } from './clocks/a.ts';\n",
  'adapters/clocks/a.ts': "import '../clock.ts';\nimport './a-frame.ts';\n",
  'adapters/clocks/a-frame.ts': 'export {};\n',
  'adapters/cameras/b.ts': "import '../vision/seat.ts';\n",
  'adapters/vision/seat.ts': 'export {};\n',
  'daemon/clock.ts': 'export const now = () => Date.now();\n',
  'daemon/main.ts': "import '../adapters/registry.ts';\nimport './clock.ts';\n",
  'web/board.ts': "import './strip.ts';\n",
  'web/strip.ts': 'export {};\n',
  'bench/main.ts': "import '../daemon/main.ts';\nconst t = Date.now();\n",
  'test/a.test.ts':
    "import '../adapters/clocks/a.ts';\nimport '../adapters/cameras/b.ts';\nimport '../adapters/vision/seat.ts';\ntest('only', () => {});\n",
};

type Law = (files: laws.Files) => string[];
/** What breaks each law: files that are added to tidy ones, and what is said of them. */
const BROKEN: readonly (readonly [law: Law, path: string, text: string, said: string])[] = [
  [laws.importLaws, 'rules/x.ts', "import fs from 'node:fs';", 'node:fs'],
  [laws.importLaws, 'rules/x.ts', "import '../config/schema.ts';", 'rules may not'],
  [laws.importLaws, 'rules/x.ts', "export type { Ms } from './nowhere.ts';", 'does not exist'],
  [laws.importLaws, 'config/x.ts', "import type { A } from '../adapters/clock.ts';", 'config may not'],
  [laws.importLaws, 'adapters/clocks/x.ts', "const a = await import('../cameras/b.ts');", 'another kind'],
  [laws.importLaws, 'adapters/clocks/x.ts', "import '../registry.ts';", 'the registry'],
  [laws.importLaws, 'adapters/x.ts', "import './clocks/a.ts';", 'knows no vendor'],
  [laws.importLaws, 'adapters/clocks/x.ts', "import '../../daemon/clock.ts';", 'adapters may not'],
  [laws.importLaws, 'web/x.ts', "import type {\n  A,\n} from '../rules/time.ts';", 'web may not'],
  [laws.importLaws, 'web/x.ts', "new Worker(new URL('../daemon/clock.ts', import.meta.url));", 'web may not'],
  [laws.cycles, 'rules/time.ts', "import './late.ts';", 'rules/late.ts → rules/time.ts → rules/late.ts'],
  [laws.cycles, 'web/strip.ts', "import type { A } from './strip.ts';", 'web/strip.ts → web/strip.ts'],
  ...['Date.now()', 'new Intl.NumberFormat()', 'Math.random()', 'setTimeout(f)', 'process.env', 'console.log()'].map(
    (use) => [laws.purity, 'rules/x.ts', `const a = ${use};`, 'uses'] as const,
  ),
  [laws.purity, 'rules/x.ts', 'export async function a() {}', 'async'],
  [laws.purity, 'rules/x.ts', `const a = \`\${performance.now()}\`;`, 'performance'],
  ...['Date.now()', 'Date.now', 'new Date()', 'new Date', 'Date()'].map(
    (use) => [laws.clocks, 'daemon/x.ts', `const a = ${use};`, 'asks what time it is'] as const,
  ),
  [laws.size, 'daemon/x.ts', 'a;\n'.repeat(401), '401 lines'],
  [laws.names, 'daemon/time-utils.ts', '', 'after nothing'],
  [laws.names, 'daemon/helpers/x.ts', '', 'after nothing'],
  [laws.names, 'daemon/someThing.ts', '', 'kebab-case'],
  [laws.names, 'rules/index.ts', '', 'barrel'],
  [laws.syntax, 'rules/x.ts', 'export const enum A { B }', 'enum'],
  [laws.syntax, 'rules/x.ts', 'export default 1;', 'default export'],
  [laws.syntax, 'rules/x.ts', "export * from './time.ts';", 'passes on'],
  [laws.syntax, 'rules/x.ts', "export type {\n  Ms,\n} from './time.ts';", 'passes on'],
  ...['push(...a)', 'push(b, ...f(a))', 'unshift(...(a ? [b] : c))', 'splice(\n0, 0, ...a.b)'].map(
    (call) => [laws.spreads, 'rules/x.ts', `list.${call};`, 'spreads a list into'] as const,
  ),
  [laws.promises, 'test/x.sh', `# ${'TO'}DO later`, 'puts something off'],
  [laws.promises, 'daemon/x.ts', `// @ts-${'ignore'}`, 'silences'],
  [laws.promises, 'test/x.ts', `// biome-${'ignore'} lint: because`, 'silences'],
  ...['skip', 'only', 'todo', 'each([]).skip', 'skipIf(true)'].map(
    (way) => [laws.skippedTests, 'test/x.test.ts', `test.${way}('a', () => {});`, 'test.'] as const,
  ),
  [laws.skippedTests, 'test/x.test.ts', 'test("a", (context) => context.skip());', '.skip('],
  [laws.untestedAdapters, 'adapters/clocks/x.ts', '', 'no test imports it'],
  [laws.untestedAdapters, 'adapters/registry.ts', "import './clocks/a-frame.ts';", 'a-frame.ts: no test imports it'],
  ...[
    '[a](gone.md)',
    '![p](../gone.png "title")',
    '[a]: ./gone.md',
    '<img src="gone.png">',
    '[a](/docs/gone.md#b)',
  ].map((link) => [noFiles, 'docs/x.md', `text ${link}`.replace('text [a]:', '[a]:'), 'leads nowhere'] as const),
];

function noFiles(given: laws.Files): string[] {
  return laws.deadLinks(given, () => false);
}

describe('a law', () => {
  test.each([...new Set(BROKEN.map(([law]) => law))].map((law) => [law.name, law] as const))(
    '%s has nothing to say of what is tidy',
    (_, law) => expect(law(files(TIDY))).toEqual([]),
  );

  test.each(BROKEN)('%o finds %s: %j', (law, path, text, said) => {
    const found = law(files({ ...TIDY, [path]: text }));
    expect(found).not.toEqual([]);
    expect(found.join('\n')).toContain(said);
  });

  test('links to other places, into the page and in code are let be', () => {
    const text =
      '[a](https://x.y/z) [b](#part) [c](mailto:a@b) `[d](gone.md)`\n```md\n[e](gone.md)\n```\n[f](here.md#part)\n';
    expect(laws.deadLinks(files({ 'docs/x.md': text }), (path) => path === 'docs/here.md')).toEqual([]);
  });
});

describe('reading source', () => {
  test.each([
    ["a('// no comment') // Date", "a('             ')        "],
    ['/* Date\n */ b', '       \n    b'],
    [`\`Date \${now(\`x \${{ a: 1 }}\`)} y\` + Date`, `\`     \${now(\`  \${{ a: 1 }}\`)}  \` + Date`],
    [String.raw`'it\'s Date' + Date`, "'          ' + Date"],
    ['x.replace(/[/"\']Date/g, y) / Date', 'x.replace(            , y) / Date'],
    ['return /Date/', 'return       '],
    ['a / b / Date', 'a / b / Date'],
    ['() => /"/ || Date', '() =>     || Date'],
  ])('%j keeps its words', (source, words) => expect(readSource(source).words).toBe(words));

  test('imports are found in every form, and not in comments or texts', () => {
    const source = `
import a, { type B } from 'one';
import 'two';
export { c } from "three";
export * from 'four';
import type {
  D,
} from './five.ts';
const e = import('six');
const text = "import 'not'";
// import 'nor this';
const from = 'seven';`;
    expect(importsOf(source)).toEqual(['one', 'three', 'four', './five.ts', 'two', 'six']);
  });
});
