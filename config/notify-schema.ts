/** Who is told of what, by which channel, and when. */
import { z } from 'zod';
import { RULES } from '../rules/table.ts';
import {
  date,
  duration,
  id,
  listOf,
  maybe,
  secret,
  section,
  session,
  shortText,
  size,
  timeOfDay,
  url,
  whole,
  withDefault,
} from './fields.ts';

const TO = ['supervision', 'management', 'chief', 'department', 'hall', 'person'] as const;

/** Who reads a channel, and how many messages it takes. */
function readers(otherwise: (typeof TO)[number], perMinute: number) {
  return {
    to: withDefault(z.enum(TO), otherwise).describe(
      '谁在看：supervision 督查、management 大厅负责人、chief 首席代表、department 部门群、hall 全厅群、person 本人；群里不出现姓名',
    ),
    departments: listOf(id).describe('只发这些部门的；to 为 chief 或 department 时要写'),
    perMinute: withDefault(whole(1, 600), perMinute).describe('每分钟最多发几条，超出的合并成一条'),
  };
}

const channelId = id.describe('渠道编号');

const webhook = z.strictObject({
  id: channelId,
  kind: z.literal('webhook'),
  url: url('http', 'https').describe('接收地址'),
  secret: secret.describe(`签名密钥；写 \${环境变量} 或 secret_file`),
});

const wecom = z.strictObject({
  id: channelId,
  kind: z.literal('wecom'),
  token: secret.describe(`群机器人地址里 key= 后面的部分；写 \${环境变量} 或 token_file`),
  format: withDefault(z.enum(['text', 'markdown']), 'text').describe('text 纯文本；markdown 在微信里看不到'),
  url: withDefault(url('http', 'https'), 'https://qyapi.weixin.qq.com').describe('企业微信或政务微信的地址'),
  ...readers('hall', 15),
});

const wecomApp = z.strictObject({
  id: channelId,
  kind: z.literal('wecom-app'),
  corp: shortText.describe('企业 ID'),
  agent: whole(1, 2_147_483_647).describe('应用的 AgentId'),
  secret: secret.describe(`应用的 Secret；写 \${环境变量} 或 secret_file`),
  accounts: listOf(shortText).describe('接收人的企业微信账号；to 为 person 时不写，发到人员 contacts 里的 wecom'),
  url: withDefault(url('http', 'https'), 'https://qyapi.weixin.qq.com').describe('企业微信或政务微信的地址'),
  ...readers('person', 60),
});

const robot = {
  secret: maybe(secret).describe(`加签密钥；写 \${环境变量} 或 secret_file`),
  keyword: maybe(shortText).describe('机器人要求的关键词'),
};

const dingtalk = z.strictObject({
  id: channelId,
  kind: z.literal('dingtalk'),
  token: secret.describe(`机器人地址里 access_token= 后面的部分；写 \${环境变量} 或 token_file`),
  ...robot,
  url: withDefault(url('http', 'https'), 'https://oapi.dingtalk.com').describe('钉钉的地址'),
  ...readers('hall', 15),
});

const feishu = z.strictObject({
  id: channelId,
  kind: z.literal('feishu'),
  token: secret.describe(`机器人地址里 /hook/ 后面的部分；写 \${环境变量} 或 token_file`),
  ...robot,
  url: withDefault(url('http', 'https'), 'https://open.feishu.cn').describe('飞书的地址'),
  ...readers('hall', 60),
});

const email = z.strictObject({
  id: channelId,
  kind: z.literal('email'),
  server: url('smtp', 'smtps').describe('发信服务器，如 smtps://mail.example.gov.cn:465'),
  username: maybe(shortText).describe('登录名'),
  password: maybe(secret).describe(`密码；写 \${环境变量} 或 password_file`),
  from: shortText.describe('发件人地址'),
  addresses: listOf(shortText).describe('收件人地址；to 为 person 时不写，发到人员 contacts 里的 email'),
  attachUpTo: withDefault(size, '10MB').describe('定时报表的附件合计最多多大，如 10MB；超出的不附，邮件里说明'),
  ...readers('supervision', 30),
});

