/**
 * A face terminal that opens a WebSocket, as people who run such devices tell: `reg` first, then its oldest records by `sendlog`, the
 * same again until it is answered; it comes again when the line broke, sets its clock by `cloudtime`, and may reboot. Its log stays in it,
 * and is told page by page when it is asked for (`getalllog`).
 */
import { WebSocket } from 'ws';
import { localText } from '../../adapters/local-time.ts';
import { zoneTable } from '../../config/zone-table.ts';
import { until } from './until.ts';

const ZONE = zoneTable('Asia/Shanghai');

export interface SendlogRecord {
  readonly enrollid: number | string;
  readonly time: string;
  readonly mode?: number;
  readonly event?: number;
}

export interface SendlogTerminal extends AsyncDisposable {
  touch(...records: SendlogRecord[]): void;
  /** Noted, and taken for sent already, as after another server had it. */
  hold(...records: SendlogRecord[]): void;
  /** So many pages of its log are told before the line breaks in the middle of the next one; null = it does not. */
  breakAfterPages: number | null;
  /** How many pages of its log it has told. */
  pages(): number;
  /** Nothing is left that was not answered. */
  isDone(): boolean;
  /** What its clock was set to, as it came. */
  readonly cloudTimes: readonly string[];
  /** How many `sendlog` it has sent. */
  sent(): number;
  reboot(): Promise<void>;
}

export interface SendlogTerminalOptions {
  readonly url: string;
  readonly serial: string;
  /** After so long without an answer it sends again; the real one about 20 s. */
  readonly resendMs?: number;
  /** Records of a page of its log; 50 on those that are told of. */
  readonly page?: number;
}

export const record = ({ enrollid, time, mode = 8, event = 0 }: SendlogRecord): object => ({
  ...{ enrollid, name: '宋岩', time, mode, inout: 0, event },
  image: 'QUJD'.repeat(100),
});

export function sendlogOf(serial: string, records: readonly SendlogRecord[], logindex = 12): object {
  return { cmd: 'sendlog', sn: serial, count: records.length, logindex, record: records.map(record) };
}

export const regOf = (serial: string, time = '2026-11-20 08:00:00'): object => ({
  cmd: 'reg',
  sn: serial,
  devinfo: {
    modelname: 'AiFace',
    usersize: 5000,
    logsize: 500_000,
    usedlog: 18,
    firmware: 'ai518_f43h_v1.27',
    time,
  },
});

export function sendlogTerminal({ url, serial, resendMs = 100, page = 50 }: SendlogTerminalOptions): SendlogTerminal {
  const log: SendlogRecord[] = [];
  const noted: SendlogRecord[] = [];
  let [asked, told, pages]: [readonly SendlogRecord[], number, number] = [[], 0, 0];
  const cloudTimes: string[] = [];
  let [sent, index, isRegistered, isGone] = [0, 0, false, false];
  let inFlight = 0;
  let socket: WebSocket | null = null;

  const say = (value: object): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(value));
  };
  const push = (): void => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (!isRegistered) return say(regOf(serial, localText(ZONE, Date.now())));
    if (log.length === 0) return;
    inFlight = Math.min(log.length, 5);
    sent += 1;
    say(sendlogOf(serial, log.slice(0, inFlight), index));
  };
  const tellLog = ({ stn, from, to }: Record<string, unknown>): void => {
    if (stn === true) {
      asked = noted.filter(({ time }) => `${from}` <= time.slice(0, 10) && time.slice(0, 10) <= `${to}`);
      told = 0;
    }
    const records = asked.slice(told, told + page);
    const places = records.length === 0 ? { from: 0, to: 0 } : { from: told, to: told + records.length - 1 };
    const count = records.length === 0 ? 0 : asked.length;
    const answer = { ret: 'getalllog', sn: serial, result: true, count, ...places, record: records.map(record) };
    if (terminal.breakAfterPages !== null && pages >= terminal.breakAfterPages) {
      terminal.breakAfterPages = null;
      socket?.send(JSON.stringify(answer).slice(0, 200), { fin: false });
      socket?.terminate();
      return;
    }
    told += records.length;
    pages += 1;
    say(answer);
  };
  const heard = (text: string): void => {
    if (text.includes('"cmd":"getalllog"')) return tellLog(JSON.parse(text) as Record<string, unknown>);
    const { ret, result, count, logindex, cloudtime } = JSON.parse(text) as Record<string, unknown>;
    if (typeof cloudtime === 'string') cloudTimes.push(cloudtime);
    if (ret === 'reg' && result === true) isRegistered = true;
    // An answer to what it sent before is no answer to what it has sent since.
    if (ret === 'sendlog' && result === true && logindex === index && count === inFlight) {
      log.splice(0, inFlight);
      index += inFlight;
      inFlight = 0;
    }
    if (ret === 'reg' || ret === 'sendlog') push();
  };
  const connect = (): void => {
    isRegistered = false;
    const opened = new WebSocket(url);
    socket = opened;
    opened.on('open', push);
    opened.on('message', (data) => heard(data.toString()));
    opened.on('error', () => {});
    opened.on('close', () => {
      if (!isGone && socket === opened) setTimeout(() => !isGone && socket === opened && connect(), resendMs);
    });
  };
  const terminal: SendlogTerminal = {
    breakAfterPages: null,
    pages: () => pages,
    touch(...records) {
      log.push(...records);
      noted.push(...records);
      if (inFlight === 0) push();
    },
    hold(...records) {
      noted.push(...records);
    },
    isDone: () => log.length === 0,
    cloudTimes,
    sent: () => sent,
    async reboot() {
      const before = socket;
      socket = null;
      before?.terminate();
      inFlight = 0;
      connect();
      await until(() => isRegistered, { what: 'the terminal to be registered' });
    },
    async [Symbol.asyncDispose]() {
      isGone = true;
      clearInterval(timer);
      if (socket === null || socket.readyState === WebSocket.CLOSED) return;
      const last = socket;
      await new Promise<void>((closed) => {
        last.once('close', () => closed());
        last.terminate();
      });
    },
  };
  connect();
  const timer = setInterval(push, resendMs);
  return terminal;
}
