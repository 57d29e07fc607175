/** Drawing seats on a camera's picture, by pointer, by keyboard, or with numbers. */
import { element } from '../element.ts';
import { button, field, textInput } from '../form-parts.ts';
import type { Roi } from './camera-data.ts';
import type { CameraWords } from './camera-strings.ts';
import {
  areaOf,
  asPolygon,
  boundsOf,
  boxBetween,
  cornersOf,
  isBox,
  moved,
  overlapOf,
  type Point,
  percent,
  pointsOf,
  pointsText,
  withCorner,
  withoutPoint,
  withPoint,
} from './seat-shapes.ts';

/** A seat that is being drawn; it has no region yet where that is null. */
export interface Draft {
  readonly window: string;
  readonly roi: Roi | null;
}

export interface Drawing {
  readonly root: HTMLElement;
  picture(url: string): void;
  /** Puts these in the place of what is drawn; a window each, as far as there are. */
  offer(regions: readonly Roi[]): void;
  readonly seats: readonly Draft[];
}

export interface DrawingOptions {
  readonly words: CameraWords;
  readonly windows: readonly { readonly id: string; readonly name: string }[];
  readonly seats: readonly Draft[];
  readonly changed: () => void;
}

const SVG = 'http://www.w3.org/2000/svg';
const SIZE = { width: 640, height: 360 } as const;
/** What moves by a key, as a share of the picture. */
const STEP = 0.01;
const LEAST_AREA = 0.02;
/** How far a hand goes, as a share of the picture, that draws a seat anew rather than slipping beside the one there is. */
const LEAST_DRAG = 0.02;
const KEYS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

