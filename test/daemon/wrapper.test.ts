/** The sh wrapper in small packages of its own: what it installs, waits for, picks, says and hands over. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const WRAPPER = fileURLToPath(new URL('../../zaigang', import.meta.url));
const INSTALLING = 'First run or changed dependencies: installing (10-30 s)…';

let dir: string;
let root: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'zaigang-wrapper-')));
  root = join(dir, 'checkout');
  makePackage('1.0.0');
  mkdirSync(join(root, 'daemon'));
  copyFileSync(WRAPPER, join(root, 'zaigang'));
  const tell =
    'JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), version: process.version, flags: process.execArgv })';
  writeFileSync(join(root, 'daemon/main.ts'), `const told: string = ${tell};\nconsole.log(told);\n`);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** One dependency, in a folder of the package itself, so that installing needs no network. */
function makePackage(version: string): void {
  mkdirSync(join(root, 'vendor/thing'), { recursive: true });
  const write = (path: string, content: object) => writeFileSync(join(root, path), JSON.stringify(content));
  const dependencies = { thing: 'file:vendor/thing' };
  write('vendor/thing/package.json', { name: 'thing', version });
  write('package.json', { name: 'small', version: '1.0.0', type: 'module', dependencies });
  write('package-lock.json', {
    ...{ name: 'small', version: '1.0.0', lockfileVersion: 3, requires: true },
    packages: {
      '': { name: 'small', version: '1.0.0', dependencies },
      'node_modules/thing': { resolved: 'vendor/thing', link: true },
      'vendor/thing': { version },
    },
  });
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  /** Lines on standard error. */
  readonly said: readonly string[];
}

interface Call {
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
}

async function call({ args = [], cwd = dir, env = {}, program = join(root, 'zaigang') }: Call = {}): Promise<Outcome> {
  const PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;
  const child = spawn(program, args, {
    cwd,
    env: { HOME: dir, LANG: 'C.UTF-8', PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, said: err.split('\n').filter((line) => line !== '') };
}

/** A PATH with only these programs of the machine: what a machine without the others is like. */
function bareMachine(...programs: readonly string[]): string {
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  const basics = 'sh env cat cksum dirname find id mkdir mktemp readlink rm rmdir sleep uname npm';
  for (const name of [...basics.split(' '), ...programs]) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name));
  }
  return bin;
}

test('through a symbolic link and from elsewhere: the caller keeps the folder, the daemon gets the words', async () => {
  const elsewhere = join(dir, 'a hall');
  mkdirSync(elsewhere);
  symlinkSync('../checkout/zaigang', join(elsewhere, 'one'));
  symlinkSync(join(elsewhere, 'one'), join(elsewhere, 'two'));
  const args = ['check', 'my hall.yaml', '', '--json', '*'];
  const { code, out } = await call({ program: join(elsewhere, 'two'), cwd: elsewhere, args });
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    cwd: elsewhere,
    args,
    version: process.version,
    flags: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'],
  });
});

test('a daemon stops often for a moment rather than seldom for long', async () => {
  const { out } = await call({ args: ['demo'] });
  expect(JSON.parse(out)).toMatchObject({
    flags: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=16'],
  });
});

test('it installs on the first run and when the lock changes, and is silent in between', async () => {
  expect((await call()).said).toEqual([INSTALLING, 'Dependencies are in place.']);
  expect(existsSync(join(root, 'node_modules/thing/package.json'))).toBe(true);
  expect((await call()).said).toEqual([]);
  makePackage('1.0.1');
  expect((await call()).said[0]).toBe(INSTALLING);
  expect((await call()).said).toEqual([]);
  expect(existsSync(join(root, '.setup-lock'))).toBe(false);
});

test('what somebody installed by hand is left as it is', async () => {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: root, env: { ...process.env, HOME: dir }, stdio: 'ignore' });
  expect((await call()).said).toEqual([]);
});

test('of several first runs at once one installs and the others wait', async () => {
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => call({ args: ['check'] })));
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(outcomes.filter(({ said }) => said.includes(INSTALLING))).toHaveLength(1);
});

