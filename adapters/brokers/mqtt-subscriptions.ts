/** The topic filters that a session at a broker shall have, and those that it may have still although nobody wants them. */

export class Subscriptions {
  readonly #wanted: Set<string>;
  readonly #former: Set<string>;

  constructor(wanted: readonly string[], former: readonly string[]) {
    this.#wanted = new Set(wanted);
    this.#former = new Set(former.filter((topic) => !this.#wanted.has(topic)));
  }

  get wanted(): readonly string[] {
    return [...this.#wanted];
  }

  /** To be unsubscribed. */
  get former(): readonly string[] {
    return [...this.#former];
  }

  /** Wants these as well; the answer: those that were not wanted before. */
  add(topics: readonly string[]): readonly string[] {
    const added = [...new Set(topics)].filter((topic) => !this.#wanted.has(topic));
    for (const topic of added) {
      this.#wanted.add(topic);
      this.#former.delete(topic);
    }
    return added;
  }

  /** Wants these no longer. */
  remove(topics: readonly string[]): void {
    for (const topic of topics) if (this.#wanted.delete(topic)) this.#former.add(topic);
  }

  /** The broker has let go of them. */
  gone(topics: readonly string[]): void {
    for (const topic of topics) this.#former.delete(topic);
  }
}
