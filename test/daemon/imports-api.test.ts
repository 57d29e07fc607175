/** Files that programs send: who may, what is refused unread, and that it is what the command does. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { Workbook } from '@cj-tech-master/excelts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Role } from '../../daemon/access/actor.ts';
import { type ImportsOptions, importsOf } from '../../daemon/http/imports-api.ts';
import { exportLines } from '../../daemon/lines/ledger-lines.ts';
import { testAccess } from '../support/access.ts';
import { CoreHall } from '../support/core-hall.ts';
import { NO_ASSETS, startServer, type TestServer } from '../support/http-server.ts';
import { on, punchOf, SMALL_HALL } from '../support/small-hall.ts';

/** Each import begins a thread, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });

let hall: CoreHall;
let server: TestServer;
let serve: (bounds?: Pick<ImportsOptions, 'stalledMs'>) => Promise<TestServer>;
let tokenOf: (role: Role) => string;

beforeEach(async () => {
  hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('08:00:00') });
  hall.online();
  await hall.record(punchOf('p2', 'e2', '08:50:00'));
  hall.pass(on('13:00:00'));
  const { access } = testAccess();
  const rights = { name: 't', expiresAt: null, employee: 'e001', departments: ['gaj'] };
  tokenOf = (role) => access.office.addToken({ ...rights, roles: [role] }, { who: 'user:admin', address: '' }).secret;
  serve = (bounds) => startServer({ access, imports: { ...importsOf(hall.core), ...bounds }, assets: NO_ASSETS });
  server = await serve();
});
afterEach(async () => {
  await server.close();
  hall[Symbol.dispose]();
});

interface Sent {
  readonly role?: Role;
  readonly type?: string;
}

const send = (path: string, body: string | Buffer<ArrayBuffer>, { role = 'manager', type }: Sent = {}) =>
  fetch(`${server.url}/api/v1/imports/${path}`, {
    method: 'POST',
    body,
    headers: { Authorization: `Bearer ${tokenOf(role)}`, 'Content-Type': type ?? 'application/octet-stream' },
  });
const outcome = async (response: Response): Promise<Record<string, unknown>> =>
  (await response.json()) as Record<string, unknown>;
const facts = (kind: string) =>
  hall.core.facts.after(0, 100).flatMap(({ fact }) => (fact.fact === kind ? [fact as unknown as object] : []));

const LEAVE = '工号,姓名,日期,类型\ne1,徐敏,2026-03-02,病假\n';

describe('a table', () => {
  test('is tried, taken in once, and carries who sent it', async () => {
    const tried = await send('leave?dryRun=1&lang=zh', LEAVE, { role: 'supervisor' });
    expect(tried.status).toBe(200);
    expect(await outcome(tried)).toMatchObject({
      format: 'CSV, UTF-8, ","',
      ...{ rows: 1, dryRun: true, imported: false, added: 1, known: 0, problems: [] },
      preview: { changes: [{ op: 'retract', text: expect.stringContaining('徐敏'), verdict: { employee: 'e1' } }] },
    });
    expect(facts('leave')).toEqual([]);

    const done = await outcome(await send('leave', LEAVE));
    expect(done).toMatchObject({ imported: true, added: 1, known: 0, problems: [], preview: null });
    expect(facts('leave')).toMatchObject([
      { employee: 'e1', kind: '病假', via: 'api', by: expect.stringMatching(/^token:/) },
    ]);
    expect(await outcome(await send('leave', LEAVE, { role: 'admin' }))).toMatchObject({ added: 0, known: 1 });
    expect(hall.core.live.engine?.verdicts().map(({ employee }) => employee)).not.toContain('e1');
  });

  test('is a workbook or GBK as well, and says what of it was not read', async () => {
    const workbook = new Workbook();
    workbook.addWorksheet('打卡').addRows([
      ['卡号', '时间', '考勤机'],
      ['1003', '2026-03-02 08:58:00', 'clock-1'],
    ]);
    workbook.addWorksheet('其他').addRow(['x']);
    const sheet = Buffer.from(await workbook.xlsx.writeBuffer());
    expect(await outcome(await send('punches?lang=en', sheet))).toMatchObject({
      ...{ added: 1, problems: [], notes: ['sheets not read: 其他'] },
    });
    // 工号,窗口,日期 and a row, as Excel for Windows writes them in China.
    const gbk = Buffer.from('uaS6xSy0sL/aLMjVxtoNCmUyLFcxLDIwMjYtMTAtMTINCg==', 'base64');
    expect(await outcome(await send('roster', gbk))).toMatchObject({ format: 'CSV, GBK, ","', added: 1 });
    const people = await outcome(await send('people?clock=clock-1', '工号,卡号,开始\ne1,77,2026-03-02\n'));
    expect(people).toMatchObject({ added: 1, problems: [] });
    expect(facts('credential')).toMatchObject([{ employee: 'e1', credential: '77', device: 'clock-1' }]);
  });

  test('enters people, whom it names at once', async () => {
    const table = '工号,姓名,部门,班次,开始\ne9,王五,无,standard,2026-03-09\n';
    expect(await outcome(await send('people?dryRun=1', table))).toMatchObject({ imported: false, added: 1 });
    expect(await outcome(await send('people', table))).toMatchObject({ imported: true, added: 1, problems: [] });
    expect(facts('employee')).toMatchObject([{ employee: 'e9', name: '王五', department: null, via: 'api' }]);
    const leave = '工号,姓名,日期,类型\ne9,王五,2026-03-10,病假\n';
    expect(await outcome(await send('leave', leave))).toMatchObject({ added: 1, problems: [] });
  });

  test('with anything wrong is refused as a whole, each cell named, unless the good rows are wanted', async () => {
    const bad = `${LEAVE}e9,,2026-03-03,事假\ne2,,2026-02-30,事假\n`;
    const refused = await send('leave?lang=en', bad);
    expect(refused.status).toBe(422);
    expect(refused.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await outcome(refused)).toMatchObject({
      ...{ status: 422, code: 'bad-rows', imported: false, added: 0 },
      problems: [
        { line: 3, cell: 'A3', column: '工号' },
        { line: 4, cell: 'C4', column: '日期' },
      ],
    });
    expect(facts('leave')).toEqual([]);
    expect(await outcome(await send('leave?partial=1', bad))).toMatchObject({ imported: true, added: 1 });
    const old = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
    expect(await outcome(await send('leave?lang=en', old))).toMatchObject({
      problems: [{ line: 1, cell: null, problem: expect.stringMatching(/save it as \.xlsx/) }],
    });
  });
});

test('lines of facts are sent the same way, and nothing stays of what was put aside', async () => {
  const lines = [punchOf('p1', 'e1', '08:55:00'), punchOf('p3', 'e3', '08:56:00')].map((line) => JSON.stringify(line));
  expect(await outcome(await send('facts', lines.join('\n')))).toMatchObject({ format: 'JSON Lines', added: 2 });
  const { data } = hall.loaded.config;
  expect(readdirSync(data).filter((name) => name.startsWith('import-'))).toEqual([]);
});

test('nobody decides for others, or sets the configuration, by sending lines', async () => {
  const at = on('2026-03-01 09:00:00');
  const [config] = [...exportLines(hall.core, 'facts', null)].filter((line) => line.includes('"fact":"config"'));
  const lines = [
    punchOf('p1', 'e1', '08:55:00'),
    { fact: 'action', id: 'x1', at, do: 'confirm', case: 'C-1' },
    { fact: 'sign-off', id: 'x2', at, department: 'gaj', week: '2026-W10', asOf: at, checksum: 'c' },
    { ...JSON.parse(config ?? ''), id: 'x3' },
    { fact: 'silence-end', id: 'x4', at, silence: 's1' },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const refused = await send('facts?lang=en', text, { role: 'admin' });
  expect(refused.status).toBe(422);
  const { problems } = await outcome(refused);
  expect(problems).toMatchObject([
    { line: 2, column: 'fact', problem: expect.stringMatching(/^"action" is not taken in here: people decide/) },
    { line: 3, column: 'fact' },
    { line: 4, column: 'fact', problem: expect.stringMatching(/^"config" is not taken in here/) },
    { line: 5, column: 'fact' },
  ]);
  expect(await outcome(await send('facts?partial=1', text))).toMatchObject({ added: 1 });
  expect([facts('action'), facts('sign-off'), facts('config').length]).toEqual([[], [], 1]);
});

test('what the daemon says of itself nobody sends or cancels; of clocks it is for administrators', async () => {
  const at = on('2026-03-01 09:00:00');
  await hall.record({ fact: 'device', id: 'd0', at, device: 'daemon', state: 'offline' });
  await hall.record({ fact: 'device', id: 'd1', at, device: 'clock-1', state: 'offline' });
  const lines = [
    { fact: 'device', id: 'x1', at, device: 'daemon', state: 'online' },
    { fact: 'cancel', id: 'x2', at, target: 'd0' },
    { fact: 'device', id: 'x3', at, device: 'clock-1', state: 'complete' },
    { fact: 'cancel', id: 'x4', at, target: 'd1' },
    { fact: 'cancel', id: 'x5', at, target: 'p2' },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const problemsOf = async (role: Role) => {
    const refused = await send('facts?lang=en', text, { role });
    return [refused.status, (await outcome(refused))['problems']];
  };
  const own = /not taken in here: the daemon itself says/;
  const ofDevices = /not taken in here: .* administrators/;
  const ours = [
    { line: 1, column: 'fact', problem: expect.stringMatching(own) },
    { line: 2, column: 'fact', problem: expect.stringMatching(own) },
  ];
  const ofClocks = [3, 4].map((line) => ({ line, column: 'fact', problem: expect.stringMatching(ofDevices) }));
  for (const role of ['manager', 'supervisor'] as const) {
    expect(await problemsOf(role)).toMatchObject([422, [...ours, ...ofClocks]]);
  }
  expect(await problemsOf('admin')).toMatchObject([422, ours]);
  expect(await outcome(await send('facts?partial=1', text, { role: 'admin' }))).toMatchObject({ added: 3 });
  expect(facts('device')).toMatchObject([{ state: 'online' }, { id: 'd0' }, { id: 'd1' }, { id: 'x3', via: 'api' }]);
  expect(facts('cancel')).toMatchObject([{ id: 'x4' }, { id: 'x5' }]);
});

test('who may not, what is asked wrongly, and what is no file', async () => {
  for (const role of ['chief', 'employee', 'installer'] as const) {
    expect((await send('leave', LEAVE, { role })).status).toBe(403);
  }
  const statusOf = async (path: string, body: string, sent: Sent = {}) => (await send(path, body, sent)).status;
  expect(await statusOf('salaries', LEAVE)).toBe(404);
  expect(await statusOf('leave?dry=1', LEAVE)).toBe(400);
  expect(await statusOf('leave', '')).toBe(400);
  expect(await statusOf('leave', '{}', { type: 'application/json' })).toBe(415);
  expect(await statusOf('leave', LEAVE, { type: 'text/plain' })).toBe(415);
  expect(facts('leave')).toEqual([]);
  expect(server.errors).toEqual([]);
});

test('one file at a time', async () => {
  const both = await Promise.all([send('leave', LEAVE), send('leave', LEAVE)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect(await outcome(await send('leave', LEAVE))).toMatchObject({ known: 1 });
});

test('a file that stops coming is given up, and others have their turn', async () => {
  await server.close();
  server = await serve({ stalledMs: 1000 });
  const begun = request(`${server.url}/api/v1/imports/leave`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${tokenOf('manager')}`,
      'Content-Type': 'application/octet-stream',
      'Content-Length': LEAVE.length + 1000,
    },
  });
  const answered = once(begun, 'response') as Promise<[IncomingMessage]>;
  begun.write(LEAVE);
  const [answer] = await answered;
  expect(answer.statusCode).toBe(408);
  expect(JSON.parse(await textOf(answer))).toMatchObject({ code: 'upload-stalled' });
  begun.destroy();
  expect(await outcome(await send('leave', LEAVE))).toMatchObject({ added: 1 });
  expect(readdirSync(hall.loaded.config.data).filter((name) => name.startsWith('import-'))).toEqual([]);
  expect(server.errors).toEqual([]);
});
