import type { Command } from 'commander';
import { connectAsync } from 'mqtt';
import { punchTopic } from '../../adapters/topics.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { Book } from '../../rules/book.ts';
import { formatInstant } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { type Asked, type TouchAnswer, touchOf } from '../clocks/touch-of.ts';
import { brokerFault, clockBroker, requireClock } from './clock-broker.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { askDaemon } from './ledger.ts';
import { loadForCommand } from './load.ts';
import { instantOption } from './options.ts';

interface Options {
  readonly config: string;
  readonly clock?: string;
  readonly at?: string;
}

interface Punch {
  readonly clock: string;
  readonly topic: string;
  readonly payload: string;
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
      const punch = await punchOf(loaded, employee, options, io);
      await publish(loaded, punch, io);
      io.say(tell(io, `已发送：${punch.topic} ${punch.payload}`, `sent: ${punch.topic} ${punch.payload}`));
    });
}

/** People, and credentials, that the file does not name are known to the daemon if it runs. */
async function touchOfPerson(loaded: LoadedConfig, asked: Asked): Promise<TouchAnswer> {
  const { employee, clock, at } = asked;
  const query = new URLSearchParams({ employee, at: String(at), ...(clock === null ? {} : { clock }) });
  const answered = await askDaemon(loaded, { path: `/touch?${query}`, method: 'GET' });
  if (answered !== null) return JSON.parse(answered) as TouchAnswer;
  return touchOf(loaded.hall, new Book({ countSimulated: true }), asked);
}

async function punchOf(loaded: LoadedConfig, employee: string, options: Options, io: Io): Promise<Punch> {
  const { hall } = loaded;
  if (options.clock !== undefined) requireClock(loaded, options.clock, io);
  const at = options.at === undefined ? systemClock().now() : instantOption('--at', options.at, io);
  const found = await touchOfPerson(loaded, { employee, clock: options.clock ?? null, at });
  if ('none' in found) throw noTouch(found.none, employee, options.clock, io);
  const { clock, credential } = found;
  const payload = JSON.stringify({ credential, at: formatInstant(hall.zone, at), method: 'simulated' });
  return { clock, topic: punchTopic(hall.id, clock), payload };
}

function noTouch(none: 'employee' | 'clock' | 'credential', employee: string, clock: string | undefined, io: Io): Exit {
  if (none === 'employee') {
    return new Exit(EXIT.usage, tell(io, `没有人员“${employee}”`, `unknown employee "${employee}"`));
  }
  if (none === 'clock') {
    const said = tell(io, '没有配置考勤机；用 --clock 指定一台', 'no clock is configured; name one with --clock');
    return new Exit(EXIT.config, said);
  }
  const said =
    clock === undefined
      ? tell(io, `${employee} 那时在哪台考勤机上都没有考勤号`, `${employee} has no credential on any clock then`)
      : tell(io, `${employee} 那时在 ${clock} 上没有考勤号`, `${employee} has no credential on ${clock} then`);
  return new Exit(EXIT.config, said);
}

async function publish(loaded: LoadedConfig, { clock, topic, payload }: Punch, io: Io): Promise<void> {
  const broker = clockBroker(loaded, clock, TIMEOUT_MS);
  try {
    const client = await connectAsync(broker.url, broker.options);
    await client.publishAsync(topic, payload, { qos: 1 });
    await client.endAsync();
  } catch (error) {
    throw brokerFault(error, broker, io);
  }
}
