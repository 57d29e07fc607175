/**
 * Which ffmpeg to use. A file that is there need not run (ffmpeg-static without its download, another C library, a
 * half-unpacked package), so each candidate is asked for its version once, and the first that answers is taken.
 */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import type { Ms } from '../../rules/time.ts';

/** Where a candidate comes from, in the order in which they are tried. */
export type FfmpegSource = 'FFMPEG_PATH' | 'ffmpeg-static' | 'PATH';

export interface FfmpegSetAside {
  readonly source: FfmpegSource;
  readonly path: string;
  /** Why it is not used, as the end of a sentence: "does not exist". */
  readonly because: string;
}

export interface FfmpegFound {
  readonly path: string;
  /** As ffmpeg writes it: "5.1.9-0+deb12u1", "7.1", "N-112047-g…". */
  readonly version: string;
  readonly source: FfmpegSource;
  /** What was meant to come first and did not work. */
  readonly setAside: readonly FfmpegSetAside[];
}

export interface FfmpegMissing {
  /** A sentence for the installer. */
  readonly missing: string;
  /** The one line to run. */
  readonly remedy: string;
  readonly setAside: readonly FfmpegSetAside[];
}

export interface FfmpegOptions {
  /** For each candidate's answer; the first start from a cold disk takes about a second. */
  readonly timeoutMs?: Ms;
  /** Where the program of ffmpeg-static is; null = that package is not installed. Found by itself if left out. */
  readonly staticPath?: string | null;
  /** Decides what the remedy says. */
  readonly platform?: NodeJS.Platform;
}

const ANSWER_TIMEOUT_MS = 10_000;

/** Never rejects: an ffmpeg that is not there is an answer. `env` is where FFMPEG_PATH and PATH are read. */
export async function locateFfmpeg(
  env: NodeJS.ProcessEnv,
  options: FfmpegOptions = {},
): Promise<FfmpegFound | FfmpegMissing> {
  const { timeoutMs = ANSWER_TIMEOUT_MS, platform = process.platform } = options;
  const staticPath = options.staticPath === undefined ? staticFfmpeg(platform) : options.staticPath;
  const setAside: FfmpegSetAside[] = [];
  for (const { source, path } of candidates(env, staticPath, platform)) {
    const answer = await ask(path, env, timeoutMs);
    if ('version' in answer) return { path, version: answer.version, source, setAside };
    // A folder of PATH without ffmpeg is no news; a path that somebody gave is.
    if (source !== 'PATH' || answer.because !== ABSENT) setAside.push({ source, path, because: answer.because });
  }
  const reasons = setAside.map(({ source, path, because }) => `${source} ${path} ${because}`);
  return {
    missing: `No working ffmpeg was found${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}.`,
    remedy: await remedy(env, platform),
    setAside,
  };
}

interface Candidate {
  readonly source: FfmpegSource;
  readonly path: string;
}

function candidates(env: NodeJS.ProcessEnv, staticPath: string | null, platform: NodeJS.Platform): Candidate[] {
  const given = env.FFMPEG_PATH ?? '';
  return [
    ...(given === '' ? [] : [{ source: 'FFMPEG_PATH' as const, path: given }]),
    ...(staticPath === null ? [] : [{ source: 'ffmpeg-static' as const, path: staticPath }]),
    ...onPath(env, programName('ffmpeg', platform)).map((path) => ({ source: 'PATH' as const, path })),
  ];
}

const programName = (name: string, platform: NodeJS.Platform) => (platform === 'win32' ? `${name}.exe` : name);

/** A relative folder of PATH would mean another program in another folder. */
function onPath(env: NodeJS.ProcessEnv, program: string): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  return [...new Set(folders)].map((folder) => join(folder, program));
}

/**
 * The package is optional, and its own module would read another variable (FFMPEG_BIN) of this process; so only its place
 * is asked for. Without its install script, which downloads from GitHub, the package is there and the program is not.
 */
function staticFfmpeg(platform: NodeJS.Platform): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('ffmpeg-static/package.json');
    return join(dirname(manifest), programName('ffmpeg', platform));
  } catch {
    return null;
  }
}

const ABSENT = 'does not exist';

async function ask(
  path: string,
  env: NodeJS.ProcessEnv,
  timeoutMs: Ms,
): Promise<{ readonly version: string } | { readonly because: string }> {
  if (!isAbsolute(path)) return { because: 'is not an absolute path' };
  const blocked = await access(path, constants.X_OK).then(() => null, String);
  if (blocked !== null) return { because: blocked.includes('ENOENT') ? ABSENT : 'may not be executed' };
  return new Promise((resolve) => {
    const limits = { env, timeout: timeoutMs, killSignal: 'SIGKILL' as const, windowsHide: true };
    execFile(path, ['-hide_banner', '-version'], limits, (error, output) => {
      if (error?.killed) return resolve({ because: `did not answer within ${timeoutMs} ms` });
      if (error) return resolve({ because: failure(error) });
      const version = /^ffmpeg version (\S+)/m.exec(output)?.[1];
      resolve(version === undefined ? { because: 'is not ffmpeg: it does not say its version' } : { version });
    });
  });
}

function failure(error: { readonly code?: string | number | null; readonly signal?: string | null }): string {
  if (typeof error.code === 'number') return `ended with exit code ${error.code}`;
  if (error.signal) return `was ended by ${error.signal}`;
  return `cannot be started (${error.code ?? 'no reason given'})`;
}

async function remedy(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Promise<string> {
  const has = async (program: string) => {
    const places = onPath(env, programName(program, platform)).map((path) => access(path, constants.X_OK));
    return (await Promise.allSettled(places)).some(({ status }) => status === 'fulfilled');
  };
  if (await has('apt-get')) return 'apt-get update && apt-get install -y --no-install-recommends ffmpeg';
  if (await has('apk')) return 'apk add ffmpeg';
  if (await has('brew')) return 'brew install ffmpeg';
  return 'Install ffmpeg from https://ffmpeg.org/download.html and set FFMPEG_PATH to its program.';
}
