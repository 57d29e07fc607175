/** Every route and every role, against the real daemon: who is let in is what the table says, no more and no less. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../daemon/access/actor.ts';
import { ROUTES, type RouteRule, STAFF } from '../../daemon/access/routes.ts';
import { callerOf, cookieOf } from '../support/caller.ts';
import { type Daemon, daemonOf, zaigang } from '../support/daemon.ts';

const HALL = {
  hall: { id: 'suixian', name: '随县政务服务中心', timezone: 'Asia/Shanghai' },
  calendar: { country: 'none' },
  schedules: { standard: { punches: 'in', weekly: { mon: ['09:00-12:00'] } } },
  departments: [{ id: 'gaj', name: '公安局' }],
  employees: [{ id: 'e1', name: '徐敏', department: 'gaj', schedule: 'standard', credentials: ['1001'] }],
  windows: [{ id: 'W1', name: '出入境', department: 'gaj', schedule: 'standard', a: 'e1' }],
  http: { listen: '127.0.0.1:0', openBoard: false },
};
const PASSWORD = 'correct horse battery';

/** What our guard says, and nobody else. */
const NOBODY_KNOWN = 'This needs sign-in, or a token.';
const NOT_THEIRS = 'Your roles do not allow this.';

let daemon: Daemon;
/** The first administrator's cookie. */
let root = '';
const urlOf = (): string => String(daemon.log.findLast(({ msg }) => msg === 'hall was opened')?.['url']);
const firstLink = (): string => readFileSync(join(daemon.data, 'first-administrator.txt'), 'utf8').trim();

async function command(args: readonly string[], input = ''): Promise<string> {
  const { code, out, err } = await zaigang([...args, '--config', daemon.configFile], input);
  expect([args.join(' '), code, err]).toEqual([args.join(' '), 0, expect.any(String)]);
  return out.trim();
}

beforeAll(async () => {
  daemon = daemonOf({ config: HALL });
  await daemon.start();
});
afterAll(() => daemon[Symbol.asyncDispose]());

describe('the first start', () => {
  test('there is no default password, but a link that only the owner can read, and another one at each start', async () => {
    const link = firstLink();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/link#[A-Za-z0-9_-]{43}$/);
    expect(statSync(join(daemon.data, 'first-administrator.txt')).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(daemon.log) + daemon.stray).not.toContain(link.slice(-43));
    expect(daemon.log.find(({ msg }) => /first administrator/.test(msg))).toMatchObject({ level: 'warn' });
    expect(await daemon.stop()).toBe(0);
    await daemon.start();
    const ask = callerOf(urlOf());
    expect((await ask('/api/v1/link', { body: { link: link.slice(-43) } })).status).toBe(410);
    const body = { link: firstLink().slice(-43), name: 'root', display: '王芳', password: PASSWORD };
    const made = await ask('/api/v1/link/follow', { body });
    expect(await made.json()).toMatchObject({ actor: { id: 'user:root', name: '王芳', roles: ['admin'] } });
    root = cookieOf(made).pair;
    expect((await ask('/api/v1/users', { cookie: root })).status).toBe(200);
    expect(() => firstLink()).toThrow(/ENOENT/);
    expect((await ask('/api/v1/link/follow', { body: { ...body, name: 'thief' } })).status).toBe(410);
    expect(JSON.stringify(daemon.log) + daemon.stray).not.toMatch(/correct horse|王芳/);
  });
});

