/** The steps of probing a clock: whether a word of it comes through the hall's broker, and can be understood. */
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { DecodeError, type PunchReading, type StatusReading } from '../../adapters/clock.ts';
import { decodePunch, decodeStatus } from '../../adapters/clocks/mqtt-json.ts';
import { punchTopic, statusTopic } from '../../adapters/topics.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { formatInstant, type Ms, SECOND } from '../../rules/time.ts';
import { type Finding, StepFailure, type Steps } from '../probing/steps.ts';
import { clockBroker, isLoginRefused } from './clock-broker.ts';
import { type Io, tell } from './io.ts';

interface Subject {
  readonly clock: string;
  readonly loaded: LoadedConfig;
}

const CONNECT_MS: Ms = 5 * SECOND;
/** What the broker keeps of the clock comes at once. */
const KEPT_MS: Ms = 2 * SECOND;

/** Rejects with the `StepFailure` of the first step that does not do. */
export async function probeClock(subject: Subject, waitMs: Ms, steps: Steps, io: Io): Promise<void> {
  const client = await steps.run('broker', () => connected(subject, io));
  try {
    const heard = new Heard(client, subject);
    await steps.run('status', () => kept(heard, subject, io));
    io.say(
      tell(
        io,
        `请在 ${waitMs / SECOND} 秒内在考勤机 ${subject.clock} 上打一次卡（或等它自己报状态）…`,
        `punch at the clock ${subject.clock} within ${waitMs / SECOND} s (or wait for its status)…`,
      ),
    );
    await steps.run('message', () => live(heard, subject, waitMs, io));
  } finally {
    await client.endAsync(true);
  }
}

async function connected({ loaded, clock }: Subject, io: Io): Promise<readonly [MqttClient, Finding]> {
  const { url, options } = clockBroker(loaded, clock, CONNECT_MS);
  try {
    const client = await connectAsync(url, options);
    // Whatever breaks later shows in that nothing comes.
    client.on('error', () => {});
    return [client, { said: tell(io, `${url} 已连上`, `connected to ${url}`) }];
  } catch (error) {
    const said = `${url}: ${(error as Error).message}`;
    if (isLoginRefused(error)) {
      const remedy = tell(
        io,
        '核对 hall.yaml 里 mqtt 的 username 和 password；用自带 MQTT 服务时是考勤机自己的 password。',
        'Check username and password under mqtt in hall.yaml; with the embedded broker it is the clock’s own password.',
      );
      throw new StepFailure('notPermitted', 'wrong-login', said, remedy);
    }
    const remedy = tell(
      io,
      'MQTT 服务没有运行或连不上：核对地址、端口和防火墙；用自带的服务时先启动 zaigang run。',
      'The broker does not run or cannot be reached: check address, port and firewall; with the embedded one start zaigang run first.',
    );
    throw new StepFailure('unavailable', 'offline', said, remedy);
  }
}

interface Message {
  readonly topic: string;
  readonly payload: Buffer;
  readonly isKept: boolean;
}

/** The clock's messages, in the order in which they come. */
class Heard {
  readonly #client: MqttClient;
  readonly #topics: readonly string[];
  readonly #messages: Message[] = [];
  #wake: () => void = () => {};

  constructor(client: MqttClient, { loaded, clock }: Subject) {
    this.#client = client;
    this.#topics = [statusTopic(loaded.hall.id, clock), punchTopic(loaded.hall.id, clock)];
    client.on('message', (topic: string, payload: Buffer, { retain }: IPublishPacket) => {
      this.#messages.push({ topic, payload, isKept: retain });
      this.#wake();
    });
  }

  /** Whether the broker lets us hear the clock. */
  async listen(): Promise<boolean> {
    const granted = await this.#client.subscribeAsync([...this.#topics], { qos: 1 });
    return granted.length === this.#topics.length && granted.every(({ qos }) => qos <= 2);
  }

