/** Cases over HTTP: who sees which of them, who may do what, and what is answered to whoever may not. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Access } from '../../daemon/access/access.ts';
import type { Role } from '../../daemon/access/actor.ts';
import { answer } from '../../daemon/explain/question.ts';
import type { Reader } from '../../daemon/explain/reading.ts';
import { ledgerSource } from '../../daemon/explain/sources.ts';
import { alertsOf } from '../../daemon/http/alerts-api.ts';
import { type HttpApp, httpApp } from '../../daemon/http/app.ts';
import { cookieName } from '../../daemon/http/caller.ts';
import { importsOf } from '../../daemon/http/imports-api.ts';
import { ledgerApiOf } from '../../daemon/http/ledger-api.ts';
import { reportsOf } from '../../daemon/http/reports-api.ts';
import { systemLog } from '../../daemon/log.ts';
import { type TokenRights, testAccess, tokensOf } from '../support/access.ts';
import { handBoard, morning } from '../support/board-source.ts';
import { CoreHall } from '../support/core-hall.ts';
import { noCameras } from '../support/no-cameras.ts';
import { noEvidence, noWeeks } from '../support/no-cases.ts';
import { noDesk } from '../support/no-desk.ts';
import { noConfig, noDevices, noMessages } from '../support/no-devices.ts';
import { lateAndAway, on, punchOf } from '../support/small-hall.ts';

const YAML = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
departments: [{ id: gaj, name: 公安局 }, { id: ybj, name: 医保局 }]
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"], wed: ["09:00-12:00"], thu: ["09:00-12:00"], fri: ["09:00-12:00"] } }
employees:
  - { id: e001, name: 徐敏, department: gaj, schedule: standard }
  - { id: e002, name: 李岚, department: ybj, schedule: standard }
  - { id: e003, name: 周诚, department: ybj, schedule: standard }
windows:
  - { id: W1, name: 出入境, department: gaj, schedule: standard, a: e001, b: [e003] }
clocks: [{ id: clock-1 }]
`;

type Body = Record<string, unknown>;

let hall: CoreHall;
let app: HttpApp;
let access: Access;
let tokenOf: ReturnType<typeof tokensOf>;

/** At 12:30 e002 has come 20 minutes late, e003 not at all, and e001 left W1 for 30 minutes. */
beforeEach(async () => {
  hall = new CoreHall({ yaml: YAML, startsAt: on('08:45:00') });
  await lateAndAway(hall);
  hall.pass(on('12:30:00'));
  access = testAccess().access;
  tokenOf = tokensOf(access);
  app = httpApp({
    cameras: noCameras(),
    devices: noDevices(),
    config: noConfig(),
    messages: noMessages(),
    hall: 'suixian',
    board: handBoard(morning(1)),
    access,
    evidence: noEvidence(),
    weeks: noWeeks(),
    ...noDesk(),
    imports: importsOf(hall.core),
    ledger: ledgerApiOf(hall.core),
    reports: reportsOf(hall.core, access, systemLog('silent')),
    alerts: alertsOf(hall.core, () => hall.clock.now()),
    settings: { listen: { host: '127.0.0.1', port: 0 }, proxy: null, openBoard: null, address: null },
    checks: () => [],
    metrics: () => [],
    assets: { page: () => '', asset: () => null } as never,
    onError: (error) => expect.fail(String(error)),
  });
});

afterEach(() => hall[Symbol.dispose]());

async function ask(token: string | null, path: string, body?: Body): Promise<{ status: number; body: Body }> {
  const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const response = await app.request(path, { headers, ...sent }, {});
  return { status: response.status, body: (await response.json()) as Body };
}

/** What is written for people. */
async function told(token: string, path: string): Promise<string> {
  const headers = { Authorization: `Bearer ${token}`, Accept: 'text/plain' };
  return await (await app.request(path, { headers }, {})).text();
}

/** `arrival 李岚`, `post W1 周诚` … of Monday, as somebody sees them. */
async function seenBy(token: string): Promise<string[]> {
  const { body } = await ask(token, '/api/v1/alerts?from=2026-03-02&to=2026-03-02');
  const subjects = (body['alerts'] as Body[]).map(({ family, window, employeeName }) => [family, window, employeeName]);
  return subjects.map((parts) => parts.filter((part) => part !== null).join(' ')).sort();
}

