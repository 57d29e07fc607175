/** 大华（Dahua）门禁、人脸、指纹终端，经 HTTP API。 */
import { z } from 'zod';
import { duration, maybe, secret, shortText, threshold, url, withDefault } from '../fields.ts';

export const dahua = z
  .strictObject({
    kind: z.literal('dahua'),
    url: maybe(url('http', 'https')).describe(
      '设备地址，如 http://192.0.2.40；不写则只收设备推送的，断线期间漏掉的不能向设备补取',
    ),
    username: maybe(shortText).describe('登录名'),
    password: maybe(secret).describe(`密码；写 \${环境变量} 或 password_file`),
    listen: withDefault(z.enum(['stream', 'log']), 'stream').describe(
      'stream 连着设备的事件流，打卡立即到；log 只按 every 查记录，用于由设备推送的时候',
    ),
    every: withDefault(threshold, '1m').describe('多久查一次设备的记录：补上没听到的，并证明收齐了'),
    silence: maybe(duration).describe('这么久没有任何消息就算离线；不写时连着事件流的 30s，只收推送的按平日的打卡规律'),
    backfill: withDefault(duration, '7d').describe('第一次连上时取多久以前的记录；以后从上次收齐的时间起'),
    setTime: withDefault(z.boolean(), false).describe('设备的钟差 5 秒以上时校准它；false 则从不改动设备'),
    utcIsLocal: withDefault(z.boolean(), false).describe(
      '设备写在 UTC、CreateTime 里的其实是当地时间时写 true；表现是打卡全差整数个小时',
    ),
  })
  .describe('大华门禁、考勤终端：事件流、推送（EventHttpUpload）与记录查询（recordFinder）');

export type Dahua = z.output<typeof dahua>;
