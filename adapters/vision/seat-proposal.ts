/**
 * Where people sit in a camera's picture, by where it keeps moving: whoever works at a seat moves in one place again and again for
 * minutes, whoever walks past moves in many places once. What comes of it is a proposal; only a person can say that it is a seat.
 */
import type { Ms } from '../../rules/time.ts';
import type { GrayPicture } from '../camera.ts';
import { changedPlaces, type PreparedPicture, prepared } from './motion.ts';
import { MOTION, PROPOSAL } from './occupancy-limits.ts';
import type { Part } from './scene.ts';

export interface SeatProposal {
  readonly place: Part;
  /** In how much of the time somebody was at work there. */
  readonly share: number;
}

const ALL_THIRDS = 0b111;

interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Gathers the motion of one camera. Time comes with the pictures and never runs backwards. */
export class SeatSurvey {
  #grid: Grid = { columns: 0, rows: 0 };
  #before: { readonly at: Ms; readonly picture: PreparedPicture } | null = null;
  #slotFrom: Ms | null = null;
  #looks = 0;
  /** Looks of this stretch in which each cell moved. */
  #moved = new Uint16Array(0);
  /** In which thirds of it, as bits. */
  #thirds = new Uint8Array(0);
  /** Stretches in which somebody stayed, by cell. */
  #stayed = new Uint16Array(0);
  #slots = 0;

  /** Stretches that could be judged so far. */
  get slots(): number {
    return this.#slots;
  }

