/**
 * What a board costs at the very least: each message of a subscription is written to every open event stream, and a page shows it.
 * Nothing is kept, judged or masked. Run as a program: the broker's address as argument; it says its own
 * port on standard output when it hears and is heard.
 */
import { createServer, type ServerResponse } from 'node:http';
import { connectAsync } from 'mqtt';

/** Below which topic the messages are; the daemon hears nothing of them. */
export const BARE_TOPIC = 'bare';

/** Shows each message at the place of its credential, as the board does at a card. */
const PAGE = `<!doctype html><title>bare</title><ul id="cards"></ul><script>
const items = new Map();
new EventSource('/events').addEventListener('windows', ({ data }) => {
  const { credential } = JSON.parse(data);
  let item = items.get(credential);
  if (item === undefined) items.set(credential, (item = document.getElementById('cards').appendChild(document.createElement('li'))));
  item.textContent = credential;
  item.dataset.window = credential;
  item.dataset.state = 'held-a';
});
</script>`;

async function serve(url: string): Promise<void> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url !== '/events') return void response.setHeader('content-type', 'text/html').end(PAGE);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('id: 0\nevent: windows\ndata: {"credential":"none"}\n\n');
    streams.add(response);
    response.once('close', () => streams.delete(response));
  });
  const client = await connectAsync(url, { clientId: 'bare-board', protocolVersion: 4 });
  let id = 0;
  client.on('message', (_, payload) => {
    const frame = `id: ${++id}\nevent: windows\ndata: ${payload}\n\n`;
    for (const stream of streams) stream.write(frame);
  });
  await client.subscribeAsync(`${BARE_TOPIC}/#`, { qos: 1 });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
  });
}

if (process.argv[1] === import.meta.filename) await serve(process.argv[2] ?? '');
