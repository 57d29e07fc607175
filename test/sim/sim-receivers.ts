/** Who is told: a program behind a webhook, and a store of time series. Both can be away, and both can take without answering. */
import { MetricsError, type MetricsStore, type Point } from '../../adapters/metrics.ts';

export type Manner = 'answers' | 'takes' | 'away' | 'busy';

export interface ReceivedNotice {
  readonly key: string;
  readonly alert: string;
  readonly op: string;
  readonly text: string;
  readonly verdicts: readonly Readonly<Record<string, unknown>>[];
}

export const WEBHOOK_URL = 'http://room.invalid/zaigang';

/** A program that takes alerts by webhook and drops repeats by their key. */
export class SimWebhook implements Disposable {
  readonly notices: ReceivedNotice[] = [];
  manner: Manner = 'answers';
  repeats = 0;
  readonly #taken = new Map<string, string>();
  readonly #fetch = globalThis.fetch;

  constructor(say: (line: string) => void) {
    Object.assign(globalThis, {
      fetch: async (url: URL, request: { readonly body: string }): Promise<Response> => {
        if (url.href !== WEBHOOK_URL) throw new Error(`nobody is at ${url.href}`);
        if (this.manner === 'away') throw new TypeError('fetch failed');
        if (this.manner === 'busy') return new Response(null, { status: 503, headers: { 'retry-after': '30' } });
        this.#take(request.body, say);
        if (this.manner === 'takes') throw new TypeError('the answer was lost');
        return new Response(null, { status: 204 });
      },
    });
  }

  #take(body: string, say: (line: string) => void): void {
    const notice = JSON.parse(body) as ReceivedNotice;
    const known = this.#taken.get(notice.key);
    if (known !== undefined) {
      this.repeats += 1;
      if (known !== body) throw new Error(`${notice.key} came again with another body`);
      return;
    }
    this.#taken.set(notice.key, body);
    this.notices.push(notice);
    say(`notice ${body}`);
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, { fetch: this.#fetch });
  }
}

/** A store of time series: the same series and time overwrite. */
export class SimStore implements MetricsStore {
  readonly name = 'store';
  manner: Manner = 'answers';
  readonly #points = new Map<string, Point>();

  async write(points: readonly Point[]): Promise<void> {
    if (this.manner === 'away' || this.manner === 'busy') throw new MetricsError('unreachable', { retry: true });
    for (const point of points) this.#points.set(seriesKey(point), point);
    if (this.manner === 'takes') throw new MetricsError('no answer', { retry: true });
  }

  async check(): Promise<void> {}

  async close(): Promise<void> {}

  get points(): readonly Point[] {
    return [...this.#points.values()];
  }
}

/** What a point overwrites: the same measurement, tags that say something, and time. */
export function seriesKey({ measurement, tags, at }: Point): string {
  const said = Object.entries(tags).filter(([, value]) => value !== '');
  return JSON.stringify([measurement, said.sort(([a], [b]) => (a < b ? -1 : 1)), at]);
}
