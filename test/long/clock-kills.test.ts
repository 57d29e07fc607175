/** Clocks that nobody has written a reader for, and files: whoever is killed when, each touch is in the ledger once, and none is missing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workbook } from '@cj-tech-master/excelts';
import { afterEach, expect, test } from 'vitest';
import { localText } from '../../adapters/local-time.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { HOUR, type Ms, SECOND } from '../../rules/time.ts';
import { type Daemon, daemonOf, zaigang } from '../support/daemon.ts';
import { type MappedDevice, mappedDevice } from '../support/mapped-device.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

const ZONE = zoneTable('Asia/Shanghai');
const BEGAN = Math.floor((Date.now() - 20 * HOUR) / SECOND) * SECOND;
const LONG = { timeoutMs: 240_000 };
const MAP = {
  when: { ptr: '/kind', equals: 'evt' },
  items: '/rec',
  fields: { credential: '/uid', time: '/ts', seq: '/seq', ok: { ptr: '/ok', in: ['1'] } },
};
const REPLY = { template: { code: 0, seq: { ptr: '/rec/seq' } } };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function hall(more: Readonly<Record<string, unknown>>): Daemon {
  const config = { hall: { id: 'h1', timezone: 'Asia/Shanghai' }, calendar: { country: 'none' }, ...more };
  const daemon = daemonOf({ config });
  cleanups.push(() => daemon[Symbol.asyncDispose]());
  return daemon;
}

/** Who touched a clock when, each as often as it is there. */
async function taken(daemon: Daemon, device: string): Promise<string[]> {
  const punches = (await daemon.facts()).filter((fact) => fact['fact'] === 'punch' && fact['device'] === device);
  return punches.map((fact) => `${fact['credential']} ${Date.parse(String(fact['at']))}`).sort();
}

