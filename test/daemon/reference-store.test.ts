/** How an empty seat looks, over a restart: kept as it was, or set aside and said. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Reference } from '../../adapters/vision/reference-bank.ts';
import { ReferenceStore, type SeenSeats } from '../../daemon/cameras/reference-store.ts';
import { cutOut, drawScene, SCENE_SEAT, sceneLook } from '../../daemon/demo/seat-scene.ts';
import type { Log } from '../../daemon/log.ts';
import { smallDisk } from '../support/small-disk.ts';

const BOX = { kind: 'box', ...SCENE_SEAT } as const;
const CAMERA: SeenSeats = {
  id: 'cam/1',
  source: 'rtsp://viewer:geheim@192.0.2.1/stream?token=geheim2',
  seats: [
    { window: 'W1', roi: BOX },
    { window: '窗口..2', roi: { ...BOX, x: 0.1 } },
    { window: 'W1', roi: { ...BOX, x: 0.7 } },
  ],
};

const reference = (seed: number, gain: number, origin: Reference['origin']): Reference => ({
  picture: cutOut(drawScene(sceneLook(seed), 0, { gain }), SCENE_SEAT, 48, 60),
  at: 1_772_413_200_000 + seed,
  origin,
});
const DAY = [reference(1, 1, 'given'), reference(1, 1.2, 'learnt')];
const NIGHT = [reference(1, 0.2, 'learnt')];

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-references-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function store(data = folder): ReferenceStore {
  const say = (level: string) => (fields: object, phrase: string) =>
    void said.push(`${level} ${phrase}: ${JSON.stringify(fields)}`);
  const log: Log = { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };
  return new ReferenceStore(data, log);
}

async function saved(known: readonly (readonly Reference[])[] = [[...DAY, ...NIGHT], [], []]): Promise<void> {
  const first = store();
  first.save(CAMERA, known);
  await first.flush();
}

const files = (): string[] => readdirSync(join(folder, 'empty-seats')).sort();
const path = (i: number): string => join(folder, 'empty-seats', files()[i] ?? '');

describe('what was learnt', () => {
  test('is there after a restart, by day and by night, of each seat its own', async () => {
    await saved([[...DAY, ...NIGHT], [reference(2, 1, 'given')], [reference(3, 1, 'given')]]);
    expect(store().load(CAMERA)).toEqual([[...DAY, ...NIGHT], [reference(2, 1, 'given')], [reference(3, 1, 'given')]]);
    expect(said).toEqual([]);
    expect(files()).toHaveLength(4);
  });

  test('is written once, and again only where it has changed', async () => {
    await saved();
    const again = store();
    const known = again.load(CAMERA);
    rmSync(join(folder, 'empty-seats'), { recursive: true });
    again.save(CAMERA, known);
    await again.flush();
    expect(() => files()).toThrow('ENOENT');
    again.save(CAMERA, [[...DAY, ...NIGHT, reference(5, 1, 'learnt')], [], []]);
    await again.flush();
    expect(files()).toHaveLength(1);
  });

  test('has no login of the camera in it, and outlives a new one', async () => {
    await saved();
    expect(readFileSync(path(0), 'latin1')).not.toContain('geheim');
    expect(store().load({ ...CAMERA, source: 'rtsp://other:pw@192.0.2.1/stream?token=new' })[0]).toHaveLength(3);
  });

  test.each<[string, SeenSeats, string]>([
    ['another region', { ...CAMERA, seats: [{ window: 'W1', roi: { ...BOX, x: 0.37 } }] }, 'roi'],
    ['another camera at its address', { ...CAMERA, source: 'rtsp://192.0.2.9/stream' }, 'source'],
  ])('is discarded for %s, and that is said', async (_, camera, changed) => {
    await saved();
    expect(store().load(camera)[0]).toEqual([]);
    expect(said).toHaveLength(2);
    expect(said[0]).toContain(`warn pictures of the empty seat were discarded`);
    expect(said[0]).toContain(`changed since: ${changed}`);
    expect(files()).toEqual([]);
  });
});

describe('a file that cannot be used', () => {
  const DAMAGES: readonly [string, (bytes: Buffer) => Buffer, string][] = [
    ['is cut off', (bytes) => bytes.subarray(0, -1), 'its pixels are not those that were written'],
    [
      'has another pixel',
      (bytes) => Buffer.from(bytes).fill(1, bytes.length - 5, bytes.length - 4),
      'its pixels are not those',
    ],
    ['is empty', () => Buffer.alloc(0), 'it does not begin as such a file does'],
    ['is something else', () => Buffer.from('GIF89a'), 'it does not begin as such a file does'],
    ['has no header', (bytes) => bytes.subarray(0, 30), 'its header cannot be read'],
    ['has a header of nonsense', () => Buffer.from('zaigang-empty-seat 1\n{"of":3}\n'), 'its header cannot be read'],
    ['is of a later form', () => Buffer.from('zaigang-empty-seat 2\nwhatever'), 'it is of the form'],
  ];

  test.each(DAMAGES)('because it %s is set aside, said, and not missed', async (_, damage, because) => {
    await saved();
    const good = readFileSync(path(0));
    writeFileSync(path(0), damage(good));
    expect(store().load(CAMERA)[0]).toEqual(NIGHT);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('warn pictures of the empty seat could not be used');
    expect(said[0]).toContain(because);
    expect(files().filter((name) => name.endsWith('.unusable'))).toHaveLength(1);
    // The next start has nothing to say.
    expect(store().load(CAMERA)[0]).toEqual(NIGHT);
    expect(said).toHaveLength(1);
  });
});

test('a full disk keeps what was there, says so, and has the new one when there is room', async () => {
  using disk = smallDisk(1);
  const full = store(disk.path);
  full.save(CAMERA, [DAY, [], []]);
  await full.flush();
  disk.fill(0);
  full.save(CAMERA, [[...DAY, reference(6, 1, 'learnt')], [], []]);
  await full.flush();
  expect(said.some((line) => line.startsWith('error pictures of the empty seat were not kept'))).toBe(true);
  expect(store(disk.path).load(CAMERA)[0]).toEqual(DAY);
  disk.clear();
  await full.flush();
  expect(store(disk.path).load(CAMERA)[0]).toHaveLength(3);
});
