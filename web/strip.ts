/** A window's day as one line: stretches of one state each, between opening and closing. */
import { element } from './element.ts';
import {
  instant,
  knownState,
  type Snapshot,
  STATES,
  type Stretch,
  type WindowNow,
  type WindowState,
} from './snapshot.ts';
import type { Strings } from './strings.ts';

export interface Strip {
  readonly root: HTMLElement;
  draw(window: WindowNow, service: Snapshot['service']): void;
  /** Lets the stretch that is still going on, and the mark of now, follow the clock. */
  follow(now: number): void;
}

interface Axis {
  readonly from: number;
  readonly to: number;
}

export function strip(strings: Strings): Strip {
  const line = element('div', 'strip-line');
  const mark = element('i', 'strip-now');
  const root = element('div', 'strip', line, mark);
  root.setAttribute('role', 'img');
  let axis: Axis | null = null;
  let last: { readonly node: HTMLElement; readonly from: number; readonly to: number } | null = null;
  return {
    root,
    draw(window, service) {
      axis = axisOf(window.strip, service);
      last = null;
      const pieces: HTMLElement[] = [];
      for (const stretch of axis === null ? [] : window.strip) {
        const node = element('i', 'stretch');
        node.dataset['state'] = knownState(stretch.state);
        const [from, to] = [instant(stretch.from), instant(stretch.to)];
        place(node, axis as Axis, from, to);
        pieces.push(node);
        last = { node, from, to };
      }
      line.replaceChildren(...pieces);
      root.setAttribute('aria-label', spoken(window.strip, strings));
    },
    follow(now) {
      mark.hidden = axis === null || now < axis.from || now > axis.to;
      if (axis === null) return;
      mark.style.left = share(axis, now);
      if (last !== null && now > last.to) place(last.node, axis, last.from, now);
    },
  };
}

/** Service hours; on a day without any, or where work went on outside them, what was recorded. */
function axisOf(stretches: readonly Stretch[], service: Snapshot['service']): Axis | null {
  const froms = stretches.filter((stretch) => stretch.state !== 'closed').map((stretch) => instant(stretch.from));
  const tos = stretches.filter((stretch) => stretch.state !== 'closed').map((stretch) => instant(stretch.to));
  if (service !== null) {
    froms.push(instant(service.from));
    tos.push(instant(service.to));
  }
  const [from, to] = [Math.min(...froms), Math.max(...tos)];
  return from < to && Number.isFinite(to - from) ? { from, to } : null;
}

function share(axis: Axis, at: number): string {
  const clamped = Math.min(Math.max(at, axis.from), axis.to);
  return `${(((clamped - axis.from) / (axis.to - axis.from)) * 100).toFixed(3)}%`;
}

function place(node: HTMLElement, axis: Axis, from: number, to: number): void {
  node.style.left = share(axis, from);
  node.style.right = `calc(100% - ${share(axis, to)})`;
}

/** `今日：在岗 1 小时 30 分，无人 16 分` */
function spoken(stretches: readonly Stretch[], strings: Strings): string {
  const seconds = new Map<WindowState, number>();
  for (const { state, from, to } of stretches) {
    const known = knownState(state);
    seconds.set(known, (seconds.get(known) ?? 0) + Math.round((instant(to) - instant(from)) / 1000));
  }
  const parts = STATES.filter((state) => state !== 'closed' && (seconds.get(state) ?? 0) > 0).map(
    (state) => `${strings.states[state]} ${strings.length(seconds.get(state) ?? 0)}`,
  );
  return parts.length === 0 ? strings.stripNothing : strings.strip(parts.join(strings.listComma));
}
