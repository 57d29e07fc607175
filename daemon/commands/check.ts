import type { Command } from 'commander';
import { formatProblems } from '../../config/explain.ts';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

/** `check [file] [--json]`: every problem of a configuration at once. */
export function checkCommand(program: Command, io: Io): void {
  program
    .command('check')
    .argument('[file]', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option('--json', tell(io, '以 JSON 输出', 'as JSON'))
    .description(tell(io, '检查配置：一次列出所有问题', 'check the configuration: every problem at once'))
    .action(async (file: string, options: { json?: boolean }) => {
      const { problems, reason } = await problemsOf(file, io);
      if (options.json === true) io.out(`${JSON.stringify(problems)}\n`);
      else if (problems.length > 0) io.say(formatProblems(problems, io.lang));
      if (reason !== null) throw new Exit(reason === 'absent' ? EXIT.noInput : EXIT.config);
      io.say(tell(io, `${file} 没有错误。`, `${file} has no errors.`));
    });
}

async function problemsOf(file: string, io: Io) {
  try {
    const { warnings } = await loadConfig(file, { env: io.env, lang: io.lang });
    return { problems: warnings, reason: null };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems, reason: error.reason };
  }
}
