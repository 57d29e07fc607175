/** What an audit found, for people, in Chinese or English. */
import type { Hall } from '../../rules/hall.ts';
import { formatInstant } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { type Audit, follows } from './audit.ts';
import type { ChainFinding, Findings, JudgingFinding, RowName } from './finding.ts';
import type { RejudgingReport } from './rejudging.ts';

/** Starts that judged otherwise than was stored, of which the last ones are listed. */
const UPGRADES_SHOWN = 10;

/** The report: what was compared, every difference with its place, and the newest link, to be noted elsewhere. */
export function auditText(audit: Audit, language: Language): string {
  const zh = language === 'zh';
  const lines = [
    zh ? `账本 ${audit.file}，大厅 ${audit.hall.id}` : `Ledger ${audit.file}, hall ${audit.hall.id}`,
    ...chainLines(audit, zh),
    ...found(audit.broken, zh, (finding) => chainFinding(finding, zh)),
    ...judgingLines(audit, zh),
    ...found(audit.differing, zh, (finding) => judgingFinding(finding, zh)),
    '',
    resultLine(audit, zh),
  ];
  return `${lines.join('\n')}\n`;
}

function chainLines({ chain, hall }: Audit, zh: boolean): string[] {
  if (chain === null) return [];
  const { links, facts, changes, purged, adopted, newest, noted } = chain;
  return [
    zh
      ? `链：核对 ${links} 环，与入链时相同的事实 ${facts} 条、结论变更 ${changes} 条${purged > 0 ? `；依规定销毁 ${purged} 条` : ''}。`
      : `Chain: ${links} links; ${facts} facts and ${changes} changes of verdicts as they were chained${purged > 0 ? `; ${purged} rows purged` : ''}.`,
    ...(adopted === 0
      ? []
      : [
          zh
            ? `　　其中 ${adopted} 环是升级时对已有记录补建的：只能证明补建之后没有改动。`
            : `       ${adopted} of the links are of rows from before the chain: they prove what happened to them since.`,
        ]),
    ...(newest === null ? [] : [newestLine(newest, hall, zh)]),
    ...(noted === true
      ? [zh ? '　　另行记下的那一环仍在原处。' : '       The link that was noted is in its place.']
      : []),
  ];
}

function newestLine(
  { number, hash, at }: NonNullable<NonNullable<Audit['chain']>['newest']>,
  hall: Hall,
  zh: boolean,
): string {
  const when = at === null ? '' : formatInstant(hall.zone, at);
  return zh
    ? `　　最新一环（${when}），可另行记下，日后用 --noted 核对：\n　　${number}:${hash}`
    : `       The newest link (${when}); note it elsewhere and compare it later with --noted:\n       ${number}:${hash}`;
}

function rowName({ kind, row, id }: RowName, zh: boolean): string {
  const names = {
    fact: zh ? '事实' : 'fact',
    change: zh ? '结论变更' : 'change of verdict',
    purge: zh ? '销毁记录' : 'note of a purge',
  };
  return zh
    ? `${names[kind]} ${id ?? ''}（第 ${row} 行）`
    : `${names[kind]} ${id === null ? '' : `${id} `}(row ${row})`;
}

function chainFinding(finding: ChainFinding, zh: boolean): string {
  switch (finding.what) {
    case 'row-changed':
      return zh
        ? `${rowName(finding, zh)} 与入链时不同，第 ${finding.link} 环`
        : `${rowName(finding, zh)} is not what was chained, link ${finding.link}`;
    case 'row-missing': {
      const after = finding.after === null ? '' : zh ? `，应在 ${finding.after} 之后` : `, after ${finding.after}`;
      return zh
        ? `${rowName(finding, zh)} 不见了，第 ${finding.link} 环${after}`
        : `${rowName(finding, zh)} is missing, link ${finding.link}${after}`;
    }
    case 'row-outside':
      return zh
        ? `${rowName(finding, zh)} 不在链上：绕过程序写入`
        : `${rowName(finding, zh)} is in no link: it was not written by the daemon`;
    case 'row-returned':
      return zh
        ? `${rowName(finding, zh)} 已登记销毁，却仍在账本里，第 ${finding.link} 环`
        : `${rowName(finding, zh)} was purged and is there, link ${finding.link}`;
    case 'link-changed':
      return zh
        ? `第 ${finding.link} 环与自身的哈希或前一环不符`
        : `link ${finding.link} does not fit its hash and the link before it`;
    case 'links-missing': {
      const { from, to } = finding;
      const isOne = from === to;
      if (zh) return isOne ? `第 ${from} 环不见了` : `第 ${from} 至 ${to} 环不见了`;
      return isOne ? `link ${from} is missing` : `links ${from} to ${to} are missing`;
    }
    case 'link-misplaced':
      return zh
        ? `第 ${finding.link} 环的位置不对：所含的行在前面的环里已有，或是事后补建`
        : `link ${finding.link} is out of place: it holds rows of an earlier link, or adopts rows after the chain began`;
    case 'end-differs':
      return zh
        ? `链的末端登记的不是第 ${finding.link} 环`
        : `the chain was last noted to end with another link than ${finding.link}`;
    case 'noted-differs':
      return zh ? `第 ${finding.link} 环不是另行记下的那一环` : `link ${finding.link} is not the one that was noted`;
    case 'access-log-broken':
      return zh
        ? `登录与权限记录从第 ${finding.row} 行起被改动、删除或增补`
        : `the access log was changed, cut or added to at row ${finding.row}`;
    case 'file-damaged':
      return zh ? `文件已损坏：${finding.because}` : `the file is damaged: ${finding.because}`;
  }
}

