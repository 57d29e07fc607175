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

/** A stretch as it is drawn. Where it begins and ends is kept as text: asking the page for it takes longer than most changes. */
interface Piece {
  readonly node: HTMLElement;
  state: WindowState | null;
  left: string;
  right: string;
}

export function strip(strings: Strings): Strip {
  const line = element('div', 'strip-line');
  const mark = element('i', 'strip-now');
  const root = element('div', 'strip', line, mark);
  root.setAttribute('role', 'img');
  let axis: Axis | null = null;
  const pieces: Piece[] = [];
  let last: { readonly piece: Piece; readonly from: number; readonly to: number } | null = null;
  return {
    root,
    draw(window, service) {
      axis = axisOf(window.strip, service);
      last = null;
      const stretches = axis === null ? [] : window.strip;
      for (const { node } of pieces.splice(stretches.length)) node.remove();
      for (const [i, stretch] of stretches.entries()) {
        const piece = pieces[i] ?? newPiece(line);
        pieces[i] = piece;
        paint(piece, knownState(stretch.state));
        const [from, to] = [instant(stretch.from), instant(stretch.to)];
        place(piece, axis as Axis, from, to);
        last = { piece, from, to };
      }
      root.setAttribute('aria-label', spoken(window.strip, strings));
    },
    follow(now) {
      mark.hidden = axis === null || now < axis.from || now > axis.to;
      if (axis === null) return;
      mark.style.left = share(axis, now);
      if (last !== null && now > last.to) place(last.piece, axis, last.from, now);
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

function newPiece(line: HTMLElement): Piece {
  const node = element('i', 'stretch');
  line.append(node);
  return { node, state: null, left: '', right: '' };
}

function paint(piece: Piece, state: WindowState): void {
  if (piece.state === state) return;
  piece.state = state;
  piece.node.dataset['state'] = state;
}

function place(piece: Piece, axis: Axis, from: number, to: number): void {
  const [left, right] = [share(axis, from), `calc(100% - ${share(axis, to)})`];
  if (piece.left !== left) piece.node.style.left = left;
  if (piece.right !== right) piece.node.style.right = right;
  [piece.left, piece.right] = [left, right];
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
