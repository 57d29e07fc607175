/** What is known and what is blind: which stretches of a day a missing punch could hide in (rules.md section 4). */
import { type Book, DAEMON } from './book.ts';
import { overlaps, type Span } from './intervals.ts';
import type { Moment } from './moment.ts';
import type { Ms } from './time.ts';

/** A stretch in which a device was offline; `to` null = it still is. */
interface Outage {
  readonly from: Ms;
  readonly to: Ms | null;
}

/** When a device was offline, by what it reported up to now. */
function outagesOf(device: string, book: Book, moment: Moment): Outage[] {
  const outages: { from: Ms; to: Ms | null }[] = [];
  for (const fact of book.deviceFacts(device)) {
    if (!moment.due(fact.at)) break;
    const last = outages.at(-1);
    const down = last !== undefined && last.to === null;
    if (fact.state === 'offline' && !down) outages.push({ from: fact.at, to: null });
    if (fact.state === 'online' && down) last.to = fact.at;
  }
  return outages;
}

/** The stretches, up to now, in which a device was offline; what it said before holds no longer in them. */
export function offlineSpans(device: string, book: Book, moment: Moment): Span[] {
  if (book.deviceFacts(device).length === 0) return [];
  return outagesOf(device, book, moment).flatMap(({ from, to }) => {
    moment.passes(from);
    if (to !== null) moment.passes(to);
    return from < (to ?? moment.now) ? [{ from, to: to ?? moment.now }] : [];
  });
}

/** The stretches for which a device may yet deliver, or may never have recorded, a punch. */
function uncoveredSpans(device: string, settle: Ms, book: Book, moment: Moment): Span[] {
  if (book.deviceFacts(device).length === 0) return [];
  return outagesOf(device, book, moment).flatMap((outage) => {
    if (outage.to === null) {
      moment.due(outage.from + 1);
      return [{ from: outage.from, to: moment.now }];
    }
    const span = { from: outage.from, to: outage.to };
    if (!moment.due(outage.to + settle)) return [span];
    return device === DAEMON || proved(device, span, book, moment) ? [] : [span];
  });
}

/** Whether a clock kept recording while it was offline: a punch came out of it, or it said that everything is in. */
function proved(device: string, outage: Span, book: Book, moment: Moment): boolean {
  if (book.clockRecordedIn(device, outage, moment.now)) return true;
  return book
    .deviceFacts(device)
    .some((fact) => fact.state === 'complete' && fact.at >= outage.to && fact.at <= moment.now);
}

/** Answers whether a missing punch could hide in a stretch, for one set of clocks. */
export class Coverage {
  readonly #uncovered: readonly Span[];
  readonly #moment: Moment;

  constructor(clocks: Iterable<string>, settle: Ms, book: Book, moment: Moment) {
    this.#moment = moment;
    const uncovered: Span[] = [];
    for (const device of new Set(clocks).add(DAEMON)) {
      for (const span of uncoveredSpans(device, settle, book, moment)) uncovered.push(span);
    }
    this.#uncovered = uncovered;
  }

  /** Whether an uncovered interval overlaps the stretch. */
  hides(stretch: Span): boolean {
    if (this.#uncovered.length === 0) return false;
    // One that begins now is still empty, and does not overlap an outage that lasts until it has grown.
    this.#moment.due(stretch.from + 1);
    return this.#uncovered.some((span) => overlaps(span, stretch));
  }
}
