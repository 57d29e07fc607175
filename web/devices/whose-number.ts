/** The question whose a number is that a clock told. */
import { type Answer, refusalText } from '../asked.ts';
import { openDialog } from '../dialog.ts';
import { element, setText } from '../element.ts';
import { field, textField } from '../form-parts.ts';
import type { Mapping, Unmatched } from './device-api.ts';
import type { DeviceStrings } from './device-strings.ts';
import { chosenPerson, type Person, personList } from './person-choice.ts';

interface Asking {
  readonly words: DeviceStrings;
  readonly map: (mapping: Mapping) => Promise<Answer<null>>;
  /** Whom the reader may see by name; empty for who may see nobody. */
  readonly people: Promise<readonly Person[]>;
  readonly mapped: () => Promise<void>;
}

const PEOPLE = 'people-of-the-hall';
const LONGEST_ID = 200;

export function askWhose(row: Unmatched, { words, map, people, mapped }: Asking): void {
  let known: readonly Person[] = [];
  const employee = textField(LONGEST_ID);
  employee.setAttribute('list', PEOPLE);
  const name = element('p', 'hint');
  name.setAttribute('role', 'status');
  employee.addEventListener('input', () => setText(name, chosenPerson(known, employee.value)?.name ?? ''));
  const from = element('input', '');
  from.type = 'date';
  from.value = row.firstAt.slice(0, 10);
  const isHere = element('input', '');
  isHere.type = 'checkbox';
  isHere.checked = true;
  const here = element('label', 'choice', isHere, words.onlyHere(row.device ?? ''));
  const body = [field(words.employee, employee, name), field(words.from, from), ...(row.device === null ? [] : [here])];
  openDialog({
    ...{ title: words.mapTitle(row.credential), body, go: words.save, cancel: words.cancel, working: words.working },
    submit: async () => {
      const answer = await map({
        credential: row.credential,
        device: row.device !== null && isHere.checked ? row.device : null,
        employee: chosenPerson(known, employee.value)?.id ?? employee.value.trim(),
        // Instants come in the hall's offset, in which the day is meant.
        from: `${from.value}T00:00:00${row.firstAt.slice(19)}`,
      });
      if (!answer.ok) return answer.status === 404 ? words.noSuchEmployee : refusalText(answer);
      await mapped();
      return null;
    },
  });
  void people.then((found) => {
    known = found;
    name.before(personList(PEOPLE, found));
  });
}
