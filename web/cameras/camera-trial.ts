/** Setting one camera up: its test, its seats, what they look like empty, the check on the spot, and writing it down. */
import { element, renew } from '../element.ts';
import { button, field, textInput } from '../form-parts.ts';
import { type Latest, latest } from '../latest.ts';
import { withLanguage } from '../page-address.ts';
import { panel } from '../panel.ts';
import type { Check, Trial, TrialSeat } from './camera-data.ts';
import type { Page } from './camera-list.ts';
import { proposalParts, saidText, seatVerdict } from './camera-parts.ts';
import type { CameraWords } from './camera-strings.ts';
import { troubleText } from './camera-words.ts';
import { type Drawing, seatDrawing } from './seat-drawing.ts';

const EVERY_MS = 1000;

export function cameraTrial(page: Page, id: string): void {
  const { words, main, api } = page;
  const steps = element('ol', 'probe-steps');
  const outcome = element('p', 'outcome');
  outcome.setAttribute('role', 'status');
  const again = button(words.again, 'quiet', () => location.assign(withLanguage('/cameras/new')));
  const test = panel('say', `2 ${words.tested}`, outcome, steps, again);
  const stage = element('div', 'trial-stage');
  const live = element('div', 'trial-live');
  const save = element('div', 'trial-save');
  const title = element('h1', '', words.title);
  let isEnded = false;
  const ends = (ended: boolean): void => {
    isEnded = ended;
  };
  main.replaceChildren(
    head(page, id, title, ends),
    element('div', 'trial', stage, element('div', 'trial-side', test, live, save)),
  );

  let parts: Parts | null = null;
  const looks = latest();
  const show = (trial: Trial): void => {
    title.textContent = `${trial.camera ?? trial.saved?.camera ?? words.add} · ${trial.address}`;
    renew(steps, ...trial.steps.map((step) => stepLine(step)));
    renew(outcome, document.createTextNode(outcomeText(trial, words)));
    outcome.dataset['outcome'] = trial.loss === null ? trial.state : 'failed';
    again.hidden = trial.state !== 'failed';
    if (trial.state !== 'watching' || parts === null) return;
    if (stage.childElementCount === 0) {
      stage.append(parts.drawing);
      live.append(parts.seats);
      save.append(parts.saving);
    }
    parts.show(trial);
  };
  const look = async (): Promise<void> => {
    const asked = document.hidden || isEnded ? null : await looks.answerTo(api.trial(id));
    // Being ended meanwhile, it has no pictures any more that could be shown.
    const answer = isEnded ? null : asked;
    if (answer?.ok === true) {
      parts ??= answer.got.state === 'watching' ? await partsOf(page, answer.got, looks) : null;
      show(answer.got);
    } else if (answer !== null) page.say(troubleText(words, answer), true);
    if (answer?.ok !== false || answer.code !== 'gone') setTimeout(() => void look(), EVERY_MS);
  };
  void look();
}

/** `ends`: nothing is asked of it any more once it is being ended. */
function head({ words, api, say }: Page, id: string, title: HTMLElement, ends: (ended: boolean) => void): HTMLElement {
  const back = element('a', '', words.cameras);
  back.href = withLanguage('/cameras');
  const sheet = element('a', 'button button-quiet', words.sheet);
  sheet.href = withLanguage(`/cameras/trials/${encodeURIComponent(id)}/sheet`);
  const end = button(words.end, 'quiet', async () => {
    ends(true);
    const answer = await api.end(id);
    if (answer.ok || answer.code === 'gone') location.assign(withLanguage('/cameras'));
    else {
      ends(false);
      say(troubleText(words, answer), true);
    }
  });
  return element('div', 'page-head', element('div', '', element('p', 'crumbs', back), title), sheet, end);
}

function stepLine({ ok, name, said, ms }: Trial['steps'][number]): HTMLElement {
  const line = element(
    'li',
    ok ? '' : 'step-failed',
    element('span', 'step-mark', ok ? '✓' : '✗'),
    element('span', '', element('b', '', name), ` ${said}`),
    element('span', 'dim', `${(ms / 1000).toFixed(2)} s`),
  );
  return line;
}

