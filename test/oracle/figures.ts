/** Figures of a day, the slow way: from the oracle's scenes and verdicts, instant by instant, with none of the product's code. */
import { couldHold, holdersOfRole, presentAs, type Scene, type WindowDay } from './cover.ts';
import { isBlindFor } from './coverage.ts';
import type { OracleVerdict } from './oracle.ts';
import { calendarOf, employeeSessions } from './plan.ts';
import { momentsOf } from './posts.ts';
import { seenAt } from './presence.ts';
import type { EmployeeDay } from './punches.ts';
import { isBetweenDates, type OracleConfig } from './shape.ts';
import { instantOf, type Ms } from './time.ts';

type Figures = Record<string, number>;

const add = (figures: Figures, name: string, by: number): void => {
  figures[name] = (figures[name] ?? 0) + by;
};

/** Of one person on one day, by what is said of them. */
export function slowPersonFigures(
  config: OracleConfig,
  scene: Scene,
  person: EmployeeDay,
  verdicts: readonly OracleVerdict[],
): Figures {
  const { employee, policy } = person;
  const theirs = verdicts.filter((verdict) => verdict.date === scene.day.date && verdict.employee === employee.id);
  const about = theirs.filter(({ window, rule }) => window === null && rule !== 'leave-slip');
  const isTheirs = isBetweenDates(scene.day.date, employee.from, employee.until);
  const all = isTheirs ? employeeSessions(config, scene.known, employee, scene.day, person.rules.joinGap) : [];
  const sessions = policy === 'day' ? Math.min(all.length, 1) : all.length;
  const figures: Figures = { sessions, excused: sessions - person.sessions.length };
  // The oracle knows no people who decide: nothing is set aside.
  for (const name of ['ahead', 'pending', 'exempt', 'attended', 'missed', 'punctual', 'waived']) add(figures, name, 0);
  for (const session of person.sessions) {
    const said = about.filter((verdict) => verdict.session === session.number);
    // A departure from the gap after it, or from after the last session, is known before its deadline.
    const isGone = session.departure !== null && session.departure.origin !== 'inside';
    const isOver = scene.now >= session.z && (policy === 'in' || session.isDecided || isGone);
    if (said.some(({ state }) => state === 'pending')) add(figures, 'pending', 1);
    else if (!isOver) add(figures, 'ahead', 1);
    else if (said.some(({ rule }) => rule === 'absent')) add(figures, 'missed', 1);
    else add(figures, 'attended', 1);
    if (isOver && said.length === 0) add(figures, 'punctual', 1);
  }
  for (const [name, rule] of [
    ['late', 'late'],
    ['absent', 'absent'],
    ['early', 'early-leave'],
  ] as const) {
    const certain = about.filter((verdict) => verdict.rule === rule && verdict.state !== 'pending');
    figures[name] = certain.length;
    figures[`${name}Minutes`] = certain.reduce((sum, { minutes }) => sum + minutes, 0);
  }
  figures['missing'] = about.filter(({ rule, state }) => rule === 'missing-punch' && state !== 'pending').length;
  return figures;
}

