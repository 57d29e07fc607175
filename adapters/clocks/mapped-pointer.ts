/** JSON Pointers (RFC 6901) into what a device sent, and how far they lead where they lead nowhere. */
import { distance } from '../../config/suggest.ts';

/** A pointer that leads nowhere. */
export interface DeadEnd {
  /** The part of it that does lead somewhere. */
  readonly reached: string;
  /** What keys there are, those most like the missing one first; `[0]…` counts where it is a list. */
  readonly near: readonly string[];
}

const MOST_NEAR = 4;

/** The value at a pointer; undefined where there is none. Only what the message itself says is found. */
export function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const step of stepsOf(pointer)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    if (Array.isArray(found) && !/^(0|[1-9]\d*)$/.test(step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

/** Where a pointer that leads nowhere ends. */
export function deadEnd(value: unknown, pointer: string): DeadEnd {
  let reached = '';
  let found = value;
  for (const step of stepsOf(pointer)) {
    const next = valueAt(found, `/${escaped(step)}`);
    if (next === undefined) return { reached, near: nearest(step, found) };
    reached += `/${escaped(step)}`;
    found = next;
  }
  return { reached, near: [] };
}

const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** A key as a step of a pointer. */
export const escaped = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');

function nearest(step: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const wanted = step.toLowerCase();
  const keys = Object.keys(value).slice(0, 200);
  return keys
    .map((key) => ({ key: key.slice(0, 60), apart: apart(wanted, key.toLowerCase().slice(0, 60)) }))
    .sort((a, b) => a.apart - b.apart)
    .slice(0, MOST_NEAR)
    .map(({ key }) => key);
}

function apart(a: string, b: string): number {
  if (a.includes(b) || b.includes(a)) return 0;
  return distance(a, b);
}
