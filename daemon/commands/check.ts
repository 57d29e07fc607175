import type { Command } from 'commander';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import { formatProblems, type Problem } from '../../config/explain.ts';
import { ConfigError, loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { systemAfter, systemClock, systemElapsed } from '../clock.ts';
import { type Tried, tryAll } from '../probing/online.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

/** `check [file] [--online] [--json]`: every problem of a configuration at once; and what it connects to. */
export function checkCommand(program: Command, io: Io): void {
  program
    .command('check')
    .argument('[file]', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option(
      '--online',
      tell(io, '再逐一试连设备、消息服务、时序库和通知渠道', 'try each device, broker, store and channel, too'),
    )
    .option('--json', tell(io, '以 JSON 输出', 'as JSON'))
    .description(tell(io, '检查配置：一次列出所有问题', 'check the configuration: every problem at once'))
    .action(async (file: string, options: { json?: boolean; online?: boolean }) => {
      const { problems, reason, config } = await problemsOf(file, io);
      const isJson = options.json === true;
      if (isJson && options.online !== true) io.out(`${JSON.stringify(problems)}\n`);
      else if (problems.length > 0) io.say(formatProblems(problems, io.lang));
      if (reason !== null) {
        if (isJson && options.online === true) io.out(`${JSON.stringify({ problems, tried: [] })}\n`);
        throw new Exit(reason === 'absent' ? EXIT.noInput : EXIT.config);
      }
      io.say(tell(io, `${file} 没有错误。`, `${file} has no errors.`));
      if (config?.judgeFrom === null) {
        const said = tell(
          io,
          '没有写 judgeFrom（从哪天起正式评判）：考勤机里存着的一条旧打卡，就会使从那天起的每一天对所有人判定。',
          'There is no judgeFrom (from which day on is judged): one old punch that a clock has kept will have every day since then judged for everybody.',
        );
        io.say(said);
      }
      if (options.online === true && config !== null) await tryOnline(config, { problems, isJson }, io);
    });
}

async function problemsOf(file: string, io: Io) {
  try {
    const { warnings, config } = await loadConfig(file, { env: io.env, lang: io.lang });
    return { problems: warnings, reason: null, config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems, reason: error.reason, config: null };
  }
}

/** Tells each connection as it ends; one that fails makes the answer 69. */
async function tryOnline(
  config: Config,
  { problems, isJson }: { readonly problems: readonly Problem[]; readonly isJson: boolean },
  io: Io,
): Promise<void> {
  const located = await locateFfmpeg(io.env);
  const clock = { now: systemClock().now, elapsed: systemElapsed, after: systemAfter };
  const all: Tried[] = [];
  const options = { reader: io, clock, ffmpegPath: 'missing' in located ? null : located.path };
  await tryAll(config, options, (tried) => {
    all.push(tried);
    if (!isJson) io.out(`${tried.ok ? '✓' : '✗'} ${tried.what}  ${tried.where}  ${tried.said}  (${tried.ms} ms)\n`);
  });
  if (isJson) io.out(`${JSON.stringify({ problems, tried: all })}\n`);
  const failed = all.filter(({ ok }) => !ok).length;
  if (failed > 0) {
    const said = tell(
      io,
      `${all.length} 项连接中有 ${failed} 项不通。`,
      `${failed} of ${all.length} connections failed.`,
    );
    throw new Exit(EXIT.unavailable, said);
  }
  const said =
    all.length === 0
      ? tell(
          io,
          '配置里没有可以试连的设备、服务或渠道。',
          'the configuration names no device, broker, store or channel to try.',
        )
      : tell(io, `${all.length} 项连接都通。`, `all ${all.length} connections work.`);
  io.say(said);
}