async function caseOf(family: string, subject: string): Promise<string> {
  const { body } = await ask(tokenOf(['supervisor']), '/api/v1/alerts?from=2026-03-02&to=2026-03-02');
  const found = (body['alerts'] as Body[]).find(
    (one) => one['family'] === family && (one['window'] ?? one['employee']) === subject,
  );
  return String(found?.['case']);
}

describe('who sees which cases', () => {
  const ALL = ['arrival 周诚', 'arrival 李岚', 'post W1 徐敏'];

  test.each<Role>(['supervisor', 'manager', 'admin'])('%s sees all of them', async (role) => {
    expect(await seenBy(tokenOf([role]))).toEqual(ALL);
  });

  test('a chief those of their departments: people, and windows with whoever held them', async () => {
    expect(await seenBy(tokenOf(['chief'], { departments: ['gaj'] }))).toEqual(['post W1 徐敏']);
    expect(await seenBy(tokenOf(['chief'], { departments: ['ybj'] }))).toEqual(['arrival 周诚', 'arrival 李岚']);
  });

  test('an employee their own, and nothing of others by guessing', async () => {
    const own = tokenOf(['employee'], { employee: 'e002' });
    expect(await seenBy(own)).toEqual(['arrival 李岚']);
    const others = await caseOf('arrival', 'e003');
    for (const path of ['', '/explanation']) {
      expect((await ask(own, `/api/v1/alerts/${others}${path}`)).status).toBe(404);
    }
    expect((await ask(own, `/api/v1/alerts/${others}/appeal`, { reason: 'x' })).status).toBe(404);
    expect((await ask(own, '/api/v1/alerts/C-000000000000')).body).toMatchObject({ detail: 'There is no such case.' });
  });

  test('an installer and a screen none', async () => {
    expect((await ask(tokenOf(['installer']), '/api/v1/alerts')).status).toBe(403);
    const { secret } = access.office.addScreen({ name: '大厅', window: null }, { who: 'user:admin', address: '' });
    const { cookie } = access.office.takeScreen(secret, '');
    const headers = { Cookie: `${cookieName('suixian')}=${cookie}` };
    expect((await app.request('/api/v1/me', { headers })).status).toBe(200);
    expect((await app.request('/api/v1/alerts', { headers })).status).toBe(403);
  });

  test('the one who sat there is told how it was found, with nothing of others but that there were some', async () => {
    await hall.record(punchOf('p3', 'e003', '12:20:00'));
    const post = await caseOf('post', 'W1');
    const path = `/api/v1/alerts/${post}/explanation`;
    const sat = tokenOf(['employee'], { employee: 'e001' });
    const [zh, en] = [await told(sat, `${path}?lang=zh`), await told(sat, `${path}?lang=en`)];
    expect(`${zh}${en}${JSON.stringify(await ask(sat, path))}`).not.toMatch(/周诚|e003|p3/);
    expect(zh).toContain('10:00:00—10:30:00：由徐敏（e001）负责（A岗），座位无人。');
    expect(zh).toContain('B岗：其他人员，依据配置。');
    expect(zh).toContain('\n\n其他人员的打卡、请假和安排不在此列出。\n');
    expect(en).toContain('The punches, leave and arrangements of others are left out.');
    expect((await ask(sat, path)).body).toMatchObject({
      othersLeftOut: true,
      subject: { held: [{ holder: 'e001' }], candidates: [{ employee: 'e001' }] },
    });
    const chief = await told(tokenOf(['chief'], { departments: ['gaj'] }), `${path}?lang=zh`);
    expect(chief).toContain('周诚（e003）');
    expect(chief).not.toContain('不在此列出');
  });

  test('what speaks against somebody else is not told', async () => {
    const id = await caseOf('post', 'W1');
    const asked = (employee: string) => {
      const reader: Reader = { person: (id) => id === employee, fact: () => true };
      return answer(ledgerSource(hall.core), { id, lang: 'zh', json: false, reader });
    };
    expect(asked('e003')).toEqual({ found: true, out: '', say: '' });
    expect(asked('e001').out).toContain('脱岗 30 分钟');
  });

  test('nobody who is not signed in', async () => {
    expect((await ask(null, '/api/v1/alerts')).status).toBe(401);
    expect((await ask(null, '/api/v1/alerts/C-000000000000/confirm', {})).status).toBe(401);
  });
});

