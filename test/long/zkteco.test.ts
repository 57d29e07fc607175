/** ZKTeco devices at the real daemon: one that pushes and one that is read, with both ends dying in between, and nothing lost. */
import { afterEach, expect, test } from 'vitest';
import { localTimeOf } from '../../adapters/local-time.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { HOUR, type Ms, SECOND } from '../../rules/time.ts';
import { type Daemon, daemonOf } from '../support/daemon.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';
import { type PullTouch, ZktecoPullDevice } from '../support/zkteco-pull-device.ts';
import { ZktecoPushDevice } from '../support/zkteco-push-device.ts';

const SERIAL = 'CKUH201260001';
const ZONE = zoneTable('Asia/Shanghai');
const BEGAN = Math.floor((Date.now() - 2 * HOUR) / SECOND) * SECOND;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function shown(at: Ms): PullTouch['time'] {
  const { year, month, day, hour, minute, second } = localTimeOf(ZONE, at);
  return [year, month, day, hour, minute, second];
}

function written(at: Ms): string {
  const [year, ...parts] = shown(at);
  const [month, day, hour, minute, second] = parts.map((part) => String(part).padStart(2, '0'));
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

/** By device: who touched it when. */
async function taken(daemon: Daemon): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, string[]> = { pushed: [], pulled: [] };
  for (const fact of await daemon.facts()) {
    if (fact['fact'] !== 'punch') continue;
    found[String(fact['device'])]?.push(`${fact['credential'] ?? fact['employee']} ${Date.parse(String(fact['at']))}`);
  }
  for (const touches of Object.values(found)) touches.sort();
  return found;
}

test('every touch of both is kept once, whoever dies when', async () => {
  const door = await freePort();
  const pulled = await new ZktecoPullDevice({ now: () => shown(Date.now()) }).start();
  cleanups.push(() => pulled.stop());
  const daemon = daemonOf({
    config: {
      hall: { id: 'zk', timezone: 'Asia/Shanghai' },
      calendar: { country: 'none' },
      http: { listen: '127.0.0.1:0', devices: `127.0.0.1:${door}` },
      clocks: [
        { id: 'pushed', profile: { kind: 'zkteco-push', serial: SERIAL } },
        { id: 'pulled', profile: { kind: 'zkteco-pull', host: '127.0.0.1', port: pulled.port, interval: '1s' } },
      ],
    },
  });
  cleanups.push(() => daemon[Symbol.asyncDispose]());
  const pushed = new ZktecoPushDevice({ server: { port: door }, serial: SERIAL, batch: 20 });
  const all: Record<'pushed' | 'pulled', string[]> = { pushed: [], pulled: [] };
  let touches = 0;
  const touch = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const at = BEGAN + touches++ * 7 * SECOND;
      pushed.punch(`${1000 + (touches % 30)}`, written(at));
      all.pushed.push(`${1000 + (touches % 30)} ${at}`);
      pulled.touch(`${2000 + (touches % 30)}`, shown(at));
      all.pulled.push(`${2000 + (touches % 30)} ${at}`);
    }
  };

  touch(200);
  await daemon.start();
  await pushed.register();
  await pushed.upload();
  // Killed in the middle of uploads and of a log: whatever was not acknowledged comes again.
  for (let round = 0; round < 3; round++) {
    touch(150);
    const uploading = pushed.upload().catch(() => null);
    await pushed.dropHalf();
    await daemon.kill();
    await uploading;
    touch(10);
    if (round === 1) {
      const { port } = pulled;
      await pulled.stop();
      touch(5);
      await pulled.start(port);
    }
    if (round === 2) pulled.faults.dropAfterBytes = 10_000;
    await daemon.start();
    await until(async () => (await pushed.register()).status === 200, { what: 'the door of the daemon' });
    await pushed.upload();
  }
  // A reset device, whose place in its log is nothing any more.
  pushed.forget();
  await pushed.register();
  await pushed.upload();

  for (const touched of Object.values(all)) touched.sort();
  await until(async () => (await taken(daemon))['pulled']?.length === all.pulled.length, {
    timeoutMs: 60_000,
    what: 'the log of the device that is read',
  });
  expect(await taken(daemon)).toEqual(all);
  expect(await daemon.rejects()).toEqual([]);

  await pushed.poll('Ver 8.0.1,1,1,1');
  const states = (await daemon.facts()).filter(({ fact }) => fact === 'device');
  expect(states.filter(({ device }) => device === 'pulled').map(({ state }) => state)).toContain('complete');
  expect(await daemon.stop()).toBe(0);
});
