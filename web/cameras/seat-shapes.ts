/** Regions of a picture as they are drawn: boxes and polygons, in shares of the picture from its upper left. */
import type { Roi } from './camera-data.ts';

export type Point = readonly [x: number, y: number];

export const isBox = (roi: Roi): roi is readonly [number, number, number, number] => typeof roi[0] === 'number';

/** The corners of either, a box's from its upper left on, clockwise. */
export function cornersOf(roi: Roi): readonly Point[] {
  if (!isBox(roi)) return roi;
  const [x, y, width, height] = roi;
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

const within = (value: number): number => Math.min(1, Math.max(0, value));
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const inside = ([x, y]: Point): Point => [rounded(within(x)), rounded(within(y))];

/** The box between two points, at least a hundredth of the picture each way. */
export function boxBetween(one: Point, other: Point): Roi {
  const [a, b] = [inside(one), inside(other)];
  const [x, y] = [Math.min(a[0], b[0], 0.99), Math.min(a[1], b[1], 0.99)];
  const size = (from: number, to: number): number => rounded(Math.max(0.01, Math.min(to, 1) - from));
  return [x, y, size(x, Math.max(a[0], b[0])), size(y, Math.max(a[1], b[1]))];
}

/** With one corner elsewhere; of a box the opposite corner stays. */
export function withCorner(roi: Roi, corner: number, to: Point): Roi {
  const corners = cornersOf(roi);
  if (isBox(roi)) return boxBetween(corners[(corner + 2) % 4] as Point, to);
  return corners.map((point, i) => (i === corner ? inside(to) : point));
}

/** Moved as a whole, as far as the picture goes. */
export function moved(roi: Roi, [dx, dy]: Point): Roi {
  const { left, top, right, bottom } = boundsOf(roi);
  const x = Math.min(1 - right, Math.max(-left, dx));
  const y = Math.min(1 - bottom, Math.max(-top, dy));
  if (isBox(roi)) return [rounded(roi[0] + x), rounded(roi[1] + y), roi[2], roi[3]];
  return roi.map((point) => inside([point[0] + x, point[1] + y]));
}

export function asPolygon(roi: Roi): Roi {
  return cornersOf(roi).map(inside);
}

/** With a further corner, on the edge that is nearest to it. */
export function withPoint(roi: Roi, at: Point): Roi {
  const corners = cornersOf(roi);
  const away = corners.map((corner, i) => distance(at, corner, corners[(i + 1) % corners.length] as Point));
  const nearest = away.indexOf(Math.min(...away));
  return [...corners.slice(0, nearest + 1), inside(at), ...corners.slice(nearest + 1)];
}

export function withoutPoint(roi: Roi, corner: number): Roi {
  return isBox(roi) || roi.length <= 3 ? roi : roi.filter((_, i) => i !== corner);
}

function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = within(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boundsOf(roi: Roi): Bounds {
  const corners = cornersOf(roi);
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** Of the box around it, as a share of the picture: what is looked at of a polygon is the box around it. */
export function areaOf(roi: Roi): number {
  const { left, top, right, bottom } = boundsOf(roi);
  return (right - left) * (bottom - top);
}

/** How much of the smaller of two the other covers. */
export function overlapOf(one: Roi, other: Roi): number {
  const [a, b] = [boundsOf(one), boundsOf(other)];
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const least = Math.min(areaOf(one), areaOf(other));
  return least === 0 ? 0 : (Math.max(0, width) * Math.max(0, height)) / least;
}

/** `10,20 40,20 40,60` in percent; null where it is none. */
export function pointsOf(text: string): Roi | null {
  const points = text
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(/[,，]/).map(Number));
  const isGood = points.every((pair) => pair.length === 2 && pair.every((value) => value >= 0 && value <= 100));
  return isGood && points.length >= 3
    ? points.map(([x = 0, y = 0]): Point => [rounded(x / 100), rounded(y / 100)])
    : null;
}

export const pointsText = (roi: Roi): string =>
  cornersOf(roi)
    .map((point) => point.map(percent).join(','))
    .join(' ');

/** With one digit at most, as people write it. */
export const percent = (share: number): string => String(Math.round(share * 1000) / 10);
