import type { Command } from 'commander';
import { connectAsync } from 'mqtt';
import { punchTopic } from '../../adapters/topics.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { formatInstant } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { clockBroker } from './clock-broker.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadForCommand } from './load.ts';
import { instantOption } from './options.ts';

interface Options {
  readonly config: string;
  readonly clock?: string;
  readonly at?: string;
}

const TIMEOUT_MS = 5_000;

/** `punch EMPLOYEE`: one simulated punch through the real path, to see whether it arrives. It is judged by nothing. */
export function punchCommand(program: Command, io: Io): void {
  program
    .command('punch')
    .argument('<employee>', tell(io, '人员编号', 'the employee’s id'))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option('--clock <id>', tell(io, '从哪台考勤机', 'from which clock'))
    .option('--at <time>', tell(io, '打卡时间，默认现在', 'the time of the punch; now by default'))
    .description(
      tell(
        io,
        '经真实通道发送一次模拟打卡（不计考勤）',
        'send one simulated punch through the real path (never judged)',
      ),
    )
    .action(async (employee: string, options: Options) => {
      const loaded = await loadForCommand(options.config, io);
      const punch = punchOf(loaded, employee, options, io);
      await publish(loaded, punch, io);
      io.say(tell(io, `已发送：${punch.topic} ${punch.payload}`, `sent: ${punch.topic} ${punch.payload}`));
    });
}

function punchOf({ config, hall }: LoadedConfig, employeeId: string, options: Options, io: Io) {
  const employee = config.employees.find(({ id }) => id === employeeId);
  if (employee === undefined) {
    throw new Exit(EXIT.usage, tell(io, `没有人员“${employeeId}”`, `unknown employee "${employeeId}"`));
  }
  const clock = options.clock ?? config.clocks[0]?.id;
  if (clock === undefined) {
    const said = tell(io, '没有配置考勤机；用 --clock 指定一台', 'no clock is configured; name one with --clock');
    throw new Exit(EXIT.config, said);
  }
  const credential = employee.credentials.find(({ device }) => device === null || device === clock);
  if (credential === undefined) {
    const said = tell(io, `${employeeId} 在 ${clock} 上没有考勤号`, `${employeeId} has no credential on ${clock}`);
    throw new Exit(EXIT.config, said);
  }
  const at = options.at === undefined ? systemClock().now() : instantOption('--at', options.at, io);
  const payload = JSON.stringify({ credential: credential.id, at: formatInstant(hall.zone, at), method: 'simulated' });
  return { clock, topic: punchTopic(hall.id, clock), payload };
}

async function publish(
  loaded: LoadedConfig,
  { clock, topic, payload }: ReturnType<typeof punchOf>,
  io: Io,
): Promise<void> {
  const { url, options } = clockBroker(loaded, clock, TIMEOUT_MS);
  try {
    const client = await connectAsync(url, options);
    await client.publishAsync(topic, payload, { qos: 1 });
    await client.endAsync();
  } catch (error) {
    const because = (error as Error).message;
    throw new Exit(
      EXIT.unavailable,
      tell(io, `连不上 MQTT 服务：${because}`, `the broker could not be reached: ${because}`),
    );
  }
}
