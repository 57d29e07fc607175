/** A hall of 24 windows on a Friday morning with a bit of everything to decide on: the real daemon, its clock moved by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../config/load.ts';
import type { Role } from '../../daemon/access/actor.ts';
import { systemElapsed } from '../../daemon/clock.ts';
import { type SteppedClock, steppedClock } from '../../daemon/demo/stepped-clock.ts';
import { HallDaemon } from '../../daemon/hall-daemon.ts';
import { MINUTE, type Ms, parseInstant } from '../../rules/time.ts';
import { type FactLine, factOf } from './core-hall.ts';

const IMPORTED = { by: null, via: 'import', claimedAt: null } as const;
const BY_TEST = { who: 'command', address: null } as const;

/** Of all accounts here. */
export const PASSWORD = 'zheng-wu-da-ting-2026';

const DEPARTMENTS = [
  '公安局',
  '住建局',
  '自然资源局',
  '林业局',
  '财政局',
  '人社局',
  '民政局',
  '税务局',
  '水利局',
  '食药监局',
  '市监局',
  '文旅局',
];
const SERVICES = [
  '出入境',
  '户政',
  '施工许可',
  '房产交易',
  '不动产登记',
  '用地审批',
  '采伐许可',
  '林地审核',
  '非税收缴',
  '票据管理',
  '社保经办',
  '劳动用工',
  '社会事务',
  '婚姻登记',
  '契税',
  '发票',
  '取水许可',
  '水保方案',
  '食品经营',
  '药品经营',
  '企业开办',
  '特种设备',
  '娱乐场所',
  '文物',
];
const NAMES = [
  '徐敏',
  '廖强',
  '张煜',
  '曾辉',
  '孙佳',
  '贺岚',
  '刘静',
  '李岚',
  '陈洋',
  '周诚',
  '高倩',
  '韩冰',
  '罗欣',
  '吴桐',
  '彭涛',
  '谢雯',
  '刘丽',
  '马骏',
  '雷梅',
  '吕晨',
  '蒋蓉',
  '邓凯',
  '苏婷',
  '尹航',
];
const STAND_INS = ['何晶', '何星', '方圆', '刘琪', '潘越', '周芳', '姜宁', '谭松', '马涛', '丁洁', '任可', '沈悦'];

const id = (letter: string, number: number): string => `${letter}${String(number).padStart(2, '0')}`;

/** Window W01 to W24 with e01 to e24; each two share a B, e31 to e42. e07 and e08 punch at clock-2, all others at clock-1. */
function config(nameOf: (employee: string, usual: string) => string, clocks: readonly object[]): object {
  const departments = DEPARTMENTS.map((name, i) => ({ id: id('d', i + 1), name }));
  const of = (i: number): string => id('d', Math.floor(i / 2) + 1);
  const sessions = ['09:00-17:00'];
  return {
    hall: { id: 'county', name: '某县政务服务中心', timezone: 'Asia/Shanghai' },
    calendar: { country: 'none' },
    departments,
    schedules: {
      standard: {
        punches: 'in',
        weekly: { mon: sessions, tue: sessions, wed: sessions, thu: sessions, fri: sessions },
      },
    },
    employees: [
      ...NAMES.map((name, i) => ({ id: id('e', i + 1), name, department: of(i), schedule: 'standard' })),
      ...STAND_INS.map((name, i) => ({ id: id('e', i + 31), name, department: id('d', i + 1), schedule: 'standard' })),
    ].map((one) => ({ ...one, name: nameOf(one.id, one.name), credentials: [one.id] })),
    windows: SERVICES.map((name, i) => ({
      ...{ id: id('W', i + 1), name, department: of(i), schedule: 'standard' },
      a: id('e', i + 1),
      b: [id('e', Math.floor(i / 2) + 31)],
    })),
    clocks: [{ id: 'clock-1' }, { id: 'clock-2', serves: ['d04'] }, ...clocks],
    http: { listen: '127.0.0.1:0' },
    diskReserve: '0MB',
  };
}

export interface CaseHallOptions {
  /** What somebody is called in place of what they usually are. */
  readonly names?: Readonly<Record<string, string>>;
  /** Clocks besides, as hall.yaml has them. */
  readonly clocks?: readonly object[];
  /** What else hall.yaml has. */
  readonly more?: object;
}

export interface CaseHall extends AsyncDisposable {
  readonly url: string;
  readonly daemon: HallDaemon;
  now(): Ms;
  /** Lets time pass, with everything that comes due on the way. */
  pass(to: string): void;
  record(...facts: readonly FactLine[]): Promise<void>;
  /** Makes an account with `PASSWORD`. */
  account(
    name: string,
    display: string,
    roles: readonly Role[],
    more?: { employee?: string; departments?: string[] },
  ): Promise<void>;
}

/** `10:05` of the Friday, or `2026-11-19 10:05`. */
export function fridayAt(time: string): string {
  const [date, clock] = time.includes(' ') ? (time.split(' ') as [string, string]) : ['2026-11-20', time];
  return `${date}T${clock}:00+08:00`;
}

