/** The steps of probing a camera: from its address to what its picture is like. */
import { lookup } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GrayPicture } from '../../adapters/camera.ts';
import { type AddressRefused, type CameraAddress, readAddress } from '../../adapters/cameras/camera-address.ts';
import { dialectOf } from '../../adapters/cameras/ffmpeg-command.ts';
import type { Loss } from '../../adapters/cameras/loss.ts';
import {
  OnvifCamera,
  type OnvifProfile,
  readOnvifAddress,
  streamToWatch,
  withLogin,
} from '../../adapters/cameras/onvif-device.ts';
import { loginOf } from '../../adapters/cameras/onvif-soap.ts';
import { fetchSnapshot } from '../../adapters/cameras/snapshot.ts';
import { streamInfo } from '../../adapters/cameras/stream-info.ts';
import { DeviceFault } from '../../adapters/device-fault.ts';
import type { HttpSurroundings } from '../../adapters/device-http.ts';
import { withPass } from '../../adapters/device-http.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { ProbeReader } from './reader.ts';
import { type Reader, StepFailure, type Steps, tell } from './steps.ts';
import { faultFailure, lossFailure, offlineFailure, pictureFailure } from './words.ts';

const CONNECT_MS: Ms = 3 * SECOND;
const OPEN_MS: Ms = 15 * SECOND;
const SNAPSHOT_MS: Ms = 10 * SECOND;
/** Further between keyframes than this, a seat that empties is seen late. */
const KEYFRAMES_APART_MS: Ms = 4 * SECOND;
/** A camera's clock may be as wrong as this before people mind. */
const AHEAD_MS: Ms = 60 * SECOND;

export interface ProbeSurroundings extends HttpSurroundings {
  readonly steps: Steps;
  readonly reader: Reader;
  readonly ffmpegPath: string;
  /** Whether a picture is asked of its web service, too; it is not needed for anything but to know. */
  readonly withSnapshot: boolean;
  /** Is shown each picture, large enough for people, where somebody wants to see them. */
  readonly seen?: (view: GrayPicture) => void;
  /** Ends the test; it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** What is tested: a video's address, or a camera that tells by ONVIF where its videos are. */
export interface ProbeSubject {
  readonly address: CameraAddress;
  readonly isOnvif: boolean;
}

/** A source that is not one is refused with the reason, as the end of a sentence. */
export function probeSubject(source: string): ProbeSubject | AddressRefused {
  const isOnvif = /^onvif:/i.test(source);
  const address = isOnvif ? readOnvifAddress(source) : readAddress(source);
  return 'because' in address ? address : { address, isOnvif };
}

/**
 * Tests a camera; the answer is the address of the video that was looked at. Rejects with the `StepFailure` of the first step that
 * does not do. A login is tried once.
 */
export async function probeCamera(
  { address, isOnvif }: ProbeSubject,
  around: ProbeSurroundings,
): Promise<CameraAddress> {
  const { withSnapshot } = around;
  await reach(address, around);
  const offered = isOnvif ? await askOnvif(address, around) : null;
  const stream = offered?.stream ?? address;
  await watchStream(stream, around);
  if (offered !== null && withSnapshot) await takeSnapshot(offered, address, around);
  return stream;
}

/** That its host is known, and its port open. */
export async function reach(
  address: CameraAddress,
  { steps, reader }: Pick<ProbeSurroundings, 'steps' | 'reader'>,
): Promise<void> {
  const ip = await steps.run('address', () => resolved(address, reader));
  await steps.run('port', () => open(ip, portOf(address), reader));
}

const PORTS: Readonly<Record<string, number>> = { rtsp: 554, rtsps: 322, http: 80, https: 443 };

const portOf = ({ scheme, url }: CameraAddress): number => Number(new URL(url).port) || (PORTS[scheme] ?? 0);

async function resolved(address: CameraAddress, io: Reader) {
  const host = address.host.replace(/^\[(.*)\]$/, '$1');
  try {
    const { address: ip } = await lookup(host);
    return [ip, { said: ip === host ? address.shown : `${address.shown} → ${ip}`, data: { ip } }] as const;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const said = tell(io, `找不到主机 ${host}（${code}）`, `the host ${host} cannot be found (${code})`);
    const remedy = tell(io, '核对主机名，或直接写 IP 地址。', 'Check the host’s name, or write its IP address.');
    throw new StepFailure('unavailable', 'unknown-host', said, remedy);
  }
}

function open(host: string, port: number, io: Reader) {
  return new Promise<readonly [null, { readonly said: string }]>((resolve, reject) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const fail = (detail: string): void => {
      socket.destroy();
      reject(offlineFailure(io, detail));
    };
    socket.once('connect', () => {
      socket.destroy();
      resolve([null, { said: tell(io, `${port} 可以连上`, `${port} is open`) }]);
    });
    socket.once('timeout', () =>
      fail(
        tell(
          io,
          `${port}：${CONNECT_MS / SECOND} 秒内连不上`,
          `${port}: no connection within ${CONNECT_MS / SECOND} s`,
        ),
      ),
    );
    socket.once('error', (error: NodeJS.ErrnoException) => fail(`${port}: ${error.code ?? error.message}`));
  });
}

