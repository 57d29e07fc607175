/** A person's own cases, and for a chief those of the department. */
import type { Wrong } from '../dialog.ts';
import { element, part, setText } from '../element.ts';
import { latest } from '../latest.ts';
import { withLanguage } from '../page-address.ts';
import { pageFrame } from '../page-frame.ts';
import { panel } from '../panel.ts';
import { chooseStrings } from '../strings.ts';
import type { Me } from '../who.ts';
import { caseApi } from './case-api.ts';
import { decisionBadge, handlingBadges, stateBadge } from './case-badges.ts';
import { type CaseList, type CaseRow, type Deed, type Done, knownCaseState } from './case-data.ts';
import { askAndDo, troubleLine } from './case-deeds.ts';
import { doerOf, gistOf, subjectOf } from './case-names.ts';
import { type CaseTime, caseTime, daysBetween } from './case-time.ts';
import { caseStrings } from './case-words.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = caseStrings(strings.code);
const api = caseApi(strings.code);
const main = part('main', HTMLElement);
const said = part('said', HTMLParagraphElement);
const OWN_DAYS = 30;
const WEEK_DAYS = 7;
const looks = latest();
/** What can be done here; everything else has the case's own page. */
const HERE: readonly Deed[] = ['deliver', 'appeal'];

document.title = words.myTitle;
document.body.classList.add('narrow');
setText(said, words.loading);
pageFrame(strings, words.board, (actor) => void load(actor));

async function load(actor: NonNullable<Me['actor']>): Promise<void> {
  const answer = await looks.answerTo(api.list(OWN_DAYS));
  if (answer === null) return;
  if (!answer.ok) {
    setText(said, words.troubles[answer.trouble]);
    said.classList.add('said-trouble');
    return;
  }
  setText(said, '');
  show(answer.got, actor);
}

function show(list: CaseList, actor: NonNullable<Me['actor']>): void {
  const time = caseTime(strings.locale, list.timezone, words);
  const again = (): Promise<void> => load(actor);
  const own = list.alerts.filter((row) => row.own).reverse();
  const sections = [ownCases(own, list, actor, time, again)];
  if (actor.roles.includes('chief')) sections.push(departmentWeek(list, actor, time));
  main.replaceChildren(element('h1', '', words.myTitle), ...sections);
}

function ownCases(
  rows: readonly CaseRow[],
  list: CaseList,
  actor: NonNullable<Me['actor']>,
  time: CaseTime,
  again: () => Promise<void>,
): HTMLElement {
  if (actor.employee === null) return panel('do', words.myCases, element('p', 'turn', words.myNoPerson));
  if (rows.length === 0) return panel('do', words.myCases, element('p', 'turn', words.myNothing));
  return panel('do', words.myCases, element('ol', 'my-list', ...rows.map((row) => ownCase(row, list, time, again))));
}

function ownCase(row: CaseRow, list: CaseList, time: CaseTime, again: () => Promise<void>): HTMLElement {
  const today = list.date;
  const buttons = HERE.filter((deed) => row.may.includes(deed)).map((deed) => {
    const button = element('button', 'button button-main', deed === 'deliver' ? words.readIt : words.deeds[deed]);
    button.type = 'button';
    button.dataset['do'] = deed;
    button.addEventListener('click', () =>
      askAndDo(deed, [row], words, (what, _, reason) => perform(row, what, reason, again)),
    );
    return button;
  });
  const details = element('a', 'button button-quiet', words.details);
  details.href = addressOf(row);
  const lines = [...row.text.split('\n'), ...standing(row, list, time)].filter((line) => line !== '');
  const node = element(
    'li',
    'my-case',
    element('p', 'case-line', titleOf(row), element('time', 'case-since', time.say(row.from, today))),
    ...lines.map((line) => element('p', 'case-text', line)),
    element('p', 'case-badges', stateBadge(row.state, words), ...handlingBadges(row, words)),
    element('div', 'deeds', ...buttons, details),
  );
  if (row.may.includes('deliver')) node.append(element('p', 'hint', words.readMeans));
  node.dataset['case'] = knownCaseState(row.state);
  node.dataset['id'] = row.case;
  return node;
}

