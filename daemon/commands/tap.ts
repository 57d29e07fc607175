/** `tap [TOPIC]`: messages of the hall's broker as they come, and what each is taken for or why not. Nothing is taken in by it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { connectAsync, type MqttClient } from 'mqtt';
import { parse } from 'yaml';
import { decodePresence } from '../../adapters/cameras/mqtt-presence.ts';
import { DecodeError } from '../../adapters/clock.ts';
import { ofDevice } from '../../adapters/clocks/mapped.ts';
import { mappedReading } from '../../adapters/clocks/mapped-reading.ts';
import { mqttFaceMapping } from '../../adapters/clocks/mqtt-face.ts';
import { decodePunch, decodeStatus } from '../../adapters/clocks/mqtt-json.ts';
import { pictureless, scrubbedText } from '../../adapters/scrubbed.ts';
import { clockTopics, covers, routeOf } from '../../adapters/topics.ts';
import { type Mapping, mapping as mappingSchema } from '../../config/clocks/mapped.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { brokerFault, type ClockBroker, clockBroker, requireClock } from './clock-broker.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadForCommand } from './load.ts';
import { type Heard, type Verdict, verdictOfReading, type Writer, writerOf } from './tap-lines.ts';

interface Options {
  readonly config: string;
  readonly map?: string;
  readonly clock?: string;
  readonly test?: string;
  readonly filter?: string;
  readonly json?: boolean;
  readonly raw?: boolean;
  readonly count?: string;
  readonly wait?: string;
}

const CONNECT_MS: Ms = 5 * SECOND;
const LONGEST_WAIT_MS: Ms = 24 * 60 * MINUTE;

export function tapCommand(program: Command, io: Io): void {
  program
    .command('tap')
    .argument(
      '[topic]',
      tell(
        io,
        'MQTT 主题，可用 + 和 #，默认 #；用自带 MQTT 服务时默认那台考勤机自己的主题',
        'a topic filter; # by default, with the embedded broker the clock’s own topics',
      ),
    )
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option(
      '--map <file|clock>',
      tell(
        io,
        '用这个映射看：YAML 文件，或配置里考勤机的编号',
        'read by this mapping: a YAML file, or a clock of the configuration',
      ),
    )
    .option(
      '--test <file>',
      tell(
        io,
        '不连 MQTT，只看 --map 怎样读这个文件里的消息；- 为标准输入',
        'connect to nothing: how --map reads the message in this file; - for standard input',
      ),
    )
    .option(
      '--clock <id>',
      tell(io, '用自带 MQTT 服务时，以哪台考勤机登录', 'with the embedded broker: the clock to sign in as'),
    )
    .option('--filter <text>', tell(io, '只看含有这些字的', 'only those that hold this text'))
    .option('--count <n>', tell(io, '看到这么多条就结束', 'end after so many'))
    .option('--wait <seconds>', tell(io, '最多看多久', 'end after so long'))
    .option(
      '--raw',
      tell(
        io,
        '不隐去姓名、证件号和密码（图片总是略去）',
        'with names, numbers of people and passwords (never pictures)',
      ),
    )
    .option('--json', tell(io, '以 JSON 输出，一行一条', 'as JSON, a line each'))
    .description(
      tell(
        io,
        '看 MQTT 上的实时消息：算作哪次打卡，或为什么不算',
        'show live MQTT with the mapped punch, or why there is none',
      ),
    )
    .action((topic: string | undefined, options: Options) => tap(topic ?? null, options, io));
}

async function tap(given: string | null, options: Options, io: Io): Promise<void> {
  const writer = writerOf(io, { json: options.json === true, colour: hasColour(io) });
  if (options.test !== undefined) return await testOf(options.test, options, writer, io);
  const loaded = await loadForCommand(options.config, io);
  const limits = { count: numberOf(options.count, '--count', io), waitS: numberOf(options.wait, '--wait', io) };
  const reader = await readerOf(loaded, options, io);
  const clock = signedInAs(loaded, options, io);
  const topic = given ?? (clock === null ? '#' : clockTopics(loaded.hall.id, clock));
  const client = await connected(clockBroker(loaded, clock ?? '', CONNECT_MS), io);
  try {
    const ended = heardAll(client, limits, io, (heard) => {
      const text = shownOf(heard, options);
      if (options.filter !== undefined && !`${heard.topic} ${text}`.includes(options.filter)) return false;
      writer.message(heard, text, reader(heard), loaded.hall.zone);
      return true;
    });
    // Whoever waits for it hears of it; until then it is nobody's.
    ended.catch(() => {});
    await listen(client, topic, clock === null ? '' : limitText(loaded, clock, io), io);
    io.say(tell(io, `正在听 ${topic}，按 Ctrl+C 结束`, `listening to ${topic}; Ctrl+C ends it`));
    await ended;
  } finally {
    await client.endAsync(true);
  }
}

/** Resolves after so many were shown, after the time, or at Ctrl+C; rejects if the connection goes. */
async function heardAll(
  client: MqttClient,
  { count, waitS }: { readonly count: number | null; readonly waitS: number | null },
  io: Io,
  show: (heard: Heard) => boolean,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((done, fail) => {
      let shown = 0;
      if (waitS !== null) timer = setTimeout(done, Math.min(waitS * SECOND, LONGEST_WAIT_MS));
      process.once('SIGINT', () => done());
      client.on('message', (topic, payload, { retain }) => {
        if (shown === count || !show({ at: systemClock().now(), topic, payload, isKept: retain })) return;
        shown += 1;
        if (shown === count) done();
      });
      client.once('close', () => fail(unreachable(tell(io, '连接断了', 'the connection is gone'), io)));
    });
  } finally {
    clearTimeout(timer);
  }
}

