/** The connections of hall.yaml: they may change at any time without changing a verdict, and are no part of the hash. */
import { z } from 'zod';
import { RULES } from '../rules/table.ts';
import {
  duration,
  id,
  listen,
  listOf,
  maybe,
  roi,
  secret,
  section,
  shortText,
  size,
  topicFilter,
  url,
  whole,
  withDefault,
} from './fields.ts';
import { clockSchema } from './judging-schema.ts';

const brokerUser = z.strictObject({
  username: id.describe('登录名'),
  password: secret.describe(`密码；写 \${环境变量} 或 password_file`),
  publish: listOf(topicFilter).describe('允许发布的主题，可用 + 和 #'),
  subscribe: listOf(topicFilter).describe('允许订阅的主题，可用 + 和 #'),
});

const embeddedBroker = z
  .strictObject({
    listen: withDefault(listen, '127.0.0.1:1883').describe('监听地址'),
    users: listOf(brokerUser).describe('考勤机、摄像头之外的登录名'),
  })
  .describe('自带的 MQTT 服务');

const mqtt = z
  .strictObject({
    url: maybe(url('mqtt', 'mqtts', 'ws', 'wss')).describe('MQTT 服务器地址，如 mqtt://127.0.0.1:1883'),
    username: maybe(shortText).describe('登录名'),
    password: maybe(secret).describe(`密码；写 \${环境变量} 或 password_file`),
    clientId: maybe(id).describe('客户端编号；不写时由大厅编号得出，同一服务器上不可重复'),
    caFile: maybe(shortText).describe('服务器证书的 CA 文件（PEM），相对于本文件所在文件夹'),
    embedded: z
      .union([z.boolean(), embeddedBroker])
      .nullish()
      .transform((value) => (value === true ? embeddedBroker.parse({}) : value === false ? null : (value ?? null)))
      .describe('true 或一组设置：启动自带的 MQTT 服务'),
  })
  .describe('MQTT：考勤机和摄像头从这里来，告警从这里出去；url 与 embedded 至少写一个');

const camera = z.strictObject({
  id: id.describe('摄像头编号，也是在岗信号的来源名'),
  source: url('rtsp', 'rtsps', 'http', 'https').describe(`视频地址；其中的密码写 \${环境变量}`),
  seats: listOf(
    z.strictObject({
      window: id.describe('看的是哪个窗口'),
      roi: roi.describe('座位在画面中的位置：[左, 上, 宽, 高]，都是 0 到 1 的比例；或至少三个 [x, y] 的多边形'),
    }),
  ).describe('画面中的座位'),
  password: maybe(secret).describe('这路在岗信号登录自带 MQTT 服务的密码，登录名即编号'),
});

const influxdb = z.strictObject({
  driver: z.literal('influxdb'),
  url: url('http', 'https').describe('InfluxDB 地址，如 http://127.0.0.1:8086'),
  database: maybe(shortText).describe('v1 的数据库名'),
  username: maybe(shortText).describe('v1 的登录名'),
  password: maybe(secret).describe(`v1 的密码；写 \${环境变量} 或 password_file`),
  org: maybe(shortText).describe('v2 的组织'),
  bucket: maybe(shortText).describe('v2、v3 的存储桶'),
  token: maybe(secret).describe(`v2、v3 的令牌；写 \${环境变量} 或 token_file`),
  timeout: withDefault(duration, '10s').describe('一次写入最多等多久'),
  flushEvery: withDefault(duration, '1s').describe('攒多久写一批'),
  batchSize: withDefault(whole(1, 50_000), 5000).describe('一批最多多少个点'),
});

const metrics = z
  .discriminatedUnion('driver', [influxdb, z.strictObject({ driver: z.literal('embedded') })])
  .nullish()
  .transform((value) => value ?? null)
  .describe('时序库：influxdb（v1 写 database，v2、v3 写 bucket 和 token），或 embedded 存在账本里；不写则不存');

const webhook = z.strictObject({
  id: id.describe('渠道编号'),
  kind: z.literal('webhook'),
  url: url('http', 'https').describe('接收地址'),
  secret: secret.describe(`签名密钥；写 \${环境变量} 或 secret_file`),
});

const notify = z
  .strictObject({
    channels: listOf(
      z.discriminatedUnion('kind', [
        webhook,
        z.strictObject({ id: id.describe('渠道编号'), kind: z.literal('log') }),
        z.strictObject({ id: id.describe('渠道编号'), kind: z.literal('mqtt') }),
      ]),
    ).describe('消息渠道：webhook、log 或 mqtt'),
    routes: listOf(
      z.strictObject({
        channels: z.array(id).min(1, { error: '@empty' }).describe('发到哪些渠道'),
        rules: z
          .array(z.enum(RULES.map(({ name }) => name)))
          .nullish()
          .transform((value) => value ?? null)
          .describe('只发这些规则的；不写则全部'),
        states: z
          .array(z.enum(['pending', 'open', 'closed']))
          .nullish()
          .transform((value) => value ?? null)
          .describe('只发这些状态的；不写则全部'),
      }),
    ).describe('哪些告警发到哪些渠道'),
    tellWithin: withDefault(duration, '7d').describe('开始于这么久以前的结论只显示，不再通知；更正照发'),
    gather: withDefault(duration, '60s').describe('同一告警的几条消息最多等这么久，合成一条发给人'),
  })
  .describe('通知；不写也总会发到 MQTT 主题和日志');

const intake = z
  .strictObject({
    ahead: withDefault(duration, '5m').describe('设备时间最多可超前这么多；再超前的记录存入拒收表，等人查看'),
    oldest: withDefault(duration, '400d').describe(
      '记录最多可早这么久；更早的（如 2000-01-01）说明设备丢了时间，存入拒收表',
    ),
  })
  .describe('收取设备消息的界限');

const http = z
  .strictObject({
    listen: withDefault(listen, '127.0.0.1:8420').describe('页面和接口的监听地址'),
    devices: maybe(listen).describe('只供设备推送的监听地址，没有页面'),
  })
  .describe('网页与接口');

/** The keys whose values verdicts do not depend on, in the order of the manual. */
export const connectionShape = {
  mqtt: maybe(mqtt),
  clocks: listOf(clockSchema).describe('考勤机和门禁；结论会等这里列出的离线设备'),
  cameras: listOf(camera).describe('摄像头'),
  metrics,
  intake: section(intake),
  notify: section(notify),
  http: section(http),
  data: withDefault(shortText, './data').describe('账本所在文件夹，相对于本文件所在文件夹'),
  diskReserve: withDefault(size, '256MB').describe('磁盘剩余少于这么多时停止收取并报警，如 512MB'),
};
