import type { Command } from 'commander';
import { formatInstant } from '../../rules/time.ts';
import { type ClockJump, systemClock } from '../clock.ts';
import { type Io, tell } from './io.ts';
import { askDaemon, vouchHere } from './ledger.ts';
import { loadToUse } from './load.ts';

/** `trust-clock`: after the server's clock was set, somebody says that it is right now. */
export function trustClockCommand(program: Command, io: Io): void {
  program
    .command('trust-clock')
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .description(
      tell(
        io,
        '服务器的时间被拨动后，确认现在的时间是对的，恢复判定',
        'after the server’s clock was set: say that it is right, and judging goes on',
      ),
    )
    .action(async ({ config }: { config: string }) => {
      const loaded = await loadToUse(config, io);
      const answered = await askDaemon(loaded, { path: '/trust-clock', method: 'POST' });
      const now = formatInstant(loaded.hall.zone, systemClock().now());
      if (answered === null) {
        await vouchHere(loaded, io);
        io.out(tell(io, `记下了：现在是 ${now}。\n`, `It was noted that it is ${now}.\n`));
        return;
      }
      const jump = JSON.parse(answered) as ClockJump | null;
      io.out(
        jump === null
          ? tell(io, `时间没有被拨动过，现在是 ${now}。\n`, `The clock was not set; it is ${now}.\n`)
          : tell(
              io,
              `从现在起按 ${now} 判定；其间缺的打卡不算谁没来。\n`,
              `Judging goes on, and it is ${now}; whatever is missing from the time between is held against nobody.\n`,
            ),
      );
    });
}
