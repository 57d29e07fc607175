import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type InfluxOptions, influxStore } from '../../adapters/metrics/influxdb.ts';
import { MetricsError, type MetricsStore, type Point } from '../../adapters/metrics.ts';
import { type InfluxServer, startInfluxdb } from '../support/influxdb.ts';
import { freePort } from '../support/ports.ts';
import { sorted, violations } from '../support/series-points.ts';

const AT = Date.UTC(2024, 4, 20, 1, 0, 0, 123);
const late: Point = {
  measurement: 'violation',
  tags: { hall: 'hall-1', rule: 'late', employee: 'e001' },
  fields: { minutes: 8, points: 0.5, void: 0, rev: 1 },
  at: AT,
};

/** What stands for another server of the family, where there is none to install. */
async function answering(listener: RequestListener): Promise<{ url: string; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createHttpServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function failureOf(attempt: Promise<unknown>): Promise<MetricsError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MetricsError)) throw new Error('expected a MetricsError', { cause: error });
  return error;
}

const opened: MetricsStore[] = [];
function open(options: InfluxOptions): MetricsStore {
  const store = influxStore(options);
  opened.push(store);
  return store;
}
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

describe('InfluxDB 1.x', () => {
  let server: InfluxServer;
  let databases = 0;
  let database: string;
  let store: MetricsStore;

  beforeAll(async () => {
    server = await startInfluxdb();
  }, 30_000);
  afterAll(() => server.remove());

  async function fresh(): Promise<void> {
    databases += 1;
    database = `db-${databases}`;
    await server.query(`CREATE DATABASE "${database}"`);
    store = open({ url: server.url, database });
  }

  test('gives back what was written', async () => {
    await fresh();
    const points: Point[] = [
      late,
      { ...late, tags: { ...late.tags, employee: 'e002' }, fields: { minutes: -1.25, points: 1e21, rev: 3 } },
      { ...late, tags: { hall: '随县', window: 'W 01,=x', note: 'a"b\'c' }, fields: { 'of all': 1e-9 } },
      { ...late, tags: {}, at: AT - 1 },
      { ...late, at: Date.UTC(1969, 6, 20) },
    ];
    await store.write(points);
    expect(sorted(await server.points(database, 'violation'))).toEqual(sorted(points));
  });

  test('leaves out empty tags', async () => {
    await fresh();
    await store.write([{ ...late, tags: { ...late.tags, window: '', session: '1' } }]);
    expect(await server.points(database, 'violation')).toEqual([{ ...late, tags: { ...late.tags, session: '1' } }]);
  });

  test('keeps every number as a float, whole or not', async () => {
    await fresh();
    await store.write([late]);
    const types = (await server.query('SHOW FIELD KEYS', database)).flatMap((series) => series.values);
    expect(types.map(([, type]) => type)).toEqual(['float', 'float', 'float', 'float']);
  });

  test('overwrites the same series and time, in one batch and in the next', async () => {
    await fresh();
    const revised = { ...late, fields: { ...late.fields, minutes: 3, rev: 2 } };
    const retracted = { ...late, fields: { ...late.fields, minutes: 0, void: 1, rev: 3 } };
    await store.write([late, revised]);
    expect(await server.points(database, 'violation')).toEqual([revised]);
    await store.write([retracted]);
    await store.write([retracted]);
    expect(await server.points(database, 'violation')).toEqual([retracted]);
  });

  test('has acknowledged nothing that a kill could take back', async () => {
    await fresh();
    const points = violations(5000);
    await store.write(points);
    await server.kill();
    await server.start();
    expect(sorted(await server.points(database, 'violation'))).toEqual(sorted(points));
  }, 30_000);

  test('has written all of a large batch when it says so', async () => {
    await fresh();
    const points = violations(20_001);
    await store.write(points);
    expect((await server.points(database, 'violation')).length).toBe(20_001);
  }, 30_000);

  test('writes nothing at all for no points', async () => {
    await expect(open({ url: `http://127.0.0.1:${await freePort()}`, database: 'x' }).write([])).resolves.toBe(
      undefined,
    );
  });

  test('names a field type conflict and does not want it tried again', async () => {
    await fresh();
    await server.writeLines(database, `violation,hall=hall-1 minutes=8i ${AT}000000`);
    const error = await failureOf(store.write([late]));
    expect(error).toMatchObject({ retry: false, message: expect.stringMatching(/field type conflict.*"minutes"/) });
  });

  test('names a time that the store cannot hold', async () => {
    await fresh();
    const error = await failureOf(store.write([{ ...late, at: -8.64e15 }]));
    expect(error).toMatchObject({ retry: false, message: expect.stringContaining('time outside range') });
  });

  test.each<[string, Partial<Point>]>([
    ['a field that is no number', { fields: { minutes: Number.NaN } }],
    ['an infinite field', { fields: { minutes: Number.POSITIVE_INFINITY } }],
    ['no fields', { fields: {} }],
    ['a nameless field', { fields: { '': 1 } }],
    ['a tag that would swallow the next', { tags: { hall: 'hall-1\\', rule: 'late' } }],
    ['a line end in a tag', { tags: { hall: 'a\nviolation minutes=1' } }],
    ['a line end in a field', { fields: { 'a\n': 1 } }],
    ['a comment for a name', { measurement: '#violation' }],
    ['no name', { measurement: '' }],
    ['half a millisecond', { at: AT + 0.5 }],
  ])('refuses %s before anything is sent', async (_what, part) => {
    await fresh();
    const error = await failureOf(store.write([late, { ...late, ...part }]));
    expect(error.retry).toBe(false);
    expect(await server.points(database, 'violation')).toEqual([]);
  });

  test('waits for a missing database to be created', async () => {
    const missing = open({ url: server.url, database: 'not yet' });
    for (const attempt of [() => missing.check(), () => missing.write([late])]) {
      expect(await failureOf(attempt())).toMatchObject({
        retry: true,
        message: 'the database or bucket does not exist (404): database not found: "not yet"',
      });
    }
    await server.query('CREATE DATABASE "not yet"');
    await missing.check();
    await missing.write([late]);
    expect(await server.points('not yet', 'violation')).toEqual([late]);
  });

  test('checks without writing anything', async () => {
    await fresh();
    await store.check();
    expect(await server.query('SHOW MEASUREMENTS', database)).toEqual([]);
  });

  test('says that the server is not there, and comes back with it', async () => {
    await fresh();
    await store.check();
    await server.kill();
    const error = await failureOf(store.check());
    expect(error).toMatchObject({ retry: true, message: expect.stringContaining('the store is unreachable') });
    expect(await failureOf(store.write([late]))).toMatchObject({ retry: true });
    await server.start();
    await store.check();
  }, 30_000);

  test('gives up a server that has stopped answering', async () => {
    await fresh();
    const hasty = open({ url: server.url, database, timeoutMs: 150 });
    server.freeze();
    const error = await failureOf(hasty.write([late])).finally(() => server.thaw());
    expect(error).toMatchObject({ retry: true, message: 'no answer within 150 ms' });
    await store.write([late]);
    expect(await server.points(database, 'violation')).toEqual([late]);
  });

  test('writes nothing once closed, and gives no point up for it', async () => {
    await fresh();
    await store.close();
    expect(await failureOf(store.write([late]))).toMatchObject({ retry: true });
    expect(await server.points(database, 'violation')).toEqual([]);
  });

  test('never prints', async () => {
    await fresh();
    const streams = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const consoles = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'log')];
    await failureOf(open({ url: server.url, database: 'none' }).write([late]));
    await failureOf(store.write([{ ...late, at: -8.64e15 }]));
    await failureOf(open({ url: `http://127.0.0.1:${await freePort()}`, database: 'x' }).write([late]));
    const calls = [...streams, ...consoles].map((spy) => spy.mock.calls.length);
    vi.restoreAllMocks();
    expect(calls).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('InfluxDB 1.x that asks for credentials', () => {
  const admin = { username: 'zaigang', password: 'k7%:pass word' };
  let server: InfluxServer;

  beforeAll(async () => {
    server = await startInfluxdb({ admin, databases: ['zaigang'], maxBodyBytes: 100_000 });
    await server.query(`CREATE USER "reader" WITH PASSWORD 'only reads'`);
    await server.query('GRANT READ ON "zaigang" TO "reader"');
  }, 30_000);
  afterAll(() => server.remove());

  test('takes them from the options or the url', async () => {
    await open({ url: server.url, database: 'zaigang', ...admin }).write([late]);
    const withUser = new URL(server.url);
    withUser.username = admin.username;
    withUser.password = encodeURIComponent(admin.password);
    const revised = { ...late, fields: { ...late.fields, rev: 2 } };
    await open({ url: withUser.href, database: 'zaigang' }).write([revised]);
    expect(await server.points('zaigang', 'violation')).toEqual([revised]);
  });

  test.each([
    [
      'a wrong password',
      { username: admin.username, password: 'wr0ng secret' },
      'did not accept the credentials (401)',
    ],
    ['no credentials', {}, 'did not accept the credentials (401)'],
    ['a user who may only read', { username: 'reader', password: 'only reads' }, 'does not permit writing (403)'],
  ])('waits for an operator to mend %s, and never shows it', async (_what, credentials, message) => {
    const store = open({ url: server.url, database: 'zaigang', ...credentials });
    for (const attempt of [() => store.check(), () => store.write([late])]) {
      const error = await failureOf(attempt());
      expect(error).toMatchObject({ retry: true, message: expect.stringContaining(message) });
      const shown = inspect(error, { depth: null, showHidden: true });
      for (const secret of ['wr0ng secret', 'only reads', 'Basic ']) expect(shown).not.toContain(secret);
    }
  });

  test('calls a batch beyond its limit a refusal, so that it is split', async () => {
    const store = open({ url: server.url, database: 'zaigang', ...admin });
    const error = await failureOf(store.write(violations(2000)));
    expect(error).toMatchObject({ retry: false, message: expect.stringContaining('too large (413)') });
    await store.write(violations(1000));
  });
});

describe('a server of the family', () => {
  test('that echoes the credentials does not bring them into a message', async () => {
    await using server = await answering((request, response) => {
      response.writeHead(500).end(`cannot handle ${request.headers.authorization}`);
    });
    const user = { username: 'u', password: 'geheim' };
    const options = [
      { ...user, database: 'd' },
      { bucket: 'b', token: 'tok-123' },
    ];
    const shown: string[] = [];
    for (const option of options) {
      const error = await failureOf(open({ url: server.url, ...option }).write([late]));
      shown.push(error.message);
      expect(inspect(error, { depth: null, showHidden: true })).not.toMatch(/geheim|tok-123|dTpnZWhlaW0=/);
    }
    expect(shown).toEqual([
      'the store failed (500): cannot handle Basic ***',
      'the store failed (500): cannot handle Token ***',
    ]);
  });

  const json = { 'content-type': 'application/json' };
  const partial3 = '{"error":"partial write of line protocol occurred","data":[{"error_message":"no such column"}]}';
  const conflict2 = '{"code":"internal error","message":"unexpected error writing points: field type conflict: x"}';
  const rejected2 = '{"code":"unprocessable entity","message":"points outside retention"}';
  test.each([
    [204, '', null],
    [201, '', { retry: false, message: expect.stringContaining('took only some') }],
    [200, '<html>', { retry: true, message: expect.stringContaining('something else than a store answered (200)') }],
    [302, '', { retry: true, message: expect.stringContaining('something else than a store answered (302)') }],
    [
      400,
      partial3,
      { retry: false, message: expect.stringContaining('partial write of line protocol occurred: no such') },
    ],
    [422, rejected2, { retry: false, message: 'the store refused the points (422): points outside retention' }],
    [429, '{"message":"slow down"}', { retry: true, message: 'the store is overloaded (429): slow down' }],
    [500, '{"message":"timeout"}', { retry: true, message: 'the store failed (500): timeout' }],
    [500, conflict2, { retry: false, message: expect.stringContaining('the store refused the points (500)') }],
    [503, '', { retry: true, message: expect.stringContaining('the store is overloaded (503)') }],
  ])('that answers %i %s', async (status, body, expected) => {
    const asked: string[] = [];
    await using server = await answering((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      response.writeHead(status, json).end(body);
    });
    const attempt = open({ url: `${server.url}/behind/`, org: '大厅', bucket: 'a b', token: 'tok' }).write([late]);
    if (expected === null) await attempt;
    else expect(await failureOf(attempt)).toMatchObject(expected);
    const path = '/behind/api/v2/write?org=%E5%A4%A7%E5%8E%85&bucket=a%20b&precision=ms';
    expect(asked).toEqual([`POST ${path} Token tok`]);
  });

  test('that calls an empty body a bad request passes the check, for it has let us in', async () => {
    await using server = await answering((_request, response) => {
      response.writeHead(400, json).end('{"code":"invalid","message":"writing requires points"}');
    });
    await open({ url: server.url, bucket: 'b', token: 'tok' }).check();
  });

  test('that dribbles its answer does not keep us longer than the deadline', async () => {
    await using server = await answering((_request, response) => {
      response.writeHead(400, json);
      const dribble = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dribble));
    });
    const error = await failureOf(open({ url: server.url, database: 'd', timeoutMs: 200 }).write([late]));
    expect(error).toMatchObject({ retry: true, message: 'no answer within 200 ms' });
  });

  test('that is half open is hung up on: no connection stays behind', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const connected = once(server, 'connection');
    const attempt = open({ url: `http://127.0.0.1:${address.port}`, database: 'd', timeoutMs: 100 }).write([late]);
    const failed = failureOf(attempt);
    const [socket] = await connected;
    socket.resume();
    const ended = once(socket, 'close');
    expect(await failed).toMatchObject({ retry: true, message: 'no answer within 100 ms' });
    await ended;
    server.close();
    await once(server, 'close');
  });
});

test.each<[string, InfluxOptions]>([
  ['a url of another kind', { url: 'udp://127.0.0.1:8089', database: 'd' }],
  ['no url', { url: 'localhost', database: 'd' }],
  ['neither database nor bucket', { url: 'http://127.0.0.1:1' }],
  ['both', { url: 'http://127.0.0.1:1', database: 'd', bucket: 'b' }],
  ['two kinds of credentials', { url: 'http://127.0.0.1:1', database: 'd', username: 'u', password: 'p', token: 't' }],
  ['a password of nobody', { url: 'http://127.0.0.1:1', database: 'd', password: 'p' }],
  ['broken credentials in the url', { url: 'http://u:%zz@127.0.0.1:1', database: 'd' }],
])('is not opened with %s', (_what, options) => {
  expect(() => influxStore(options)).toThrow(MetricsError);
});
