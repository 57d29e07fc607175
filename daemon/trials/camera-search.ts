/** Looking for cameras in the network from a page: one search at a time, whoever asks for it. */
import { addressesOf } from '../../adapters/cameras/address-range.ts';
import type { FoundDevice } from '../../adapters/cameras/onvif-discovery.ts';
import type { HttpSurroundings } from '../../adapters/device-http.ts';
import type { Ms } from '../../rules/time.ts';
import { faultOf, type Log } from '../log.ts';
import { cardsOf, type SearchNews, searchCameras } from '../probing/search.ts';

export interface SearchReading {
  readonly state: 'idle' | 'running' | 'done';
  readonly beganAt: Ms | null;
  readonly news: readonly SearchNews[];
  readonly devices: readonly FoundDevice[];
}

/** `bad-range`: not such as 192.168.1.0/24, or more than a thousand addresses. */
export type NoSearch = 'busy' | 'bad-range';

const IDLE: SearchReading = { state: 'idle', beganAt: null, news: [], devices: [] };

export class CameraSearch {
  readonly #around: HttpSurroundings;
  readonly #log: Log;
  #reading = IDLE;

  constructor(around: HttpSurroundings, log: Log) {
    this.#around = around;
    this.#log = log;
  }

  reading(): SearchReading {
    return this.#reading;
  }

  /** On all network cards, and these ranges address by address. Null = it has begun; nothing is waited for. */
  begin(ranges: readonly string[]): NoSearch | null {
    if (this.#reading.state === 'running') return 'busy';
    const read = ranges.map((range) => addressesOf(range));
    const addresses = read.flatMap((one) => ('because' in one ? [] : one));
    if (read.some((one) => 'because' in one)) return 'bad-range';
    this.#reading = { ...IDLE, state: 'running', beganAt: this.#around.clock.now() };
    void this.#search([...new Set(addresses)]);
    return null;
  }

  async #search(addresses: readonly string[]): Promise<void> {
    const told = (news: SearchNews): void => {
      this.#reading = { ...this.#reading, news: [...this.#reading.news, news] };
    };
    try {
      const devices = await searchCameras({ cards: cardsOf([]), addresses, around: this.#around, told });
      this.#reading = { ...this.#reading, state: 'done', devices: devices ?? [] };
    } catch (error) {
      this.#log.error(faultOf(error), 'cameras could not be looked for');
      this.#reading = { ...this.#reading, state: 'done' };
    }
  }
}