export function seatDrawing({ words, windows, seats: given, changed }: DrawingOptions): Drawing {
  let seats: readonly Draft[] = given.length > 0 ? given : [{ window: windows[0]?.id ?? '', roi: null }];
  let chosen = 0;
  const img = element('img', '');
  img.alt = '';
  img.draggable = false;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${SIZE.width} ${SIZE.height}`);
  svg.setAttribute('role', 'group');
  svg.setAttribute('aria-label', words.draw);
  const stage = element('div', 'stage', img, svg);
  const fields = element('div', 'seat-fields');
  const nameOf = (window: string): string => windows.find(({ id }) => id === window)?.name ?? window;

  /** `keep`: the fields are being written in, and stay as they are. */
  const change = (seat: number, next: Draft, keep = false): void => {
    seats = seats.with(seat, next);
    paint();
    if (!keep) fill();
    else notes();
    changed();
  };
  const shape = (seat: number, roi: Roi, keep = false): void => {
    const was = seats[seat];
    if (was !== undefined) change(seat, { ...was, roi }, keep);
  };
  const choose = (seat: number): void => {
    if (seat === chosen) return;
    chosen = seat;
    paint();
  };

  function paint(): void {
    const focused = document.activeElement?.getAttribute('data-handle') ?? null;
    svg.replaceChildren(...seats.flatMap(({ roi }, seat) => (roi === null ? [] : [outline(seat, roi)])));
    // Whoever moves a corner by keys goes on moving it.
    if (focused !== null) svg.querySelector<SVGElement>(`[data-handle="${focused}"]`)?.focus();
  }

  function outline(seat: number, roi: Roi): SVGElement {
    const group = document.createElementNS(SVG, 'g');
    group.setAttribute('class', seat === chosen ? 'seat seat-chosen' : 'seat');
    const corners = cornersOf(roi).map(([x, y]): Point => [x * SIZE.width, y * SIZE.height]);
    const area = made('polygon', { points: corners.map((point) => point.join(',')).join(' '), 'data-seat': `${seat}` });
    const { left, top } = boundsOf(roi);
    const label = made('text', { x: `${left * SIZE.width + 6}`, y: `${top * SIZE.height + 18}` });
    const name = nameOf(seats[seat]?.window ?? '');
    label.textContent = name;
    const handles = corners.map(([x, y], corner) => {
      const handle = made('circle', { cx: `${x}`, cy: `${y}`, r: '7', tabindex: '0', role: 'button' });
      handle.setAttribute('data-handle', `${seat}-${corner}`);
      handle.setAttribute('aria-label', words.corner(name, corner + 1));
      handle.addEventListener('keydown', (event) => key(event, seat, corner));
      handle.addEventListener('focus', () => choose(seat));
      return handle;
    });
    group.append(area, label, ...handles);
    return group;
  }

  function key(event: KeyboardEvent, seat: number, corner: number): void {
    const roi = seats[seat]?.roi;
    const step = KEYS[event.key];
    if (roi == null) return;
    if (step !== undefined) {
      const [x, y] = cornersOf(roi)[corner] as Point;
      const times = event.shiftKey ? 5 : 1;
      event.preventDefault();
      shape(seat, withCorner(roi, corner, [x + times * step[0], y + times * step[1]]));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      shape(seat, withoutPoint(roi, corner));
    }
  }

  const at = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top, width, height } = svg.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  };
  svg.addEventListener('pointerdown', (event) => {
    if (!(event.target instanceof SVGElement) || event.button !== 0) return;
    const [seat, corner] = (event.target.dataset['handle'] ?? '').split('-').map(Number);
    const inside = event.target.dataset['seat'];
    const from = at(event);
    if (corner !== undefined && seat !== undefined)
      drag(event, (to) => withCorner(seats[seat]?.roi as Roi, corner, to), seat);
    else if (inside !== undefined) {
      const was = seats[Number(inside)]?.roi as Roi;
      drag(event, ([x, y]) => moved(was, [x - from[0], y - from[1]]), Number(inside));
    } else {
      const least = seats[chosen]?.roi == null ? 0 : LEAST_DRAG;
      const isSlip = ([x, y]: Point): boolean => Math.hypot(x - from[0], y - from[1]) < least;
      drag(event, (to) => (isSlip(to) ? null : boxBetween(from, to)), chosen);
    }
  });
  svg.addEventListener('dblclick', (event) => {
    const seat = event.target instanceof SVGElement ? event.target.dataset['seat'] : undefined;
    const roi = seat === undefined ? null : seats[Number(seat)]?.roi;
    if (roi != null && !isBox(roi)) shape(Number(seat), withPoint(roi, at(event)));
  });

  function drag(event: PointerEvent, shaped: (to: Point) => Roi | null, seat: number): void {
    chosen = seat;
    svg.setPointerCapture(event.pointerId);
    const move = (next: PointerEvent): void => {
      const roi = shaped(at(next));
      if (roi !== null) shape(seat, roi);
    };
    const end = (): void => {
      svg.removeEventListener('pointermove', move);
      svg.removeEventListener('pointerup', end);
      svg.removeEventListener('pointercancel', end);
    };
    svg.addEventListener('pointermove', move);
    svg.addEventListener('pointerup', end);
    svg.addEventListener('pointercancel', end);
    paint();
  }

  let notes = (): void => {};

  function fill(): void {
    const sets = seats.map((draft, seat) => seatFields(draft, seat));
    notes = () => {
      for (const [seat, { note }] of sets.entries()) note.replaceChildren(...warnings(seat));
    };
    notes();
    // The keys go on in the same seat.
    const held = [...fields.children].findIndex((set) => set.contains(document.activeElement));
    const control = document.activeElement instanceof HTMLSelectElement ? 'select' : 'input';
    fields.replaceChildren(...sets.map(({ root }) => root));
    if (held >= 0) sets[Math.min(held, sets.length - 1)]?.root.querySelector<HTMLElement>(control)?.focus();
  }

  function seatFields({ window, roi }: Draft, seat: number) {
    const select = element(
      'select',
      '',
      ...windows.map(({ id, name }) => option(id, name === id ? id : `${id} ${name}`)),
    );
    select.value = window;
    select.addEventListener('change', () => change(seat, { ...(seats[seat] as Draft), window: select.value }));
    const note = element('div', 'seat-notes');
    note.setAttribute('role', 'status');
    const root = element(
      'fieldset',
      'seat-set',
      element('legend', '', words.seatOf(nameOf(window))),
      field(words.window, select),
      ...(roi === null || isBox(roi) ? boxFields(roi, seat) : [cornerField(roi, seat)]),
      element('div', 'seat-tools', ...tools(roi, seat)),
      note,
    );
    root.addEventListener('focusin', () => choose(seat));
    return { root, note };
  }

  function boxFields(roi: readonly number[] | null, seat: number): HTMLElement[] {
    const inputs = [words.left, words.top, words.width, words.height].map((label, i) => {
      const input = textInput(roi === null ? '' : percent(roi[i] ?? 0), 'number');
      [input.min, input.max, input.step] = ['0', '100', '0.1'];
      return { label, input };
    });
    const read = (): void => {
      const values = inputs.map(({ input }) => (input.value === '' ? Number.NaN : Number(input.value) / 100));
      const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = values;
      if (values.some(Number.isNaN) || width <= 0 || height <= 0) return;
      shape(seat, boxBetween([x, y], [x + width, y + height]), true);
    };
    for (const { input } of inputs) input.addEventListener('input', read);
    return [element('div', 'numbers', ...inputs.map(({ label, input }) => field(label, input)))];
  }

  function cornerField(roi: Roi, seat: number): HTMLElement {
    const input = textInput(pointsText(roi));
    input.addEventListener('input', () => {
      const read = pointsOf(input.value);
      input.setAttribute('aria-invalid', String(read === null));
      if (read !== null) shape(seat, read, true);
    });
    return field(words.points, input, words.pointsHint);
  }

  function tools(roi: Roi | null, seat: number): HTMLElement[] {
    const polygon =
      roi !== null && isBox(roi) ? [button(words.polygon, 'quiet', () => shape(seat, asPolygon(roi)))] : [];
    const remove = button(words.removeSeat, 'quiet', () => {
      seats = seats.filter((_, i) => i !== seat);
      chosen = 0;
      paint();
      fill();
      changed();
    });
    return [...polygon, ...(seats.length > 1 ? [remove] : [])];
  }

  function warnings(seat: number): HTMLElement[] {
    const { roi = null, window = '' } = seats[seat] ?? {};
    const isTwice = seats.some((other, i) => i !== seat && other.window === window);
    const twice = isTwice ? [element('p', 'trouble', words.sameWindow(nameOf(window)))] : [];
    if (roi === null) return twice;
    const over = seats.filter((other, i) => i !== seat && other.roi !== null && overlapOf(roi, other.roi) > 0.5);
    return [
      ...twice,
      element('p', 'hint', words.share(percent(areaOf(roi)))),
      ...(areaOf(roi) < LEAST_AREA ? [element('p', 'trouble', words.small)] : []),
      ...over.map((other) => element('p', 'trouble', words.overlaps(nameOf(other.window)))),
    ];
  }

  const add = button(words.addSeat, 'quiet', () => {
    const taken = new Set(seats.map(({ window }) => window));
    seats = [...seats, { window: windows.find(({ id }) => !taken.has(id))?.id ?? windows[0]?.id ?? '', roi: null }];
    chosen = seats.length - 1;
    paint();
    fill();
    changed();
  });
  paint();
  fill();
  return {
    root: element('div', 'drawing', stage, element('p', 'hint', words.drawHint), fields, add),
    picture(url) {
      img.src = url;
    },
    offer(regions) {
      // The windows that were named already come first.
      const named = seats.map(({ window }) => window);
      const rest = windows.map(({ id }) => id).filter((id) => !named.includes(id));
      const order = [...named, ...rest];
      seats = regions.map((roi, i) => ({ window: order[i] ?? order[0] ?? '', roi }));
      chosen = 0;
      paint();
      fill();
      changed();
    },
    get seats() {
      return seats;
    },
  };
}

function made(tag: 'polygon' | 'circle' | 'text', attributes: Readonly<Record<string, string>>): SVGElement {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function option(value: string, label: string): HTMLOptionElement {
  const one = element('option', '', label);
  one.value = value;
  return one;
}