export async function openCaseHall({ names = {}, clocks = [], more = {} }: CaseHallOptions = {}): Promise<CaseHall> {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-cases-'));
  const yaml = JSON.stringify({
    ...config((employee, usual) => names[employee] ?? usual, clocks),
    ...more,
    data: join(folder, 'data'),
  });
  const loaded = parseConfig(yaml, join(folder, 'hall.yaml'), { env: {}, lang: 'zh' });
  const clock = steppedClock(instantOf(fridayAt('2026-11-19 08:00')), systemElapsed);
  const silent = (): void => {};
  const daemon = new HallDaemon({
    ...{ loaded, clock, language: 'zh', brokers: [] },
    log: { error: silent, warn: silent, info: silent, debug: silent },
    boardEveryMs: 200,
    heartbeatMs: 500,
  });
  // What is tested here survives the end of a process, not of a machine; and it is many times as fast.
  daemon.core.ledger.database.exec('pragma synchronous = off');
  await daemon.start();
  return {
    url: daemon.url ?? '',
    daemon,
    now: () => clock.now(),
    pass: (to) => pass(daemon, clock, instantOf(to)),
    async record(...facts) {
      await daemon.core.live.record(facts.map(factOf), IMPORTED);
    },
    async account(name, display, roles, { employee, departments = [] } = {}) {
      const { office } = daemon.access.access;
      office.add({ name, display, roles, employee: employee ?? null, departments }, BY_TEST);
      await office.setPassword(name, PASSWORD, BY_TEST);
    },
    async [Symbol.asyncDispose]() {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Wakes it often enough to be quick: what comes due speaks at its own instant, however late it is woken. */
function pass({ core }: HallDaemon, clock: SteppedClock, until: Ms): void {
  for (let { nextAt } = core.live; nextAt <= until; nextAt = core.live.nextAt) {
    clock.set(Math.min(nextAt + 10 * MINUTE, until));
    core.live.wake();
  }
  clock.set(until);
  core.live.wake();
}

const instantOf = (text: string): Ms => parseInstant(text) ?? Number.NaN;

let count = 0;
const fact = (kind: string, more: FactLine): FactLine => {
  count += 1;
  return { fact: kind, id: `f${count}`, ...more };
};

export const punch = (employee: string, time: string): FactLine =>
  fact('punch', {
    at: fridayAt(time),
    employee,
    device: employee === 'e07' || employee === 'e08' ? 'clock-2' : 'clock-1',
  });
export const seat = (window: string, time: string, state: string): FactLine =>
  fact('presence', { at: fridayAt(time), window, state });
export const device = (name: string, time: string, state: string): FactLine =>
  fact('device', { at: fridayAt(time), device: name, state });
export const leave = (employee: string, from: string, to: string): FactLine =>
  fact('leave', { employee, kind: '病假', from: fridayAt(from), to: fridayAt(to) });

/** Everybody's touch on a day, but of those named: at 08:40, :41 … */
function arrivals(date: string, without: readonly string[]): FactLine[] {
  const people = [...NAMES.map((_, i) => id('e', i + 1)), ...STAND_INS.map((_, i) => id('e', i + 31))];
  return people
    .filter((employee) => !without.includes(employee))
    .map((employee, i) => punch(employee, `${date} 08:${40 + (i % 15)}`));
}

/**
 * Thursday: 吴桐 late, 周诚 late, W03 left. Friday up to 10:31: 雷梅 late and her window not opened (one alert), W17 left for 21
 * minutes, W12 left since 10:12, 孙佳 absent, clock-2 offline so that nobody can say where 刘静 and 李岚 are.
 */
export async function playMorning(hall: CaseHall): Promise<void> {
  hall.pass(fridayAt('2026-11-19 08:56'));
  await hall.record(...arrivals('2026-11-19', ['e14', 'e10']));
  await hall.record(...['W03', 'W12', 'W17'].map((window) => seat(window, '2026-11-19 08:56', 'occupied')));
  await at(hall, '2026-11-19 09:12', punch('e14', '2026-11-19 09:12'), punch('e10', '2026-11-19 09:12'));
  await at(hall, '2026-11-19 14:30', seat('W03', '2026-11-19 14:30', 'empty'));
  await at(hall, '2026-11-19 14:55', seat('W03', '2026-11-19 14:55', 'occupied'));
  hall.pass(fridayAt('2026-11-19 18:00'));
  await at(hall, '08:20', device('clock-2', '08:20', 'offline'));
  hall.pass(fridayAt('08:56'));
  await hall.record(...arrivals('2026-11-20', ['e05', 'e19', 'e40', 'e07', 'e08', 'e34']));
  await hall.record(...['W03', 'W12', 'W17'].map((window) => seat(window, '08:56', 'occupied')));
  await at(hall, '09:17', punch('e19', '09:17'));
  await at(hall, '10:05', seat('W17', '10:05', 'empty'));
  await at(hall, '10:12', seat('W12', '10:12', 'empty'));
  await at(hall, '10:26', seat('W17', '10:26', 'occupied'));
  hall.pass(fridayAt('10:31'));
}

async function at(hall: CaseHall, time: string, ...facts: readonly FactLine[]): Promise<void> {
  hall.pass(fridayAt(time));
  await hall.record(...facts);
}
