/**
 * `npm run bench:board`: how soon a punch that was published is seen on the board in a real browser, and by 200 boards that lie
 * open, beside the barest chain that does the same: the same broker, a subscriber that writes each message to event streams, a page
 * that shows it. No figure is printed unless every window changed on every board.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Crowds, crowds } from './board-crowd.ts';
import { mornings, type PageDelays } from './board-page.ts';
import { WrongOutput } from './check.ts';
import { quantile } from './figures.ts';

const { values } = parseArgs({
  options: {
    boards: { type: 'string', default: '200' },
    /** Mornings that the page is watched through: of one, the slowest in a hundred is but one punch. */
    mornings: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
});

/** What is wanted: at most so many times what the barest takes. */
const AT_MOST = 3;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const load = (): string => `load ${loadavg()[0]?.toFixed(1)}`;
const figure = (value: number): string => value.toFixed(1).padStart(9);
const row = (name: string, values: readonly number[]): void =>
  print(`  ${name.padEnd(44)}${values.map(figure).join('')}`);
const spread = (took: readonly number[]): number[] => [0.5, 0.9, 0.99].map((part) => quantile(took, part));

function compared(what: string, ours: readonly number[], beside: readonly number[]): void {
  for (const [name, part] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    ratio(`${what}, ${name}`, quantile(ours, part) / quantile(beside, part));
  }
}

function ratio(what: string, value: number): void {
  print(
    `  ${what.padEnd(44)}${value.toFixed(2).padStart(9)}  (wanted at most ${AT_MOST}: ${value <= AT_MOST ? 'met' : 'missed'})`,
  );
}

function printPage({ mqtt, bare, board }: PageDelays): void {
  print(`\nA punch published until the page shows it, ${board.length} of each in turn: milliseconds  p50, p90, p99`);
  row('bare MQTT, until a subscriber has it', spread(mqtt));
  row('bare MQTT and bare event stream, on a page', spread(bare));
  row('zaigang, on the board', spread(board));
  compared('zaigang / bare', board, bare);
}

function printCrowds(boards: number, { bare, board }: Crowds): void {
  print(`\n${boards} boards open at one server, from published to received: milliseconds  p50, p90, p99`);
  row(`bare event stream (${bare.bytes} bytes a message)`, spread(bare.took));
  row(`zaigang (${board.bytes} bytes a change)`, spread(board.took));
  compared('zaigang / bare', board.took, bare.took);
  row('processor time for each message: bare, zaigang', [bare.processorMs, board.processorMs]);
  ratio('zaigang / bare, processor time', board.processorMs / bare.processorMs);
}

print(`${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}, ${load()}`);
try {
  if (values.only !== 'boards') printPage(await mornings(Number(values.mornings)));
  if (values.only !== 'page') printCrowds(Number(values.boards), await crowds(Number(values.boards)));
  print(`\nchecked: every window changed on every board (${load()} now)`);
} catch (error) {
  if (!(error instanceof WrongOutput)) throw error;
  print(`wrong output, so no figures: ${error.message}`);
  process.exitCode = 1;
}
