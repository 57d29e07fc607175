/** Reports of a hall, with what is kept of its days and without. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../config/load.ts';
import { readLedger } from '../../daemon/ledger/read-only.ts';
import { buildReport } from '../../daemon/reports/build.ts';
import { Known } from '../../daemon/reports/known.ts';
import { makeReport } from '../../daemon/reports/make.ts';
import { parsePeriod } from '../../daemon/reports/period.ts';
import { NoReport, type Report, type ReportRequest } from '../../daemon/reports/report.ts';
import { DAY_LENGTH, HOUR, type Ms } from '../../rules/time.ts';
import { type Dice, diceOf } from '../oracle/dice.ts';
import { world } from '../oracle/worlds.ts';
import { CoreHall, type FactLine, factOf } from './core-hall.ts';
import { expectSame } from './same.ts';

/** A report of everybody, as of now. */
export const ALL = { asKnownAt: null, maskNames: false, employee: null, department: null } as const;

function outcomeOf(make: () => Report): string {
  try {
    return JSON.stringify(make());
  } catch (error) {
    if (error instanceof NoReport) return error.reason;
    throw error;
  }
}

/** With what is kept, which is kept for the next time; and looked at from the start. */
export function bothReports({ core }: CoreHall, request: ReportRequest): readonly [kept: string, anew: string] {
  const { directory, hall, countSimulated, appealDays } = core.reportSource;
  const kept = outcomeOf(() => makeReport(core.reportSource, request));
  const anew = outcomeOf(() =>
    readLedger(directory, (database) => {
      const known = Known.in({ database, hall, at: request.asKnownAt, countSimulated, appealDays });
      const period = parsePeriod(request.kind, request.period);
      if (known === null || known.hall === null || period === null) throw new NoReport('empty', directory);
      return buildReport({ known, kept: null }, period, request, () => {});
    }),
  );
  return [kept, anew];
}

const inQuarter = (date: string): string => `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;

function expectKeptAsAnew(hall: CoreHall): void {
  hall.core.live.settle();
  const date = hall.now.slice(0, 10);
  for (const request of [
    { ...ALL, kind: 'month', period: date.slice(0, 7) },
    { ...ALL, kind: 'quarter', period: inQuarter(date) },
    { ...ALL, kind: 'year', period: date.slice(0, 4) },
  ] as const) {
    const [kept, anew] = bothReports(hall, request);
    expectSame(kept.split('],['), anew.split('],['));
  }
}

/** How many days are kept, or months. */
export function keptRows(hall: CoreHall, table: 'day_result' | 'month_result' = 'day_result'): number {
  const file = new DatabaseSync(join(hall.loaded.config.data, 'day-results.db'));
  const { count } = file.prepare(`select count(*) as count from ${table}`).get() as { count: number };
  file.close();
  return count;
}

/** Somebody decides on a case, or takes that back. */
async function decide(hall: CoreHall, dice: Dice): Promise<void> {
  const rows = hall.core.ledger.database.prepare('select id from alert_case order by id').all();
  if (rows.length === 0) return;
  const id = `x${hall.clock.now()}`;
  const deed = dice.pick(['confirm', 'excuse', 'false-alarm', 'overturn', 'appeal']);
  const action = { fact: 'action', id, at: hall.now, do: deed, case: String(dice.pick(rows)['id']), reason: 'r' };
  const verdicts = (): string => JSON.stringify(hall.core.engine.verdicts());
  const before = verdicts();
  await hall.core.live.record([factOf(action)], { by: 'user:a', via: 'web', claimedAt: null });
  expect(verdicts()).toBe(before);
}

/** What a report says, but for the instant as of which it does and for what is listed as changed since. */
function saidOf({ knownAt: _, checksum: _of, sheets, ...head }: Report): string {
  return JSON.stringify([head, sheets.filter(({ id }) => id !== 'changes')]);
}

/** What somebody was given, and asks for again as it was known then. */
class Given {
  readonly #all: { readonly request: ReportRequest; readonly report: Report }[] = [];

  note({ core, now, clock }: CoreHall): void {
    core.live.settle();
    const request = { ...ALL, asKnownAt: clock.now(), kind: 'month', period: now.slice(0, 7) } as const;
    const outcome = outcomeOf(() => makeReport(core.reportSource, request));
    if (outcome.startsWith('{')) this.#all.push({ request, report: JSON.parse(outcome) });
  }

  /** It says what it said, and lists what has become of that since. */
  expectSame({ core }: CoreHall): void {
    for (const { request, report } of this.#all) {
      const again = makeReport(core.reportSource, request);
      expectSame(saidOf(again).split('],['), saidOf(report).split('],['));
      expect(again.knownAt).toBe(report.knownAt);
      const changes = (of: Report) => of.sheets.find(({ id }) => id === 'changes')?.rows ?? [];
      expect(changes(report)).toEqual([]);
    }
  }
}

/** Lives through a world, and asks for reports on the way. */
async function live(hall: CoreHall, coming: { readonly at: Ms; readonly line: FactLine }[], dice: Dice, yaml: string) {
  const given = new Given();
  hall.online();
  while (coming.length > 0) {
    hall.pass(hall.text(coming[0]?.at ?? 0));
    if (dice.chance(0.03)) {
      hall.restart(dice.pick([0, HOUR, 14 * HOUR, 5 * DAY_LENGTH]));
      if (dice.chance(0.8)) hall.core.live.beginBacklog();
    }
    const now = hall.clock.now();
    const due = coming.splice(0, Math.max(1, coming.findLastIndex(({ at }) => at <= now) + 1));
    await hall.record(...due.map(({ line }) => line));
    hall.core.live.endBacklog();
    hall.online();
    if (dice.chance(0.05)) await decide(hall, dice);
    if (dice.chance(0.02)) {
      const before = yaml.replace(/^judgeFrom:.*$/m, '');
      const text = `${before}\ndata: ./data\ndiskReserve: 0MB\njudgeFrom: ${dice.pick(['2026-01-01', '2026-03-03'])}\n`;
      hall.core.accept(parseConfig(text, join(hall.folder, 'hall.yaml'), { env: {}, lang: 'en' }));
    }
    if (dice.chance(0.05)) expectKeptAsAnew(hall);
    if (dice.chance(0.02)) given.note(hall);
  }
  for (let i = 0; i < 4; i++) {
    hall.pass(hall.text(hall.clock.now() + DAY_LENGTH));
    expectKeptAsAnew(hall);
  }
  given.expectSame(hall);
}

/** Lives through a world of random facts, and holds each report against one that is counted anew. */
export async function keptThroughWorld(seed: number): Promise<void> {
  const dice = diceOf(seed);
  const { config, facts } = world(seed);
  const { nationalDays: _, ...written } = config;
  const yaml = stringify(written, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
  const known = facts.map((line) => factOf(line).recordedAt).filter((at) => at > 0);
  const firstAt = Math.min(...known, Date.UTC(2026, 11, 1));
  using hall = new CoreHall({ yaml, startsAt: new Date(firstAt - HOUR).toISOString() });
  const coming = facts.map((line) => ({ at: Math.max(factOf(line).recordedAt, firstAt), line }));
  coming.sort((a, b) => a.at - b.at);
  await live(hall, coming, dice, yaml);
  expect(keptRows(hall)).toBeGreaterThan(0);
}
