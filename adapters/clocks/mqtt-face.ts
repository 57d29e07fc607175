/**
 * Face terminals that publish recognitions (`RecPush`) over MQTT: a ready-made mapping, in the two layouts of topics.
 *
 * Topics, fields, `VerifyStatus` and `PushAck`: "MQTT Protocol of Intelligent Network Camera V1.25" of the maker HFSecurity, as retold by
 * integrators on GitHub, with payloads of real devices. A device that resumes from a break point sends a record again after 10 s until
 * it is acknowledged. The layout `mqtt/device/{CODE}/{ID}` is that of 实名制 attendance on building sites (km.jsske.com/x/jAAaAQ); what
 * its devices want as an answer is not verified.
 *
 * Names come as `personName`, of older firmware `persionName`; neither is read.
 */
import { type Mapping, mapping } from '../../config/clocks/mapped.ts';
import type { MqttFace } from '../../config/clocks/mqtt-face.ts';
import type { ClockSurroundings, ConnectedClock } from '../clock.ts';
import { mappedClock } from './mapped.ts';

/** What is kept with a punch; as texts, as the device sends nearly everything. */
const KEPT = ['VerifyStatus', 'PersonType', 'Sendintime', 'PushType', 'opendoorWay'];

export function mqttFaceClock(
  options: MqttFace,
  around: Pick<ClockSurroundings, 'device' | 'zone' | 'clock'>,
): ConnectedClock {
  return mappedClock(mqttFaceMapping(options, around.device), around);
}

/** As one would write it under `map:`. `clock`: its id in the configuration. */
export function mqttFaceMapping(options: MqttFace, clock: string): Mapping {
  const device = options.device ?? clock;
  const own = options.layout === 'face' ? `mqtt/face/${device}` : `mqtt/device/${options.code}/${device}`;
  const common = options.layout === 'face' ? 'mqtt/face' : own;
  const aside = [`${common}/heartbeat`, `${common}/basic`];
  const time = { ptr: '/info/time' };
  return mapping.parse({
    topics: [`${own}/Rec`, `${own}/Snap`, `${own}/Ack`, ...(options.layout === 'face' ? [] : aside)],
    // In this layout all devices of a broker share the topics of their heartbeats.
    shared: options.layout === 'face' ? { topics: aside, ptr: '/info/facesluiceId', equals: device } : null,
    silence: `${options.silence}ms`,
    when: [{ topic: `${own}/Rec` }],
    items: '/info',
    fields: {
      ok: { ptr: '/VerifyStatus', in: options.passed, failed: ['2', '3'] },
      credential: `/${options.credential}`,
      time: '/time',
      seq: '/RecordID',
      direction: { ptr: '/direction', map: { entr: 'in', exit: 'out' }, default: 'unknown' },
    },
    keep: Object.fromEntries(KEPT.map((key) => [key, `/${key}`])),
    reply: answer(options, own, 2, '/info/RecordID'),
    others: [
      // Somebody whom it does not know.
      { when: [{ topic: `${own}/Snap` }], reply: answer(options, own, 1, '/info/SnapID') },
      { when: [{ topic: `${own}/Ack` }] },
      { when: [{ ptr: '/operator', equals: 'Offline' }], alive: false },
      {
        when: [{ ptr: '/operator', equals: 'Online' }],
        time,
        reply: {
          topic: own,
          template: { operator: 'Online-Ack', messageId: 'online', info: { facesluiceId: device, result: 'ok' } },
        },
      },
      { when: [{ topic: `${common}/heartbeat` }], time },
      { when: [{ topic: `${common}/basic` }] },
    ],
  });
}

/** `kind`: 1 of a stranger, 2 of a record. `messageId` names it again, so that the device's own answer can be told apart. */
function answer({ acknowledgement }: MqttFace, topic: string, kind: 1 | 2, number: string): object | null {
  switch (acknowledgement) {
    case 'none':
      return null;
    case 'PushAck':
      return {
        topic,
        template: {
          operator: 'PushAck',
          messageId: { ptr: number },
          info: { PushAckType: kind, SnapOrRecordID: { ptr: number } },
        },
      };
    case 'RecPushAck':
      if (kind === 1) return null;
      return {
        topic,
        template: {
          operator: 'RecPushAck',
          info: { customId: { ptr: '/info/customId' }, RecordID: { ptr: number }, result: 'success' },
        },
      };
  }
}
