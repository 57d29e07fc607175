/**
 * `npm run bench:noise`: how many messages a working day of 104 windows and 320 people means to each role, and how many of the live
 * ones were about something that was taken back later. The real core judges and tells; channels take everything at once.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../config/load.ts';
import type { Letter } from '../daemon/alerts/letters.ts';
import { trustedClock } from '../daemon/clock.ts';
import { HallCore } from '../daemon/hall-core.ts';
import { type Fact, readFact } from '../rules/facts.ts';
import { formatInstant, HOUR, type Ms, SECOND, type Zone } from '../rules/time.ts';
import { CityYear } from './city-year.ts';
import { HALL, hallYaml, OFFICE_WEEK } from './hall.ts';

export interface RoleNoise {
  readonly live: number;
  readonly digests: number;
  /** Live messages that told of something that was taken back later. */
  readonly retracted: number;
}

const ROLES = ['person', 'chief', 'hall', 'supervision', 'management'] as const;
export type NoiseRole = (typeof ROLES)[number];

/** Of the bench's 400 people, those who are in the hall. */
const PEOPLE = 320;
/** What became known within so long is taken in together. */
const TOGETHER: Ms = 20 * SECOND;
const SILENT = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const IMPORTED = { by: null, via: 'import', claimedAt: null } as const;

/** A day of a seed, and the morning after it, when the rest is told. */
export function noiseOfDay(seed: number): Readonly<Record<NoiseRole, RoleNoise>> {
  const folder = mkdtempSync(join(tmpdir(), 'zaigang-noise-'));
  const year = new CityYear(seed, 1);
  const known = new Set(Array.from({ length: PEOPLE }, (_, i) => `e${String(i + 1).padStart(3, '0')}`));
  const facts = [...year.lines()]
    .map(readLine)
    .filter((fact) => !('employee' in fact) || known.has(String(fact.employee)));
  const loaded = parseConfig(configOf(join(folder, 'data')), join(folder, 'hall.yaml'), { env: {}, lang: 'zh' });
  let now = year.from;
  const until = year.from + 33 * HOUR;
  const clock = trustedClock(
    () => now,
    () => now,
  );
  const core = new HallCore({ loaded, clock, log: SILENT, language: 'zh', audiences: [] });
  try {
    core.ledger.database.exec('pragma synchronous = off');
    core.begin();
    const pass = (to: Ms): void => {
      while (now < to) {
        now = Math.min(to, Math.max(now + 1, core.live.nextAt));
        core.live.wake();
        const due = core.outbox.due(now);
        if (due.length > 0) core.ledger.commit(() => due.map(({ seq }) => core.outbox.delivered(seq, now)));
      }
    };
    pass(year.from + 8 * HOUR);
    const together = ({ recordedAt }: Fact): Ms => Math.max(Math.ceil(recordedAt / TOGETHER) * TOGETHER, now);
    const ofToday = facts.filter(({ recordedAt }) => recordedAt < until);
    for (const [at, group] of Map.groupBy(ofToday, together)) {
      pass(at);
      core.live.recordAt(group, IMPORTED, now);
    }
    pass(until);
    return counted(core);
  } finally {
    core.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readLine(line: string): Fact {
  const read = readFact(JSON.parse(line));
  if ('fact' in read) return read;
  throw new Error(`${line}: ${read[0]?.problem}`);
}

function configOf(data: string): string {
  const settings = {
    timezone: 'Asia/Shanghai',
    weekly: OFFICE_WEEK,
    rest: [],
    data,
    mqtt: { embedded: true },
    passwordEnv: null,
  };
  const hall = JSON.parse(hallYaml(settings)) as {
    employees: { id: string }[];
    departments: { id: string }[];
    windows: { b: string[] }[];
  };
  const mail = { kind: 'email', server: 'smtp://mail.invalid', from: 'a@x.cn' };
  const addresses = ['b@x.cn'];
  const employees = hall.employees.slice(0, PEOPLE).map((one) => ({ ...one, contacts: { email: `${one.id}@x.cn` } }));
  const chiefs = hall.departments.map(({ id }) => ({
    ...mail,
    id: `chief-${id}`,
    addresses,
    to: 'chief',
    departments: [id],
  }));
  const channels = [
    { ...mail, id: 'person', to: 'person' },
    ...chiefs,
    { id: 'hall', kind: 'wecom', token: 't' },
    { ...mail, id: 'supervision', addresses },
    { ...mail, id: 'management', addresses, to: 'management' },
  ];
  // Nobody stands in who is not in this hall.
  const known = new Set(employees.map(({ id }) => id));
  const windows = hall.windows.map((window) => ({ ...window, b: window.b.filter((id) => known.has(id)) }));
  return JSON.stringify({ ...hall, employees, windows, notify: { channels }, diskReserve: '0MB' });
}

function counted(core: HallCore): Readonly<Record<NoiseRole, RoleNoise>> {
  const withdrawn = new Set<string>();
  for (const { op, verdict } of core.history.changes()) {
    const subject = `${verdict.rule} ${verdict.window ?? verdict.employee} ${verdict.day} ${verdict.from}`;
    if (op === 'retract') withdrawn.add(subject);
    else withdrawn.delete(subject);
  }
  const noise = Object.fromEntries(ROLES.map((role) => [role, { live: 0, digests: 0, retracted: 0 }])) as Record<
    NoiseRole,
    { live: number; digests: number; retracted: number }
  >;
  const rows = core.ledger.database.prepare('select channel, body, made_at from outbox where hall = ?').all(HALL);
  for (const { channel, body, made_at } of rows) {
    const role = ROLES.find((one) => String(channel).startsWith(one));
    const letter = JSON.parse(String(body)) as Letter;
    if (role === undefined || !('parts' in letter)) continue;
    const isDigest = DIGESTS.has(timeOfDay(core.hall.zone, Number(made_at)));
    noise[role][isDigest ? 'digests' : 'live']++;
    if (!isDigest && letter.parts.some(({ op, verdict }) => op === 'open' && withdrawn.has(subjectOf(verdict))))
      noise[role].retracted++;
  }
  return noise;
}

const DIGESTS = new Set(['08:40', '09:35', '14:35']);
const timeOfDay = (zone: Zone, at: Ms): string => formatInstant(zone, at).slice(11, 16);

function subjectOf(line: object): string {
  const { rule, window, employee, date, from } = line as Record<string, string | null>;
  return `${rule} ${window ?? employee} ${Date.parse(`${date}T00:00:00Z`) / (24 * HOUR)} ${Date.parse(String(from))}`;
}

if (process.argv[1] === import.meta.filename) {
  const seeds = process.argv.slice(2).map(Number);
  for (const seed of seeds.length === 0 ? [1, 2, 3] : seeds) {
    const noise = noiseOfDay(seed);
    const said = ROLES.map((role) => {
      const { live, digests, retracted } = noise[role];
      return `${role} ${live} live (${retracted} about what was taken back), ${digests} digests`;
    });
    process.stdout.write(`seed ${seed}: ${said.join('; ')}\n`);
  }
}
