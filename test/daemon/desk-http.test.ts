/** Windows' own PCs and silences over HTTP: who is let in, what they see, what is refused, and in which words. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Access } from '../../daemon/access/access.ts';
import type { Role } from '../../daemon/access/actor.ts';
import { deskAndSilencesOf } from '../../daemon/http/desk-and-silences.ts';
import { DAY_LENGTH } from '../../rules/time.ts';
import { testAccess } from '../support/access.ts';
import { callerOf, cookieOf } from '../support/caller.ts';
import { CoreHall } from '../support/core-hall.ts';
import { startServer, type TestServer } from '../support/http-server.ts';
import { on, punchOf } from '../support/small-hall.ts';

const HALL = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
departments: [{ id: gaj, name: 公安局 }, { id: ybj, name: 医保局 }]
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"] } }
employees:
  - { id: e001, name: 徐敏, department: gaj, schedule: standard }
  - { id: e002, name: 李岚, department: gaj, schedule: standard }
  - { id: e003, name: 周诚, department: ybj, schedule: standard }
windows:
  - { id: W01, name: 出入境, department: gaj, schedule: standard, a: e001, b: [e002] }
  - { id: W02, name: 医保, department: ybj, schedule: standard, a: e003 }
clocks: [{ id: clock-1 }]
notify: { longestSilence: 4h }
`;
const BY = { who: 'command', address: null } as const;
const PASSWORD = 'zheng-wu-da-ting-2026';

type Body = Readonly<Record<string, unknown>>;

let hall: CoreHall;
let server: TestServer;
let access: Access;

beforeEach(async () => {
  hall = new CoreHall({ yaml: HALL, startsAt: on('08:00:00') });
  hall.online();
  await hall.record(punchOf('p2', 'e002', '08:50:00'));
  hall.pass(on('09:31:00'));
  access = testAccess().access;
  server = await opened();
});
afterEach(async () => {
  await server.close();
  hall[Symbol.dispose]();
});

const tokenOf = (roles: readonly Role[], departments: readonly string[] = []): string =>
  access.office.addToken({ name: 't', roles, departments, employee: null, expiresAt: null }, BY).secret;

async function ask(token: string, path: string, body?: Body): Promise<readonly [number, Body]> {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await callerOf(server.url)(path, { headers, ...(body === undefined ? {} : { body }) });
  return [response.status, (await response.json()) as Body];
}

const opened = (): Promise<TestServer> =>
  startServer({ access, ...deskAndSilencesOf(hall.core, access, () => hall.clock.now(), 'zh') });

/** What a window's PC gets, by the cookie that its link gave it. */
async function deskOf(window: string) {
  const { secret } = access.office.addScreen({ name: window, window }, BY);
  const caller = callerOf(server.url);
  const { pair } = cookieOf(await caller('/api/v1/link/follow', { body: { link: secret } }));
  return async (path: string, body?: Body): Promise<readonly [number, Body]> => {
    const response = await caller(path, { cookie: pair, ...(body === undefined ? {} : { body }) });
    return [response.status, (await response.json()) as Body];
  };
}

async function account(name: string, employee: string): Promise<void> {
  access.office.add({ name, display: name, roles: ['employee'], employee, departments: [] }, BY);
  await access.office.setPassword(name, PASSWORD, BY);
}

