import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { BoardSnapshot } from '../../daemon/board/board.ts';
import { boardFeed } from '../../daemon/http/board-feed.ts';
import { SECURE_HEADERS } from '../../daemon/http/secure-headers.ts';
import { testAccess } from '../support/access.ts';
import { handBoard, morning } from '../support/board-source.ts';
import { type EventReader, parseBlock, readEvents, type SentEvent } from '../support/event-stream.ts';
import { startServer, type TestServer, type TestServerOptions } from '../support/http-server.ts';
import { until } from '../support/until.ts';

const servers: TestServer[] = [];
const readers: EventReader[] = [];

async function start(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

async function read(server: TestServer, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
  const reader = await readEvents(`${server.url}/api/v1/events`, headers);
  readers.push(reader);
  return reader;
}

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const snapshotOf = (event: SentEvent): BoardSnapshot => JSON.parse(event.data ?? 'null') as BoardSnapshot;

describe('the event stream', () => {
  test('starts with the board as it is and goes on with each change', async () => {
    const server = await start();
    const reader = await read(server);
    expect((await reader.next()).retry).toBe(1000);
    const first = await reader.next();
    expect(first).toMatchObject({ event: 'windows', id: expect.stringMatching(/^1-/) });
    expect(snapshotOf(first)).toEqual(server.board.said());
    server.board.changeWindow('W03', { state: 'empty', since: '2026-11-20T10:22:00+08:00' });
    const second = await reader.nextOf('windows');
    expect(second.id).toMatch(/^2-/);
    expect(snapshotOf(second).windows[2]).toMatchObject({ id: 'W03', state: 'empty' });
  });

  test('gives signs of life, as a comment and as an event, that do not move the id', async () => {
    const now = Date.parse('2026-11-20T10:30:00+08:00');
    const reader = await read(await start({ heartbeatMs: 20, now: () => now }));
    await reader.nextOf('windows');
    for (let beat = 0; beat < 3; beat += 1) {
      const alive = await reader.next();
      expect(alive).toMatchObject({ event: 'alive', id: null, comments: ['alive'] });
      expect(JSON.parse(alive.data ?? '')).toEqual({ at: '2026-11-20T02:30:00.000Z', everyMs: 20 });
    }
  });

  test('says so when it has no clock of its own', async () => {
    const alive = await (await read(await start())).nextOf('alive');
    expect(JSON.parse(alive.data ?? '')).toEqual({ at: null, everyMs: 15_000 });
  });

  test('does not repeat to a returning reader what it has seen', async () => {
    const server = await start({ heartbeatMs: 20 });
    const seen = (await (await read(server)).nextOf('windows')).id ?? '';
    const back = await read(server, { 'Last-Event-ID': seen });
    for (const event of [await back.next(), await back.next(), await back.next()])
      expect(event.event).not.toBe('windows');
    server.board.changeWindow('W01', { state: 'paused' });
    expect((await back.nextOf('windows')).id).toMatch(/^2-/);
  });

  test('brings a returning reader up to date with one snapshot, however many were missed', async () => {
    const server = await start({ heartbeatMs: 20 });
    const seen = (await (await read(server)).nextOf('windows')).id ?? '';
    for (let change = 0; change < 5; change += 1)
      server.board.changeWindow('W01', { since: `2026-11-20T10:2${change}:00+08:00` });
    const back = await read(server, { 'Last-Event-ID': seen });
    expect((await back.nextOf('windows')).id).toMatch(/^6-/);
    for (const event of [await back.next(), await back.next(), await back.next()]) expect(event.event).toBe('alive');
  });

  test('does not take an id from before a restart for its own', async () => {
    const before = await start({ board: handBoard(morning(24), 7) });
    const seen = (await (await read(before)).nextOf('windows')).id ?? '';
    const after = await start({ board: handBoard(morning(23), 7) });
    const back = await read(after, { 'Last-Event-ID': seen });
    expect(snapshotOf(await back.nextOf('windows')).windows).toHaveLength(23);
  });

  test.each([
    '',
    '1',
    '999999',
    'null',
    '1-',
    '-1-0',
    '%00%0a',
    '1-ffffffffffffffff',
    '\u00e5\u00df',
    'x'.repeat(8000),
  ])('answers an id that it never gave with the board as it is: %#', async (id) => {
    const reader = await read(await start(), { 'Last-Event-ID': id });
    expect((await reader.nextOf('windows')).id).toMatch(/^1-/);
  });

  test('sends what comes in a burst together, and the newest last', async () => {
    const server = await start({ heartbeatMs: 60_000, minGapMs: 50 });
    const reader = await read(server);
    await reader.nextOf('windows');
    for (let change = 0; change < 1000; change += 1) server.board.change({ warnings: [`${change}`] });
    const received: SentEvent[] = [];
    await until(
      async () => {
        received.push(await reader.nextOf('windows'));
        return received.at(-1)?.id?.startsWith('1001-');
      },
      { what: 'the newest snapshot' },
    );
    expect(received.length).toBeLessThanOrEqual(2);
  });

  test('keeps only the latest for a reader who does not read, and holds up nobody else', async () => {
    const bulk = 'x'.repeat(300_000);
    const server = await start({
      minGapMs: 0,
      heartbeatMs: 60_000,
      board: handBoard({ ...morning(1), warnings: [bulk] }),
    });
    const slow = connect(server.port, '127.0.0.1');
    slow.write('GET /api/v1/events HTTP/1.1\r\nHost: test\r\n\r\n');
    await once(slow, 'readable');
    const fast = await read(server);
    await fast.nextOf('windows');
    const changes = 100;
    for (let change = 1; change <= changes; change += 1) {
      server.board.change({ date: `2026-11-20#${change}` });
      expect((await fast.nextOf('windows')).id?.startsWith(`${change + 1}-`)).toBe(true);
    }
    let text = '';
    slow.setEncoding('latin1');
    slow.on('data', (chunk: string) => {
      text += chunk;
    });
    await until(() => text.includes(`id: ${changes + 1}-`), { what: 'the newest snapshot at the slow reader' });
    const ids = [...text.matchAll(/^id: (\d+)-/gm)].map((match) => Number(match[1]));
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    // 30 MB went to the fast reader; the slow one got what the kernel's socket buffers held, and then the newest.
    expect(ids.length).toBeLessThan(changes / 2);
    slow.destroy();
  });
});

describe('streams that end', () => {
  test('leave nothing behind, whoever ends them', async () => {
    const server = await start({ heartbeatMs: 20 });
    const mine = await read(server);
    await mine.nextOf('windows');
    expect(server.board.listeners()).toBe(1);
    mine.close();
    await until(() => server.board.listeners() === 0, { what: 'the listener to go' });
    const another = await read(server);
    await another.nextOf('windows');
    await server.close();
    await another.ended();
    expect(server.board.listeners()).toBe(0);
  });

  test('begin with the headers of every answer', async () => {
    const { url } = await start();
    const abort = new AbortController();
    const stream = await fetch(`${url}/api/v1/events`, { signal: abort.signal });
    const other = await fetch(`${url}/api/v1/hall`);
    for (const name of Object.keys(SECURE_HEADERS)) {
      expect([name, stream.headers.get(name)]).toEqual([name, other.headers.get(name)]);
    }
    expect(stream.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([stream.headers.get('content-type'), stream.headers.get('cache-control')]).toEqual([
      'text/event-stream',
      'no-store',
    ]);
    abort.abort();
  });

  test('HEAD opens none', async () => {
    const { url, board } = await start();
    const response = await fetch(`${url}/api/v1/events`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), board.listeners()]).toEqual([
      200,
      'text/event-stream',
      0,
    ]);
  });

  test('are limited in number, and one that ends makes room', async () => {
    const server = await start({ maxStreams: 2, heartbeatMs: 20 });
    const first = await read(server);
    await read(server);
    const refused = await fetch(`${server.url}/api/v1/events`);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(refused.headers.get('retry-after')).toBe('10');
    first.close();
    const reader = await until(() => read(server), { what: 'room for another stream' });
    expect((await reader.nextOf('windows')).id).toMatch(/^1-/);
  });

  test('of strangers leave room for somebody who is signed in', async () => {
    const { access } = testAccess();
    const server = await start({ maxStreams: 1, access });
    await read(server);
    expect((await fetch(`${server.url}/api/v1/events`)).status).toBe(503);
    const rights = { name: 't', roles: ['supervisor'], employee: null, departments: [], expiresAt: null } as const;
    const { secret } = access.office.addToken(rights, { who: 'user:admin', address: '' });
    const known = new AbortController();
    const headers = { Authorization: `Bearer ${secret}` };
    const { status } = await fetch(`${server.url}/api/v1/events`, { headers, signal: known.signal });
    expect(status).toBe(200);
    known.abort();
  });

  test('end when the source fails, and say why inside', async () => {
    const board = handBoard(morning(1));
    let failing = false;
    const fault = new Error('no snapshot');
    const server = await start({
      board: {
        ...board,
        snapshot() {
          if (failing) throw fault;
          return board.snapshot();
        },
      },
    });
    const reader = await read(server);
    await reader.nextOf('windows');
    failing = true;
    board.change({ warnings: ['x'] });
    await reader.ended();
    expect(server.errors).toEqual([fault]);
    expect(board.listeners()).toBe(0);
  });
});

