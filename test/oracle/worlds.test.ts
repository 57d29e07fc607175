import { describe, expect, it } from 'vitest';
import { coverAt } from './cover.ts';
import { diceOf } from './dice.ts';
import { knownFacts } from './known.ts';
import { type OracleVerdict, oracle, sceneOf } from './oracle.ts';
import { configOn } from './people.ts';
import { momentsOf } from './posts.ts';
import { isBetweenDates, type OracleConfig, type OracleCredential } from './shape.ts';
import { addDays, hallDayOf, instantOf } from './time.ts';
import { REASONS } from './verdict.ts';
import { isValidDay } from './world-config.ts';
import { type World, world } from './worlds.ts';

const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
/** Those on which the product is held against the oracle. */
const SHARED_SEEDS = Array.from({ length: 150 }, (_, index) => index);
/** Rules of which several verdicts differ by `from` alone (rules section 7). */
const BY_START = ['missing-cover', 'left-post', 'unverified-occupant', 'leave-slip'];

const REQUIRED: Record<string, readonly string[]> = {
  punch: ['at'],
  presence: ['at', 'window', 'state'],
  leave: ['employee', 'kind', 'from', 'to'],
  cover: ['window', 'employee', 'from', 'to'],
  assign: ['window', 'role', 'employees', 'from', 'to'],
  duty: ['employee', 'from', 'to'],
  pause: ['from', 'to'],
  day: ['date', 'kind'],
  device: ['at', 'device', 'state'],
  cancel: ['at', 'target'],
  slip: ['at', 'leave'],
  employee: ['employee', 'name', 'department', 'schedule', 'from', 'to'],
};
const OPTIONAL: Record<string, readonly string[]> = {
  punch: ['employee', 'credential', 'device', 'deviceAt', 'seq', 'method'],
  presence: ['source'],
  leave: ['slip'],
  pause: ['window', 'reason'],
  device: ['lostUntil'],
};

/** Section 7: hall, rule, subject, date, session, side, and for runs the `from` instant. */
function identity({ rule, window, employee, date, session, side, from }: OracleVerdict): string {
  return JSON.stringify([rule, window ?? employee, date, session, side, BY_START.includes(rule) ? from : null]);
}

function weeklies(config: OracleConfig): string[][] {
  return Object.values(config.schedules ?? {}).flatMap((schedule) =>
    [schedule.weekly ?? {}, ...(schedule.versions ?? []).map((version) => version.weekly)].flatMap((weekly) =>
      Object.values(weekly),
    ),
  );
}

/** Who answers to an id at a clock on a date: never two. */
function answers(config: OracleConfig, id: string, device: string, date: string): string[] {
  const isSame = (credential: string | OracleCredential) =>
    typeof credential === 'string'
      ? credential === id
      : credential.id === id &&
        (credential.device ?? device) === device &&
        isBetweenDates(date, credential.from, credential.to);
  return config.employees.filter((employee) => employee.credentials?.some(isSame)).map((employee) => employee.id);
}

function faultsOf({ config, facts, instants }: World): string[] {
  const faults: string[] = [];
  const expectThat = (isTrue: boolean, what: string) => {
    if (!isTrue) faults.push(what);
  };
  const dayStart = config.hall.dayStart ?? '';
  for (const sessions of weeklies(config)) expectThat(isValidDay(sessions, dayStart), `sessions ${sessions.join()}`);
  const entered = facts.filter((line) => line['fact'] === 'employee').map((line) => String(line['employee']));
  const people = new Set([...config.employees.map((employee) => employee.id), ...entered]);
  const windows = new Set(config.windows.map((window) => window.id));
  for (const window of config.windows) {
    for (const id of [window.a ?? [], window.b ?? []].flat()) expectThat(people.has(id), `${window.id} names ${id}`);
  }
  for (const id of ['100', '101', '5', '77']) {
    for (const device of ['k1', 'k2', 'door']) {
      for (let date = '2026-02-25'; date < '2026-03-12'; date = addDays(date, 1)) {
        expectThat(answers(config, id, device, date).length < 2, `${id} at ${device} on ${date}`);
      }
    }
  }
  const kinds = new Map(facts.map((line) => [line['id'], line['fact']]));
  expectThat(kinds.size === facts.length, 'an id twice');
  for (const line of facts) {
    const name = JSON.stringify(line);
    const kind = String(line['fact']);
    const allowed = ['fact', 'id', 'recordedAt', ...(REQUIRED[kind] ?? []), ...(OPTIONAL[kind] ?? [])];
    expectThat(REQUIRED[kind] !== undefined && Object.keys(line).every((key) => allowed.includes(key)), `keys ${name}`);
    expectThat(
      (REQUIRED[kind] ?? []).every((key) => line[key] !== undefined),
      `a key missing ${name}`,
    );
    for (const key of ['at', 'from', 'to', 'recordedAt', 'deviceAt']) {
      if (line[key] !== undefined && line[key] !== null) instantOf(String(line[key]));
    }
    if (typeof line['to'] === 'string') {
      expectThat(instantOf(String(line['from'])) < instantOf(line['to']), `an empty span ${name}`);
    }
    const named = [line['employee'] ?? [], line['employees'] ?? []].flat();
    expectThat(
      named.every((id) => people.has(String(id))),
      `unknown person ${name}`,
    );
    expectThat(line['window'] === undefined || windows.has(String(line['window'])), `unknown window ${name}`);
    if (kind === 'punch') expectThat('employee' in line !== 'credential' in line, `whose ${name}`);
    if (kind === 'cancel')
      expectThat(!['cancel', undefined].includes(String(kinds.get(line['target']))), `target ${name}`);
    if (kind === 'slip') expectThat(kinds.get(line['leave']) === 'leave', `leave ${name}`);
  }
  expectThat(instants.length >= 5 && instants.length <= 12, `${instants.length} instants`);
  expectThat(
    instants.every((t, i) => i === 0 || instantOf(instants[i - 1] ?? '') < instantOf(t)),
    'order of instants',
  );
  return faults;
}

