/**
 * A face terminal over MQTT as the protocol has it: it sends its oldest record that is not acknowledged, again and again, and the next
 * one when it is; at QoS 0. It beats, says that it is online until that is answered, and may reboot or lose its time.
 */
import { connectAsync, type MqttClient } from 'mqtt';
import { until } from './until.ts';

export interface FaceTerminalOptions {
  readonly url: string;
  readonly id: string;
  readonly login?: { readonly username: string; readonly password: string };
  /** After so long without an answer it sends again; the real one waits 10 s. */
  readonly resendMs?: number;
  /** The picture that comes with each record. */
  readonly picture?: string;
}

export interface FaceRecord {
  readonly RecordID: string;
  readonly customId: string;
  readonly time: string;
  readonly VerifyStatus?: string;
}

export interface FaceTerminal extends AsyncDisposable {
  /** Somebody stands before it. */
  recognise(record: FaceRecord): void;
  /** Somebody stands before it whom it does not know. */
  stranger(snapId: string, time: string): Promise<void>;
  beat(time: string): Promise<void>;
  /** The numbers that were acknowledged, in that order. */
  readonly acknowledged: readonly string[];
  readonly strangersAcknowledged: readonly string[];
  readonly isOnline: () => boolean;
  /** How many times a record went out. */
  readonly sent: () => number;
  /** Goes off in the middle of whatever it does; what it has recorded stays in it. */
  reboot(): Promise<void>;
}

/** As the payload of a real device (Cloud ID 1026700) is told of, with the fields that the protocol's description adds. */
export function recPush(id: string, record: FaceRecord, picture = 'QUJD'.repeat(500)): object {
  return {
    operator: 'RecPush',
    info: {
      customId: record.customId,
      personId: '3',
      RecordID: record.RecordID,
      VerifyStatus: record.VerifyStatus ?? '1',
      PersonType: '0',
      similarity1: '83.000000',
      Sendintime: 1,
      direction: 'entr',
      persionName: '宋岩',
      facesluiceId: id,
      idCard: '420123199001011234',
      telnum: ' ',
      time: record.time,
      isNoMask: '1',
      PushType: 0,
      targetPosInScene: [346, 0, 1572, 1080],
      pic: `data:image/jpeg;base64,${picture}`,
    },
  };
}

export async function faceTerminal(options: FaceTerminalOptions): Promise<FaceTerminal> {
  const { url, id, login = {}, resendMs = 100 } = options;
  const records: FaceRecord[] = [];
  const acknowledged: string[] = [];
  const strangers: string[] = [];
  let sent = 0;
  let isOnline = false;
  let client: MqttClient | null = null;

  const say = (topic: string, value: object): void => {
    if (client?.connected) client.publish(topic, JSON.stringify(value), { qos: 0 });
  };
  const push = (): void => {
    if (!isOnline) {
      const info = {
        facesluiceId: id,
        username: 'admin',
        time: '2026-11-20 08:00:00',
        ip: '192.0.2.20',
        facesname: '东门',
      };
      say('mqtt/face/basic', { operator: 'Online', info });
    }
    const [oldest] = records;
    if (oldest === undefined || !client?.connected) return;
    sent += 1;
    say(`mqtt/face/${id}/Rec`, recPush(id, oldest, options.picture));
  };
  const heard = (payload: Buffer): void => {
    const { operator, info } = JSON.parse(payload.toString()) as { operator: string; info: Record<string, unknown> };
    if (operator === 'Online-Ack') isOnline = true;
    if (operator !== 'PushAck') return;
    const number = String(info['SnapOrRecordID']);
    if (Number(info['PushAckType']) === 1) strangers.push(number);
    else if (records[0]?.RecordID === number) {
      records.shift();
      acknowledged.push(number);
      say(`mqtt/face/${id}/Ack`, {
        messageId: number,
        operator: 'PushAck-Ack',
        info: { facesluiceId: id, result: 'ok' },
      });
      push();
    }
  };
  const boot = async (): Promise<void> => {
    const booted = await connectAsync(url, { ...login, clientId: `face-${id}`, reconnectPeriod: 100 });
    booted.on('message', (_, payload) => heard(payload));
    booted.on('error', () => {});
    booted.on('connect', () => booted.subscribe(`mqtt/face/${id}`, { qos: 0 }));
    await booted.subscribeAsync(`mqtt/face/${id}`, { qos: 0 });
    client = booted;
  };
  await boot();
  const timer = setInterval(push, resendMs);

  return {
    recognise(record) {
      records.push(record);
      if (records.length === 1) push();
    },
    async stranger(snapId, time) {
      const info = { facesluiceId: id, SnapID: snapId, time, PushType: 0, pic: 'data:image/jpeg;base64,QUJD' };
      await until(
        () => {
          if (strangers.includes(snapId)) return true;
          say(`mqtt/face/${id}/Snap`, { operator: 'StrSnapPush', info });
          return false;
        },
        { what: 'the stranger to be acknowledged' },
      );
    },
    async beat(time) {
      await client?.publishAsync(
        'mqtt/face/heartbeat',
        JSON.stringify({ operator: 'HeartBeat', info: { facesluiceId: id, time } }),
      );
    },
    acknowledged,
    strangersAcknowledged: strangers,
    isOnline: () => isOnline,
    sent: () => sent,
    async reboot() {
      const before = client;
      client = null;
      isOnline = false;
      before?.stream.destroy();
      await before?.endAsync(true);
      await boot();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await client?.endAsync(true);
    },
  };
}
