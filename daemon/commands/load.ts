import { formatProblems } from '../../config/explain.ts';
import { ConfigError, type LoadedConfig, loadConfig } from '../../config/load.ts';
import { EXIT, Exit, type Io } from './io.ts';

/** Reads a configuration for a command; what is wrong with it is said, and ends the command. */
export async function loadForCommand(file: string, io: Io): Promise<LoadedConfig> {
  return await load(file, io, io.env);
}

/** As `loadForCommand`, for commands that connect to nothing: secrets that are not set here are not missed. */
export async function loadWithoutSecrets(file: string, io: Io): Promise<LoadedConfig> {
  return await load(file, io, new Proxy(io.env, { get: (env, name) => env[String(name)] ?? 'unset' }));
}

async function load(file: string, io: Io, env: Io['env']): Promise<LoadedConfig> {
  try {
    const loaded = await loadConfig(file, { env, lang: io.lang });
    if (loaded.warnings.length > 0) io.say(formatProblems(loaded.warnings, io.lang));
    return loaded;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Exit(error.reason === 'absent' ? EXIT.noInput : EXIT.config, error.message);
  }
}
