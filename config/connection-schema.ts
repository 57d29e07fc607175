/** The connections of hall.yaml: they may change at any time without changing a verdict, and are no part of the hash. */
import { z } from 'zod';
import { clockSchema } from './clock-schema.ts';
import {
  duration,
  headerName,
  id,
  listen,
  listOf,
  maybe,
  network,
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
import { notify } from './notify-schema.ts';
import { reportsSchema } from './report-schema.ts';
import { witness } from './witness-schema.ts';

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
    url: maybe(url('mqtt', 'mqtts')).describe('MQTT 服务器地址，如 mqtt://127.0.0.1:1883'),
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
  source: maybe(url('rtsp', 'rtsps', 'http', 'https')).describe(
    `视频地址；其中的密码写 \${环境变量}；录像机的一路（recorder）、只有 witness 或只经 MQTT 上报的不写`,
  ),
  recorder: maybe(id).describe('它是哪台录像机的一路；地址和密码在 recorders 里写一次'),
  channel: maybe(whole(1, 4096)).describe('录像机的第几路，即录像机地址里 {n} 的值'),
  seats: listOf(
    z.strictObject({
      window: id.describe('看的是哪个窗口'),
      roi: roi.describe('座位在画面中的位置：[左, 上, 宽, 高]，都是 0 到 1 的比例；或至少三个 [x, y] 的多边形'),
    }),
  ).describe('画面中的座位'),
  witness,
  password: maybe(secret).describe('这路在岗信号登录自带 MQTT 服务的密码，登录名即编号'),
});

const recorder = z.strictObject({
  id: id.describe('录像机编号'),
  source: url('rtsp', 'rtsps', 'http', 'https').describe(
    `各路子码流的地址，{n} 是第几路，如 rtsp://用户名:\${NVR_PASSWORD}@192.0.2.20/Streaming/Channels/{n}02`,
  ),
});

const evidence = z
  .strictObject({
    pictures: withDefault(z.boolean(), true).describe(
      '窗口无人顶岗、脱岗的案件是否留存画面：最后有人、离开、报警、返回各一张，只有座位及其周围清晰',
    ),
    memory: withDefault(size, '4MB').describe(
      '每路摄像头的画面在内存中最多占多少，如 4MB；最近的画面至多 18 幅，约半分钟；不写入磁盘',
    ),
    afterFinal: withDefault(duration, '90d').describe(
      '案件了结或撤销后画面再留多久，之后删除，账本中仍有其摘要；不宜少于 90d',
    ),
    otherwise: withDefault(duration, '90d').describe('不属于案件、由人要求留存的画面留多久'),
  })
  .describe('画面证据');

const person = maybe(
  z.strictObject({
    model: shortText.describe('human（npm 包 @vladmandic/human 里的 MoveNet），或 ONNX 文件的路径'),
    packages: withDefault(shortText, './person-model').describe(
      '它要用的 npm 包装在哪个文件夹；路径都相对于本文件所在文件夹',
    ),
  }),
).describe('认人的模型：只在拿不准座位有没有人时问它，只答有没有人；不写则拿不准的算看不清');

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
  flushEvery: withDefault(duration, '1s').describe('有新数据后攒多久再写；0s 立即写'),
  batchSize: withDefault(whole(1, 50_000), 5000).describe('一批最多多少个点'),
});

const metrics = z
  .discriminatedUnion('driver', [influxdb, z.strictObject({ driver: z.literal('embedded') })])
  .nullish()
  .transform((value) => value ?? null)
  .describe('时序库：influxdb（v1 写 database，v2、v3 写 bucket 和 token），或 embedded 存在账本里；不写则不存');

const cases = z
  .strictObject({
    appealDays: withDefault(whole(1, 60), 5).describe('本人收到决定后可申诉几个工作日（本人请假日不算）'),
  })
  .describe('案件处理');

const intake = z
  .strictObject({
    ahead: withDefault(duration, '5m').describe('设备时间最多可超前这么多；再超前的记录存入拒收表，等人查看'),
    oldest: withDefault(duration, '400d').describe(
      '记录最多可早这么久；更早的（如 2000-01-01）说明设备丢了时间，存入拒收表',
    ),
    longestOff: withDefault(duration, '21d').describe(
      '程序最多停这么久（须长过春节等放假）；开机时的时间比账本最后的记录晚得更多，就疑心是时间错了：暂停判定，打卡照收',
    ),
    correctFrom: withDefault(duration, '10s').describe(
      '考勤机时钟与主机相差达到这么多时，按测得的差值校正打卡时间；原来的时间照样保留',
    ),
    stepped: withDefault(duration, '30s').describe(
      '两次测得的差值相差这么多，说明考勤机的时钟被拨过；其间的打卡无法判断时间，存入拒收表，等人查看',
    ),
    flood: withDefault(whole(1, 100_000), 500).describe('一台设备每秒多于这么多条消息，且持续十秒，算作故障并告知'),
  })
  .describe('收取设备消息的界限');

const signIn = z
  .strictObject({
    idle: withDefault(duration, '2h').describe('登录后这么久不用即退出'),
    longest: withDefault(duration, '12h').describe('一次登录最多这么久'),
    link: withDefault(duration, '24h').describe('一次性链接（设密码、大屏、首位管理员）多久内有效'),
    tries: withDefault(whole(1, 1000), 5).describe('同一账号连续输错这么多次后，每次再试都要等'),
    addressTries: withDefault(whole(1, 100_000), 30).describe('同一地址连续输错这么多次后，每次再试都要等'),
    firstPause: withDefault(duration, '5s').describe('第一次等多久；之后每次加倍'),
    longestPause: withDefault(duration, '15m').describe('最多等多久'),
  })
  .describe('登录');

const proxy = z
  .strictObject({
    from: z
      .array(network)
      .min(1, { error: '@empty' })
      .describe('反向代理的地址或网段，如 127.0.0.1、10.1.0.0/16；只信它们转来的来源地址和用户'),
    userHeader: maybe(headerName).describe('代理用这个请求头说明已登录的用户名，如 X-Remote-User；不写则不由代理登录'),
  })
  .describe('前面的反向代理');

const http = z
  .strictObject({
    listen: withDefault(listen, '127.0.0.1:8420').describe('页面和接口的监听地址'),
    devices: maybe(listen).describe('只供设备推送的监听地址，没有页面'),
    address: maybe(url('http', 'https')).describe(
      '人们打开页面用的地址，如 https://hall.example.gov.cn；用于一次性链接',
    ),
    openBoard: z
      .boolean()
      .nullish()
      .transform((value): boolean | null => value ?? null)
      .describe('不登录能否看不带姓名的看板；不写时，只在监听本机且没有代理时能看'),
    proxy: maybe(proxy),
    signIn: section(signIn),
  })
  .describe('网页与接口');

/** The keys whose values verdicts do not depend on, in the order of the manual. */
export const connectionShape = {
  mqtt: maybe(mqtt),
  clocks: listOf(clockSchema).describe('考勤机和门禁；结论会等这里列出的离线设备'),
  recorders: listOf(recorder).describe('录像机；它的各路在 cameras 里写 recorder 和 channel'),
  cameras: listOf(camera).describe('摄像头'),
  evidence: section(evidence),
  person,
  metrics,
  intake: section(intake),
  notify: section(notify),
  cases: section(cases),
  http: section(http),
  reports: reportsSchema,
  data: withDefault(shortText, './data').describe('账本所在文件夹，相对于本文件所在文件夹'),
  diskReserve: withDefault(size, '256MB').describe('磁盘剩余少于这么多时停止收取并报警，如 512MB'),
};
