/** A report in a few lines, for a message that a group may read: the hall's figures, and nobody's name. */
import type { Language } from '../alerts/words.ts';
import { figuresOf } from './figures.ts';
import { shownText } from './html.ts';
import type { Report } from './report.ts';
import { columnTitle, kindTitle } from './words.ts';

export function briefOf(report: Report, lang: Language): string[] {
  const { kind, period, department, settled, countedFrom, knownAt, checksum } = report;
  const zh = lang === 'zh';
  const of = [period, ...(department === null ? [] : [department])].join(' ');
  const draft = settled ? '' : zh ? '（未定稿）' : ' (draft)';
  const figures = figuresOf(report).map(
    ({ id, value, column }) => `${columnTitle(id, lang)} ${shownText(value, column, lang)}`,
  );
  const nothing = countedFrom === null || figures.length === 0;
  return [
    `${kindTitle(kind, lang)} ${of}${draft}`,
    nothing ? (zh ? '期间内没有可计的数据' : 'nothing to count in it') : figures.join(zh ? '，' : ', '),
    `${zh ? '数据时间' : 'As known at'} ${knownAt}`,
    `${zh ? '校验' : 'Checksum'} ${checksum}`,
  ];
}