const shownOf = ({ payload }: Pick<Heard, 'payload'>, { raw }: Options): string =>
  raw === true ? pictureless(payload) : scrubbedText(payload);

/** NO_COLOR as at no-color.org. */
const hasColour = (io: Io): boolean => process.stdout.isTTY === true && (io.env['NO_COLOR'] ?? '') === '';

// ---- what a message is taken for ----------------------------------------------------------------------------------------

type Reader = (heard: Heard) => Verdict;

async function readerOf(loaded: LoadedConfig, options: Options, io: Io): Promise<Reader> {
  const { hall, config } = loaded;
  const windows = new Set(config.windows.map(({ id }) => id));
  const known = config.clocks.flatMap(({ id, profile }) => {
    const mapping = mappingOf(profile, id);
    return mapping === null ? [] : [{ id, mapping }];
  });
  const chosen = options.map === undefined ? null : await mappingFor(options.map, loaded, io);
  return ({ topic, payload }) => {
    const route = routeOf(hall.id, topic);
    try {
      if (route?.kind === 'punch')
        return { clock: route.device, kind: 'punch', punches: [decodePunch(payload)], because: [] };
      if (route?.kind === 'status')
        return { clock: route.device, kind: 'status', said: decodeStatus(payload).state, because: [] };
      if (route?.kind === 'presence') {
        if (!windows.has(route.window)) throw new DecodeError(`no window is called "${route.window.slice(0, 40)}"`);
        return { clock: null, kind: 'presence', said: `${route.window} ${decodePresence(payload).state}`, because: [] };
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return {
        clock: route !== null && 'device' in route ? route.device : null,
        kind: 'refused',
        because: [error.message],
      };
    }
    const of = chosen ?? known.find(({ mapping }) => topicsOf(mapping).some((filter) => covers(filter, topic)));
    if (of == null) return { clock: null, kind: 'nobody', because: [] };
    return verdictOfReading(of.id, mappedReading(of.mapping, { topic, payload }, hall.zone), io.lang);
  };
}

const topicsOf = ({ topics, shared }: Mapping): readonly string[] => [...topics, ...(shared?.topics ?? [])];

function mappingOf(profile: LoadedConfig['config']['clocks'][number]['profile'], id: string): Mapping | null {
  if (profile.kind === 'mapped') return ofDevice(profile, id);
  return profile.kind === 'mqtt-face' ? mqttFaceMapping(profile, id) : null;
}

/** A clock's own, or that of a file: the map itself, a clock with its `map`, or a list of clocks with one. */
async function mappingFor(
  name: string,
  loaded: LoadedConfig | null,
  io: Io,
): Promise<{ id: string; mapping: Mapping }> {
  const clock = loaded?.config.clocks.find(({ id }) => id === name);
  if (clock !== undefined) {
    const mapping = mappingOf(clock.profile, clock.id);
    if (mapping !== null) return { id: clock.id, mapping };
    throw new Exit(EXIT.usage, tell(io, `--map：考勤机 ${name} 没有映射`, `--map: the clock ${name} has no mapping`));
  }
  if (!existsSync(name)) {
    throw new Exit(
      EXIT.noInput,
      tell(
        io,
        `--map：${name} 不是文件，也不是有映射的考勤机`,
        `--map: ${name} is neither a file nor a clock with a mapping`,
      ),
    );
  }
  let value: unknown;
  try {
    value = parse(await readFile(name, 'utf8'));
  } catch (error) {
    throw new Exit(EXIT.badInput, `${name}: ${(error as Error).message}`);
  }
  const one = (Array.isArray(value) ? value[0] : value) as { readonly id?: unknown; readonly map?: unknown } | null;
  const id = typeof one?.id === 'string' ? one.id : 'clock';
  const read = mappingSchema.safeParse(one?.map ?? one);
  if (read.success) return { id, mapping: ofDevice(read.data, id) };
  const faults = read.error.issues.map(({ path }) => path.join('.') || '(map)').join(', ');
  throw new Exit(
    EXIT.badInput,
    tell(
      io,
      `${name}：映射不对：${faults}；放进 hall.yaml 用 zaigang check 可看到每一处`,
      `${name}: the mapping is wrong at ${faults}; zaigang check of a hall.yaml with it shows each place`,
    ),
  );
}

/** How a mapping reads a message that lies in a file; ends with 1 where there is no punch in it. */
async function testOf(file: string, options: Options, writer: Writer, io: Io): Promise<void> {
  if (options.map === undefined) throw new Exit(EXIT.usage, tell(io, '--test 要和 --map 一起用', '--test needs --map'));
  const isConfigured = existsSync(options.config);
  const loaded = isConfigured || !existsSync(options.map) ? await loadForCommand(options.config, io) : null;
  const { id, mapping } = await mappingFor(options.map, loaded, io);
  const payload = await bytesOf(file);
  const zone = loaded?.hall.zone ?? zoneTable('Asia/Shanghai');
  const topic = topicsOf(mapping)[0] ?? null;
  const reading = mappedReading(mapping, { topic: topic === null || /[+#]/.test(topic) ? null : topic, payload }, zone);
  writer.reading(reading, zone, options.raw === true);
  const verdict = verdictOfReading(id, reading, io.lang);
  if (verdict.kind !== 'punch') throw new Exit(EXIT.no);
}

async function bytesOf(file: string): Promise<Buffer> {
  if (file !== '-') {
    if (!existsSync(file)) throw new Exit(EXIT.noInput, `${file}: ENOENT`);
    return await readFile(file);
  }
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

// ---- the broker -----------------------------------------------------------------------------------------------------------

/** The clock as which we come to a broker of our own; null = the hall's own login at another. */
function signedInAs(loaded: LoadedConfig, { clock }: Options, io: Io): string | null {
  const { config } = loaded;
  if (clock !== undefined) requireClock(loaded, clock, io);
  if (config.mqtt?.url != null || config.mqtt?.embedded == null) return null;
  const own = clock ?? config.clocks.find(({ password }) => password !== null)?.id;
  if (own !== undefined) return own;
  const said = tell(
    io,
    '要在自带的 MQTT 服务上听，配置里须有一台写了 password 的考勤机',
    'to listen at the embedded broker, the configuration needs a clock with a password',
  );
  throw new Exit(EXIT.config, said);
}

/** What a clock may read at a broker of our own, and where the rest is to be seen. */
const limitText = ({ hall }: LoadedConfig, clock: string, io: Io): string =>
  tell(
    io,
    `：考勤机 ${clock} 只能看 ${clockTopics(hall.id, clock)}；全部消息见守护程序的 /messages 页`,
    `: the clock ${clock} may read ${clockTopics(hall.id, clock)}; the daemon’s page /messages shows all`,
  );

async function connected(broker: ClockBroker, io: Io): Promise<MqttClient> {
  try {
    const client = await connectAsync(broker.url, broker.options);
    // What breaks shows in that it closes.
    client.on('error', () => {});
    return client;
  } catch (error) {
    throw brokerFault(error, broker, io);
  }
}

async function listen(client: MqttClient, topic: string, limit: string, io: Io): Promise<void> {
  const refused = (): Exit =>
    new Exit(
      EXIT.notPermitted,
      tell(io, `MQTT 服务不许订阅 ${topic}${limit}`, `the broker does not let us subscribe to ${topic}${limit}`),
    );
  const granted = await client.subscribeAsync(topic, { qos: 0 }).catch(() => {
    throw refused();
  });
  if (granted.some(({ qos }) => qos > 2)) throw refused();
}

const unreachable = (because: string, io: Io): Exit =>
  new Exit(EXIT.unavailable, tell(io, `连不上 MQTT 服务：${because}`, `the broker cannot be reached: ${because}`));

function numberOf(text: string | undefined, name: string, io: Io): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Exit(
    EXIT.usage,
    tell(io, `${name}：应为正整数，不是 "${text}"`, `${name}: expected a whole number from 1, got "${text}"`),
  );
}
