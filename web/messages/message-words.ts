/** Every word of the page of live messages, in the users' two languages. */
import type { Language } from '../strings.ts';
import type { Fate, FieldName } from './message-data.ts';

export interface MessageWords {
  readonly title: string;
  readonly back: string;
  readonly lead: string;
  readonly live: string;
  readonly receiving: string;
  readonly paused: string;
  readonly pause: string;
  readonly goOn: string;
  readonly filter: string;
  readonly topic: string;
  readonly topicHint: string;
  readonly listen: string;
  readonly stop: string;
  readonly listening: (topic: string, until: string) => string;
  readonly trouble: (because: string) => string;
  readonly nothing: string;
  readonly leftOut: (count: number) => string;
  /** What became of a message, and what there is to say of it. */
  readonly fate: (fate: Fate, because: string | null) => string;
  readonly chosen: string;
  readonly choose: string;
  readonly noJson: string;
  readonly about: (time: string, bytes: number) => string;
  readonly meaning: (pointer: string) => string;
  readonly unused: string;
  readonly mapping: string;
  readonly clock: string;
  readonly clockHint: string;
  readonly topics: string;
  readonly path: string;
  readonly items: string;
  readonly itemsHint: string;
  readonly whenPtr: string;
  readonly whenEquals: string;
  readonly fields: Readonly<Record<FieldName, string>>;
  readonly needed: string;
  readonly format: string;
  readonly dropZeros: string;
  readonly map: string;
  readonly values: string;
  readonly guess: string;
  readonly preview: string;
  readonly counts: (punches: number, others: number) => string;
  readonly columns: readonly [string, string, string, string, string];
  readonly nobody: string;
  readonly notPassed: string;
  readonly other: string;
  readonly incomplete: (faults: string) => string;
  readonly yaml: string;
  readonly copy: string;
  readonly copied: string;
  readonly propose: string;
  readonly noChange: string;
  readonly notAccepted: string;
  readonly write: string;
  readonly needsAdmin: string;
  readonly notWritable: string;
  readonly written: string;
  readonly notTaken: (because: string) => string;
  readonly troubles: Readonly<Record<string, string>>;
}

function said(fates: Readonly<Record<Fate, string>>, colon: string): MessageWords['fate'] {
  return (fate, because) => (because === null ? fates[fate] : `${fates[fate]}${colon}${because}`);
}

const zh: MessageWords = {
  title: '实时消息',
  back: '看板',
  lead: '设备发来的消息和它的下落。新考勤机：先听它的主题，在设备上打一次卡，选中那条消息，点值说明是什么。',
  live: '消息',
  receiving: '接收中',
  paused: '已暂停',
  pause: '暂停',
  goOn: '继续',
  filter: '只看含有这些字的',
  topic: '听哪个主题',
  topicHint: '还没配置的设备发到哪里；不知道就写 #。听 15 分钟，只看不收。',
  listen: '听',
  stop: '不听了',
  listening: (topic, until) => `正在听 ${topic}，到 ${until}`,
  trouble: (because) => `听不到：${because}`,
  nothing: '还没有消息。',
  leftOut: (count) => `来得太快，有 ${count} 条没有列出`,
  fate: said({ taken: '已收', refused: '拒收', overheard: '没有配置' }, '：'),
  chosen: '所选消息',
  choose: '点一条消息，看它的内容。',
  noJson: '不是 JSON，不能映射：',
  about: (time, bytes) => `${time} · ${bytes} 字节`,
  meaning: (pointer) => `${pointer} 是`,
  unused: '不用',
  mapping: '映射',
  clock: '考勤机编号',
  clockHint: '配置里已有的，或新的编号',
  topics: 'MQTT 主题',
  path: 'HTTP 路径',
  items: '记录在哪里',
  itemsHint: '列表或一条记录的位置；空着就是整条消息',
  whenPtr: '只收这一项',
  whenEquals: '等于',
  fields: {
    credential: '人员编号',
    time: '打卡时间',
    seq: '流水号',
    method: '打卡方式',
    direction: '进出',
    ok: '验证结果',
  },
  needed: '必填',
  format: '写法',
  dropZeros: '去前导零',
  map: '取值，如 1=finger 15=face',
  values: '通过的值，如 1',
  guess: '重新猜',
  preview: '预览：最近五条',
  counts: (punches, others) => `${punches} 次打卡，${others} 条不是`,
  columns: ['收到', '人员', '打卡时间', '方式', '说明'],
  nobody: '没有人用这个编号',
  notPassed: '验证没有通过，不是打卡',
  other: '不是打卡的消息',
  incomplete: (faults) => `还没有写全：${faults}`,
  yaml: '写进 hall.yaml 的内容',
  copy: '复制',
  copied: '已复制',
  propose: '看会改什么',
  noChange: '与现在的配置一样，没有要改的。',
  notAccepted: '这样改配置不会被接受：',
  write: '写入 hall.yaml',
  needsAdmin: '写入要由管理员来做。',
  notWritable: '本次运行不能从页面改配置：请把下面的内容复制进 hall.yaml。',
  written: '已写入。经 HTTP 推送的马上起作用，经 MQTT 的在下次启动后起作用。',
  notTaken: (because) => `已写入，但还没有用上：${because}`,
  troubles: {
    gone: '这条消息已经不在了，请另选一条。',
    changed: '文件刚被别人改过，请再看一次会改什么。',
    layout: '文件的写法不能从页面改，请自己动手：',
    unreadable: '读不了配置文件：',
    invalid: '这样改配置不会被接受：',
    'not-written': '没有写成：',
    'signed-out': '登录已失效，请重新登录。',
    forbidden: '没有这个权限。',
    unreachable: '连不上在岗，正在重试…',
    refused: '没有做成：',
  },
};

