/** Which report: kind, period, of whom, as known when. Each choice is an address, so that it can be kept and sent on. */
import { element } from '../element.ts';
import { field } from '../form-parts.ts';
import { wallText } from '../wall-time.ts';
import { type Asked, type Choices, KINDS, type Kind } from './report-data.ts';
import { firstDateOf, periodAt, periodBeside, periodsBetween } from './report-period.ts';
import type { ReportStrings } from './report-strings.ts';

/** Longer lists are not read: older periods have their address. */
const MOST_PERIODS = 60;

/** What an address asks for; what it leaves out is what whoever asks may read of the hall's current month. */
export function askedIn(address: Location, choices: Choices): Asked {
  const [, , kindSaid = '', periodSaid = ''] = address.pathname.split('/').map(decodeURIComponent);
  const query = new URLSearchParams(address.search);
  const kind = KINDS.find((one) => one === kindSaid) ?? 'month';
  const own = choices.ofHall || choices.departments.length > 0 ? null : (choices.employees[0]?.id ?? null);
  return {
    kind,
    period: periodSaid === '' ? periodAt(kind, choices.today) : periodSaid,
    department: query.get('department') ?? (choices.ofHall ? null : (choices.departments[0]?.id ?? null)),
    employee: query.get('employee') ?? own,
    asKnownAt: query.get('asKnownAt'),
    masked: query.get('masked') === '1',
  };
}

export function addressOf({ kind, period, department, employee, asKnownAt, masked }: Asked): string {
  const query = new URLSearchParams();
  if (department !== null) query.set('department', department);
  if (employee !== null) query.set('employee', employee);
  if (asKnownAt !== null) query.set('asKnownAt', asKnownAt);
  if (masked) query.set('masked', '1');
  const chosen = new URLSearchParams(location.search);
  for (const kept of ['lang', 'theme']) {
    const value = chosen.get(kept);
    if (value !== null) query.set(kept, value);
  }
  const text = query.toString();
  return `/reports/${kind}/${encodeURIComponent(period)}${text === '' ? '' : `?${text}`}`;
}

export function controls(asked: Asked, choices: Choices, strings: ReportStrings): HTMLElement {
  return element(
    'section',
    'controls',
    element('h2', 'unseen', strings.choose),
    kindLinks(asked, choices, strings),
    steps(asked, choices, strings),
    form(asked, choices, strings),
  );
}

function link(text: string, asked: Asked, isCurrent: boolean): HTMLAnchorElement {
  const node = element('a', 'pick', text);
  node.href = addressOf(asked);
  if (isCurrent) node.setAttribute('aria-current', 'page');
  return node;
}

/** The period of another kind that the first day of this one lies in, or today where it is part of this one. */
function kindLinks(asked: Asked, { today, words }: Choices, strings: ReportStrings): HTMLElement {
  const first = firstDateOf(asked.kind, asked.period) ?? today;
  const date = periodAt(asked.kind, today) === asked.period ? today : first;
  const links = KINDS.map((kind: Kind) => {
    const period = kind === asked.kind ? asked.period : periodAt(kind, date);
    return link(words.kinds[kind], { ...asked, kind, period }, kind === asked.kind);
  });
  const nav = element('nav', 'picks', ...links);
  nav.setAttribute('aria-label', strings.kind);
  return nav;
}

function steps(asked: Asked, { today }: Choices, strings: ReportStrings): HTMLElement {
  const [before, after] = [-1, 1].map((by) => periodBeside(asked.kind, asked.period, by)) as [
    string | null,
    string | null,
  ];
  const nav = element('nav', 'picks');
  nav.setAttribute('aria-label', strings.period);
  if (before !== null) nav.append(link(`‹ ${strings.before}`, { ...asked, period: before }, false));
  const isOver = after !== null && after <= periodAt(asked.kind, today);
  if (isOver) nav.append(link(`${strings.after} ›`, { ...asked, period: after }, false));
  return nav;
}

type Option = readonly [value: string, text: string];

