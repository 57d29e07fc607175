/** A small hall for tests in this process: mornings only, arrivals only, Monday 2 March 2026 and the days after it, in Shanghai. */
import type { CoreHall, FactLine } from './core-hall.ts';

export const SMALL_HALL = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"], wed: ["09:00-12:00"], thu: ["09:00-12:00"], fri: ["09:00-12:00"] } }
employees:
  - { id: e1, name: 徐敏, schedule: standard, credentials: ["1001"] }
  - { id: e2, name: 李岚, schedule: standard, credentials: ["1002"] }
  - { id: e3, name: 周诚, schedule: standard, credentials: ["1003"] }
windows:
  - { id: W1, name: 出入境, schedule: standard, a: e1 }
clocks: [{ id: clock-1 }]
`;

/** `09:05:00` of the Monday, or `2026-03-03 09:05:00`, in the hall's offset. */
export function on(time: string): string {
  const [date, clock] = time.includes(' ') ? (time.split(' ') as [string, string]) : ['2026-03-02', time];
  return `${date}T${clock}+08:00`;
}

export const punchOf = (id: string, employee: string, time: string, more: object = {}): FactLine => ({
  fact: 'punch',
  id,
  at: on(time),
  employee,
  device: 'clock-1',
  ...more,
});

export const seenAt = (id: string, window: string, time: string, state: string): FactLine => ({
  fact: 'presence',
  id,
  at: on(time),
  window,
  state,
});

export const leaveOf = (id: string, employee: string, from: string, to: string): FactLine => ({
  fact: 'leave',
  id,
  employee,
  kind: '病假',
  from: on(from),
  to: on(to),
});

/** Until 10:30, in a hall of e001 and e002: e002 has come 20 minutes late, and e001, who was in time, has left W1 for 30 minutes. */
export async function lateAndAway(hall: CoreHall): Promise<void> {
  await hall.record(punchOf('p1', 'e001', '08:50:00'), seenAt('v1', 'W1', '08:55:00', 'occupied'));
  hall.pass(on('09:20:00'));
  await hall.record(punchOf('p2', 'e002', '09:20:00'));
  hall.pass(on('10:00:00'));
  await hall.record(seenAt('v2', 'W1', '10:00:00', 'empty'));
  hall.pass(on('10:30:00'));
  await hall.record(seenAt('v3', 'W1', '10:30:00', 'occupied'));
}
