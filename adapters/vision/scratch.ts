/** Room for numbers that nobody needs after a calculation, kept for the next one: to make it takes longer than to use it. */
export class Scratch<Numbers extends Float64Array | Int32Array> {
  readonly #make: (count: number) => Numbers;
  /** Pictures have few sizes. */
  readonly #byCount = new Map<number, Numbers>();

  constructor(make: (count: number) => Numbers) {
    this.#make = make;
  }

  /** So many, of whatever value; the same ones at each call. */
  of(count: number): Numbers {
    const known = this.#byCount.get(count);
    if (known !== undefined) return known;
    const made = this.#make(count);
    this.#byCount.set(count, made);
    return made;
  }
}
