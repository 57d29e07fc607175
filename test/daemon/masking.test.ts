/** No message to a group names anybody: whatever is said of whom, in whichever state, after whichever change, in both languages. */
import { assert, constantFrom, integer, option, property, record, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { readershipsOf } from '../../daemon/alerts/audiences.ts';
import { letterOf } from '../../daemon/alerts/letters.ts';
import { asSeenBy } from '../../daemon/alerts/masking.ts';
import { RULES } from '../../rules/table.ts';
import type { Verdict } from '../../rules/verdict.ts';

const PEOPLE = ['欧阳娜', '司马强', '尉迟敏'] as const;
const GROUPS = ['wecom', 'dingtalk', 'feishu'] as const;
const yaml = `
hall: { id: h, name: 大厅, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { s: { punches: session, weekly: { mon: ["09:00-12:00"] } } }
departments: [{ id: gaj, name: 公安局 }, { id: ybj, name: 医保局 }]
employees:
${PEOPLE.map((name, i) => `  - { id: person-${i}, name: ${name}, department: ${i === 2 ? 'ybj' : 'gaj'}, schedule: s, credentials: ["badge-${i}"] }`).join('\n')}
windows: [{ id: W1, name: 出入境, department: gaj, schedule: s, a: person-0, b: [person-1] }]
notify:
  channels:
${GROUPS.flatMap((kind) => [
  `    - { id: ${kind}-all, kind: ${kind}, token: t }`,
  `    - { id: ${kind}-gaj, kind: ${kind}, token: t, to: department, departments: [gaj] }`,
]).join('\n')}
    - { id: chief, kind: email, server: "smtp://x.invalid", from: a@x.cn, addresses: [b@x.cn], to: chief, departments: [gaj] }
    - { id: sup, kind: email, server: "smtp://x.invalid", from: a@x.cn, addresses: [b@x.cn] }
`;
const { config, hall } = parseConfig(yaml, 'hall.yaml', { env: {}, lang: 'en' });
const readerships = readershipsOf(config, () => ['person-1']);
const groups = readerships.filter(({ channel }) => /-(?:all|gaj)$/.test(channel));
const NOW = Date.UTC(2026, 2, 2, 4);

const verdicts = record({
  rule: constantFrom(...RULES.map(({ name }) => name)),
  state: constantFrom('pending' as const, 'open' as const, 'closed' as const),
  because: constantFrom('uncovered' as const, 'seat-occupied' as const, 'blind' as const),
  side: constantFrom('in' as const, 'out' as const),
  employee: option(integer({ min: 0, max: 2 })),
  department: option(constantFrom('gaj', 'ybj')),
  isOfWindow: constantFrom(true, false),
  from: integer({ min: NOW - 10_000_000, max: NOW }),
  to: option(integer({ min: NOW, max: NOW + 10_000_000 })),
  leave: option(integer({ min: 0, max: 2 })),
  run: constantFrom(true, false),
}).map(
  ({ employee, isOfWindow, leave, ...rest }): Verdict => ({
    ...rest,
    day: 20_514,
    session: 1,
    employee: employee === null ? null : `person-${employee}`,
    window: isOfWindow ? 'W1' : null,
    evidence: [`punch-of-person-${employee}`],
    ...(leave === null ? {} : { leave: `leave-of-person-${leave}` }),
    atOpening: true,
    config: 'sha256:0',
  }),
);

const news = tuple(
  verdicts,
  constantFrom('open' as const, 'revise' as const, 'close' as const, 'retract' as const),
  constantFrom('zh' as const, 'en' as const),
);

function said(
  channel: (typeof readerships)[number],
  [verdict, op, language]: [Verdict, 'open' | 'revise' | 'close' | 'retract', 'zh' | 'en'],
): string {
  const seen = asSeenBy(channel.sightOf(channel.channel), hall, verdict);
  const about = `h|${verdict.rule}|${verdict.employee}|2026-03-02`;
  const item = { about, alert: 'C-1', op, live: true, verdict: seen, asks: false };
  return JSON.stringify(letterOf(() => hall, [item, { ...item, alert: 'C-2' }], NOW, language));
}

const NAMED = new RegExp([...PEOPLE, 'person-', 'badge-'].join('|'));

test('a group channel never names anybody', () => {
  expect(groups).toHaveLength(6);
  assert(
    property(news, constantFrom(...groups), (one, group) => {
      expect(said(group, one)).not.toMatch(NAMED);
    }),
    { numRuns: 2000 },
  );
});

test('what is pending names nobody to anybody', () => {
  assert(
    property(news, constantFrom(...readerships), ([verdict, ...rest], channel) => {
      expect(said(channel, [{ ...verdict, state: 'pending' }, ...rest])).not.toMatch(NAMED);
    }),
    { numRuns: 1000 },
  );
});

test('a chief reads the names of the own department and of who sits at its windows, supervision all', () => {
  const [chief, supervision] = ['chief', 'sup'].map((id) => readerships.find(({ channel }) => channel === id));
  if (chief === undefined || supervision === undefined) throw new Error('no such channel');
  assert(
    property(news, integer({ min: 0, max: 2 }), ([verdict, op, language], i) => {
      const firm: Verdict = { ...verdict, state: 'closed', employee: `person-${i}` };
      expect(said(supervision, [firm, op, language])).toContain(`person-${i}`);
      const isTheirs = firm.window !== null || i !== 2;
      expect(NAMED.test(said(chief, [firm, op, language]))).toBe(isTheirs);
    }),
  );
});
