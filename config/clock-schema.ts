/** Clocks, as `clocks` of hall.yaml names them; the options of each make stand in a file of their own in clocks/. */
import { z } from 'zod';
import { dahua } from './clocks/dahua.ts';
import { hikvision } from './clocks/hikvision.ts';
import { mapping } from './clocks/mapped.ts';
import { mqttFace } from './clocks/mqtt-face.ts';
import { sendlog } from './clocks/sendlog.ts';
import { zktecoPull, zktecoPush } from './clocks/zkteco.ts';
import { id, maybe, secret, timeZone, withDefault } from './fields.ts';

const mqttJson = z
  .strictObject({ kind: z.literal('mqtt-json') })
  .describe('本系统自己的 JSON 主题：zaigang/<大厅>/clock/<考勤机>/punch');

/** A line for each make. */
const makes = z.discriminatedUnion('kind', [mqttJson, mqttFace, sendlog, zktecoPush, zktecoPull, hikvision, dahua]);

/** Makes whose options may all be left out: their name alone is enough. */
const NAMES = ['mqtt-json', 'mqtt-face', 'sendlog'] as const;

const profile = z
  .union([z.enum(NAMES).transform((kind) => makes.parse({ kind })), makes])
  .nullish()
  .transform((value): z.output<typeof makes> => value ?? { kind: 'mqtt-json' })
  .describe('是哪种考勤机：名称，或 { kind: 名称, 各项设置 }；不写则用本系统自己的 JSON 主题');

const written = z.strictObject({
  id: id.describe('考勤机编号，即 MQTT 主题里的设备名；有登录密码时也是登录名'),
  kind: withDefault(z.enum(['attendance', 'door']), 'attendance').describe(
    'attendance 考勤机；door 门禁，其打卡不当作场中离开',
  ),
  serves: z
    .array(id)
    .nullish()
    .transform((value) => value ?? null)
    .describe('供哪些部门或人员打卡；不写则全部。它离线时只有这些人的结论要等'),
  password: maybe(secret).describe(
    `这台考勤机登录自带 MQTT 服务的密码，登录名即编号；写 \${环境变量} 或 password_file`,
  ),
  timezone: maybe(timeZone).describe('设备显示的时间属于哪个时区；不写则用大厅的。只对不带时区的时间有用'),
  profile,
  map: maybe(mapping),
});

/** A mapping takes the place of a profile. */
export const clockSchema = written.transform(({ map, profile, ...clock }) => ({
  ...clock,
  profile: map === null ? profile : { kind: 'mapped' as const, ...map },
}));
