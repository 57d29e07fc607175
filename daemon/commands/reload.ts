import type { Command } from 'commander';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { askDaemon } from './ledger.ts';
import { loadToUse } from './load.ts';

/** `reload`: the running daemon reads its configuration again; a bad one changes nothing. */
export function reloadCommand(program: Command, io: Io): void {
  program
    .command('reload')
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .description(
      tell(
        io,
        '让运行中的守护程序重新读取配置；有错则什么都不变',
        'have the running daemon read its configuration again',
      ),
    )
    .action(async ({ config }: { config: string }) => {
      const loaded = await loadToUse(config, io);
      const answered = await askDaemon(loaded, { path: `/reload?lang=${io.lang}`, method: 'POST' });
      if (answered === null) {
        throw new Exit(EXIT.unavailable, tell(io, '守护程序没有在运行。', 'The daemon does not run.'));
      }
      const { refused, lines } = JSON.parse(answered) as { refused: string | null; lines: readonly string[] };
      if (refused !== null) throw new Exit(EXIT.config, refused);
      for (const line of lines) io.out(`${line}\n`);
    });
}
