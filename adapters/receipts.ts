/**
 * Acknowledgements in the order of receipt. A receiver of MQTT must acknowledge in the order in which it received
 * (MQTT 5.0, [MQTT-4.6.0-2]), whatever order the messages become durable in.
 */

interface Receipt<T> {
  readonly item: T;
  committed: boolean;
  next: Receipt<T> | null;
}

/** What one connection has received and not yet acknowledged, oldest first. */
export class Receipts<T> {
  readonly #release: (item: T) => void;
  #oldest: Receipt<T> | null = null;
  #newest: Receipt<T> | null = null;
  #closed = false;
  #size = 0;

  /** `release` is called for each item, in the order of `take`, once it and everything before it is committed. */
  constructor(release: (item: T) => void) {
    this.#release = release;
  }

  /** Taken and not yet released. */
  get size(): number {
    return this.#size;
  }

  /** Notes a receipt and returns what to call once it is durable; calling it again, or after `close`, does nothing. */
  take(item: T): () => void {
    const receipt: Receipt<T> = { item, committed: false, next: null };
    if (this.#newest === null) this.#oldest = receipt;
    else this.#newest.next = receipt;
    this.#newest = receipt;
    this.#size++;
    return () => {
      receipt.committed = true;
      if (receipt === this.#oldest) this.#releaseCommitted();
    };
  }

  /** Releases nothing any more: what is not acknowledged by now stays so. */
  close(): void {
    this.#closed = true;
    this.#oldest = null;
    this.#newest = null;
    this.#size = 0;
  }

  #releaseCommitted(): void {
    while (this.#oldest?.committed === true && !this.#closed) {
      const { item, next } = this.#oldest;
      this.#oldest = next;
      if (next === null) this.#newest = null;
      this.#size--;
      this.#release(item);
    }
  }
}
