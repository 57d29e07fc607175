/** What a period adds up to, part by part: of a year its months, of everything else its days. */
import type { Day } from '../../rules/time.ts';
import { type DayResult, dayResults } from './day-results.ts';
import { type HallOfDay, Keeping } from './keeping.ts';
import type { KeptDays } from './kept-days.ts';
import type { Known } from './known.ts';
import { type Period, periodOf } from './period.ts';
import { type Figures, Sums } from './sums.ts';

export interface Part extends Figures {
  /** Its days, in order, those of them that any configuration is known for. */
  readonly days: readonly HallOfDay[];
  /** Of a part that is a day. */
  readonly day: DayResult | null;
}

export interface PartOptions {
  /** Figures that need not be counted again; null = none. */
  readonly kept: KeptDays | null;
  /** More than the figures of days is wanted. */
  readonly asLooked: boolean;
  /** Told of each day that has been looked at, or need not be. */
  readonly onDay: (day: Day) => void;
}

/** The parts of a period between two days of it. */
export function* partsOf(
  known: Known,
  { kind, from, to }: Pick<Period, 'kind' | 'from' | 'to'>,
  { kept, asLooked, onDay }: PartOptions,
): Iterable<Part> {
  // As it was known then, nothing is kept.
  const keeping = kept === null || known.now < known.latest ? null : new Keeping(known, kept, from, to);
  if (kind !== 'year' || asLooked) {
    for (const result of dayResults(known, from, to, { keeping, asLooked })) {
      onDay(result.day);
      yield { ...result, days: [result], day: result };
    }
    return;
  }
  for (let first = from; first <= to; ) {
    const month = periodOf('month', first);
    const last = Math.min(month.to, to);
    const days = daysOf(known, first, last);
    const isWhole = first === month.from && last === month.to && days.length === last - first + 1;
    const found = isWhole ? (keeping?.month(days) ?? null) : null;
    if (found === null) {
      const sums = new Sums();
      for (const result of dayResults(known, first, last, { keeping, asLooked })) {
        onDay(result.day);
        sums.add(onlyCounted(result));
      }
      if (isWhole) keeping?.keepMonth(days, sums.figures);
      yield { ...sums.figures, days, day: null };
    } else {
      onDay(last);
      yield { ...found, days, day: null };
    }
    first = last + 1;
  }
}

/** What windows and devices did before anything was judged is not counted. */
function onlyCounted(result: DayResult): Figures {
  const { day, hall, people } = result;
  return day < hall.judgeFrom ? { people, windows: [], devices: [] } : result;
}

function daysOf({ configs }: Known, from: Day, to: Day): HallOfDay[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((day) => {
    const hall = configs.on(day);
    return hall === null ? [] : [{ day, hall }];
  });
}