describe('a window’s PC', () => {
  test('is told of its window, and a link says which it is for', async () => {
    const { secret } = access.office.addScreen({ name: '一号', window: 'W01' }, BY);
    const link = await callerOf(server.url)('/api/v1/link', { body: { link: secret } });
    expect(await link.json()).toEqual({ kind: 'screen', display: '一号', window: 'W01' });
    const desk = await deskOf('W01');
    expect(await desk('/api/v1/desk')).toMatchObject([
      200,
      {
        ...{ window: 'W01', name: '出入境', departmentName: '公安局', sessionTo: '2026-03-02T12:00:00+08:00' },
        ...{ away: null, asked: null, takeovers: [] },
        colleagues: [{ employee: 'e002', name: '李岚', isB: true, own: [] }],
      },
    ]);
    expect(await desk('/api/v1/silences')).toMatchObject([403, {}]);
    expect(() => access.office.addScreen({ name: 'x', window: 'nowhere' }, BY)).toThrow('no such window');
  });

  test('says that its people are away, with a reason, and that they are back', async () => {
    const desk = await deskOf('W01');
    expect(await desk('/api/v1/desk/away', {})).toMatchObject([422, {}]);
    expect(await desk('/api/v1/desk/away', { reason: '<b>复印</b>' })).toMatchObject([
      200,
      { away: { reason: '<b>复印</b>' } },
    ]);
    expect(await desk('/api/v1/desk/back', {})).toMatchObject([200, { away: null }]);
    expect(await desk('/api/v1/desk/back', {})).toMatchObject([409, { code: 'not-away' }]);
  });

  test('records a handover only where whoever takes over proves that it is them', async () => {
    await account('lilan', 'e002');
    await account('xumin', 'e001');
    const desk = await deskOf('W01');
    const take = (more: Body) =>
      desk('/api/v1/desk/take-over', { employee: 'e002', minutes: 30, name: 'lilan', password: PASSWORD, ...more });
    expect(await take({ password: 'wrong' })).toMatchObject([401, { code: 'refused' }]);
    expect(await take({ name: 'nobody' })).toMatchObject([401, { code: 'refused' }]);
    expect(await take({ name: 'xumin' })).toMatchObject([409, { code: 'not-the-account' }]);
    expect(await take({ name: 'xumin', employee: 'e001' })).toMatchObject([409, { code: 'unknown-colleague' }]);
    expect(await take({ minutes: 0 })).toMatchObject([422, {}]);
    expect(await take({})).toMatchObject([
      200,
      { takeovers: [{ employee: 'e002', present: true, to: '2026-03-02T10:01:00+08:00' }] },
    ]);
    expect(access.books.sessions.endAll('lilan')).toBe(0);
    const give = (name: string) => desk('/api/v1/desk/give-back', { name, password: PASSWORD });
    expect(await give('lilan')).toMatchObject([200, { takeovers: [] }]);
    expect(await give('lilan')).toMatchObject([409, { code: 'not-away' }]);
  });

  test('is held up by wrong passwords like a sign-in', async () => {
    await account('lilan', 'e002');
    const desk = await deskOf('W01');
    const give = () => desk('/api/v1/desk/give-back', { name: 'lilan', password: 'wrong' });
    const answers = [];
    for (let i = 0; i < 7; i++) answers.push((await give())[0]);
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  test('asks to be seen: the chief of its department and supervision are asked, and nobody else', async () => {
    const desk = await deskOf('W01');
    expect(await desk('/api/v1/desk/here', { reason: '摄像头被挡' })).toMatchObject([200, { asked: { answer: null } }]);
    const of = (token: string) => ask(token, '/api/v1/witness-requests');
    const [, { requests }] = await of(tokenOf(['supervisor']));
    expect(requests).toMatchObject([
      { window: 'W01', windowName: '出入境', departmentName: '公安局', reason: '摄像头被挡' },
    ]);
    expect(await of(tokenOf(['chief'], ['ybj']))).toEqual([200, { requests: [] }]);
    const path = `/api/v1/witness-requests/${(requests as Body[])[0]?.['request']}`;
    expect(await ask(tokenOf(['chief'], ['ybj']), path, { seen: true })).toMatchObject([404, { code: 'not-asked' }]);
    expect(await ask(tokenOf(['manager']), path, { seen: true })).toMatchObject([403, {}]);
    expect(await ask(tokenOf(['chief'], ['gaj']), path, { seen: true })).toEqual([200, { requests: [] }]);
    expect(await desk('/api/v1/desk')).toMatchObject([200, { asked: { answer: { seen: true } } }]);
  });
});

describe('silences', () => {
  const make = (token: string, body: Body) => ask(token, '/api/v1/silences', body);

  test('are made with a reason and an end, listed with their author, and ended early', async () => {
    const token = tokenOf(['supervisor']);
    const [status, body] = await make(token, { windows: ['W01'], rules: ['left-post'], minutes: 60, reason: '装修' });
    expect([status, body]).toMatchObject([
      201,
      {
        longestMinutes: 240,
        silences: [
          {
            state: 'active',
            windows: ['W01'],
            rules: ['left-post'],
            departments: null,
            reason: '装修',
            to: '2026-03-02T10:31:00+08:00',
          },
        ],
      },
    ]);
    const [made] = body['silences'] as Body[];
    expect(made?.['by']).toMatch(/^token:\d+$/);
    hall.pass(on('09:40:00'));
    const path = `/api/v1/silences/${made?.['silence']}/end`;
    expect(await ask(tokenOf(['chief'], ['gaj']), path, {})).toMatchObject([403, {}]);
    expect(await ask(token, path, {})).toMatchObject([
      200,
      { silences: [{ state: 'over', ended: { at: '2026-03-02T09:40:00+08:00' } }] },
    ]);
    expect(await ask(token, path, {})).toMatchObject([404, { code: 'over' }]);
  });

  test('may begin later, and never in the past', async () => {
    const token = tokenOf(['manager']);
    const planned = await make(token, { departments: ['gaj'], from: on('11:00:00'), minutes: 30, reason: '演练' });
    expect(planned).toMatchObject([201, { silences: [{ state: 'planned', from: '2026-03-02T11:00:00+08:00' }] }]);
    const [, { silences }] = await make(token, { rules: ['late'], from: on('08:00:00'), minutes: 30, reason: '演练' });
    expect((silences as Body[])[0]).toMatchObject({ state: 'active', from: '2026-03-02T09:31:00+08:00' });
  });

  test('are neither made nor ended while nobody knows what time it is', async () => {
    const token = tokenOf(['supervisor']);
    const silence = { windows: ['W01'], minutes: 30, reason: '装修' };
    const [, { silences }] = await make(token, silence);
    const path = `/api/v1/silences/${(silences as Body[])[0]?.['silence']}/end`;
    await server.close();
    hall.restart(365 * DAY_LENGTH);
    server = await opened();
    const refused = [503, { code: 'unavailable', detail: expect.stringContaining('what time it is') }];
    expect(await make(token, silence)).toMatchObject(refused);
    expect(await ask(token, path, {})).toMatchObject(refused);
    hall.core.live.trustClock();
    expect(await make(token, silence)).toMatchObject([201, {}]);
  });

  test.each([
    [{ minutes: 30, reason: 'x' }, 'of-nothing'],
    [{ windows: ['W9'], minutes: 30, reason: 'x' }, 'unknown'],
    [{ devices: ['cam-9'], minutes: 30, reason: 'x' }, 'unknown'],
    [{ rules: ['lateness'], minutes: 30, reason: 'x' }, 'unknown'],
    [{ windows: ['W01'], minutes: 241, reason: 'x' }, 'too-long'],
    [{ windows: ['W01'], from: '2026-05-02T09:00:00+08:00', minutes: 30, reason: 'x' }, 'too-late'],
    [{ windows: ['W01'], minutes: 30 }, undefined],
    [{ windows: [], minutes: 30, reason: 'x' }, undefined],
    [{ windows: ['W01'], minutes: 30, reason: '  ' }, undefined],
  ])('refuses %j', async (body, code) => {
    const [status, problem] = await make(tokenOf(['supervisor']), body);
    expect([status, problem['code']]).toEqual([422, code]);
    expect(hall.core.silences.since(0)).toEqual([]);
  });
});
