/** The page of reports: choose one, wait for it or call it off, read it, and take it along. */
import { element, part, setText } from '../element.ts';
import { pageFrame } from '../page-frame.ts';
import { chooseStrings } from '../strings.ts';
import { type ReportApi, ReportTrouble, reportApi, type Wanted } from './report-api.ts';
import { addressOf, askedIn, controls } from './report-controls.ts';
import type { Asked, Choices, Job, Report, Sheet } from './report-data.ts';
import { reportStrings } from './report-strings.ts';
import { addAllRows, type TableTools, tableSection } from './report-tables.ts';
import { about, charts, notes, tiles } from './report-view.ts';

const common = chooseStrings(location.search, navigator.language);
const strings = reportStrings(common.code);
const api: ReportApi = reportApi(common.code);
const title = element('h1', '', strings.title);
const said = part('said', HTMLParagraphElement);
const choosing = element('div', '');
/** A line for each that is being made. */
const making = element('div', '');
const place = element('div', '');

document.title = strings.title;
making.id = 'making';
part('main', HTMLElement).replaceChildren(title, choosing, making, place);
pageFrame(common, strings.back, () => {});
window.addEventListener('beforeprint', addAllRows);
void load();

async function load(): Promise<void> {
  try {
    const choices = await api.choices();
    const asked = askedIn(location, choices);
    history.replaceState(null, '', addressOf(asked) + location.hash);
    choosing.replaceChildren(controls(asked, choices, strings));
    const name = choices.words.kinds[asked.kind];
    setText(title, `${choices.hall.name} ${asked.period} ${name}`);
    document.title = `${asked.period} ${name}`;
    const report = await waited((waiting) => api.report(asked, waiting));
    if (report !== null) show(report, asked, choices);
  } catch (error) {
    tell(error);
  }
}

function show(report: Report, asked: Asked, choices: Choices): void {
  const tools: TableTools = { report, words: choices.words, strings };
  const scope = [
    choices.departments.find(({ id }) => id === asked.department)?.name ?? asked.department,
    choices.employees.find(({ id }) => id === asked.employee)?.name ?? asked.employee,
  ].filter((one) => one !== null);
  if (scope.length > 0) setText(title, `${title.textContent ?? ''} · ${scope.join(' ')}`);
  const tables = element('h2', 'part-title', strings.tables);
  const links = report.sheets.map(({ id }) => {
    const link = element('a', '', choices.words.sheets[id] ?? id);
    link.href = `#${id}`;
    return link;
  });
  const contents = element('nav', 'contents', ...links);
  contents.setAttribute('aria-label', strings.tables);
  place.replaceChildren(
    downloads(asked, choices),
    ...notes(tools),
    tiles(tools),
    charts(tools),
    tables,
    contents,
    ...report.sheets.map((sheet) => tableSection(sheet, tools, csvButton(asked, sheet))),
    about(tools, { scope: scope.length === 0 ? null : scope.join(' ') }),
  );
  // The table that the address names was not there when the browser looked for it.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

// ---- taking it along -----------------------------------------------------------------------------------------------

function downloads(asked: Asked, { formats }: Choices): HTMLElement {
  const buttons = formats
    .filter((format) => format !== 'csv')
    .map((format) => fileButton(format.toUpperCase(), asked, { format }));
  const print = element('button', 'button button-quiet', strings.print);
  print.type = 'button';
  print.addEventListener('click', () => window.print());
  return element('div', 'downloads', element('span', 'dim', strings.download), ...buttons, print);
}

const csvButton = (asked: Asked, { id }: Sheet): HTMLElement => fileButton('CSV', asked, { format: 'csv', sheet: id });

function fileButton(text: string, asked: Asked, wanted: Wanted): HTMLElement {
  const button = element('button', 'button button-quiet', text);
  button.type = 'button';
  button.dataset['format'] = wanted.format;
  button.setAttribute('aria-label', `${strings.download} ${text}`);
  button.addEventListener('click', () => void take(asked, wanted, button));
  return button;
}

async function take(asked: Asked, wanted: Wanted, button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  try {
    const file = await waited((waiting) => api.file(asked, wanted, waiting));
    if (file === null) return;
    const link = element('a', '');
    link.href = URL.createObjectURL(file.content);
    link.download = file.name;
    link.click();
    // The browser takes what it needs before the next turn; a minute is for those that ask where to put it.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    tell(error);
  } finally {
    button.disabled = false;
  }
}

// ---- waiting -------------------------------------------------------------------------------------------------------

/** Does what takes a while, with its progress and a way out; null where that was taken. */
async function waited<T>(
  work: (waiting: { signal: AbortSignal; onProgress: (job: Job) => void }) => Promise<T>,
): Promise<T | null> {
  const calling = new AbortController();
  const bar = element('progress', '');
  const words = element('span', '', strings.making);
  const cancel = element('button', 'button button-quiet', strings.cancel);
  cancel.type = 'button';
  cancel.addEventListener('click', () => calling.abort());
  bar.setAttribute('aria-label', strings.making);
  setText(said, '');
  said.classList.remove('said-trouble');
  const line = element('div', 'making', bar, words, cancel);
  making.append(line);
  try {
    return await work({ signal: calling.signal, onProgress: (job) => showProgress(job, bar, words) });
  } catch (error) {
    if (!calling.signal.aborted) throw error;
    setText(said, strings.cancelled);
    return null;
  } finally {
    line.remove();
  }
}

function showProgress({ state, progress }: Job, bar: HTMLProgressElement, words: HTMLElement): void {
  if (state === 'waiting') return setText(words, strings.waiting);
  if (progress === null) return setText(words, strings.making);
  bar.max = progress.of;
  bar.value = progress.done;
  setText(words, strings.days(progress.done, progress.of));
}

/** What went wrong, in the page's words, or the daemon's where it says more: why there is no such report. */
function tell(error: unknown): void {
  if (!(error instanceof ReportTrouble)) throw error;
  setText(said, strings.troubles[error.code] ?? (error.message === '' ? strings.trouble : error.message));
  said.classList.add('said-trouble');
}
