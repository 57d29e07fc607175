import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';

const system = execFileSync('sh', ['-c', 'PATH=/usr/local/bin:/usr/bin:/bin command -v ffmpeg'], {
  encoding: 'utf8',
}).trim();
const systemVersion = /^ffmpeg version (\S+)/.exec(execFileSync(system, ['-version'], { encoding: 'utf8' }))?.[1];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'zaigang-ffmpeg-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function program(name: string, body: string): string {
  const path = join(dir, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const withFfmpeg = { PATH: '/usr/local/bin:/usr/bin:/bin' };

test('the one on PATH is found when nothing else is given', async () => {
  const found = await locateFfmpeg(withFfmpeg, { staticPath: null });
  expect(found).toEqual({ path: system, version: systemVersion, source: 'PATH', setAside: [] });
});

test('FFMPEG_PATH comes first', async () => {
  const path = join(dir, 'my-ffmpeg');
  symlinkSync(system, path);
  const found = await locateFfmpeg({ ...withFfmpeg, FFMPEG_PATH: path }, { staticPath: system });
  expect(found).toMatchObject({ path, version: systemVersion, source: 'FFMPEG_PATH' });
});

test('that of ffmpeg-static comes before PATH', async () => {
  const path = join(dir, 'static-ffmpeg');
  symlinkSync(system, path);
  const found = await locateFfmpeg(withFfmpeg, { staticPath: path });
  expect(found).toMatchObject({ path, source: 'ffmpeg-static' });
});

test('ffmpeg-static is found by itself, and set aside where its download was not made', async () => {
  const found = await locateFfmpeg(withFfmpeg);
  expect(found).toHaveProperty('version');
  const own = 'source' in found && found.source === 'ffmpeg-static' ? found : found.setAside[0];
  expect(own?.source).toBe('ffmpeg-static');
  expect(own?.path.endsWith(join('node_modules', 'ffmpeg-static', 'ffmpeg'))).toBe(true);
  expect(existsSync(own?.path ?? '')).toBe('version' in (own ?? {}));
});

test.each([
  { what: 'ends with an error', body: 'exit 1', because: 'ended with exit code 1' },
  { what: 'is another program', body: 'echo hello', because: 'is not ffmpeg: it does not say its version' },
  { what: 'is killed', body: 'kill -SEGV $$', because: 'was ended by SIGSEGV' },
])('one that $what is set aside and the next is taken', async ({ body, because }) => {
  const path = program('broken', body);
  const found = await locateFfmpeg({ ...withFfmpeg, FFMPEG_PATH: path }, { staticPath: null });
  expect(found).toEqual({
    path: system,
    version: systemVersion,
    source: 'PATH',
    setAside: [{ source: 'FFMPEG_PATH', path, because }],
  });
});

test('one that hangs is ended after the timeout', async () => {
  const path = program('hangs', 'exec /bin/sleep 600');
  const began = performance.now();
  const found = await locateFfmpeg({ PATH: '', FFMPEG_PATH: path }, { staticPath: null, timeoutMs: 300 });
  expect(found.setAside).toEqual([{ source: 'FFMPEG_PATH', path, because: 'did not answer within 300 ms' }]);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test('one that cannot be started says why', async () => {
  const text = join(dir, 'text');
  writeFileSync(text, 'no program');
  const noExec = await locateFfmpeg({ PATH: '', FFMPEG_PATH: text }, { staticPath: null });
  expect(noExec).toHaveProperty('missing', `No working ffmpeg was found (FFMPEG_PATH ${text} may not be executed).`);
  const folder = await locateFfmpeg({ PATH: '', FFMPEG_PATH: dir }, { staticPath: null });
  expect(folder.setAside[0]?.because).toBe('cannot be started (EACCES)');
  const relative = await locateFfmpeg({ PATH: '', FFMPEG_PATH: 'bin/ffmpeg' }, { staticPath: null });
  expect(relative.setAside[0]?.because).toBe('is not an absolute path');
});

test('a broken one early on PATH does not hide a working one behind it', async () => {
  const path = program('bin/ffmpeg', 'exit 127');
  const found = await locateFfmpeg({ PATH: `relative:${join(dir, 'bin')}:${withFfmpeg.PATH}` }, { staticPath: null });
  expect(found).toMatchObject({ path: system, source: 'PATH' });
  expect(found.setAside).toEqual([{ source: 'PATH', path, because: 'ended with exit code 127' }]);
});

test('with none the answer says what was tried and what to run', async () => {
  const gone = join(dir, 'gone');
  program('apt/apt-get', 'exit 0');
  const missing = await locateFfmpeg(
    { PATH: join(dir, 'apt'), FFMPEG_PATH: gone },
    { staticPath: join(dir, 'static') },
  );
  expect(missing).toMatchObject({
    missing: `No working ffmpeg was found (FFMPEG_PATH ${gone} does not exist; ffmpeg-static ${join(dir, 'static')} does not exist).`,
    remedy: 'apt-get update && apt-get install -y --no-install-recommends ffmpeg',
  });
  const bare = await locateFfmpeg({}, { staticPath: null });
  expect(bare).toEqual({
    missing: 'No working ffmpeg was found.',
    remedy: 'Install ffmpeg from https://ffmpeg.org/download.html and set FFMPEG_PATH to its program.',
    setAside: [],
  });
});
