/** Pictures of empty seats from the hall's breaks: asking for them, looking at each, and saying whether nobody is in it. */
import { element } from '../element.ts';
import { button } from '../form-parts.ts';
import { panel } from '../panel.ts';
import { clockOf } from '../wall-time.ts';
import type { CameraApi } from './camera-api.ts';
import type { Camera, HallSeat } from './camera-data.ts';
import { saidText } from './camera-parts.ts';
import type { CameraWords } from './camera-strings.ts';
import { troubleText } from './camera-words.ts';

interface Around {
  readonly api: CameraApi;
  readonly words: CameraWords;
  say(text: string, isTrouble?: boolean): void;
}

/** One press for all cameras that have seats. */
export function breakPart({ words, api, say }: Around) {
  const go = button(words.breaksStart, 'main', async () => {
    const answer = await api.askAtBreak();
    say(answer.ok ? words.breaksAsked(answer.got.cameras.length) : troubleText(words, answer), !answer.ok);
  });
  go.id = 'ask-at-break';
  const root = panel('do', words.breaks, element('p', 'hint', words.breaksHint), element('div', 'seat-tools', go));
  root.hidden = true;
  return {
    root,
    show(cameras: readonly Camera[]) {
      root.hidden = !cameras.some(({ read, seats }) => read && seats.length > 0);
    },
  };
}

/** Of the seats of a camera; what is being looked at is not disturbed. */
export function breakSeats(around: Around, camera: string) {
  const root = element('div', 'break-seats');
  const shown = new Map<number, { readonly of: string; readonly line: HTMLElement }>();
  return {
    root,
    show(seats: readonly HallSeat[]) {
      for (const [place, seat] of seats.entries()) {
        const { state, because, picture } = seat.atBreak ?? {};
        const of = JSON.stringify([seat.window, state, because, picture?.id]);
        if (shown.get(place)?.of !== of) shown.set(place, { of, line: seatLine(around, camera, place, seat) });
      }
      const lines = seats.flatMap(({ atBreak }, place) =>
        atBreak === null ? [] : [shown.get(place)?.line as HTMLElement],
      );
      const isSame = lines.length === root.childElementCount && lines.every((line, i) => root.children[i] === line);
      if (!isSame) root.replaceChildren(...lines);
    },
  };
}

function seatLine(
  around: Around,
  camera: string,
  place: number,
  { window, windowName, atBreak }: HallSeat,
): HTMLElement {
  const { words } = around;
  if (atBreak === null) return element('div', '');
  const { state, because, picture, decided } = atBreak;
  const name = windowName ?? window;
  const by = decided === null ? '' : ` · ${clockOf(decided.at).slice(0, 5)} ${decided.byName ?? decided.by}`;
  const why = because === null ? '' : `${words.comma}${saidText(because, words)}`;
  const line = element('p', 'hint', element('b', '', name), ` ${words.breakState[state]}${by}${why}`);
  const made = element('div', 'break-seat', line);
  made.dataset['atBreak'] = state;
  if (picture !== null) made.append(...pictureParts(around, camera, place, name, picture));
  return made;
}

function pictureParts(
  { words, api, say }: Around,
  camera: string,
  place: number,
  name: string,
  { id, at, stillMinutes, light }: NonNullable<NonNullable<HallSeat['atBreak']>['picture']>,
): HTMLElement[] {
  const img = element('img', '');
  img.alt = words.breakPictureOf(name);
  img.loading = 'lazy';
  img.src = api.breakPicture(camera, place, id);
  const decide = (label: string, isEmpty: boolean): HTMLButtonElement => {
    const made = button(label, 'quiet', async () => {
      const answer = await api.decideBreak(camera, place, id, isEmpty);
      if (!answer.ok) return say(troubleText(words, answer), true);
      say(isEmpty ? words.taught.learnt(name) : words.denied(name));
    });
    made.setAttribute('aria-label', `${name} ${label}`);
    made.dataset['empty'] = String(isEmpty);
    // Nobody says what a picture shows that they could not see.
    made.disabled = true;
    img.addEventListener('load', () => {
      made.disabled = false;
    });
    return made;
  };
  const when = `${at.slice(0, 10)} ${clockOf(at).slice(0, 5)}`;
  return [
    img,
    element('p', 'hint', `${words.breakTaken(when, stillMinutes, light)}${words.comma}${words.breakQuestion}`),
    element('div', 'seat-tools', decide(words.isEmpty, true), decide(words.notEmpty, false)),
  ];
}