/** Of one window on one day. */
export function slowWindowFigures(
  config: OracleConfig,
  scene: Scene,
  entry: WindowDay,
  verdicts: readonly OracleVerdict[],
): Figures {
  const { window, sessions, intervals, seat, rules } = entry;
  const figures: Figures = {};
  for (const name of ['a', 'b', 'cover', 'uncovered', 'occupied', 'empty', 'unknown', 'extended']) figures[name] = 0;
  for (const name of ['bare', 'unverified', 'doubtful', 'openings', 'opened', 'openingsPending']) figures[name] = 0;
  for (const name of ['asked', 'filled', 'asksPending', 'waived']) figures[name] = 0;
  const said = verdicts.filter((verdict) => verdict.date === scene.day.date && verdict.window === window.id);
  const missing = said.filter(({ rule }) => rule === 'missing-cover');
  const unverified = said.filter(({ rule }) => rule === 'unverified-occupant');
  for (const interval of intervals) {
    const parts = momentsOf(scene)
      .filter((moment) => interval.from <= moment.from && moment.to <= interval.to)
      .map(({ from, to, holders }) => {
        const by = holderOf(scene, entry, holders.get(window.id), from);
        return { from, to, by, seen: seenAt(seat, from) };
      });
    for (const { from, to, by, seen } of parts) {
      add(figures, by, to - from);
      add(figures, seen, to - from);
    }
    for (const run of runsOf(parts, (x, y) => x.by === y.by && x.seen === y.seen)) {
      if (run.by === 'uncovered') add(figures, sortOf(config, scene, entry, run), run.to - run.from);
    }
    for (const run of runsOf(parts, (x, y) => (x.by === 'a') === (y.by === 'a'))) {
      if (run.by === 'a' || run.to - run.from < rules.coverGrace) continue;
      const touches = (verdict: OracleVerdict): boolean =>
        instantOf(verdict.from) < run.to && run.from < (verdict.to === null ? scene.now : instantOf(verdict.to));
      const left = missing.filter(touches);
      if (left.some(({ state }) => state !== 'pending')) add(figures, 'asked', 1);
      else if (left.length > 0 || unverified.some(touches)) add(figures, 'asksPending', 1);
      else for (const name of ['asked', 'filled']) add(figures, name, 1);
    }
    if (interval.from !== interval.session.from || scene.now < interval.from + rules.coverGrace) continue;
    const shut = missing.find(({ atOpening, from }) => atOpening === true && instantOf(from) === interval.from);
    add(figures, shut?.state === 'pending' ? 'openingsPending' : 'openings', 1);
    if (shut === undefined) add(figures, 'opened', 1);
  }
  const closedAt = Math.max(...sessions.map(({ to }) => to));
  for (const stretch of sessions.length === 0 ? [] : seat.stretches) {
    const length = stretch.to - Math.max(stretch.from, closedAt);
    if (stretch.state === 'occupied' && length > 0) add(figures, 'extended', length);
  }
  const certain = (...wanted: readonly string[]) =>
    said.filter(({ rule, state }) => wanted.includes(rule) && state !== 'pending');
  const [cover, post] = [certain('missing-cover'), certain('left-post', 'left-post-total')];
  const total = (found: readonly OracleVerdict[]): number => found.reduce((sum, { minutes }) => sum + minutes, 0);
  return {
    ...figures,
    ...{ missingCover: cover.length, missingCoverMinutes: total(cover) },
    ...{ leftPost: post.length, leftPostMinutes: total(post) },
  };
}

function holderOf(scene: Scene, { window }: WindowDay, holder: string | undefined, t: Ms): string {
  if (holder === undefined) return 'uncovered';
  if (presentAs(scene, window, t).includes(holder)) return 'a';
  const asked = scene.known.covers.some(
    (fact) => fact.window === window.id && fact.employee === holder && fact.from <= t && t < fact.to,
  );
  // With an A present who holds another window, only the list of B's is left.
  const hasA = holdersOfRole(scene.known, window, 'A', t).some((id) => scene.isPresent(id, t));
  return asked && !hasA ? 'cover' : 'b';
}

interface Part {
  readonly from: Ms;
  to: Ms;
  readonly by: string;
  readonly seen: string;
}

/** Neighbours that are alike, as one. */
function runsOf(parts: readonly Part[], alike: (x: Part, y: Part) => boolean): Part[] {
  const runs: Part[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last !== undefined && last.to === part.from && alike(last, part)) last.to = part.to;
    else runs.push({ ...part });
  }
  return runs;
}

function sortOf(config: OracleConfig, scene: Scene, { window, seat, rules }: WindowDay, run: Part): string {
  if (run.seen === 'occupied') return 'unverified';
  if (calendarOf(config, scene.known, scene.day.date).unconfirmed) return 'doubtful';
  if (run.seen === 'empty') return 'bare';
  if (seat.isWatched) return 'doubtful';
  const ids = couldHold(scene.known, window, scene.day);
  const people = config.employees.filter(({ id }) => ids.has(id));
  const upTo = { from: scene.day.from, to: run.to };
  return isBlindFor(config, scene.known, people, upTo, rules.settle, scene.now) ? 'doubtful' : 'bare';
}
