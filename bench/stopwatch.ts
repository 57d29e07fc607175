/** How long something takes, on the wall and in processor time. */
import { median } from './figures.ts';

/** In milliseconds: on the wall, and of the processor's time in all threads. */
export interface Took {
  readonly wall: number;
  readonly cpu: number;
}

export class Stopwatch {
  readonly #wall = performance.now();
  readonly #cpu = process.cpuUsage();

  took(): Took {
    const { user, system } = process.cpuUsage(this.#cpu);
    return { wall: performance.now() - this.#wall, cpu: (user + system) / 1000 };
  }
}

/** What `work` finds, how long it took the first time, and the median of how long it took each time. */
export function severalTimes<T>(
  times: number,
  work: () => T,
): { readonly found: T; readonly first: Took; readonly took: Took } {
  const goes = Array.from({ length: times }, () => {
    const going = new Stopwatch();
    const found = work();
    return { found, took: going.took() };
  });
  const middle = (of: keyof Took): number => median(goes.map(({ took }) => took[of]));
  const [{ found, took: first }] = goes as [(typeof goes)[number]];
  return { found, first, took: { wall: middle('wall'), cpu: middle('cpu') } };
}
