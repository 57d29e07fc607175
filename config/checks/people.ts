/** Who and what the configuration names: every id once, every reference to something that exists. */
import { child, type Draft, dateAt, entries, items, oneOrMany, textOf } from '../draft.ts';
import { atValue, type Finding, finding } from '../finding.ts';
import type { Noun } from '../terms.ts';

export type LineOf = (path: Draft['path']) => number;

interface Known {
  readonly departments: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
  readonly employees: ReadonlyMap<string, Draft>;
  readonly windows: ReadonlySet<string>;
  readonly clocks: ReadonlySet<string>;
}

export function checkPeople(root: Draft, lineOf: LineOf): Finding[] {
  const known: Known = {
    departments: idsIn(root, 'departments'),
    schedules: new Set(entries(root, 'schedules').map(([id]) => id)),
    employees: new Map(items(root, 'employees').map((employee) => [textOf(employee, 'id') ?? '', employee])),
    windows: idsIn(root, 'windows'),
    clocks: idsIn(root, 'clocks'),
  };
  return [
    ...duplicates('department', items(root, 'departments'), lineOf),
    ...duplicates('employee', items(root, 'employees'), lineOf),
    ...duplicates('window', items(root, 'windows'), lineOf),
    ...duplicates('device', [...items(root, 'clocks'), ...items(root, 'cameras')], lineOf),
    ...items(root, 'departments').flatMap((department) =>
      items(department, 'leaders').flatMap((leader) => unknown('employee', leader, known.employees)),
    ),
    ...items(root, 'employees').flatMap((employee) => checkEmployee(employee, known)),
    ...items(root, 'windows').flatMap((window) => checkWindow(window, known)),
    ...items(root, 'clocks').flatMap((clock) => checkDevice(clock, known)),
    ...items(root, 'cameras').flatMap((camera) => checkDevice(camera, known)),
  ];
}

/** Items that carry an id which an earlier one has. */
export function duplicates(noun: Noun, drafts: readonly Draft[], lineOf: LineOf, key = 'id'): Finding[] {
  const first = new Map<string, Draft>();
  return drafts.flatMap((draft) => {
    const id = textOf(draft, key);
    const earlier = id === null ? undefined : first.get(id);
    if (id !== null && earlier === undefined) first.set(id, draft);
    if (earlier === undefined) return [];
    const line = lineOf([...earlier.path, key]);
    return [finding(atValue([...draft.path, key]), (words, shown) => words.duplicate({ noun, shown, line }))];
  });
}

/** A reference to something that the file does not have. */
export function unknown(
  noun: Noun,
  reference: Draft,
  known: ReadonlySet<string> | ReadonlyMap<string, unknown>,
): Finding[] {
  const word = textOf(reference);
  if (word === null || known.has(word)) return [];
  const candidates = [...known.keys()];
  return [
    finding(atValue(reference.path), (words, shown) => words.unknown({ noun, shown, word, known: candidates }), {
      needsWholeFile: true,
    }),
  ];
}

const idsIn = (root: Draft, list: string): Set<string> =>
  new Set(items(root, list).flatMap((item) => textOf(item, 'id') ?? []));

function checkEmployee(employee: Draft, known: Known): Finding[] {
  return [
    ...unknown('department', child(employee, 'department'), known.departments),
    ...unknown('schedule', child(employee, 'schedule'), known.schedules),
    ...untilAfterFrom(employee, 'until'),
    ...items(employee, 'credentials').flatMap((credential) => [
      ...unknownDevice(child(credential, 'device'), known.clocks),
      ...untilAfterFrom(credential, 'to'),
    ]),
  ];
}

function checkWindow(window: Draft, known: Known): Finding[] {
  const a = oneOrMany(window, 'a');
  const b = oneOrMany(window, 'b');
  const both = b.filter((person) => a.some((other) => textOf(other) === textOf(person)));
  return [
    ...unknown('department', child(window, 'department'), known.departments),
    ...unknown('schedule', child(window, 'schedule'), known.schedules),
    ...[...a, ...b].flatMap((person) => unknown('employee', person, known.employees)),
    ...untilAfterFrom(window, 'until'),
    ...repeated(a),
    ...repeated(b),
    ...both.map((person) =>
      finding(atValue(person.path), (words, shown) => words.bothRoles({ shown }), { severity: 'warning' }),
    ),
    ...a.flatMap((person) => checkHolder(person, known)),
  ];
}

/** Who has no schedule or no credential can never be seen to hold a window. */
function checkHolder(person: Draft, known: Known): Finding[] {
  const employee = known.employees.get(textOf(person) ?? '');
  if (employee === undefined) return [];
  const found: Finding[] = [];
  const options = { severity: 'warning', needsWholeFile: true } as const;
  if (textOf(employee, 'schedule') === null) {
    found.push(finding(atValue(person.path), (words, shown) => words.aWithoutSchedule({ shown }), options));
  }
  if (items(employee, 'credentials').length === 0) {
    found.push(finding(atValue(person.path), (words, shown) => words.aWithoutCredential({ shown }), options));
  }
  return found;
}

function repeated(list: readonly Draft[]): Finding[] {
  return list
    .filter((item, i) => list.findIndex((other) => textOf(other) === textOf(item)) < i)
    .map((item) => finding(atValue(item.path), (words, shown) => words.repeated({ shown })));
}

function checkDevice(device: Draft, known: Known): Finding[] {
  const served = new Map<string, unknown>([...known.departments].map((id) => [id, null]));
  for (const id of known.employees.keys()) served.set(id, null);
  return [
    ...items(device, 'serves').flatMap((one) => unknown('served', one, served)),
    ...[...items(device, 'seats'), ...items(device, 'witness', 'zones')].flatMap((place) =>
      unknown('window', child(place, 'window'), known.windows),
    ),
    ...(textOf(device, 'id') === 'daemon'
      ? [finding(atValue([...device.path, 'id']), (words) => words.reservedDevice())]
      : []),
  ];
}

/** A door or clock of another system may well know the credential; only coverage does not know the door. */
function unknownDevice(device: Draft, clocks: ReadonlySet<string>): Finding[] {
  const word = textOf(device);
  if (word === null || clocks.has(word)) return [];
  return [
    finding(atValue(device.path), (words, shown) => words.unknownDevice({ shown, word, known: [...clocks] }), {
      severity: 'warning',
      needsWholeFile: true,
    }),
  ];
}

function untilAfterFrom(draft: Draft, key: 'until' | 'to'): Finding[] {
  const from = dateAt(draft, 'from');
  const until = dateAt(draft, key);
  if (from === null || until === null || from <= until) return [];
  return [finding(atValue([...draft.path, key]), (words, shown) => words.fromAfterUntil({ shown, key }))];
}
