/** ZKTeco（中控）考勤机：设备推送（ADMS），或由我们按 4370 端口的协议只读地取。 */
import { z } from 'zod';
import { duration, id, maybe, secret, shortText, threshold, url, whole, withDefault } from '../fields.ts';

/** How somebody was recognised, in the words of punches. */
const method = z.enum(['finger', 'face', 'card', 'password', 'palm', 'qr']);

const verification = {
  series: withDefault(z.enum(['classic', 'multi']), 'classic').describe(
    '验证方式代码按哪一代机型解释：classic 0 密码、1 指纹、2 卡；multi（彩屏、多验证方式）1 指纹、3 密码、4 卡；两者 15 人脸、25 掌纹',
  ),
  methods: maybe(z.record(z.string().regex(/^\d{1,3}$/, { error: '@whole' }), method)).describe(
    '这台设备另有约定的验证方式代码，如 { "2": card }',
  ),
} as const;

export const zktecoPush = z
  .strictObject({
    kind: z.literal('zkteco-push'),
    serial: id.describe('设备序列号（设备“系统信息”里的 SN）；凭它认出是哪台'),
    ...verification,
    silence: withDefault(threshold, '3m').describe('这么久没有任何请求就算离线；设备约 10 秒来问一次'),
    backfill: withDefault(duration, '7d').describe(
      '第一次连上时请设备补传多久以前的记录；以后从上次确认收齐的时间起。写 0s 则从不请它补传',
    ),
    relay: maybe(url('http', 'https')).describe(
      '原来的考勤服务器，如 http://192.0.2.20:8081；同样的请求也转给它，它的应答不影响本系统',
    ),
  })
  .describe('中控考勤机主动推送（ADMS / iclock）：设备上把服务器地址设成 http.devices');

export const zktecoPull = z
  .strictObject({
    kind: z.literal('zkteco-pull'),
    host: shortText.describe('设备的地址'),
    port: withDefault(whole(1, 65_535), 4370).describe('设备的端口'),
    password: maybe(secret).describe(`通讯密码（数字），设备上为 0 时不写；写 \${环境变量} 或 password_file`),
    serial: maybe(id).describe('设备序列号；写了则换成别的设备时拒绝读取'),
    ...verification,
    interval: withDefault(threshold, '1m').describe('多久问一次设备的时间和记录数；记录数变了才读记录'),
    backfill: withDefault(duration, '366d').describe('设备里比这更早的记录不取'),
    realtime: withDefault(z.boolean(), true).describe('打卡时设备是否立即告知；false 则只按 interval 读取'),
    setTime: withDefault(z.boolean(), false).describe('设备的钟差 5 秒以上时校准它；false 则从不改动设备'),
  })
  .describe('中控考勤机，由本系统经 TCP 4370 只读地取记录；从不清空设备');
