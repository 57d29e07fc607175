import type { Command } from 'commander';
import { connectAsync } from 'mqtt';
import { punchTopic } from '../../adapters/topics.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { formatInstant, parseInstant } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { clockBroker } from './clock-broker.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadForCommand } from './load.ts';

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
      const { topic, payload, clock } = punchOf(loaded, employee, options);
      await publish(loaded, clock, topic, payload);
      io.say(tell(io, `已发送：${topic} ${payload}`, `sent: ${topic} ${payload}`));
    });
}

function punchOf({ config, hall }: LoadedConfig, employeeId: string, options: Options) {
  const employee = config.employees.find(({ id }) => id === employeeId);
  if (employee === undefined) throw new Exit(EXIT.usage, `unknown employee "${employeeId}"`);
  const clock = options.clock ?? config.clocks[0]?.id;
  if (clock === undefined) throw new Exit(EXIT.config, 'no clock is configured; name one with --clock');
  const credential = employee.credentials.find(({ device }) => device === null || device === clock);
  if (credential === undefined) throw new Exit(EXIT.config, `${employeeId} has no credential on ${clock}`);
  const at = options.at === undefined ? systemClock().now() : parseInstant(options.at);
  if (at === null)
    throw new Exit(EXIT.usage, `--at: expected a time such as 2026-03-02T08:55:10+08:00, got "${options.at}"`);
  const payload = JSON.stringify({ credential: credential.id, at: formatInstant(hall.zone, at), method: 'simulated' });
  return { clock, topic: punchTopic(hall.id, clock), payload };
}

async function publish(loaded: LoadedConfig, clock: string, topic: string, payload: string): Promise<void> {
  const { url, options } = clockBroker(loaded, clock, TIMEOUT_MS);
  try {
    const client = await connectAsync(url, options);
    await client.publishAsync(topic, payload, { qos: 1 });
    await client.endAsync();
  } catch (error) {
    throw new Exit(EXIT.unavailable, `the broker could not be reached: ${(error as Error).message}`);
  }
}
