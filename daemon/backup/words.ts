/** What a backup or a restore did, or why it did not, for people in Chinese or English. */
import { dirname } from 'node:path';
import type { Language } from '../alerts/words.ts';
import { auditText } from '../audit/words.ts';
import { VERSION } from '../version.ts';
import type { BadArchive } from './archive.ts';
import type { Manifest } from './manifest.ts';
import type { NotRestored, Restored } from './restore.ts';
import type { NoRoom } from './room.ts';

export const inMegabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`;

/** `archiveBytes`: of the file itself. */
export function takenText(file: string, archiveBytes: number, manifest: Manifest, lang: Language): string {
  const zh = lang === 'zh';
  const { ledger, pictures, missingPictures, files, bytes } = manifest;
  const until = ledger.factsUntil ?? '-';
  const lines = [
    zh
      ? `已备份到 ${file}（${inMegabytes(archiveBytes)}，${files} 个文件共 ${inMegabytes(bytes)}），写后已逐一核对。`
      : `Backed up to ${file} (${inMegabytes(archiveBytes)}; ${files} files of ${inMegabytes(bytes)}), and checked after writing.`,
    zh
      ? `事实 ${ledger.facts} 条，至 ${until}；画面 ${pictures} 幅。`
      : `${ledger.facts} facts, up to ${until}; ${pictures} pictures.`,
    ...(missingPictures === 0
      ? []
      : [
          zh
            ? `账本记有 ${missingPictures} 幅画面的文件不在：用 evidence verify 查看是哪些。`
            : `The files of ${missingPictures} pictures that the ledger has noted are not there: evidence verify names them.`,
        ]),
    zh
      ? '内有人员的打卡和请假记录、画面、密码的哈希，以及配置里直接写的密码：请像账本一样保管。'
      : "People's punches and leave, pictures, hashes of passwords and whatever passwords stand in the configuration are in it: keep it as you keep the ledger.",
  ];
  return lines.join('\n');
}

export function restoredText({ manifest, audit, amends, aside }: Restored, data: string, lang: Language): string {
  const zh = lang === 'zh';
  const { ledger, madeAt } = manifest;
  const lines = [
    zh
      ? `已恢复到 ${data}：${madeAt} 的备份，事实 ${ledger.facts} 条，至 ${ledger.factsUntil ?? '-'}。`
      : `Restored to ${data}: the backup of ${madeAt}, ${ledger.facts} facts, up to ${ledger.factsUntil ?? '-'}.`,
    ...(aside === null ? [] : [zh ? `原来的数据移到了 ${aside}。` : `What was there before is in ${aside}.`]),
    '',
    ...(audit === null
      ? [zh ? '账本里还没有可核验的记录。' : 'There is nothing in the ledger yet that could be verified.', '']
      : [auditText(audit, lang)]),
    ...(amends === null ? [] : lossLines(amends.heldBack, zh)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function lossLines(heldBack: number, zh: boolean): string[] {
  return zh
    ? [
        '备份之后的记录不在其中：',
        '· 启动后会请能补报的考勤机重新补报；没有证明收齐之前，这段时间的结论只列为待定，不指名道姓。',
        '· 这段时间在网页上录入的请假、补卡、核实和账号改动须重新录入；撤销过的账号和令牌请再看一遍（user list、token list）。',
        `· 备份时等着发的消息（${heldBack} 条）和此前开始的事项可能已经发过，不再发送。`,
      ]
    : [
        'What became known after the backup is not in it:',
        '· Clocks that can are asked for it again once the daemon runs; until they have proved that all is in, verdicts of that time are pending and name nobody.',
        '· Leave, corrections, decisions and changes of accounts from that time have to be entered again; look through user list and token list for what had been revoked.',
        `· Messages that waited (${heldBack}) and matters that began before may have been told already, and are not told again.`,
      ];
}

export function noRoomText({ folder, neededBytes, freeBytes }: NoRoom, lang: Language): string {
  const [needed, free] = [inMegabytes(neededBytes), inMegabytes(freeBytes)];
  return lang === 'zh'
    ? `${folder} 空间不够：约需 ${needed}，只有 ${free}。`
    : `There is no room in ${folder}: about ${needed} are needed, ${free} are free.`;
}

export function badArchiveText(file: string, { reason, message }: BadArchive, lang: Language): string {
  const zh = lang === 'zh';
  const because = {
    'no-backup': zh ? '不是本版本能读的备份' : 'is no backup that this release can read',
    truncated: zh ? '不完整，后面缺了一段' : 'is not complete: its end is missing',
    damaged: zh ? '有损坏或被改动过' : 'is damaged, or was changed',
  };
  return `${file} ${because[reason]} (${message})`;
}

export function notRestoredText({ reason, manifest }: NotRestored, data: string, lang: Language): string {
  const zh = lang === 'zh';
  const { release, hall, madeAt } = manifest ?? { release: '', hall: '', madeAt: '' };
  const said = {
    occupied: zh
      ? `${data} 里已有数据；加 --force 则先把它移到其中的 before-… 文件夹，再恢复`
      : `there is data in ${data} already; with --force it is moved to a folder before-… in it first`,
    'other-hall': zh
      ? `这是大厅 ${hall} 的备份，与配置的 hall.id 不同`
      : `it is a backup of hall ${hall}, which is not the configuration's hall.id`,
    newer: zh
      ? `它由较新的版本 ${release} 写成，这里是 ${VERSION}：请先升级`
      : `it was made by the newer release ${release}, and this one is ${VERSION}: upgrade first`,
    clock: zh
      ? `本机时钟早于备份时间 ${madeAt}：请先校准`
      : `the clock of this machine is before the backup was made, at ${madeAt}: set it first`,
    'long-ago': zh
      ? `本机时钟比备份时间 ${madeAt} 晚得多：请核对（date），错了先校准，没错请加 --trust-clock`
      : `the clock of this machine is long after the backup was made, at ${madeAt}: look at it (date) and set it first or, where it is right, add --trust-clock`,
    'ran-on': zh
      ? '备份时守护程序在运行，此后又收了记录、发了消息：搬迁请先停止守护程序，再备份，然后 restore --moved'
      : 'a daemon ran while it was made, and has taken in and told more since: to move a hall, stop the daemon, back up, then restore --moved',
  };
  return said[reason];
}

/** Where the configuration is lost too. */
export function configHint(file: string, config: string, lang: Language): string {
  const folder = dirname(config);
  return lang === 'zh'
    ? `配置也丢了的，备份里有一份：tar -xzf ${file} -C ${folder} hall.yaml`
    : `If the configuration is lost as well, there is a copy in the backup: tar -xzf ${file} -C ${folder} hall.yaml`;
}
