/** compose.yaml and the systemd unit agree with themselves and with the files beside them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { dockerignore } from '../support/dockerfile.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const compose = parse(read('compose.yaml')) as Compose;
const services = Object.entries(compose.services);

test.each(services)('%s finds its secrets, volumes and files', (_, service) => {
  const defined = Object.keys(compose.secrets);
  for (const secret of service.secrets ?? []) expect(defined).toContain(secret);
  for (const [name, value] of Object.entries(service.environment ?? {})) {
    if (name.endsWith('_FILE')) expect(service.secrets).toContain(value.replace('/run/secrets/', ''));
  }
  for (const volume of service.volumes ?? []) {
    const [from = ''] = volume.split(':');
    if (!from.startsWith('./')) expect(Object.keys(compose.volumes)).toContain(from);
    // The person's own file, from `zaigang init`.
    else if (from !== './hall.yaml') expect(existsSync(`${root}${from}`), from).toBe(true);
  }
});

test.each(services)('%s holds its image at a version', (_, { image }) => {
  expect(image).toMatch(/:\d/);
});

test('secrets are kept in one folder, which is not sent to the builder', () => {
  for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//);
  expect(dockerignore(read('.dockerignore'))('secrets/mqtt-password')).toBe(true);
});

test('the pages are published to this machine only', () => {
  const pages = compose.services.zaigang?.ports?.filter((port) => port.endsWith(':8420'));
  expect(pages).toEqual(['127.0.0.1:8420:8420']);
});

test('the unit starts what is installed, and does not try a bad config again', () => {
  const unit = read('docs/examples/zaigang.service');
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
  expect(value('ExecStart')).toBe('/opt/zaigang/zaigang run --config /etc/zaigang/hall.yaml');
  expect(value('RestartPreventExitStatus')?.split(' ')).toEqual(expect.arrayContaining(['64', '78']));
  // Node makes code while it runs.
  expect(value('MemoryDenyWriteExecute')).toBeUndefined();
});

test('every shell script is one for sh', () => {
  for (const script of ['zaigang', 'test/run.sh', 'test/setup.sh']) execFileSync('sh', ['-n', `${root}${script}`]);
  execFileSync('bash', ['-n', `${root}.ci/run`]);
});
