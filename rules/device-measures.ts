/** Figures of devices, defined once: when they reported, and whether what they missed was proved. */
import type { Book } from './book.ts';
import { isUncovered, outagesOf } from './evidence.ts';
import { overlaps } from './intervals.ts';
import { rateOf } from './measures.ts';
import type { Moment } from './moment.ts';
import type { HallDay } from './plan.ts';
import type { Ms } from './time.ts';

/** Lengths of time of days up to now, in milliseconds. */
export interface DeviceFigures {
  /** `online` + `offline` + `unheard`. */
  readonly elapsed: Ms;
  readonly online: Ms;
  readonly offline: Ms;
  /** Before the device ever said anything of itself: nobody knows. */
  readonly unheard: Ms;
  /** Offline, without proof that it kept recording, or within `settle` of its return. */
  readonly unproved: Ms;
  /** Outages that began. */
  readonly outages: number;
}

export const NO_DEVICE_FIGURES: DeviceFigures = {
  elapsed: 0,
  online: 0,
  offline: 0,
  unheard: 0,
  unproved: 0,
  outages: 0,
};

/** The figures of one device on one day. */
export function deviceFigures(device: string, today: HallDay, book: Book, moment: Moment): DeviceFigures {
  const to = Math.min(today.to, moment.now);
  if (to <= today.from) return NO_DEVICE_FIGURES;
  const elapsed = to - today.from;
  const firstSaid = book.deviceFacts(device)[0]?.at ?? Number.POSITIVE_INFINITY;
  const unheard = Math.min(elapsed, Math.max(0, firstSaid - today.from));
  let [offline, unproved, outages] = [0, 0, 0];
  for (const outage of outagesOf(device, book, moment)) {
    const span = { from: outage.from, to: outage.to ?? moment.now };
    if (today.from <= outage.from && outage.from < to) outages += 1;
    if (!overlaps(span, { from: today.from, to })) continue;
    const length = Math.min(span.to, to) - Math.max(span.from, today.from);
    offline += length;
    const isProved = outage.to !== null && !isUncovered(device, span, today.hall.thresholds.settle, book, moment);
    if (!isProved) unproved += length;
  }
  return { elapsed, online: elapsed - offline - unheard, offline, unheard, unproved, outages };
}

/** 设备在线率: of the time of which something is known. */
export function onlineRate({ online, offline }: DeviceFigures): number | null {
  return rateOf(online, online + offline);
}
