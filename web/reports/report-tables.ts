/** Tables of a report: every figure that counts verdicts leads to them. */
import { openDialog } from '../dialog.ts';
import { element } from '../element.ts';
import { withLanguage } from '../page-address.ts';
import { type Behind, behind } from './report-behind.ts';
import {
  type Cell,
  type Column,
  cellOf,
  marksSaid,
  type Report,
  type ReportWords,
  type Sheet,
  shown,
} from './report-data.ts';
import type { ReportStrings } from './report-strings.ts';

export interface TableTools {
  readonly report: Report;
  readonly words: ReportWords;
  readonly strings: ReportStrings;
}

/** For programs, and for what leads from a row: nobody reads them. */
const UNREAD: ReadonlySet<string> = new Set(['employee', 'window', 'department', 'id', 'case', 'facts']);
const ROWS_AT_ONCE = 200;

/** A table with its heading; `more` stands beside the heading. */
export function tableSection(sheet: Sheet, tools: TableTools, ...more: readonly Node[]): HTMLElement {
  const { words, strings } = tools;
  const title = words.sheets[sheet.id] ?? sheet.id;
  const heading = element('h3', '', title);
  heading.id = `title-${sheet.id}`;
  const section = element('section', 'sheet', element('div', 'sheet-head', heading, ...more));
  section.id = sheet.id;
  section.append(
    sheet.rows.length === 0 ? element('p', 'dim', strings.none) : tableOf(sheet, sheet.rows, tools, heading.id),
  );
  return section;
}

function tableOf(sheet: Sheet, rows: readonly (readonly Cell[])[], tools: TableTools, labelledBy: string): HTMLElement {
  const { words, strings } = tools;
  const columns = sheet.columns.flatMap((column, place) => (UNREAD.has(column.id) ? [] : [{ column, place }]));
  const leads = rows.some((row) => cellOf(sheet, row, 'case') !== null);
  const head = columns.map(({ column }) => headCell(column, words));
  if (leads) head.push(element('td', ''));
  const lineOf = (row: readonly Cell[]): HTMLTableRowElement => {
    const cells = columns.map(({ column, place }, i) =>
      bodyCell(sheet, row, column, row[place] ?? null, i === 0, tools),
    );
    return element('tr', '', ...cells, ...(leads ? [caseCell(cellOf(sheet, row, 'case'), strings)] : []));
  };
  const body = element('tbody', '');
  const table = element(
    'table',
    sheet.columns.some(({ date }) => date !== undefined) ? 'matrix' : '',
    element('thead', '', element('tr', '', ...head)),
    body,
  );
  const { totals } = sheet;
  if (totals !== null && rows === sheet.rows) {
    const cells = columns.map(({ column, place }, i) =>
      i === 0 ? rowHead(words.total) : bodyCell(sheet, null, column, totals[place] ?? null, false, tools),
    );
    table.append(element('tfoot', '', element('tr', '', ...cells)));
  }
  table.setAttribute('aria-labelledby', labelledBy);
  const wide = element('div', 'wide', table);
  // What scrolls is to be scrolled by keys as well.
  wide.tabIndex = 0;
  wide.setAttribute('role', 'region');
  wide.setAttribute('aria-labelledby', labelledBy);
  return element('div', '', wide, ...moreRows(rows, body, lineOf, strings));
}

/** Fills the body piece by piece: a long list is not built at once. */
function moreRows(
  rows: readonly (readonly Cell[])[],
  body: HTMLElement,
  lineOf: (row: readonly Cell[]) => HTMLElement,
  strings: ReportStrings,
): HTMLElement[] {
  let there = 0;
  const button = element('button', 'button button-quiet more-rows');
  button.type = 'button';
  const add = (): void => {
    body.append(...rows.slice(there, there + ROWS_AT_ONCE).map(lineOf));
    there = Math.min(rows.length, there + ROWS_AT_ONCE);
    button.textContent = strings.more(rows.length - there);
    if (there === rows.length) button.remove();
  };
  button.addEventListener('click', add);
  add();
  return there < rows.length ? [button] : [];
}

/** Paper has all of every table: nobody can press a button there. */
export function addAllRows(): void {
  for (const button of document.querySelectorAll<HTMLElement>('.sheet .more-rows')) {
    while (button.isConnected) button.click();
  }
}

