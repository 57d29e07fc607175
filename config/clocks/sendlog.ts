/** Face terminals that open a WebSocket (or post over HTTP) and say `reg`, then `sendlog`. */
import { z } from 'zod';
import { duration, httpPath, id, maybe, shortText, withDefault } from '../fields.ts';

export const sendlog = z
  .strictObject({
    kind: z.literal('sendlog'),
    serial: maybe(id).describe('设备序列号（sn）；不写则与考勤机编号相同'),
    path: withDefault(httpPath, '/pub/chat').describe('设备打开 WebSocket 的路径'),
    httpPath: withDefault(httpPath, '/pub/api').describe('设备改用 HTTP 推送时的路径'),
    modes: maybe(z.record(z.string(), shortText)).describe(
      'mode 的值: 验证方式，如 "8": face；各型号不同，不写的值只留存原值',
    ),
    setTime: withDefault(z.boolean(), true).describe('是否在应答里给出时间（cloudtime），设备会照它校时'),
    backfill: withDefault(duration, '7d').describe(
      '经 WebSocket 第一次接上时请设备重报多久以前的记录（getalllog，只读）；以后从上次确认收齐的前一天起。写 0s 则从不请',
    ),
    silence: withDefault(duration, '5m').describe('这么久没有任何消息就算离线'),
  })
  .describe('WebSocket 人脸机（reg、sendlog），见 docs/devices/sendlog.md');

export type Sendlog = z.output<typeof sendlog>;
