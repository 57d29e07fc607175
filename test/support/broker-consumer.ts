/**
 * A program that hears a broker, to be killed under way: `node broker-consumer.ts URL TOPIC COMMITS`. It prints each
 * message as a JSON text on a line, commits the first COMMITS of them, and prints `drained` at the end of the backlog.
 */
import { mqttBroker } from '../../adapters/brokers/mqtt-client.ts';

const [url = '', topic = '', commits = '0'] = process.argv.slice(2);
let heard = 0;
const broker = mqttBroker({ url, clientId: 'consumer', topics: [topic], syncTopic: 'consumer/sync' });
await broker.start({
  message({ payload }, committed) {
    process.stdout.write(`${JSON.stringify(Buffer.from(payload).toString())}\n`);
    if (heard++ < Number(commits)) committed();
  },
  connected() {},
  drained: () => void process.stdout.write('drained\n'),
  lost: (because) => void process.stderr.write(`${because}\n`),
});
