/** A report as one page that needs nothing else: light or dark as its reader has it, and A4 when printed. */
import { type Day, dayOfDate, weekdayOf } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { textOf } from './csv.ts';
import type { Cell, Column, Report, Sheet } from './report.ts';
import { aboutLines, columnTitle, reportTitle, sheetTitle, totalText, weekdayText } from './words.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #18212c; --soft: #566474; --line: #d9dfe7; --head: #eef1f5; --page: #fff; --bad: #b0232a; --doubt: #6a4a8f; }
@media (prefers-color-scheme: dark) { :root { --ink: #eaf0f6; --soft: #93a1b0; --line: #2c3946; --head: #1d2833; --page: #0f161e; --bad: #ff9a95; --doubt: #c6a6ea; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 20px; max-width: 1800px; background: var(--page); color: var(--ink); font: 13px/1.5 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0 0 4px; font-size: 20px; } h2 { margin: 28px 0 8px; font-size: 15px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 8px 0; color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
nav a { color: inherit; margin-right: 12px; }
.wide { overflow-x: auto; } table { border-collapse: collapse; } caption { text-align: left; }
th, td { border: 1px solid var(--line); padding: 3px 6px; white-space: nowrap; } thead th { position: sticky; top: 0; background: var(--head); text-align: left; }
th small { display: block; font-weight: 400; color: var(--soft); } td.n { text-align: right; } td.m, th.m { text-align: center; padding: 3px 2px; }
tfoot td { font-weight: 600; background: var(--head); } .bad { color: var(--bad); font-weight: 600; } .doubt { color: var(--doubt); } .soft { color: var(--soft); }
@page { size: A4 landscape; margin: 10mm; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #999; --head: #eee; --page: #fff; --bad: #b0232a; --doubt: #6a4a8f; }
  body { padding: 0; max-width: none; font-size: 8px; } nav { display: none; } .wide { overflow: visible; } section { break-before: page; } section:first-of-type { break-before: auto; }
  table { width: 100%; } th, td { padding: 1px 2px; white-space: normal; } thead { display: table-header-group; } tfoot { display: table-row-group; } thead th { position: static; } tr { break-inside: avoid; } }
`;

export function htmlOf(report: Report, lang: Language): string {
  const title = escaped(reportTitle(report, lang));
  const about = aboutLines(report, lang).map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
  const links = report.sheets.map(({ id }) => `<a href="#${id}">${escaped(sheetTitle(id, lang))}</a>`);
  return `<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<nav>${links.join('')}</nav>
<dl>${about.join('')}</dl>
${report.sheets.map((sheet) => sectionOf(sheet, lang)).join('\n')}
</body>
</html>
`;
}

function sectionOf({ id, columns, rows, totals }: Sheet, lang: Language): string {
  const head = columns.map((column) => `<th class="${classOf(column)}" scope="col">${headOf(column, lang)}</th>`);
  const line = (row: readonly Cell[]): string =>
    `<tr>${row.map((cell, i) => cellOf(cell, columns[i] as Column, lang)).join('')}</tr>`;
  const foot = totals === null ? '' : `<tfoot>${line([totalText(lang), ...totals.slice(1)])}</tfoot>`;
  return `<section id="${id}"><h2>${escaped(sheetTitle(id, lang))}</h2><div class="wide"><table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>${rows.map(line).join('\n')}</tbody>${foot}
</table></div></section>`;
}

function headOf({ id, date }: Column, lang: Language): string {
  if (date === undefined) return escaped(columnTitle(id, lang));
  const weekday = weekdayText(weekdayOf(dayOfDate(date) as Day), lang);
  return `${Number(date.slice(8))}<small>${weekday}</small>`;
}

function classOf({ kind }: Column): string {
  if (kind === 'marks') return 'm';
  return kind === 'text' || kind === 'term' || kind === 'date' || kind === 'instant' ? '' : 'n';
}

function cellOf(cell: Cell, column: Column, lang: Language): string {
  const tone = column.kind === 'marks' && typeof cell === 'string' ? toneOf(cell) : '';
  return `<td class="${`${classOf(column)} ${tone}`.trim()}">${escaped(shownText(cell, column, lang))}</td>`;
}

/** `bad`: a fault; `doubt`: pending, or set aside by people; `soft`: not a day of work. */
export function toneOf(marks: string): '' | 'bad' | 'doubt' | 'soft' {
  if (/absent|late|early|missing/.test(marks)) return 'bad';
  if (/pending|waived/.test(marks)) return 'doubt';
  return /rest|none|commissioning|ahead/.test(marks) ? 'soft' : '';
}

/** As people read it on a page: percentages, and instants without their zone. */
export function shownText(cell: Cell, column: Column, lang: Language): string {
  if (typeof cell === 'number') return column.kind === 'rate' ? `${(100 * cell).toFixed(1)}%` : String(cell);
  if (cell !== null && column.kind === 'instant') return cell.slice(0, 19).replace('T', ' ');
  return textOf(cell, column, lang);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
