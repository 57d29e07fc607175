/** hall.yaml changed from a page: shown first, written as a whole or not at all, and taken up. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Edit } from '../../config/edited-text.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { type ConfigEditError, ConfigFile } from '../../daemon/config-file/config-edit.ts';
import { WRITTEN } from '../support/camera-hall.ts';

const camera = (id: string, password: string): Edit => ({
  do: 'append',
  path: ['cameras'],
  value: {
    id,
    source: `rtsp://viewer:${password}@192.0.2.1/sub`,
    seats: [{ window: 'W1', roi: [0.1, 0.1, 0.5, 0.5] }],
  },
});

let folder: string;
let file: string;
let taken: LoadedConfig[];
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-edit-'));
  file = join(folder, 'hall.yaml');
  writeFileSync(file, WRITTEN);
  [taken, said] = [[], []];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function configFile(path = file, reload = async (loaded: LoadedConfig): Promise<void> => void taken.push(loaded)) {
  const say = (fields: object, phrase: string): void => void said.push(`${phrase} ${JSON.stringify(fields)}`);
  const log = { error: say, warn: say, info: say, debug: say };
  return new ConfigFile({ path, env: { CAM: 'geheim' }, reload, log });
}

const refusal = (act: Promise<unknown>): Promise<ConfigEditError> =>
  act.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: ConfigEditError) => error,
  );

describe('what would change', () => {
  test('is shown as a difference, without secrets, and nothing is written', async () => {
    const { diff, isAccepted, problems } = await configFile().propose([camera('cam-1', 'hunter22')], 'zh');
    expect(diff).toContain('@@ -11,3 +11,5 @@\n');
    expect(diff).toContain('+cameras:\n+  - { id: cam-1, source: rtsp://viewer:***@192.0.2.1/sub');
    expect(diff.split('\n').filter((line) => line.startsWith('-'))).toEqual(['--- hall.yaml']);
    expect(isAccepted).toBe(true);
    expect(problems.map(({ severity }) => severity)).toEqual(['warning']);
    expect(JSON.stringify([diff, problems])).not.toContain('hunter22');
    expect(readFileSync(file, 'utf8')).toBe(WRITTEN);
  });

  test('may depend on what the file says, and is empty where it says so already', async () => {
    const edits = (text: string, env: Readonly<Record<string, string | undefined>>): Edit[] =>
      text.includes('cameras:') ? [] : [camera('cam-1', env['CAM'] === 'geheim' ? `\${CAM}` : 'x')];
    const first = await configFile().propose(edits, 'en');
    expect(first.diff).toContain(`viewer:\${CAM}@`);
    await configFile().apply(edits, first.base, 'en');
    const { diff, base } = await configFile().propose(edits, 'en');
    expect(diff).toBe('');
    expect((await configFile().apply(edits, base, 'en')).notTaken).toBeNull();
    expect(taken).toHaveLength(1);
  });
});

describe('writing', () => {
  test('keeps every comment and the rights of the file, follows a link, leaves nothing beside it, and is taken up', async () => {
    chmodSync(file, 0o640);
    const link = join(folder, 'link.yaml');
    symlinkSync(file, link);
    const config = configFile(link);
    const { base } = await config.propose([camera('cam-1', `\${CAM}`)], 'zh');
    let before: LoadedConfig | null = null;
    const { notTaken } = await config.apply([camera('cam-1', `\${CAM}`)], base, 'zh', async (loaded) => {
      expect(readFileSync(file, 'utf8')).toBe(WRITTEN);
      before = loaded;
    });
    const text = readFileSync(file, 'utf8');
    expect([notTaken, text.startsWith(WRITTEN.trimEnd()), taken]).toEqual([null, true, [before]]);
    expect(taken[0]?.config.cameras[0]?.source).toBe('rtsp://viewer:geheim@192.0.2.1/sub');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['hall.yaml', 'link.yaml']);
  });

  test('does not happen where something else would be written than what was shown', async () => {
    const config = configFile();
    const { base } = await config.propose([camera('cam-1', `\${CAM}`)], 'zh');
    expect(await refusal(config.apply([camera('cam-2', `\${CAM}`)], base, 'zh'))).toMatchObject({ reason: 'changed' });
    expect(taken).toHaveLength(0);
  });

  test('does not happen where the file changed since it was shown, also not for the second of two at once', async () => {
    const config = configFile();
    const [first, second] = [[camera('cam-1', `\${CAM}`)], [camera('cam-2', `\${CAM}`)]];
    const bases = [await config.propose(first, 'zh'), await config.propose(second, 'zh')].map(({ base }) => base);
    const both = await Promise.allSettled([
      config.apply(first, bases[0] ?? '', 'zh'),
      config.apply(second, bases[1] ?? '', 'zh'),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(config.apply(second, bases[1] ?? '', 'zh'))).toMatchObject({
      reason: 'changed',
      retry: true,
    });
    expect(readFileSync(file, 'utf8')).not.toContain('cam-2');
    expect(taken).toHaveLength(1);
  });

  test('does not happen where the result would not be accepted; every problem is said', async () => {
    const bad: Edit = {
      do: 'append',
      path: ['cameras'],
      value: { id: 'cam-1', source: 'ftp://x', seats: [{ window: 'W9' }] },
    };
    const config = configFile();
    const { base, isAccepted, problems } = await config.propose([bad], 'zh');
    expect([isAccepted, problems.length]).toEqual([false, 3]);
    const refused = await refusal(config.apply([bad], base, 'zh'));
    expect([refused.reason, refused.problems.length, refused.retry]).toEqual(['invalid', 3, false]);
    expect([readFileSync(file, 'utf8'), taken.length]).toEqual([WRITTEN, 0]);
  });

  test('that the disk does not take changes nothing', async () => {
    const config = configFile();
    const { base } = await config.propose([camera('cam-1', `\${CAM}`)], 'zh');
    // Where the new text would be written first there is something else.
    mkdirSync(`${file}.part`);
    expect(await refusal(config.apply([camera('cam-1', `\${CAM}`)], base, 'zh'))).toMatchObject({
      reason: 'not-written',
    });
    expect([readFileSync(file, 'utf8'), taken.length]).toEqual([WRITTEN, 0]);
  });

  test('that cannot be taken up stays written, and that is said', async () => {
    const config = configFile(file, () => Promise.reject(new Error('the ledger is full')));
    const { base } = await config.propose([camera('cam-1', `\${CAM}`)], 'zh');
    const { notTaken } = await config.apply([camera('cam-1', `\${CAM}`)], base, 'zh');
    expect(notTaken).toBe('the ledger is full');
    expect(readFileSync(file, 'utf8')).toContain('cam-1');
    expect(said.join()).toContain('could not be taken up');
  });

  test('needs a file that can be read and changed', async () => {
    expect(await refusal(configFile(join(folder, 'absent.yaml')).propose([], 'zh'))).toMatchObject({
      reason: 'unreadable',
    });
    writeFileSync(file, `${WRITTEN}cameras: &all\n  - { id: a, source: "rtsp://b", seats: [] }\nmore: *all\n`);
    const edit: Edit = { do: 'append', path: ['more'], value: 1 };
    expect(await refusal(configFile().propose([edit], 'zh'))).toMatchObject({ reason: 'layout' });
  });
});
