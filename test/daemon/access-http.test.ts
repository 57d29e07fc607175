/** Signing in over HTTP, against a real server with hands on its clocks: cookies, fixation, forgery, guessing, proxies, tokens, screens. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { AccessSettings } from '../../daemon/access/books.ts';
import { hashPassword } from '../../daemon/access/password.ts';
import type { HttpOptions } from '../../daemon/http/app.ts';
import { type TestAccess, testAccess } from '../support/access.ts';
import { handBoard, morning } from '../support/board-source.ts';
import { callerOf, cookieOf } from '../support/caller.ts';
import { readEvents } from '../support/event-stream.ts';
import { startServer, type TestServer } from '../support/http-server.ts';

const BY = { who: 'command', address: null };
const GOOD = 'correct horse battery';
/** Made once: it takes as long as it should. */
const hashOfGood = hashPassword(GOOD);
const servers: TestServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Stage extends TestAccess {
  readonly server: TestServer;
  readonly ask: ReturnType<typeof callerOf>;
  /** Signs in with the good password. */
  enter(name: string): Promise<string>;
}

const HOLDERS = new Map([
  ['W01', { employee: 'e001', name: '徐敏', departments: ['gaj', 'gaj'] }],
  ['W02', { employee: 'e002', name: '李岚', departments: ['ybj', 'ybj'] }],
]);

/** With an administrator, root; a supervisor, sup; a chief of gaj, chief; and the employee e002, emp. */
async function stage(
  settings: Partial<HttpOptions['settings']> = {},
  access: Partial<AccessSettings> = {},
): Promise<Stage> {
  const made = testAccess(access);
  const { office } = made.access;
  const accounts = [
    { name: 'root', roles: ['admin'], departments: [], employee: null },
    { name: 'sup', roles: ['supervisor'], departments: [], employee: null },
    { name: 'chief', roles: ['chief'], departments: ['gaj'], employee: null },
    { name: 'emp', roles: ['employee'], departments: [], employee: 'e002' },
  ] as const;
  for (const account of accounts) {
    office.add({ ...account, display: account.name }, BY);
    made.access.books.accounts.setHash(account.name, await hashOfGood);
  }
  const board = handBoard(morning(3), 1, HOLDERS);
  const server = await startServer({ access: made.access, settings, board });
  servers.push(server);
  const ask = callerOf(server.url);
  return {
    ...made,
    ...{ server, ask },
    async enter(name) {
      const response = await ask('/api/v1/sign-in', { body: { name, password: GOOD } });
      expect(response.status).toBe(200);
      return cookieOf(response).pair;
    },
  };
}

const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>;
const actorOf = async (response: Response) => (await bodyOf(response))['actor'] as { id: string } | null;

