/** A hall whose clocks are real connections: the real daemon with all its doors, in its own time, and what its page says of each clock. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../config/load.ts';
import { systemClock } from '../../daemon/clock.ts';
import { HallDaemon } from '../../daemon/hall-daemon.ts';
import type { PunchFact } from '../../rules/facts.ts';
import { DAY_LENGTH } from '../../rules/time.ts';
import { callerOf, cookieOf } from './caller.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

const PASSWORD = 'zheng-wu-da-ting-2026';
const BY_TEST = { who: 'command', address: null } as const;

/** What the page of devices says is wrong with one of them. */
export interface Sentences {
  readonly zh: readonly string[];
  readonly en: readonly string[];
}

export interface ClockHall extends AsyncDisposable {
  readonly daemon: HallDaemon;
  /** Where devices push. */
  readonly door: number;
  /** Of its own broker. */
  readonly broker: number;
  sentences(device: string): Promise<Sentences>;
  /** Waits until something is said of it that fits, and says all that is said then. */
  says(device: string, zh: RegExp, timeoutMs?: number): Promise<Sentences>;
  punches(device: string): readonly PunchFact[];
}

/** `more`: of hall.yaml, beside the clocks. */
export async function openClockHall(
  clocks: readonly object[],
  { more = {}, env = {} }: { readonly more?: object; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ClockHall> {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-clocks-'));
  const [door, broker] = [await freePort(), await freePort()];
  const config = {
    hall: { id: 'h1', name: '大厅', timezone: 'Asia/Shanghai' },
    calendar: { country: 'none' },
    employees: [{ id: 'e1', name: '徐敏', credentials: ['1001'] }],
    http: { listen: '127.0.0.1:0', devices: `127.0.0.1:${door}` },
    mqtt: { embedded: { listen: `127.0.0.1:${broker}` } },
    data: join(folder, 'data'),
    diskReserve: '0MB',
    clocks,
    ...more,
  };
  const silent = (): void => {};
  const daemon = new HallDaemon({
    loaded: parseConfig(JSON.stringify(config), join(folder, 'hall.yaml'), { env, lang: 'zh' }),
    clock: systemClock(),
    log: { error: silent, warn: silent, info: silent, debug: silent },
    language: 'zh',
  });
  await daemon.start();
  const { office } = daemon.access.access;
  office.add({ name: 'an', display: '安装', roles: ['installer'], employee: null, departments: [] }, BY_TEST);
  await office.setPassword('an', PASSWORD, BY_TEST);
  const ask = callerOf(daemon.url ?? '');
  const cookie = cookieOf(await ask('/api/v1/sign-in', { body: { name: 'an', password: PASSWORD } })).pair;

  const said = async (device: string, lang: 'zh' | 'en'): Promise<string[]> => {
    const answer = await ask(`/api/v1/devices/${device}?lang=${lang}`, { cookie });
    if (!answer.ok) throw new Error(`the page of ${device} answers ${answer.status}`);
    const { faults } = (await answer.json()) as { readonly faults: readonly { readonly text: string }[] };
    return faults.map(({ text }) => text);
  };
  const sentences = async (device: string): Promise<Sentences> => ({
    zh: await said(device, 'zh'),
    en: await said(device, 'en'),
  });
  return {
    ...{ daemon, door, broker, sentences },
    async says(device, zh, timeoutMs = 180_000) {
      const fits = async (): Promise<boolean> => (await said(device, 'zh')).some((text) => zh.test(text));
      await until(fits, { timeoutMs, what: `${zh} to be said of ${device}` });
      return await sentences(device);
    },
    punches: (device) =>
      [...daemon.core.facts.between({ from: Date.now() - DAY_LENGTH, to: Date.now() + DAY_LENGTH })].filter(
        (fact): fact is PunchFact => fact.fact === 'punch' && fact.device === device,
      ),
    async [Symbol.asyncDispose]() {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
