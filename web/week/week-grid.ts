/** The week as a table: a row a person, a column a day; a cell with cases can be pressed to see only those. */
import type { CaseRow } from '../cases/case-data.ts';
import type { CaseTime } from '../cases/case-time.ts';
import { element } from '../element.ts';
import type { Week, WeekPerson } from './week-data.ts';
import type { WeekStrings } from './week-words.ts';

/** Somebody's day. */
export interface Chosen {
  readonly employee: string;
  readonly date: string;
}

export interface GridSaying {
  readonly words: WeekStrings;
  readonly time: CaseTime;
  readonly chosen: Chosen | null;
  readonly choose: (chosen: Chosen | null) => void;
}

/** The cases of somebody's day: those about them, and those of windows that speak against them. */
export function casesOf(rows: readonly CaseRow[], { employee, date }: Chosen): CaseRow[] {
  return rows.filter(
    (row) =>
      row.date === date && (row.employee === employee || row.verdicts.some((verdict) => verdict.employee === employee)),
  );
}

export function weekGrid(week: Week, rows: readonly CaseRow[], saying: GridSaying): HTMLElement {
  const { words, time } = saying;
  if (week.people.length === 0) return element('p', 'turn', words.noPeople);
  const heads = week.days.map(({ date, weekday }) => {
    const [, month = '', day = ''] = date.split('-');
    const head = element('th', '', element('span', 'week-weekday', weekday), ` ${Number(month)}/${Number(day)}`);
    head.scope = 'col';
    head.setAttribute('aria-label', time.day(date));
    return head;
  });
  const titles = week.figures.map(({ title }) => {
    const head = element('th', 'week-figure', title);
    head.scope = 'col';
    return head;
  });
  const name = element('th', 'week-name', words.person);
  name.scope = 'col';
  const body = week.people.map((person) => personRow(person, week, rows, saying));
  const table = element(
    'table',
    'week-grid',
    element('thead', '', element('tr', '', name, ...heads, ...titles)),
    element('tbody', '', ...body),
  );
  const scroller = element('div', 'week-scroll', table);
  scroller.tabIndex = 0;
  scroller.setAttribute('role', 'region');
  scroller.setAttribute('aria-label', words.grid);
  return element('div', '', scroller, element('p', 'hint week-legend', week.legend));
}

function personRow(person: WeekPerson, week: Week, rows: readonly CaseRow[], saying: GridSaying): HTMLElement {
  const name = element('th', 'week-name', person.name, ' ', element('span', 'dim', person.employee));
  name.scope = 'row';
  const cells = person.days.map((day) => dayCell(person, day, rows, saying));
  const figures = week.figures.map(({ id }) => {
    const figure = person.figures[id] ?? 0;
    return element('td', 'week-figure', figure === 0 ? element('span', 'dim', '·') : String(figure));
  });
  const row = element('tr', '', name, ...cells, ...figures);
  row.dataset['employee'] = person.employee;
  return row;
}

/** Marks that want somebody to look. */
const FAULTS: ReadonlySet<string> = new Set(['late', 'early', 'absent', 'missing', 'pending']);

function dayCell(
  person: WeekPerson,
  day: WeekPerson['days'][number],
  rows: readonly CaseRow[],
  { words, time, chosen, choose }: GridSaying,
): HTMLElement {
  const { employee, name } = person;
  const { date, marks, text } = day;
  const cases = casesOf(rows, { employee, date });
  const said = marks.map((mark) => words.marks[mark] ?? mark).join(' ');
  const label = words.cell(name, time.day(date), said === '' ? words.nothing : said, cases.length);
  const cell = element('td', 'week-day');
  cell.dataset['date'] = date;
  cell.dataset['fault'] = String(marks.some((mark) => FAULTS.has(mark)));
  if (cases.length === 0) {
    const shown = element('span', '', text);
    shown.setAttribute('aria-hidden', 'true');
    cell.append(shown, element('span', 'unseen', said === '' ? words.nothing : said));
    cell.title = label;
    return cell;
  }
  const button = element('button', 'week-press', text === '' ? '·' : text);
  const isChosen = chosen?.employee === employee && chosen.date === date;
  button.type = 'button';
  button.title = label;
  button.setAttribute('aria-label', label);
  button.setAttribute('aria-pressed', String(isChosen));
  button.addEventListener('click', () => choose(isChosen ? null : { employee, date }));
  cell.append(button);
  return cell;
}
