import type { Ms } from './time.ts';

/** Something that is to be looked at again at an instant; `slot` is its place in the heap and belongs to it. */
export interface Deadline {
  dueAt: Ms;
  slot: number;
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
      this.#items.push(key);
    }
    this.#down(this.#up(key.slot));
  }

  /** Takes out every key that is due exactly at the next instant. */
  popNext(): K[] {
    const at = this.nextAt;
    const due: K[] = [];
    while (this.#items.length > 0 && this.nextAt === at) {
      const key = this.#items[0] as K;
      this.#remove(key);
      due.push(key);
    }
    return due;
  }

  #remove(key: K): void {
    const slot = key.slot;
    if (slot < 0) return;
    key.slot = -1;
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
