/**
 * Many boards in one process, so that the processor time of the server is its own: each reads the event stream, notes when a frame
 * was there as a whole, and compares it with what the others got. Run as a program: address and number as arguments; it writes a
 * line when all have begun, and one with what came when its standard input ends.
 */
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { epochNow } from './board-stage.ts';

/** A frame with an id, as every reader that did not skip it got it. */
export interface SeenFrame {
  readonly id: string;
  readonly event: string;
  readonly data: string;
  /** By reader; milliseconds since the epoch; null = this one never got it. */
  readonly at: readonly (number | null)[];
}

interface Frame {
  readonly block: string;
  readonly at: (number | null)[];
}

async function read(address: string, count: number): Promise<SeenFrame[]> {
  const agent = new Agent({ maxSockets: count });
  const frames = new Map<string, Frame>();
  let ended = false;
  const take = (reader: number, block: string): void => {
    if (!block.startsWith('id: ')) return;
    const at = epochNow();
    // Who missed one gets all of the next instead of what is new in it.
    const name = block.slice(0, block.indexOf('\ndata: '));
    const frame = frames.get(name) ?? { block, at: Array.from({ length: count }, () => null) };
    frames.set(name, frame);
    if (frame.block !== block) throw new Error(`reader ${reader} got something else than the others: ${name}`);
    frame.at[reader] = at;
  };
  const open = (reader: number): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asked = request(address, { agent }, (answer) => {
        if (answer.statusCode !== 200) return void reject(new Error(`no stream: ${answer.statusCode}`));
        let rest = '';
        // A character a byte: frames are compared, not read.
        answer.setEncoding('latin1');
        answer.on('data', (chunk: string) => {
          rest += chunk;
          for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
            take(reader, rest.slice(0, end));
            rest = rest.slice(end + 2);
            resolve(answer);
          }
        });
        answer.once('close', () => {
          if (!ended) throw new Error(`the stream of reader ${reader} has ended`);
        });
      });
      asked.once('error', reject);
      asked.end();
    });
  const streams: IncomingMessage[] = [];
  for (let reader = 0; reader < count; reader++) streams.push(await open(reader));
  process.stdout.write('open\n');
  await text(process.stdin);
  ended = true;
  for (const stream of streams) stream.destroy();
  return [...frames.values()].map(({ block, at }) => seen(block, at));
}

function seen(block: string, at: SeenFrame['at']): SeenFrame {
  const [id = '', event = '', data = ''] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
  return { id, event, data: Buffer.from(data, 'latin1').toString(), at };
}

if (process.argv[1] === import.meta.filename) {
  const frames = await read(process.argv[2] ?? '', Number(process.argv[3]));
  process.stdout.write(`${JSON.stringify(frames)}\n`);
}