interface Offered {
  readonly stream: CameraAddress;
  readonly camera: OnvifCamera;
  readonly profile: OnvifProfile;
}

/** Speaks to its web service, and logs in there. */
export async function greet(
  address: CameraAddress,
  around: HttpSurroundings & Pick<ProbeSurroundings, 'steps' | 'reader'>,
): Promise<OnvifCamera> {
  const { steps, reader: io } = around;
  const camera = new OnvifCamera(around, address);
  await steps.run('onvif', () =>
    explained(io, async () => {
      const { aheadMs, namedHost } = await camera.connect();
      const said = [
        aheadMs === null ? tell(io, '不报时间', 'does not tell the time') : aheadText(aheadMs, io),
        ...(namedHost === null
          ? []
          : [
              tell(
                io,
                `自称 ${namedHost}，仍用 ${address.host}`,
                `calls itself ${namedHost}; ${address.host} is used all the same`,
              ),
            ]),
      ];
      return [null, { said: said.join(tell(io, '；', '; ')), data: { aheadMs, namedHost } }] as const;
    }),
  );
  await steps.run('login', () =>
    explained(io, async () => {
      const information = await camera.information();
      const { maker, model, firmware } = information;
      const who = [maker, model, firmware].filter((text) => text !== null).join(' ');
      const how = camera.door.isLoggedIn ? '' : tell(io, '，不需要登录', '; no login needed');
      return [null, { said: `${who}${how}`, data: { ...information } }] as const;
    }),
  );
  return camera;
}

/** Where the video of a profile is, with the login that its web service was asked with. */
export async function streamOf(
  camera: OnvifCamera,
  { token }: OnvifProfile,
  address: CameraAddress,
): Promise<CameraAddress> {
  const stream = readAddress(withLogin(await camera.streamUrl(token), address));
  if ('because' in stream) throw new DeviceFault('refused', `its stream ${stream.because}`);
  return stream;
}

async function askOnvif(address: CameraAddress, around: ProbeSurroundings): Promise<Offered> {
  const { steps, reader: io } = around;
  const camera = await greet(address, around);
  return await steps.run('profiles', () =>
    explained(io, async () => {
      const profiles = await camera.profiles();
      const profile = streamToWatch(profiles);
      if (profile === null) throw new DeviceFault('refused', 'offers no profile');
      const stream = await streamOf(camera, profile, address);
      const list = profiles.map((one) => profileText(one, io)).join(tell(io, '；', '; '));
      const said = tell(
        io,
        `${list}。选用 ${profile.name}：${stream.shown}`,
        `${list}. ${profile.name} is taken: ${stream.shown}`,
      );
      return [
        { stream, camera, profile },
        { said, data: { profiles, taken: profile.token, stream: stream.shown.replace('***@', '') } },
      ] as const;
    }),
  );
}

/** Cameras put logins into the query, too. */
function shownOf(url: string): string {
  const address = readAddress(url);
  return 'because' in address ? '' : address.shown;
}

/** One trial of a login, unless it was refused lately at this host. */
async function tried<T>(
  { host, login }: CameraAddress,
  { gate, signal }: Pick<ProbeSurroundings, 'gate' | 'signal'>,
  act: () => Promise<T | Loss>,
): Promise<T | Loss> {
  if (login === null) return await act();
  const [user = '', password = ''] = login.split('\n');
  return await withPass(gate, { host, login: { user, password }, signal }, async (pass) => {
    const got = await act();
    const reason = typeof got === 'object' && got !== null && 'reason' in got ? got.reason : null;
    if (reason === 'wrong-login' || reason === 'locked-out') pass.refused(reason);
    else if (reason === null) pass.accepted();
    return got;
  });
}

/** The web service's faults as failures of the step. */
export async function explained<T>(io: Reader, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof DeviceFault ? faultFailure(io, error) : error;
  }
}

function aheadText(aheadMs: Ms, io: Reader): string {
  const seconds = Math.round(Math.abs(aheadMs) / SECOND);
  if (Math.abs(aheadMs) <= AHEAD_MS) return tell(io, '时间准', 'its clock is right');
  return aheadMs > 0
    ? tell(io, `摄像头的时间快 ${seconds} 秒`, `its clock is ${seconds} s fast`)
    : tell(io, `摄像头的时间慢 ${seconds} 秒`, `its clock is ${seconds} s slow`);
}

