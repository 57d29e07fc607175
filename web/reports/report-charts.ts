/** Charts of our own few lines, drawn as wide as they are shown: bars in patterns, so that none is told apart by colour alone. */
import { element } from '../element.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** A row or column of a chart; null = there is no figure. */
export interface Bar {
  readonly label: string;
  /** By series, in their order. */
  readonly values: readonly (number | null)[];
}

export interface Series {
  /** How it looks: a class of the style sheet, and a pattern. */
  readonly look: string;
  readonly name: string;
}

export interface ChartData {
  readonly series: readonly Series[];
  readonly bars: readonly Bar[];
  /** What a value is written as. */
  readonly say: (value: number) => string;
}

type Attributes = Readonly<Record<string, string | number>>;

function drawn(tag: string, attributes: Attributes, ...children: readonly (Node | string)[]): SVGElement {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** Strokes over the colour of a look; a look without any is plain. */
const STROKES: Readonly<Record<string, string>> = {
  b: 'M-2 2l4-4M0 8l8-8M6 10l4-4',
  cover: 'M2 2h1.500v1.500h-1.500zM6 6h1.500v1.500h-1.500z',
  unverified: 'M0 4h8',
  doubtful: 'M4 0v8',
  bare: 'M0 0l8 8M8 0l-8 8',
  early: 'M-2 2l4-4M0 8l8-8M6 10l4-4',
  absent: 'M0 0l8 8M8 0l-8 8',
};

let charts = 0;

/** Fills of the series of one drawing. */
function patterns(series: readonly Series[]): {
  readonly defs: SVGElement;
  readonly fill: (look: string) => Attributes;
} {
  const id = `chart-${++charts}`;
  const made = series.map(({ look }) =>
    drawn(
      'pattern',
      { id: `${id}-${look}`, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
      drawn('rect', { width: 8, height: 8, class: `ground look-${look}` }),
      ...(STROKES[look] === undefined ? [] : [drawn('path', { d: STROKES[look], class: 'strokes' })]),
    ),
  );
  return { defs: drawn('defs', {}, ...made), fill: (look) => ({ fill: `url(#${id}-${look})` }) };
}

const ROW = 24;
const LETTER = 13;

/** The width of a text in the chart's letters, by and large: Chinese characters are as wide as high. */
function widthOf(text: string): number {
  return [...text].reduce(
    (sum, char) => sum + (char > '\u2e7f' ? LETTER : LETTER * (/[A-ZmwMW]/.test(char) ? 0.8 : 0.6)),
    0,
  );
}

function cut(text: string, room: number): string {
  let cutText = text;
  while (widthOf(cutText) > room && cutText.length > 1)
    cutText = `${[...cutText.replace(/…$/, '')].slice(0, -1).join('')}…`;
  return cutText;
}

function figureText(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', look = ''): SVGElement {
  return drawn('text', { x, y, 'text-anchor': anchor, class: look }, text);
}

const sumOf = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** Lying bars, a row each, with what they add up to at their end. */
export function lyingBars({ series, bars, say }: ChartData, width: number, title: string): SVGElement {
  const most = Math.max(1, ...bars.map(({ values }) => sumOf(values)));
  const room = Math.min(width * 0.34, Math.max(...bars.map(({ label }) => widthOf(label))) + 8);
  const end = Math.max(...bars.map(({ values }) => widthOf(say(sumOf(values))))) + 8;
  const scale = Math.max(1, width - room - end) / most;
  const { defs, fill } = patterns(series);
  const rows = bars.flatMap(({ label, values }, i) => {
    const y = i * ROW;
    let x = room;
    const parts = values.flatMap((value, k) => {
      if (value === null || value <= 0) return [];
      const [from, length] = [x, value * scale];
      x += length;
      const { look = '', name = '' } = series[k] ?? {};
      const hint = drawn('title', {}, `${label} · ${name} ${say(value)}`);
      return [drawn('rect', { x: from, y: y + 4, width: length, height: ROW - 8, ...fill(look) }, hint)];
    });
    return [
      figureText(room - 6, y + 17, cut(label, room - 8), 'end'),
      ...parts,
      figureText(x + 5, y + 17, say(sumOf(values)), 'start', 'faint'),
    ];
  });
  return svg(width, bars.length * ROW, title, defs, ...rows);
}

const HEIGHT = 190;
const FOOT = 22;
const HEAD = 18;

/** Standing bars in the course of time. */
export function standingBars({ series, bars, say }: ChartData, width: number, title: string): SVGElement {
  const most = Math.max(1, ...bars.map(({ values }) => sumOf(values)));
  const { left, step, at } = across(bars.length, width, [say(most)]);
  const up = (value: number): number => HEIGHT - FOOT - ((HEIGHT - FOOT - HEAD) * value) / most;
  const { defs, fill } = patterns(series);
  const columns = bars.flatMap(({ label, values }, i) => {
    let below = 0;
    return values.flatMap((value, k) => {
      if (value === null || value <= 0) return [];
      const [y, height] = [up(below + value), up(below) - up(below + value)];
      below += value;
      const { look = '', name = '' } = series[k] ?? {};
      const hint = drawn('title', {}, `${label} · ${name} ${say(value)}`);
      return [drawn('rect', { x: at(i) - step * 0.38, y, width: step * 0.76, height, ...fill(look) }, hint)];
    });
  });
  return svg(
    width,
    HEIGHT,
    title,
    defs,
    ...scaleLines([0, most], up, say, left, width),
    ...columns,
    ...feet(bars, at, step),
  );
}

/** A line in the course of time; where there is no figure it is broken. */
export function line({ bars, say }: ChartData, width: number, title: string): SVGElement {
  const values = bars.map((bar) => bar.values[0] ?? null);
  const there = values.filter((value) => value !== null);
  const least = Math.min(0.9, Math.floor(10 * Math.min(1, ...there)) / 10);
  const { left, step, at } = across(bars.length, width, [say(least), say(1)]);
  const up = (value: number): number => HEIGHT - FOOT - ((HEIGHT - FOOT - HEAD) * (value - least)) / (1 - least);
  let isBroken = true;
  const path = values
    .map((value, i) => {
      if (value === null) {
        isBroken = true;
        return '';
      }
      const move = isBroken ? 'M' : 'L';
      isBroken = false;
      return `${move}${at(i).toFixed(1)} ${up(value).toFixed(1)}`;
    })
    .join('');
  const dots = bars.flatMap(({ label }, i) => {
    const value = values[i] ?? null;
    const hint = drawn('title', {}, `${label} · ${value === null ? '' : say(value)}`);
    return value === null ? [] : [drawn('circle', { cx: at(i), cy: up(value), r: 3, class: 'dot' }, hint)];
  });
  const scale = scaleLines([least, (1 + least) / 2, 1], up, say, left, width);
  return svg(
    width,
    HEIGHT,
    title,
    ...scale,
    drawn('path', { d: path, class: 'line' }),
    ...dots,
    ...feet(bars, at, step),
  );
}

interface Across {
  readonly left: number;
  readonly step: number;
  /** The middle of a column. */
  readonly at: (column: number) => number;
}

function across(columns: number, width: number, scale: readonly string[]): Across {
  const left = Math.max(...scale.map(widthOf)) + 8;
  const step = (width - left) / Math.max(1, columns);
  return { left, step, at: (column) => left + step * (column + 0.5) };
}

function scaleLines(
  values: readonly number[],
  up: (value: number) => number,
  say: (value: number) => string,
  left: number,
  width: number,
): SVGElement[] {
  return values.flatMap((value) => [
    drawn('line', { x1: left, x2: width, y1: up(value), y2: up(value), class: 'scale' }),
    figureText(left - 6, up(value) + 4, say(value), 'end', 'faint'),
  ]);
}

/** As many labels as there is room for. */
function feet(bars: readonly Bar[], at: (column: number) => number, step: number): SVGElement[] {
  const widest = Math.max(...bars.map(({ label }) => widthOf(label))) + 8;
  const every = Math.max(1, Math.ceil(widest / step));
  return bars.flatMap(({ label }, i) =>
    i % every === 0 ? [figureText(at(i), HEIGHT - 5, label, 'middle', 'faint')] : [],
  );
}

function svg(width: number, height: number, title: string, ...children: readonly Node[]): SVGElement {
  return drawn(
    'svg',
    { class: 'chart', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    ...children,
  );
}

/** What each pattern stands for. */
export function legendOf(series: readonly Series[]): HTMLElement {
  return element(
    'ul',
    'legend',
    ...series.map((one) => {
      const { defs, fill } = patterns([one]);
      const swatch = drawn(
        'svg',
        { width: 16, height: 12, 'aria-hidden': 'true' },
        defs,
        drawn('rect', { width: 16, height: 12, ...fill(one.look) }),
      );
      return element('li', '', swatch, one.name);
    }),
  );
}
