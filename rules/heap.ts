import type { Ms } from './time.ts';

/** Something that is to be looked at again at an instant; `slot` is its place in the heap and belongs to it. */
export interface Deadline {
  dueAt: Ms;
  slot: number;
  /** What it belongs to, and how many of that are due: asked of each day in memory at each commit. */
  readonly day: { due: number };
}

/** An indexed binary heap: one deadline a key, moved in place when it changes. */
export class Deadlines<K extends Deadline> {
  readonly #items: K[] = [];

  get nextAt(): Ms {
    return this.#items[0]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Sets when `key` is due; infinity takes it out. */
  set(key: K, dueAt: Ms): void {
    key.dueAt = dueAt;
    if (dueAt === Number.POSITIVE_INFINITY) {
      this.#remove(key);
      return;
    }
    if (key.slot < 0) {
      key.slot = this.#items.length;
      key.day.due++;
      this.#items.push(key);
    }
    this.#down(this.#up(key.slot));
  }

  /** Takes out every key that is due exactly at the next instant. */
  popNext(): K[] {
    const slots = this.#firsts();
    const due = slots.map((slot) => this.#items[slot] as K);
    if (slots.length * Math.log2(this.#items.length) < this.#items.length) for (const key of due) this.#remove(key);
    else this.#removeMany(due);
    return due;
  }

  /** Where those stand that are due at the next instant, in order: nothing that is due later is above one of them. */
  #firsts(): number[] {
    const at = this.nextAt;
    const slots = this.#items.length > 0 ? [0] : [];
    for (let i = 0; i < slots.length; i++) {
      const below = (slots[i] as number) * 2 + 1;
      if (this.#items[below]?.dueAt === at) slots.push(below);
      if (this.#items[below + 1]?.dueAt === at) slots.push(below + 1);
    }
    return slots;
  }

  /** Where a good part goes, putting the rest in order anew takes less than closing each gap. */
  #removeMany(keys: readonly K[]): void {
    for (const key of keys) {
      key.slot = -1;
      key.day.due--;
    }
    let left = 0;
    for (const key of this.#items) if (key.slot >= 0) this.#place(key, left++);
    this.#items.length = left;
    for (let slot = (left >> 1) - 1; slot >= 0; slot--) this.#down(slot);
  }

  #remove(key: K): void {
    const slot = key.slot;
    if (slot < 0) return;
    key.slot = -1;
    key.day.due--;
    const last = this.#items.pop() as K;
    if (last === key) return;
    this.#place(last, slot);
    this.#down(this.#up(slot));
  }

  #place(key: K, slot: number): void {
    this.#items[slot] = key;
    key.slot = slot;
  }

  #up(start: number): number {
    let slot = start;
    const key = this.#items[slot] as K;
    while (slot > 0) {
      const above = (slot - 1) >> 1;
      const parent = this.#items[above] as K;
      if (parent.dueAt <= key.dueAt) break;
      this.#place(parent, slot);
      slot = above;
    }
    this.#place(key, slot);
    return slot;
  }

  #down(start: number): void {
    let slot = start;
    const key = this.#items[slot] as K;
    for (;;) {
      let below = slot * 2 + 1;
      if (below >= this.#items.length) break;
      const right = this.#items[below + 1];
      if (right !== undefined && right.dueAt < (this.#items[below] as K).dueAt) below++;
      const child = this.#items[below] as K;
      if (child.dueAt >= key.dueAt) break;
      this.#place(child, slot);
      slot = below;
    }
    this.#place(key, slot);
  }
}
