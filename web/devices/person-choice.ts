/** Choosing somebody of the hall by id or by name. */
import { element } from '../element.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** As somebody stands in the list, and in the field once chosen. */
export const choiceOf = ({ id, name }: Person): string => (id === name ? id : `${id} ${name}`);

/** What fields of this `list` offer. */
export function personList(id: string, people: readonly Person[]): HTMLElement {
  const list = element('datalist', '');
  list.id = id;
  for (const person of people) {
    const option = element('option', '');
    option.value = choiceOf(person);
    list.append(option);
  }
  return list;
}

/** Whoever was chosen, or whose id was written; null where that is nobody. */
export function chosenPerson(people: readonly Person[], text: string): Person | null {
  const wanted = text.trim();
  return people.find((person) => choiceOf(person) === wanted) ?? people.find(({ id }) => id === wanted) ?? null;
}
