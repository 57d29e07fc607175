/** Every word of the page, in the users' two languages. */
import type { WindowState } from './snapshot.ts';

export type Language = 'zh' | 'en';

export interface Strings {
  readonly code: Language;
  readonly locale: string;
  readonly board: string;
  readonly states: Readonly<Record<WindowState, string>>;
  readonly service: (from: string, to: string) => string;
  readonly noService: string;
  readonly since: (time: string) => string;
  readonly limit: (minutes: number) => string;
  readonly away: (time: string, reason: string) => string;
  readonly until: (time: string) => string;
  readonly connecting: string;
  readonly stale: (time: string) => string;
  readonly staleFor: (length: string) => string;
  readonly unreadable: string;
  /** Nothing came back from the daemon. */
  readonly noAnswer: string;
  readonly warning: string;
  readonly noWindows: string;
  readonly noneInState: string;
  readonly filter: string;
  readonly windows: string;
  readonly announceEmpty: (window: string, time: string) => string;
  readonly strip: (parts: string) => string;
  readonly stripNothing: string;
  readonly themes: Readonly<Record<'system' | 'light' | 'dark', string>>;
  readonly theme: (name: string) => string;
  readonly signIn: string;
  readonly signOut: string;
  readonly otherLanguage: { readonly code: Language; readonly lang: string; readonly name: string };
  readonly length: (totalSeconds: number) => string;
  readonly listComma: string;
}

const zh: Strings = {
  code: 'zh',
  locale: 'zh-CN',
  board: '窗口在岗看板',
  states: {
    'held-a': '在岗',
    'held-b': 'B岗顶岗',
    'held-cover': '临时顶岗',
    counting: '离岗计时',
    empty: '无人',
    paused: '暂停',
    unknown: '未知',
    closed: '非服务',
  },
  service: (from, to) => `服务时间 ${from}–${to}`,
  noService: '今日不对外服务',
  since: (time) => `${time} 起`,
  limit: (minutes) => `限 ${minutes} 分钟`,
  away: (time, reason) => `暂离 ${time} ${reason}`,
  until: (time) => `限至 ${time}`,
  connecting: '正在连接…',
  stale: (time) => `数据截至 ${time}，正在重连…`,
  staleFor: (length) => `已中断 ${length}`,
  unreadable: '收到无法识别的数据，请刷新页面；若仍如此，请联系管理员。',
  noAnswer: '连不上在岗，请稍后再试。',
  warning: '注意',
  noWindows: '此大厅还没有窗口。',
  noneInState: '现在没有符合所选状态的窗口。',
  filter: '各状态窗口数，点按可只看该状态',
  windows: '窗口',
  announceEmpty: (window, time) => (time === '' ? `${window} 无人` : `${window} 无人，${time} 起`),
  strip: (parts) => `今日：${parts}`,
  stripNothing: '今日尚无记录',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  theme: (name) => `外观：${name}`,
  signIn: '登录',
  signOut: '退出',
  otherLanguage: { code: 'en', lang: 'en', name: 'English' },
  length: (total) => lengthIn(total, [' 小时', ' 分', ' 秒']),
  listComma: '，',
};

const en: Strings = {
  code: 'en',
  locale: 'en-GB',
  board: 'Window board',
  states: {
    'held-a': 'On duty',
    'held-b': 'B cover',
    'held-cover': 'Stand-in',
    counting: 'Away',
    empty: 'Empty',
    paused: 'Paused',
    unknown: 'Unknown',
    closed: 'Closed',
  },
  service: (from, to) => `Open ${from}–${to}`,
  noService: 'Not open today',
  since: (time) => `since ${time}`,
  limit: (minutes) => `limit ${minutes} min`,
  away: (time, reason) => `away ${time} ${reason}`,
  until: (time) => `until ${time}`,
  connecting: 'Connecting…',
  stale: (time) => `Data as of ${time}, reconnecting…`,
  staleFor: (length) => `lost for ${length}`,
  unreadable: 'Data arrived that this page cannot read. Reload it; if that does not help, tell the administrator.',
  noAnswer: 'The daemon does not answer; try again later.',
  warning: 'Note',
  noWindows: 'This hall has no windows yet.',
  noneInState: 'No window is in the chosen state now.',
  filter: 'Windows by state; press to see only those',
  windows: 'Windows',
  announceEmpty: (window, time) => (time === '' ? `${window} is empty` : `${window} is empty since ${time}`),
  strip: (parts) => `Today: ${parts}`,
  stripNothing: 'Nothing recorded today yet',
  themes: { system: 'automatic', light: 'light', dark: 'dark' },
  theme: (name) => `Theme: ${name}`,
  signIn: 'Sign in',
  signOut: 'Sign out',
  otherLanguage: { code: 'zh', lang: 'zh-CN', name: '中文' },
  length: (total) => lengthIn(total, [' h', ' min', ' s']),
  listComma: ', ',
};

const DICTIONARIES: Readonly<Record<Language, Strings>> = { zh, en };

/** `?lang=` decides, else the browser's language: Chinese if it is any Chinese, English for everyone else. */
export function chooseStrings(search: string, browserLanguage: string): Strings {
  const asked = new URLSearchParams(search).get('lang') ?? browserLanguage;
  return asked.toLowerCase().startsWith('zh') ? DICTIONARIES.zh : DICTIONARIES.en;
}

/** The two largest units that matter: hours and minutes, or minutes and seconds. */
function lengthIn(total: number, [hour, minute, second]: readonly [string, string, string]): string {
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  if (hours > 0) return minutes === 0 ? `${hours}${hour}` : `${hours}${hour} ${minutes}${minute}`;
  if (minutes === 0) return `${total % 60}${second}`;
  return total % 60 === 0 ? `${minutes}${minute}` : `${minutes}${minute} ${total % 60}${second}`;
}
