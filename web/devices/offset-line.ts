/** By how much a clock was off, drawn as a line. */
import type { Device } from './device-api.ts';

const DRAWN_WIDTH = 120;
const DRAWN_HEIGHT = 24;

/** The words stand beside it. */
export function offsetLine(offsets: Device['offsets']): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${DRAWN_WIDTH} ${DRAWN_HEIGHT}`);
  svg.setAttribute('class', 'offsets');
  svg.setAttribute('aria-hidden', 'true');
  const most = Math.max(10_000, ...offsets.map(({ offsetMs }) => Math.abs(offsetMs)));
  const first = Date.parse(offsets[0]?.from ?? '');
  const length = Math.max(1, Date.parse(offsets.at(-1)?.to ?? '') - first);
  const x = (at: string): number => (DRAWN_WIDTH * (Date.parse(at) - first)) / length;
  const y = (offset: number): number => (DRAWN_HEIGHT / 2) * (1 - (0.9 * offset) / most);
  const path = offsets.map(({ from, to, offsetMs }, i) => {
    return `${i === 0 ? 'M' : 'L'}${x(from).toFixed(1)} ${y(offsetMs).toFixed(1)}H${x(to).toFixed(1)}`;
  });
  for (const [shape, className] of [
    [`M0 ${DRAWN_HEIGHT / 2}H${DRAWN_WIDTH}`, 'offsets-zero'],
    [path.join(''), 'offsets-line'],
  ] as const) {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('d', shape);
    line.setAttribute('class', className);
    svg.append(line);
  }
  return svg;
}
