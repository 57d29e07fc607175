/** Devices that say by themselves whether somebody is at a window, as a camera of hall.yaml may name one. */
import { z } from 'zod';
import { id, maybe, secret, shortText, threshold, url, whole, withDefault } from './fields.ts';

const state = z.enum(['occupied', 'empty', 'unknown']);

const window = id.describe('说的是哪个窗口');
const deviceUrl = url('http', 'https').describe(`设备地址，如 http://用户名:\${CAM_PASSWORD}@192.0.2.10`);
const hold = withDefault(threshold, '30s').describe('只报告“发生了”的事件管多久；过后算看不清');

const events = z
  .array(
    z.strictObject({
      event: shortText.describe('设备给这种事件的名字，不分大小写'),
      begins: maybe(state).describe('事件开始或持续时的状态；不写则不说明什么'),
      ends: maybe(state).describe('事件结束时的状态；不写则不说明什么'),
      hold: maybe(threshold).describe(
        '这种事件管多久；不写时，开始、结束都写了状态的管到下一次，只写一个的管 witness.hold 那么久',
      ),
    }),
  )
  .min(1, { error: '@empty' })
  .nullish()
  .transform((value) => value ?? null)
  .describe('哪些事件说明什么；不写用默认的');

const channel = maybe(whole(1, 4096)).describe('设备的第几路；不写则任意一路');

/** A list of zones that has one at least. */
const zonesOf = <T extends z.ZodType>(zone: T) =>
  z.array(zone).min(1, { error: '@empty' }).describe('设备的哪个区域是哪个窗口');

const frigate = z
  .strictObject({
    kind: z.literal('frigate'),
    broker: maybe(
      z.strictObject({
        url: url('mqtt', 'mqtts').describe('Frigate 所用 MQTT 服务器的地址'),
        username: maybe(shortText).describe('登录名'),
        password: maybe(secret).describe(`密码；写 \${环境变量} 或 password_file`),
      }),
    ).describe('不写则用 mqtt.url 那个'),
    prefix: withDefault(shortText, 'frigate').describe('Frigate 的 topic_prefix'),
    silence: withDefault(threshold, '3m').describe('这么久没有任何消息就算看不清；Frigate 每分钟发一次统计'),
    zones: zonesOf(
      z.strictObject({
        window,
        camera: id.describe('Frigate 里摄像头的名字；它掉线时算看不清'),
        zone: maybe(id).describe('Frigate 里区域的名字；不写则整幅画面'),
        object: withDefault(id, 'person').describe('数的是什么'),
      }),
    ),
  })
  .describe('Frigate：经 MQTT 发布各区域的人数');

const hikvision = z
  .strictObject({
    kind: z.literal('hikvision'),
    url: deviceUrl,
    silence: withDefault(threshold, '60s').describe('这么久没有任何消息就算看不清；设备约 10 秒一次心跳'),
    hold,
    events,
    zones: zonesOf(
      z.strictObject({ window, channel, region: maybe(whole(0, 64)).describe('规则的区域编号；不写则任意区域') }),
    ),
  })
  .describe('海康威视：设备自己分析，经 ISAPI 报警流报告');

const dahua = z
  .strictObject({
    kind: z.literal('dahua'),
    url: deviceUrl,
    silence: withDefault(threshold, '30s').describe('这么久没有任何消息就算看不清；设备每 5 秒一次心跳'),
    hold,
    events,
    zones: zonesOf(
      z.strictObject({ window, channel, rule: maybe(shortText).describe('规则的名字或编号；不写则任意规则') }),
    ),
  })
  .describe('大华：设备自己分析，经 eventManager 报告');

const onvif = z
  .strictObject({
    kind: z.literal('onvif'),
    url: url('onvif', 'http', 'https').describe(`摄像头地址，如 onvif://用户名:\${CAM_PASSWORD}@192.0.2.10`),
    hold: withDefault(threshold, '2m').describe('规则说的话管多久；其间会请摄像头把现状重说一遍'),
    zones: zonesOf(
      z.strictObject({
        window,
        rule: shortText.describe('摄像头里区域检测规则（FieldDetector）的名字'),
        videoSource: maybe(shortText).describe('录像机的哪一路（VideoSourceConfigurationToken）；不写则任意一路'),
        saysEmpty: withDefault(z.boolean(), false).describe(
          '规则说区域内没有目标时是否算无人；许多摄像头对坐着不动的人也这样说，确认后再写 true',
        ),
      }),
    ),
  })
  .describe('ONVIF：摄像头自己的区域检测规则');

export const witness = maybe(z.discriminatedUnion('kind', [frigate, hikvision, dahua, onvif])).describe(
  '设备自己会说座位有没有人时：听它的；可与 source 并用，互为印证',
);
