import { formatProblems } from '../../config/explain.ts';
import { ConfigError, type LoadedConfig, loadConfig } from '../../config/load.ts';
import { EXIT, Exit, type Io } from './io.ts';

/** Reads a configuration for a command; what is wrong with it is said, and ends the command. */
export async function loadForCommand(file: string, io: Io): Promise<LoadedConfig> {
  return await load(file, io, false);
}

/** As `loadForCommand`, for commands that connect to nothing: secrets that are not set here are not missed. */
export async function loadWithoutSecrets(file: string, io: Io): Promise<LoadedConfig> {
  return await load(file, io, true);
}

async function load(file: string, io: Io, offline: boolean): Promise<LoadedConfig> {
  try {
    const loaded = await loadConfig(file, { env: io.env, lang: io.lang, offline });
    if (loaded.warnings.length > 0) io.say(formatProblems(loaded.warnings, io.lang));
    return loaded;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Exit(error.reason === 'absent' ? EXIT.noInput : EXIT.config, error.message);
  }
}
