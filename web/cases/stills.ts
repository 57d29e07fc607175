/** Pictures of a case: what there is, in order; each is fetched only when somebody asks for it, since every look is recorded. */
import { element, setText } from '../element.ts';
import { panel } from '../panel.ts';
import type { CaseApi, Still, Stills } from './case-api.ts';
import type { Saying } from './case-sections.ts';
import type { StillWords } from './still-words.ts';

export interface StillsAsked {
  readonly api: Pick<CaseApi, 'stillAddress' | 'whyNoStill' | 'archiveAddress'>;
  readonly words: StillWords;
  readonly saying: Saying;
  /** The hall's date, so that only other days are named. */
  readonly today: string;
  /** Has kept what is seen now, and shows what came of it. */
  readonly freeze: () => Promise<void>;
  /** What was done last; empty = nothing. */
  readonly said: string;
}

/** The panel; `stills` null = it could not be asked. */
export function stillsView(stills: Stills | null, id: string, asked: StillsAsked): HTMLElement {
  const { words } = asked;
  const archive = element('a', 'button button-quiet', words.archive);
  archive.href = asked.api.archiveAddress(id);
  archive.setAttribute('download', '');
  const foot = element('div', 'stills-foot', ...(stills?.mayFreeze === true ? [freezeButton(asked)] : []), archive);
  const pictures = stills?.pictures ?? [];
  const lead = stills === null ? words.unknown : pictures.length === 0 ? words.none : words.lead;
  const list = element('ol', 'stills', ...pictures.map((one) => still(one, id, asked)));
  const said = element('p', 'stills-said', asked.said);
  said.setAttribute('role', 'status');
  return panel(
    'say',
    words.title,
    element('p', 'turn', lead),
    list,
    said,
    foot,
    element('p', 'hint', words.archiveMeans),
  );
}

function still(one: Still, id: string, asked: StillsAsked): HTMLElement {
  const { words, saying, today } = asked;
  const head = element('p', 'still-head', element('b', '', one.momentName), ' ', saying.time.say(one.at, today));
  const root = element('li', 'still', head);
  root.dataset['picture'] = one.picture;
  if (one.missing !== null) {
    root.append(element('p', 'still-more', words.missing(one.missing.text)));
    return root;
  }
  const text = element('p', 'still-more', aboutOf(one, one.views, asked));
  text.title = `${one.picture} · SHA-256 ${one.sha256} · ${one.camera}`;
  if (one.removedAt === null) {
    root.append(look(one, id, asked, () => setText(text, aboutOf(one, one.views + 1, asked))));
  }
  root.append(text);
  return root;
}

/** How long it is kept, how often it was looked at, and by what it can be told. */
function aboutOf(one: Still, views: number, { words, saying }: StillsAsked): string {
  const { sha256, keptUntil, removedAt, askedBy } = one;
  const day = (at: string): string => saying.time.day(at.slice(0, 10));
  const until = keptUntil === null ? words.keptOpen : words.keptUntil(day(keptUntil));
  const kept = removedAt === null ? until : words.removed(day(removedAt));
  const asked = askedBy === null ? [] : [words.askedBy(askedBy)];
  return [kept, words.views(views), ...asked, `SHA-256 ${sha256.slice(0, 12)}…`].join(saying.words.dot);
}

/** A button that becomes the picture; pressed again, the picture is as wide as the page, without being asked for again. */
function look(one: Still, id: string, { api, words }: StillsAsked, looked: () => void): HTMLElement {
  const button = element('button', 'button button-quiet still-look', words.look);
  button.type = 'button';
  button.setAttribute('aria-label', `${words.look}${words.colon}${one.momentName}`);
  button.addEventListener('click', () => {
    if (button.querySelector('img') !== null) {
      const isLarge = button.classList.toggle('still-large');
      button.setAttribute('aria-pressed', String(isLarge));
      return;
    }
    const image = element('img', 'still-picture');
    image.alt = words.pictureOf(one.momentName, one.window);
    image.width = one.width;
    image.height = one.height;
    image.addEventListener('load', () => {
      looked();
      button.className = 'still-look still-shown';
      button.setAttribute('aria-pressed', 'false');
      button.setAttribute('aria-label', words.enlarge(one.momentName));
    });
    image.addEventListener('error', () => {
      void api.whyNoStill(id, one.picture).then((why) => {
        button.replaceChildren(words.look);
        const trouble = element('p', 'still-trouble', words.troubles[why]);
        trouble.setAttribute('role', 'alert');
        button.after(trouble);
      });
    });
    button.replaceChildren(image);
    image.src = api.stillAddress(id, one.picture);
  });
  return button;
}

function freezeButton({ words, freeze }: StillsAsked): HTMLElement {
  const button = element('button', 'button', words.freeze);
  button.type = 'button';
  button.title = words.freezeMeans;
  button.addEventListener('click', () => {
    button.disabled = true;
    button.textContent = words.freezing;
    void freeze();
  });
  return button;
}
