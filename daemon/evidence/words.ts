/** What is said of pictures to people. */
import { formatInstant, type Zone } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import type { ArchiveCheck, ArchiveFault } from './case-archive.ts';
import type { Outcome } from './evidence.ts';
import type { BrokenRow } from './evidence-book.ts';
import type { Listed, NotShown, Verified } from './evidence-desk.ts';
import type { Moment, NoPicture } from './moments.ts';

type Words<K extends string> = Readonly<Record<K, readonly [zh: string, en: string]>>;

const MOMENTS: Words<Moment> = {
  'last-seen': ['最后有人', 'last seen'],
  left: ['离开', 'left'],
  alarm: ['报警', 'alarm'],
  strip: ['此前连拍', 'strip'],
  return: ['返回', 'return'],
  frozen: ['按要求留存', 'frozen'],
};

const NO_PICTURE: Words<NoPicture> = {
  'no-ffmpeg': ['没有可用的 ffmpeg', 'there is no ffmpeg that works'],
  'no-frame': ['当时摄像头没有画面', 'the camera had no picture then'],
  'not-seen': ['那一刻没有看到', 'that moment was not seen'],
  'empty-before': ['开始时座位已经空着', 'the seat was empty already when it began'],
  'nobody-back': ['结束时没有人回来', 'nobody had come back when it ended'],
  'known-later': ['得知时已经过去', 'it was over when it became known'],
  'no-room': ['内存不足，画面已让位', 'pictures had to make room for others'],
  busy: ['同时要存的画面太多', 'too many pictures at once'],
  'not-made': ['ffmpeg 未能生成画面', 'ffmpeg could not make it'],
  'not-written': ['未能写入磁盘', 'it could not be written'],
  'switched-off': ['配置中关闭了画面证据（evidence.pictures）', 'the configuration wants none (evidence.pictures)'],
  stopped: ['守护程序正在停止', 'the daemon was being stopped'],
};

const NOT_SHOWN: Words<NotShown['because']> = {
  unknown: ['没有这幅画面', 'there is no such picture'],
  none: ['当时没有画面，原因见 evidence list', 'none was taken; evidence list says why'],
  removed: ['保存期已过，文件已删除', 'it had been kept long enough and was removed'],
  absent: ['文件不在了', 'its file is gone'],
  changed: ['文件已不是当初写入的', 'its file is not what was written'],
};

const BROKEN: Words<BrokenRow['what']> = {
  'row-changed': ['被改动，或其前有删增', 'was changed, or rows before it were'],
  'rows-missing': ['末尾缺少或多出记录', 'the last rows are missing, or were added to'],
  'link-missing': ['所指的账本一环已不同', 'names a link of the ledger that is another now'],
};

const pick = (lang: Language, [zh, en]: readonly [string, string]): string => (lang === 'zh' ? zh : en);

export function momentName(moment: Moment, lang: Language): string {
  return pick(lang, MOMENTS[moment]);
}

/** Why there is no picture of a moment. */
export function noPictureText(because: NoPicture, lang: Language): string {
  return pick(lang, NO_PICTURE[because]);
}

/** A line for each picture: when, which, of what, and why there is none. */
export function listText(listed: readonly Listed[], zone: Zone, lang: Language): string {
  const lines = listed.map(({ entry, views, removedAt }) => {
    const at = formatInstant(zone, entry.what === 'taken' ? entry.takenAt : entry.at);
    const about = [entry.picture, at, entry.window, entry.camera, momentName(entry.moment, lang)];
    if (entry.case !== null) about.push(entry.case);
    if (entry.what === 'missing')
      about.push(pick(lang, ['没有画面：', 'no picture: ']) + noPictureText(entry.because, lang));
    else about.push(`sha256:${entry.sha256.slice(0, 16)}…`);
    if (views > 0) about.push(pick(lang, [`查看 ${views} 次`, `${views} × viewed`]));
    if (removedAt !== null) {
      const date = formatInstant(zone, removedAt).slice(0, 10);
      about.push(pick(lang, [`${date} 期满删除`, `removed on ${date}`]));
    }
    return `${about.join('  ')}\n`;
  });
  return lines.length > 0 ? lines.join('') : pick(lang, ['没有画面。\n', 'no pictures.\n']);
}

export function notShownText(picture: string, { because }: NotShown, lang: Language): string {
  return pick(lang, [`${picture}：${NOT_SHOWN[because][0]}`, `${picture}: ${NOT_SHOWN[because][1]}`]);
}

export function frozenText(outcomes: readonly Outcome[], lang: Language): string {
  return outcomes
    .map(({ picture, window, camera, moment, because }) => {
      const about = `${window}  ${camera}  ${momentName(moment, lang)}`;
      if (because === null) return `${picture}  ${about}\n`;
      return `${about}  ${pick(lang, ['没有画面：', 'no picture: '])}${noPictureText(because, lang)}\n`;
    })
    .join('');
}

export function verifiedText({ pictures, rows, files, strays }: Verified, lang: Language): string {
  const lines = [
    pick(lang, [`核对画面 ${pictures} 幅`, `${pictures} pictures compared`]),
    ...rows.map(
      ({ seq, what }) => `${seq === null ? '' : `${pick(lang, ['记录', 'row'])} ${seq} `}${pick(lang, BROKEN[what])}`,
    ),
    ...files.map(({ picture, file, state }) =>
      state === 'absent'
        ? pick(lang, [`${picture} 文件不在：${file}`, `${picture} is gone: ${file}`])
        : pick(lang, [`${picture} 文件被改动：${file}`, `${picture} was changed: ${file}`]),
    ),
    ...strays.map((path) => pick(lang, [`账本中没有的文件：${path}`, `the ledger knows nothing of ${path}`])),
  ];
  const isWhole = rows.length + files.length + strays.length === 0;
  if (isWhole) lines.push(pick(lang, ['全部相符', 'all are as they were written']));
  return `${lines.join('\n')}\n`;
}

const FAULTS: Words<ArchiveFault['what']> = {
  absent: ['不在其中', 'is not in it'],
  changed: ['已被改动', 'was changed'],
  unlisted: ['不在清单中', 'is not in its manifest'],
};

/** What holding an archive against its manifest said. */
export function archiveText(check: ArchiveCheck, lang: Language): string {
  if ('unreadable' in check) {
    return `${pick(lang, ['不是案件证据包：', 'this is no archive of a case: '])}${check.unreadable}\n`;
  }
  const { manifest, faults } = check;
  const { case: about, hall, madeAt, madeFor, files, ledger } = manifest;
  const lines = [
    pick(lang, [
      `案件 ${about}（${hall}），${madeAt} 由 ${madeFor} 取出，核对 ${files.length} 个文件`,
      `case ${about} of ${hall}, taken out by ${madeFor} at ${madeAt}; ${files.length} files compared`,
    ]),
    ...faults.map(({ name, what }) => `${name} ${pick(lang, FAULTS[what])}`),
  ];
  if (faults.length === 0) lines.push(pick(lang, ['全部相符', 'all are as they were taken out']));
  if (ledger !== null) {
    const command = `zaigang audit verify --noted ${ledger}`;
    lines.push(pick(lang, [`与账本核对：${command}`, `to hold the ledger against it: ${command}`]));
  }
  return `${lines.join('\n')}\n`;
}
