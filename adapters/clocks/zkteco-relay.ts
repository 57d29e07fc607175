/**
 * The customer's old server gets what the device sends as well: in the order in which it came, and again while it is away, up to
 * a limit. Nothing of it comes back to the device, and no answer of ours waits for it.
 */
import { type Ms, SECOND } from '../../rules/time.ts';
import type { ClockSurroundings, DeviceRequest } from '../clock.ts';

const TIMEOUT_MS: Ms = 10 * SECOND;
/** Uploads that wait for it. A day of a hall is some hundred punches; older ones have their copy here. */
const MOST_WAITING = 500;
/** A relay that leads back to us goes round once. */
const MARK = 'x-zaigang-relay';
/** What the old server may look at; the rest is between the device and us. */
const HEADERS = ['content-type', 'user-agent', 'accept', 'accept-language'] as const;

interface Relayed {
  readonly target: string;
  readonly request: DeviceRequest;
}

export class Relay {
  readonly #clock: ClockSurroundings['clock'];
  readonly #server: string;
  readonly #waiting: Relayed[] = [];
  #isSending = false;
  #failures = 0;
  #dropped = 0;
  #last = '';

  /** `server`: `http://host:port`. */
  constructor(clock: ClockSurroundings['clock'], server: string) {
    this.#clock = clock;
    this.#server = server;
  }

  /** For people: whether the old server takes what it is sent. */
  get state(): string {
    if (this.#failures === 0) return 'ok';
    const waiting = this.#waiting.length > 0 ? `, ${this.#waiting.length} waiting` : '';
    const dropped = this.#dropped > 0 ? `, ${this.#dropped} dropped` : '';
    return `${this.#failures} failed${waiting}${dropped}; last: ${this.#last}`;
  }

  /** Takes it, and goes on by itself. */
  pass(request: DeviceRequest): void {
    if (request.headers.has(MARK)) return;
    const query = request.query.toString();
    const target = new URL(`${encodeURI(request.path)}${query === '' ? '' : `?${query}`}`, this.#server).href;
    // A question for commands is worth nothing later: it is asked again.
    if (request.method !== 'POST' && this.#waiting.length > 0) return void this.#send();
    this.#waiting.push({ target, request });
    if (this.#waiting.length > MOST_WAITING) {
      this.#waiting.shift();
      this.#dropped++;
    }
    void this.#send();
  }

  /** Until one fails: the device's next request, seconds later, is the next attempt. */
  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        const fault = await this.#attempt(next);
        if (fault !== null) {
          this.#failures++;
          this.#last = fault;
          if (next.request.method !== 'POST') this.#take(next);
          return;
        }
        this.#take(next);
      }
    } finally {
      this.#isSending = false;
    }
  }

  #take(done: Relayed): void {
    // It may have been dropped meanwhile.
    if (this.#waiting[0] === done) this.#waiting.shift();
  }

  /** Why the old server did not take it; null = it did. */
  async #attempt({ target, request }: Relayed): Promise<string | null> {
    const deadline = new AbortController();
    const cancel = this.#clock.after(TIMEOUT_MS, () => deadline.abort());
    try {
      const headers: Record<string, string> = { [MARK]: '1' };
      for (const name of HEADERS) {
        const value = request.headers.get(name);
        if (value !== null) headers[name] = value;
      }
      const body = request.method === 'POST' ? Buffer.from(request.body) : null;
      const answer = await fetch(target, { method: request.method, headers, body, signal: deadline.signal });
      await answer.arrayBuffer();
      return answer.ok ? null : `answered ${answer.status}`;
    } catch (error) {
      if (deadline.signal.aborted) return `did not answer within ${TIMEOUT_MS / SECOND} s`;
      const { cause } = error as { cause?: { code?: string } };
      return `cannot be reached (${cause?.code ?? 'no connection'})`;
    } finally {
      cancel();
    }
  }
}
