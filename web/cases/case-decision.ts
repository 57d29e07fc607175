/** What the reader may do with a case. Taking note, being done with it and judging it are three things, and look like it. */
import type { Wrong } from '../dialog.ts';
import { element } from '../element.ts';
import { field } from '../form-parts.ts';
import { panel } from '../panel.ts';
import { decisionBadge } from './case-badges.ts';
import type { CaseDetail, Deed, Done, Part } from './case-data.ts';
import { textArea, textOf } from './case-deeds.ts';
import { doerOf } from './case-names.ts';
import type { Saying } from './case-sections.ts';
import type { CaseStrings } from './case-strings.ts';
import { daysBetween } from './case-time.ts';

export interface DecisionListener {
  /** Wants it done, asking first where that is due. */
  act(deed: Deed): void;
  /** Wants it done with this reason; answers what is wrong, or null. */
  appeal(reason: string): Promise<Wrong>;
}

const KEY: Readonly<Partial<Record<Deed, string>>> = { acknowledge: 'A', confirm: 'C', excuse: 'W' };

export function decisionPanel(detail: CaseDetail, saying: Saying, listener: DecisionListener): HTMLElement {
  const { words } = saying;
  // Whoever decides has seen it; nobody took note of it apart from that, and what was said is said once.
  const { acknowledged, decided } = detail;
  const noted = acknowledged?.at === decided?.at && acknowledged?.by === decided?.by ? null : acknowledged;
  const parts = [
    part('note', ['acknowledge'], noted),
    part('clear', ['clear'], detail.cleared),
    part('judge', ['confirm', 'excuse', 'false-alarm'], decided),
    part('tell', ['deliver'], detail.delivered),
    part('decide', ['uphold', 'overturn'], detail.appealDecided),
  ];
  const turn = turnOf(detail, words);
  const shown = parts.flatMap((one) => one ?? []);
  return panel(
    'do',
    words.handle,
    ...(turn === null ? [] : [element('p', 'turn', turn)]),
    ...shown,
    ...(detail.may.length === 0 ? [element('p', 'turn', words.nothingToDo)] : []),
  );

  function part(name: Part, deeds: readonly Deed[], done: Done | null): HTMLElement | null {
    const able = deeds.filter((deed) => detail.may.includes(deed));
    if (able.length === 0 && done === null) return null;
    const head = element('h3', 'do-title', words.parts[name]);
    const body: Node[] = done === null ? [] : [doneLine(name, done, detail, saying)];
    if (name === 'decide' && able.length > 0 && detail.appeal?.reason != null) {
      body.push(element('p', 'quote-lead', words.decideLead), element('blockquote', 'quote', detail.appeal.reason));
    }
    const section = element('div', `do do-${name}`, head, ...body, ...able.map((deed) => choice(deed)));
    section.dataset['part'] = name;
    return section;
  }

  function choice(deed: Deed): HTMLElement {
    const own = deed === 'deliver' && detail.own;
    const button = element(
      'button',
      deed === 'confirm' ? 'button button-main' : 'button',
      own ? words.readIt : words.deeds[deed],
    );
    button.type = 'button';
    button.dataset['do'] = deed;
    const key = KEY[deed];
    if (key !== undefined) button.append(element('kbd', '', key));
    button.addEventListener('click', () => listener.act(deed));
    const means = own ? words.readMeans : (words.means[deed] ?? '');
    return element('div', 'choice-line', button, element('span', 'hint', means));
  }
}

function doneLine(name: Part, done: Done, detail: CaseDetail, { words, time }: Saying): HTMLElement {
  const when = time.say(done.at, detail.today);
  const said = element('p', 'do-done', `${doerOf(done)} ${when}`);
  if (name === 'judge') said.prepend(decisionBadge(detail.appeal === null ? detail.decision : 'confirmed', words), ' ');
  if (name === 'decide') said.prepend(decisionBadge(detail.decision, words), ' ');
  if (done.reason !== null) said.append(element('q', 'do-reason', done.reason));
  return said;
}

/** Why the most important thing cannot be done now, where that is worth a word. */
function turnOf({ own, state, decision }: CaseDetail, words: CaseStrings): string | null {
  if (own && decision === 'none') return words.whoseTurn.own ?? null;
  if (decision !== 'none') return null;
  return state === 'pending' || state === 'open' ? (words.whoseTurn[state] ?? null) : null;
}

/** For whom it is about, or their chief: until when, and the reasons. Null where there is nothing to appeal against. */
export function appealForm(
  detail: CaseDetail,
  { words, time }: Saying,
  listener: DecisionListener,
): HTMLElement | null {
  const { may, appeal, appealLastDay, today } = detail;
  if (!may.includes('appeal')) {
    if (appeal !== null || appealLastDay === null || detail.finalAt === null) return null;
    return panel('do', words.appealTitle, element('p', 'turn', words.appealClosed(time.day(appealLastDay))));
  }
  const text = textArea('appeal', 4);
  const trouble = element('p', 'dialog-trouble');
  trouble.setAttribute('role', 'alert');
  const send = element('button', 'button button-main', words.appealGo);
  send.type = 'submit';
  const until =
    appealLastDay === null ? '' : words.appealUntil(time.day(appealLastDay), daysBetween(today, appealLastDay));
  const form = element(
    'form',
    'do',
    element('p', '', words.appealLead),
    element('p', 'deadline', until),
    field(words.appealText, text),
    trouble,
    send,
  );
  form.noValidate = true;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const reason = textOf(text);
    if (send.disabled) return;
    send.disabled = true;
    const wrong = reason === null ? words.troubles['reason-missing'] : await listener.appeal(reason);
    trouble.replaceChildren(...(wrong === null ? [] : [wrong]));
    send.disabled = false;
  });
  return panel('do', words.appealTitle, form);
}
