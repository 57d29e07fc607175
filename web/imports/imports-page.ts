/** Importing a table: what is wrong with it and what it would change is seen first, and taken in when somebody says so. */
import { deviceApi } from '../devices/device-api.ts';
import { element, part, setText } from '../element.ts';
import { button, field, textInput } from '../form-parts.ts';
import { latest } from '../latest.ts';
import { inAddress } from '../page-address.ts';
import { pageFrame } from '../page-frame.ts';
import { panel } from '../panel.ts';
import { chooseStrings } from '../strings.ts';
import { type Answer, type ImportKind, type ImportWish, KINDS, type Outcome, sendTable } from './imports-api.ts';
import { importWords } from './imports-words.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = importWords(strings.code);
const said = part('said', HTMLParagraphElement);
/** More of a list helps nobody who mends a table. */
const MOST_LISTED = 200;
/** Of what is chosen now; an answer about another file or kind is not shown beside it. */
const looks = latest();

document.title = words.title;
document.body.classList.add('narrow');
pageFrame(strings, words.back, () => start());

function start(): void {
  const kind = select(
    'kind',
    KINDS.map((one) => [one, words.kinds[one]] as const),
  );
  const asked = new URLSearchParams(location.search).get('kind') ?? '';
  if (KINDS.some((one) => one === asked)) kind.value = asked;
  const file = element('input', '');
  file.type = 'file';
  file.name = 'table';
  file.accept = '.csv,.txt,.xlsx,.dat';
  const sheet = textInput();
  sheet.name = 'sheet';
  const clock = select('clock', [['', words.inTable]]);
  const clockField = field(words.clock, clock);
  const columns = element('p', 'hint');
  const shown = element('div', '');
  shown.setAttribute('role', 'status');
  const renewed = (): void => {
    // What was found was found in something else.
    looks.overtake();
    shown.replaceChildren();
    say('');
    const chosen = kind.value as ImportKind;
    setText(columns, words.columns[chosen]);
    clockField.hidden = chosen !== 'punches' && chosen !== 'people';
  };
  kind.addEventListener('change', () => {
    inAddress('kind', kind.value);
    renewed();
  });
  for (const one of [file, sheet, clock]) one.addEventListener('change', renewed);
  const look = element('button', 'button button-main', words.look);
  look.id = 'look';
  const form = element(
    'form',
    '',
    element(
      'div',
      'import-form',
      field(words.kind, kind),
      field(words.file, file),
      field(words.sheet, sheet),
      clockField,
      columns,
    ),
    element('div', 'deeds', look),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (look.disabled) return;
    const [table] = file.files ?? [];
    if (table === undefined) return say(words.chooseFile, true);
    look.disabled = true;
    const wish = {
      kind: kind.value as ImportKind,
      sheet: sheet.value.trim(),
      clock: clockField.hidden ? '' : clock.value,
    };
    const bytes = await looks.answerTo(table.arrayBuffer().catch(() => 'unreadable' as const));
    if (bytes === 'unreadable') say(words.cannotRead, true);
    else if (bytes !== null) await check({ ...wish, bytes, isPartial: false }, shown);
    look.disabled = false;
  });
  part('main', HTMLElement).replaceChildren(element('h1', '', words.title), panel('do', words.choose, form), shown);
  renewed();
  void deviceApi(strings.code)
    .devices()
    .then((answer) => {
      if (answer.ok) clock.append(...answer.got.devices.map(({ device }) => option(device, device)));
    });
}

function say(text: string, isTrouble = false): void {
  setText(said, text);
  said.classList.toggle('said-trouble', isTrouble);
}

/** What keeps it from being done is said. */
function gotOf(answer: Answer): Outcome | null {
  if (answer.ok) say('');
  else say(words.troubles[answer.trouble] ?? `${words.troubles['refused']}${answer.detail}`, true);
  return answer.ok ? answer.got : null;
}

async function check(wish: ImportWish, into: HTMLElement): Promise<void> {
  into.replaceChildren();
  say(words.looking);
  const answer = await looks.answerTo(sendTable(wish, true, strings.code));
  const found = answer === null ? null : gotOf(answer);
  if (found === null) return;
  const isRefused = found.problems.length > 0 && !wish.isPartial;
  const gist = found.added === 0 ? words.nothingNew : words.wouldAdd(found.added, found.known);
  into.replaceChildren(
    panel(
      'say',
      words.found,
      element('p', 'hint', words.readAs(found.format, found.rows)),
      ...(isRefused ? [] : [element('p', 'import-gist', gist)]),
      ...problemParts(found, isRefused),
      ...listed(words.notes, found.notes),
      ...(isRefused ? [] : changeParts(found)),
      element('div', 'deeds', ...deeds(wish, found, isRefused, into)),
    ),
  );
}

function deeds(wish: ImportWish, found: Outcome, isRefused: boolean, into: HTMLElement): HTMLElement[] {
  // Of a file that is no table there are no good rows.
  const hasGood = found.problems.every(({ cell }) => cell !== null);
  if (isRefused) {
    const skip = button(words.skip, 'quiet', () => check({ ...wish, isPartial: true }, into));
    skip.id = 'skip';
    return hasGood ? [skip] : [];
  }
  if (found.added === 0) return [];
  const take = button(words.take(found.added), 'main', async () => {
    say(words.taking);
    const answer = sendTable(wish, false, strings.code);
    const isOfNow = (await looks.answerTo(answer)) !== null;
    // What became of it is said in any case; what was looked at since stays.
    const done = gotOf(await answer);
    if (done === null) return;
    if (isOfNow) into.replaceChildren();
    say(words.taken(done.added, done.known));
  });
  take.id = 'take';
  return [take];
}

function problemParts({ problems }: Outcome, isRefused: boolean): HTMLElement[] {
  if (problems.length === 0) return [];
  const lines = problems.map(({ line, cell, column, problem }) => `${words.place(line, cell, column)}${problem}`);
  return [
    element('p', 'trouble', (isRefused ? words.problems : words.leftOut)(problems.length)),
    ...listOf(lines, 'problems'),
  ];
}

function changeParts({ preview }: Outcome): HTMLElement[] {
  if (preview === null) return [];
  const { changes } = preview;
  if (changes.length === 0) return [element('p', '', words.noChanges)];
  return listed(
    words.changes(changes.length),
    changes.map(({ op, text }) => `${words.ops[op]}${text}`),
  );
}

function listed(title: string, lines: readonly string[]): HTMLElement[] {
  return lines.length === 0 ? [] : [element('h3', '', title), ...listOf(lines, 'dim')];
}

function listOf(lines: readonly string[], className: string): HTMLElement[] {
  const list = element(
    'ol',
    `import-list ${className}`,
    ...lines.slice(0, MOST_LISTED).map((line) => element('li', '', line)),
  );
  // What scrolls is to be scrolled by keys as well.
  list.tabIndex = 0;
  const left = lines.length - MOST_LISTED;
  return left > 0 ? [list, element('p', 'hint', words.more(left))] : [list];
}

function select(name: string, options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  const made = element('select', '', ...options.map(([value, label]) => option(value, label)));
  made.name = name;
  return made;
}

function option(value: string, label: string): HTMLOptionElement {
  const made = element('option', '', label);
  made.value = value;
  return made;
}
