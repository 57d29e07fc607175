/** A department's week, as its chief reconciles it with supervision. */
import { caseApi } from '../cases/case-api.ts';
import type { CaseRow, Deed } from '../cases/case-data.ts';
import { askAndDo } from '../cases/case-deeds.ts';
import { type CaseTime, caseTime } from '../cases/case-time.ts';
import { caseStrings } from '../cases/case-words.ts';
import { element, part, setText } from '../element.ts';
import { latest } from '../latest.ts';
import { withLanguage } from '../page-address.ts';
import { pageFrame } from '../page-frame.ts';
import { panel } from '../panel.ts';
import { chooseStrings } from '../strings.ts';
import { askRemark, type CaseListSaying, caseList, isUndecided, passes, type Remarking } from './week-cases.ts';
import { type Week, type Weeks, type WeekTrouble, weekApi } from './week-data.ts';
import { type Chosen, casesOf, weekGrid } from './week-grid.ts';
import { remarkLine } from './week-remark.ts';
import { signPanel } from './week-sign.ts';
import { type CaseFilter, weekStrings } from './week-words.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = weekStrings(strings.code);
const caseWords = caseStrings(strings.code);
const api = weekApi(strings.code);
const cases = caseApi(strings.code);
const main = part('main', HTMLElement);
const said = part('said', HTMLParagraphElement);

interface Shown {
  readonly weeks: Weeks;
  readonly week: Week;
  readonly rows: readonly CaseRow[];
}

let shown: Shown | null = null;
const looks = latest();
let filter: CaseFilter = 'undecided';
let chosen: Chosen | null = null;

document.title = words.title;
setText(said, caseWords.loading);
pageFrame(strings, caseWords.board, () => void start());

async function start(): Promise<void> {
  const weeks = await api.weeks();
  if (!weeks.ok) return trouble(weeks.trouble);
  const asked = new URLSearchParams(location.search);
  const { departments } = weeks.got;
  const wanted = departments.find(({ id }) => id === asked.get('department'));
  const department = wanted ?? departments.find(({ own }) => own) ?? departments[0];
  if (department === undefined) {
    main.replaceChildren(element('h1', '', words.title), element('p', 'turn', words.noDepartment));
    return say('');
  }
  // What is to be reconciled is the week that is over.
  await load(weeks.got, asked.get('week') ?? weeks.got.previous, department.id);
}

async function load(weeks: Weeks, name: string, department: string): Promise<void> {
  const week = await looks.answerTo(api.week(name, department));
  if (week === null) return;
  if (!week.ok) {
    // Where there is nothing of last week yet, there may be of this one.
    if (name === weeks.previous && week.trouble !== 'unreachable' && !new URLSearchParams(location.search).has('week'))
      return load(weeks, weeks.week, department);
    if (shown === null) main.replaceChildren(element('h1', '', words.title));
    return trouble(week.trouble);
  }
  await take(weeks, week.got, '');
}

/** Shows it, and says `done`. */
async function take(weeks: Weeks, week: Week, done: string): Promise<void> {
  const list = await looks.answerTo(cases.span(week.from, week.to));
  if (list === null) return say(done);
  // Without its cases nobody is to take a week for one that has none, and sign it.
  if (!list.ok) return say(`${done}${caseWords.troubles[list.trouble]}`, true);
  const people = new Set(week.people.map(({ employee }) => employee));
  const rows = list.got.alerts.filter(
    (row) => row.department === week.department || (row.employee !== null && people.has(row.employee)),
  );
  shown = { weeks, week, rows };
  show();
  say(done);
}

// ---- showing -----------------------------------------------------------------------------------------------------

function show(): void {
  if (shown === null) return;
  const { weeks, week, rows } = shown;
  const time = caseTime(strings.locale, week.timezone, caseWords);
  const title = words.heading(week.departmentName ?? week.department, time.dayOfYear(week.from), time.day(week.to));
  document.title = title;
  const choose = (next: Chosen | null): void => {
    chosen = next;
    if (next !== null) filter = 'all';
    redraw();
  };
  const saying: CaseListSaying = { week, words, caseWords, time, act, remark };
  const grid = panel('say', words.grid, weekGrid(week, rows, { words, time, chosen, choose }));
  const signing = signPanel(week, {
    ...{ words, time, sign: (note) => sign(weeks, week, note) },
    cases: rows.length,
    undecided: rows.filter(isUndecided).length,
  });
  main.replaceChildren(
    element('header', 'page-head', element('h1', '', title), ways(weeks, week)),
    grid,
    element(
      'div',
      'columns',
      element('div', 'column', casePanel(rows, saying)),
      element('div', 'column', signing, ...unslipped(week, time), remarksPanel(week, saying)),
    ),
  );
}

/** Shows it anew, and gives the focus back to what had it. */
function redraw(): void {
  const label = document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '';
  show();
  const again = [...main.querySelectorAll<HTMLElement>('button')].find(
    (one) => (one.getAttribute('aria-label') ?? one.textContent) === label,
  );
  again?.focus();
}