const channel = z.discriminatedUnion('kind', [
  webhook,
  wecom,
  wecomApp,
  dingtalk,
  feishu,
  email,
  z.strictObject({ id: channelId, kind: z.literal('log') }),
  z.strictObject({ id: channelId, kind: z.literal('mqtt') }),
]);

const digests = z
  .strictObject({
    arrivals: withDefault(z.array(timeOfDay), ['09:35', '14:35']).describe('工作日几点发上班情况汇总'),
    others: withDefault(timeOfDay, '08:40').describe('次工作日几点发早退、缺卡等其余汇总'),
  })
  .describe('汇总：已经过去的事不即时打扰，只进汇总；webhook 不汇总');

const stages = z
  .strictObject({
    person: withDefault(duration, '5m').describe('多久后询问本人'),
    chief: withDefault(duration, '10m').describe('多久后告知首席代表、B 岗和群'),
    supervision: withDefault(duration, '15m').describe('多久后仍无人受理的告知督查'),
    management: withDefault(duration, '30m').describe('多久后仍无人受理的告知大厅负责人'),
  })
  .describe('逐级告知，从事情开始时算起');

const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a hall thinks of a rule until it says otherwise: a window that nobody holds keeps people waiting, a forgotten touch does not. */
const USUAL: Readonly<Record<string, Severity>> = {
  absent: 'high',
  'missing-cover': 'high',
  'left-post': 'high',
  'missing-punch': 'low',
  'unverified-occupant': 'low',
  'leave-slip': 'low',
};

const severityOf = (rule: string) =>
  withDefault(z.enum(SEVERITIES), USUAL[rule] ?? 'medium').describe(`${rule} 的轻重：low 轻、medium 中、high 重`);

const severities = z
  .strictObject(Object.fromEntries(RULES.map(({ name }) => [name, severityOf(name)] as const)))
  .describe('各规则的轻重，供 routes 按轻重分发；不影响判定和计分');

const duty = z
  .strictObject({
    from: date.describe('从哪一天起轮，通常是周一'),
    people: z.array(id).min(1, { error: '@empty' }).describe('依次轮到谁，轮完从头再来'),
    each: withDefault(z.enum(['week', 'day']), 'week').describe('一人一周（值周长）或一人一天'),
    instead: z.record(date, id).default({}).describe('某天换成谁，如 { "2026-05-06": e090 }'),
  })
  .describe('值周长（值班领导）轮值表，供 routes 用 onDuty 分发');

/** A list whose items are of one kind; null where it is left out. */
const only = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value): z.output<T>[] | null => value ?? null);

export const notify = z
  .strictObject({
    channels: listOf(channel).describe('消息渠道：webhook、wecom、wecom-app、dingtalk、feishu、email、log 或 mqtt'),
    routes: listOf(
      z.strictObject({
        channels: z.array(id).min(1, { error: '@empty' }).describe('发到哪些渠道'),
        rules: only(z.enum(RULES.map(({ name }) => name))).describe('只发这些规则的；不写则全部'),
        severities: only(z.enum(SEVERITIES)).describe('只发这些轻重的；不写则全部'),
        onDuty: only(id).describe('只在这些人值周（见 duty）时发；不写则不论谁值周'),
        states: only(z.enum(['pending', 'open', 'closed'])).describe('只发这些状态的；不写则全部'),
        departments: only(id).describe('只发这些部门的；不写则全部'),
        hours: only(session).describe('只发这些时段内开始的，如 ["08:30-12:00"]；不写则全部'),
      }),
    ).describe('哪些告警发到哪些渠道'),
    severities: section(severities),
    duty: maybe(duty),
    stages: section(stages),
    digests: section(digests),
    quiet: withDefault(z.array(session), ['18:30-08:30']).describe('这些时段不打扰人，改进汇总；[] 为不设'),
    longestSilence: withDefault(duration, '24h').describe('一次静默最多多久（不超过 31d）；更久的停办请登记暂停'),
    tellWithin: withDefault(duration, '7d').describe('开始于这么久以前的结论只显示，不再通知；更正照发'),
    gather: withDefault(duration, '60s').describe('同一告警的几条消息最多等这么久，合成一条发给人'),
  })
  .describe('通知；不写也总会发到 MQTT 主题和日志');