function profileText({ name, codec, widthPx, heightPx, fps, keyframeEvery }: OnvifProfile, io: Reader): string {
  const size = widthPx === null ? '' : ` ${widthPx}×${heightPx}`;
  const rate = fps === null ? '' : ` ${fps} fps`;
  const apart = fps === null || fps === 0 || keyframeEvery === null ? null : keyframeEvery / fps;
  const keyframes =
    apart === null ? '' : tell(io, `，关键帧 ${oneDigit(apart)} 秒一幅`, `, a keyframe every ${oneDigit(apart)} s`);
  return `${name} ${codec ?? tell(io, '无视频', 'no video')}${size}${rate}${keyframes}`;
}

const oneDigit = (number: number): string => number.toFixed(1).replace(/\.0$/, '');

async function watchStream(address: CameraAddress, around: ProbeSurroundings): Promise<void> {
  const { steps, reader: io, clock, ffmpegPath, gate, signal, seen } = around;
  const dialect = await dialectOf(ffmpegPath);
  await steps.run('stream', async () => {
    const question = { ffmpeg: { path: ffmpegPath, dialect }, address, clock, timeoutMs: OPEN_MS, signal };
    const info = await explained(io, () => tried(address, around, () => streamInfo(question)));
    signal.throwIfAborted();
    if ('reason' in info) throw lossFailure(io, info);
    const { codec, widthPx, heightPx, fps } = info;
    const size = widthPx === null ? tell(io, '大小未知', 'of unknown size') : `${widthPx}×${heightPx}`;
    const login = address.login === null ? '' : tell(io, '登录成功，', 'login accepted; ');
    return [null, { said: `${login}${codec} ${size}${fps === null ? '' : ` ${fps} fps`}`, data: { ...info } }] as const;
  });
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-probe-'));
  const reader = new ProbeReader({ address, ffmpegPath, dataFolder: folder, clock, gate, ...(seen && { seen }) });
  const stop = (): void => void reader.stop();
  signal.addEventListener('abort', stop);
  try {
    await steps.run('first-frame', async () => {
      signal.throwIfAborted();
      const first = await reader.first();
      signal.throwIfAborted();
      if ('reason' in first) throw lossFailure(io, first);
      return [null, { said: tell(io, '有画面', 'there is a picture') }] as const;
    });
    await steps.run('interval', () => interval(reader, io, signal));
    await steps.run('picture', async () => {
      const { fault, brightness, contrast } = reader.health();
      if (fault !== null) throw pictureFailure(io, fault);
      const data = { brightness: Math.round(brightness), contrast: Math.round(contrast) };
      const said = tell(
        io,
        `清楚（亮度 ${data.brightness}/255，对比度 ${data.contrast}）`,
        `can be seen well (brightness ${data.brightness} of 255, contrast ${data.contrast})`,
      );
      return [null, { said, data }] as const;
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function interval(reader: ProbeReader, io: Reader, signal: AbortSignal) {
  const seen = await reader.several();
  signal.throwIfAborted();
  if ('reason' in seen) throw lossFailure(io, seen);
  const { intervalMs, quality } = seen;
  if (intervalMs === null) throw lossFailure(io, { reason: 'few-keyframes', detail: '' });
  const apart = oneDigit(intervalMs / SECOND);
  const data = { keyframesApartMs: Math.round(intervalMs), quality };
  if (intervalMs <= KEYFRAMES_APART_MS)
    return [null, { said: tell(io, `关键帧 ${apart} 秒一幅`, `a keyframe every ${apart} s`), data }] as const;
  const said = tell(
    io,
    `关键帧 ${apart} 秒一幅，偏少；建议设为 2 秒`,
    `a keyframe every ${apart} s, which is rare; set it to 2 s`,
  );
  return [null, { said, data }] as const;
}

async function takeSnapshot(
  { camera, profile }: Offered,
  address: CameraAddress,
  around: ProbeSurroundings,
): Promise<void> {
  const { steps, reader: io } = around;
  await steps.run('snapshot', () =>
    explained(io, async () => {
      const url = await camera.snapshotUrl(profile.token);
      if (url === null)
        return [null, { said: tell(io, '不提供抓拍（不影响使用）', 'none offered (which does no harm)') }] as const;
      const { widthPx, heightPx, jpeg } = await fetchSnapshot(around, {
        url,
        login: loginOf(address),
        timeoutMs: SNAPSHOT_MS,
      });
      const kilobytes = Math.round(jpeg.length / 1024);
      return [
        null,
        {
          said: `JPEG ${widthPx}×${heightPx}, ${kilobytes} kB`,
          data: { widthPx, heightPx, bytes: jpeg.length, url: shownOf(url) },
        },
      ] as const;
    }),
  );
}