function headCell({ id, date, kind }: Column, words: ReportWords): HTMLElement {
  const cell = element('th', numeric(kind));
  cell.scope = 'col';
  if (date === undefined) cell.append(words.columns[id] ?? id);
  else {
    const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
    cell.append(String(Number(date.slice(8))), element('small', '', words.weekdays[weekday] ?? ''));
  }
  return cell;
}

function rowHead(text: string): HTMLElement {
  const cell = element('th', '', text);
  cell.scope = 'row';
  return cell;
}

const numeric = (kind: Column['kind']): string =>
  kind === 'marks'
    ? 'mark'
    : kind === 'text' || kind === 'term' || kind === 'date' || kind === 'instant'
      ? ''
      : 'number';

function bodyCell(
  sheet: Sheet,
  row: readonly Cell[] | null,
  column: Column,
  cell: Cell,
  isFirst: boolean,
  tools: TableTools,
): HTMLElement {
  const text = shown(cell, column, tools.words);
  if (isFirst) return rowHead(text);
  const node = element('td', numeric(column.kind));
  if (column.kind === 'marks' && typeof cell === 'string') node.classList.add(toneOf(cell));
  const lead = leadOf(sheet, row, column, cell, text, tools);
  node.append(lead ?? text);
  return node;
}

/** `bad`: a fault; `doubt`: pending; `soft`: not a day of work. */
function toneOf(marks: string): 'bad' | 'doubt' | 'soft' | 'plain' {
  if (/absent|late|early|missing/.test(marks)) return 'bad';
  if (/pending|waived/.test(marks)) return 'doubt';
  return /rest|none|commissioning|ahead/.test(marks) ? 'soft' : 'plain';
}

/** A button to what is behind a figure; null where there is nothing to be shown. */
function leadOf(
  sheet: Sheet,
  row: readonly Cell[] | null,
  column: Column,
  cell: Cell,
  text: string,
  tools: TableTools,
): HTMLElement | null {
  const isFigure = typeof cell === 'number' && cell > 0 && column.kind !== 'rate';
  const isFault =
    column.date !== undefined && typeof cell === 'string' && /absent|late|early|missing|pending|waived/.test(cell);
  if (!isFigure && !isFault) return null;
  const found = behind(tools.report, sheet, row, column);
  if (found === null) return null;
  const button = element('button', 'lead', text);
  button.type = 'button';
  const of = row === null ? tools.words.total : nameOf(sheet, row, tools);
  const what =
    column.date === undefined
      ? (tools.words.columns[column.id] ?? column.id)
      : `${column.date} ${marksSaid(String(cell), tools.words)}`;
  button.setAttribute('aria-label', `${of} ${what} ${isFigure ? text : ''}`.trim());
  button.addEventListener('click', () => showBehind(found, `${of} · ${what}`, tools));
  return button;
}

function nameOf(sheet: Sheet, row: readonly Cell[], { words }: TableTools): string {
  const first = sheet.columns.findIndex(({ id }) => !UNREAD.has(id));
  return shown(row[first] ?? null, sheet.columns[first] as Column, words);
}

/** What of a verdict or a leave is shown behind a figure. */
const SHORT = [
  'date',
  'rule',
  'state',
  'name',
  'windowName',
  'departmentName',
  'kind',
  'from',
  'to',
  'minutes',
  'days',
  'decision',
  'case',
];

export function showBehind({ sheet, rows, isPartial }: Behind, what: string, tools: TableTools): void {
  const { strings } = tools;
  const places = sheet.columns.flatMap(({ id }, place) => (SHORT.includes(id) ? [place] : []));
  const short: Sheet = {
    id: sheet.id,
    columns: places.map((place) => sheet.columns[place] as Column),
    rows: rows.map((row) => places.map((place) => row[place] ?? null)),
    totals: null,
  };
  const list =
    rows.length === 0 ? element('p', 'dim', strings.nothingBehind) : tableOf(short, short.rows, tools, 'dialog-title');
  const body = [list, ...(isPartial ? [element('p', 'dim', strings.namesNobody)] : [])];
  openDialog({ title: strings.behind(what), body, go: null, cancel: strings.close, working: '' });
}

function caseCell(id: Cell, strings: ReportStrings): HTMLElement {
  if (id === null) return element('td', '');
  const link = element('a', '', strings.open);
  link.href = withLanguage(`/cases/${encodeURIComponent(String(id))}`);
  return element('td', '', link);
}