/** Touches, kills of both sides, a lost time: afterwards every touch is there once, or kept aside where its time is none. */
async function torment(daemon: Daemon, device: MappedDevice, start: () => Promise<void>): Promise<void> {
  const wanted: string[] = [];
  let touches = 0;
  const touch = (count: number, isLost = false): void => {
    for (let i = 0; i < count; i++) {
      touches += 1;
      const at: Ms = BEGAN + touches * 7 * SECOND;
      device.touch(`${1000 + touches}`, at);
      if (!isLost) wanted.push(`${1000 + touches} ${at}`);
    }
  };
  touch(40);
  await start();
  for (let round = 0; round < 3; round++) {
    const before = (await taken(daemon, 'stranger')).length;
    touch(60);
    await until(async () => (await taken(daemon, 'stranger')).length > before, {
      ...LONG,
      what: 'some to be taken in',
    });
    device.breakOff();
    await daemon.kill();
    touch(5);
    await device.reboot();
    await start();
  }
  await device.reboot();
  device.loseTime();
  touch(4, true);
  device.setTime();
  touch(4);
  await until(() => device.isDone(), { ...LONG, what: 'everything to be answered' });
  expect(await taken(daemon, 'stranger')).toEqual(wanted.sort());
  const aside = await daemon.rejects();
  expect(aside).toHaveLength(device.lost.length);
  for (const { because } of aside) expect(because).toMatch(/too old: the device's clock may have lost its time/);
  expect(JSON.stringify([await daemon.facts(), aside, daemon.log])).not.toMatch(/宋岩|QUJDQUJD/);
  expect(await daemon.stop()).toBe(0);
}

test('a mapped clock that posts: both are killed, it breaks off, and it loses its time', async () => {
  const door = await freePort();
  const daemon = hall({
    http: { listen: '127.0.0.1:0', devices: `127.0.0.1:${door}` },
    clocks: [{ id: 'stranger', map: { ...MAP, path: '/report', reply: REPLY } }],
  });
  const device = mappedDevice({ kind: 'http', port: door, path: '/report' });
  cleanups.push(() => device[Symbol.asyncDispose]());
  await torment(daemon, device, () => daemon.start());
});

test('a mapped clock over MQTT: both are killed, its line breaks, and it loses its time', async () => {
  const port = await freePort();
  const daemon = hall({
    mqtt: { embedded: { listen: `127.0.0.1:${port}` } },
    clocks: [
      {
        ...{ id: 'stranger', password: 'its-secret' },
        map: { ...MAP, topics: ['dev/evt'], reply: { ...REPLY, topic: 'dev/ack' } },
      },
    ],
  });
  await daemon.startHearing();
  const login = { username: 'stranger', password: 'its-secret' };
  const device = mappedDevice({
    ...{ kind: 'mqtt', url: `mqtt://127.0.0.1:${port}`, topic: 'dev/evt', answers: 'dev/ack' },
    login,
  });
  cleanups.push(() => device[Symbol.asyncDispose]());
  await daemon.kill();
  await torment(daemon, device, () => daemon.startHearing());
});

const ROWS = 20_000;
const rowAt = (i: number): Ms => BEGAN - 40 * 24 * HOUR + i * 97 * SECOND;
const credentialOf = (i: number): string => `${1000 + (i % 60)}`;

const FILES: readonly (readonly [string, (folder: string) => Promise<string>])[] = [
  [
    'attlog.dat',
    async (folder) => {
      const lines = Array.from(
        { length: ROWS },
        (_, i) => `     ${credentialOf(i)}\t${localText(ZONE, rowAt(i))}\t1\t0\t1\t0`,
      );
      const file = join(folder, '1_attlog.dat');
      writeFileSync(file, `${lines.join('\r\n')}\r\n`);
      return file;
    },
  ],
  [
    'CSV',
    async (folder) => {
      const lines = Array.from({ length: ROWS }, (_, i) => `${credentialOf(i)},${localText(ZONE, rowAt(i))}`);
      const file = join(folder, 'punches.csv');
      writeFileSync(file, `\uFEFF考勤号,打卡时间\n${lines.join('\n')}\n`);
      return file;
    },
  ],
  [
    'XLSX',
    async (folder) => {
      const book = new Workbook();
      const sheet = book.addWorksheet('打卡');
      sheet.addRow(['考勤号', '打卡时间']);
      for (let i = 0; i < ROWS; i++) sheet.addRow([credentialOf(i), localText(ZONE, rowAt(i))]);
      const file = join(folder, 'punches.xlsx');
      writeFileSync(file, Buffer.from(await book.xlsx.writeBuffer()));
      return file;
    },
  ],
];

test.each(FILES)('%s: the daemon is killed while it takes it in, and it is imported again', async (_, write) => {
  const daemon = hall({ clocks: [{ id: 'stick' }] });
  const file = await write(daemon.folder);
  const wanted = Array.from({ length: ROWS }, (_, i) => `${credentialOf(i)} ${rowAt(i)}`).sort();
  const command = () => zaigang(['import', 'punches', file, '--clock', 'stick', '--config', daemon.configFile]);
  await daemon.start();
  for (let round = 1; round <= 3; round++) {
    const importing = command();
    // Somewhere between the first byte and the last row: random moments, not conditions.
    await new Promise((wake) => setTimeout(wake, 700 * round + Math.random() * 700));
    await daemon.kill();
    await importing;
    await daemon.start();
    // Whatever of it is there is there once.
    const now = await taken(daemon, 'stick');
    expect(new Set(now).size).toBe(now.length);
  }
  const { code, err } = await command();
  expect(`${code} ${err}`).toMatch(/^0 /);
  expect(await taken(daemon, 'stick')).toEqual(wanted);
  const again = await command();
  expect(again.code).toBe(0);
  expect(await taken(daemon, 'stick')).toEqual(wanted);
  expect(await daemon.rejects()).toEqual([]);
  expect(await daemon.stop()).toBe(0);
});