describe('one case', () => {
  test('has what was said of it, when and why', async () => {
    const id = await caseOf('arrival', 'e002');
    const { body } = await ask(tokenOf(['supervisor']), `/api/v1/alerts/${id}`);
    expect(body).toMatchObject({
      case: id,
      date: '2026-03-02',
      employee: 'e002',
      department: 'ybj',
      state: 'closed',
      decision: 'none',
      may: ['acknowledge', 'clear', 'confirm', 'excuse', 'false-alarm'],
      deeds: [],
      history: [
        { op: 'open', rule: 'late', cause: { deadline: true } },
        { op: 'close', rule: 'late', cause: { facts: ['p2'] } },
      ],
    });
    expect(body['text']).toContain('李岚');
  });

  test('is explained in the reader’s language', async () => {
    const id = await caseOf('arrival', 'e002');
    const headers = { Authorization: `Bearer ${tokenOf(['supervisor'])}`, Accept: 'text/plain' };
    const zh = await (await app.request(`/api/v1/alerts/${id}/explanation`, { headers })).text();
    const en = await (await app.request(`/api/v1/alerts/${id}/explanation?lang=en`, { headers })).text();
    expect(zh).toContain('迟到');
    expect(en).toContain('late');
  });
});

test('a case names as A and B whom the plan of that day does', async () => {
  const assigned = { fact: 'assign', id: 'a1', window: 'W1', role: 'B', employees: ['e002'] };
  await hall.record({ ...assigned, from: on('08:00:00'), to: on('12:00:00') });
  const { body } = await ask(tokenOf(['supervisor']), `/api/v1/alerts/${await caseOf('post', 'W1')}`);
  expect((body['people'] as Body[]).map(({ employee, role }) => [employee, role])).toEqual([
    ['e001', 'A'],
    ['e002', 'B'],
  ]);
});

describe('what people do with a case', () => {
  test('acknowledged, confirmed, delivered, appealed and decided, each by whom it is for', async () => {
    const id = await caseOf('arrival', 'e002');
    const [supervisor, other, own] = [
      tokenOf(['supervisor']),
      tokenOf(['manager']),
      tokenOf(['employee'], { employee: 'e002' }),
    ];
    const post = (token: string, what: string, body: Body = {}) => ask(token, `/api/v1/alerts/${id}/${what}`, body);
    expect((await post(own, 'confirm')).status).toBe(403);
    expect(await post(supervisor, 'excuse')).toMatchObject({ status: 422, body: { code: 'reason-missing' } });
    expect((await post(supervisor, 'confirm')).body).toMatchObject({
      decision: 'confirmed',
      decided: { by: expect.stringMatching(/^token:/) },
    });
    expect(await post(own, 'appeal', { reason: '公交停运' })).toMatchObject({
      status: 409,
      body: { code: 'not-delivered' },
    });
    expect((await post(own, 'deliver')).body).toMatchObject({
      appealUntil: on('2026-03-10 04:00:00'),
      may: ['appeal'],
    });
    expect((await post(own, 'appeal', { reason: '公交停运' })).body).toMatchObject({
      decision: 'appealed',
      appeal: { reason: '公交停运' },
    });
    expect(await post(other, 'decide', { reason: '属实' })).toMatchObject({ status: 400 });
    expect(await post(supervisor, 'decide', { outcome: 'uphold', reason: 'x' })).toMatchObject({
      status: 403,
      body: { code: 'same-person' },
    });
    expect((await post(other, 'decide', { outcome: 'overturn', reason: '属实' })).body).toMatchObject({
      decision: 'overturned',
    });
  });

  test('not on what has changed since it was looked at', async () => {
    const id = await caseOf('arrival', 'e002');
    const token = tokenOf(['supervisor']);
    await hall.record(punchOf('p2b', 'e002', '09:10:00'));
    expect(await ask(token, `/api/v1/alerts/${id}/confirm`, { revision: 'old' })).toMatchObject({
      status: 409,
      body: { code: 'changed' },
    });
  });

  test('a chief appeals for somebody of theirs, and for nobody else', async () => {
    const id = await caseOf('arrival', 'e002');
    const supervisor = tokenOf(['supervisor']);
    await ask(supervisor, `/api/v1/alerts/${id}/confirm`, {});
    await ask(supervisor, `/api/v1/alerts/${id}/deliver`, {});
    const foreign = tokenOf(['chief'], { departments: ['gaj'] });
    expect((await ask(foreign, `/api/v1/alerts/${id}/appeal`, { reason: 'x' })).status).toBe(404);
    const chief = tokenOf(['chief'], { departments: ['ybj'] });
    expect((await ask(chief, `/api/v1/alerts/${id}/appeal`, { reason: 'x' })).body).toMatchObject({
      decision: 'appealed',
    });
  });

  test.each<[Body, number]>([
    [{ reason: 'x'.repeat(1001) }, 422],
    [{ who: 'me' }, 422],
    [{ reason: 7 }, 422],
  ])('a body that is not what it has to be is refused (%#)', async (body, status) => {
    const id = await caseOf('arrival', 'e002');
    expect((await ask(tokenOf(['supervisor']), `/api/v1/alerts/${id}/confirm`, body)).status).toBe(status);
  });
});

