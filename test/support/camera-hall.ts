/** A hall whose cameras are set up while it runs: the real daemon, a hall.yaml with comments, and a camera whose scene is switched. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import type { Role } from '../../daemon/access/actor.ts';
import { systemClock } from '../../daemon/clock.ts';
import { SCENE_SEAT, type SceneMoment, sceneLook } from '../../daemon/demo/seat-scene.ts';
import { HallDaemon } from '../../daemon/hall-daemon.ts';
import { type RtspCamera, type RtspCameraOptions, rtspCamera } from './rtsp-camera.ts';
import { ffmpegPath } from './rtsp-clips.ts';
import { sceneStream } from './seat-stream.ts';

export const PASSWORD = 'zheng-wu-da-ting-2026';
export const CAMERA_LOGIN = { user: 'viewer', password: 'k4mera-p@ss' } as const;
const BY_TEST = { who: 'command', address: null } as const;

/** As a person wrote it. */
export const WRITTEN = `# 大厅，2026 年 3 月启用
hall: { id: county,   name: 某县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"] } }   # 上午
employees:
  - { id: e1, name: 徐敏, schedule: standard, credentials: ["1001"] }
windows:
  - { id: W1, name: 出入境, schedule: standard, a: e1 }
  - { id: W2, name: 户政, schedule: standard, a: e1 }    # 靠门

http: { listen: "127.0.0.1:0" }
diskReserve: 0MB   # 测试机
`;

/** What is in front of the camera. */
const SCENES = { empty: {}, clerk: { clerk: 1 }, covered: { covered: true } } as const satisfies Record<
  string,
  SceneMoment
>;
export type SceneName = keyof typeof SCENES;
const SCENE_SECONDS = 10;
export const SEAT = SCENE_SEAT;

export interface StagedCamera extends AsyncDisposable {
  readonly camera: RtspCamera;
  /** From the next second on. */
  show(scene: SceneName): void;
}

/** A camera at `/sub` that shows an empty seat, or somebody in it. */
export async function stagedCamera(
  options: Omit<RtspCameraOptions, 'videos'> = { login: CAMERA_LOGIN },
): Promise<StagedCamera> {
  const names = Object.keys(SCENES) as SceneName[];
  const acts = names.map((name) => ({ seconds: SCENE_SECONDS, shows: SCENES[name] }));
  const { stream, fps } = sceneStream(await ffmpegPath(), sceneLook(5), acts);
  let scene: SceneName = 'empty';
  const part = (): readonly [number, number] => {
    const from = names.indexOf(scene) * SCENE_SECONDS * fps;
    return [from, from + SCENE_SECONDS * fps];
  };
  const camera = await rtspCamera({ ...options, videos: { sub: { stream, fps, part } } });
  return {
    camera,
    show(next) {
      scene = next;
    },
    [Symbol.asyncDispose]: () => camera.close(),
  };
}

export interface CameraHall extends AsyncDisposable {
  readonly url: string;
  readonly file: string;
  readonly daemon: HallDaemon;
  /** What its log says, as JSON. */
  readonly said: readonly string[];
  /** hall.yaml as it lies there. */
  text(): string;
  /** Makes an account with `PASSWORD`. */
  account(name: string, roles: readonly Role[]): Promise<void>;
  /** Ends the daemon and starts another one on the same data. */
  restart(): Promise<void>;
}

export interface CameraHallOptions {
  readonly text?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export async function openCameraHall({ text = WRITTEN, env = {} }: CameraHallOptions = {}): Promise<CameraHall> {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-cameras-'));
  const file = join(folder, 'hall.yaml');
  writeFileSync(file, text);
  const said: string[] = [];
  const say = (fields: object, phrase: string): void => void said.push(JSON.stringify([phrase, fields]));
  const start = async (): Promise<HallDaemon> => {
    const daemon = new HallDaemon({
      loaded: await loadConfig(file, { env, lang: 'zh' }),
      clock: systemClock(),
      language: 'zh',
      brokers: [],
      ffmpegPath: await ffmpegPath(),
      source: { path: file, env },
      log: { error: say, warn: say, info: say, debug: say },
    });
    daemon.core.ledger.database.exec('pragma synchronous = off');
    await daemon.start();
    return daemon;
  };
  let daemon = await start();
  let isClosed = false;
  return {
    file,
    said,
    get url() {
      return daemon.url ?? '';
    },
    get daemon() {
      return daemon;
    },
    text: () => readFileSync(file, 'utf8'),
    async account(name, roles) {
      const { office } = daemon.access.access;
      office.add({ name, display: name, roles, employee: null, departments: [] }, BY_TEST);
      await office.setPassword(name, PASSWORD, BY_TEST);
    },
    async restart() {
      await daemon.stop();
      daemon = await start();
    },
    async [Symbol.asyncDispose]() {
      if (isClosed) return;
      isClosed = true;
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
