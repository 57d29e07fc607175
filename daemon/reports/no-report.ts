/** Why there is no report, in one sentence each. */
import type { Language } from '../alerts/words.ts';
import { PERIOD_EXAMPLES, type PeriodKind } from './period.ts';
import type { NoReport, ReportRequest } from './report.ts';

const KINDS_ZH: Readonly<Record<PeriodKind, string>> = {
  day: '日',
  week: '周',
  month: '月',
  quarter: '季',
  year: '年',
};

export function noReportText({ reason, about }: NoReport, { kind, period }: ReportRequest, lang: Language): string {
  const zh = lang === 'zh';
  switch (reason) {
    case 'no-period':
      return zh
        ? `没有“${about}”这样的${KINDS_ZH[kind]}：应写成 ${PERIOD_EXAMPLES[kind]} 的样子`
        : `there is no ${kind} "${about}": it is written like ${PERIOD_EXAMPLES[kind]}`;
    case 'no-ledger':
      return zh ? `${about} 里没有账本` : `there is no ledger in ${about}`;
    case 'unreadable':
      return zh
        ? `${about} 里的账本打不开或读不出：须能读它，并能写它所在的目录`
        : `the ledger in ${about} cannot be opened or read: it has to be readable, and its directory writable`;
    case 'damaged':
      return zh
        ? `${about} 里的账本已损坏：zaigang audit verify 说明坏在哪里`
        : `the ledger in ${about} is damaged: zaigang audit verify says where`;
    case 'old':
      return zh
        ? `${about} 里的账本是别的版本写的：用本版本启动一次守护程序后再试`
        : `the ledger in ${about} is of another release: start the daemon of this one once, then try again`;
    case 'empty':
      return zh
        ? `${about} 的账本里没有这个大厅的任何记录：请核对配置的 hall.id 和 data`
        : `nothing is recorded of this hall in ${about}: are "hall.id" and "data" of the configuration right?`;
    case 'future':
      return zh ? `${period} 还没有开始：数据到 ${about}` : `${period} has not begun: the data go to ${about}`;
    case 'commissioning':
      return zh
        ? `${period} 在正式判定（judgeFrom ${about}）之前，属试运行，不计入报表`
        : `${period} is before judging began (judgeFrom ${about}): commissioning is not reported on`;
    case 'before-records':
      return zh
        ? `${period} 没有数据：记录从 ${about} 开始`
        : `there are no data of ${period}: records begin on ${about}`;
    case 'unknown-then':
      return zh ? `在 ${about} 还没有任何配置和记录` : `at ${about} nothing was known yet`;
    case 'no-employee':
      return zh ? `${period} 里没有编号为“${about}”的人员` : `there is no employee "${about}" in ${period}`;
    case 'no-sheet':
      return zh ? `这份报表里没有“${about}”这张表` : `this report has no table "${about}"`;
    case 'no-department':
      return zh ? `${period} 里没有编号为“${about}”的部门` : `there is no department "${about}" in ${period}`;
  }
}