function judgingLines({ rejudging, hall }: Audit, zh: boolean): string[] {
  if (rejudging === null) return [];
  const { days, verdicts, at, upgrades } = rejudging;
  if (days === null || at === null) return [zh ? '重算：还没有判定过。' : 'Judged again: nothing has been judged yet.'];
  const asOf = formatInstant(hall.zone, at);
  return [
    zh
      ? `重算：${days.from} 至 ${days.to} 共 ${days.count} 天，现有结论 ${verdicts} 条，以 ${asOf} 为准。`
      : `Judged again: every day from ${days.from} to ${days.to} (${days.count}), ${verdicts} verdicts that hold, as of ${asOf}.`,
    ...upgradeLines(upgrades, hall, zh),
  ];
}

function upgradeLines(upgrades: RejudgingReport['upgrades'], hall: Hall, zh: boolean): string[] {
  if (upgrades.length === 0) return [];
  const shown = upgrades
    .slice(-UPGRADES_SHOWN)
    .map(({ at, op, id }) => `  ${formatInstant(hall.zone, at)} ${op} ${id}`);
  return [
    zh
      ? `　　启动时曾因重算不一致而改过 ${upgrades.length} 次结论（原因 upgrade），最近的：`
      : `       Verdicts were changed ${upgrades.length} times at a start that judged otherwise (cause: upgrade), last:`,
    ...shown,
  ];
}

function judgingFinding({ what, date, id, because }: JudgingFinding, zh: boolean): string {
  const where = `${date ?? (zh ? '全部' : 'all days')}${id === null ? '' : ` ${id}`}`;
  switch (what) {
    case 'only-stored':
      return zh ? `${where}：账本里有，重算没有` : `${where}: stored, and does not follow from the facts`;
    case 'only-recomputed':
      return zh ? `${where}：重算有，账本里没有` : `${where}: follows from the facts, and is not stored`;
    case 'differs':
      return zh ? `${where}：账本里的与重算的不同` : `${where}: stored otherwise than it follows from the facts`;
    case 'history-differs':
      return zh ? `${where}：现有结论与变化历史不符` : `${where}: what holds is not what the history said last`;
    case 'not-judged':
      return zh ? `${where}：无法重算（${because}）` : `${where}: could not be judged again (${because})`;
  }
}

function found<T>(findings: Findings<T>, zh: boolean, textOf: (finding: T) => string): string[] {
  const rest = findings.count - findings.kept.length;
  return [
    ...findings.kept.map((finding) => `  ✗ ${textOf(finding)}`),
    ...(rest > 0 ? [zh ? `  ……另有 ${rest} 处` : `  … and ${rest} more`] : []),
  ];
}

function resultLine(audit: Audit, zh: boolean): string {
  const { broken, differing } = audit;
  const places = broken.count;
  const chainZh = places === 0 ? '链完整' : `链上有 ${places} 处不符`;
  const chain = places === 0 ? 'The chain is whole' : `The chain does not hold in ${places} places`;
  switch (follows(audit)) {
    case true:
      return zh ? `${chainZh}；重算一致。` : `${chain}; what is stored follows from the facts.`;
    case false:
      return zh
        ? `${chainZh}；重算有 ${differing.count} 处不同。`
        : `${chain}; ${differing.count} verdicts differ when judged again.`;
    case null:
      return zh
        ? '文件已损坏，没有读完，也没有重算。'
        : 'The file is damaged: not all of it was read, and nothing was judged again.';
  }
}