function outcomeText({ state, remedy, loss }: Trial, words: CameraWords): string {
  if (state === 'testing') return words.testing;
  if (state === 'failed')
    return remedy === null ? words.failed : `${words.failed}${words.comma}${words.remedy(remedy)}`;
  return loss === null ? words.passed : saidText(loss, words);
}

interface Parts {
  readonly drawing: HTMLElement;
  readonly seats: HTMLElement;
  readonly saving: HTMLElement;
  show(trial: Trial): void;
}

/** `looks`: at the trial as it was; what is applied overtakes them. */
async function partsOf(page: Page, trial: Trial, looks: Latest): Promise<Parts | null> {
  const { words, api } = page;
  const list = await api.list();
  if (!list.ok) {
    page.say(troubleText(words, list), true);
    return null;
  }
  let isChanged = false;
  const drawing = seatDrawing({
    words,
    windows: list.got.windows,
    seats: trial.seats,
    changed: () => {
      isChanged = true;
      apply.disabled = false;
      saving.outdated();
    },
  });
  const proposed = proposedPart(page, trial, drawing);
  const applied = async (): Promise<boolean> => {
    const drawn = drawnSeats(drawing);
    const answer = await api.draw(trial.id, drawn);
    page.say(answer.ok ? words.applied : troubleText(words, answer), !answer.ok);
    if (!answer.ok) return false;
    looks.overtake();
    cards.show(answer.got.seats);
    // Somebody may have drawn on meanwhile.
    isChanged = JSON.stringify(drawnSeats(drawing)) !== JSON.stringify(drawn);
    return !isChanged;
  };
  const apply = button(words.apply, 'main', async () => void (await applied()));
  apply.id = 'apply';
  const seats = element('div', 'seat-cards');
  const cards = new SeatCards(page, trial.id, seats);
  // What would be written is what is drawn, whether or not somebody applied it.
  const saving = savingOf(page, trial, list.got.writable, async () => !isChanged || (await applied()));
  let shown = '';
  return {
    drawing: panel('say', `3 ${words.draw}`, proposed, drawing.root, apply),
    seats: panel('say', `4 ${words.live}`, seats),
    saving: saving.root,
    show(now) {
      if (now.pictureAt !== null && now.pictureAt !== shown) {
        shown = now.pictureAt;
        drawing.picture(api.trialPicture(now.id, shown));
      }
      apply.disabled = !isChanged && now.seats.length > 0;
      cards.show(now.seats);
    },
  };
}

/** What was seen to move can be put into the picture, and is no seat before somebody applies it. */
function proposedPart({ words }: Page, { proposed }: Trial, drawing: Drawing): HTMLElement {
  if (proposed.length === 0) return element('div', '');
  const use = button(words.useProposed(proposed.length), 'quiet', () => drawing.offer(proposed.map(({ roi }) => roi)));
  use.id = 'use-proposed';
  return element('div', 'seat-tools proposed-seats', use, element('p', 'hint', words.proposedHint));
}

function drawnSeats({ seats }: Drawing) {
  return seats.flatMap(({ window, roi }) => (roi === null ? [] : [{ window, roi }]));
}

/** How each seat is judged, with what can be done about it. */
class SeatCards {
  readonly #page: Page;
  readonly #trial: string;
  readonly #into: HTMLElement;
  #cards: readonly { readonly verdict: HTMLElement; readonly check: HTMLElement }[] = [];
  #of = '';

  constructor(page: Page, trial: string, into: HTMLElement) {
    this.#page = page;
    this.#trial = trial;
    this.#into = into;
  }

  show(seats: readonly TrialSeat[]): void {
    const { words } = this.#page;
    const of = seats.map(({ window }) => window).join('\n');
    if (of !== this.#of || this.#into.childElementCount === 0) {
      this.#of = of;
      const made = seats.map((seat, i) => this.#card(seat, i));
      this.#cards = made;
      this.#into.replaceChildren(
        ...(made.length === 0 ? [element('p', 'hint', words.drawFirst)] : made.map(({ root }) => root)),
      );
    }
    for (const [i, { verdict, check }] of this.#cards.entries()) {
      const seat = seats[i];
      if (seat === undefined) continue;
      renew(verdict, seatVerdict(seat, words));
      renew(check, ...checkLines(seat.check, words));
    }
  }

