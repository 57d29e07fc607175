/** A configuration that cannot be used: the hall goes on by the last one that was accepted, and everybody is told. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Daemon, daemonOf, type Line, zaigang } from '../support/daemon.ts';
import { until } from '../support/until.ts';

const hallWith = (more: Line = {}): Line => ({
  hall: { id: 'suixian', timezone: 'Asia/Shanghai' },
  calendar: { country: 'none' },
  mqtt: { embedded: { listen: '127.0.0.1:0' } },
  ...more,
});
const configs = async (daemon: Daemon): Promise<number> =>
  (await daemon.facts()).filter(({ fact }) => fact === 'config').length;
const warnings = async (daemon: Daemon): Promise<string> =>
  JSON.stringify(((await (await daemon.get('/api/v1/windows?lang=en')).json()) as { warnings: unknown }).warnings);

test('a first start with a file that cannot be used ends with the exit code of the contract', async () => {
  await using daemon = daemonOf({ config: { ...hallWith(), calendr: {} } });
  daemon.launch();
  expect(await daemon.ended()).toBe(78);
  expect(daemon.stray).toContain('calendr');
}, 60_000);

test('a later start goes on by the last one that was accepted, says where the file is wrong, and takes up the next good one', async () => {
  const env = { GIVEN: 'a-secret-of-the-hall' };
  await using daemon = daemonOf({
    config: hallWith({
      mqtt: { embedded: { listen: '127.0.0.1:0', users: [{ username: 'u', password: `\${GIVEN}` }] } },
    }),
    env,
  });
  await daemon.startHearing();
  expect(await daemon.metric('zaigang_config_refused')).toBe(0);
  const kept = join(daemon.data, 'accepted-config.json');
  expect(statSync(kept).mode & 0o777).toBe(0o600);
  expect(readFileSync(kept, 'utf8')).not.toContain('a-secret-of-the-hall');
  await daemon.stop();

  const good = readFileSync(daemon.configFile, 'utf8');
  writeFileSync(
    daemon.configFile,
    `${good.slice(0, -1)},\n"windows": [{ id: W1, a: nobody }], "rules": { lateGrce: 5m } }`,
  );
  await daemon.startHearing();
  const said = await daemon.logged('configuration cannot be used; the last accepted one is in force');
  expect(String(said['because'])).toMatch(/hall\.yaml:2:\d+[\s\S]*nobody/);
  expect(await daemon.metric('zaigang_config_refused')).toBe(1);
  expect(await warnings(daemon)).toContain('the configuration file cannot be used; the one accepted at 20');
  const check = (await daemon.readiness()).checks.find(({ name }) => name === 'config');
  expect(check?.detail).toContain('the configuration file cannot be used');
  expect(await configs(daemon)).toBe(1);

  // Still wrong: the command says so too, and nothing changes.
  const again = await zaigang(['reload', '--config', daemon.configFile, '--lang', 'en'], '', undefined, env);
  expect([again.code, again.err]).toEqual([78, expect.stringContaining('nobody')]);
  expect(await daemon.metric('zaigang_config_refused')).toBe(1);

  // Put right while it runs.
  writeFileSync(daemon.configFile, `${good.slice(0, -1)},\n"rules": { lateGrace: 7m } }`);
  const reloaded = await zaigang(['reload', '--config', daemon.configFile, '--lang', 'en'], '', undefined, env);
  expect([reloaded.code, reloaded.err]).toEqual([0, '']);
  expect(reloaded.out).toMatch(/\+ rules\.lateGrace: 7m\n[\s\S]*Days are judged by it from 20\S+ on/);
  expect(await daemon.metric('zaigang_config_refused')).toBe(0);
  expect(await configs(daemon)).toBe(2);
  expect(await warnings(daemon)).toBe('[]');
}, 240_000);

test('what the accepted one refers to is not there any more either: nothing can begin', async () => {
  await using daemon = daemonOf({ config: hallWith() });
  await daemon.start();
  await daemon.stop();
  writeFileSync(daemon.configFile, 'hall: [');
  writeFileSync(join(daemon.data, 'accepted-config.json'), '{"path": 1');
  daemon.launch();
  expect(await daemon.ended()).toBe(78);
}, 120_000);

test('a reload that cannot be used is told on the running hall, and forgotten once the file is right', async () => {
  await using daemon = daemonOf({ config: hallWith() });
  await daemon.startHearing();
  daemon.reload({ ...hallWith(), windows: [{ id: 'W1', a: 'nobody' }] });
  await daemon.logged('configuration was not accepted; the former one stays');
  await until(async () => (await warnings(daemon)).includes('cannot be used'), { what: 'the board to say so' });
  expect(await configs(daemon)).toBe(1);
  daemon.reload(hallWith());
  await until(async () => (await daemon.metric('zaigang_config_refused')) === 0, { what: 'it to be forgotten' });
}, 120_000);
