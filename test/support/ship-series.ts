/**
 * A process that does nothing but ship until the cursor is at LAST: `ship-series.ts FILE URL DATABASE LAST [DEATH]`.
 * DEATH is `in-flight:N`, to kill itself while the N-th request is on its way, or `before-cursor:N`, when the store has
 * answered for the N-th time and the ledger does not know yet.
 */
import { influxStore } from '../../adapters/metrics/influxdb.ts';
import { shipper } from '../../daemon/series/shipper.ts';
import { fileSource } from './series-source.ts';
import { wallClock } from './wall-clock.ts';

const [file = '', url = '', database = '', last = '', death = ''] = process.argv.slice(2);
const source = fileSource(file);
const store = influxStore({ url, database });
let writes = 0;
let moves = 0;

function dieIf(moment: string): void {
  if (death === moment) process.kill(process.pid, 'SIGKILL');
}

const ship = shipper({
  source: {
    ...source,
    advance(seq) {
      moves += 1;
      dieIf(`before-cursor:${moves}`);
      source.advance(seq);
      if (seq >= Number(last)) void ship.stop();
    },
  },
  store: {
    ...store,
    write(points) {
      writes += 1;
      const moment = `in-flight:${writes}`;
      const answer = store.write(points);
      setImmediate(() => dieIf(moment));
      return answer;
    },
  },
  batch: 500,
  gatherMs: 0,
  firstPauseMs: 20,
  longestPauseMs: 200,
  clock: wallClock,
  random: Math.random,
  log: { info: () => {}, warn: (fields, message) => console.error(message, fields) },
});
await ship.run();
await store.close();