test('a block of the wire format is read as it should be', () => {
  expect(parseBlock(': alive\nid: 7-ab\nevent: windows\ndata: {"a":1}')).toEqual({
    id: '7-ab',
    event: 'windows',
    data: '{"a":1}',
    comments: ['alive'],
    retry: null,
  });
});

describe('whoever asks for changes', () => {
  const changes = async (server: TestServer, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> => {
    const reader = await readEvents(`${server.url}/api/v1/events?changes`, headers);
    readers.push(reader);
    return reader;
  };

  test('gets all of it first, and then only the windows that say something else', async () => {
    const server = await start({ minGapMs: 0 });
    const reader = await changes(server);
    expect(snapshotOf(await reader.nextOf('windows')).windows).toHaveLength(24);
    server.board.changeWindow('W03', { state: 'empty' });
    const second = await reader.nextOf('changes');
    const { windows, ...head } = server.board.said();
    expect(second.id).toMatch(/^2-/);
    expect(snapshotOf(second)).toEqual({ ...head, windows: [windows[2]] });
    server.board.change({ warnings: ['x'] });
    expect(snapshotOf(await reader.nextOf('changes'))).toMatchObject({ warnings: ['x'], windows: [] });
  });

  test('is not told that time has passed', async () => {
    const server = await start({ minGapMs: 0 });
    const reader = await changes(server);
    await reader.nextOf('windows');
    const { windows } = server.board.said();
    const longer = windows.map((window) => {
      const [last, ...before] = [...window.strip].reverse();
      return {
        ...window,
        strip: [...before.reverse(), { ...last, to: '2026-11-20T10:22:36+08:00' }] as typeof window.strip,
      };
    });
    server.board.change({ at: '2026-11-20T10:22:36+08:00', windows: longer });
    expect(snapshotOf(await reader.nextOf('changes'))).toMatchObject({ at: '2026-11-20T10:22:36+08:00', windows: [] });
  });

  test('gets all of it where a window is new, and where one snapshot was missed', async () => {
    const server = await start({ minGapMs: 0, board: handBoard(morning(2)) });
    const reader = await changes(server);
    const first = (await reader.nextOf('windows')).id ?? '';
    server.board.change({ windows: morning(3).windows });
    expect(snapshotOf(await reader.nextOf('windows')).windows).toHaveLength(3);
    server.board.changeWindow('W01', { state: 'paused' });
    await reader.nextOf('changes');
    const back = await changes(server, { 'Last-Event-ID': first });
    expect(snapshotOf(await back.nextOf('windows')).windows).toHaveLength(3);
  });
});

test('a call that brings nothing new keeps nobody waiting for what comes next', () => {
  const board = handBoard(morning(1));
  const calls = new Set<() => void>();
  const source = {
    ...board,
    subscribe(listener: () => void) {
      calls.add(listener);
      return () => void calls.delete(listener);
    },
  };
  const call = (): void => {
    for (const listener of calls) listener();
  };
  let told = 0;
  const leave = boardFeed(source, 60_000).subscribe(() => told++);
  call();
  expect(told).toBe(0);
  board.changeWindow('W01', { state: 'empty' });
  call();
  expect(told).toBe(1);
  // What comes close behind goes out together, later.
  board.changeWindow('W01', { state: 'paused' });
  call();
  expect(told).toBe(1);
  leave();
  expect(calls.size).toBe(0);
});
