/** Everything the check can say, in Chinese. The other languages have the same keys (`Words`). */
import type { Ms } from '../rules/time.ts';
import { formatDuration } from './durations.ts';
import { suggest } from './suggest.ts';
import type { Noun, SyntaxCause, SyntaxFault, Told, TypeName } from './terms.ts';

const told = (message: string, hint: string | null = null): Told => ({ message, hint });
const meant = (word: string | null, otherwise: string | null = null): string | null =>
  word === null ? otherwise : `是不是想写 ${word}？`;
const oneOf = (words: readonly string[]): string => `可以写：${words.join('、')}`;

const NOUNS: Readonly<Record<Noun, string>> = {
  employee: '人员',
  department: '部门',
  schedule: '班次',
  window: '窗口',
  device: '设备',
  channel: '通知渠道',
  user: '登录名',
  served: '部门或人员',
  recorder: '录像机',
};

const TYPES: Readonly<Record<TypeName, string>> = {
  text: '一段文字',
  number: '一个数',
  yesNo: '“是否”值（true 或 false）',
  list: '一个列表',
  map: '一组“键: 值”',
  nothing: '空值',
};

const FAULTS: Readonly<Record<SyntaxFault, string>> = {
  tab: '缩进用了制表符，YAML 只认空格',
  indent: '缩进不对',
  openQuote: '这个引号没有收尾',
  openBracket: '这个括号没有收尾',
  unclosed: '这里没有写完：括号、引号、逗号或冒号不全，或缩进与上一行对不齐',
  unexpected: '这里不该出现这个',
  nestedInLine: '一行里写了两层“键: 值”，或值的下面又缩进写了别的',
  reserved: '值不能以这个字符开头，要加引号',
  escape: '双引号里的 \\ 后面不是认得的转义；路径请改用单引号',
  severalDocuments: '文件里有第二份文档（---），一个文件只写一个大厅',
  tag: '不认识的 YAML 标签（!…）',
  anchor: '锚点或别名（& *）用得不对',
  tooDeep: '嵌套太深',
  other: '不是正确的 YAML',
};

const CAUSES: Readonly<Record<Exclude<SyntaxCause, null>, string>> = {
  wideColon: '冒号写成了中文的“：”，要用英文冒号加一个空格',
  bareVariable: `花括号或方括号里的 \${…} 要加引号，如 "\${MQTT_PASSWORD}"`,
  wideQuote: '引号要用英文的 " 或 \'',
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: '没有这个文件',
  EACCES: '没有读取权限',
  EISDIR: '这是文件夹',
  EFBIG: '文件太大，不像是密码',
  EMPTY: '文件是空的',
};

