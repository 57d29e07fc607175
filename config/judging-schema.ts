/** The judging part of hall.yaml: what verdicts depend on. Descriptions are the manual and the editor's hints. */
import { z } from 'zod';
import type { ThresholdName } from '../rules/thresholds.ts';
import {
  credentialId,
  date,
  id,
  listOf,
  maybe,
  section,
  session,
  shortText,
  threshold,
  timeOfDay,
  timeZone,
  whole,
  withDefault,
} from './fields.ts';

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const hall = z
  .strictObject({
    id: id.describe('大厅编号，用于 MQTT 主题和时序库，启用后不要改'),
    name: maybe(shortText).describe('大厅名称，显示在页面、消息和报表上；不写时用编号'),
    timezone: timeZone.describe('时区（IANA 名称），如 Asia/Shanghai；与服务器本身的时区无关'),
    dayStart: withDefault(timeOfDay, '04:00').describe('一天从几点算起；有跨午夜班次的大厅要调晚，使班次不跨过它'),
  })
  .describe('大厅');

const calendar = z
  .strictObject({
    country: withDefault(z.enum(['CN', 'none']), 'CN').describe(
      '法定节假日与调休：CN 为国务院办公厅公布的安排，none 为只按星期；尚未公布的年份标为待确认，不下结论',
    ),
    makeUpDayUses: withDefault(weekday, 'mon').describe('调休上班日若当天星期没有班次，按星期几的班次上班'),
    days: z
      .record(date, z.enum(['rest', 'work']))
      .nullish()
      .transform((days) => days ?? {})
      .describe('本大厅自己的休息日和上班日，日期: rest 或 work，优先于法定安排'),
  })
  .describe('日历');

const thresholds = {
  dedupe: threshold.nullish().describe('重复打卡：离上一次有效打卡不超过这么久的不算，默认 60s'),
  lateGrace: threshold.nullish().describe('迟到宽限：晚到不超过这么久不算迟到，默认 5m；分钟数仍从应到时刻算起'),
  earlyGrace: threshold.nullish().describe('早退宽限：早走不超过这么久不算早退，默认 5m'),
  absentAfter: threshold.nullish().describe('缺勤界限：晚到超过这么久算缺勤，不再算迟到，默认 30m'),
  outWindow: threshold.nullish().describe('下班卡等待：下班后这么久内的打卡都算下班卡，过后才断定缺卡或早退，默认 2h'),
  settle: threshold.nullish().describe('设备恢复后的等待：考勤机重新上线后留给它补传的时间，默认 5m'),
  joinGap: threshold.nullish().describe('连班界限：两场相隔不到这么久就合为一场，默认 30m'),
  minBreak: threshold.nullish().describe('场间两次打卡至少相隔这么久，才分别算上一场的下班和下一场的上班，默认 15m'),
  lunchNear: threshold.nullish().describe('午间只打一次卡：离上一场结束超过这么久的，下一场的缺卡先存疑，默认 20m'),
  coverGrace: threshold.nullish().describe('空岗宽限：无人顶岗达到这么久才报，默认 10m'),
  leftPostAfter: threshold.nullish().describe('脱岗界限：应有人而座位空着达到这么久才报，默认 15m'),
  minAway: threshold.nullish().describe('短于这么久的离座不计入累计离岗，默认 2m'),
  leftPostTotal: threshold.nullish().describe('累计离岗界限：一场内多次短暂离座加起来达到这么久就报，默认 30m'),
  bridge: threshold.nullish().describe('补缝：前后状态相同、不超过这么久的未知按前后状态算，默认 60s'),
  minReturn: threshold.nullish().describe('防闪：两段空座之间不到这么久的有人不算回来，默认 20s'),
  offlineAfter: threshold.nullish().describe('设备多久没有心跳算离线，默认 2m'),
  deliveryLag: threshold.nullish().describe('等打卡送到：依据“没打卡”的结论，出现后等这么久才告知，默认 90s'),
} satisfies Record<ThresholdName, z.ZodType>;

const rules = z
  .strictObject({
    ...thresholds,
    forecastDays: whole(0, 31).nullish().describe('预先检查今后几个工作日的顶岗安排，默认 1 天，0 为不查'),
    slipKinds: z.array(shortText).nullish().describe('哪些种类的请假要有请假条，默认 [事假, 病假, 公休]'),
    slipDays: whole(0, 366).nullish().describe('一次请假超过几天要有请假条，默认 1；天数按当日班次时间折算'),
    slipMonthDays: whole(0, 31).nullish().describe('当月各次请假累计超过几天，超过的那次也要有请假条，默认 3'),
  })
  .describe('各项时限，都要带单位，如 90s、5m、1h30m；窗口里写的优先于班次，班次优先于大厅');