function ways({ departments }: Weeks, week: Week): HTMLElement {
  const address = (name: string, department: string): string => {
    const url = new URL(withLanguage('/week'), location.origin);
    url.searchParams.set('week', name);
    url.searchParams.set('department', department);
    return url.pathname + url.search;
  };
  const way = (text: string, name: string): HTMLElement => {
    const link = element('a', 'button button-quiet', text);
    link.href = address(name, week.department);
    return link;
  };
  const select = element('select', '');
  select.setAttribute('aria-label', words.department);
  select.append(
    ...departments.map(({ id, name }) => {
      const option = element('option', '', name);
      option.value = id;
      option.selected = id === week.department;
      return option;
    }),
  );
  select.addEventListener('change', () => location.assign(address(week.week, select.value)));
  return element(
    'div',
    'deeds',
    ...(departments.length > 1 ? [select] : []),
    way(words.previous, week.previous),
    way(words.next, week.next),
  );
}

function casePanel(rows: readonly CaseRow[], saying: CaseListSaying): HTMLElement {
  const { week, time } = saying;
  const ofDay = chosen === null ? rows : casesOf(rows, chosen);
  const filters = (['undecided', 'missing', 'all'] as const).map((one) => {
    const count = ofDay.filter((row) => passes(one, row)).length;
    const button = element('button', 'week-filter', `${words.filters[one]} ${count}`);
    button.type = 'button';
    button.setAttribute('aria-pressed', String(filter === one));
    button.addEventListener('click', () => {
      filter = one;
      // The number may have changed; the button is the same.
      show();
      main.querySelector<HTMLElement>('.week-filter[aria-pressed="true"]')?.focus();
    });
    return button;
  });
  const group = element('div', 'week-filters', ...filters);
  group.setAttribute('role', 'group');
  group.setAttribute('aria-label', words.show);
  const only = chosen === null ? [] : [onlyLine(week, chosen, time)];
  return panel(
    'say',
    words.cases,
    group,
    ...only,
    caseList(
      ofDay.filter((row) => passes(filter, row)),
      saying,
    ),
  );
}

function onlyLine(week: Week, { employee, date }: Chosen, time: CaseTime): HTMLElement {
  const name = week.people.find((person) => person.employee === employee)?.name ?? employee;
  const all = element('button', 'button button-quiet', words.showAll);
  all.type = 'button';
  all.addEventListener('click', () => {
    chosen = null;
    redraw();
  });
  return element('p', 'week-only', element('b', '', words.only(name, time.day(date))), ' ', all);
}

function unslipped(week: Week, time: CaseTime): HTMLElement[] {
  if (week.unslipped.length === 0) return [];
  const lines = week.unslipped.map(({ name, kind, from, to, days }) =>
    element('li', '', words.unslippedLine(name, kind, time.say(from, ''), time.say(to, ''), days)),
  );
  return [panel('say', words.unslipped, element('ul', 'week-list', ...lines))];
}

function remarksPanel(week: Week, saying: CaseListSaying): HTMLElement {
  const root = panel('say', words.remarks);
  const whole = week.remarks.filter((one) => one.case === null);
  root.append(...whole.map((one) => remarkLine(one, saying)));
  if (week.mayRemark) {
    const button = element('button', 'button button-quiet', words.remark);
    button.type = 'button';
    button.addEventListener('click', () => askRemark(null, saying));
    root.append(button);
  }
  return root;
}

function say(text: string, isTrouble = false): void {
  setText(said, text);
  said.classList.toggle('said-trouble', isTrouble);
}

const trouble = (what: WeekTrouble): void => say(words.troubles[what], true);

// ---- doing -------------------------------------------------------------------------------------------------------

/** `week`: as it was looked at when somebody began to sign, whatever has come since. */
async function sign(weeks: Weeks, week: Week, note: string | null): Promise<string | null> {
  const answer = await api.sign(week, note);
  if (answer.ok) {
    await take(weeks, answer.got, words.signed);
    return null;
  }
  if (answer.trouble !== 'changed') return words.troubles[answer.trouble];
  // It is not what was looked at: it is shown, and nothing is signed.
  await load(weeks, week.week, week.department);
  trouble('changed');
  return null;
}

const remark: Remarking = async (text, about, proposes) => {
  if (shown === null) return null;
  const { weeks, week } = shown;
  const said = { text, ...(about === null ? {} : { case: about }), ...(proposes === null ? {} : { proposes }) };
  const answer = await api.remark(week, said);
  if (!answer.ok) return words.troubles[answer.trouble];
  await take(weeks, answer.got, words.remarked);
  return null;
};

function act(deed: Deed, row: CaseRow): void {
  askAndDo(deed, [row], caseWords, async (what, _, reason) => {
    const answer = await cases.do(row.case, { deed: what, reason, revision: row.revision });
    if (shown !== null) await load(shown.weeks, shown.week.week, shown.week.department);
    const text = answer.ok ? caseWords.doneTo(caseWords.did[what], 1) : caseWords.troubles[answer.trouble];
    say(text, !answer.ok);
    return answer.ok ? null : text;
  });
}
