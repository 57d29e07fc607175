/** The words of the page about clocks. */
import type { Language } from '../strings.ts';

export interface DeviceStrings {
  readonly title: string;
  readonly board: string;
  readonly loading: string;
  readonly troubles: Readonly<Record<'refused' | 'unreachable' | 'signed-out', string>>;
  readonly states: Readonly<Record<'title' | 'online' | 'offline' | 'unheard', string>>;
  readonly stale: string;
  readonly gist: (devices: number, faults: number, unheard: number) => string;
  readonly nothing: string;
  readonly notConfigured: string;
  readonly makes: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<'attendance' | 'door', string>>;
  readonly heard: string;
  readonly punch: string;
  readonly never: string;
  readonly taken: string;
  readonly counts: (taken: number, repeated: number, setAside: number) => string;
  readonly clock: string;
  readonly clockUnknown: string;
  readonly clockOff: (seconds: number) => string;
  /** What devices say of themselves. */
  readonly about: Readonly<Record<string, string>>;
  readonly since: (time: string) => string;
  readonly history: string;
  readonly noHistory: string;
  readonly strangers: string;
  readonly strangersMean: string;
  readonly unmatched: string;
  readonly unmatchedMeans: string;
  readonly noUnmatched: string;
  readonly columns: Readonly<Record<'device' | 'credential' | 'times' | 'last' | 'because' | 'what', string>>;
  readonly map: string;
  readonly mapTitle: (credential: string) => string;
  readonly employee: string;
  readonly onlyHere: (device: string) => string;
  readonly from: string;
  readonly save: string;
  readonly cancel: string;
  readonly working: string;
  readonly noSuchEmployee: string;
  readonly mapped: string;
  readonly rejects: string;
  readonly rejectsMean: string;
  readonly noRejects: string;
  readonly older: string;
  readonly newest: string;
  readonly again: string;
  readonly againTitle: string;
  readonly ahead: string;
  readonly aheadMeans: string;
  readonly notMinutes: string;
  readonly takenIn: string;
}

const MAKES = {
  'mqtt-json': 'MQTT JSON',
  mapped: '自定义映射',
  'mqtt-face': 'MQTT 人脸终端',
  'zkteco-push': '中控 ZKTeco（推送）',
  'zkteco-pull': '中控 ZKTeco（拉取）',
  hikvision: '海康威视',
  dahua: '大华',
  sendlog: 'WebSocket 人脸终端',
};

const ZH: DeviceStrings = {
  title: '考勤机',
  board: '看板',
  loading: '正在读取…',
  troubles: {
    refused: '您的账号不能看这一页。',
    unreachable: '暂时连不上服务，正在重试；下面可能已不是最新。',
    'signed-out': '请先登录。',
  },
  states: { title: '状态', online: '在线', offline: '离线', unheard: '尚未听到' },
  stale: '数据截至',
  gist: (devices, faults, unheard) => {
    const said = [
      ...(faults > 0 ? [`${faults} 台有问题，排在前面`] : []),
      ...(unheard > 0 ? [`${unheard} 台尚未听到过`] : []),
    ];
    return `${devices} 台设备，${said.length === 0 ? '都没有问题' : `其中 ${said.join('；')}`}。`;
  },
  nothing: '还没有配置考勤机。在 hall.yaml 的 clocks 里写上，或看 docs/devices。',
  notConfigured: '未写入配置',
  makes: MAKES,
  kinds: { attendance: '考勤', door: '门禁' },
  heard: '最近听到',
  punch: '最近打卡',
  never: '从未',
  taken: '收取',
  counts: (taken, repeated, setAside) =>
    `${taken} 条${repeated > 0 ? `，重复 ${repeated}` : ''}${setAside > 0 ? `，拒收 ${setAside}` : ''}`,
  clock: '时钟',
  clockUnknown: '设备不报时间，无法核对',
  clockOff: (seconds) =>
    Math.abs(seconds) < 10 ? '准' : `${seconds > 0 ? '快' : '慢'} ${zhLength(Math.abs(seconds))}`,
  about: {
    ...{ address: '地址', firmware: '固件', backfill: '补传', log: '记录', search: '记录查询' },
    ...{ relay: '转发', conflict: '编号相同', serial: '序列号', serialNumber: '序列号', model: '型号' },
    ...{ deviceType: '型号', firmwareVersion: '固件' },
  },
  since: (time) => `始于 ${time}`,
  history: '故障记录',
  noHistory: '没有故障记录。',
  strangers: '未配置的设备',
  strangersMean: '它们连到了这里，但 hall.yaml 里没有；未予收取，数据仍在设备里。',
  unmatched: '认不出的打卡',
  unmatchedMeans: '近两周里，这些编号没有对应的人。对上之后，从前的打卡会重新计入。',
  noUnmatched: '近两周的打卡都对得上人。',
  columns: { device: '设备', credential: '编号', times: '次数', last: '最近', because: '原因', what: '内容' },
  map: '对应到人',
  mapTitle: (credential) => `编号 ${credential} 是谁的？`,
  employee: '人员编号（如 e001）',
  onlyHere: (device) => `只在设备 ${device} 上`,
  from: '从哪天起',
  save: '保存',
  cancel: '取消',
  working: '正在保存…',
  noSuchEmployee: '没有这个人员编号。',
  mapped: '已对应，从前的打卡正在重新计入。',
  rejects: '拒收表',
  rejectsMean: '看不懂或时间不可信的内容，原样存着；弄清之后可以重新收取。',
  noRejects: '没有拒收的内容。',
  older: '更早的',
  newest: '最新的',
  again: '重新收取',
  againTitle: '重新收取这一条',
  ahead: '设备时钟当时快了几分钟（慢了填负数）',
  aheadMeans: '不填则按测得的差值。收取后记下是谁改的。',
  notMinutes: '请填整数分钟。',
  takenIn: '已收取。',
};

