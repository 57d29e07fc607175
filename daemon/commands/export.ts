import { Argument, type Command } from 'commander';
import { EXPORTED, type Exported } from '../lines/ledger-lines.ts';
import { type Io, tell } from './io.ts';
import { exportLedger } from './ledger.ts';
import { loadWithoutSecrets } from './load.ts';
import { instantOption } from './options.ts';

/** `export facts|verdicts|history|forecast`: the ledger as JSON Lines, and what it foretells. */
export function exportCommand(program: Command, io: Io): void {
  program
    .command('export')
    .addArgument(new Argument('<what>', tell(io, '导出什么', 'what')).choices(EXPORTED))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option('--since <time>', tell(io, '从这一刻起', 'from this time on'))
    .description(
      tell(
        io,
        '导出账本中的事实、现有结论、变化历史，或今后工作日的缺岗预警',
        'the ledger’s facts, the verdicts that hold, their history, or the sessions ahead that nobody can hold',
      ),
    )
    .action(async (what: Exported, options: { config: string; since?: string }) => {
      const since = options.since === undefined ? null : instantOption('--since', options.since, io);
      const loaded = await loadWithoutSecrets(options.config, io);
      await exportLedger(loaded, what, since, io, (text) => io.out(text));
    });
}
