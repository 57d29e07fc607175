/** What a play needs, opened and closed: a folder, the duty room, a real daemon with its own broker, and the devices. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedBroker } from '../../adapters/brokers/embedded.ts';
import { type LoadedConfig, parseConfig } from '../../config/load.ts';
import type { Change } from '../../rules/changes.ts';
import type { Hall } from '../../rules/hall.ts';
import { type Day, instantOf, type Ms } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { HallDaemon } from '../hall-daemon.ts';
import type { Log } from '../log.ts';
import { CURTAIN } from './day.ts';
import { type DutyRoom, openDutyRoom } from './duty-room.ts';
import { CLOCKS, type DemoConfigOptions, demoConfig } from './hall.ts';
import { Stage } from './stage.ts';
import { type SteppedClock, steppedClock } from './stepped-clock.ts';

export interface PlayhouseOptions {
  readonly lang: Language;
  /** Of the pages; 0 = any free one. */
  readonly port: number;
  readonly log: Log;
  /** Real time that has passed. */
  readonly elapsed: () => Ms;
  /** The day that will be played. */
  readonly day: Day;
}

export interface Playhouse extends AsyncDisposable {
  readonly hall: Hall;
  readonly daemon: HallDaemon;
  readonly stage: Stage;
  readonly dutyRoom: DutyRoom;
  readonly clock: SteppedClock;
  /** What the engine has said since the last call. */
  takeChanges(): Change[];
  /** The hall.yaml of this demonstration, with the ports in use: other commands can be pointed at it. */
  readonly configFile: string;
}

/** Where the clock runs hundreds of times faster, pages are shown more often how the hall looks. */
const BOARD_EVERY_MS: Ms = 200;
const HEARTBEAT_MS: Ms = 1_000;

/** Opens everything; rejects with a `ListenError` if the port cannot be had, and leaves nothing behind then. */
export async function openPlayhouse(options: PlayhouseOptions): Promise<Playhouse> {
  await using closers = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-demo-'));
  closers.defer(() => rmSync(folder, { recursive: true, force: true }));
  const secrets = { dutyRoom: writeSecret(folder, 'duty-room.secret'), clocks: writeSecret(folder, 'clocks.secret') };
  const dutyRoom = await openDutyRoom(secrets.dutyRoom.value);
  closers.defer(() => dutyRoom.close());

  const configFile = join(folder, 'hall.yaml');
  const configOf = (mqttPort: number, httpPort: number): string => {
    const { lang } = options;
    const settings: DemoConfigOptions = {
      ...{ lang, mqttPort, httpPort, clockPasswordFile: secrets.clocks.name },
      dutyRoom: { url: dutyRoom.url, secretFile: secrets.dutyRoom.name },
    };
    return demoConfig(settings);
  };
  const loaded = parseConfig(configOf(0, options.port), configFile, { env: {}, lang: options.lang });
  const clock = steppedClock(instantOf(loaded.hall.zone, options.day, CURTAIN.rises), options.elapsed);
  let changes: Change[] = [];
  const broker = brokerOf(loaded, secrets.clocks.value);
  const daemon = new HallDaemon({
    ...{ loaded, clock, log: options.log, language: options.lang },
    committed: (made) => {
      for (const change of made) changes.push(change);
    },
    demonstration: true,
    brokers: [broker],
    boardEveryMs: BOARD_EVERY_MS,
    heartbeatMs: HEARTBEAT_MS,
  });
  closers.defer(() => daemon.stop());
  await daemon.start();
  writeFileSync(configFile, configOf(broker.port ?? 0, Number(URL.parse(daemon.url ?? '')?.port ?? 0)));

  const stage = new Stage({
    ...{ daemon, clock, elapsed: options.elapsed },
    port: broker.port ?? 0,
    clockPassword: secrets.clocks.value,
  });
  closers.defer(() => stage.close());
  await stage.settled();
  for (const device of Object.keys(CLOCKS)) await stage.connect(device);
  await stage.connectWatchers();
  const opened = closers.move();
  return {
    ...{ hall: loaded.hall, daemon, stage, dutyRoom, clock, configFile },
    takeChanges() {
      const taken = changes;
      changes = [];
      return taken;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** On whatever port is free: another broker may well run on this machine. */
function brokerOf({ hall }: LoadedConfig, password: string) {
  const clocks = Object.keys(CLOCKS).map((id) => ({ id, password }));
  return embeddedBroker({ hall: hall.id, host: '127.0.0.1', port: 0, clocks, anonymous: true });
}

function writeSecret(folder: string, name: string): { readonly name: string; readonly value: string } {
  const value = randomBytes(18).toString('base64url');
  writeFileSync(join(folder, name), value, { mode: 0o600 });
  return { name, value };
}