/** What was decided and said to the person, and until when they may answer. */
function standing(row: CaseRow, { date }: CaseList, time: CaseTime): string[] {
  const { decided, decision, appealLastDay, appealDecided, may } = row;
  if (decided === null) return [words.notDecided];
  const said = (what: string, done: Done): string => {
    const line = words.decidedAs(what, doerOf(done), time.say(done.at, date));
    return done.reason === null ? line : words.reasonAndMore(line, done.reason);
  };
  const lines = [said(words.decisions[row.appeal === null ? decision : 'confirmed'], decided)];
  if (appealDecided !== null) lines.push(said(words.did[decision === 'upheld' ? 'uphold' : 'overturn'], appealDecided));
  if (decision === 'excused' || decision === 'false-alarm' || decision === 'overturned') lines.push(words.notCounted);
  if (may.includes('appeal') && appealLastDay !== null) {
    const until = words.appealUntil(time.day(appealLastDay), daysBetween(date, appealLastDay));
    lines.push(`${words.appealTitle}${words.colon}${until}`);
  }
  return lines;
}

async function perform(row: CaseRow, deed: Deed, reason: string | null, again: () => Promise<void>): Promise<Wrong> {
  const answer = await api.do(row.case, { deed, reason, revision: row.revision });
  await again();
  const text = answer.ok ? words.doneTo(words.did[deed], 1) : words.troubles[answer.trouble];
  setText(said, text);
  said.classList.toggle('said-trouble', !answer.ok);
  return answer.ok ? null : troubleLine(answer.trouble, words);
}

// ---- for a chief ---------------------------------------------------------------------------------------------------

function departmentWeek(list: CaseList, { departments }: NonNullable<Me['actor']>, time: CaseTime): HTMLElement {
  const weekAgo = Date.parse(`${list.date}T00:00:00Z`) - (WEEK_DAYS - 1) * 86_400_000;
  const rows = list.alerts.filter(
    (row) =>
      row.department !== null && departments.includes(row.department) && Date.parse(`${row.date}T00:00:00Z`) >= weekAgo,
  );
  if (rows.length === 0) return panel('say', words.departments, element('p', 'turn', words.departmentsNothing));
  const days = groups(rows, (row) => row.date).reverse();
  return panel(
    'say',
    words.departments,
    ...days.map(([date, ofDay]) =>
      element(
        'section',
        'my-day',
        element('h3', 'my-date', time.day(date)),
        ...groups(ofDay, (row) => subjectOf(row, words)).map(([subject, ofSubject]) =>
          element(
            'div',
            'my-subject',
            element('h4', '', subject),
            element('ul', '', ...ofSubject.map((row) => weekLine(row, list, time))),
          ),
        ),
      ),
    ),
  );
}

function weekLine(row: CaseRow, list: CaseList, time: CaseTime): HTMLElement {
  const link = element('a', '', gistOf(row, words));
  link.href = addressOf(row);
  const since = element('time', 'case-since', time.say(row.from, row.date));
  const name = row.window !== null && row.employeeName !== null ? element('span', 'dim', row.employeeName) : '';
  const mark = list.date === row.date ? stateBadge(row.state, words) : decisionBadge(row.decision, words);
  const others = list.date === row.date ? [decisionBadge(row.decision, words)] : [];
  const node = element('li', 'my-line', since, link, name, element('span', 'case-badges', mark, ...others));
  node.dataset['id'] = row.case;
  return node;
}

/** By what they have in common, in the order in which that first occurs. */
function groups(rows: readonly CaseRow[], of: (row: CaseRow) => string): [string, CaseRow[]][] {
  const found = new Map<string, CaseRow[]>();
  for (const row of rows) found.set(of(row), [...(found.get(of(row)) ?? []), row]);
  return [...found];
}

function titleOf(row: CaseRow): HTMLElement {
  const title = element(
    'a',
    'case-title',
    element('b', '', gistOf(row, words)),
    row.window === null ? '' : ` ${subjectOf(row, words)}`,
  );
  title.href = addressOf(row);
  return title;
}

const addressOf = (row: CaseRow): string => withLanguage(`/cases/${encodeURIComponent(row.case)}`);
