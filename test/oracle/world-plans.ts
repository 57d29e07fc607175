import { HOUR, hallDay, MINUTE, type Ms, type Span } from './time.ts';
import { plannedSpans, type Scribe } from './world-facts.ts';

type Line = Record<string, unknown>;

/** Part of a session, all of it, or more: what leaves, pauses and covers look like. */
export function cut(scribe: Scribe, whole: Span): Span {
  const { dice } = scribe;
  const length = whole.to - whole.from;
  const inside = whole.from + Math.floor((length * dice.between(1, 9)) / 10);
  const span = dice.pick([
    whole,
    { from: whole.from, to: inside },
    { from: whole.from - HOUR, to: inside },
    { from: inside, to: whole.to },
    { from: inside, to: whole.to + HOUR },
    { from: inside, to: Math.min(whole.to, inside + dice.pick([1, MINUTE, 20 * MINUTE])) },
    { from: whole.from - 30 * HOUR, to: whole.to },
  ]);
  return span.from < span.to ? span : whole;
}

export function spanLine(scribe: Scribe, fact: string, letter: string, span: Span, more: Line): Line {
  const { dice } = scribe;
  scribe.edges.push(span.from, span.to);
  const line: Line = { fact, id: scribe.id(letter), ...more, from: scribe.write(span.from), to: scribe.write(span.to) };
  if (dice.chance(0.25)) {
    const recordedAt = span.from + dice.pick([-5 * HOUR, -1, 0, 10 * MINUTE, 6 * HOUR, 30 * HOUR]);
    line['recordedAt'] = scribe.write(recordedAt);
    scribe.edges.push(recordedAt);
  }
  return line;
}

/** Pauses, covers, assignments and duties. */
export function addPlans(scribe: Scribe): void {
  const { dice, config, facts } = scribe;
  const sessions = plannedSpans(scribe);
  if (sessions.length === 0) return;
  const some = () => cut(scribe, dice.pick(sessions));
  const people = config.employees.map((employee) => employee.id);
  if (dice.chance(0.2)) facts.push(spanLine(scribe, 'pause', 'z', some(), { reason: '停电' }));
  for (const window of config.windows) {
    if (dice.chance(0.18)) facts.push(spanLine(scribe, 'pause', 'z', some(), { window: window.id }));
    if (dice.chance(0.3)) addCover(scribe, window.id, some());
    if (dice.chance(0.3)) addAssigns(scribe, window.id, some);
  }
  for (const employee of dice.some(people, 0.2)) {
    facts.push(spanLine(scribe, 'duty', 'y', dutySpan(scribe, dice.pick(sessions)), { employee }));
  }
}

/** Somebody is called in, sometimes with the duty fact that makes them present, sometimes two at once. */
function addCover(scribe: Scribe, window: string, span: Span): void {
  const { dice, config, facts } = scribe;
  for (const employee of dice.some(config.employees, 0.4)) {
    facts.push(spanLine(scribe, 'cover', 'c', span, { window, employee: employee.id }));
    if (dice.chance(employee.schedule === undefined ? 0.8 : 0.15)) {
      facts.push(spanLine(scribe, 'duty', 'y', span, { employee: employee.id }));
      const at = span.from - 5 * MINUTE;
      facts.push({ fact: 'punch', id: scribe.id('p'), at: scribe.write(at), employee: employee.id });
    }
  }
}

function addAssigns(scribe: Scribe, window: string, some: () => Span): void {
  const { dice, config, facts } = scribe;
  const people = config.employees.map((employee) => employee.id);
  const count = dice.between(1, 3);
  for (let index = 0; index < count; index += 1) {
    const employees = dice.shuffled(people).slice(0, dice.between(1, 2));
    const line = spanLine(scribe, 'assign', 'a', some(), { window, role: dice.pick(['A', 'A', 'B']), employees });
    facts.push(dice.chance(0.3) ? { ...line, to: null } : line);
  }
}

/** Near a session, at the limit from which sessions are joined, on its own, or across the end of the day. */
function dutySpan(scribe: Scribe, session: Span): Span {
  const { dice, stage } = scribe;
  const length = dice.pick([10 * MINUTE, HOUR, 3 * HOUR]);
  const startsAt = (from: Ms): Span => ({ from, to: from + length });
  const day = hallDay(stage.zone, stage.dayStart, dice.pick(stage.dates));
  const kind = dice.between(1, 10);
  if (kind <= 4) return startsAt(session.to + dice.pick([1, 10, 30, 60]) * MINUTE + dice.pick([-1, 0, 0, 1]));
  if (kind <= 6) return startsAt(session.from - length - dice.pick([0, 10, 30]) * MINUTE + dice.pick([-1, 0, 1]));
  if (kind === 7) return startsAt(day.to - 90 * MINUTE);
  return startsAt(day.from + dice.pick([0, 5, 8, 14]) * HOUR);
}

/** Some dates are declared days of work or rest, once or twice. */
export function addDayFacts(scribe: Scribe): void {
  const { dice, stage, facts } = scribe;
  for (const date of dice.some(stage.dates, 0.12)) {
    const count = dice.between(1, 2);
    for (let index = 0; index < count; index += 1) {
      const line: Line = { fact: 'day', id: scribe.id('d'), date, kind: dice.pick(['work', 'work', 'rest']) };
      if (dice.chance(0.4)) {
        const day = hallDay(stage.zone, stage.dayStart, date);
        line['recordedAt'] = scribe.write(day.from + dice.pick([-20, 3, 8, 30]) * HOUR);
      }
      facts.push(line);
    }
  }
}

/** A few facts are taken back; a cancel is never itself cancelled, nothing twice. */
export function addCancels(scribe: Scribe): void {
  const { dice, facts } = scribe;
  if (scribe.edges.length === 0) return;
  const isPlan = (line: Line) => line['fact'] !== 'punch' && line['fact'] !== 'presence';
  const isLeave = (line: Line) => line['fact'] === 'leave' || line['fact'] === 'slip';
  const targets = [
    ...dice.some(facts.filter(isPlan), 0.06),
    ...dice.some(facts.filter(isLeave), 0.08),
    ...dice.some(facts, 0.01),
  ];
  for (const id of new Set(targets.map((line) => line['id']))) {
    const at = dice.pick(scribe.edges) + dice.pick([0, 2 * HOUR]);
    const line: Line = { fact: 'cancel', id: scribe.id('q'), at: scribe.write(at), target: id };
    if (dice.chance(0.2)) line['recordedAt'] = scribe.write(at + 5 * HOUR);
    scribe.edges.push(at);
    facts.push(line);
  }
}