  #card(seat: TrialSeat, i: number) {
    const { words, api, say } = this.#page;
    const name = seat.windowName ?? seat.window;
    const verdict = element('div', '');
    const check = element('div', 'check');
    check.setAttribute('role', 'status');
    const teach = button(words.teach, 'quiet', async () => {
      say(words.teaching);
      const answer = await api.teachTrial(this.#trial, [i]);
      if (!answer.ok) return say(troubleText(words, answer), true);
      const [taught] = answer.got.seats;
      say(words.taught[taught?.outcome ?? 'restless'](name), taught?.outcome !== 'learnt');
    });
    teach.dataset['teach'] = seat.window;
    const begin = button(words.check, 'quiet', async () => {
      const answer = await api.check(this.#trial, i);
      if (!answer.ok) say(troubleText(words, answer), true);
    });
    begin.dataset['check'] = seat.window;
    const root = element(
      'div',
      'seat-card',
      verdict,
      element('div', 'seat-tools', teach, begin),
      element('p', 'hint', words.teachHint),
      element('p', 'hint', words.checkHint),
      check,
    );
    return { root, verdict, check };
  }
}

/** What was seen of a check so far, and what is to be done now. */
export function checkLines(check: Check | null, words: CameraWords): HTMLElement[] {
  if (check === null) return [];
  const seen = check.steps.flatMap(({ step, ms }) =>
    ms === null ? [] : [element('p', 'check-seen', `✓ ${words.checkSeen[step]((ms / 1000).toFixed(1))}`)],
  );
  const last = check.steps.at(-1);
  if (check.state === 'passed') return [...seen, element('p', 'check-passed', words.checkEnd.passed)];
  if (check.state === 'failed') {
    const state = check.last === null ? words.seats.unknown : words.seats[check.last.state];
    const doubt = check.last?.doubt == null ? '' : `${words.comma}${saidText(check.last.doubt, words)}`;
    const why = last === undefined ? '' : `${words.checkMissed[last.step]}${words.judgedLast(state)}`;
    return [...seen, element('p', 'trouble', `${words.checkEnd.failed}${words.comma}${why}${doubt}`)];
  }
  return [...seen, element('p', 'check-now', words.checkSteps[check.state])];
}

/** Showing what would be written, and writing it; `settled` has the seats as they are drawn. */
function savingOf(page: Page, trial: Trial, isWritable: boolean, settled: () => Promise<boolean>) {
  const { words, api } = page;
  const id = textInput(trial.saved?.camera ?? trial.camera ?? '');
  id.name = 'id';
  id.readOnly = trial.camera !== null;
  const shown = element('div', 'proposal');
  shown.setAttribute('role', 'status');
  const proposals = latest();
  /** What was shown, or is about to be, is not what would be written any more. */
  const outdated = (): void => {
    proposals.overtake();
    shown.replaceChildren();
  };
  id.addEventListener('input', outdated);
  const write = (as: string, base: string): HTMLButtonElement =>
    button(words.write, 'main', async () => {
      const answer = await api.save(trial.id, as, base);
      if (!answer.ok) return page.say(troubleText(words, answer), true);
      const { notTaken } = answer.got;
      page.say(notTaken === null ? words.saved(as) : words.notTaken(notTaken), notTaken !== null);
      shown.replaceChildren();
    });
  const propose = button(words.showChange, 'main', async () => {
    outdated();
    if (!(await settled())) return;
    const as = id.value.trim();
    const answer = await proposals.answerTo(api.propose(trial.id, as));
    if (answer === null) return;
    if (!answer.ok) return page.say(troubleText(words, answer), true);
    page.say('');
    const { diff, isAccepted, base } = answer.got;
    const may = isAccepted && diff !== '' && page.isAdmin ? [write(as, base)] : [];
    const needs = isAccepted && !page.isAdmin ? [element('p', 'note', words.needsAdmin)] : [];
    shown.replaceChildren(...proposalParts(answer.got, words), ...may, ...needs);
  });
  propose.id = 'propose';
  const note = isWritable ? [] : [element('p', 'note', words.notWritable)];
  return { root: panel('say', `5 ${words.save}`, ...note, field(words.id, id), propose, shown), outdated };
}
