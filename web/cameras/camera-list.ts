/** The cameras of the hall: how they are, what their seats show, and teaching them what an empty seat is. */
import { element, renew } from '../element.ts';
import { button } from '../form-parts.ts';
import { withLanguage } from '../page-address.ts';
import { panel } from '../panel.ts';
import { clockOf } from '../wall-time.ts';
import { breakPart, breakSeats } from './break-pictures.ts';
import type { CameraApi } from './camera-api.ts';
import type { Camera, CameraList, Trial } from './camera-data.ts';
import { saidText, seatVerdict } from './camera-parts.ts';
import type { CameraWords } from './camera-strings.ts';
import { troubleText } from './camera-words.ts';

export interface Page {
  readonly api: CameraApi;
  readonly words: CameraWords;
  readonly main: HTMLElement;
  /** What was done, or why not. */
  say(text: string, isTrouble?: boolean): void;
  readonly isAdmin: boolean;
}

const EVERY_MS = 2000;
/** How long motion is watched, as it can be chosen; an hour unless told. */
const SURVEY_MINUTES = [10, 60, 120] as const;
/** Pictures are made for whoever looks: those that are on the screen, and not each time. */
const LOOKS_A_PICTURE = 3;

interface Card {
  readonly root: HTMLElement;
  /** `trial`: where it is being set up already. */
  show(camera: Camera, trial: Trial | null): void;
}

/** What is said before any camera; in a demonstration none is missed. */
export function notesOf(
  { ffmpeg, simulated, cameras, trials }: Pick<CameraList, 'ffmpeg' | 'simulated'> & Lists,
  words: CameraWords,
): readonly string[] {
  if (simulated) return [words.simulated];
  return [...(ffmpeg ? [] : [words.noFfmpeg]), ...(cameras.length === 0 && trials.length === 0 ? [words.none] : [])];
}

interface Lists {
  readonly cameras: readonly unknown[];
  readonly trials: readonly unknown[];
}

export function cameraList(page: Page): void {
  const { words, main, api } = page;
  const add = element('a', 'button button-main', words.add);
  add.href = withLanguage('/cameras/new');
  const many = element('a', 'button button-quiet', words.addMany);
  many.href = withLanguage('/cameras/bulk');
  const head = element('div', 'page-head', element('h1', '', words.cameras), many, add);
  const notes = element('div', 'notes');
  const trials = element('div', 'trials');
  const list = element('div', 'cameras');
  const survey = surveyPart(page);
  const breaks = breakPart(page);
  main.replaceChildren(head, notes, survey.root, breaks.root, trials, list);
  const cards = new Map<string, Card>();
  const show = (got: CameraList): void => {
    renew(
      notes,
      ...notesOf(got, words).map((text) => element('p', 'note', text)),
      ...personModelSaid(got.personModel, words),
    );
    renew(trials, ...trialLinks(got.trials, words));
    survey.show(got.cameras.filter(({ read, seats }) => read && seats.length === 0).length);
    breaks.show(got.cameras);
    for (const camera of got.cameras) {
      const known = cards.get(camera.id) ?? cardOf(camera, page);
      if (!cards.has(camera.id)) list.append(known.root);
      cards.set(camera.id, known);
      known.show(camera, got.trials.find((one) => one.state !== 'failed' && cameraOf(one) === camera.id) ?? null);
    }
    for (const [id, { root }] of [...cards]) {
      if (got.cameras.some((camera) => camera.id === id)) continue;
      root.remove();
      cards.delete(id);
    }
  };
  const look = async (): Promise<void> => {
    const answer = document.hidden ? null : await api.list();
    if (answer?.ok === true) show(answer.got);
    else if (answer !== null) page.say(troubleText(words, answer), true);
    setTimeout(() => void look(), EVERY_MS);
  };
  void look();
}

function personModelSaid(model: CameraList['personModel'], words: CameraWords): HTMLElement[] {
  if (model?.state === 'ready') return [element('p', 'hint', words.personModel(model.name ?? model.model))];
  if (model?.state !== 'failed' || model.trouble === null) return [];
  const { said, remedy } = model.trouble;
  const parts = [element('p', 'note', words.noPersonModel(said))];
  return remedy === null ? parts : [...parts, element('p', 'hint', remedy)];
}

function surveyPart({ words, api, say }: Page) {
  const title = document.createTextNode('');
  const minutes = element(
    'select',
    '',
    ...SURVEY_MINUTES.map((count) => {
      const option = element('option', '', words.minutes(count));
      option.value = String(count);
      return option;
    }),
  );
  minutes.value = String(SURVEY_MINUTES[1]);
  minutes.setAttribute('aria-label', words.surveyFor);
  const go = button(words.surveyStart, 'main', async () => {
    const answer = await api.survey(Number(minutes.value));
    say(answer.ok ? words.surveyed(answer.got.cameras.length) : troubleText(words, answer), !answer.ok);
  });
  go.id = 'survey';
  const root = panel('do', title, element('p', 'hint', words.surveyHint), element('div', 'seat-tools', go, minutes));
  root.hidden = true;
  return {
    root,
    show(count: number) {
      root.hidden = count === 0;
      title.data = words.survey(count);
    },
  };
}