describe('worlds', () => {
  it('are valid input', () => {
    for (const seed of seeds(120)) expect(faultsOf(world(seed)), `seed ${seed}`).toEqual([]);
  });

  it('are the same for the same seed, and others for others', () => {
    expect(world(7)).toEqual(world(7));
    expect(world(7)).not.toEqual(world(8));
  });

  it('bring about every rule in every state it has, every reason, and all of them taken back', () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (const seed of SHARED_SEEDS) {
      const { config, facts, instants } = world(seed);
      let before = new Map<string, string>();
      for (const now of instants) {
        const held = new Map<string, string>();
        for (const verdict of oracle(config, facts, now)) {
          const name = `${verdict.rule}${verdict.side === null ? '' : ` ${verdict.side}`}`;
          count(`${name} ${verdict.state}`);
          if (verdict.because !== undefined) count(verdict.because);
          held.set(identity(verdict), name);
        }
        for (const [key, name] of before) if (!held.has(key)) count(`${name} retracted`);
        before = held;
      }
    }
    const runs = ['late', 'absent', 'missing-cover', 'left-post', 'unverified-occupant'];
    const ended = ['early-leave', 'missing-punch in', 'missing-punch out', 'left-post-total', 'leave-slip'];
    const expected = [
      ...runs.flatMap((rule) => ['pending', 'open', 'closed', 'retracted'].map((state) => `${rule} ${state}`)),
      ...ended.flatMap((rule) => ['pending', 'closed', 'retracted'].map((state) => `${rule} ${state}`)),
      ...REASONS,
    ];
    const rare = expected.filter((what) => (seen.get(what) ?? 0) < 5);
    expect(rare, JSON.stringify(Object.fromEntries(seen))).toEqual([]);
    expect([...seen.keys()].filter((what) => !expected.includes(what))).toEqual([]);
  }, 60_000);

  it('say the same in any order of their facts', () => {
    for (const seed of seeds(30)) {
      const { config, facts, instants } = world(seed);
      for (const now of instants.slice(0, 3)) {
        expect(oracle(config, [...facts].reverse(), now), `seed ${seed} at ${now}`).toEqual(oracle(config, facts, now));
      }
    }
  });

  it('change who holds what at the instants looked at, and at no other', () => {
    let asked = 0;
    for (const seed of seeds(60)) {
      const { config, facts, instants } = world(seed);
      const dice = diceOf(seed);
      for (const now of instants.slice(0, 4).map(instantOf)) {
        const day = hallDayOf(config.hall.timezone, config.hall.dayStart ?? '', now);
        const known = knownFacts(facts, now);
        const scene = sceneOf(configOn(config, known, day.date), known, day, now);
        for (const moment of momentsOf(scene)) {
          const t = dice.between(moment.from, moment.to - 1);
          expect(coverAt(scene, t), `seed ${seed} at ${t}`).toEqual(moment.holders);
          asked += moment.holders.size;
        }
      }
    }
    expect(asked).toBeGreaterThan(1000);
  });
});