describe('route × role', () => {
  /** How each role asks; null = nobody known. */
  const headersOf = new Map<Role | null, Readonly<Record<string, string>>>([[null, {}]]);

  beforeAll(async () => {
    const ask = callerOf(urlOf());
    const make = async (path: string, body: object): Promise<Readonly<Record<string, unknown>>> => {
      const response = await ask(path, { body, cookie: root });
      expect(response.status).toBe(201);
      return (await response.json()) as Record<string, unknown>;
    };
    for (const role of STAFF) {
      const rights = {
        roles: [role],
        departments: role === 'chief' ? ['gaj'] : [],
        employee: role === 'employee' ? 'e1' : null,
      };
      const { token } = await make('/api/v1/tokens', { name: `of ${role}`, ...rights });
      headersOf.set(role, { Authorization: `Bearer ${token}` });
    }
    const { link } = await make('/api/v1/screens', { name: 'wall' });
    const taken = await ask('/api/v1/link/follow', { body: { link: String(link).slice(-43) } });
    headersOf.set('screen', { Cookie: cookieOf(taken).pair });
    const desk = await make('/api/v1/screens', { name: 'at W1', window: 'W1' });
    const there = await ask('/api/v1/link/follow', { body: { link: String(desk['link']).slice(-43) } });
    headersOf.set('desk', { Cookie: cookieOf(there).pair });
  });

  /** Asks for something that is not there, with a body that holds nothing: only the guard is of interest. */
  async function verdictOf(route: string, role: Role | null): Promise<string> {
    const [method = '', path = ''] = route.split(' ');
    const abort = new AbortController();
    const response = await fetch(`${urlOf()}${path.replaceAll(/:\w+|\*/g, '999999')}`, {
      method,
      redirect: 'manual',
      signal: abort.signal,
      headers: { Origin: urlOf(), 'Content-Type': 'application/json', ...headersOf.get(role) },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    const isStream = response.headers.get('content-type') === 'text/event-stream';
    const text = isStream ? '' : await response.text();
    abort.abort();
    if (response.status === 303) return 'to sign-in';
    const isProblem = response.headers.get('content-type') === 'application/problem+json';
    const detail = isProblem ? String((JSON.parse(text) as { detail?: string }).detail) : '';
    expect(response.status, `${route} ${text}`).not.toBe(500);
    if (detail === NOBODY_KNOWN) return response.status === 401 ? 'nobody known' : `odd ${response.status}`;
    if (detail === NOT_THEIRS) return response.status === 403 ? 'not theirs' : `odd ${response.status}`;
    return 'let in';
  }

  function expected(route: string, { allow }: RouteRule, role: Role | null): string {
    if (allow === 'everyone') return 'let in';
    if (role !== null && (allow === 'board' || allow.includes(role))) return 'let in';
    if (role !== null) return 'not theirs';
    return route.includes('/api/') ? 'nobody known' : 'to sign-in';
  }

  test.each(Object.entries<RouteRule>(ROUTES))('%s', async (route, rule) => {
    for (const role of [null, ...ROLES]) {
      expect([role, await verdictOf(route, role)]).toEqual([role, expected(route, rule, role)]);
    }
  });

  test('nothing else is served, to nobody', async () => {
    const others = [
      '/api/v1',
      '/api/v1/user',
      '/api/v1/users/a/b',
      '/api/v1/tokens/1/x',
      '/api/v2/me',
      '/control',
      '/access',
      '/export/facts',
    ];
    for (const path of others) {
      for (const role of [null, 'admin'] as const) {
        const response = await fetch(`${urlOf()}${path}`, { headers: { ...headersOf.get(role) } });
        expect([path, role, response.status]).toEqual([path, role, 404]);
      }
    }
  });
});

// Each command is a process of its own, and several run at once.
describe('commands', { timeout: 90_000 }, () => {
  const refused = async (args: readonly string[], input = '') => {
    const { code, err } = await zaigang([...args, '--config', daemon.configFile], input);
    return [code, err.trim().split('\n').at(-1)];
  };

  const signIn = (name: string) => callerOf(urlOf())('/api/v1/sign-in', { body: { name, password: PASSWORD } });

  test('add accounts to the running daemon, by a link or a password, and list them', async () => {
    const [link] = await Promise.all([
      command(['user', 'add', '李岚', '--role', 'chief', '--department', 'gaj', '--display', '李岚（首席）']),
      command(['user', 'add', 'sup', '--role', 'supervisor', 'manager', '--password-stdin'], `${PASSWORD}\nmore\n`),
    ]);
    expect(link).toMatch(new RegExp(`^${urlOf()}/link#[A-Za-z0-9_-]{43}$`));
    expect((await signIn('sup')).status).toBe(200);
    const body = { link: link.slice(-43), password: PASSWORD };
    const set = await callerOf(urlOf())('/api/v1/link/follow', { body });
    expect(await set.json()).toMatchObject({ actor: { id: 'user:李岚', roles: ['chief'], departments: ['gaj'] } });
    const [json, zh] = await Promise.all([
      command(['user', 'list', '--json']),
      command(['user', 'list', '--lang', 'zh']),
    ]);
    const users = json.split('\n').map((line) => JSON.parse(line) as { name: string; hasPassword: boolean });
    expect(users.map(({ name, hasPassword }) => [name, hasPassword])).toEqual([
      ['root', true],
      ['sup', true],
      ['李岚', true],
    ]);
    expect(json).not.toMatch(/argon2|scrypt/);
    expect(zh).toContain('李岚  李岚（首席）  首席代表  gaj');
  });

  test('remove accounts, and refuse what cannot be', async () => {
    await command(['user', 'remove', 'sup']);
    expect((await signIn('sup')).status).toBe(401);
    const said = await Promise.all([
      refused(['user', 'remove', 'root', '--lang', 'zh']),
      refused(['user', 'add', 'x', '--role', 'king']),
      refused(['user', 'add', 'x', '--role', 'employee', '--employee', 'e9']),
      refused(['user', 'add', 'x', '--role', 'admin', '--password-stdin'], 'short\n'),
    ]);
    expect(said).toEqual([
      [1, '这是最后一位管理员，不能去掉'],
      [64, 'there is no role "king"'],
      [1, 'The hall has no such employee.'],
      [1, 'A password has at least 10 characters.'],
    ]);
    const users = await callerOf(urlOf())('/api/v1/users', { cookie: root });
    expect(await users.text()).not.toContain('"x"');
  });

  test('make, list and revoke tokens, and list screens', async () => {
    const token = await command(['token', 'add', 'brief', '--role', 'admin', '--expires', '2100-01-01T00:00:00+08:00']);
    const users = () => fetch(`${urlOf()}/api/v1/users`, { headers: { Authorization: `Bearer ${token}` } });
    expect((await users()).status).toBe(200);
    await callerOf(urlOf())('/api/v1/screens', { body: { name: 'other wall' }, cookie: root });
    const [tokens, screens] = await Promise.all([command(['token', 'list']), command(['screen', 'list'])]);
    const line = tokens.split('\n').find((text) => text.includes('brief')) ?? '';
    expect(line).toMatch(/^\d+ {2}brief {2}admin {2}expires 2099-12-31 16:00Z {2}last used 20/);
    expect(screens).toMatch(/^\d+ {2}other wall {2}link until 20/m);
    await command(['token', 'remove', line.split(' ')[0] ?? '']);
    expect((await users()).status).toBe(401);
  });

  test('open the ledger themselves where no daemon runs', async () => {
    expect(await daemon.stop()).toBe(0);
    expect(await refused(['screen', 'remove', '99'])).toEqual([1, 'There is no such screen, or it was revoked.']);
    await command(['user', 'add', 'late', '--role', 'manager', '--password-stdin'], PASSWORD);
    await daemon.start();
    expect((await signIn('late')).status).toBe(200);
  });

  test('that verify the ledger find what was changed in the access log', async () => {
    expect(await daemon.stop()).toBe(0);
    expect((await zaigang(['audit', 'verify', '--config', daemon.configFile])).code).toBe(0);
    const ledger = new DatabaseSync(join(daemon.data, 'ledger.db'));
    ledger.exec("drop trigger access_log_fixed; update access_log set who = 'user:thief' where seq = 3");
    ledger.close();
    const { code, out } = await zaigang(['audit', 'verify', '--config', daemon.configFile]);
    expect([code, out]).toEqual([65, expect.stringContaining('the access log was changed, cut or added to at row 3')]);
  });
});
