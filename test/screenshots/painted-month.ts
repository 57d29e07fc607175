/** A month of a small hall as reports show it: most people most days as they should, some late, away or on leave, by seeded dice. */
import { diceOf } from '../oracle/dice.ts';
import { CoreHall, type FactLine, factOf } from '../support/core-hall.ts';

const UNITS = ['公安局', '住建局', '自然资源局', '税务局', '人社局', '市监局'];
const SERVICES = ['出入境', '户政', '施工许可', '房产交易', '不动产登记', '用地审批', '契税', '发票'];
SERVICES.push('社保经办', '劳动用工', '企业开办', '特种设备');
const NAMES = ['徐敏', '廖强', '张煜', '曾辉', '孙佳', '贺岚', '谢雯', '彭涛', '高倩', '韩冰', '蒋蓉', '邓凯'];
const STAND_INS = ['何晶', '何星', '方圆', '沈悦', '姜宁', '任可'];
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => `${day}: ["09:00-12:00", "14:00-17:00"]`).join(', ');

const two = (n: number): string => String(n).padStart(2, '0');
const unit = (i: number): string => `d${Math.floor(i / 2) + 1}`;
const person = (i: number): string => `e${two(i + 1)}`;
const PEOPLE = [
  ...NAMES.map((name, i) => ({ id: person(i), name, department: unit(i) })),
  ...STAND_INS.map((name, i) => ({ id: person(i + 30), name, department: `d${i + 1}` })),
].map((one) => ({ ...one, schedule: 'standard' }));
const WINDOWS = SERVICES.map((name, i) => ({
  ...{ id: `W${two(i + 1)}`, name, department: unit(i), schedule: 'standard' },
  ...{ a: person(i), b: [person(30 + Math.floor(i / 2))] },
}));

const YAML = `
hall: { id: county, name: 某县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { standard: { weekly: { ${WEEK} } } }
departments: ${JSON.stringify(UNITS.map((name, i) => ({ id: `d${i + 1}`, name })))}
employees: ${JSON.stringify(PEOPLE)}
windows: ${JSON.stringify(WINDOWS)}
clocks: [{ id: clock-1 }, { id: clock-2 }]
`;

/** October 2026, as it is on 2 November at noon. */
export function paintedMonth(): CoreHall {
  const hall = new CoreHall({ yaml: YAML, startsAt: '2026-09-30T12:00:00+08:00' });
  const online = ['clock-1', 'clock-2'].map((device) => ({
    fact: 'device',
    id: device,
    at: '2026-09-30T12:00:00+08:00',
    device,
    state: 'online',
  }));
  hall.core.live.recordAt(
    online.map(factOf),
    { by: null, via: 'import', claimedAt: null },
    Date.parse('2026-09-30T12:00:00+08:00'),
  );
  const dice = diceOf(17);
  const from = { by: null, via: 'import', claimedAt: null } as const;
  for (let day = 1; day <= 31; day += 1) {
    const date = `2026-10-${two(day)}`;
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    const byTime = Map.groupBy(dayOf(date, dice), ([at]) => at);
    for (const [at, lines] of [...byTime].sort(([x], [y]) => (x < y ? -1 : 1))) {
      hall.core.live.recordAt(
        lines.map(([, line]) => factOf(line)),
        from,
        Date.parse(at),
      );
    }
  }
  hall.pass('2026-11-02T12:00:00+08:00');
  return hall;
}

type Dice = ReturnType<typeof diceOf>;

function* dayOf(date: string, dice: Dice): Iterable<readonly [at: string, line: FactLine]> {
  const at = (minutes: number): string => `${date}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00+08:00`;
  let count = 0;
  const line = (when: number, fact: string, more: FactLine): readonly [string, FactLine] => {
    count += 1;
    return [at(when), { fact, id: `${date}-${count}`, at: at(when), ...more }];
  };
  for (const { id } of PEOPLE) {
    if (dice.chance(0.03)) {
      const span = { from: at(0), to: at(23 * 60 + 59) };
      yield [
        at(1),
        {
          fact: 'leave',
          id: `${date}-${id}`,
          employee: id,
          kind: dice.pick(['病假', '事假', '公休']),
          ...span,
          slip: true,
        },
      ];
      continue;
    }
    for (const [from, to] of [
      [540, 720],
      [840, 1020],
    ] as const) {
      if (dice.chance(0.012)) continue;
      const device = dice.pick(['clock-1', 'clock-2']);
      yield line(from + (dice.chance(0.035) ? dice.between(6, 25) : -dice.between(1, 18)), 'punch', {
        employee: id,
        device,
      });
      if (dice.chance(0.99))
        yield line(to + (dice.chance(0.015) ? -dice.between(8, 30) : dice.between(1, 8)), 'punch', {
          employee: id,
          device,
        });
    }
  }
  for (const { id } of WINDOWS.slice(0, 8)) {
    for (const [from, to] of [
      [540, 720],
      [840, 1020],
    ] as const) {
      yield line(from - 1, 'presence', { window: id, state: 'occupied' });
      const gone = dice.chance(0.3) ? dice.between(4, 24) : 0;
      if (gone > 0) yield line(from + 60, 'presence', { window: id, state: 'empty' });
      if (gone > 0) yield line(from + 60 + gone, 'presence', { window: id, state: 'occupied' });
      yield line(to + 1, 'presence', { window: id, state: 'empty' });
    }
  }
}
