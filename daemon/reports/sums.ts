/** What days add up to: of each person and window, apart by the department that they were of. */
import type { DeviceFigures } from '../../rules/device-measures.ts';
import { addTo, NO_PERSON_FIGURES, type PersonFigures, type Sum } from '../../rules/measures.ts';
import { NO_WINDOW_FIGURES, type WindowFigures } from '../../rules/window-measures.ts';

/** Of one who was moved there are several, that of their last department last. */
export interface Summed<F> {
  readonly id: string;
  readonly department: string | null;
  readonly figures: F;
}

export interface Figures {
  readonly people: readonly Summed<PersonFigures>[];
  readonly windows: readonly Summed<WindowFigures>[];
  readonly devices: readonly (readonly [device: string, figures: DeviceFigures])[];
}

/** Adds up what days, or sums of them, have. Figures are added in the order of days, so that sums of the same days are the same to the last bit. */
export class Sums {
  readonly #people = new Adding(NO_PERSON_FIGURES);
  readonly #windows = new Adding(NO_WINDOW_FIGURES);
  readonly #devices = new Map<string, Sum<DeviceFigures>>();

  add({ people, windows, devices }: Figures): void {
    for (const one of people) this.#people.add(one);
    for (const one of windows) this.#windows.add(one);
    for (const [device, figures] of devices) {
      const sum = this.#devices.get(device);
      if (sum === undefined) this.#devices.set(device, { ...figures });
      else addTo(sum, figures);
    }
  }

  get figures(): Figures {
    return { people: this.#people.sums, windows: this.#windows.sums, devices: [...this.#devices] };
  }
}

class Adding<F extends { readonly [K in keyof F]: number }> {
  readonly #none: F;
  readonly #of = new Map<string, (Summed<F> & { readonly figures: Sum<F> })[]>();

  constructor(none: F) {
    this.#none = none;
  }

  add({ id, department, figures }: Summed<F>): void {
    addTo(this.#sumOf(id, department), figures);
  }

  #sumOf(id: string, department: string | null): Sum<F> {
    let of = this.#of.get(id);
    if (of === undefined) {
      of = [];
      this.#of.set(id, of);
    }
    const last = of.at(-1);
    if (last?.department === department && last !== undefined) return last.figures;
    const place = of.findIndex((one) => one.department === department);
    const [sum = { id, department, figures: { ...this.#none } }] = place < 0 ? [] : of.splice(place, 1);
    of.push(sum);
    return sum.figures;
  }

  get sums(): Summed<F>[] {
    return [...this.#of.values()].flat();
  }
}
