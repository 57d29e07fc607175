/** Who drains the backlog: the simplest client there is, the daemon, its ledger alone, and Node-RED. */
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { punchTopic } from '../adapters/topics.ts';
import { type Day, dateOf } from '../rules/time.ts';
import { type Consumer, type Drain, LedgerView, Program, type Round, whenTrue } from './consumer.ts';
import { HALL, hallYaml, OFFICE_WEEK } from './hall.ts';
import { DAEMON_FLAGS, ZAIGANG } from './shipped.ts';

const ALL_PUNCHES = punchTopic(HALL, '+');
const STORE_ONLY = new URL('store-only.ts', import.meta.url).pathname;

// ---- mosquitto_sub -------------------------------------------------------------------------------------------------

/** Acknowledges on receipt and forgets: how fast the broker hands out a queue. */
export const mosquittoSub: Consumer = {
  name: 'mosquitto_sub',
  async keepSession(round) {
    const program = subscriber(round, '-E');
    await program.ended();
  },
  async drain(round) {
    const program = subscriber(round, '-C', String(round.punches));
    await program.ended();
    return instants(program, round, 'mosquitto_sub', performance.now());
  },
};

function subscriber({ broker, directory }: Round, ...more: string[]): Program {
  const args = ['-p', String(broker.port), '-q', '1', '-c', '-i', 'mosquitto_sub', '-t', ALL_PUNCHES, ...more];
  return new Program('mosquitto_sub', 'mosquitto_sub', args, directory, { mute: true });
}

function instants(program: Program, { broker }: Round, clientId: string, doneAt: number): Drain {
  return { spawnedAt: program.spawnedAt, connectedAt: broker.connectedAt(clientId), doneAt };
}

// ---- the daemon ----------------------------------------------------------------------------------------------------

/** Where a round's daemon has its configuration; its data lie beside it. */
export const configOf = ({ directory }: Round): string => join(directory, 'hall.yaml');
const dataOf = ({ directory }: Round): string => join(directory, 'data');

/** The daemon as it is shipped: facts, verdicts with their history, what is to be told, and the time series. */
export function daemonConsumer(today: Day, check: (round: Round) => Promise<void>): Consumer {
  const run = (round: Round): Program =>
    new Program('zaigang', ZAIGANG, ['run', '--config', configOf(round)], round.directory);
  return {
    name: 'zaigang',
    async keepSession(round) {
      const { broker } = round;
      const yaml = hallYaml({
        timezone: 'Asia/Shanghai',
        weekly: OFFICE_WEEK,
        // Nothing lasts today, so that the verdicts are the same at whatever instant they are asked for.
        rest: [dateOf(today - 1), dateOf(today), dateOf(today + 1)],
        data: dataOf(round),
        mqtt: { url: broker.url },
        passwordEnv: null,
      });
      await writeFile(configOf(round), yaml);
      const program = run(round);
      await broker.subscribed(`zaigang-${HALL}`);
      await program.stop();
    },
    async drain(round) {
      const ledger = new LedgerView(dataOf(round));
      const program = run(round);
      try {
        const doneAt = await whenTrue(() => ledger.holds(round.punches), program);
        const judgedAt = await whenTrue(() => ledger.isJudged(), program);
        await check(round);
        return { ...instants(program, round, `zaigang-${HALL}`, doneAt), judgedAt };
      } finally {
        ledger.close();
        await program.stop();
      }
    },
  };
}

// ---- its ledger alone ----------------------------------------------------------------------------------------------

/** The same intake and the same facts in the same ledger, judged by nobody. */
export const storeOnly: Consumer = {
  name: 'store only',
  async keepSession(round) {
    const program = store(round);
    await round.broker.subscribed('store-only');
    await program.stop();
  },
  async drain(round) {
    const ledger = new LedgerView(dataOf(round));
    const program = store(round);
    try {
      const doneAt = await whenTrue(() => ledger.holds(round.punches), program);
      return instants(program, round, 'store-only', doneAt);
    } finally {
      ledger.close();
      await program.stop();
    }
  },
};

function store(round: Round): Program {
  const args = [STORE_ONLY, round.broker.url, 'store-only', HALL, dataOf(round)];
  return new Program('store-only', process.execPath, [...DAEMON_FLAGS, ...args], round.directory);
}

// ---- Node-RED ------------------------------------------------------------------------------------------------------

/** Where test/setup.sh installs it. */
const INSTALLED = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'zaigang', 'bench', 'node_modules');

export async function nodeRedVersion(): Promise<string> {
  const about = JSON.parse(await readFile(join(INSTALLED, 'node-red', 'package.json'), 'utf8')) as { version: string };
  return about.version;
}

/** A flow that counts and does nothing else; what it is sent is acknowledged on receipt. */
export const nodeRed: Consumer = {
  name: 'Node-RED',
  async keepSession(round) {
    await writeFlow(round);
    const program = flow(round);
    await round.broker.subscribed('node-red');
    // Stopped in order it would unsubscribe.
    await program.stop('SIGKILL');
  },
  async drain(round) {
    const program = flow(round);
    try {
      const doneAt = await whenTrue(() => program.said().includes(ALL_COUNTED), program);
      return instants(program, round, 'node-red', doneAt);
    } finally {
      await program.stop();
    }
  },
};

const ALL_COUNTED = 'every punch was counted';

function flow({ directory }: Round): Program {
  const red = join(INSTALLED, 'node-red', 'red.js');
  const args = [red, '--userDir', directory, '--settings', join(directory, 'settings.js'), 'flows.json'];
  return new Program('node-red', process.execPath, args, directory);
}

async function writeFlow({ broker, directory, punches }: Round): Promise<void> {
  const settings = { uiPort: 0, uiHost: '127.0.0.1', httpAdminRoot: false, httpNodeRoot: false };
  const count = `
    const counted = (context.get('counted') ?? 0) + 1;
    context.set('counted', counted);
    if (counted === ${punches}) node.warn('${ALL_COUNTED}');
    return null;`;
  const flows = [
    { id: 'tab', type: 'tab', label: 'bench' },
    {
      id: 'broker',
      type: 'mqtt-broker',
      broker: '127.0.0.1',
      port: String(broker.port),
      clientid: 'node-red',
      autoConnect: true,
      cleansession: false,
      protocolVersion: '4',
      keepalive: '60',
    },
    {
      id: 'in',
      type: 'mqtt in',
      z: 'tab',
      topic: ALL_PUNCHES,
      qos: '1',
      // The payload as it came: nothing is parsed.
      datatype: 'buffer',
      broker: 'broker',
      inputs: 0,
      wires: [['count']],
    },
    { id: 'count', type: 'function', z: 'tab', func: count, outputs: 0, wires: [] },
  ];
  await writeFile(join(directory, 'settings.js'), `module.exports = ${JSON.stringify(settings)};\n`);
  await writeFile(join(directory, 'flows.json'), JSON.stringify(flows));
}
