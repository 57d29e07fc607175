import type { Command } from 'commander';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import { ConfigError, loadConfig } from '../../config/load.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { formatInstant } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { ledgerFigures, maskedConfig, surroundings } from '../doctor.ts';
import { type Io, tell } from './io.ts';
import { askDaemon } from './ledger.ts';

/** `doctor`: one file for whoever is asked for help. */
export function doctorCommand(program: Command, io: Io): void {
  program
    .command('doctor')
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .description(
      tell(
        io,
        '汇总一份诊断信息（不含密码、姓名、编号和画面），可以发给帮忙的人：zaigang doctor > doctor.json',
        'one file for whoever is asked for help, without passwords, names, numbers and pictures: zaigang doctor > doctor.json',
      ),
    )
    .action(async ({ config }: { config: string }) => {
      const bundle = await bundleOf(config, io);
      io.out(`${JSON.stringify(bundle, null, 2)}\n`);
      io.say(
        tell(
          io,
          '不含密码、姓名、打卡编号和画面；发出前仍请看一遍。',
          'No passwords, names, credentials or pictures are in it; look through it all the same before you send it.',
        ),
      );
    });
}

async function bundleOf(file: string, io: Io): Promise<object> {
  const located = await locateFfmpeg(io.env);
  const around = surroundings('missing' in located ? located.missing : located.path);
  const madeAt = formatInstant(zoneTable('UTC'), systemClock().now());
  try {
    const loaded = await loadConfig(file, { env: io.env, lang: io.lang, offline: true });
    const live = await askDaemon(loaded, { path: '/doctor', method: 'GET' }).catch((error: Error) =>
      JSON.stringify({ unreachable: error.message }),
    );
    return {
      ...{
        madeAt,
        surroundings: around,
        problems: loaded.warnings.map(({ line, column, message }) => ({ line, column, message })),
      },
      config: maskedConfig(loaded),
      ledger: ledgerFigures(loaded),
      daemon: live === null ? 'does not run' : (JSON.parse(live) as object),
    };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { madeAt, surroundings: around, problems: error.problems };
  }
}
