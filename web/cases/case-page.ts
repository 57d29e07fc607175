/** The page of one case: its life, the evidence, how it was concluded, and what may be done. */
import { asked } from '../asked.ts';
import { dialogIsOpen, focusInstead, type Wrong } from '../dialog.ts';
import { element, part, setText } from '../element.ts';
import { listenToKeys } from '../keys.ts';
import { latest } from '../latest.ts';
import { withLanguage } from '../page-address.ts';
import { pageFrame } from '../page-frame.ts';
import { panel } from '../panel.ts';
import type { Snapshot } from '../snapshot.ts';
import { chooseStrings } from '../strings.ts';
import { weekApi } from '../week/week-data.ts';
import { remarkLine } from '../week/week-remark.ts';
import { weekStrings } from '../week/week-words.ts';
import type { Me } from '../who.ts';
import { type Answer, caseApi, type Stills } from './case-api.ts';
import { handlingBadges, stateBadge } from './case-badges.ts';
import type { CaseDetail, CaseRow, Deed } from './case-data.ts';
import { appealForm, decisionPanel } from './case-decision.ts';
import { askAndDo, showKeys, troubleLine } from './case-deeds.ts';
import { differences } from './case-differences.ts';
import { gistOf, subjectOf } from './case-names.ts';
import { inGroups, wantsSomebody } from './case-order.ts';
import { concerned, explanationView, record, type Saying, stepper } from './case-sections.ts';
import { caseTime } from './case-time.ts';
import { caseStrings } from './case-words.ts';
import { stillWords } from './still-words.ts';
import { stillsView } from './stills.ts';
import { timelineOf } from './timeline.ts';
import { timelineView } from './timeline-view.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = caseStrings(strings.code);
const api = caseApi(strings.code);
const id = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
const main = part('main', HTMLElement);
const said = part('said', HTMLParagraphElement);
const ways = { previous: way('previous'), next: way('next') };
/** Who may read what was said with a week. */
const OF_WEEKS: readonly string[] = ['supervisor', 'manager', 'chief'];
/** Days in which neighbours are looked for, as on the board. */
const DAYS = 7;

const pictureWords = stillWords(strings.code);

let shown: CaseDetail | null = null;
let evidence: HTMLElement = panel('say', words.evidence);
/** Between the timeline and the words. */
let stills: HTMLElement = panel('say', pictureWords.title);
/** Empty where nobody said anything. */
const remarked = element('div', 'remarked');
let concluded: HTMLElement = panel('say', words.how);
/** What the case is, and how it was concluded. */
const looks = latest();
const explanations = latest();

void start();

async function start(): Promise<void> {
  document.title = words.caseTitle;
  said.tabIndex = -1;
  const reader = new Promise<NonNullable<Me['actor']>>((resolve) => pageFrame(strings, words.board, resolve));
  part('home', HTMLAnchorElement).parentElement?.after(ways.previous, ways.next);
  setText(said, words.loading);
  const found = await api.find(id);
  if (!found.ok) return say(words.troubles[found.trouble], true);
  say('', false);
  show(found.got);
  await Promise.all([explain(), neighbours(), api.stills(id).then((found) => showStills(found)), remarks(reader)]);
  document.addEventListener('visibilitychange', () => void lookAgain());
}

/** Whoever comes back to the page sees what has become of it meanwhile, unless they are about to write. */
async function lookAgain(): Promise<void> {
  if (isAtWork()) return;
  const found = await looks.answerTo(api.find(id));
  if (found?.ok !== true || shown === null || isAtWork()) return;
  const { asOf: _then, ...before } = shown;
  const { asOf: _now, ...after } = found.got;
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const held = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['do'] : undefined;
  show(found.got);
  if (held !== undefined) refocus(held);
  await explain();
}

const isAtWork = (): boolean =>
  document.hidden || dialogIsOpen() || (main.querySelector('textarea')?.value ?? '') !== '';

// ---- showing -----------------------------------------------------------------------------------------------------

function show(detail: CaseDetail): void {
  shown = detail;
  const saying: Saying = { words, time: caseTime(strings.locale, detail.timezone, words) };
  const title = `${subjectOf(detail, words)} — ${gistOf(detail, words)}`;
  document.title = title;
  const department = detail.departmentName ?? detail.department;
  const lead = [saying.time.dayOfYear(detail.date), department ?? '', detail.case].filter((text) => text !== '');
  const listener = { act, appeal: (reason: string) => perform('appeal', reason, detail) };
  const appealing = appealForm(detail, saying, listener);
  main.replaceChildren(
    element(
      'header',
      'case-head',
      element('p', 'dim', lead.join(' · ')),
      element('h1', '', title),
      element('p', 'case-badges', stateBadge(detail.state, words), ...handlingBadges(detail, words)),
      ...detail.text.split('\n').map((line) => element('p', 'case-said', line)),
    ),
    stepper(detail, saying),
    element(
      'div',
      'columns',
      element('div', 'column', evidence, stills, concluded),
      element(
        'div',
        'column',
        decisionPanel(detail, saying, listener),
        remarked,
        ...(appealing === null ? [] : [appealing]),
        concerned(detail, saying),
        record(detail, saying),
      ),
    ),
  );
}

