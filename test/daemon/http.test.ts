import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { ROUTES } from '../../daemon/access/routes.ts';
import type { BoardSource } from '../../daemon/board/board.ts';
import { snapshotSchema } from '../../daemon/http/openapi.ts';
import { handBoard, morning } from '../support/board-source.ts';
import { startServer, type TestServer, type TestServerOptions } from '../support/http-server.ts';

const servers: TestServer[] = [];

async function start(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** What anybody may read on a board that is open. */
const SERVED = [
  '/',
  '/sign-in',
  '/link',
  '/-/healthy',
  '/-/ready',
  '/metrics',
  '/api/openapi.json',
  '/api/v1/hall',
  '/api/v1/windows',
  '/api/v1/events',
  '/api/v1/me',
];

/** Pages and what they load speak to people. */
const DOCUMENTED = Object.keys(ROUTES).filter((route) => / \/(?:api|-|metrics)(?:\/|$)/.test(route));

async function expectProblem(response: Response, status: number): Promise<Record<string, unknown>> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ type: 'about:blank', status, instance: new URL(response.url).pathname });
  expect(body['title']).toBeTypeOf('string');
  expect(body['detail']).toBeTypeOf('string');
  return body;
}

describe('health', () => {
  test('healthy answers in words', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/-/healthy`);
    expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('ready follows its checks and names each', async () => {
    let reachable = false;
    const checks = () => [
      { name: 'ledger', ok: true, detail: 'writable' },
      { name: 'broker', ok: reachable, detail: reachable ? 'connected' : 'connection refused' },
    ];
    const { url } = await start({ checks });
    const before = await fetch(`${url}/-/ready`);
    expect(before.status).toBe(503);
    expect(await before.json()).toEqual({
      ready: false,
      checks: [
        { name: 'ledger', ok: true, detail: 'writable' },
        { name: 'broker', ok: false, detail: 'connection refused' },
      ],
    });
    reachable = true;
    const after = await fetch(`${url}/-/ready`);
    expect([after.status, ((await after.json()) as { ready: boolean }).ready]).toEqual([200, true]);
  });

  test('metrics are those of the moment, in the text format', async () => {
    let punches = 3;
    const { url } = await start({
      metrics: () => [
        { name: 'zaigang_punches_total', help: 'Punches.', type: 'counter', samples: [{ value: punches }] },
      ],
    });
    punches = 4;
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toBe(
      '# HELP zaigang_punches_total Punches.\n# TYPE zaigang_punches_total counter\nzaigang_punches_total 4\n',
    );
  });
});

describe('the board for programs', () => {
  test('hall and windows are what the source says', async () => {
    const { url, board } = await start();
    const snapshot = board.said();
    expect(await (await fetch(`${url}/api/v1/hall`)).json()).toEqual(snapshot.hall);
    expect(await (await fetch(`${url}/api/v1/windows`)).json()).toEqual(snapshot);
  });

  test('asking again for what has not changed costs nothing', async () => {
    const { url, board } = await start();
    const ask = (tag: string) => fetch(`${url}/api/v1/windows`, { headers: { 'If-None-Match': tag } });
    const etag = (await fetch(`${url}/api/v1/windows`)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"1-[0-9a-f]{16}"$/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await ask(tag);
      expect([tag, response.status, await response.text()]).toEqual([tag, 304, '']);
      expect(response.headers.get('etag')).toBe(etag);
    }
    for (const tag of ['"other"', etag.slice(1, -1), '""', '"'])
      expect([tag, (await ask(tag)).status]).toEqual([tag, 200]);
    board.changeWindow('W01', { state: 'empty' });
    const changed = await ask(etag);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toMatch(/^"2-/);
  });

  test('the same id after a restart, with other content, is another tag', async () => {
    const before = await start({ board: handBoard(morning(24)) });
    const after = await start({ board: handBoard(morning(23)) });
    const etag = (await fetch(`${before.url}/api/v1/windows`)).headers.get('etag') ?? '';
    const response = await fetch(`${after.url}/api/v1/windows`, { headers: { 'If-None-Match': etag } });
    expect(response.status).toBe(200);
  });

  test('the document describes what is served: every path answers, and the windows fit their schema', async () => {
    const { url } = await start();
    const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(described.sort()).toEqual(DOCUMENTED.toSorted());
    for (const [path, methods] of Object.entries(document.paths)) {
      if (methods['get'] === undefined) continue;
      const { status } = await fetch(`${url}${path}`, { method: 'HEAD' });
      expect(methods['get'].responses, path).toHaveProperty(String(status));
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"(?:#\/components\/schemas\/)?([^"]+)"/g)].map(
      (match) => match[1],
    );
    // Each leads somewhere, and nothing is described that nobody refers to.
    expect(Object.keys(document.components.schemas).sort()).toEqual([...new Set(references)].sort());
    const served = await (await fetch(`${url}/api/v1/windows`)).json();
    expect(snapshotSchema.parse(served)).toEqual(served);
    expect(() => snapshotSchema.parse({ ...(served as object), windows: [{ id: 'W01' }] })).toThrow();
  });
});

describe('refusals', () => {
  test('what is not there is a problem, not a page', async () => {
    const { url } = await start();
    const paths = [
      '/nothing',
      '/api',
      '/api/v1',
      '/api/v1/window',
      '/assets/board-0000000000.js',
      '/api/v1/windows/W01',
    ];
    for (const path of [...paths, '/../etc/passwd', '/assets/../index.html', '/assets/%2e%2e/index.html']) {
      await expectProblem(await fetch(`${url}${path}`), 404);
    }
  });

  test('a method that a path does not answer is refused with those that it does', async () => {
    const { url } = await start();
    for (const path of SERVED) {
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
        const response = await fetch(`${url}${path}`, { method });
        expect(response.headers.get('allow')).toBe('GET, HEAD');
        await expectProblem(response, 405);
      }
    }
  });

  test('HEAD answers what GET would, without a body', async () => {
    const { url } = await start();
    for (const path of SERVED.filter((served) => served !== '/api/v1/events')) {
      const [get, head] = await Promise.all([fetch(`${url}${path}`), fetch(`${url}${path}`, { method: 'HEAD' })]);
      expect([path, head.status, await head.text()]).toEqual([path, get.status, '']);
      for (const name of ['content-type', 'etag', 'cache-control']) {
        expect([path, name, head.headers.get(name)]).toEqual([path, name, get.headers.get(name)]);
      }
      await get.text();
    }
  });

  test('what needs sign-in says how', async () => {
    const { url } = await start();
    for (const path of ['users', 'tokens', 'screens', 'access-log']) {
      const response = await fetch(`${url}/api/v1/${path}`);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="zaigang"');
      expect((await expectProblem(response, 401))['detail']).toMatch(/sign-in, or a token/);
    }
  });

  test('a fault of ours is reported inside and not told outside', async () => {
    const fault = new Error('SELECT failed in /srv/zaigang/data');
    const { url, errors } = await start({
      checks: () => {
        throw fault;
      },
    });
    const body = await expectProblem(await fetch(`${url}/-/ready`), 500);
    expect(JSON.stringify(body)).not.toMatch(/SELECT|srv/);
    expect(errors).toEqual([fault]);
  });
});

describe('headers', () => {
  test('every answer forbids what the pages do not need', async () => {
    const { url } = await start();
    const refused = ['/nothing', '/api/v1/facts'].map((path) => fetch(`${url}${path}`));
    const answers = SERVED.map((path) =>
      fetch(`${url}${path}`, { method: 'HEAD', headers: { Origin: 'http://other' } }),
    );
    const wrong = fetch(`${url}/`, { method: 'POST' });
    for (const response of await Promise.all([...refused, ...answers, wrong])) {
      const policy = response.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      const names = [...response.headers.keys()];
      expect(names.filter((name) => name.startsWith('access-control-') || name === 'set-cookie')).toEqual([]);
      await response.body?.cancel();
    }
  });
});

describe('the page and its parts', () => {
  const parts = (html: string): string[] =>
    [...html.matchAll(/(?:src|href)="(\/assets\/[^"]*)"/g)].map((match) => match[1] ?? '');

  test('names its parts by their content, and they may be kept for ever', async () => {
    const { url } = await start();
    const page = await fetch(`${url}/`);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const html = await page.text();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
    expect(parts(html)).toHaveLength(4);
    for (const path of parts(html)) {
      expect(path).toMatch(/^\/assets\/\w+-[0-9a-f]{10}\.(js|css|svg)$/);
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await response.text()).length).toBeGreaterThan(100);
    }
  });

  test('is sent packed to whoever can unpack it', async () => {
    const { app } = await start({ onError: (error) => expect.fail(String(error)) });
    const ask = (accepted: string) => app.request('/', { headers: { 'Accept-Encoding': accepted } });
    const plain = Buffer.from(await (await ask('')).arrayBuffer());
    const cases = [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
      ['deflate, identity', null, null],
    ] as const;
    for (const [accepted, encoding, unpack] of cases) {
      const response = await ask(accepted);
      expect([accepted, response.headers.get('content-encoding')]).toEqual([accepted, encoding]);
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
      const body = Buffer.from(await response.arrayBuffer());
      expect((unpack === null ? body : unpack(body)).equals(plain)).toBe(true);
      const etag = response.headers.get('etag') ?? '';
      const again = await app.request('/', { headers: { 'Accept-Encoding': accepted, 'If-None-Match': etag } });
      expect(again.status).toBe(304);
    }
  });
});

test('a source that fails is a fault of ours', async () => {
  const broken: BoardSource = {
    snapshot() {
      throw new Error('no snapshot');
    },
    subscribe: () => () => undefined,
  };
  const { url, errors } = await start({ board: { ...handBoard(morning(1)), ...broken } });
  await expectProblem(await fetch(`${url}/api/v1/windows`), 500);
  expect(errors).toEqual([new Error('no snapshot')]);
});
