/**
 * A Dahua access terminal: its log is asked by time, the oldest entries first and no more than a page.
 * Its answers have the form of those that devices gave (see adapters/clocks/dahua-events.ts).
 */

import { localText } from '../../adapters/local-time.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { type Ms, offsetAt } from '../../rules/time.ts';
import { CalledTerminal, openTerminal } from './called-terminal.ts';
import type { Answered, Asked } from './event-device.ts';

/**
 * - `seconds`: heeds times as counts of seconds
 * - `text`: heeds local times in text, and refuses others
 * - `deaf`: heeds none
 * - `none`: knows no search
 */
export type SearchKind = 'seconds' | 'text' | 'deaf' | 'none';

export interface Record {
  readonly number: number;
  readonly person: string;
  readonly at: Ms;
  readonly method: number;
  readonly status: number;
}

const ZONE = zoneTable('Asia/Shanghai');
const BOUNDARY = 'myboundary';
const FACE = 15;

export class DahuaTerminal extends CalledTerminal<Record> {
  search: SearchKind = 'seconds';
  pageSize = 1024;
  /** What it calls UTC is its local time. */
  isUtcLocal = false;
  /** Whom it knows. */
  cards: readonly { readonly UserID: string; readonly CardName: string }[] = [];

  static open(): Promise<DahuaTerminal> {
    return openTerminal(DahuaTerminal, { type: 'multipart/x-mixed-replace', boundary: BOUNDARY });
  }

  punch(person: string, more: Partial<Omit<Record, 'number' | 'person'>> = {}): Record {
    const number = (this.log.at(-1)?.number ?? 0) + 1;
    const record = { number, person, at: this.shown, method: FACE, status: 1, ...more };
    this.log.push(record);
    const text = eventText(this.#fields(record));
    const head = `--${BOUNDARY}\r\nContent-Type: text/plain\r\nContent-Length:${text.length}`;
    this.stream(`${head}\r\n\r\n${text.slice(0, 90)}`, () => this.device.send(text, 'text/plain', text.length - 1));
    return record;
  }

  door(at: Ms): void {
    this.punch('', { at });
  }

  punchIn({ person, at, status }: Record) {
    return person === '' || status !== 1 ? null : { credential: person, deviceAt: at, seq: null };
  }

  answer({ target }: Asked): Answered | null {
    const url = new URL(target, 'http://device');
    const [path, action] = [url.pathname.split('/').at(-1), url.searchParams.get('action')];
    if (path === 'eventManager.cgi') return null;
    if (action === 'getCurrentTime') return { status: 200, body: `result=${localText(ZONE, this.shown)}\r\n` };
    if (action === 'setCurrentTime') return this.#setTime(url.searchParams.get('time') ?? '');
    if (action === 'getSystemInfo') return { status: 200, body: 'deviceType=ASI3214A-W\r\nserialNumber=9A0B1C2D\r\n' };
    if (path === 'recordFinder.cgi' && url.searchParams.get('name') === 'AccessControlCard') return this.#findCards();
    return path === 'recordFinder.cgi' ? this.#find(url.searchParams) : { status: 404 };
  }

  protected beat(): void {
    this.device.send('Heartbeat');
  }

  #findCards(): Answered {
    const lines = this.cards.flatMap((card, i) =>
      Object.entries({ RecNo: i + 1, ...card, CardNo: '0A1B2C3D', Password: '123456' }).map(
        ([key, value]) => `records[${i}].${key}=${value}`,
      ),
    );
    const count = this.cards.length;
    return { status: 200, body: [`totalCount=${count}`, `found=${count}`, ...lines, ''].join('\r\n') };
  }

  #setTime(text: string): Answered {
    const at = Date.parse(`${text.replace(' ', 'T')}+08:00`);
    if (Number.isNaN(at)) return { status: 400, body: 'Error\r\nBad Request!\r\n' };
    this.setTo(at);
    return { status: 200, body: 'OK\r\n' };
  }

  #find(query: URLSearchParams): Answered {
    this.searches++;
    if (this.search === 'none') return { status: 501, body: 'Error\r\nNot Implemented!\r\n' };
    const times = [query.get('StartTime') ?? '', query.get('EndTime') ?? ''];
    const isText = times.some((time) => !/^\d+$/.test(time));
    if (this.search !== 'deaf' && isText !== (this.search === 'text'))
      return { status: 400, body: 'Error\r\nBad Request!\r\n' };
    const [from = 0, to = 0] = times.map((time) =>
      isText ? Date.parse(`${time.replace(' ', 'T')}+08:00`) : this.#meant(Number(time) * 1000),
    );
    const all = [...this.log].sort((x, y) => x.number - y.number);
    const found = this.search === 'deaf' ? all : all.filter(({ at }) => at >= from && at <= to);
    const page = found.slice(0, Math.min(this.pageSize, Number(query.get('count'))));
    const lines = page.flatMap((record, i) =>
      Object.entries(this.#fields(record)).map(([key, value]) => `records[${i}].${key}=${value}`),
    );
    return { status: 200, body: [`totalCount=${found.length}`, `found=${page.length}`, ...lines, ''].join('\r\n') };
  }

  #meant(seconds: Ms): Ms {
    return this.isUtcLocal ? seconds - offsetAt(ZONE, seconds) : seconds;
  }

  #fields({ number, person, at, method, status }: Record) {
    const seconds = (this.isUtcLocal ? at + offsetAt(ZONE, at) : at) / 1000;
    const user = { UserID: person, CardNo: '', CardName: person === '' ? '' : '徐敏' };
    const rest = {
      Door: 0,
      ReaderID: '1',
      Method: method,
      Status: status,
      ErrorCode: status === 1 ? 0 : 16,
      Type: 'Entry',
    };
    return { RecNo: number, CreateTime: seconds, ...user, ...rest };
  }
}

/** As it is streamed: JSON over several lines, of which the log's keys are other ones. */
export function eventText(fields: { readonly [key: string]: string | number }): string {
  const { RecNo: _number, CreateTime, ...rest } = fields;
  const data = JSON.stringify({ ...rest, Similarity: 99, UTC: CreateTime }, null, 3).replaceAll('":', '" :');
  return `Code=AccessControl;action=Pulse;index=0;data=${data}\n`;
}
