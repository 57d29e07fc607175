/** What is in the ledger, for programs: the lines that are exported, and of people only what whoever asks may see. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Role } from '../../daemon/access/actor.ts';
import { ledgerApiOf } from '../../daemon/http/ledger-api.ts';
import { exportLines } from '../../daemon/lines/ledger-lines.ts';
import { testAccess } from '../support/access.ts';
import { CoreHall } from '../support/core-hall.ts';
import { NO_ASSETS, startServer, type TestServer } from '../support/http-server.ts';
import { leaveOf, on, punchOf } from '../support/small-hall.ts';

const YAML = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { standard: { punches: in, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"] } } }
departments: [{ id: gaj, name: 公安局 }, { id: ybj, name: 医保局 }]
employees:
  - { id: e001, name: 徐敏, department: gaj, schedule: standard, credentials: ["1001"] }
  - { id: e002, name: 李岚, department: ybj, schedule: standard, credentials: ["1002"] }
  - { id: e003, name: 周诚, department: ybj }
windows:
  - { id: W01, name: 出入境, department: gaj, schedule: standard, a: e001 }
  - { id: W02, name: 医保, department: ybj, schedule: standard, a: e002, b: [e003] }
clocks: [{ id: clock-1 }]
`;

let hall: CoreHall;
let server: TestServer;
let tokenOf: (role: Role) => string;

beforeEach(async () => {
  hall = new CoreHall({ yaml: YAML, startsAt: on('08:00:00') });
  hall.online();
  await hall.record(
    punchOf('p1', 'e001', '09:07:30'),
    leaveOf('l1', 'e001', '2026-03-03 09:00:00', '2026-03-03 12:00:00'),
    leaveOf('l2', 'e002', '2026-03-03 09:00:00', '2026-03-03 12:00:00'),
    leaveOf('l3', 'e002', '2026-03-04 09:00:00', '2026-03-04 12:00:00'),
    { fact: 'cancel', id: 'x1', at: on('08:30:00'), target: 'l3' },
    { fact: 'duty', id: 'd1', employee: 'e003', from: on('09:00:00'), to: on('10:00:00') },
    { fact: 'assign', id: 'a1', window: 'W01', role: 'B', employees: ['e003'], from: on('09:00:00'), to: null },
  );
  hall.pass(on('13:00:00'));
  const { access } = testAccess();
  const rights = { name: 't', expiresAt: null };
  tokenOf = (role) => {
    const own = { employee: role === 'employee' ? 'e001' : null, departments: role === 'chief' ? ['ybj'] : [] };
    return access.office.addToken({ ...rights, ...own, roles: [role] }, { who: 'user:admin', address: '' }).secret;
  };
  server = await startServer({ access, ledger: ledgerApiOf(hall.core), assets: NO_ASSETS });
});
afterEach(async () => {
  await server.close();
  hall[Symbol.dispose]();
});

const get = (path: string, role: Role): Promise<Response> =>
  fetch(`${server.url}/api/v1/${path}`, { headers: { Authorization: `Bearer ${tokenOf(role)}` } });
const linesOf = async (path: string, role: Role): Promise<string[]> => {
  const response = await get(path, role);
  expect(response.headers.get('content-type')).toBe('application/jsonl');
  return (await response.text()).split('\n').filter((line) => line !== '');
};
const exported = (what: 'facts' | 'verdicts'): string[] => [...exportLines(hall.core, what, null)];
const subjects = (lines: readonly string[]): string[] =>
  lines.map((line) => {
    const { rule, employee, window } = JSON.parse(line) as Record<string, string>;
    return `${rule} ${window ?? employee}`;
  });

test('facts and verdicts are the lines that are exported', async () => {
  expect(await linesOf('facts', 'supervisor')).toEqual(exported('facts'));
  expect(await linesOf('verdicts', 'supervisor')).toEqual(exported('verdicts'));
  expect(exported('verdicts').length).toBeGreaterThan(2);
  expect(await linesOf(`facts?since=${encodeURIComponent(on('23:00:00'))}`, 'admin')).toEqual([]);
  expect(await linesOf('verdicts?since=2026-03-02T01:00:00.001Z', 'manager')).toEqual([]);
});

test('of verdicts, people, leave and the roster everybody gets what they see', async () => {
  expect(subjects(await linesOf('verdicts', 'employee'))).toEqual(['late e001']);
  expect(subjects(await linesOf('verdicts', 'chief'))).toEqual(['absent e002', 'absent e003', 'missing-cover W02']);
  const of = async (path: string, role: Role) => (await (await get(path, role)).json()) as Record<string, unknown>;
  const ids = async (path: string, key: string, role: Role) =>
    ((await of(path, role))[key] as readonly { id: string }[]).map(({ id }) => id);
  expect(await of('employees', 'employee')).toEqual({
    employees: [{ id: 'e001', name: '徐敏', department: 'gaj', schedule: 'standard' }],
  });
  expect(await ids('employees', 'employees', 'chief')).toEqual(['e002', 'e003']);
  expect(await ids('employees', 'employees', 'manager')).toEqual(['e001', 'e002', 'e003']);
  expect(await ids('leave', 'leave', 'supervisor'), 'without the cancelled one').toEqual(['l1', 'l2']);
  expect(await ids('leave', 'leave', 'chief')).toEqual(['l2']);
  expect((await of('leave', 'employee'))['leave']).toMatchObject([{ id: 'l1', from: '2026-03-03T09:00:00+08:00' }]);
  expect(await of('roster', 'chief')).toMatchObject({
    windows: [{ id: 'W02', name: '医保', department: 'ybj', a: ['e002'], b: ['e003'] }],
    changes: [{ id: 'd1' }, { id: 'a1', to: null }],
  });
  const later = `roster?since=${encodeURIComponent(on('10:00:00'))}`;
  expect(await ids(later, 'changes', 'manager'), 'what has ended is left out').toEqual(['a1']);
  expect(await of('roster', 'employee')).toEqual({ windows: [], changes: [] });
});

test('a chief sees who sits at their windows, and everybody what is said of them; of others no name', async () => {
  const to = on('12:00:00');
  await hall.record(
    { fact: 'cover', id: 'c1', window: 'W02', employee: 'e001', from: on('09:00:00'), to },
    { fact: 'cover', id: 'c2', window: 'W01', employee: 'e001', from: on('09:00:00'), to },
    { fact: 'assign', id: 'a2', window: 'W01', role: 'A', employees: ['e001', 'e002'], from: on('09:00:00'), to: null },
    { fact: 'assign', id: 'a3', window: 'W02', role: 'A', employees: ['e001', 'e002'], from: on('09:00:00'), to: null },
  );
  const of = async (role: Role) => {
    const { changes } = (await (await get('roster', role)).json()) as { changes: Record<string, unknown>[] };
    return changes.map(({ id, employee, employees = employee }) => [id, employees]);
  };
  expect(await of('chief')).toEqual([
    ['d1', 'e003'],
    ['a1', ['e003']],
    ['c1', 'e001'],
    ['a2', [null, 'e002']],
    ['a3', ['e001', 'e002']],
  ]);
  expect(await of('employee')).toEqual([
    ['c1', 'e001'],
    ['c2', 'e001'],
    ['a2', ['e001', null]],
    ['a3', ['e001', null]],
  ]);
});

test('a time that is none is refused, and so is who may not', async () => {
  for (const path of ['facts', 'verdicts', 'leave', 'roster']) {
    const response = await get(`${path}?since=yesterday`, 'supervisor');
    expect(response.status, path).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  }
  for (const role of ['manager', 'chief', 'employee', 'installer'] as const) {
    expect((await get('facts', role)).status, role).toBe(403);
  }
  expect((await get('verdicts', 'installer')).status).toBe(403);
  expect((await fetch(`${server.url}/api/v1/verdicts`)).status).toBe(401);
});
