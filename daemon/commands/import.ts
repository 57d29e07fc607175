import { Argument, type Command } from 'commander';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { importIntoLedger } from './ledger.ts';
import { linesOf } from './lines.ts';
import { loadWithoutSecrets } from './load.ts';
import { problemText } from './replay.ts';

/** `import facts FILE`: JSON Lines into the ledger; nothing unless all is well, or `--partial`. */
export function importCommand(program: Command, io: Io): void {
  program
    .command('import')
    .addArgument(new Argument('<what>', tell(io, '导入什么', 'what')).choices(['facts']))
    .argument('<file>', tell(io, 'JSON Lines 文件，- 为标准输入', 'a file of JSON Lines, - for standard input'))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option('--partial', tell(io, '有错的行不导入，其余照导', 'take the good lines even where others are bad'))
    .description(
      tell(io, '导入事实：逐行检查，全部正确才导入', 'facts into the ledger: every line checked, all or nothing'),
    )
    .action(async (_what: string, file: string, options: { config: string; partial?: boolean }) => {
      const loaded = await loadWithoutSecrets(options.config, io);
      const lines: string[] = [];
      for await (const line of linesOf(file)) lines.push(line);
      const done = await importIntoLedger(loaded, lines.join('\n'), options.partial === true, io);
      if (done.problems.length > 0) io.say(problemText(file, done.problems, io));
      if (done.problems.length > 0 && options.partial !== true) throw new Exit(EXIT.badInput);
      io.say(
        tell(io, `新增 ${done.added} 条，已有 ${done.known} 条。`, `${done.added} added, ${done.known} known already.`),
      );
    });
}