async function explain(): Promise<void> {
  const got = await explanations.answerTo(Promise.all([api.explanation(id), snapshot()]));
  if (got === null || shown === null) return;
  const [explained, board] = got;
  const fresh = panel('say', words.evidence);
  const told = panel('say', words.how);
  if (explained.ok) {
    const saying = { words, strings, time: caseTime(strings.locale, shown.timezone, words).wall };
    const timeline = timelineOf(shown, explained.got.parts, board);
    fresh.append(timeline === null ? element('p', 'turn', words.noTimeline) : timelineView(timeline, shown, saying));
    told.append(explanationView(explained.got.text));
  } else {
    fresh.append(element('p', 'turn', words.howNot));
    told.append(element('p', 'turn', words.howNot));
  }
  evidence.replaceWith(fresh);
  concluded.replaceWith(told);
  evidence = fresh;
  concluded = told;
}

function showStills(found: Stills | null, done = ''): void {
  if (shown === null) return;
  const saying: Saying = { words, time: caseTime(strings.locale, shown.timezone, words) };
  const freeze = async (): Promise<void> => {
    const frozen = await api.freeze(id);
    showStills(frozen.stills ?? found, pictureWords.frozen[frozen.done]);
  };
  const asked = { api, words: pictureWords, saying, today: shown.today, freeze, said: done };
  const fresh = stillsView(found, id, asked);
  stills.replaceWith(fresh);
  stills = fresh;
}

/** The windows as they stand; without them the timeline lacks a lane. */
async function snapshot(): Promise<Snapshot | null> {
  const answer = await asked<Snapshot>('/api/v1/windows');
  return answer.ok ? answer.got : null;
}

/** What the chief said of it with the week, and proposed; above all else that helps to decide. */
async function remarks(reader: Promise<NonNullable<Me['actor']>>): Promise<void> {
  const { roles } = await reader;
  if (!roles.some((role) => OF_WEEKS.includes(role))) return;
  const found = await weekApi(strings.code).remarksOn(id);
  if (shown === null || found.length === 0) return;
  const time = caseTime(strings.locale, shown.timezone, words);
  const said = weekStrings(strings.code);
  const lines = found.map((one) => remarkLine(one, { words: said, time }));
  remarked.replaceChildren(panel('say', said.remarks, ...lines));
}

/** The cases before and after it in the board's order. */
async function neighbours(): Promise<void> {
  const list = await api.list(DAYS);
  if (!list.ok) return;
  const wanted = list.got.alerts.filter((row) => row.case === id || wantsSomebody(row, list.got.date));
  const order = inGroups(wanted).flatMap(({ cases }) => cases);
  const at = order.findIndex((row) => row.case === id);
  link('previous', words.previous, 'K', order[at - 1]);
  link('next', words.next, 'J', at < 0 ? undefined : order[at + 1]);
}

function link(name: keyof typeof ways, text: string, key: string, row: CaseRow | undefined): void {
  const anchor = ways[name];
  anchor.hidden = row === undefined;
  if (row === undefined) return;
  anchor.href = withLanguage(`/cases/${encodeURIComponent(row.case)}`);
  anchor.title = `${subjectOf(row, words)} ${gistOf(row, words)}`;
  anchor.replaceChildren(`${text} `, element('kbd', '', key));
}

/** To the case beside this one, where there is one. */
function way(name: string): HTMLAnchorElement {
  const anchor = element('a', 'tool');
  anchor.id = name;
  anchor.hidden = true;
  return anchor;
}

function say(text: string | Node, isTrouble: boolean, ...more: readonly Node[]): void {
  said.replaceChildren(text, ...more);
  said.classList.toggle('said-trouble', isTrouble);
}

// ---- doing -------------------------------------------------------------------------------------------------------

function act(deed: Deed): void {
  const seen = shown;
  if (seen?.may.includes(deed)) askAndDo(deed, [seen], words, (what, _, reason) => perform(what, reason, seen));
}

/** `seen`: the case as it was when somebody began to decide, whatever has come since. */
async function perform(deed: Deed, reason: string | null, { revision }: CaseDetail): Promise<Wrong> {
  const answer = await api.do(id, { deed, reason, revision });
  looks.overtake();
  if (answer.ok) {
    show(answer.got);
    say(words.doneTo(words.did[deed], 1), false);
    refocus(deed);
    return null;
  }
  if (answer.trouble === 'changed' || answer.trouble === 'done-already') return reload(answer);
  say(troubleLine(answer.trouble, words), true);
  return troubleLine(answer.trouble, words);
}

/** The page was made anew under whoever did it: the keys go on from the same button, or from what was said of it. */
function refocus(deed: string): void {
  focusInstead(main.querySelector<HTMLElement>(`[data-do="${deed}"]`) ?? said);
}

/** It is not what it was when it was decided on: shows what it is, and what changed. */
async function reload(refused: Extract<Answer<CaseDetail>, { ok: false }>): Promise<string | null> {
  const before = shown;
  const fresh = await api.find(id);
  if (!fresh.ok || before === null) return words.troubles[refused.trouble];
  show(fresh.got);
  const { wall } = caseTime(strings.locale, fresh.got.timezone, words);
  const changes = differences(before, fresh.got, words, wall).map((text) => element('li', '', text));
  const lead = refused.trouble === 'changed' ? words.changedMeanwhile : words.troubles[refused.trouble];
  say(lead, true, element('ul', 'changes', ...changes));
  focusInstead(said);
  window.scrollTo({ top: 0 });
  void explain();
  return null;
}

listenToKeys(() =>
  dialogIsOpen()
    ? {}
    : {
        a: () => act('acknowledge'),
        c: () => act('confirm'),
        w: () => act('excuse'),
        j: () => go('next'),
        k: () => go('previous'),
        '?': () => showKeys(words),
        Escape: () => location.assign(withLanguage('/')),
      },
);

function go(name: keyof typeof ways): void {
  const anchor = ways[name];
  if (!anchor.hidden) location.assign(anchor.href);
}