const weekly = z
  .strictObject({
    mon: listOf(session).describe('周一的场次'),
    tue: listOf(session).describe('周二的场次'),
    wed: listOf(session).describe('周三的场次'),
    thu: listOf(session).describe('周四的场次'),
    fri: listOf(session).describe('周五的场次'),
    sat: listOf(session).describe('周六的场次'),
    sun: listOf(session).describe('周日的场次'),
  })
  .describe('每周的场次，如 mon: ["09:00-12:00", "14:00-17:00"]；没写的星期休息');

const schedule = z
  .strictObject({
    punches: withDefault(z.enum(['session', 'day', 'in']), 'session').describe(
      '打卡方式：session 每场上下班各打一次，day 全天首末各一次，in 每场只打上班卡',
    ),
    weekly: maybe(weekly),
    versions: z
      .array(
        z.strictObject({
          from: maybe(date).describe('从哪天起用这一版；只有第一版可以不写，表示一直如此'),
          weekly,
        }),
      )
      .min(1, { error: '@empty' })
      .nullish()
      .transform((versions) => versions ?? null)
      .describe('随日期更换的班次（如夏令作息），按 from 从早到晚；与 weekly 二选一'),
    rules: maybe(rules),
  })
  .describe('班次');

const department = z.strictObject({
  id: id.describe('部门编号'),
  name: maybe(shortText).describe('部门名称；不写时用编号'),
  leaders: listOf(id).describe('分管领导的人员编号，可写多个'),
});

const credential = z
  .union([
    credentialId,
    z.strictObject({
      id: credentialId.describe('在考勤机上的编号，要加引号'),
      device: maybe(id).describe('只在这台考勤机上有效；不写则每台都有效'),
      from: maybe(date).describe('从哪天起归此人'),
      to: maybe(date).describe('到哪天为止（含当天）'),
    }),
  ])
  .transform((value) => (typeof value === 'string' ? { id: value, device: null, from: null, to: null } : value));

const contacts = z
  .strictObject({
    wecom: maybe(shortText).describe('企业微信账号'),
    dingtalk: maybe(shortText).describe('钉钉账号'),
    feishu: maybe(shortText).describe('飞书账号'),
    phone: maybe(shortText).describe('手机号，要加引号'),
    email: maybe(shortText).describe('电子邮箱'),
  })
  .describe('联系方式，只用于把消息发给本人');

const employee = z.strictObject({
  id: id.describe('人员编号，要加引号；页面和时序库都用它，启用后不要改'),
  name: maybe(shortText).describe('姓名；不写时用编号'),
  department: maybe(id).describe('所属部门的编号'),
  schedule: maybe(id).describe('班次；不写则此人不用打卡'),
  credentials: listOf(credential).describe('打卡编号：字符串对每台考勤机有效，也可写 {device, id, from, to}'),
  from: maybe(date).describe('从哪天起考勤'),
  until: maybe(date).describe('考勤到哪天为止（含当天）'),
  contacts: section(contacts),
});

const holders = z.union([id, z.array(id)]).transform((value) => (typeof value === 'string' ? [value] : value));

const window = z.strictObject({
  id: id.describe('窗口编号，用于 MQTT 主题，启用后不要改'),
  name: maybe(shortText).describe('窗口名称；不写时用编号'),
  department: maybe(id).describe('所属部门的编号'),
  schedule: id.describe('窗口的服务时间，写班次名'),
  a: holders.describe('A 岗人员编号，一人或多人；暂时没有写 []'),
  b: z
    .union([id, z.array(id)])
    .nullish()
    .transform((value) => (value == null ? [] : typeof value === 'string' ? [value] : value))
    .describe('B 岗人员编号，按顶岗的先后次序'),
  group: maybe(id).describe('同一柜台的几个窗口写同一个组名'),
  rules: maybe(rules),
  from: maybe(date).describe('从哪天起开办'),
  until: maybe(date).describe('开办到哪天为止（含当天）'),
});

/** The keys whose values verdicts depend on, in the order of the manual. */
export const judgingShape = {
  hall,
  judgeFrom: maybe(date).describe('从哪天起正式评判；之前为试运行，只显示，不告知、不计入'),
  calendar: section(calendar),
  schedules: z
    .record(id, schedule)
    .nullish()
    .transform((value) => value ?? {})
    .describe('班次，名称自定'),
  departments: listOf(department).describe('进驻的部门'),
  employees: listOf(employee).describe('窗口人员'),
  windows: listOf(window).describe('窗口；排在前面的先安排顶岗'),
  rules: section(rules),
};
