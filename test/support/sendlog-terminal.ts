/**
 * A face terminal that opens a WebSocket, as people who run such devices tell: `reg` first, then its oldest records by `sendlog`, the
 * same again until it is answered; it comes again when the line broke, sets its clock by `cloudtime`, and may reboot.
 */
import { WebSocket } from 'ws';
import { until } from './until.ts';

export interface SendlogRecord {
  readonly enrollid: number | string;
  readonly time: string;
  readonly mode?: number;
  readonly event?: number;
}

export interface SendlogTerminal extends AsyncDisposable {
  touch(...records: SendlogRecord[]): void;
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
}

export const record = ({ enrollid, time, mode = 8, event = 0 }: SendlogRecord): object => ({
  ...{ enrollid, name: '宋岩', time, mode, inout: 0, event },
  image: 'QUJD'.repeat(100),
});

export function sendlogOf(serial: string, records: readonly SendlogRecord[], logindex = 12): object {
  return { cmd: 'sendlog', sn: serial, count: records.length, logindex, record: records.map(record) };
}

export const regOf = (serial: string): object => ({
  cmd: 'reg',
  sn: serial,
  devinfo: {
    modelname: 'AiFace',
    usersize: 5000,
    logsize: 500_000,
    usedlog: 18,
    firmware: 'ai518_f43h_v1.27',
    time: '2026-11-20 08:00:00',
  },
});

export function sendlogTerminal({ url, serial, resendMs = 100 }: SendlogTerminalOptions): SendlogTerminal {
  const log: SendlogRecord[] = [];
  const cloudTimes: string[] = [];
  let [sent, index, isRegistered, isGone] = [0, 0, false, false];
  let inFlight = 0;
  let socket: WebSocket | null = null;

  const say = (value: object): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(value));
  };
  const push = (): void => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (!isRegistered) return say(regOf(serial));
    if (log.length === 0) return;
    inFlight = Math.min(log.length, 5);
    sent += 1;
    say(sendlogOf(serial, log.slice(0, inFlight), index));
  };
  const heard = (text: string): void => {
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
  connect();
  const timer = setInterval(push, resendMs);

  return {
    touch(...records) {
      log.push(...records);
      if (inFlight === 0) push();
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
}