/** A list to choose from; what is chosen and not on it, such as somebody who has left, is added. */
function select(name: string, options: readonly Option[], chosen: string): HTMLSelectElement {
  const node = element('select', '');
  node.name = name;
  const isKnown = options.some(([value]) => value === chosen);
  node.append(...optionsOf(isKnown ? options : [...options, [chosen, chosen]]));
  node.value = chosen;
  return node;
}

function optionsOf(options: readonly Option[]): HTMLOptionElement[] {
  return options.map(([value, text]) => {
    const option = element('option', '', text);
    option.value = value;
    return option;
  });
}

function form(asked: Asked, choices: Choices, strings: ReportStrings): HTMLElement {
  const period = periodControl(asked, choices);
  const department = select('department', departmentsOf(choices, strings), asked.department ?? '');
  const employee = select('employee', employeesOf(choices, asked.department, strings), asked.employee ?? '');
  const then = element('input', '');
  then.type = 'datetime-local';
  then.step = '60';
  then.value =
    asked.asKnownAt === null ? '' : wallText(Date.parse(asked.asKnownAt), choices.hall.timezone).slice(0, 16);
  const masked = element('input', '');
  masked.type = 'checkbox';
  masked.checked = asked.masked;
  const show = element('button', 'button button-main', strings.show);
  show.type = 'submit';
  const node = element(
    'form',
    'wishes',
    field(strings.period, period),
    field(strings.department, department),
    field(strings.employee, employee),
  );
  node.append(field(strings.asKnownAt, then), element('label', 'choice', masked, strings.masked), show);
  department.addEventListener('change', () => {
    // Who is not of it cannot be asked for with it.
    const known = employeesOf(choices, department.value === '' ? null : department.value, strings);
    const chosen = known.some(([value]) => value === employee.value) ? employee.value : (known[0]?.[0] ?? '');
    employee.replaceChildren(...optionsOf(known));
    employee.value = chosen;
  });
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    const wanted = {
      period: period.value || asked.period,
      department: department.value || null,
      employee: employee.value || null,
    };
    const asKnownAt = then.value === '' ? null : instantIn(choices.hall.timezone, then.value);
    location.assign(addressOf({ kind: asked.kind, ...wanted, asKnownAt, masked: masked.checked }));
  });
  return node;
}

/** A list of periods; of days the browser's own calendar. */
function periodControl(
  { kind, period }: Asked,
  { recordedFrom, today }: Choices,
): HTMLInputElement | HTMLSelectElement {
  if (kind !== 'day') {
    const known = periodsBetween(kind, recordedFrom ?? today, today, MOST_PERIODS);
    const all = known.includes(period) ? known : [period, ...known];
    return select(
      'period',
      all.map((one) => [one, one] as const),
      period,
    );
  }
  const node = element('input', '');
  node.type = 'date';
  node.value = period;
  node.max = today;
  return node;
}

function departmentsOf({ ofHall, departments, employees }: Choices, { wholeHall }: ReportStrings): Option[] {
  const all = departments.map(({ id, name }) => [id, name] as const);
  const isOnlySelf = departments.length === 0 && employees.length > 0;
  return ofHall || isOnlySelf ? [['', isOnlySelf ? '—' : wholeHall], ...all] : all;
}

function employeesOf(
  { ofHall, departments, employees }: Choices,
  of: string | null,
  { everybody }: ReportStrings,
): Option[] {
  const known = employees
    .filter(({ department }) => of === null || department === of)
    .map(({ id, name }) => [id, name] as const);
  return ofHall || departments.length > 0 ? [['', everybody], ...known] : known;
}

/** The instant at which a zone's clock shows this. */
function instantIn(timeZone: string, wall: string): string {
  const said = Date.parse(`${wall}Z`);
  const offsetAt = (at: number): number => Date.parse(`${wallText(at, timeZone)}Z`) - at;
  // The offset of a guess may be that of the other side of a change of clocks.
  const guess = said - offsetAt(said);
  return new Date(said - offsetAt(guess)).toISOString();
}
