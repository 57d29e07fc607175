import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import type { DeviceClock } from '../../adapters/device-clock.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { systemAfter, systemClock, systemElapsed } from '../clock.ts';
import { probeCamera, probeSubject } from '../probing/camera.ts';
import { StepFailure } from '../probing/steps.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadForCommand } from './load.ts';
import { probeClock } from './probe-clock.ts';
import { ProbeTalk } from './probe-talk.ts';

interface Options {
  readonly config?: string;
  readonly wait: string;
  readonly json?: boolean;
}

/** `probe SOURCE`: one camera or clock, step by step, each step timed. */
export function probeCommand(program: Command, io: Io): void {
  program
    .command('probe')
    .argument(
      '<source>',
      tell(
        io,
        'rtsp、rtsps、http、https 地址，onvif://用户名:密码@地址[:端口]，或配置里摄像头、考勤机的编号',
        'an rtsp, rtsps, http or https address, onvif://user:password@host[:port], or the id of a camera or clock in the configuration',
      ),
    )
    .option('--config <file>', tell(io, '配置文件，默认 hall.yaml', 'the configuration; hall.yaml by default'))
    .option('--wait <seconds>', tell(io, '等考勤机的消息最多多久', 'how long to wait for a word of the clock'), '60')
    .option('--json', tell(io, '以 JSON 输出', 'as JSON'))
    .description(tell(io, '逐步测试一台摄像头或考勤机', 'test one camera or clock step by step'))
    .action((source: string, options: Options) => probe(source, options, io));
}

async function probe(source: string, options: Options, io: Io): Promise<void> {
  const waitMs = waitOption(options.wait, io);
  const subject = await subjectOf(source, options, io);
  const talk = new ProbeTalk(io, options.json === true);
  try {
    if (subject.kind === 'camera') await probeOneCamera(subject.source, talk, io);
    else await probeClock(subject, waitMs, talk.steps, io);
    talk.end(subject.shown, null);
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    talk.end(subject.shown, error);
  }
}

async function probeOneCamera(source: string, { steps }: ProbeTalk, io: Io): Promise<void> {
  const found = await locateFfmpeg(io.env);
  if ('missing' in found) throw new Exit(EXIT.unavailable, `${found.missing}\n${found.remedy}`);
  const camera = probeSubject(source);
  if ('because' in camera) throw new Exit(EXIT.usage, `${source.split('@').at(-1)}: ${camera.because}`);
  const clock: DeviceClock = { now: systemClock().now, elapsed: systemElapsed, after: systemAfter };
  const stopping = new AbortController();
  // Its ffmpeg would go on looking at a camera that is silent.
  const quit = (): void => stopping.abort();
  process.once('SIGINT', quit).once('SIGTERM', quit);
  try {
    const gate = new LoginGate(clock);
    const { signal } = stopping;
    await probeCamera(camera, { clock, gate, steps, reader: io, ffmpegPath: found.path, withSnapshot: true, signal });
  } catch (error) {
    throw stopping.signal.aborted ? new Exit(EXIT.no) : error;
  } finally {
    process.off('SIGINT', quit).off('SIGTERM', quit);
  }
}

/** What is tested; `shown` is without credentials. */
type Subject =
  | { readonly kind: 'camera'; readonly source: string; readonly shown: string }
  | { readonly kind: 'clock'; readonly clock: string; readonly loaded: LoadedConfig; readonly shown: string };

async function subjectOf(text: string, { config }: Options, io: Io): Promise<Subject> {
  if (text.includes('://')) return { kind: 'camera', source: text, shown: text.replace(/\/\/\S*@/, '//***@') };
  const file = config ?? 'hall.yaml';
  if (config === undefined && !existsSync(file)) throw new Exit(EXIT.usage, unknown(text, [], file, io));
  const loaded = await loadForCommand(file, io);
  const { cameras, clocks } = loaded.config;
  const camera = cameras.find(({ id }) => id === text);
  if (camera?.source === null) {
    const said = tell(
      io,
      `摄像头 ${text} 没有 source，没有画面可测`,
      `the camera ${text} has no source: there is no picture to test`,
    );
    throw new Exit(EXIT.config, said);
  }
  if (camera !== undefined) return { kind: 'camera', source: camera.source, shown: text };
  if (clocks.some(({ id }) => id === text)) return { kind: 'clock', clock: text, loaded, shown: text };
  const known = [...cameras, ...clocks].map(({ id }) => id);
  throw new Exit(EXIT.noInput, unknown(text, known, file, io));
}

function unknown(text: string, known: readonly string[], file: string, io: Io): string {
  const ids =
    known.length === 0 ? '' : tell(io, `；${file} 里有 ${known.join('、')}`, `; ${file} has ${known.join(', ')}`);
  return tell(
    io,
    `"${text}" 不是地址（如 rtsp://…、onvif://…），也不是 ${file} 里摄像头或考勤机的编号${ids}`,
    `"${text}" is neither an address (such as rtsp://… or onvif://…) nor the id of a camera or clock in ${file}${ids}`,
  );
}

const LONGEST_WAIT_MS = 60 * MINUTE;

function waitOption(text: string, io: Io): Ms {
  const ms = /^\d{1,4}$/.test(text) ? Number(text) * SECOND : 0;
  if (ms > 0 && ms <= LONGEST_WAIT_MS) return ms;
  throw new Exit(
    EXIT.usage,
    tell(io, `--wait：应为 1 到 3600 秒，不是 "${text}"`, `--wait: expected 1 to 3600 seconds, got "${text}"`),
  );
}