const en: MessageWords = {
  title: 'Live messages',
  back: 'Board',
  lead: 'What devices send, and what becomes of it. A new clock: listen to its topic, touch it once, choose that message, press values to say what they are.',
  live: 'Messages',
  receiving: 'receiving',
  paused: 'paused',
  pause: 'Pause',
  goOn: 'Go on',
  filter: 'Only those with these letters',
  topic: 'Topic to listen to',
  topicHint:
    'Where a device that is not configured yet publishes; # if you do not know. For 15 minutes; nothing is taken in.',
  listen: 'Listen',
  stop: 'Stop listening',
  listening: (topic, until) => `listening to ${topic} until ${until}`,
  trouble: (because) => `nothing is heard: ${because}`,
  nothing: 'No message yet.',
  leftOut: (count) => `they came too fast; ${count} are not listed`,
  fate: said({ taken: 'taken', refused: 'refused', overheard: 'not configured' }, ': '),
  chosen: 'Message',
  choose: 'Choose a message to see what is in it.',
  noJson: 'It is no JSON and cannot be mapped:',
  about: (time, bytes) => `${time} · ${bytes} bytes`,
  meaning: (pointer) => `${pointer} is`,
  unused: 'not used',
  mapping: 'Mapping',
  clock: 'Id of the clock',
  clockHint: 'one of the configuration, or a new one',
  topics: 'MQTT topic',
  path: 'HTTP path',
  items: 'Where the records are',
  itemsHint: 'a list or one record; empty = the whole message',
  whenPtr: 'Only where this',
  whenEquals: 'equals',
  fields: {
    credential: 'Credential',
    time: 'Time of the touch',
    seq: 'Sequence number',
    method: 'Method',
    direction: 'Direction',
    ok: 'Verification',
  },
  needed: 'needed',
  format: 'written as',
  dropZeros: 'without leading zeros',
  map: 'values, such as 1=finger 15=face',
  values: 'values that passed, such as 1',
  guess: 'Guess again',
  preview: 'Preview: the latest five',
  counts: (punches, others) => `${punches} touches, ${others} are none`,
  columns: ['came', 'who', 'time of touch', 'method', 'what'],
  nobody: 'nobody has this credential',
  notPassed: 'verification failed: no touch',
  other: 'a message that is no touch',
  incomplete: (faults) => `not complete yet: ${faults}`,
  yaml: 'What goes into hall.yaml',
  copy: 'Copy',
  copied: 'copied',
  propose: 'Show the change',
  noChange: 'The configuration says the same already.',
  notAccepted: 'The configuration would not be accepted:',
  write: 'Write hall.yaml',
  needsAdmin: 'An administrator has to write it.',
  notWritable: 'Pages cannot change the configuration in this run: copy what stands below into hall.yaml.',
  written: 'Written. What is pushed over HTTP counts at once, what comes over MQTT from the next start.',
  notTaken: (because) => `Written, and not taken up yet: ${because}`,
  troubles: {
    gone: 'The message is no longer there; choose another.',
    changed: 'Somebody changed the file; look at the change again.',
    layout: 'The file is laid out in a way that pages cannot change:',
    unreadable: 'The configuration cannot be read:',
    invalid: 'The configuration would not be accepted:',
    'not-written': 'It was not written:',
    'signed-out': 'You are signed out; sign in again.',
    forbidden: 'Your roles do not allow this.',
    unreachable: 'The daemon does not answer; trying again…',
    refused: 'It was not done:',
  },
};

export const messageWords = (language: Language): MessageWords => (language === 'zh' ? zh : en);
