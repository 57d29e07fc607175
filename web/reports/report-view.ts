/** A report on the page: figures in short, charts, tables, and what they are of. */
import { element } from '../element.ts';
import { behind } from './report-behind.ts';
import { type Bar, type ChartData, legendOf, line, lyingBars, type Series, standingBars } from './report-charts.ts';
import { type Column, cellOf, type ReportWords, type Sheet, sheetOf, shown } from './report-data.ts';
import { showBehind, type TableTools } from './report-tables.ts';

// ---- figures in short ----------------------------------------------------------------------------------------------

/** Of which table's totals they are. */
const FIGURES: readonly (readonly [sheet: string, ...ids: string[]])[] = [
  ['people', 'attendanceRate', 'punctualRate', 'late', 'early', 'absent', 'missing', 'waived'],
  ['windows', 'coverRate', 'seatRate'],
  ['cover', 'fillRate'],
];

export function tiles(tools: TableTools): HTMLElement {
  const { report, strings } = tools;
  const all = FIGURES.flatMap(([from, ...ids]) => {
    const sheet = sheetOf(report, from);
    return sheet === null || sheet.totals === null ? [] : ids.map((id) => tile(sheet, id, tools));
  });
  const heading = element('h2', 'unseen', strings.inShort);
  const list = element('dl', '', ...all.map(([name, value]) => element('div', 'tile', name, value)));
  return element('section', 'tiles', heading, list);
}

function tile(sheet: Sheet, id: string, tools: TableTools): [HTMLElement, HTMLElement] {
  const column = sheet.columns.find((one) => one.id === id) as Column;
  const value = sheet.totals === null ? null : cellOf(sheet, sheet.totals, id);
  const name = tools.words.columns[id] ?? id;
  const text = shown(value, column, tools.words);
  const found = typeof value === 'number' && value > 0 ? behind(tools.report, sheet, null, column) : null;
  if (found === null) return [element('dt', '', name), element('dd', '', text)];
  const button = element('button', 'lead', text);
  button.type = 'button';
  button.setAttribute('aria-label', `${name} ${text}`);
  button.addEventListener('click', () => showBehind(found, name, tools));
  return [element('dt', '', name), element('dd', '', button)];
}

// ---- banners -------------------------------------------------------------------------------------------------------

export function notes(tools: TableTools): HTMLElement[] {
  const { report, words, strings } = tools;
  const lines: HTMLElement[] = [];
  if (sheetOf(report, 'changes') !== null) {
    const changes = element('a', '', words.sheets['changes'] ?? '');
    changes.href = '#changes';
    lines.push(note(strings.knownThen(report.knownAt), changes));
  }
  if (!report.settled) lines.push(note(strings.draft));
  const leftOut = report.leftOut.map(({ sheet, rows }) => `${words.sheets[sheet] ?? sheet} ${rows}`);
  if (leftOut.length > 0) lines.push(note(strings.leftOut(leftOut.join(' · '))));
  const handling = sheetOf(report, 'handling');
  const count = (id: string): number =>
    handling === null || handling.totals === null ? 0 : Number(cellOf(handling, handling.totals, id) ?? 0);
  const [undecided, appealed] = [count('undecided'), count('appealed')];
  if (undecided + appealed > 0) {
    const table = element('a', '', words.sheets['handling'] ?? '');
    table.href = '#handling';
    lines.push(note(strings.toDecide(undecided, appealed), table, ...decideButton(tools)));
  }
  return lines;
}

/** To what waits for a decision. The board's list is of the last days only, and the report may be older. */
function decideButton(tools: TableTools): Node[] {
  const { report, words, strings } = tools;
  const handling = sheetOf(report, 'handling');
  const found = ['undecided', 'appealed'].flatMap((id) => {
    const column = handling?.columns.find((one) => one.id === id);
    const list = handling === null || column === undefined ? null : behind(report, handling, null, column);
    return list === null || list.rows.length === 0 ? [] : [{ ...list, name: words.columns[id] ?? id }];
  });
  const [first] = found;
  if (first === undefined) return [];
  const all = { ...first, rows: found.flatMap(({ rows }) => rows) };
  const button = element('button', 'lead', strings.decide);
  button.type = 'button';
  button.id = 'decide';
  button.addEventListener('click', () => showBehind(all, found.map(({ name }) => name).join(' · '), tools));
  return [document.createTextNode(' · '), button];
}

function note(text: string, ...more: readonly (Node | string)[]): HTMLElement {
  return element('p', 'note', text, ' ', ...more);
}

// ---- charts --------------------------------------------------------------------------------------------------------

/** More windows than these are shown by department. */
const MOST_LYING = 24;

type Draw = (data: ChartData, width: number, title: string) => SVGElement;

export function charts(tools: TableTools): HTMLElement {
  const { strings } = tools;
  const drawn = [
    serviceChart(tools),
    departmentChart(tools),
    faultChart(tools),
    coverageChart(tools),
    onlineChart(tools),
  ];
  const heading = element('h2', 'part-title', strings.charts);
  const node = element('section', 'charts', heading, ...drawn.filter((one) => one !== null));
  node.hidden = drawn.every((one) => one === null);
  return node;
}

function figure(title: string, sheet: Sheet, data: ChartData, draw: Draw, { words, strings }: TableTools): HTMLElement {
  const place = element('div', 'drawing');
  const numbers = element('a', '', strings.numbers(words.sheets[sheet.id] ?? sheet.id));
  numbers.href = `#${sheet.id}`;
  const caption = element('figcaption', '', element('b', '', title), ' ', numbers);
  const node = element('figure', 'figure', caption, ...(data.series.length > 1 ? [legendOf(data.series)] : []), place);
  const isEmpty = data.bars.every(({ values }) => values.every((value) => value === null || value === 0));
  if (isEmpty) {
    place.append(element('p', 'dim', strings.nothingToDraw));
    return node;
  }
  let width = 0;
  const redraw = (): void => {
    const room = Math.floor(place.clientWidth);
    if (room === width || room === 0) return;
    width = room;
    place.replaceChildren(draw(data, width, title));
  };
  new ResizeObserver(redraw).observe(place);
  return node;
}

