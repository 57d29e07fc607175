/** A department's week over HTTP: who sees it, who signs it off and when, and that what changes afterwards is said. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access } from '../../daemon/access/access.ts';
import type { Role } from '../../daemon/access/actor.ts';
import { alertsOf } from '../../daemon/http/alerts-api.ts';
import { weeksOf } from '../../daemon/http/week-api.ts';
import { testAccess } from '../support/access.ts';
import { cookieOf } from '../support/caller.ts';
import { CoreHall } from '../support/core-hall.ts';
import { NO_ASSETS, startServer, type TestServer } from '../support/http-server.ts';
import { leaveOf, on, punchOf } from '../support/small-hall.ts';

const YAML = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
departments: [{ id: gaj, name: 公安局 }, { id: ybj, name: 医保局 }]
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"] } }
employees:
  - { id: e001, name: 徐敏, department: gaj, schedule: standard }
  - { id: e002, name: "<b>李岚</b>", department: gaj, schedule: standard }
  - { id: e003, name: 周诚, department: ybj, schedule: standard }
clocks: [{ id: clock-1 }]
`;
const PASSWORD = 'correct horse battery';
const BY = { who: 'command', address: null } as const;

type Body = Record<string, unknown>;
type Marked = { employee: string; name: string; days: { text: string; marks: string[] }[]; figures: Body };

let hall: CoreHall;
let server: TestServer;
let access: Access;

beforeAll(async () => {
  hall = new CoreHall({ yaml: YAML, startsAt: on('08:00:00') });
  await hall.record(leaveOf('l1', 'e001', '2026-03-03 00:00:00', '2026-03-04 00:00:00'));
  hall.pass(on('08:58:00'));
  await hall.record(punchOf('p1', 'e001', '08:58:00'));
  hall.pass(on('09:20:00'));
  await hall.record(punchOf('p2', 'e002', '09:20:00'));
  hall.pass(on('2026-03-03 08:55:00'));
  await hall.record(punchOf('p3', 'e002', '2026-03-03 08:55:00'));
  hall.pass(on('2026-03-03 13:00:00'));
  access = testAccess().access;
  const now = (): number => hall.clock.now();
  const nameOf = (by: string): string | null => access.nameOf(by);
  server = await startServer({
    ...{ hall: 'suixian', assets: NO_ASSETS, access },
    alerts: alertsOf(hall.core, now, nameOf),
    weeks: weeksOf(hall.core, now, nameOf),
  });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.close();
  hall[Symbol.dispose]();
});

type Ask = (path: string, body?: object) => Promise<{ status: number; body: Body }>;

const asked =
  (send: (path: string, body?: object) => Promise<Response>): Ask =>
  async (path, body) => {
    const response = await send(`/api/v1/weeks${path}`, body);
    return { status: response.status, body: (await response.json()) as Body };
  };

async function person(name: string, roles: readonly Role[], departments: readonly string[] = []): Promise<Ask> {
  access.office.add(
    { name, display: `${name}（${roles[0]}）`, roles: [...roles], employee: null, departments: [...departments] },
    BY,
  );
  await access.office.setPassword(name, PASSWORD, BY);
  const signedIn = await send('/api/v1/sign-in', { name, password: PASSWORD });
  const Cookie = cookieOf(signedIn).pair;
  return asked((path, body) => send(path, body, { Cookie }));
}

function program(roles: readonly Role[], departments: readonly string[] = []): Ask {
  const draft = { name: 't', expiresAt: null, employee: null, departments: [...departments], roles: [...roles] };
  const { secret } = access.office.addToken(draft, BY);
  return asked((path, body) => send(path, body, { Authorization: `Bearer ${secret}` }));
}

/** In this process: while the hall's clock is moved nobody answers, and a connection that waited would be cut. */
async function send(path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const json = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
  return await server.app.request(path, {
    headers: { ...headers, ...(body === undefined ? {} : json) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

const WEEK = '/2026-W10';
const GAJ = `${WEEK}?department=gaj`;

describe('a department’s week', { timeout: 120_000 }, () => {
  test('is the reports’ marks and figures, a row a person, and leave that lacks its slip', async () => {
    const { status, body } = await program(['supervisor'])(GAJ);
    expect(status).toBe(200);
    expect(body).toMatchObject({ week: '2026-W10', from: '2026-03-02', departmentName: '公安局', isOver: false });
    const people = body['people'] as Marked[];
    expect(people.map(({ employee, name, days }) => [employee, name, days.map(({ text }) => text).join('|')])).toEqual([
      ['e001', '徐敏', '√|假|||||'],
      ['e002', '<b>李岚</b>', '▲|√|||||'],
    ]);
    expect(people[1]?.figures).toMatchObject({ late: 1, attended: 2 });
    expect(people[1]?.days[0]?.marks).toEqual(['late']);
    expect(body['unslipped']).toEqual([
      expect.objectContaining({ employee: 'e001', kind: '病假', days: 1, from: '2026-03-03T00:00:00+08:00' }),
    ]);
    expect(body['checksum']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect([body['previous'], body['next']]).toEqual(['2026-W09', '2026-W11']);
  });

  test('is for its chief and for supervision, and does not exist for others', async () => {
    const chief = program(['chief'], ['ybj']);
    expect((await chief('')).body['departments']).toEqual([{ id: 'ybj', name: '医保局', own: true }]);
    expect(
      ((await chief(`${WEEK}?department=ybj`)).body['people'] as Marked[]).map(({ employee }) => employee),
    ).toEqual(['e003']);
    const [theirs, nobodys] = [await chief(GAJ), await chief(`${WEEK}?department=xyz`)];
    expect([theirs.status, theirs.body['detail']]).toEqual([404, nobodys.body['detail']]);
    expect((await chief(WEEK)).status).toBe(404);
    for (const [path, body] of [
      ['sign-off', { checksum: 'x' }],
      ['remarks', { text: 'x' }],
    ] as const) {
      expect((await chief(`${WEEK}/${path}`, { department: 'gaj', ...body })).status).toBe(404);
    }
    for (const role of ['admin', 'installer'] as const) expect((await program([role])(GAJ)).status).toBe(403);
    expect((await program(['supervisor'])('/2026-W60?department=gaj')).body['code']).toBe('no-week');
    expect((await program(['supervisor'])('/2027-W10?department=gaj')).body['code']).toBe('future');
  });

  test('is signed when it is over, as it was looked at, and what changes afterwards is said', async () => {
    const chief = await person('lilan', ['chief'], ['gaj']);
    const early = await chief(GAJ);
    const sign = (checksum: unknown, note?: string) =>
      chief(`${WEEK}/sign-off`, { department: 'gaj', checksum, ...(note === undefined ? {} : { note }) });
    expect([early.body['maySign'], (await sign(early.body['checksum'])).body['code']]).toEqual([false, 'not-over']);
    hall.pass(on('2026-03-09 08:00:00'));
    const { body: looked } = await chief(GAJ);
    expect([looked['isOver'], looked['maySign'], looked['signOffs']]).toEqual([true, true, []]);
    expect((await sign(`sha256:${'0'.repeat(64)}`)).body['code']).toBe('changed');
    const signed = await sign(looked['checksum'], '已与本人核对 <script>alert(1)</script>');
    expect([signed.status, signed.body['isChanged'], signed.body['maySign']]).toEqual([201, false, false]);
    expect(signed.body['signOffs']).toEqual([
      {
        ...{ by: 'user:lilan', byName: 'lilan（chief）', at: '2026-03-09T08:00:00+08:00' },
        ...{ checksum: looked['checksum'], note: '已与本人核对 <script>alert(1)</script>' },
      },
    ]);
    expect((await sign(looked['checksum'])).body['code']).toBe('signed-already');
    const kept = hall.core.facts.ofWeek('gaj', '2026-W10');
    expect(kept.map(({ fact, by, via }) => [fact, by, via])).toEqual([['sign-off', 'user:lilan', 'web']]);

    // Whoever imports a line signs nothing.
    const line = { fact: 'sign-off', id: 'forged', at: on('2026-03-09 08:00:00'), department: 'ybj', week: '2026-W10' };
    await hall.record({ ...line, asOf: line.at, checksum: 'sha256:0' });
    expect((await program(['supervisor'])(`${WEEK}?department=ybj`)).body['signOffs']).toEqual([]);

    // Time alone changes nothing that was signed; a leave that comes in later does.
    hall.pass(on('2026-03-20 08:00:00'));
    expect((await chief(GAJ)).body).toMatchObject({ isChanged: false, checksum: looked['checksum'] });
    await hall.record(leaveOf('l2', 'e002', '2026-03-02 00:00:00', '2026-03-03 00:00:00'));
    const { body: changed } = await chief(`${GAJ}&lang=en`);
    expect([changed['isChanged'], changed['maySign']]).toEqual([true, true]);
    expect(changed['changes']).toEqual([
      expect.objectContaining({
        op: 'withdrawn',
        employee: 'e002',
        date: '2026-03-02',
        at: expect.stringMatching(/^2026-03-20T08:00/),
      }),
    ]);
    const again = await sign(changed['checksum']);
    expect([again.status, (again.body['signOffs'] as Body[]).length, again.body['isChanged']]).toEqual([201, 2, false]);
  });

  test('is signed by nobody else: no supervisor, no program', async () => {
    const { body } = await program(['supervisor'])(GAJ);
    expect(body['maySign']).toBe(false);
    const sending = { department: 'gaj', checksum: body['checksum'] };
    expect((await program(['supervisor'])(`${WEEK}/sign-off`, sending)).status).toBe(403);
    expect((await program(['chief'], ['gaj'])(`${WEEK}/sign-off`, sending)).body['code']).toBe('not-theirs');
    const found = await (await person('other', ['chief'], ['ybj']))(`${WEEK}/sign-off`, sending);
    expect(found.status).toBe(404);
  });

  test('is remarked on, and a proposal is for a case of it', async () => {
    const chief = await person('zhou', ['chief'], ['ybj']);
    const { desk } = hall.core;
    const cases = desk.between(20_514, 20_515).map(({ row }) => row);
    const of = (subject: string): string => cases.find((row) => row.subject === subject)?.id ?? '';
    const remark = (body: object) => chief(`${WEEK}/remarks`, { department: 'ybj', ...body });
    const said = await remark({ text: '当日在他窗顶岗', case: of('e003'), proposes: 'excuse' });
    expect([said.status, said.body['remarks']]).toEqual([
      201,
      [expect.objectContaining({ by: 'user:zhou', case: of('e003'), text: '当日在他窗顶岗', proposes: 'excuse' })],
    ]);
    expect((await remark({ text: 'x', case: of('e002'), proposes: 'excuse' })).body['code']).toBe('no-case');
    expect((await remark({ text: 'x', proposes: 'excuse' })).status).toBe(422);
    expect((await remark({ text: '   ' })).status).toBe(422);
    // What is proposed decides nothing.
    expect(desk.find(of('e003'))?.life.decision).toBe('none');
    expect((await program(['supervisor'])(GAJ)).body['remarks']).toEqual([]);
  });
});
