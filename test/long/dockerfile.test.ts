/** There is no Docker where the tests run, so the Dockerfile's steps are replayed; see support/image.ts for what that misses. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { debianPackages, dockerignore, execForm, parseDockerfile } from '../support/dockerfile.ts';
import { buildImage, type Image } from '../support/image.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

describe('reading', () => {
  test('continued lines are joined and comments dropped', () => {
    expect(parseDockerfile('# a\nFROM x\n\nRUN a \\\n  # why\n  && b\n')).toEqual([
      { name: 'FROM', rest: 'x' },
      { name: 'RUN', rest: 'a && b' },
    ]);
  });

  test('what the replay does not know is an error', () => {
    expect(() => parseDockerfile('FROM x\nADD y /')).toThrow('ADD y /');
    expect(() => execForm('"node"')).toThrow('list of words');
  });

  test('packages are the words of apt-get install', () => {
    expect(debianPackages('apt-get update && apt-get install -y --no-install-recommends a b && rm -rf x')).toEqual([
      'a',
      'b',
    ]);
    expect(debianPackages('npm ci')).toBeNull();
  });

  test.each([
    ['*\n!a\n**/node_modules', 'a', false],
    ['*\n!a\n**/node_modules', 'a/b/c.ts', false],
    ['*\n!a\n**/node_modules', 'b', true],
    ['*\n!a\n**/node_modules', 'ab', true],
    ['*\n!a\n**/node_modules', 'a/node_modules/x', true],
    ['# no\n*.log\ndata/', 'x.log', true],
    ['*.log\ndata/', 'data/x', true],
    ['*.log\ndata/', 'deep/x.log', false],
    ['', 'anything', false],
  ])('.dockerignore %j and %s', (text, path, ignored) => {
    expect(dockerignore(text)(path)).toBe(ignored);
  });
});

describe('the image', () => {
  let image: Image;
  beforeAll(() => {
    image = buildImage(repository);
  }, 240_000);
  afterAll(() => image?.remove());

  test('stands on Node 24 and does not run as root', () => {
    expect(image.last('FROM')).toMatch(/^node:24-/);
    expect(image.last('USER')).toBe('node');
  });

  test('brings ffmpeg and tini, which are here too', () => {
    expect(image.packages).toEqual(['ffmpeg', 'tini']);
    for (const program of image.packages) execFileSync('sh', ['-c', 'command -v "$0"', program]);
  });

  test('has what the daemon needs and nothing else', () => {
    expect(readdirSync(image.at('/opt/zaigang')).sort()).toEqual([
      ...[
        'LICENSE',
        'adapters',
        'config',
        'daemon',
        'node_modules',
        'package-lock.json',
        'package.json',
        'rules',
        'web',
      ],
      'zaigang',
    ]);
    const modules = readdirSync(image.at('/opt/zaigang/node_modules'));
    expect(modules).toContain('mqtt');
    expect(modules).not.toContain('vitest');
    expect(modules.filter((name) => name.startsWith('node-linux'))).toEqual([]);
  });

  test('runs the daemon: healthy, found so by HEALTHCHECK, and gone within a few seconds of SIGTERM', async () => {
    const port = await freePort();
    const config = image.at('/etc/zaigang/hall.yaml');
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(config, hallYaml(port, image.at('/var/lib/zaigang')));
    image.own(config);

    const env = { ZAIGANG_HEALTH_URL: `http://127.0.0.1:${port}/-/healthy` };
    const daemon = image.start(image.command, env);
    const ended = once(daemon, 'exit');
    let said = '';
    for (const stream of [daemon.stdout, daemon.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said = (said + chunk).slice(-4000);
      });
    }
    try {
      let isHealthy = false;
      await until(
        async () => {
          if (daemon.exitCode !== null) return true;
          isHealthy = (await fetch(env.ZAIGANG_HEALTH_URL)).ok;
          return isHealthy;
        },
        { timeoutMs: 25_000, what: 'the daemon to be healthy' },
      );
      expect(isHealthy, said).toBe(true);
      const [verdict] = await once(image.start(image.healthcheck, env), 'exit');
      expect(verdict).toBe(0);
      expect(readdirSync(image.at('/var/lib/zaigang'))).not.toEqual([]);
      daemon.kill('SIGTERM');
      const [code] = await Promise.race([ended, once(AbortSignal.timeout(20_000), 'abort')]);
      expect(code, said).toBe(0);
      const [gone] = await once(image.start(image.healthcheck, env), 'exit');
      expect(gone).toBe(1);
    } finally {
      killGroup(daemon);
    }
  }, 90_000);

  test('`zaigang` inside it is our wrapper on its own Node', () => {
    const wrapper = image.at('/usr/local/bin/zaigang');
    expect(existsSync(wrapper)).toBe(true);
    const node = execFileSync(wrapper, {
      encoding: 'utf8',
      env: { PATH: `${dirname(wrapper)}:/usr/bin:/bin`, ZAIGANG_SETUP: 'node' },
    });
    expect(node.trim()).toBe(join(dirname(wrapper), 'node'));
  });
});

/** tini would leave its child behind. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended by themselves.
  }
}

const hallYaml = (port: number, data: string): string => `
hall: { id: replay, name: 演练大厅, timezone: Asia/Shanghai, dayStart: "04:00" }
calendar: { country: none }
schedules:
  standard: { punches: session, weekly: { mon: ["09:00-12:00", "14:00-17:00"] } }
departments: [{ id: gaj, name: 公安局 }]
employees: [{ id: e001, name: 甲, department: gaj, schedule: standard, credentials: ["1001"] }]
windows: [{ id: W01, name: 出入境, department: gaj, schedule: standard, a: e001 }]
mqtt: { embedded: { listen: "127.0.0.1:0" } }
http: { listen: "127.0.0.1:${port}" }
data: ${data}
`;
