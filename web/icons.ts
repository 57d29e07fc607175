/** One drawing for each state, so that none is told by colour alone. On a grid of 16 by 16. */
import type { WindowState } from './snapshot.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** `fill` paths are filled, `line` paths stroked; round ends. */
export interface Drawing {
  readonly fill?: string;
  readonly line?: string;
}

const DRAWINGS: Readonly<Record<WindowState, Drawing>> = {
  'held-a': {
    fill: 'M8 1.600a3.200 3.200 0 1 1 0 6.400a3.200 3.200 0 1 1 0-6.400zM2 14.600c0-3.300 2.500-5.200 6-5.200s6 1.900 6 5.200z',
  },
  'held-b': { line: 'M2.500 5.200h10.500M10 2.200l3 3-3 3M13.500 10.800h-10.500M6 7.800l-3 3 3 3' },
  'held-cover': {
    fill: 'M6 2a2.900 2.900 0 1 1 0 5.800a2.900 2.900 0 1 1 0-5.800zM.6 14.400c0-3.100 2.200-4.900 5.400-4.900s5.400 1.800 5.400 4.900z',
    line: 'M13 3.500v5M10.500 6h5',
  },
  counting: { line: 'M8 3.400a5.500 5.500 0 1 1 0 11a5.500 5.500 0 1 1 0-11zM8 6v3l2 1.600M6 1.200h4' },
  empty: {
    fill: 'M8 1l7.400 13.500h-14.800zM7.100 5.800l.3 4.300h1.200l.3-4.300zM8 11.100a.95.95 0 1 0 0 1.900a.95.95 0 1 0 0-1.900z',
  },
  paused: { fill: 'M3.600 2.500h3v11h-3zM9.400 2.500h3v11h-3z' },
  unknown: { line: 'M5.200 5.600a2.800 2.800 0 1 1 4.400 2.300c-1 .7-1.600 1.200-1.600 2.400M8 13.400v.1' },
  closed: { fill: 'M9.800 1.800a6.400 6.400 0 1 0 4.500 8.900a5.200 5.200 0 0 1-4.500-8.900z' },
};

const icons = new Map<WindowState, SVGSVGElement>();

/** A copy of one that is made once: a board changes its states all day. */
export function icon(state: WindowState): SVGSVGElement {
  const made = icons.get(state) ?? drawn(DRAWINGS[state]);
  icons.set(state, made);
  return made.cloneNode(true) as SVGSVGElement;
}

export function drawn(drawing: Drawing): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  for (const [kind, d] of Object.entries(drawing)) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', `icon-${kind}`);
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
