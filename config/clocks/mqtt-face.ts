/** Face terminals that publish recognitions over MQTT, in the two layouts of topics that are met. */
import { z } from 'zod';
import { duration, id, maybe, shortText, withDefault } from '../fields.ts';

export const mqttFace = z
  .strictObject({
    kind: z.literal('mqtt-face'),
    device: maybe(id).describe('设备自己的编号，即它主题里的 ID；不写则与考勤机编号相同'),
    layout: withDefault(z.enum(['face', 'device']), 'face').describe(
      'face：mqtt/face/{ID}/Rec；device：实名制考勤的 mqtt/device/{CODE}/{ID}/Rec',
    ),
    code: withDefault(id, 'face').describe('layout 为 device 时主题里的 CODE'),
    credential: withDefault(z.enum(['customId', 'personId']), 'customId').describe(
      '用哪一项认人：customId 平台下发的编号，personId 设备自己排的编号；两者会重号，所以只用一个',
    ),
    acknowledgement: withDefault(z.enum(['PushAck', 'RecPushAck', 'none']), 'PushAck').describe(
      '设备等着的应答叫什么；none 不应答，用于没有打开断点续传的设备',
    ),
    passed: withDefault(z.array(shortText).min(1, { error: '@empty' }), ['1']).describe(
      'VerifyStatus 的哪些值说明验证通过；2（拒绝）、3（未登记）不算打卡，其余的值存入拒收表',
    ),
    silence: withDefault(duration, '3m').describe('这么久没有任何消息就算离线；设备约 30 到 60 秒一次心跳'),
  })
  .describe('MQTT 人脸机（RecPush），见 docs/devices/mqtt-face.md');

export type MqttFace = z.output<typeof mqttFace>;
