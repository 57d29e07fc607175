/**
 * Why something of a clock could not be taken, or a clock not be reached, in Chinese. Those who say it are far from people and say it in
 * English, as it stands in the log; here is every such sentence. `{}` stands for what differs, which is translated as well where it is
 * one of these. A test compares them with the sources, so that none is forgotten and none is left over.
 */
import type { Language } from '../alerts/words.ts';

/** The more particular before the more general. */
export const REASONS: readonly (readonly [en: string, zh: string])[] = [
  // Times, identities and topics.
  ["{} from the future: the device's clock is {} min ahead", '{}时间在将来：设备时钟快了 {} 分钟'],
  ["{} too old: the device's clock may have lost its time", '{}时间太早：设备可能丢了时间（如断电后回到 2000 年）'],
  [
    'the device’s clock was set around then, and nobody can tell which time it stamped',
    '设备时钟在那前后被拨过，分不清是哪个时间',
  ],
  ['another fact with the same identity says something else', '同一编号已有一条内容不同的记录'],
  ['no door has this topic', '没有哪台设备用这个主题'],
  ['no window is called "{}"', '没有窗口“{}”'],
  ['no clock of the configuration is asked for here', '这个地址不是配置里哪台考勤机的'],
  ['the clock {}, which used this topic, was taken out of the configuration', '用这个主题的考勤机 {} 已从配置里拿掉'],
  ['the broker does not let us hear this topic', 'MQTT 服务不许我们听这个主题'],
  // Payloads of our own, and what they share with others.
  ['The payload is empty; expected a JSON object.', '内容是空的'],
  ['The payload is not valid UTF-8; expected a JSON object in UTF-8.', '内容不是 UTF-8'],
  ['The payload ({} bytes) is not JSON; expected a JSON object.', '内容（{} 字节）不是 JSON'],
  ['The payload has {} bytes; expected at most {}.', '内容有 {} 字节，最多 {} 字节'],
  ['The payload is {}; expected a JSON object.', '内容是{}，不是 JSON 对象'],
  ['"{}" is missing; expected {}.', '缺少“{}”（{}）'],
  [
    '"{}" {}; expected a text of 1 to {} characters or a whole number from 0.',
    '“{}”{}（应是 1 到 {} 个字，或从 0 起的整数）',
  ],
  ['"{}" is {}; expected {}.', '“{}”是 {}，不对（{}）'],
  ['a time with an offset, such as "2026-03-02T08:55:10+08:00"', '应是带时区的时间，如 2026-03-02T08:55:10+08:00'],
  ['a whole number from 0', '应是从 0 起的整数'],
  ['a text of 1 to {} characters', '应是 1 到 {} 个字'],
  ['is missing', '没有'],
  ['is {}', '是{}'],
  ['a list', '列表'],
  ['an empty text', '空的'],
  ['an object', '对象'],
  ['another text', '别的文字'],
  ['another number', '别的数'],
  // Mapped clocks.
  ['it fits neither the when of punches ({}) nor others', '既不符合打卡的 when（{}），也不在 others 里'],
  ['the topic is not {}', '主题不是 {}'],
  ['there is no {}', '没有 {}'],
  ['{}: the message has no {}', '{}：消息里没有 {}'],
  ['{}: is empty', '{}：是空的'],
  ['{}: is no value that can be used', '{}：不是能用的值'],
  ['{}: is too long; at most {}', '{}：太长，最多 {}'],
  ['{}: is no whole number from 0', '{}：不是从 0 起的整数'],
  ['{}: is none of {}', '{}：应是其中之一：{}'],
  ['{}: is no time written {}', '{}：时间的写法应是 {}'],
  ['there is {}', '那里有 {}'],
  ['it looks like {}', '看上去是 {}'],
  ['credential {}', '人员编号 {}'],
  ['time {}', '打卡时间 {}'],
  ['sequence number {}', '流水号 {}'],
  ['method {}', '打卡方式 {}'],
  ['direction {}', '进出 {}'],
  ['verification {}', '验证结果 {}'],
  // sendlog.
  ['The message is not a JSON object.', '消息不是 JSON 对象'],
  ['The message has no list "record".', '消息里没有列表 record'],
  ['The message has {} records; expected at most {}.', '消息里有 {} 条记录，最多 {} 条'],
  ['A record is no object.', '有一条记录不是对象'],
  ['"time" is no time written {}.', '“time”不是 {} 写法的时间'],
  ['asked for', '已请它重报'],
  ['refused by the device', '设备拒绝'],
  ['the device begins again and again', '设备一再从头报起'],
  ['could not be kept in time', '没能及时存下'],
  ['all that it said; its clock was wrong', '它报的都收了；但它的时钟当时不对'],
  ['whole', '已收齐'],
  // Dahua.
  [
    'None of "RealUTC", "UTC", "CreateTimeRealUTC" and "CreateTime" is a time.',
    'RealUTC、UTC、CreateTimeRealUTC、CreateTime 都不是时间',
  ],
  ['The message looks like JSON, and is none.', '消息像 JSON，却不是'],
  ['The message has an event without "Code".', '消息里有一个事件没有 Code'],
  ['The message is neither an event ("Code=…") nor JSON.', '消息既不是事件（Code=…），也不是 JSON'],
  ['The data of the event is no JSON object.', '事件的 data 不是 JSON 对象'],
  ['it heeds no times', '设备不理会时间范围'],
  // Hikvision.
  [
    'The message has neither "eventType" nor "AccessControllerEvent".',
    '消息里既没有 eventType，也没有 AccessControllerEvent',
  ],
  ['An entry of "InfoList" is no object.', 'InfoList 里有一条不是对象'],
  ['"majorEventType" or "subEventType" is missing or no number.', '缺少 majorEventType 或 subEventType，或不是数'],
  [
    '"subEventType" {} of a person is not known here; if it is a punch, write it under passes.',
    '还不认识人员事件 subEventType {}；如果是打卡，请写进 passes',
  ],
  ['"dateTime" is missing or no time that exists.', '缺少 dateTime，或不是存在的时间'],
  ['The message is neither JSON nor XML.', '消息既不是 JSON，也不是 XML'],
  ['The message is JSON, but no object.', '消息是 JSON，但不是对象'],
  ['it is not called', '不由我们去取'],
  ['the answer is no list of events', '应答不是事件列表'],
  [
    'Two devices send as clock "{}" ({} and {}); give each its own.',
    '两台设备都以考勤机“{}”的名义发来（{} 和 {}）；请各用各的编号',
  ],
  // ZKTeco.
  ['The line has {} bytes; a punch has at most {}.', '这一行有 {} 字节；打卡最多 {} 字节'],
  [
    'The line has no "pin" or no "event" with a number; expected an event of access control.',
    '这一行没有 pin，或 event 不是数；应是门禁事件',
  ],
  [
    '"event" is {}, with a person; expected 0 to 19 for one who was let in.',
    'event 是 {}，又有人员；放行的应是 0 到 19',
  ],
  [
    'The user {}; expected "user<tab>time<tab>status<tab>verification".',
    '用户号{}；一行应是“用户号、时间、状态、验证方式”',
  ],
  ['is no number or name in ASCII of at most 64 characters', '不是 64 个字符以内的数字或英文'],
  ['The time is {}; expected a date that exists, such as "2026-03-02 08:55:10".', '时间是 {}，不是存在的时间'],
  ['a text of {} bytes', '{} 字节的文字'],
  [
    'The device uploaded a table {} that is not known; expected ATTLOG or rtlog for punches.',
    '设备上传了不认识的表 {}；打卡应在 ATTLOG 或 rtlog 里',
  ],
  ['without a name', '（无名）'],
  ['Two devices answer to the serial number {}: {} and {}.', '两台设备用同一个序列号 {}：{} 和 {}'],
  ['Two devices answer to the serial number {}: {}.', '两台设备用同一个序列号 {}：{}'],
  ['refused by the device (Return={})', '设备拒绝（Return={}）'],
  ['never answered by the device (asked {} times)', '设备始终没有应答（问了 {} 次）'],
  ['not supported', '设备不支持'],
  ['the log broke off: {} of {} bytes of records came', '记录没有传完：{} / {} 字节'],
  ['the log broke off: of bytes {} to {} only {} came', '记录没有传完：第 {} 到 {} 字节只来了 {}'],
  ['the log has {} bytes, which are no records of a known size', '记录有 {} 字节，不是已知长度的记录'],
  [
    'The record is of user number {} of the device, whose user id the device does not know any more.',
    '记录属于设备内部的第 {} 号用户，设备已不知道其工号',
  ],
  [
    'The user id of the record is empty or no ASCII; expected 1 to 24 characters.',
    '记录的用户号是空的，或不是英文数字（应为 1 到 24 个字符）',
  ],
  ['The record is of {}; expected a time that exists.', '记录的时间 {} 不存在'],
  ['{} records, all read', '{} 条，全部读到'],
  ['{} records, and the device says that there are {}', '读到 {} 条，设备说有 {} 条'],
  ['the device does not say how many records it has', '设备不说有多少条记录'],
  ['the device at {} has the serial number {}, and {} is configured', '{} 上的设备序列号是 {}，配置里写的是 {}'],
  ['closed by us', '我们断开了'],
  ['{} refused the communication key (通讯密码, password)', '{} 拒绝了通讯密码'],
  ['{} asks for a communication key (通讯密码); none is configured (password)', '{} 要通讯密码，请写进 password'],
  ['{} refused the connection ({})', '{} 拒绝连接（{}）'],
  ['the device has no table {} to read ({})', '设备没有可读的表 {}（{}）'],
  ['the device says that its log has {} bytes', '设备说它的记录有 {} 字节'],
  ['bytes {} to {} of the log came damaged {} times (checksum)', '记录的第 {} 到 {} 字节 {} 次都校验不对'],
  ['the log came damaged (checksum)', '记录校验不对'],
  ['{} did not answer within {} s', '{} 在 {} 秒内没有应答'],
  ['{} cannot be reached ({}); nothing listens on this port of it', '{} 连不上（{}）：这个端口上没有服务'],
  [
    'what answers there does not speak the protocol of ZKTeco devices (their port is 4370)',
    '那里应答的不是中控协议（中控的端口是 4370）',
  ],
  ['{} failed{}; last: {}', '失败 {} 次{}；最近：{}'],
  [', {} waiting', '，{} 条在等'],
  [', {} dropped', '，{} 条已丢弃'],
  ['answered {}', '应答 {}'],
  ['did not answer within {} s', '在 {} 秒内没有应答'],
  // Devices over HTTP, and their streams.
  ['the device refused the user name or password', '设备拒绝了用户名或密码'],
  ['the device asks for a user name and password', '设备要用户名和密码'],
  [
    'the device wants the password in clear; turn on digest, or use https',
    '设备要明文密码；请在设备上打开 digest 认证，或用 https',
  ],
  ['the device refused, and asks for no login that is known here', '设备拒绝了，要的登录方式这里不认识'],
  ['the device ended the stream of events', '设备结束了事件流'],
  ['the stream is not compressed as it says ({})', '事件流没有按它说的压缩（{}）'],
  ['the connection broke ({})', '连接断了（{}）'],
  ['what answers does not speak HTTP ({})', '那里应答的不是 HTTP（{}）'],
  ['the answer is no stream of events ({})', '应答不是事件流（{}）'],
  ['of no type', '没有类型'],
  [
    'the device has as many listeners as it allows ({}): close the other platform that listens to it',
    '设备允许的监听已满（{}）：请关掉另一个在监听它的平台',
  ],
  ['the device has no such events ({})', '设备没有这种事件（{}）'],
  ['the device answers with {}', '设备应答 {}'],
  ['did not answer in full within {} ms', '在 {} 毫秒内没有答完'],
  ['sends on and on (more than {} times)', '一再转到别处（超过 {} 次）'],
  ['sends on to another place ({})', '转到别处（{}）'],
  ['no address', '没有地址'],
  ['asks for a user name and password', '要用户名和密码'],
  ['refused the user name or password', '拒绝了用户名或密码'],
  ['lets nobody in ({}): locked, or this user may not', '不让登录（{}）：已锁定，或这个用户没有权限'],
  ['sends more than {} bytes', '发来超过 {} 字节'],
  ['broke off in the middle of its answer', '应答到一半断了'],
  ['answers with something that is no HTTP ({})', '应答的不是 HTTP（{}）'],
  ['answers {} to a search of its log', '查它的记录时应答 {}'],
  ['closed the connection ({})', '断开了连接（{}）'],
  ['closed the connection', '断开了连接'],
  ['cannot be reached ({})', '连不上（{}）'],
  ['no connection', '没有连接'],
  ['refused a login lately; so as not to be locked out, it is not tried again yet', '刚拒绝过登录；为免锁定，暂不再试'],
  ['is still trying another login of the same host', '同一地址正在试另一个登录'],
  ['neither record nor heartbeat for {} ms', '{} 毫秒没有记录，也没有心跳'],
  ['no answer in time', '没有及时应答'],
  ['a part is longer than {} bytes', '有一段超过 {} 字节'],
  ['what was sent does not begin with a boundary', '发来的内容不是以分界开头'],
  ['the headers of a part do not end', '有一段的头没有结束'],
  ['the device {}', '设备{}'],
  // What the broker of our own refused.
  ['a packet of {} bytes is larger than {}', '一个 {} 字节的包超过了 {}'],
  ['it speaks MQTT 5, and this broker 3.1 and 3.1.1', '它用 MQTT 5，本机的服务只懂 3.1 和 3.1.1'],
  ['there is no such user', '没有这个用户'],
  ['no user name was given', '没有给用户名'],
  ['the password for {} is wrong', '{} 的密码不对'],
  ['{} may not publish to {}', '{} 不许发布到 {}'],
  ['{} may not subscribe to {}', '{} 不许订阅 {}'],
  ['refused ({})', '被拒绝（{}）'],
  ['works', '正常'],
  ['punch', '打卡'],
  ['presence', '在座'],
  ['status', '状态'],
  // Whom a device knows.
  ['the device refuses to say whom it knows (Return={})', '设备不肯说它认识谁（Return={}）'],
  ['does not say whom it knows ({} {})', '不肯说它认识谁（{} {}）'],
  ['does not say whom it knows ({})', '不肯说它认识谁（{}）'],
  ['answers with something else to the question whom it knows', '问它认识谁，答的是别的'],
  ['the device was busy for {} s', '设备忙了 {} 秒，没有轮到'],
  ['the conversation with the device ended; please try again', '与设备的通话断了，请再试一次'],
  [
    'the device did not say within {} min whom it knows; it is asked when it comes for commands',
    '设备 {} 分钟内没有说它认识谁；要等它来取命令时才能问',
  ],
  // Last, since it is nearly anything.
  ['{} is not {}', '{} 不是 {}'],
];

const PATTERNS = REASONS.map(([en, zh]) => [patternOf(en), zh] as const);

function patternOf(en: string): RegExp {
  const parts = en.split('{}').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*?)')}$`, 's');
}

/** Why something could not be taken, or somebody not be reached. What no sentence is known of stays as it is. */
export function becauseText(because: string, language: Language): string {
  return language === 'en' ? because : (zhOf(because) ?? because);
}

/** Several reasons stand one behind the other. */
const BETWEEN = [' | ', '; '] as const;

function zhOf(because: string, depth = 0): string | null {
  if (depth > 4 || because.length > 2000) return null;
  for (const [pattern, zh] of PATTERNS) {
    const found = pattern.exec(because);
    if (found === null) continue;
    let i = 0;
    return zh.replaceAll('{}', () => {
      const part = found[++i] ?? '';
      return zhOf(part, depth + 1) ?? part;
    });
  }
  for (const between of BETWEEN) {
    const parts = because.split(between);
    if (parts.length > 1) return parts.map((part) => zhOf(part, depth + 1) ?? part).join('；');
  }
  return null;
}