function surveyLine({ survey, seats }: Camera, words: CameraWords): HTMLElement[] {
  if (survey === null || seats.length > 0) return [];
  return [
    element('p', 'hint', words.surveyState(survey.state, clockOf(survey.endsAt).slice(0, 5), survey.seats.length)),
  ];
}

/** Which of the hall's it is, if it is one by now. */
const cameraOf = ({ camera, saved }: Trial): string | null => camera ?? saved?.camera ?? null;

function trialLinks(trials: readonly Trial[], words: CameraWords): HTMLElement[] {
  if (trials.length === 0) return [];
  const links = trials.map((trial) => {
    const { id, address, byName, by } = trial;
    const camera = cameraOf(trial);
    const link = element('a', '', words.goOn);
    link.href = withLanguage(`/cameras/trials/${id}`);
    return element('li', '', `${camera === null ? '' : `${camera} · `}${address} · ${byName ?? by} `, link);
  });
  return [panel('say', words.trials, element('ul', 'plain', ...links))];
}

function cardOf({ id }: Camera, page: Page): Card {
  const { words, api } = page;
  const state = element('p', 'camera-state');
  const picture = element('div', 'camera-picture');
  const seats = element('div', 'camera-seats');
  const teach = element('div', 'camera-teach');
  const breaks = breakSeats(page, id);
  let begun: Trial | null = null;
  const setUp = button(words.setUp, 'quiet', async () => {
    const answer = begun === null ? await api.try({ camera: id }) : ({ ok: true, got: begun } as const);
    if (answer.ok) location.assign(withLanguage(`/cameras/trials/${answer.got.id}`));
    else page.say(troubleText(words, answer), true);
  });
  const title = element('h2', '', id);
  const root = element(
    'section',
    'panel camera',
    element('div', 'camera-head', title, state, setUp),
    element('div', 'camera-body', picture, element('div', '', seats, teach, breaks.root)),
  );
  root.dataset['camera'] = id;
  const img = element('img', '');
  img.alt = words.pictureOf(id);
  let shown = '';
  let looks = 0;
  let isOnScreen = false;
  let taughtSeats = '';
  new IntersectionObserver(([entry]) => {
    isOnScreen = entry?.isIntersecting ?? false;
  }).observe(root);
  return {
    root,
    show(camera, trial) {
      begun = trial;
      renew(state, ...stateParts(camera, words));
      root.dataset['state'] = camera.state ?? 'none';
      setUp.hidden = !camera.read;
      if (camera.pictureAt === null) renew(picture, element('p', 'no-picture', words.noPicture));
      else if (camera.pictureAt !== shown && isOnScreen && (shown === '' || looks++ % LOOKS_A_PICTURE === 0)) {
        shown = camera.pictureAt;
        img.src = api.pictureOf(id, shown);
        if (img.parentElement !== picture) picture.replaceChildren(img);
      }
      picture.hidden = !camera.read;
      renew(seats, ...surveyLine(camera, words), ...camera.seats.map((seat) => seatVerdict(seat, words)));
      breaks.show(camera.seats);
      const named = JSON.stringify([camera.read, camera.seats.map(({ window, windowName }) => [window, windowName])]);
      if (named === taughtSeats) return;
      taughtSeats = named;
      const buttons = camera.read ? camera.seats.map((seat, i) => teachButton(camera, i, seat.window, page)) : [];
      teach.replaceChildren(...buttons, ...(buttons.length === 0 ? [] : [element('p', 'hint', words.teachHint)]));
    },
  };
}

function teachButton({ id, seats }: Camera, seat: number, window: string, page: Page): HTMLElement {
  const { words, api } = page;
  const name = seats[seat]?.windowName ?? window;
  const made = button(seats.length === 1 ? words.teach : `${name} ${words.teach}`, 'quiet', async () => {
    page.say(words.teaching);
    const answer = await api.teach(id, [seat]);
    if (!answer.ok) return page.say(troubleText(words, answer), true);
    const [taught] = answer.got.seats;
    page.say(words.taught[taught?.outcome ?? 'restless'](name), taught?.outcome !== 'learnt');
  });
  made.dataset['teach'] = window;
  return made;
}

function stateParts(camera: Camera, words: CameraWords): HTMLElement[] {
  const { state, loss, quality, intervalMs, reconnects, stalls, address, picture, lastFrameAt } = camera;
  if (!camera.read) return [element('span', '', words.noRead)];
  const chip = element('span', 'chip', words.states[state ?? 'failed']);
  chip.dataset['camera'] = state ?? 'failed';
  const facts = [
    address,
    quality === null ? null : words.qualityIs(words.quality[quality]),
    intervalMs === null ? null : words.every((intervalMs / 1000).toFixed(1)),
    reconnects === null || stalls === null ? null : words.counts(reconnects, stalls),
    state === 'live' || lastFrameAt === null ? null : clockOf(lastFrameAt),
  ].filter((text) => text !== null);
  const trouble = loss ?? picture?.fault ?? null;
  const said = trouble === null ? [] : [element('span', 'trouble', saidText(trouble, words))];
  return [chip, element('span', 'dim', facts.join(' · ')), ...said];
}
