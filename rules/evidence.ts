/** What is known and what is blind: which stretches of a day a missing punch could hide in (rules.md section 4). */
import { type Book, DAEMON } from './book.ts';
import { firstEndingAfter, type Outage } from './device-log.ts';
import { overlaps, type Span } from './intervals.ts';
import type { Moment } from './moment.ts';
import type { Ms } from './time.ts';

const NO_OUTAGES: readonly Outage[] = [];
const NO_LOSSES: readonly Span[] = [];

/** When a device was offline, by what it reported up to now. */
export function outagesOf(device: string, book: Book, moment: Moment): readonly Outage[] {
  const log = book.deviceLog(device);
  if (log === null) return NO_OUTAGES;
  const next = log.nextAfter(moment.now);
  if (next !== null) moment.due(next);
  const outages = log.outagesBy(moment.now);
  const last = outages.at(-1);
  // What ends it has not been said yet.
  return last?.to != null && last.to > moment.now ? outages.with(-1, { from: last.from, to: null }) : outages;
}

/** The stretches, up to now, in which a device was offline and that touch a day; what it said before holds no longer in them. */
export function offlineSpans(device: string, day: Span, book: Book, moment: Moment): readonly Span[] {
  const outages = outagesOf(device, book, moment);
  const spans: Span[] = [];
  for (let i = firstEndingAfter(outages, day.from); i < outages.length; i++) {
    const { from, to } = outages[i] as Outage;
    if (from >= day.to) break;
    moment.passes(from);
    if (to !== null) moment.passes(to);
    if (from < (to ?? moment.now)) spans.push({ from, to: to ?? moment.now });
  }
  return spans;
}

/** Whether a clock kept recording while it was offline: a punch came out of it, or it said that everything is in. */
function proved(device: string, outage: Span, book: Book, moment: Moment): boolean {
  const isRecorded = !isLost(outage, book) && book.clockRecordedIn(device, outage, moment.now);
  return isRecorded || isAllIn(device, outage.to, book, moment);
}

/** Stretches of which what had been taken in was lost with the ledger that held it. */
function lossesOf(book: Book): readonly Span[] {
  return book.deviceLog(DAEMON)?.losses ?? NO_LOSSES;
}

function lossesIn(stretch: Span, book: Book): readonly Span[] {
  const losses = lossesOf(book);
  return losses.length === 0 ? losses : losses.filter((loss) => overlaps(stretch, loss));
}

/** What comes later out of a stretch proves nothing then: what came before was taken from the clock, or its broker, once. */
export function isLost(stretch: Span, book: Book): boolean {
  return lossesIn(stretch, book).length > 0;
}

/** Whether a device said, at an instant or later, that everything is in. */
function isAllIn(device: string, from: Ms, book: Book, { now }: Moment): boolean {
  return book.deviceFacts(device).some(({ state, at }) => state === 'complete' && at >= from && at <= now);
}

/** Whether what a device recorded in an outage that is over may yet come, or may never have been recorded. */
export function isUncovered(device: string, outage: Span, settle: Ms, book: Book, moment: Moment): boolean {
  if (!moment.due(outage.to + settle)) return true;
  return device !== DAEMON && !proved(device, outage, book, moment);
}

/** Answers whether a missing punch could hide in a stretch, for one set of clocks. */
export class Coverage {
  readonly #clocks: Iterable<string>;
  readonly #settle: Ms;
  readonly #book: Book;
  readonly #moment: Moment;

  constructor(clocks: Iterable<string>, settle: Ms, book: Book, moment: Moment) {
    this.#clocks = clocks;
    this.#settle = settle;
    this.#book = book;
    this.#moment = moment;
  }

  /** Whether an interval overlaps the stretch for which a device may yet deliver, or may never have recorded, a punch. */
  hides(stretch: Span): boolean {
    if (this.#hidesAt(DAEMON, stretch)) return true;
    for (const clock of this.#clocks) if (this.#hidesAt(clock, stretch)) return true;
    // A stretch that lasts may grow into what was lost.
    for (const { from } of lossesOf(this.#book)) this.#moment.due(Math.max(from, stretch.from) + 1);
    return lossesIn(stretch, this.#book).some((loss) => !this.#isBack(loss));
  }

  /** Whether every clock has said since that everything is in; where there is none, nobody can. */
  #isBack(loss: Span): boolean {
    const clocks = [...this.#clocks];
    return clocks.length > 0 && clocks.every((clock) => isAllIn(clock, loss.to, this.#book, this.#moment));
  }

  #hidesAt(device: string, stretch: Span): boolean {
    const moment = this.#moment;
    const outages = outagesOf(device, this.#book, moment);
    for (let i = firstEndingAfter(outages, stretch.from); i < outages.length; i++) {
      const { from, to } = outages[i] as Outage;
      if (to === null || from >= stretch.to) break;
      const outage = { from, to };
      if (overlaps(stretch, outage) && isUncovered(device, outage, this.#settle, this.#book, moment)) return true;
    }
    const last = outages.at(-1);
    if (last === undefined || last.to !== null) return false;
    // What begins now is still empty, and overlaps nothing until it has grown.
    moment.due(last.from + 1);
    moment.due(stretch.from + 1);
    return overlaps(stretch, { from: last.from, to: moment.now });
  }
}