function seriesOf(words: ReportWords, ...of: readonly (readonly [look: string, column: string])[]): Series[] {
  return of.map(([look, column]) => ({ look, name: words.columns[column] ?? column }));
}

function barsOf(sheet: Sheet, label: string, columns: readonly string[]): Bar[] {
  return sheet.rows.map((row) => ({
    label: String(cellOf(sheet, row, label) ?? ''),
    values: columns.map((column) => cellOf(sheet, row, column)).map((cell) => (typeof cell === 'number' ? cell : null)),
  }));
}

const whole = (value: number): string => String(Math.round(value));
const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;
const SERVED = ['a', 'b', 'cover', 'unverified', 'doubtful', 'bare'] as const;
const FAULTS = ['late', 'early', 'absent'] as const;

function serviceChart(tools: TableTools): HTMLElement | null {
  const windows = sheetOf(tools.report, 'windows');
  const sheet = windows !== null && windows.rows.length > MOST_LYING ? sheetOf(tools.report, 'service') : windows;
  if (sheet === null) return null;
  const series = seriesOf(tools.words, ...SERVED.map((id) => [id, id] as const));
  const bars = barsOf(sheet, sheet.id === 'windows' ? 'windowName' : 'departmentName', SERVED);
  return figure(tools.strings.serviceChart, sheet, { series, bars, say: whole }, lyingBars, tools);
}

/** A day as its number, a longer step as its first date. */
function stepLabels(sheet: Sheet, bars: readonly Bar[], { report }: TableTools): Bar[] {
  const isLong = sheet.rows.some((row) => cellOf(sheet, row, 'date') !== cellOf(sheet, row, 'until'));
  const label = (date: string): string => {
    if (report.kind === 'year') return date.slice(0, 7);
    return isLong ? date.slice(5) : String(Number(date.slice(8)));
  };
  return bars.map((bar) => ({ ...bar, label: label(bar.label) }));
}

function faultChart(tools: TableTools): HTMLElement | null {
  const sheet = sheetOf(tools.report, 'course');
  if (sheet === null) return null;
  const bars = stepLabels(sheet, barsOf(sheet, 'date', FAULTS), tools);
  const series = seriesOf(tools.words, ...FAULTS.map((id) => [id, id] as const));
  return figure(tools.strings.faultChart, sheet, { series, bars, say: whole }, standingBars, tools);
}

function departmentChart(tools: TableTools): HTMLElement | null {
  const sheet = sheetOf(tools.report, 'departments');
  if (sheet === null || sheet.rows.length < 2) return null;
  const series = seriesOf(tools.words, ...FAULTS.map((id) => [id, id] as const));
  const data = { series, bars: barsOf(sheet, 'departmentName', FAULTS), say: whole };
  return figure(tools.strings.departmentChart, sheet, data, lyingBars, tools);
}

function coverageChart(tools: TableTools): HTMLElement | null {
  const sheet = sheetOf(tools.report, 'serviceCourse');
  if (sheet === null) return null;
  const bars = stepLabels(sheet, barsOf(sheet, 'date', ['coverRate']), tools);
  return figure(tools.strings.coverageChart, sheet, { series: [], bars, say: percent }, line, tools);
}

function onlineChart(tools: TableTools): HTMLElement | null {
  const sheet = sheetOf(tools.report, 'devices');
  if (sheet === null) return null;
  const series = seriesOf(tools.words, ['a', 'online'], ['bare', 'offline'], ['doubtful', 'unheard']);
  const bars = barsOf(sheet, 'device', ['online', 'offline', 'unheard']).slice(0, MOST_LYING);
  return figure(tools.strings.onlineChart, sheet, { series, bars, say: whole }, lyingBars, tools);
}

// ---- what it is of -------------------------------------------------------------------------------------------------

export function about({ report, words, strings }: TableTools, choices: { readonly scope: string | null }): HTMLElement {
  const { facts } = strings;
  const { hall, countedFrom, countedTo, judgeFrom, configs } = report;
  const legend = Object.values(words.marks).map(({ sign, name }) => `${sign} ${name}`);
  const lines: readonly (readonly [string, string])[] = [
    [facts.hall, `${hall.name} (${hall.id}, ${hall.timezone})`],
    ...(choices.scope === null ? [] : [[facts.scope, choices.scope] as const]),
    [facts.period, `${report.from} – ${report.to}`],
    [facts.counted, countedFrom === null ? facts.nothing : `${countedFrom} – ${countedTo}`],
    ...(judgeFrom === null ? [] : [[facts.judgeFrom, judgeFrom] as const]),
    [facts.knownAt, report.knownAt],
    [facts.standing, report.settled ? strings.settled : strings.draft],
    ...(report.masked ? [[facts.names, facts.areMasked] as const] : []),
    [facts.definitions, words.definitions],
    [facts.marks, legend.join('　')],
    [facts.rules, report.rules],
    ...configs.map(({ from, hash }) => [facts.config, `${from} ${hash}`] as const),
    [facts.checksum, report.checksum],
  ];
  const heading = element('h2', 'part-title', strings.about);
  const items = lines.map(([name, value]) => element('div', '', element('dt', '', name), element('dd', '', value)));
  return element('section', 'about', heading, element('dl', '', ...items));
}