const EN: DeviceStrings = {
  title: 'Clocks',
  board: 'Board',
  loading: 'Reading…',
  troubles: {
    refused: 'Your account may not see this page.',
    unreachable: 'The service cannot be reached; trying again. What is shown may be old.',
    'signed-out': 'Please sign in first.',
  },
  states: { title: 'How they are', online: 'online', offline: 'offline', unheard: 'not heard yet' },
  stale: 'As of',
  gist: (devices, faults, unheard) => {
    const said = [
      ...(faults > 0 ? [`something is wrong with ${faults}, which come first`] : []),
      ...(unheard > 0 ? [`${unheard} not heard yet`] : []),
    ];
    return `${devices} devices; ${said.length === 0 ? 'nothing is wrong' : said.join('; ')}.`;
  },
  nothing: 'No clocks are configured yet. Write them under clocks in hall.yaml; docs/devices says how.',
  notConfigured: 'not configured',
  makes: {
    ...MAKES,
    mapped: 'own mapping',
    'mqtt-face': 'MQTT face terminal',
    'zkteco-push': 'ZKTeco (push)',
    'zkteco-pull': 'ZKTeco (pull)',
    hikvision: 'Hikvision',
    dahua: 'Dahua',
    sendlog: 'WebSocket face terminal',
  },
  kinds: { attendance: 'attendance', door: 'door' },
  heard: 'Last heard',
  punch: 'Last punch',
  never: 'never',
  taken: 'Taken in',
  counts: (taken, repeated, setAside) =>
    `${taken}${repeated > 0 ? `, ${repeated} repeated` : ''}${setAside > 0 ? `, ${setAside} kept aside` : ''}`,
  clock: 'Clock',
  clockUnknown: 'the device tells no time to compare',
  clockOff: (seconds) =>
    Math.abs(seconds) < 10 ? 'right' : `${enLength(Math.abs(seconds))} ${seconds > 0 ? 'fast' : 'slow'}`,
  about: { backfill: 'back-fill', log: 'its log', search: 'its log', conflict: 'two devices' },
  since: (time) => `since ${time}`,
  history: 'Faults so far',
  noHistory: 'No faults so far.',
  strangers: 'Devices that nobody has configured',
  strangersMean: 'They came here and are not in hall.yaml; nothing was taken, and they keep what they have.',
  unmatched: 'Punches of nobody',
  unmatchedMeans: 'Of the last two weeks. Once it is said whose they are, earlier punches count.',
  noUnmatched: 'All punches of the last two weeks are somebody’s.',
  columns: { device: 'Device', credential: 'Number', times: 'Times', last: 'Last', because: 'Reason', what: 'Content' },
  map: 'Say whose',
  mapTitle: (credential) => `Whose is number ${credential}?`,
  employee: 'Employee’s id (such as e001)',
  onlyHere: (device) => `Only on device ${device}`,
  from: 'From which day on',
  save: 'Save',
  cancel: 'Cancel',
  working: 'Saving…',
  noSuchEmployee: 'There is no such employee.',
  mapped: 'Done; earlier punches are being counted.',
  rejects: 'Kept aside',
  rejectsMean: 'What could not be understood, or has a time that cannot be. It can be taken in once it is clear.',
  noRejects: 'Nothing is kept aside.',
  older: 'Older',
  newest: 'Newest',
  again: 'Take in',
  againTitle: 'Take this in',
  ahead: 'Minutes that the device’s clock was ahead (negative: behind)',
  aheadMeans: 'Empty: as measured. Who did it is recorded.',
  notMinutes: 'Please enter whole minutes.',
  takenIn: 'Taken in.',
};

export const deviceStrings = (language: Language): DeviceStrings => (language === 'zh' ? ZH : EN);

function zhLength(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} 秒`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} 分钟` : `${Math.round(seconds / 1800) / 2} 小时`;
}

function enLength(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 1800) / 2} h`;
}
