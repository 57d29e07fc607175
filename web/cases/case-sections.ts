/** Parts of a case's page that only show: the steps of its life, who it concerns, how it was concluded, what was said and done. */
import { element } from '../element.ts';
import { panel } from '../panel.ts';
import { instant } from '../snapshot.ts';
import type { CaseChange, CaseDetail } from './case-data.ts';
import { doerOf } from './case-names.ts';
import { type Step, stepsOf } from './case-steps.ts';
import type { CaseStrings } from './case-strings.ts';
import type { CaseTime } from './case-time.ts';

export interface Saying {
  readonly words: CaseStrings;
  readonly time: CaseTime;
}

// ---- the steps -----------------------------------------------------------------------------------------------------

export function stepper(detail: CaseDetail, { words, time }: Saying): HTMLElement {
  const { today } = detail;
  const steps = stepsOf(detail).map((step) => {
    const when =
      step.at !== null ? time.say(step.at, today) : step.until !== null ? words.expected(time.day(step.until)) : '';
    const said = [when, step.by === null ? '' : doerOf(step.by), wordOf(step, detail, words)].filter(
      (text) => text !== '',
    );
    const node = element(
      'li',
      'step',
      element('span', 'step-name', words.steps[step.name]),
      ...said.map((text) => element('small', '', text)),
    );
    node.dataset['step'] = step.name;
    node.dataset['progress'] = step.progress;
    if (step.progress === 'now') node.setAttribute('aria-current', 'step');
    return node;
  });
  const list = element('ol', 'steps', ...steps);
  list.setAttribute('aria-label', words.progress);
  return list;
}

/** What came of a step, where that is not what it is called. */
function wordOf({ name, progress }: Step, detail: CaseDetail, words: CaseStrings): string {
  if (name === 'over' && detail.cleared !== null) return words.did.clear;
  if (name === 'over' && detail.state === 'withdrawn') return words.states.withdrawn;
  if (name === 'judged' && detail.decided !== null) {
    return words.decisions[detail.appeal === null ? detail.decision : 'confirmed'];
  }
  if (name === 'appealed' && progress === 'done') return words.decisions[detail.decision];
  return name === 'appealed' && detail.appeal !== null ? words.decisions.appealed : '';
}

// ---- whom it concerns ----------------------------------------------------------------------------------------------

export function concerned(detail: CaseDetail, { words }: Saying): HTMLElement {
  const named = detail.people.map(({ employee, name, role }) => {
    const judged = detail.verdicts.some((verdict) => verdict.employee === employee);
    const of = role === null ? words.roles.judged : words.roles[role];
    const more = judged && role !== null ? element('b', 'person-judged', words.roles.judged) : '';
    return [element('dt', '', of), element('dd', '', `${name} `, element('span', 'dim', employee), ' ', more)];
  });
  const department = detail.departmentName ?? detail.department;
  const rows = [
    ...(department === null ? [] : [element('dt', '', words.department), element('dd', '', department)]),
    ...named.flat(),
    ...(named.length === 0 ? [element('dt', '', words.roles.judged), element('dd', '', words.noName)] : []),
  ];
  return panel('say', words.whom, element('dl', 'facts', ...rows));
}

// ---- how it was concluded ------------------------------------------------------------------------------------------

/** The document is text with headings at the margin and their lines set in; several stand one after the other. */
export function explanationView(text: string): HTMLElement {
  const root = element('div', 'explanation');
  let place: HTMLElement = root;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    if (line.startsWith('  ')) place.append(element('p', 'explained', line.trim()));
    else {
      place = element('div', 'explained-part', element('h3', 'explained-title', line));
      root.append(place);
    }
  }
  return root;
}

// ---- what was said and done ----------------------------------------------------------------------------------------

export function record(detail: CaseDetail, { words, time }: Saying): HTMLElement {
  const { today } = detail;
  const entry = (
    at: string,
    kind: string,
    what: string,
    why: string,
  ): { readonly at: number; readonly node: HTMLElement } => {
    const node = element('li', 'entry', element('time', '', time.say(at, today)), element('p', '', what));
    if (why !== '') node.append(element('p', 'entry-why', why));
    node.dataset['kind'] = kind;
    return { at: instant(at), node };
  };
  const entries = [
    ...detail.history.map((change) => entry(change.at, change.op, change.text, because(change, words))),
    ...detail.deeds.map((done) => entry(done.at, 'deed', `${doerOf(done)} ${words.did[done.do]}`, done.reason ?? '')),
    ...detail.notes.map(({ at, kind, window, reason }) => entry(at, 'note', words.noted[kind](window), reason ?? '')),
    ...detail.notes.flatMap(({ answer }) => {
      if (answer === null) return [];
      const { at, seen, byName, reason } = answer;
      return [entry(at, 'note', words.witnessed(byName ?? words.witness, seen), reason ?? '')];
    }),
  ].sort((a, b) => a.at - b.at);
  return panel('say', words.records, element('ol', 'record', ...entries.map(({ node }) => node)));
}

function because({ cause, kinds }: CaseChange, words: CaseStrings): string {
  if ('deadline' in cause) return words.byDeadline;
  if ('upgrade' in cause) return words.byUpgrade;
  return words.because(kinds.map((kind) => words.kinds[kind] ?? kind).join(words.comma));
}
