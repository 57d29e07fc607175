import { formatProblems } from '../../config/explain.ts';
import { ConfigError, type LoadedConfig, loadConfig } from '../../config/load.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

/** Reads a configuration for a command; what is wrong with it is said, and ends the command. Of warnings, how many there are. */
export async function loadForCommand(file: string, io: Io): Promise<LoadedConfig> {
  return brief(await load(file, io, false), file, io);
}

/** As `loadForCommand`, for commands that connect to nothing: secrets that are not set here are not missed. */
export async function loadWithoutSecrets(file: string, io: Io): Promise<LoadedConfig> {
  return brief(await load(file, io, true), file, io);
}

/** As `loadForCommand`, for commands that put the configuration in force: every warning is said. */
export async function loadToUse(file: string, io: Io): Promise<LoadedConfig> {
  const loaded = await load(file, io, false);
  if (loaded.warnings.length > 0) io.say(formatProblems(loaded.warnings, io.lang));
  return loaded;
}

function brief(loaded: LoadedConfig, file: string, io: Io): LoadedConfig {
  const { length } = loaded.warnings;
  if (length > 0) {
    const many = length === 1 ? '1 warning' : `${length} warnings`;
    io.say(tell(io, `${file}：${length} 处提醒（zaigang check 可看）`, `${file}: ${many} (zaigang check shows them)`));
  }
  return loaded;
}

async function load(file: string, io: Io, offline: boolean): Promise<LoadedConfig> {
  try {
    return await loadConfig(file, { env: io.env, lang: io.lang, offline });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Exit(error.reason === 'absent' ? EXIT.noInput : EXIT.config, error.message);
  }
}
