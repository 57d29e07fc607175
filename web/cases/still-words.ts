/** What the case's page says of pictures. */
import type { Language } from '../strings.ts';
import type { Freezing, StillTrouble } from './case-api.ts';

export interface StillWords {
  readonly title: string;
  readonly lead: string;
  readonly none: string;
  readonly unknown: string;
  readonly look: string;
  readonly colon: string;
  readonly enlarge: (moment: string) => string;
  readonly pictureOf: (moment: string, window: string) => string;
  readonly missing: (because: string) => string;
  readonly keptUntil: (day: string) => string;
  readonly keptOpen: string;
  readonly removed: (day: string) => string;
  readonly views: (count: number) => string;
  readonly askedBy: (who: string) => string;
  readonly freeze: string;
  readonly freezeMeans: string;
  readonly freezing: string;
  readonly frozen: Readonly<Record<Freezing, string>>;
  readonly archive: string;
  readonly archiveMeans: string;
  readonly troubles: Readonly<Record<StillTrouble, string>>;
}

const zh: StillWords = {
  title: '画面',
  lead: '每次查看都记入账本：谁、何时、哪一幅。只有座位周围清晰。',
  none: '这件事没有画面：没有摄像头看着，或不属于留存画面的情形。',
  unknown: '暂时取不到画面清单。',
  look: '看画面',
  colon: '：',
  enlarge: (moment) => `放大或缩小：${moment}`,
  pictureOf: (moment, window) => `${window} ${moment}`,
  missing: (because) => `没有画面：${because}`,
  keptUntil: (day) => `保存至 ${day}`,
  keptOpen: '案件了结前一直保存',
  removed: (day) => `保存期满，${day} 已删除`,
  views: (count) => `查看 ${count} 次`,
  askedBy: (who) => `${who} 要求留存`,
  freeze: '留存此刻画面',
  freezeMeans: '摄像头只在内存里记着最近几十秒；接到投诉、本人有异议时留存下来',
  freezing: '正在留存…',
  frozen: {
    done: '已留存，列在下面。',
    'frozen-already': '半分钟内已留存过。',
    'not-today': '不是今天的事，摄像头里已没有当时的画面。',
    'no-camera': '没有摄像头看着这个窗口。',
    failed: '没有留存成。请看清单中的原因，或稍后再试。',
  },
  archive: '下载全部证据（.zip）',
  archiveMeans:
    '内有案件全程、结论的由来、所依据的记录、画面，以及每个文件的 SHA-256。下载会记入登录记录，其中的画面都算看过一次。',
  troubles: {
    none: '没有这幅画面。',
    removed: '保存期已过，文件已删除。',
    absent: '文件不在了。',
    changed: '文件已不是当初写入的，不予显示。请管理员运行 zaigang evidence verify。',
    unavailable: '此刻无法记下谁看过，所以不显示。请稍后再试。',
    'signed-out': '登录已失效，请重新登录。',
    unreachable: '没有取到，请稍后再试。',
  },
};

const en: StillWords = {
  title: 'Pictures',
  lead: 'Each look is recorded: who, when, which. Only what is around the seat is sharp.',
  none: 'There are no pictures of this: no camera sees it, or it is of a kind of which none are kept.',
  unknown: 'The list of pictures cannot be had at present.',
  look: 'Show',
  colon: ': ',
  enlarge: (moment) => `Larger or smaller: ${moment}`,
  pictureOf: (moment, window) => `${window}, ${moment}`,
  missing: (because) => `No picture: ${because}`,
  keptUntil: (day) => `Kept until ${day}`,
  keptOpen: 'Kept until the case has come to rest',
  removed: (day) => `kept as long as it may be, removed on ${day}`,
  views: (count) => `Looked at ${count === 1 ? 'once' : `${count} times`}`,
  askedBy: (who) => `kept because ${who} asked`,
  freeze: 'Keep what is seen now',
  freezeMeans: 'Cameras remember half a minute, in memory only; with a complaint or an objection it can be kept',
  freezing: 'Keeping…',
  frozen: {
    done: 'Kept; it is in the list.',
    'frozen-already': 'That was done less than half a minute ago.',
    'not-today': 'It is of another day: the cameras show something else by now.',
    'no-camera': 'No camera sees this window.',
    failed: 'It was not kept. The list says why, or try again later.',
  },
  archive: 'Download all evidence (.zip)',
  archiveMeans:
    'The life of the case, how it was concluded, the records used, the pictures, and the SHA-256 of every file. The download is recorded, and each picture in it counts as looked at.',
  troubles: {
    none: 'There is no such picture.',
    removed: 'It was kept as long as it may be, and removed.',
    absent: 'Its file is gone.',
    changed: 'The file is not what was written, so it is not shown. An administrator can run zaigang evidence verify.',
    unavailable: 'It cannot be recorded at present who looked, so it is not shown. Try again later.',
    'signed-out': 'You are not signed in any more.',
    unreachable: 'It could not be had; try again later.',
  },
};

export function stillWords(language: Language): StillWords {
  return language === 'en' ? en : zh;
}
