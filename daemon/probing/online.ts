/** Everything that a configuration connects to, each tried once: what can be logged in to is, the rest is only reached. Nothing is written. */
import { connect as connectTcp } from 'node:net';
import { connectAsync } from 'mqtt';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { DeviceFault } from '../../adapters/device-fault.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import type { Config } from '../../config/schema.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { systemElapsed } from '../clock.ts';
import { probeCamera, probeSubject } from './camera.ts';
import { tryPersonModel } from './person.ts';
import { type Reader, StepFailure, Steps, tell } from './steps.ts';

/** What came of one connection. */
export interface Tried {
  /** `mqtt`, `cameras.cam-1`, `notify.channels.duty-room` …, as the configuration has it. */
  readonly what: string;
  /** Without credentials. */
  readonly where: string;
  readonly ok: boolean;
  readonly ms: Ms;
  readonly said: string;
}

export interface OnlineOptions {
  readonly reader: Reader;
  readonly clock: DeviceClock;
  /** Null = there is none, and cameras are only reached. */
  readonly ffmpegPath: string | null;
}

interface Target {
  readonly what: string;
  readonly where: string;
  readonly attempt: () => Promise<string>;
}

const REACH_MS: Ms = 5 * SECOND;
/** So many at once: a slow camera does not hold up the rest, and an old machine is not overrun. */
const AT_ONCE = 4;

/** Tries all of it and tells each as it ends. */
export async function tryAll(config: Config, options: OnlineOptions, told: (tried: Tried) => void): Promise<void> {
  const waiting = targetsOf(config, options);
  const worker = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) told(await tried(target));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function tried({ what, where, attempt }: Target): Promise<Tried> {
  const begunAt = systemElapsed();
  const done = (ok: boolean, said: string): Tried => ({
    what,
    where,
    ok,
    ms: Math.round(systemElapsed() - begunAt),
    said,
  });
  try {
    return done(true, await attempt());
  } catch (error) {
    if (error instanceof StepFailure) return done(false, `${error.message} ${error.remedy}`);
    if (error instanceof DeviceFault || error instanceof Error) return done(false, error.message);
    throw error;
  }
}

function targetsOf(config: Config, options: OnlineOptions): Target[] {
  const { reader } = options;
  const reached = (what: string, address: URL | { host: string; port: number }): Target => {
    const { host, port } = address instanceof URL ? { host: address.hostname, port: portOf(address) } : address;
    return { what, where: `${host}:${port}`, attempt: () => reach(host, port, reader) };
  };
  const { mqtt, metrics, clocks, cameras, person, notify } = config;
  return [
    ...(mqtt?.url == null
      ? []
      : [{ what: 'mqtt', where: shown(mqtt.url), attempt: () => signIn(mqtt.url as string, mqtt, reader) }]),
    ...(metrics?.driver === 'influxdb'
      ? [{ what: 'metrics', where: shown(metrics.url), attempt: () => ping(metrics.url, reader) }]
      : []),
    ...clocks.flatMap(({ id, profile }) => {
      const at = 'host' in profile ? profile : 'url' in profile && profile.url !== null ? new URL(profile.url) : null;
      return at === null ? [] : [reached(`clocks.${id}`, at)];
    }),
    ...cameras.flatMap((camera) => cameraTargets(camera, options)),
    ...(person === null
      ? []
      : [{ what: 'person', where: person.model, attempt: () => tryPersonModel(person, reader) }]),
    ...notify.channels.flatMap((channel) => {
      const at = 'server' in channel ? channel.server : 'url' in channel ? channel.url : null;
      return at === null ? [] : [reached(`notify.channels.${channel.id}`, new URL(at))];
    }),
  ];
}

function cameraTargets({ id, source, witness }: Config['cameras'][number], options: OnlineOptions): Target[] {
  const { reader } = options;
  const found: Target[] = [];
  if (source !== null) {
    const subject = probeSubject(source);
    const where = 'because' in subject ? '' : subject.address.shown;
    found.push({ what: `cameras.${id}`, where, attempt: () => lookAt(source, options) });
  }
  const heard = witness === null ? null : 'url' in witness ? witness.url : (witness.broker?.url ?? null);
  if (heard !== null) {
    const url = new URL(heard);
    const attempt = (): Promise<string> => reach(url.hostname, portOf(url), reader);
    found.push({ what: `cameras.${id}.witness`, where: shown(heard), attempt });
  }
  return found;
}

async function lookAt(source: string, { reader, clock, ffmpegPath }: OnlineOptions): Promise<string> {
  const subject = probeSubject(source);
  if ('because' in subject) throw new Error(subject.because);
  if (ffmpegPath === null) {
    const url = new URL(subject.address.url);
    return reach(url.hostname, portOf(url), reader);
  }
  const said: string[] = [];
  const steps = new Steps((told) => said.push(told.said));
  const { signal } = new AbortController();
  await probeCamera(subject, {
    ...{ clock, gate: new LoginGate(clock), steps, reader, ffmpegPath, withSnapshot: false, signal },
  });
  return said.at(-1) ?? '';
}

async function signIn(
  url: string,
  { username, password }: { readonly username: string | null; readonly password: string | null },
  reader: Reader,
): Promise<string> {
  const client = await connectAsync(url, {
    connectTimeout: REACH_MS,
    reconnectPeriod: 0,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
  });
  await client.endAsync(true);
  return tell(reader, '登录成功', 'signed in');
}

/** Every release of InfluxDB and what speaks like it answers this; whether we may write shows when we do. */
async function ping(url: string, reader: Reader): Promise<string> {
  const address = new URL(url);
  const target = new URL(`${address.pathname.replace(/\/$/, '')}/ping`, address.origin);
  const { status } = await fetch(target, { signal: AbortSignal.timeout(REACH_MS) }).catch((error: Error) => {
    throw new Error(error.cause instanceof Error ? error.cause.message : error.message);
  });
  if (status >= 400) throw new Error(`HTTP ${status}`);
  return tell(reader, '有应答（没有写入）', 'answers (nothing was written)');
}

function reach(host: string, port: number, reader: Reader): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: host.replace(/^\[(.*)\]$/, '$1'), port });
    const late = setTimeout(() => socket.destroy(new Error(`${REACH_MS / SECOND} s`)), REACH_MS);
    socket.once('connect', () => {
      clearTimeout(late);
      socket.destroy();
      resolve(tell(reader, '端口可以连上', 'its port is open'));
    });
    socket.once('error', (error) => {
      clearTimeout(late);
      reject(new Error(tell(reader, `连不上：${error.message}`, `cannot be reached: ${error.message}`)));
    });
  });
}

const PORTS: Readonly<Record<string, number>> = {
  ...{ 'http:': 80, 'https:': 443, 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 },
  ...{ 'rtsp:': 554, 'rtsps:': 322, 'smtp:': 25, 'smtps:': 465, 'onvif:': 80 },
};

const portOf = ({ port, protocol }: URL): number => Number(port) || (PORTS[protocol] ?? 0);

/** Without user name, password, and what may be a key in its query. */
function shown(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