export const zh = {
  fileMissing: () => told('没有这个文件'),
  fileIsFolder: () => told('这是文件夹，不是配置文件'),
  fileTooLarge: ({ limit }: { limit: string }) => told(`文件超过 ${limit}，不会是大厅配置`),
  fileNotReadable: ({ because }: { because: string }) => told(`读不了这个文件：${REASONS[because] ?? because}`),
  notUtf8: () => told('文件不是 UTF-8 编码', '用编辑器另存为 UTF-8（记事本：另存为 → 编码 → UTF-8）'),
  fileEmpty: () => told('文件是空的', '运行 zaigang init 可得到一份带注释的样例'),

  yaml: ({ fault, cause }: { fault: SyntaxFault; cause: SyntaxCause }) =>
    told(`YAML：${FAULTS[fault]}`, cause === null ? null : CAUSES[cause]),
  tooMuch: () => told('别名（*）循环引用，或展开后太大、太深'),
  unknownAnchor: () => told('前面没有定义这个别名（&…）'),
  duplicateKey: ({ line }: { line: number }) => told('同一层里这个键写了两次', `第 ${line} 行已有`),
  keyNotText: () => told('键只能是一个词'),

  unknownKey: ({ shown, word, known }: { shown: string; word: string; known: readonly string[] }) =>
    told(`不认识的键 ${shown}`, meant(suggest(word, known), known.length > 0 ? oneOf(known) : null)),
  onlyInDemo: ({ key }: { key: string }) => told(`${key} 只在演示（zaigang demo）里有`, '给每台设备写密码'),
  missing: ({ key, about }: { key: string; about: string | null }) => told(`缺少 ${key}`, about),
  wrongType: ({ expected, got }: { expected: TypeName; got: TypeName }) =>
    told(`应为${TYPES[expected]}，写的是${TYPES[got]}`),
  notAllowed: (p: { shown: string; word: string | null; allowed: readonly string[] }) => {
    const near = p.word === null ? null : suggest(p.word, p.allowed);
    return told(`${p.shown} 不能写在这里`, near === null ? oneOf(p.allowed) : `${meant(near)}（${oneOf(p.allowed)}）`);
  },
  numberAsId: ({ source }: { source: string }) =>
    told('编号被读成了数', `工号请加引号，否则前导零会丢失：写成 "${source}"`),
  numberAsText: ({ source }: { source: string }) => told('文字被读成了数', `请加引号：写成 "${source}"`),
  numberAsSecret: () => told('密码被读成了数', '请加引号，否则前导零会丢失'),
  badId: ({ shown }: { shown: string }) =>
    told(`${shown} 不能作编号`, '1 到 64 个字符，不含空格和 / + #（编号是 MQTT 主题的一层）'),
  badCredential: ({ shown }: { shown: string }) => told(`${shown} 不能作打卡编号`, '1 到 64 个字符，不含空格'),
  badText: () => told('不能为空，也不能超过 200 个字符'),
  emptyItem: () => told('列表里这一项是空的'),
  emptyList: () => told('列表不能为空'),
  noUnit: ({ source }: { source: string }) =>
    told('时长没有单位', `写成 ${source}m（分钟）或 ${source}s（秒）；可用单位 h、m、s、ms`),
  badDuration: ({ shown, limit }: { shown: string; limit: string }) =>
    told(`${shown} 不是时长`, `写法如 90s、5m、2h、1h30m、500ms，最长 ${limit}`),
  badDate: ({ shown }: { shown: string }) => told(`${shown} 不是日期`, '写法如 2026-03-02'),
  noSuchDate: ({ shown }: { shown: string }) => told(`没有 ${shown} 这一天`),
  badTime: ({ shown, word }: { shown: string; word: string | null }) =>
    told(`${shown} 不是钟点`, meant(word, '写法如 "04:00"')),
  badSession: ({ shown, word }: { shown: string; word: string | null }) =>
    told(`${shown} 不是场次`, meant(word, '写法如 "09:00-12:00"')),
  badZone: ({ shown, word, zones }: { shown: string; word: string; zones: readonly string[] }) =>
    told(`没有 ${shown} 这个时区`, meant(suggest(word, zones), '写 IANA 名称，如 Asia/Shanghai')),
  badNumber: ({ minimum, maximum }: { minimum: number; maximum: number }) =>
    told(`应为 ${minimum} 到 ${maximum} 的整数`),
  badUrl: ({ schemes }: { schemes: readonly string[] }) =>
    told('地址不对', `要以 ${schemes.map((s) => `${s}://`).join('、')} 开头，后面是主机名`),
  badListen: () => told('监听地址不对', '写法如 127.0.0.1:8420'),
  badNetwork: ({ shown }: { shown: string }) => told(`${shown} 不是地址或网段`, '写法如 127.0.0.1、::1、10.1.0.0/16'),
  badHeader: ({ shown }: { shown: string }) => told(`${shown} 不是请求头名`, '写法如 X-Remote-User'),
  badSize: () => told('大小不对', '写法如 512MB、2GB'),
  badTopic: ({ shown }: { shown: string }) => told(`${shown} 不是 MQTT 主题`, '+ 独占一层，# 只能是最后一层'),
  badTopicName: ({ shown }: { shown: string }) =>
    told(`${shown} 不是可以发布的 MQTT 主题`, '发布的主题里不能有 + 和 #'),
  badPointer: ({ shown, word }: { shown: string; word: string | null }) =>
    told(`${shown} 不是 JSON Pointer`, meant(word, '每一层前面写 /，如 /info/customId')),
  badTimeFormat: ({ shown, word }: { shown: string; word: string | null }) =>
    told(
      `${shown} 不是时间的写法`,
      meant(word, '由 yyyy MM dd HH mm ss SSS 组成（MM 是月、mm 是分），或 rfc3339、unix、unix-ms'),
    ),
  badHttpPath: ({ shown }: { shown: string }) => told(`${shown} 不是路径`, '写法如 /push/clock-1，不含 ? 和空格'),
  equalsOrIn: () => told('equals 和 in 要写一个，也只能写一个'),
  mapOrProfile: () => told('profile 和 map 只能写一个', 'profile 是认得的型号，map 是自己写的对应关系'),
  mapNowhere: () => told('map 没有说消息从哪里来', '写 topics（MQTT 主题）或 path（HTTP 路径）'),
  replyNowhere: () => told('不知道应答发到哪个主题', '写 topic；只有经 path 用 HTTP 推送的可以不写'),
  topicTwice: ({ shown, line }: { shown: string; line: number }) =>
    told(`主题 ${shown} 已是另一台考勤机的`, `第 ${line} 行已有；几台共用的主题写在 shared 里`),
  badRoi: () => told('座位区域应为 [左, 上, 宽, 高]，或至少三个 [x, y]'),
  roiOutside: () => told('座位区域超出了画面', '都是 0 到 1 的比例，左+宽、上+高不超过 1，宽和高大于 0'),

  unknown: ({ noun, shown, word, known }: { noun: Noun; shown: string; word: string; known: readonly string[] }) =>
    told(`没有${NOUNS[noun]} ${shown}`, meant(suggest(word, known))),
  unknownDevice: ({ shown, word, known }: { shown: string; word: string; known: readonly string[] }) =>
    told(`clocks 里没有设备 ${shown}，它离线时不会有人等它补传`, meant(suggest(word, known))),
  duplicate: ({ noun, shown, line }: { noun: Noun; shown: string; line: number }) =>
    told(`${NOUNS[noun]} ${shown} 重复`, `第 ${line} 行已有`),
  repeated: ({ shown }: { shown: string }) => told(`${shown} 在这里写了两次`),
  bothRoles: ({ shown }: { shown: string }) => told(`${shown} 同时是这个窗口的 A 岗和 B 岗`),
  reservedDevice: () => told('设备不能叫 daemon，那是本程序自己'),
  credentialClash: (p: { shown: string; person: string; other: string; line: number }) =>
    told(
      `打卡编号 ${p.shown} 同时属于 ${p.person} 和 ${p.other}`,
      `另一处在第 ${p.line} 行；请按设备（device）或日期（from、to）分开`,
    ),
  credentialTwice: ({ shown }: { shown: string }) => told(`打卡编号 ${shown} 给同一个人写了两次`),
  aWithoutSchedule: ({ shown }: { shown: string }) =>
    told(`A 岗 ${shown} 没有班次，除值班外不算在岗`, '给此人写 schedule'),
  aWithoutCredential: ({ shown }: { shown: string }) =>
    told(`A 岗 ${shown} 没有打卡编号，打卡对不上人`, '给此人写 credentials'),

  weeklyOrVersions: () => told('weekly 和 versions 要写一个，也只能写一个'),
  versionWithoutFrom: () => told('只有第一版可以不写 from'),
  versionsOrder: ({ shown }: { shown: string }) => told(`${shown} 不晚于上一版`, 'versions 按 from 从早到晚写'),
  fromAfterUntil: ({ shown, key }: { shown: string; key: string }) =>
    told(`${shown} 早于 from`, `${key} 含当天，不能早于 from`),
  sessionEmpty: ({ shown }: { shown: string }) => told(`场次 ${shown} 开始和结束是同一时刻`),
  sessionOrder: ({ shown }: { shown: string }) => told(`场次 ${shown} 排在了更晚的场次后面`, '场次要从早到晚写'),
  sessionOverlap: ({ shown, other }: { shown: string; other: string }) => told(`场次 ${shown} 与 ${other} 重叠`),
  sessionsTooClose: ({ shown, other }: { shown: string; other: string }) =>
    told(`场次 ${shown} 与 ${other} 之间不到 1 分钟`, '合写成一场，或至少隔开 1 分钟'),
  sessionBeforeDay: ({ shown, dayStart }: { shown: string; dayStart: string }) =>
    told(`场次 ${shown} 早于一天的开始 ${dayStart}`, '调早 hall.dayStart，或写在前一天'),
  sessionAfterDay: ({ shown, dayStart }: { shown: string; dayStart: string }) =>
    told(
      `场次 ${shown} 越过了次日 ${dayStart}，即下一天的开始`,
      '结束早于开始表示跨午夜；确实跨午夜的，调晚 hall.dayStart',
    ),
  limitsCross: ({ short, long, limit, rule }: { short: string; long: string; limit: Ms; rule: string }) =>
    told(`${short} 不小于 ${long}（${formatDuration(limit)}），${rule} 就永远不会出现`),

  variableMissing: ({ name, names }: { name: string; names: readonly string[] }) =>
    told(
      names.includes(name) ? `环境变量 ${name} 是空的` : `没有设置环境变量 ${name}`,
      meant(names.includes(name) ? null : suggest(name, names), `也可以写默认值：\${${name}:-…}`),
    ),
  variableMalformed: () => told(`\${ 后面要有变量名和 }`, `要写 \${ 本身，请写 $\${`),
  secretEmpty: ({ key }: { key: string }) => told(`${key} 是空的`, `写 \${环境变量} 或 ${key}_file`),
  secretInFile: ({ key }: { key: string }) => told(`${key} 明文写在文件里`, `改用 \${环境变量} 或 ${key}_file`),
  secretInAddress: () => told('地址里有明文密码', `改用 \${环境变量}`),
  secretTwice: ({ key }: { key: string }) => told(`${key} 和 ${key}_file 只能写一个`),
  fileUnreadable: ({ because }: { because: string }) => told(`读不了这个文件：${REASONS[because] ?? because}`),

  mqttNowhere: () => told('mqtt 里 url 和 embedded 至少写一个'),
  cameraNowhere: () => told('这路摄像头既看不到也听不到', '写 source、recorder、witness，或它登录 MQTT 的 password'),
  channelMissing: () => told('是录像机的一路，但没有说第几路', '写 channel，如 channel: 3'),
  recorderMissing: () => told('channel 是录像机的第几路，但没有说哪台录像机', '写 recorder'),
  twoSources: () => told('source 和 recorder 只能写一个', '录像机的一路，地址写在 recorders 里'),
  channelTwice: ({ line }: { line: number }) => told('这台录像机的这一路写了两次', `第 ${line} 行已有`),
  recorderWithoutMark: () =>
    told('录像机的地址里没有 {n}，分不出第几路', '把通道号写成 {n}，如 /Streaming/Channels/{n}02'),
  frigateNowhere: () => told('不知道到哪个 MQTT 服务器听 Frigate', '在这里写 broker，或写 mqtt.url'),
  clockCannotSignIn: ({ shown }: { shown: string }) =>
    told(`${shown} 没有密码，登录不了自带的 MQTT 服务`, '写 password 或 password_file'),
  clockCannotPush: ({ shown }: { shown: string }) =>
    told(`${shown} 用 HTTP 推送，但没有接收它的地址`, '写 http.devices，如 "0.0.0.0:8081"'),
  influxVersion: () => told('database（v1）和 bucket（v2、v3）要写一个，也只能写一个'),
  influxToken: () => told('写了 bucket（v2、v3）就要有 token'),
  influxMixed: ({ key, version }: { key: string; version: string }) => told(`${key} 只用于 InfluxDB ${version}`),
  channelWithoutDepartments: ({ to }: { to: string }) => told(`to: ${to} 要写是哪些部门`, '写 departments: [部门编号]'),
  groupIsNobody: () => told('群机器人发不到本人', 'to: person 只能用于 email 和 wecom-app'),
  neverOnDuty: ({ shown }: { shown: string }) => told(`${shown} 从不值周，这条永远用不上`, '写进 notify.duty'),
  appNowhere: () => told('消息没有收件人', '写 accounts，或写 to: person'),
  mailNowhere: () => told('邮件没有收件人', '写 addresses，或 to: person'),
  channelWithoutReports: ({ shown }: { shown: string }) =>
    told(
      `渠道 ${shown} 不能用来告知报表`,
      '用群机器人、email、webhook，或有 accounts 的 wecom-app；发到本人的、log 和 mqtt 都不行',
    ),
  reportsOverwrite: ({ line }: { line: number }) =>
    told(
      `与第 ${line} 行写入同样的文件，一个脱敏、一个不脱敏，会互相覆盖`,
      '写不同的 folder，或两处写同样的 maskNames',
    ),
  sameListen: () => told('devices 和 listen 不能是同一个地址'),
};

/** What each language must be able to say. */
export type Words = typeof zh;