test('the lock of a process that is gone is inherited by one of those who wait', async () => {
  const gone = spawn('true');
  await once(gone, 'exit');
  mkdirSync(join(root, '.setup-lock'));
  writeFileSync(join(root, '.setup-lock/pid'), `${gone.pid}\n`);
  const outcomes = await Promise.all([call(), call(), call()]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(outcomes.filter(({ said }) => said.includes(INSTALLING))).toHaveLength(1);
  expect(existsSync(join(root, '.setup-lock'))).toBe(false);
});

test('a failed installation shows what npm said, ends with 69, and is tried again next time', async () => {
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
  const failed = await call({ args: ['check'] });
  expect(failed).toMatchObject({ code: 69, out: '' });
  expect(failed.said.join('\n')).toContain('npm error');
  expect(failed.said.at(-1)).toContain('Installing the dependencies failed');
  makePackage('1.0.0');
  expect((await call()).code).toBe(0);
});

test('an old Node is not enough; the one among the dependencies is taken before any other', async () => {
  const PATH = bareMachine();
  const old = join(PATH, 'node');
  // npm itself is run by this one.
  writeFileSync(old, `#!/bin/sh\n[ "$1" = --version ] && { echo v20.20.2; exit; }\nexec ${process.execPath} "$@"\n`);
  chmodSync(old, 0o755);
  const without = await call({ env: { PATH } });
  expect(without).toMatchObject({ code: 69, out: '' });
  expect(without.said.at(-1)).toContain('Node.js 24 or newer is needed');

  // One of the first of 24, with an SQLite that can corrupt a ledger.
  const sqlite = `Object.defineProperty(process, "versions", { value: { ...process.versions, sqlite: "3.49.1" } })`;
  writeFileSync(join(PATH, 'old.cjs'), sqlite);
  writeFileSync(old, `#!/bin/sh\nexec ${process.execPath} --require ${join(PATH, 'old.cjs')} "$@"\n`);
  expect((await call({ env: { PATH } })).said.at(-1)).toContain('SQLite 3.51.3');

  const own = join(root, `node_modules/node-linux-${process.arch}/bin`);
  mkdirSync(own, { recursive: true });
  symlinkSync(process.execPath, join(own, 'node'));
  const { code, out } = await call({ env: { PATH, ZAIGANG_SETUP: 'node' } });
  expect(code).toBe(0);
  expect(out.trim()).toBe(join(own, 'node'));
});

test('it speaks Chinese where the locale or --lang does', async () => {
  expect((await call({ env: { LANG: 'zh_CN.UTF-8' } })).said[0]).toMatch(/^首次运行/);
  makePackage('1.0.1');
  expect((await call({ args: ['check', '--lang', 'zh'] })).said[0]).toMatch(/^首次运行/);
  makePackage('1.0.2');
  expect((await call({ args: ['check', '--lang=en'], env: { LC_ALL: 'zh_CN.UTF-8' } })).said[0]).toBe(INSTALLING);
});

test('paths given to `npm run zaigang` are meant from where the person is', async () => {
  const hall = join(dir, 'hall');
  mkdirSync(hall);
  const env = { npm_lifecycle_event: 'zaigang', INIT_CWD: hall };
  expect(JSON.parse((await call({ cwd: root, env })).out).cwd).toBe(hall);
  expect(JSON.parse((await call({ cwd: root, env: { ...env, npm_lifecycle_event: 'test' } })).out).cwd).toBe(root);
});

test('without ffmpeg one line says how to get it: at the first demo, and once for the commands that need it', async () => {
  const PATH = bareMachine('node');
  const line =
    "No ffmpeg: real cameras will be 'unknown'. To install it, as root: apt-get update && apt-get install -y --no-install-recommends ffmpeg";
  const said = async (command: string, env = {}) => (await call({ args: [command], env: { PATH, ...env } })).said;
  expect(await said('demo')).toEqual([INSTALLING, 'Dependencies are in place.', line]);
  expect(await said('demo')).toEqual([]);
  expect(await said('check')).toEqual([]);
  expect(await said('run', { FFMPEG_PATH: process.execPath })).toEqual([]);
  expect(await said('run')).toEqual([line]);
  expect(await said('probe')).toEqual([]);
});
