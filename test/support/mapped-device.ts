/**
 * A terminal that nobody has written a reader for, over MQTT or HTTP: it sends its oldest record that is not answered, again and again,
 * and the next one when it is. It may lose its time, break off in the middle of a message, and be without power for a while.
 */
import { connect } from 'node:net';
import { connect as connectTo, type MqttClient } from 'mqtt';
import { localText } from '../../adapters/local-time.ts';
import { zoneTable } from '../../config/zone-table.ts';
import type { Ms } from '../../rules/time.ts';

const ZONE = zoneTable('Asia/Shanghai');
const RESEND_MS = 100;
const FACTORY_TIME = Date.parse('2000-01-01T00:00:00+08:00');

export interface MappedDevice extends AsyncDisposable {
  /** Somebody touches it. */
  touch(uid: string, at: Ms): void;
  /** Records that it stamped while it had lost its time. */
  readonly lost: readonly string[];
  /** Its battery is empty: it begins in 2000 until it is set. */
  loseTime(): void;
  setTime(): void;
  isDone(): boolean;
  /** What it sends next breaks off in its middle. */
  breakOff(): void;
  reboot(): Promise<void>;
}

export type Road =
  | { readonly kind: 'http'; readonly port: number; readonly path: string }
  | {
      readonly kind: 'mqtt';
      readonly url: string;
      readonly topic: string;
      readonly answers: string;
      readonly login: object;
    };

interface Told {
  readonly seq: number;
  readonly text: string;
}

export function mappedDevice(road: Road): MappedDevice {
  const records: Told[] = [];
  const lost: string[] = [];
  let [seq, isLost, isBreaking, isGone] = [0, false, false, false];
  let client: MqttClient | null = null;
  const answered = (text: string): void => {
    const { seq: number, code } = JSON.parse(text) as { seq?: number; code?: number };
    if (code === 0 && records[0]?.seq === number) records.shift();
  };
  /** It goes on trying for as long as it has power. */
  const boot = (): void => {
    if (road.kind === 'http') return;
    const booted = connectTo(road.url, { ...road.login, clientId: 'stranger', reconnectPeriod: RESEND_MS });
    booted.on('message', (_, payload) => answered(payload.toString()));
    booted.on('error', () => {});
    booted.on('connect', () => booted.subscribe(road.answers, { qos: 0 }));
    client = booted;
  };
  const overHttp = async ({ text }: Told, { port, path }: Extract<Road, { kind: 'http' }>): Promise<void> => {
    if (isBreaking) {
      isBreaking = false;
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      const size = Buffer.byteLength(text);
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: server\r\nContent-Length: ${size}\r\n\r\n${text.slice(0, size / 2)}`,
      );
      await new Promise<void>((done) => socket.end(() => done()));
      socket.destroy();
      return;
    }
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: text });
    const said = await answer.text();
    if (answer.ok) answered(said);
  };
  const push = async (): Promise<void> => {
    const [oldest] = records;
    if (oldest === undefined) return;
    if (road.kind === 'http') return await overHttp(oldest, road);
    if (isBreaking) {
      isBreaking = false;
      client?.stream.destroy();
    }
    if (client?.connected) client.publish(road.topic, oldest.text, { qos: 0 });
  };
  boot();
  const life = (async () => {
    while (!isGone) {
      const before = records.length;
      // Whoever is not there is tried again.
      await push().catch(() => {});
      if (records.length === before || records.length === 0)
        await new Promise((wake) => setTimeout(wake, RESEND_MS / 5));
    }
  })();
  return {
    lost,
    touch(uid, at) {
      seq += 1;
      const shown = isLost ? FACTORY_TIME + seq * 1000 : at;
      if (isLost) lost.push(uid);
      const rec = { uid, ts: localText(ZONE, shown), vm: 1, seq, ok: '1', name: '宋岩', jpg: 'QUJD'.repeat(200) };
      records.push({ seq, text: JSON.stringify({ sn: '0F3A2204', kind: 'evt', rec }) });
    },
    loseTime() {
      isLost = true;
    },
    setTime() {
      isLost = false;
    },
    isDone: () => records.length === 0,
    breakOff() {
      isBreaking = true;
    },
    async reboot() {
      const before = client;
      client = null;
      before?.stream.destroy();
      await before?.endAsync(true);
      boot();
    },
    async [Symbol.asyncDispose]() {
      isGone = true;
      await life;
      await client?.endAsync(true);
    },
  };
}
