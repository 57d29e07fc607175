/**
 * `npm run bench`: durable punches a second of the daemon as shipped, beside `mosquitto_sub`, its own ledger alone, and
 * Node-RED counting; and how long a live punch takes to be durable. What was judged is checked before a figure is printed.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { WrongOutput } from './check.ts';
import { nodeRedVersion } from './consumers.ts';
import { type DrainResult, type Drains, drains, JUDGED } from './drain.ts';
import { median } from './figures.ts';
import { type Latencies, latencies } from './latency.ts';

const { values } = parseArgs({
  options: {
    punches: { type: 'string', default: '100000' },
    repetitions: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '30' },
    only: { type: 'string' },
  },
});

/** Live punches a second: of a hall that has some hundred people, more than ever come at once. */
const LIVE_PER_SECOND = 1000;

/** What is wanted: so many times as fast as another, in the same run. */
const TARGETS = [
  { of: 'zaigang', beside: 'mosquitto_sub', atLeast: 0.4 },
  { of: 'zaigang', beside: 'Node-RED', atLeast: 1.5 },
  { of: 'store only', beside: 'mosquitto_sub', atLeast: 0.8 },
  { of: 'zaigang', beside: 'store only', atLeast: 0.8 },
  { of: `zaigang${JUDGED}`, beside: 'mosquitto_sub', atLeast: null },
  { of: `zaigang${JUDGED}`, beside: 'Node-RED', atLeast: null },
] as const;

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const whole = (value: number): string => Math.round(value).toLocaleString('en').replaceAll(',', ' ');
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;

function printDrains({ punches, payloadBytes, results, checked }: Drains): void {
  const repetitions = results[0]?.connected.length ?? 0;
  print(
    `\nA backlog of ${whole(punches)} punches (${payloadBytes} bytes, QoS 1): punches a second, median of ${repetitions}`,
  );
  print('                     since connected   least…most            since process start');
  for (const { consumer, connected, spawned } of results) {
    const range = `${whole(Math.min(...connected))}…${whole(Math.max(...connected))}`;
    print(
      `  ${consumer.padEnd(17)}${whole(median(connected)).padStart(17)}   ${range.padEnd(20)}${whole(median(spawned)).padStart(21)}`,
    );
  }
  const said = [...checked.verdicts].map(([rule, count]) => `${whole(count)} ${rule}`).join(', ');
  print(`  checked: every punch once, and the verdicts that follow from them (${said})`);
  print('\nRatios, the median of those within each repetition');
  for (const { of, beside, atLeast } of TARGETS) {
    const since = (key: 'connected' | 'spawned'): number => ratio(results, of, beside, key);
    const verdict = atLeast === null ? '' : `wanted ${atLeast}: ${since('connected') >= atLeast ? 'met' : 'missed'}; `;
    print(
      `  ${`${of} / ${beside}`.padEnd(34)}${since('connected').toFixed(2)}  (${verdict}since process start ${since('spawned').toFixed(2)})`,
    );
  }
}

function ratio(results: readonly DrainResult[], of: string, beside: string, key: 'connected' | 'spawned'): number {
  const rates = (name: string): readonly number[] => results.find(({ consumer }) => consumer === name)?.[key] ?? [];
  const besides = rates(beside);
  return median(rates(of).map((rate, i) => rate / (besides[i] as number)));
}

function printLatencies({ mosquitto, embedded }: Latencies): void {
  print(`\nLive, ${whole(LIVE_PER_SECOND)} a second for ${values.seconds} s: milliseconds from publish to committed`);
  print('                                                       p50     p99     max');
  const ms = (value: number): string => value.toFixed(1).padStart(8);
  const line = (what: string, { p50, p99, max }: Latencies['mosquitto']): void =>
    print(`  ${what.padEnd(49)}${ms(p50)}${ms(p99)}${ms(max)}`);
  line('through Mosquitto, until visible in the ledger', mosquitto);
  line('at its own broker, until the PUBACK after the commit', embedded);
}

async function main(): Promise<number> {
  const { only } = values;
  const processor = cpus()[0]?.model ?? 'unknown processor';
  print(`Node ${process.version}, ${cpus().length} × ${processor}, ${load()} at the start`);
  try {
    if (only !== 'latency') {
      const found = await drains(Number(values.punches), Number(values.repetitions), say);
      print(`Mosquitto ${found.mosquitto}, Node-RED ${await nodeRedVersion()}, ${load()} after the drains`);
      printDrains(found);
    }
    if (only !== 'drain') printLatencies(await latencies(Number(values.seconds), LIVE_PER_SECOND));
    return 0;
  } catch (error) {
    if (!(error instanceof WrongOutput)) throw error;
    say(`No figures: ${error.message}`);
    return 1;
  }
}

process.exitCode = await main();
