import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import type { Log } from '../log.ts';
import type { Io } from './io.ts';

/** Says with which ffmpeg cameras are read, or what to do to have one: without it, null, camera states are unknown. */
export async function noteFfmpeg(io: Io, log: Log): Promise<string | null> {
  const found = await locateFfmpeg(io.env);
  if ('missing' in found)
    log.warn({ because: found.missing, remedy: found.remedy }, 'ffmpeg was not found; camera states are unknown');
  else log.info({ path: found.path, version: found.version, source: found.source }, 'ffmpeg was found');
  return 'missing' in found ? null : found.path;
}
