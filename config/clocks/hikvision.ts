/** 海康威视（Hikvision）门禁、人脸、指纹终端，经 ISAPI。 */
import { z } from 'zod';
import { duration, listOf, maybe, secret, shortText, threshold, url, whole, withDefault } from '../fields.ts';

export const hikvision = z
  .strictObject({
    kind: z.literal('hikvision'),
    url: maybe(url('http', 'https')).describe(
      '设备地址，如 http://192.0.2.30；不写则只收设备推送的，断线期间漏掉的不能向设备补取',
    ),
    username: maybe(shortText).describe('登录名'),
    password: maybe(secret).describe(`密码；写 \${环境变量} 或 password_file`),
    listen: withDefault(z.enum(['stream', 'log']), 'stream').describe(
      'stream 连着设备的报警流，打卡立即到；log 只按 every 查记录，用于报警流被别的平台占着、或由设备推送的时候',
    ),
    every: withDefault(threshold, '1m').describe('多久查一次设备的记录：补上没听到的，并证明收齐了'),
    silence: maybe(duration).describe('这么久没有任何消息就算离线；不写时连着报警流的 60s，只收推送的按平日的打卡规律'),
    backfill: withDefault(duration, '7d').describe('第一次连上时取多久以前的记录；以后从上次收齐的地方起'),
    setTime: withDefault(z.boolean(), false).describe('设备的钟差 5 秒以上时校准它；false 则从不改动设备'),
    passes: listOf(whole(1, 65_535)).describe('另外算作打卡的事件子类型（subEventType），设备有自定义事件时才写'),
  })
  .describe('海康威视门禁、考勤终端：报警流、推送（httpHosts）与记录查询（AcsEvent）');

export type Hikvision = z.output<typeof hikvision>;
