/**
 * Mappings of clocks that nobody has written a reader for (`map:` of a clock in hall.yaml): where in their messages a punch stands.
 * JSON Pointers (RFC 6901) and lists of values, and no expression language: what a mapping can do is to be seen by reading it.
 */
import { z } from 'zod';
import {
  duration,
  httpPath,
  jsonPointer,
  listOf,
  maybe,
  shortText,
  timeFormat,
  topicFilter,
  topicName,
  withDefault,
} from '../fields.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const scalars = z.array(scalar).min(1, { error: '@empty' });

const of = withDefault(z.enum(['item', 'message']), 'item').describe(
  'item 从这一条记录找（没有 items 时就是整条消息）；message 从整条消息找',
);
const pointers = z.union([jsonPointer.transform((one) => [one]), z.array(jsonPointer).min(1, { error: '@empty' })]);
const ptr = pointers.describe('值在哪里，如 /info/customId；写一组时用第一个有值的');

/** A field by its place alone, or with more to say of it. */
function field<T extends z.ZodRawShape>(more: T) {
  const whole = z.strictObject({ ptr, of, ...more });
  return z.union([jsonPointer.transform((one) => whole.parse({ ptr: one })), whole]);
}

const values = z.record(z.string(), z.string().min(1, { error: '@text' }));
const word = field({
  map: maybe(values).describe('设备的值: 我们的词'),
  default: maybe(shortText).describe('map 里没有这个值，或消息里没有这一项时用的词'),
});
const time = field({
  format: withDefault(timeFormat, 'yyyy-MM-dd HH:mm:ss').describe(
    'yyyy MM dd HH mm ss SSS 组成的写法，或 rfc3339（带时区）、unix（秒）、unix-ms（毫秒）',
  ),
});

/** One value or several; as a list. */
const wanted = {
  equals: maybe(scalar).describe('等于这个值；数与写成文字的数算相等'),
  in: maybe(scalars).describe('是这些值之一'),
} as const;
const isOne = ({ equals = null, in: list = null }: { equals?: unknown; in?: unknown }): boolean =>
  (equals === null) !== (list === null);
const ONE_OF_TWO = { error: '@condition' } as const;

const condition = z
  .union([
    z.strictObject({ topic: topicFilter.describe('MQTT 主题') }),
    z.strictObject({ ptr: jsonPointer.describe('从整条消息找'), ...wanted }).refine(isOne, ONE_OF_TWO),
  ])
  .describe('主题是哪个，或某一项等于（equals）、属于（in）哪些值；数与写成文字的数算相等');
const when = z
  .union([condition.transform((single) => [single]), z.array(condition)])
  .nullish()
  .transform((value) => value ?? []);

const reply = maybe(
  z.strictObject({
    topic: maybe(topicName).describe('发到哪个 MQTT 主题；经 HTTP 推送的不写，就是应答的内容'),
    template: z.unknown().describe('JSON；其中写 { ptr: /路径 } 的地方填入消息里的值'),
  }),
).describe('设备等着的应答；记录存好之后才发');

const ok = z
  .strictObject({
    ptr,
    of,
    ...wanted,
    failed: maybe(scalars).describe('明确表示验证没有通过的值；写了它，其余的值存入拒收表'),
  })
  .refine(isOne, ONE_OF_TWO);

export const mappingShape = {
  topics: listOf(topicFilter).describe('它发到哪些 MQTT 主题；{device} 代表考勤机编号'),
  shared: maybe(
    z.strictObject({
      topics: z.array(topicFilter).min(1, { error: '@empty' }).describe('几台设备共用的主题，如心跳'),
      ptr: jsonPointer.describe('消息里说明是哪台设备的一项'),
      equals: withDefault(shortText, '{device}').describe('这台设备在那一项的值；{device} 代表考勤机编号'),
    }),
  ).describe('与别的设备共用的主题'),
  path: maybe(httpPath).describe('它用 HTTP POST 推送到 http.devices 的哪个路径；{device} 代表考勤机编号'),
  query: maybe(z.record(z.string(), shortText)).describe(
    '几台设备共用路径时，地址里哪些参数说明是这一台，如 sn: "0F3A"',
  ),
  silence: maybe(duration).describe(
    '这么久没有任何消息就算离线；不写时，others 里写了心跳的 15m，没有心跳的按平日的打卡规律（见 docs/devices/mapped.md）',
  ),
  when: when.describe('哪些消息是打卡；不写则全部是'),
  items: maybe(jsonPointer).describe('记录在哪里：一个列表，或单独一条；不写则整条消息就是一条记录'),
  fields: z
    .strictObject({
      credential: field({
        dropZeros: withDefault(z.boolean(), false).describe('是否去掉前导零'),
      }).describe('谁打的卡：与人员的 credentials 相同的编号'),
      time: time.describe('什么时候打的卡'),
      seq: maybe(field({})).describe('设备给记录的流水号，用来认出同一条记录、发现设备换过或清零过'),
      method: maybe(word).describe('怎么打的：finger、face、card、password、palm、qr'),
      direction: maybe(word).describe('进还是出：in、out；只留存，不参与判定'),
      ok: maybe(ok).describe('哪些值说明验证通过；其余的不是打卡'),
    })
    .describe('一条记录里什么是什么'),
  keep: maybe(z.record(z.string(), jsonPointer)).describe(
    '与打卡一起留存的原始值：名称: 在记录里的位置；姓名、照片、模板不要写在这里',
  ),
  reply,
  others: listOf(
    z.strictObject({
      when: when.describe('哪些消息是这一种'),
      alive: withDefault(z.boolean(), true).describe('是否说明设备还在；false 是它的遗嘱，说明它离线了'),
      time: maybe(time).describe('设备自己的钟此刻的时间，用来量它差多少'),
      count: maybe(field({})).describe('设备里共有多少条记录'),
      reply,
    }),
  ).describe('不是打卡的消息，如心跳、陌生人；既不是打卡也不在这里的，存入拒收表等人查看'),
} as const;

/** The `map` of a clock, as hall.yaml has it. */
export const mapping = z
  .strictObject(mappingShape)
  .describe('别家考勤机的消息怎样对应成打卡，见 docs/devices/mapped.md');

export type Mapping = z.output<typeof mapping>;
export type MappedField = Mapping['fields']['credential'] | Mapping['fields']['time'];
export type Condition = Mapping['when'][number];
export type Reply = NonNullable<Mapping['reply']>;