  /** The next message; null = none came in time. */
  async next(timeoutMs: Ms): Promise<Message | null> {
    if (this.#messages.length === 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    return this.#messages.shift() ?? null;
  }
}

async function kept(heard: Heard, { loaded, clock }: Subject, io: Io): Promise<readonly [null, Finding]> {
  if (!(await heard.listen().catch(() => false))) {
    const said = tell(io, 'MQTT 服务不许订阅考勤机的主题', 'the broker does not let us hear the clock’s topics');
    const remedy = tell(
      io,
      `在 MQTT 服务的权限里允许读 zaigang/${loaded.hall.id}/clock/${clock}/#（见 docs/examples/mosquitto.acl）。`,
      `Let the login read zaigang/${loaded.hall.id}/clock/${clock}/# (see docs/examples/mosquitto.acl).`,
    );
    throw new StepFailure('notPermitted', 'not-allowed', said, remedy);
  }
  const message = await heard.next(KEPT_MS);
  if (message === null)
    return [null, { said: tell(io, '没有保留的状态（不影响打卡）', 'no status is kept (which does no harm)') }];
  return [null, findingOf(message, loaded, io)];
}

async function live(heard: Heard, { loaded, clock }: Subject, waitMs: Ms, io: Io): Promise<readonly [null, Finding]> {
  const message = await heard.next(waitMs);
  if (message !== null) return [null, findingOf(message, loaded, io)];
  const topic = punchTopic(loaded.hall.id, clock);
  const said = tell(io, `${waitMs / SECOND} 秒内没有消息`, `no message within ${waitMs / SECOND} s`);
  const remedy = tell(
    io,
    `检查考勤机：是否联网、MQTT 地址和账号、主题是否为 ${topic}、编号是否为 ${clock}。`,
    `Check the clock: its network, the broker’s address and login, whether its topic is ${topic} and its id ${clock}.`,
  );
  throw new StepFailure('no', 'silent', said, remedy);
}

function findingOf({ topic, payload, isKept }: Message, loaded: LoadedConfig, io: Io): Finding {
  try {
    if (topic.endsWith('/status')) return statusFinding(decodeStatus(payload), isKept, io);
    return punchFinding(decodePunch(payload), loaded, io);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const said = tell(io, `消息看不懂：${error.message}`, `the message cannot be understood: ${error.message}`);
    const remedy = tell(
      io,
      `按 docs/devices.md 改考勤机发的内容（主题 ${topic}）。`,
      `See docs/devices.md for what a clock has to send (topic ${topic}).`,
    );
    throw new StepFailure('no', 'not-understood', said, remedy);
  }
}

function statusFinding(status: StatusReading, isKept: boolean, io: Io): Finding {
  const { state, count } = status;
  const word = state === 'online' ? tell(io, '在线', 'online') : tell(io, '离线（遗言）', 'offline (its last will)');
  const how = isKept ? tell(io, '（保留的）', ' (kept by the broker)') : '';
  const punches = count === null ? '' : tell(io, `，共 ${count} 次打卡`, `, ${count} punches in all`);
  return { said: `${word}${how}${punches}`, data: { ...status } };
}

/** No names: the screen may be anybody's. */
function punchFinding(punch: PunchReading, { config, hall }: LoadedConfig, io: Io): Finding {
  const at = formatInstant(hall.zone, punch.deviceAt);
  const holder = config.employees.find(({ credentials }) => credentials.some(({ id }) => id === punch.credential));
  const who =
    holder === undefined
      ? tell(io, '没有人有这个卡号', 'nobody has this credential')
      : tell(io, `即 ${holder.id}`, `which is ${holder.id}`);
  const said = tell(io, `打卡 ${punch.credential}（${who}），${at}`, `punch of ${punch.credential} (${who}) at ${at}`);
  return { said, data: { credential: punch.credential, employee: holder?.id ?? null, at } };
}
