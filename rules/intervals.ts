import type { Ms } from './time.ts';

/** A half-open stretch of time, `from` inclusive, `to` exclusive. */
export interface Span {
  readonly from: Ms;
  readonly to: Ms;
}

/** Whether two half-open stretches share an instant; touching is not overlapping, and an empty one overlaps nothing. */
export function overlaps(a: Span, b: Span): boolean {
  return Math.max(a.from, b.from) < Math.min(a.to, b.to);
}

export function sameSpans(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every((span, i) => span.from === b[i]?.from && span.to === b[i]?.to);
}

/** The parts of `span` that none of `holes` covers, in order; empty parts are left out. */
export function subtract(span: Span, holes: readonly Span[]): Span[] {
  let parts: Span[] = span.from < span.to ? [span] : [];
  for (const hole of holes) {
    if (!overlaps(span, hole)) continue;
    parts = parts.flatMap((part) => {
      if (!overlaps(part, hole)) return [part];
      const left = { from: part.from, to: Math.min(part.to, hole.from) };
      const right = { from: Math.max(part.from, hole.to), to: part.to };
      return [left, right].filter((rest) => rest.from < rest.to);
    });
  }
  return parts;
}

/** Whether an instant lies in one of the stretches. */
export function within(spans: readonly Span[], at: Ms): boolean {
  for (const span of spans) if (span.from <= at && at < span.to) return true;
  return false;
}
