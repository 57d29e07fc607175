/** Whom a clock knows, beside the people of the hall: read when asked for, looked at, and matched. */
import { refusalText } from '../asked.ts';
import { openDialog } from '../dialog.ts';
import { element } from '../element.ts';
import { latest } from '../latest.ts';
import { panel } from '../panel.ts';
import type { ClockApi, ClockUser } from './clock-api.ts';
import type { ClockStrings } from './clock-strings.ts';
import { choiceOf, chosenPerson, type Person, personList } from './person-choice.ts';
import { table } from './table.ts';

export interface ClockPage {
  readonly clock: string;
  readonly api: ClockApi;
  readonly words: ClockStrings;
  readonly main: HTMLElement;
  /** The hall's now, as the daemon writes instants. */
  readonly at: string;
  say(text: string, isTrouble?: boolean): void;
}

const looks = latest();

export function clockPeople(page: ClockPage): void {
  const { words, main, clock, at } = page;
  const from = element('input', '');
  from.type = 'date';
  from.value = at.slice(0, 10);
  const read = element('button', 'button button-main', words.read);
  read.type = 'button';
  read.id = 'read';
  const room = element('div', 'clock-people');
  read.addEventListener('click', () => void fill(page, room, read, from));
  main.replaceChildren(
    element('h1', '', words.peopleTitle(clock)),
    panel(
      'do',
      words.readTitle,
      element('p', 'hint', words.peopleMean),
      element('label', 'field', words.from, from),
      element('p', 'hint', words.fromMeans),
      element('div', 'deeds', read),
    ),
    room,
  );
}

async function fill(
  page: ClockPage,
  room: HTMLElement,
  read: HTMLButtonElement,
  from: HTMLInputElement,
): Promise<void> {
  const { words, api } = page;
  read.disabled = true;
  page.say(words.reading);
  const answer = await looks.answerTo(api.users());
  if (answer === null) return;
  read.disabled = false;
  if (!answer.ok) return page.say(refusalText(answer), true);
  page.say('');
  const { users, people } = answer.got;
  if (users.length === 0) return room.replaceChildren(element('p', 'turn', words.none));
  const certain = users.filter((user) => user.proposed !== null && user.doubt === null);
  const present = users.filter((user) => user.present !== null).length;
  const again = (): Promise<void> => fill(page, room, read, from);
  const all = element('button', 'button button-main', words.all(certain.length));
  all.type = 'button';
  all.id = 'take-all';
  all.disabled = certain.length === 0;
  all.addEventListener('click', () => {
    openDialog({
      title: words.all(certain.length),
      body: [element('p', '', words.allQuestion(certain.length, from.value))],
      ...{ go: words.take, cancel: words.cancel, working: words.working },
      submit: async () => {
        const wanted = certain.map(({ credential, proposed }) => ({ credential, employee: proposed?.id ?? '' }));
        return await enrol(page, wanted, from.value, again);
      },
    });
  });
  // A clock takes its time to answer: what is written beside it meanwhile stays.
  const written = [...room.querySelectorAll<HTMLInputElement>('[id^="who-"]')].filter(
    ({ value, defaultValue }) => value !== defaultValue,
  );
  const held = document.activeElement?.id ?? '';
  room.replaceChildren(
    panel(
      'do',
      words.matchTitle,
      element('p', 'turn', words.found(users.length, certain.length, present)),
      element('div', 'deeds', all),
      personList(PEOPLE, people),
      table(
        [words.columns.credential, words.columns.name, words.columns.person, words.columns.why],
        users.map((user) => cells(page, user, people, from, again)),
      ),
    ),
  );
  for (const { id, value } of written) {
    const choice = document.getElementById(id);
    if (choice instanceof HTMLInputElement) choice.value = value;
  }
  if (held !== '') document.getElementById(held)?.focus();
}

/** What is wrong, or null where it is done. */
async function enrol(
  page: ClockPage,
  wanted: readonly { readonly credential: string; readonly employee: string }[],
  day: string,
  again: () => Promise<void>,
): Promise<string | null> {
  // Instants come in the hall's offset, in which the day is meant.
  const answer = await page.api.enrol(`${day}T00:00:00${page.at.slice(19)}`, wanted);
  if (!answer.ok) return refusalText(answer);
  await again();
  page.say(page.words.taken(wanted.length));
  return null;
}

const PEOPLE = 'people-of-the-hall';

/** Of one that the clock knows. */
function cells(
  page: ClockPage,
  user: ClockUser,
  people: readonly Person[],
  from: HTMLInputElement,
  again: () => Promise<void>,
): HTMLElement[] {
  const { words } = page;
  const { credential, name, present, proposed, doubt } = user;
  const first = [element('td', '', credential), element('td', '', name ?? words.nobody)];
  if (present !== null) {
    return [...first, element('td', '', choiceOf(present)), element('td', 'dim', words.present), element('td', '')];
  }
  const choice = element('input', '');
  choice.type = 'text';
  choice.setAttribute('list', PEOPLE);
  choice.setAttribute('aria-label', words.personOf(credential));
  choice.id = `who-${credential}`;
  choice.defaultValue = proposed === null || doubt !== null ? '' : choiceOf(proposed);
  choice.placeholder = proposed === null ? '' : choiceOf(proposed);
  const take = element('button', 'button', words.take);
  take.type = 'button';
  take.id = `take-${credential}`;
  take.setAttribute('aria-label', words.takeOf(credential));
  take.addEventListener('click', () => {
    const person = chosenPerson(people, choice.value);
    if (person === null) return page.say(words.notThere, true);
    take.disabled = true;
    void enrol(page, [{ credential, employee: person.id }], from.value, again).then((wrong) => {
      take.disabled = false;
      if (wrong !== null) page.say(wrong, true);
    });
  });
  return [...first, element('td', '', choice), element('td', '', whyOf(user, words)), element('td', '', take)];
}

function whyOf({ by, doubt }: ClockUser, words: ClockStrings): string {
  if (doubt !== null) return words.doubts[doubt];
  return by === null ? words.noProposal : words.by[by];
}