describe('a session', () => {
  test('is a cookie that scripts cannot read, that other sites do not send, and that says nothing', async () => {
    const { ask, database } = await stage();
    const response = await ask('/api/v1/sign-in', { body: { name: ' SUP ', password: GOOD } });
    expect(await bodyOf(response)).toEqual({
      actor: { id: 'user:sup', name: 'sup', roles: ['supervisor'], employee: null, departments: [] },
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { pair, flags } = cookieOf(response);
    expect(pair).toMatch(/^zaigang-[0-9a-f]{8}=[A-Za-z0-9_-]{43}$/);
    expect(flags).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict']);
    const me = await ask('/api/v1/me', { cookie: pair });
    expect(await bodyOf(me)).toMatchObject({ actor: { id: 'user:sup' }, by: 'cookie' });
    expect(Buffer.from(database.serialize()).toString('latin1')).not.toContain(pair.split('=')[1]);
  });

  test('gets an id of its own at sign-in; the one that the browser came with is worth nothing, or ends', async () => {
    const { ask, enter } = await stage();
    const planted = `${(await enter('sup')).split('=')[0]}=${'A'.repeat(43)}`;
    const given = await ask('/api/v1/sign-in', { body: { name: 'sup', password: GOOD }, cookie: planted });
    expect(cookieOf(given).pair).not.toBe(planted);
    expect(await actorOf(await ask('/api/v1/me', { cookie: planted }))).toBeNull();
    const first = cookieOf(given).pair;
    const again = await ask('/api/v1/sign-in', { body: { name: 'root', password: GOOD }, cookie: first });
    expect(cookieOf(again).pair).not.toBe(first);
    expect(await actorOf(await ask('/api/v1/me', { cookie: first }))).toBeNull();
  });

  test('ends by itself: unused for a while, or after so long', async () => {
    const { ask, enter, pass } = await stage({}, { idle: 3_600_000, longest: 10_000_000 });
    const signedIn = async (cookie: string) => (await actorOf(await ask('/api/v1/me', { cookie }))) !== null;
    const idle = await enter('sup');
    pass(3_599_999);
    const used = await enter('sup');
    expect(await signedIn(idle)).toBe(true);
    pass(1_800_000);
    expect([await signedIn(idle), await signedIn(used)]).toEqual([true, true]);
    pass(3_599_000);
    expect(await signedIn(used)).toBe(true);
    // Still in use, and yet over.
    pass(1_001_001);
    expect([await signedIn(idle), await signedIn(used)]).toEqual([false, true]);
    pass(3_600_000);
    expect(await signedIn(used)).toBe(false);
  });

  test('ends at sign-out, and everywhere where that is asked', async () => {
    const { ask, enter } = await stage();
    const [here, there] = [await enter('sup'), await enter('sup')];
    const out = await ask('/api/v1/sign-out', { method: 'POST', cookie: here });
    expect([out.status, cookieOf(out).flags]).toEqual([204, ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Strict']]);
    expect(await actorOf(await ask('/api/v1/me', { cookie: here }))).toBeNull();
    const third = await enter('sup');
    expect((await ask('/api/v1/me/sign-out-everywhere', { method: 'POST', cookie: third })).status).toBe(204);
    for (const cookie of [there, third]) expect(await actorOf(await ask('/api/v1/me', { cookie }))).toBeNull();
    // Who has no session signs out all the same.
    expect((await ask('/api/v1/sign-out', { method: 'POST' })).status).toBe(204);
  });

  test('goes on with a new id when one changes the password, and the others end', async () => {
    const { ask, enter } = await stage();
    const [here, there] = [await enter('sup'), await enter('sup')];
    const change = (former: string, password: string) =>
      ask('/api/v1/me/password', { body: { former, password }, cookie: here });
    expect(await bodyOf(await change('not it', 'a better one than that'))).toMatchObject({ code: 'wrong-password' });
    expect(await bodyOf(await change(GOOD, 'short'))).toMatchObject({ status: 422, code: 'too-short' });
    const done = await change(GOOD, 'a better one than that');
    expect(done.status).toBe(200);
    expect(await actorOf(await ask('/api/v1/me', { cookie: cookieOf(done).pair }))).toMatchObject({ id: 'user:sup' });
    for (const cookie of [here, there]) expect(await actorOf(await ask('/api/v1/me', { cookie }))).toBeNull();
  });
});

test('the present password cannot be guessed faster than at the door', async () => {
  const { ask, enter, pass } = await stage({}, { tries: 2, firstPause: 5_000 });
  const cookie = await enter('sup');
  const change = (former: string) =>
    ask('/api/v1/me/password', { body: { former, password: 'a better one than that' }, cookie });
  for (let i = 0; i < 2; i++) expect((await change('not it')).status).toBe(422);
  const waits = await change(GOOD);
  expect([waits.status, waits.headers.get('Retry-After')]).toEqual([429, '5']);
  pass(5_000);
  expect((await change(GOOD)).status).toBe(200);
});

describe('what another site’s page makes a browser send', () => {
  const forged: readonly (readonly [why: string, headers: Record<string, string>])[] = [
    ['the browser says so', { 'Sec-Fetch-Site': 'cross-site' }],
    ['of a neighbour host', { 'Sec-Fetch-Site': 'same-site' }],
    ['even with our origin', { 'Sec-Fetch-Site': 'cross-site', Origin: 'OURS' }],
    ['another origin', { Origin: 'https://evil.example' }],
    ['a hidden origin', { Origin: 'null' }],
    ['another port', { Origin: 'http://127.0.0.1:1' }],
    ['no origin', { Origin: '' }],
  ];

  test.each(forged)('is refused: %s', async (_, headers) => {
    const { enter, server, access } = await stage();
    const cookie = await enter('root');
    const { Origin, ...others } = headers;
    const response = await fetch(`${server.url}/api/v1/users/sup`, {
      method: 'DELETE',
      headers: {
        ...others,
        ...(Origin === undefined || Origin === '' ? {} : { Origin: Origin === 'OURS' ? server.url : Origin }),
        Cookie: cookie,
      },
    });
    expect([response.status, (await bodyOf(response))['code']]).toEqual([403, 'from-elsewhere']);
    expect(access.books.accounts.find('sup')).not.toBeNull();
  });

  test('nor can it sign somebody in, nor send what a form can', async () => {
    const { ask } = await stage();
    const body = { name: 'sup', password: GOOD };
    const forgedIn = await ask('/api/v1/sign-in', { body, headers: { Origin: 'https://evil.example' } });
    expect([forgedIn.status, cookieOf(forgedIn).pair]).toEqual([403, '']);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'application/jsonp',
    ]) {
      expect([type, (await ask('/api/v1/sign-in', { body, headers: { 'Content-Type': type } })).status]).toEqual([
        type,
        415,
      ]);
    }
  });

  test('and what our own pages send is taken, over TLS behind a proxy as well', async () => {
    const { ask, enter } = await stage({
      address: 'https://hall.example/',
      proxy: { from: ['127.0.0.1'], userHeader: null },
    });
    for (const headers of [{ 'Sec-Fetch-Site': 'same-origin' }, { Origin: 'https://hall.example' }]) {
      const cookie = await enter('sup');
      expect((await ask('/api/v1/me/sign-out-everywhere', { method: 'POST', cookie, headers })).status).toBe(204);
    }
  });
});

describe('guessing', () => {
  test('is slowed down, and tells nothing: not whether there is such an account, nor by the time it takes', async () => {
    const { ask, pass } = await stage({}, { tries: 4, addressTries: 1000 });
    const guess = async (name: string) => {
      // Of the processor, not on the wall: the machine has other things to do.
      const before = process.cpuUsage();
      const response = await ask('/api/v1/sign-in', { body: { name, password: 'guess' } });
      const { instance: _, ...body } = await bodyOf(response);
      const took = process.cpuUsage(before);
      return {
        tookUs: took.user + took.system,
        status: response.status,
        body,
        retry: response.headers.get('retry-after'),
      };
    };
    const told = async (name: string) => {
      const all = [];
      for (let i = 0; i < 5; i++) all.push(await guess(name));
      return all;
    };
    const [real, none, impossible] = [await told('sup'), await told('nobody'), await told('<no such name>')];
    const plain = (all: typeof real) => all.map(({ tookUs: _, ...rest }) => rest);
    expect(plain(real).map(({ status }) => status)).toEqual([401, 401, 401, 401, 429]);
    expect(real[4]).toMatchObject({ retry: '5', body: { code: 'wait' } });
    expect(plain(none)).toEqual(plain(real));
    expect(plain(impossible)).toEqual(plain(real));
    const fastest = (all: typeof real) => Math.min(...all.slice(0, 4).map(({ tookUs }) => tookUs));
    for (const other of [none, impossible]) {
      expect(fastest(other) / fastest(real)).toBeGreaterThan(0.5);
      expect(fastest(other) / fastest(real)).toBeLessThan(2);
    }
    // During a pause the right password does not get in either, and after it, it does.
    const right = () => ask('/api/v1/sign-in', { body: { name: 'sup', password: GOOD } });
    expect((await right()).status).toBe(429);
    pass(5_000);
    expect((await right()).status).toBe(200);
  });

  test('from many addresses is told apart only where a proxy that we know says so', async () => {
    const guess = ({ ask }: Stage, address: string, name: string) =>
      ask('/api/v1/sign-in', { body: { name, password: 'x' }, headers: { 'X-Forwarded-For': address } });
    const direct = await stage({}, { addressTries: 3 });
    for (let i = 0; i < 3; i++) expect((await guess(direct, `192.0.2.${i}`, `a${i}`)).status).toBe(401);
    expect((await guess(direct, '192.0.2.9', 'a9')).status).toBe(429);
    const proxied = await stage({ proxy: { from: ['127.0.0.0/8'], userHeader: null } }, { addressTries: 3 });
    for (let i = 0; i < 5; i++) expect((await guess(proxied, `192.0.2.${i}`, `a${i}`)).status).toBe(401);
    // What the client wrote itself stands before what the proxy saw.
    for (let i = 0; i < 3; i++) await guess(proxied, `203.0.113.${i}, 198.51.100.1`, `b${i}`);
    expect((await guess(proxied, '203.0.113.9, 198.51.100.1', 'b9')).status).toBe(429);
  });
});

describe('a proxy that signs people in', () => {
  const proxy = { from: ['127.0.0.1'], userHeader: 'X-Remote-User' };

  test('is believed, and only about those who have an account in use', async () => {
    const { ask, access } = await stage({ proxy });
    const me = async (user: string) => bodyOf(await ask('/api/v1/me', { headers: { 'X-Remote-User': user } }));
    expect(await me('SUP')).toMatchObject({ actor: { id: 'user:sup' }, by: 'proxy' });
    for (const user of ['stranger', '', 'token:1']) expect(await me(user)).toMatchObject({ actor: null });
    access.office.change('sup', { disabled: true }, BY);
    expect(await me('sup')).toMatchObject({ actor: null });
    const rows = access.books.log.newest(100).filter(({ what }) => what === 'signed-in');
    expect(rows).toMatchObject([{ who: 'user:sup', detail: { by: 'proxy' } }]);
  });

  test('from any other address is not: the header is nothing', async () => {
    for (const from of [['192.0.2.1'], ['10.0.0.0/8', '::1']]) {
      const { ask } = await stage({ proxy: { from, userHeader: 'X-Remote-User' } });
      expect(await actorOf(await ask('/api/v1/me', { headers: { 'X-Remote-User': 'root' } }))).toBeNull();
      expect((await ask('/api/v1/users', { headers: { 'X-Remote-User': 'root' } })).status).toBe(401);
    }
    const { ask } = await stage();
    expect(await actorOf(await ask('/api/v1/me', { headers: { 'X-Remote-User': 'root' } }))).toBeNull();
  });

  test('that speaks TLS gives a cookie which only TLS carries', async () => {
    const { ask } = await stage({ proxy });
    const headers = { 'X-Forwarded-Proto': 'https' };
    const response = await ask('/api/v1/sign-in', { body: { name: 'sup', password: GOOD }, headers });
    const { pair, flags } = cookieOf(response);
    expect(pair).toMatch(/^__Host-zaigang-/);
    expect(flags).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
    expect(await actorOf(await ask('/api/v1/me', { cookie: pair, headers }))).toMatchObject({ id: 'user:sup' });
    // A cookie that came without TLS is not taken with it: a neighbour host may have set it.
    expect(await actorOf(await ask('/api/v1/me', { cookie: pair.slice('__Host-'.length), headers }))).toBeNull();
    const direct = await stage();
    const plain = await direct.ask('/api/v1/sign-in', { body: { name: 'sup', password: GOOD }, headers });
    expect(cookieOf(plain).flags).not.toContain('Secure');
  });

  test('closes the board that is open by itself', async () => {
    expect((await (await stage({ proxy })).ask('/api/v1/windows')).status).toBe(401);
    expect((await (await stage({ proxy, openBoard: true })).ask('/api/v1/windows')).status).toBe(200);
    expect((await (await stage({ listen: { host: '0.0.0.0', port: 0 } })).ask('/api/v1/windows')).status).toBe(401);
    const closed = await (await stage({ openBoard: false })).ask('/?lang=en');
    expect([closed.status, closed.headers.get('location')]).toEqual([303, '/sign-in?next=%2F%3Flang%3Den']);
  });
});

describe('tokens', () => {
  test('are for programs: no origin is asked of them, they expire, and can be revoked', async () => {
    const { server, access, pass, now, ask } = await stage();
    const cookie = await (await stage()).enter('root');
    const expiresAt = now() + 3_600_000;
    const rights = { roles: ['admin'] as const, employee: null, departments: [] };
    const { secret: brief } = access.office.addToken({ name: 'brief', ...rights, expiresAt }, BY);
    const { secret: long, number } = access.office.addToken({ name: 'long', ...rights, expiresAt: null }, BY);
    const users = (token: string, more = {}) =>
      fetch(`${server.url}/api/v1/users`, { headers: { Authorization: `Bearer ${token}`, ...more } });
    expect((await users(brief)).status).toBe(200);
    const added = await fetch(`${server.url}/api/v1/screens`, {
      method: 'POST',
      body: JSON.stringify({ name: 'wall' }),
      headers: { Authorization: `bearer ${long}`, 'Content-Type': 'application/json' },
    });
    expect(added.status).toBe(201);
    expect(access.books.log.newest(1)).toMatchObject([{ who: `token:${number}`, what: 'screen-made' }]);
    pass(3_600_000);
    const expired = await users(brief);
    expect([expired.status, expired.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="zaigang", error="invalid_token"',
    ]);
    expect(access.books.tokens.all().map(({ usedAt }) => usedAt !== null)).toEqual([true, true]);
    access.office.revokeToken(number, BY);
    // A token that is no good is refused, and does not fall back to the cookie beside it.
    for (const bad of [long, 'nonsense', 'A'.repeat(43)]) {
      expect([bad, (await users(bad, { Cookie: cookie })).status]).toEqual([bad, 401]);
    }
    const past = { name: 'late', roles: ['admin'], expiresAt: '2020-01-01T00:00:00Z' };
    const root = (await ask('/api/v1/sign-in', { body: { name: 'root', password: GOOD } })) as Response;
    const refused = await ask('/api/v1/tokens', { body: past, cookie: cookieOf(root).pair });
    expect(await bodyOf(refused)).toMatchObject({ status: 422, code: 'expired-already' });
  });
});

describe('a screen', () => {
  test('follows its link once, keeps its cookie, shows no names, and can be revoked', async () => {
    const { ask, enter, access } = await stage({ openBoard: false });
    const root = await enter('root');
    const made = await bodyOf(await ask('/api/v1/screens', { body: { name: '一楼大屏' }, cookie: root }));
    const link = String(made['link']).replace('/link#', '');
    expect(await bodyOf(await ask('/api/v1/link', { body: { link } }))).toEqual({
      kind: 'screen',
      display: '一楼大屏',
    });
    const taken = await ask('/api/v1/link/follow', { body: { link } });
    const { pair, flags } = cookieOf(taken);
    expect(flags).toEqual(['HttpOnly', 'Max-Age=34560000', 'Path=/', 'SameSite=Strict']);
    expect((await ask('/api/v1/link/follow', { body: { link } })).status).toBe(410);
    const windows = await (await ask('/api/v1/windows', { cookie: pair })).text();
    expect(windows).not.toMatch(/徐敏|李岚|holder|e00/);
    expect((await ask('/api/v1/users', { cookie: pair })).status).toBe(403);
    expect(await bodyOf(await ask('/api/v1/screens', { cookie: root }))).toMatchObject({
      screens: [{ number: 1, name: '一楼大屏', madeBy: 'user:root', revokedAt: null }],
    });
    expect((await ask('/api/v1/screens/1', { method: 'DELETE', cookie: root })).status).toBe(204);
    expect((await ask('/api/v1/windows', { cookie: pair })).status).toBe(401);
    expect((await ask('/api/v1/screens/1', { method: 'DELETE', cookie: root })).status).toBe(404);
    expect(access.books.screens.all()[0]?.revokedAt).not.toBeNull();
  });
});

describe('names on the board', () => {
  const namesIn = (text: string) => [...text.matchAll(/徐敏|李岚/g)].map(([name]) => name);

  test('are sent to those who may see them, each their own', async () => {
    const { ask, enter } = await stage();
    const seen = async (cookie?: string) =>
      namesIn(await (await ask('/api/v1/windows', cookie === undefined ? {} : { cookie })).text());
    expect(await seen()).toEqual([]);
    expect(await seen(await enter('sup'))).toEqual(['徐敏', '李岚']);
    expect(await seen(await enter('root'))).toEqual(['徐敏', '李岚']);
    expect(await seen(await enter('chief'))).toEqual(['徐敏']);
    expect(await seen(await enter('emp'))).toEqual(['李岚']);
  });

  test('are another content: nobody is answered from what somebody else saw', async () => {
    const { ask, enter } = await stage();
    const cookie = await enter('sup');
    const named = (await ask('/api/v1/windows', { cookie })).headers;
    expect([named.get('cache-control'), named.get('vary')]).toEqual(['private, no-cache', 'Cookie, Authorization']);
    const again = await ask('/api/v1/windows', { headers: { 'If-None-Match': named.get('etag') ?? '' } });
    expect(again.status).toBe(200);
  });

  test('stop when whoever listens is signed out, at the next frame', async () => {
    const { server, enter, access } = await stage();
    const cookie = await enter('sup');
    const stream = await readEvents(`${server.url}/api/v1/events`, { Cookie: cookie });
    expect(namesIn((await stream.nextOf('windows')).data ?? '')).toEqual(['徐敏', '李岚']);
    access.office.signOutEverywhere('sup', BY);
    server.board.change({ warnings: ['changed'] });
    await expect(stream.nextOf('windows')).rejects.toThrow('the stream ended');
  });
});

describe('what is sent', () => {
  test('a hundred megabytes are refused before they are read', async () => {
    const { server } = await stage();
    const { port } = server;
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const size = 100 * 1024 * 1024;
    socket.write(
      `POST /api/v1/sign-in HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    // Nor is it swallowed: the connection ends.
    expect(answer.toString()).toMatch(/^connection: close/im);
    socket.destroy();
    const chunked = async (body: string) => {
      const headers = { 'Content-Type': 'application/json' };
      const init = { method: 'POST', body: new Blob([body]).stream(), headers, duplex: 'half' } as RequestInit;
      return (await fetch(`${server.url}/api/v1/sign-in`, init)).status;
    };
    expect(await chunked(JSON.stringify({ name: 'sup', password: GOOD }))).toBe(411);
    expect(server.errors).toEqual([]);
  });

  test('what is not what was asked for is refused without repeating it', async () => {
    const { ask, server } = await stage();
    const bodies = [
      {},
      [],
      null,
      'text',
      { name: 'sup' },
      { name: 'sup', password: 7 },
      { name: 'sup', password: GOOD, more: 1 },
    ];
    for (const body of bodies) {
      const response = await ask('/api/v1/sign-in', { body });
      const text = await response.text();
      expect([JSON.stringify(body), response.status]).toEqual([JSON.stringify(body), 422]);
      expect(text).not.toContain(GOOD);
    }
    const broken = await fetch(`${server.url}/api/v1/sign-in`, {
      method: 'POST',
      body: '{"password":"hunter2hunter2',
      headers: { 'Content-Type': 'application/json' },
    });
    expect([broken.status, await broken.text()]).toEqual([422, expect.not.stringContaining('hunter2')]);
    expect(server.errors).toEqual([]);
  });
});

test('an administrator does everything over HTTP: adds, changes, links, removes', async () => {
  const { ask, enter, access } = await stage();
  const cookie = await enter('root');
  const script = '<img src=x onerror=alert(1)>';
  const user = { name: 'new', display: script, roles: ['employee'], employee: 'e007' };
  const added = await ask('/api/v1/users', { body: user, cookie });
  const { link } = await bodyOf(added);
  expect([added.status, link]).toEqual([201, expect.stringMatching(/^\/link#[A-Za-z0-9_-]{43}$/)]);
  expect((await ask('/api/v1/users', { body: user, cookie })).status).toBe(409);
  const secret = String(link).replace('/link#', '');
  expect(await bodyOf(await ask('/api/v1/link', { body: { link: secret } }))).toEqual({
    kind: 'password',
    name: 'new',
    display: script,
  });
  const followed = await ask('/api/v1/link/follow', { body: { link: secret, password: 'quite a good one' } });
  expect([followed.status, (await bodyOf(followed))['actor']]).toMatchObject([
    200,
    { id: 'user:new', employee: 'e007' },
  ]);
  expect((await ask('/api/v1/link/follow', { body: { link: secret, password: 'quite a good one' } })).status).toBe(410);
  const changed = await ask('/api/v1/users/new', { method: 'PATCH', body: { disabled: true }, cookie });
  expect(await bodyOf(changed)).toMatchObject({
    user: { name: 'new', display: script, disabledAt: expect.any(String) },
  });
  expect(await actorOf(await ask('/api/v1/me', { cookie: cookieOf(followed).pair }))).toBeNull();
  const listed = await bodyOf(await ask('/api/v1/users', { cookie }));
  expect(JSON.stringify(listed)).not.toMatch(/argon2|scrypt|hash/);
  expect((await ask('/api/v1/users/new/link', { method: 'POST', cookie })).status).toBe(201);
  expect((await ask('/api/v1/users/new', { method: 'DELETE', cookie })).status).toBe(204);
  expect((await ask('/api/v1/users/new', { method: 'DELETE', cookie })).status).toBe(404);
  expect((await ask('/api/v1/users/root', { method: 'DELETE', cookie })).status).toBe(409);
  const rows = (await bodyOf(await ask('/api/v1/access-log?limit=2', { cookie })))['rows'];
  expect(rows).toMatchObject([
    { what: 'account-removed', who: 'user:root', about: 'user:new', address: '127.0.0.1' },
    { what: 'link-made' },
  ]);
  expect(access.books.accounts.find('new')).toBeNull();
});