  see(at: Ms, whole: GrayPicture): void {
    const before = this.#before;
    if (before !== null && at - before.at < MOTION.shortGapMs) return;
    const small = halved(whole);
    if (before === null || before.picture.width !== small.width) this.#begin(small);
    const picture = prepared(small);
    this.#before = { at, picture };
    if (before === null || before.picture.detail.length !== picture.detail.length) return;
    this.#slotFrom ??= at;
    if (at - this.#slotFrom >= PROPOSAL.slotMs) this.#endSlot(at);
    // The camera was away in between, or the light changed: that is nobody's motion.
    const changed = at - before.at > PROPOSAL.gapMs ? null : changedPlaces(before.picture, picture);
    if (changed === null || changed.length / picture.detail.length > MOTION.mostStir) return;
    this.#looks++;
    const third = Math.floor((3 * (at - this.#slotFrom)) / PROPOSAL.slotMs);
    this.#count(changed, small.width, Math.min(2, third));
  }

  /** From left to right. */
  propose(): readonly SeatProposal[] {
    const { columns } = this.#grid;
    const least = Math.max(PROPOSAL.leastSlots, PROPOSAL.leastShare * this.#slots);
    const isSeat = Array.from(this.#stayed, (slots) => slots >= least);
    const parts = islandsOf(isSeat, columns).map((cells) => this.#movingOf(cells));
    return ofOnePerson(parts)
      .flatMap((part) => this.#proposalOf(part) ?? [])
      .sort((one, other) => one.place.x - other.place.x);
  }

  #begin({ width, height }: GrayPicture): void {
    this.#grid = { columns: Math.ceil(width / PROPOSAL.cellPx), rows: Math.ceil(height / PROPOSAL.cellPx) };
    const cells = this.#grid.columns * this.#grid.rows;
    this.#moved = new Uint16Array(cells);
    this.#thirds = new Uint8Array(cells);
    this.#stayed = new Uint16Array(cells);
    [this.#slotFrom, this.#looks, this.#slots] = [null, 0, 0];
  }

  /** A cell moved where it or one beside it did: a body is larger than what of it moves. */
  #count(changed: Int32Array, width: number, third: number): void {
    const { columns, rows } = this.#grid;
    const { cellPx, cellPixels } = PROPOSAL;
    const own = new Uint16Array(this.#moved.length);
    for (const i of changed) {
      const cell = Math.floor(Math.floor(i / width) / cellPx) * columns + Math.floor((i % width) / cellPx);
      own[cell] = (own[cell] as number) + 1;
    }
    const moving = new Set<number>();
    for (let cell = 0; cell < own.length; cell++) {
      if ((own[cell] as number) >= cellPixels) for (const near of around(cell, columns, rows)) moving.add(near);
    }
    for (const cell of moving) {
      this.#moved[cell] = (this.#moved[cell] as number) + 1;
      this.#thirds[cell] = (this.#thirds[cell] as number) | (1 << third);
    }
  }

  #endSlot(at: Ms): void {
    if (this.#looks >= PROPOSAL.slotLooks) {
      this.#slots++;
      for (let cell = 0; cell < this.#moved.length; cell++) {
        const share = (this.#moved[cell] as number) / this.#looks;
        // Two who walk past one after the other move in two thirds of it at most.
        if (share >= PROPOSAL.stayShare && this.#thirds[cell] === ALL_THIRDS)
          this.#stayed[cell] = (this.#stayed[cell] as number) + 1;
      }
    }
    this.#moved.fill(0);
    this.#thirds.fill(0);
    [this.#slotFrom, this.#looks] = [at, 0];
  }

  /** The seat around what moves; null = nobody sits in so little, or in so much. */
  #proposalOf({ left, right, top, bottom, most }: Moving): SeatProposal | null {
    const { columns, rows } = this.#grid;
    const [width, height] = [right - left, bottom - top];
    const area = (width * height) / (columns * rows);
    if (area < PROPOSAL.leastArea || area > PROPOSAL.mostArea) return null;
    const place = { x: left / columns, y: top / rows, width: width / columns, height: height / rows };
    return { place, share: most / Math.max(1, this.#slots) };
  }

  #movingOf(cells: readonly number[]): Moving {
    const { columns } = this.#grid;
    const xs = cells.map((cell) => cell % columns);
    const ys = cells.map((cell) => Math.floor(cell / columns));
    return {
      ...{ left: Math.min(...xs), right: Math.max(...xs) + 1, top: Math.min(...ys), bottom: Math.max(...ys) + 1 },
      most: Math.max(...cells.map((cell) => this.#stayed[cell] as number)),
    };
  }
}

/** A part of the picture that keeps moving, in cells. */
interface Moving {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** In how many stretches the liveliest cell of it was stayed in. */
  readonly most: number;
}

/** Head and hands of one person move, and what is between them does not: parts above each other are one. */
function ofOnePerson(parts: readonly Moving[]): readonly Moving[] {
  const joined: Moving[] = [];
  for (const part of parts) {
    const at = joined.findIndex((other) => isAbove(other, part));
    const other = joined[at];
    if (other === undefined) joined.push(part);
    else joined[at] = both(other, part);
  }
  return joined.length === parts.length ? joined : ofOnePerson(joined);
}

function isAbove(one: Moving, other: Moving): boolean {
  const shared = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const apart = Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom);
  const narrower = Math.min(one.right - one.left, other.right - other.left);
  return shared >= narrower / 2 && apart <= PROPOSAL.apartCells;
}

const both = (one: Moving, other: Moving): Moving => ({
  left: Math.min(one.left, other.left),
  right: Math.max(one.right, other.right),
  top: Math.min(one.top, other.top),
  bottom: Math.max(one.bottom, other.bottom),
  most: Math.max(one.most, other.most),
});

/** Half as wide and high: a fourth of the work, and less noise. */
function halved({ width, height, pixels }: GrayPicture): GrayPicture {
  const small = { width: width >> 1, height: height >> 1, pixels: new Uint8Array((width >> 1) * (height >> 1)) };
  const at = (x: number, y: number): number => pixels[y * width + x] as number;
  for (let y = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++) {
      const sum = at(2 * x, 2 * y) + at(2 * x + 1, 2 * y) + at(2 * x, 2 * y + 1) + at(2 * x + 1, 2 * y + 1);
      small.pixels[y * small.width + x] = sum >> 2;
    }
  return small;
}

/** A cell and those that touch it. */
function around(cell: number, columns: number, rows: number): number[] {
  const [x, y] = [cell % columns, Math.floor(cell / columns)];
  const near: number[] = [];
  for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++)
    for (let nx = Math.max(0, x - 1); nx <= Math.min(columns - 1, x + 1); nx++) near.push(ny * columns + nx);
  return near;
}

/** Cells that hang together. */
function islandsOf(cells: readonly boolean[], columns: number): readonly (readonly number[])[] {
  const rows = columns === 0 ? 0 : cells.length / columns;
  const seen = new Set<number>();
  const islands: number[][] = [];
  for (const [first, is] of cells.entries()) {
    if (!is || seen.has(first)) continue;
    const island = [first];
    seen.add(first);
    for (const cell of island) {
      for (const near of around(cell, columns, rows)) {
        if (cells[near] !== true || seen.has(near)) continue;
        seen.add(near);
        island.push(near);
      }
    }
    islands.push(island);
  }
  return islands;
}
