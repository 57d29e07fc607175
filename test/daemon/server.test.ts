import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ListenError } from '../../daemon/http/listening.ts';
import { listen } from '../../daemon/http/server.ts';
import { readEvents } from '../support/event-stream.ts';
import { startServer } from '../support/http-server.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zaigang-http-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function refusal(opening: Promise<unknown>): Promise<ListenError> {
  const error = await opening.then(
    () => expect.fail('the door opened'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ListenError)) throw error;
  return error;
}

function getOverSocket(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('a port', () => {
  test('that is taken is refused in plain words, and free again after close', async () => {
    const first = await startServer();
    const error = await refusal(startServer({ port: first.port }));
    expect(error.message).toBe(`port ${first.port} on 127.0.0.1 is already in use`);
    expect(error.retry).toBe(true);
    await first.close();
    const second = await startServer({ port: first.port });
    expect(second.url).toBe(`http://127.0.0.1:${first.port}`);
    expect((await fetch(`${second.url}/-/healthy`)).status).toBe(200);
    await second.close();
  });

  test('of an address that this machine does not have is refused', async () => {
    const { app, close } = await startServer();
    // TEST-NET-1 (RFC 5737): never the address of a machine.
    const error = await refusal(listen(app, { host: '192.0.2.1', port: 0 }));
    expect(error.message).toMatch(/no such address/);
    await close();
  });
});

describe('what is no request', () => {
  /** The answer to bytes: its first line, and the problem that it holds. */
  async function said(port: number, bytes: string): Promise<{ line: string; type: string; status: unknown }> {
    const socket = connect(port, '127.0.0.1');
    socket.write(bytes);
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const type = /content-type: (.*)/i.exec(head)?.[1] ?? '';
    return { line: head.split('\r\n', 1)[0] ?? '', type, status: JSON.parse(body).status };
  }

  test.each([
    [400, 'Bad Request', 'GET / HTTP/1.1\r\nHost: a b c\r\nConnection: close\r\n\r\n'],
    [400, 'Bad Request', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [400, 'Bad Request', 'BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n'],
    [417, 'Expectation Failed', 'GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n'],
    [431, 'Request Header Fields Too Large', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('is a problem: %i %s', async (status, title, bytes) => {
    const server = await startServer();
    const type = 'application/problem+json';
    expect(await said(server.port, bytes)).toEqual({ line: `HTTP/1.1 ${status} ${title}`, type, status });
    await server.close();
  });
});

describe('close', () => {
  test('ends event streams and connections that idle or were never used at once, and may be called twice', async () => {
    const server = await startServer();
    const unused = connect(server.port, '127.0.0.1');
    await once(unused, 'connect');
    const reader = await readEvents(`${server.url}/api/v1/events`);
    await reader.nextOf('windows');
    await (await fetch(`${server.url}/-/healthy`)).text();
    const startedAt = performance.now();
    await Promise.all([server.close(), server.close(), reader.ended()]);
    // Well under the three seconds after which it would cut connections.
    expect(performance.now() - startedAt).toBeLessThan(2000);
    await expect(fetch(`${server.url}/-/healthy`)).rejects.toThrow();
  });
});

describe('a local socket', () => {
  test('answers like a port and opens to its owner only', async () => {
    const { app, close } = await startServer();
    const socketPath = join(folder, 'daemon.sock');
    const local = await listen(app, { socketPath });
    expect(local).toMatchObject({ url: `unix:${socketPath}`, port: 0 });
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    expect(await getOverSocket(socketPath, '/-/healthy')).toBe('ok\n');
    const error = await refusal(listen(app, { socketPath }));
    expect(error.message).toBe(`${socketPath} is already in use`);
    await local.close();
    await expect(stat(socketPath)).rejects.toThrow('ENOENT');
    await close();
  });

  test('left behind by a crash is taken over', async () => {
    const socketPath = join(folder, 'daemon.sock');
    const crashed = new Worker(
      `const { createServer } = require('node:net');
       createServer().listen(${JSON.stringify(socketPath)}, () => require('node:worker_threads').parentPort.postMessage('up'));`,
      { eval: true },
    );
    await once(crashed, 'message');
    await crashed.terminate();
    const { app, close } = await startServer();
    const local = await listen(app, { socketPath });
    expect(await getOverSocket(socketPath, '/-/healthy')).toBe('ok\n');
    await local.close();
    await close();
  });

  test('of somebody who is there is left alone', async () => {
    const socketPath = join(folder, 'other.sock');
    const other = createServer((socket) => socket.destroy()).listen(socketPath);
    await once(other, 'listening');
    const { app, close } = await startServer();
    expect((await refusal(listen(app, { socketPath }))).retry).toBe(true);
    expect((await stat(socketPath)).isSocket()).toBe(true);
    other.close();
    await once(other, 'close');
    await close();
  });

  test('at a path that no socket can have is refused with the reason', async () => {
    const { app, close } = await startServer();
    const error = await refusal(listen(app, { socketPath: join(folder, 'x'.repeat(120)) }));
    expect([error.retry, error.message]).toEqual([
      false,
      expect.stringMatching(/has \d+ bytes and may have 107; give `data`/),
    ]);
    await close();
  });

  test('in a folder that is not there is refused', async () => {
    const { app, close } = await startServer();
    const error = await refusal(listen(app, { socketPath: join(folder, 'nowhere', 'daemon.sock') }));
    expect([error.retry, error.message]).toEqual([false, expect.stringContaining('its folder is missing')]);
    await close();
  });
});