test.each(['from=2026-13-01', 'from=yesterday', 'from=2026-03-03&to=2026-03-02', 'from=2025-01-01&to=2026-03-02'])(
  'a list of %s is refused in words',
  async (query) => {
    expect(await ask(tokenOf(['supervisor']), `/api/v1/alerts?${query}`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/date|days/) },
    });
  },
);

describe('reports', () => {
  const DAY = '/api/v1/reports/day/2026-03-02';
  const get = (token: string, path: string) => app.request(path, { headers: { Authorization: `Bearer ${token}` } }, {});

  test('are made of the ledger, and who read one is recorded', async () => {
    const response = await get(tokenOf(['manager']), `${DAY}?lang=en`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toContain('suixian-day-2026-03-02.json');
    const report = (await response.json()) as { period: string; sheets: readonly { id: string }[] };
    expect(report.period).toBe('2026-03-02');
    expect(report.sheets.map(({ id }) => id)).toContain('verdicts');
    expect(JSON.stringify(report)).toContain('李岚');
    const [read] = access.books.log.newest(1, Number.MAX_SAFE_INTEGER);
    expect(read).toMatchObject({ what: 'report-read', detail: { name: 'suixian-day-2026-03-02.json' } });
  });

  test('as a workbook, and with names masked', async () => {
    const response = await get(tokenOf(['supervisor']), `${DAY}?format=xlsx`);
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    expect(await (await get(tokenOf(['supervisor']), `${DAY}?masked=1`)).text()).not.toContain('李岚');
  });

  test.each<[string, Role, TokenRights, string, number]>([
    ['a chief, their department', 'chief', { departments: ['ybj'] }, '?department=ybj', 200],
    ['a chief, another department', 'chief', { departments: ['ybj'] }, '?department=gaj', 403],
    ['a chief, the whole hall', 'chief', { departments: ['ybj'] }, '', 403],
    ['an employee, themself', 'employee', { employee: 'e002' }, '?employee=e002', 200],
    ['an employee, somebody else', 'employee', { employee: 'e002' }, '?employee=e001', 403],
    ['an installer', 'installer', {}, '', 403],
  ])('%s', async (_, role, more, query, status) => {
    expect((await get(tokenOf([role], more), DAY + query)).status).toBe(status);
  });

  test.each([
    ['/api/v1/reports/day/2026-13-01', 404, 'no-period'],
    ['/api/v1/reports/day/2027-03-02', 404, 'future'],
    ['/api/v1/reports/fortnight/1', 400, undefined],
    [`${DAY}?format=doc`, 400, undefined],
  ])('%s is refused in words', async (path, status, code) => {
    expect(await ask(tokenOf(['manager']), path)).toMatchObject({ status, body: code === undefined ? {} : { code } });
  });
});
