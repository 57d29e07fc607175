/** The cameras of a batch, a card each: how far its test is, what it shows, which windows it sees, and where. */
import { element, renew } from '../element.ts';
import { button, textInput } from '../form-parts.ts';
import type { RowChange } from './bulk-api.ts';
import type { BatchRow } from './bulk-data.ts';
import { type BulkPage, bulkTrouble } from './bulk-page.ts';
import { seatDrawing } from './seat-drawing.ts';

export type Windows = readonly { readonly id: string; readonly name: string }[];

export interface RowCard {
  readonly root: HTMLElement;
  /** Whether it is to be written. */
  readonly isChosen: boolean;
  show(row: BatchRow): void;
}

export interface RowOptions {
  readonly page: BulkPage;
  readonly batch: string;
  readonly windows: Windows;
  /** A recorder has more channels than windows need: each is chosen by naming its window. */
  readonly isOfRecorder: boolean;
  readonly chosen: () => void;
}

export function rowCard(first: BatchRow, { page, batch, windows, isOfRecorder, chosen }: RowOptions): RowCard {
  const { bulk, bulkApi } = page;
  const { line } = first;
  let row = first;
  let before: Promise<unknown> = Promise.resolve();
  /** One after the other, each from what the one before has made of the row. */
  const change = (to: () => RowChange): Promise<boolean> => {
    chosen();
    const done = before.then(() => changed(to()));
    before = done;
    return done;
  };
  const changed = async (to: RowChange): Promise<boolean> => {
    const answer = await bulkApi.change(batch, line, to);
    if (!answer.ok) page.say(bulkTrouble(page, answer), true);
    else {
      const now = answer.got.rows.find((one) => one.line === line);
      if (now !== undefined) show(now);
      chosen();
    }
    return answer.ok;
  };

  const take = element('input', '');
  take.type = 'checkbox';
  take.checked = !isOfRecorder;
  take.setAttribute('aria-label', bulk.take(first.id));
  take.addEventListener('change', chosen);
  const id = textInput(first.id);
  id.className = 'batch-id';
  const place = first.channel === null ? bulk.line(line) : bulk.channel(first.channel);
  id.setAttribute('aria-label', bulk.id(place));
  id.addEventListener('change', () => {
    const wanted = id.value.trim();
    void change(() => ({ id: wanted })).then((isDone) => {
      if (!isDone) id.value = row.id;
    });
  });
  const state = element('span', 'chip');
  const head = element('div', 'batch-head', take, id, state, element('span', 'dim', `${place} · ${first.address}`));

  const picture = element('div', 'batch-picture');
  const img = element('img', '');
  img.alt = bulk.pictureOf(first.id);
  img.loading = 'lazy';
  let shownAt = '';
  const steps = element('ol', 'batch-steps');
  const said = element('div', '');
  const named = element('div', 'batch-windows');
  const drawing = element('div', 'batch-drawing');
  const draw = button(bulk.drawSeats, 'quiet', () => {
    if (drawing.childElementCount > 0) drawing.replaceChildren();
    else openDrawing();
    draw.textContent = drawing.childElementCount > 0 ? bulk.closeDrawing : bulk.drawSeats;
  });
  draw.dataset['draw'] = String(line);
  const tools = element('div', 'batch-tools', named, draw);
  const root = element(
    'li',
    'batch-row',
    head,
    element('div', 'batch-body', picture, element('div', '', steps, said, tools)),
    drawing,
  );
  root.dataset['line'] = String(line);

  function openDrawing(): void {
    const seats = row.seats.length > 0 ? row.seats : row.windows.map((one) => ({ window: one.id, roi: null }));
    const shape = seatDrawing({ words: page.words, windows, seats, changed: () => {} });
    if (row.pictureAt !== null) shape.picture(bulkApi.picture(batch, line, row.pictureAt));
    const apply = button(page.words.apply, 'main', async () => {
      const drawn = shape.seats.flatMap(({ window, roi }) => (roi === null ? [] : [{ window, roi }]));
      // Of those that have no region yet the windows are kept.
      const seen = [...new Set(shape.seats.map(({ window }) => window))];
      const isDone = await change(() => ({ seats: drawn, windows: seen }));
      if (!isDone) return;
      take.checked = true;
      draw.click();
      chosen();
    });
    drawing.replaceChildren(shape.root, apply);
  }

  function windowParts(): HTMLElement[] {
    const chips = row.windows.map(({ id: window, name }) => {
      const remove = button('×', 'quiet', async () => {
        await change(() => ({
          windows: row.windows.map((one) => one.id).filter((one) => one !== window),
          seats: row.seats.filter((seat) => seat.window !== window),
        }));
      });
      remove.setAttribute('aria-label', bulk.removeWindow(name ?? window));
      return element('span', 'batch-window', name ?? window, remove);
    });
    const free = windows.filter((one) => row.windows.every(({ id: taken }) => taken !== one.id));
    const add = element(
      'select',
      '',
      option('', bulk.addWindowShort),
      ...free.map((one) => option(one.id, nameOf(one))),
    );
    add.setAttribute('aria-label', bulk.addWindow(row.id));
    add.addEventListener('change', () => {
      take.checked = true;
      const added = add.value;
      void change(() => ({ windows: [...row.windows.map((one) => one.id), added] }));
    });
    return [...chips, ...(free.length === 0 ? [] : [add])];
  }

  let windowsOf = '';
  function show(now: BatchRow): void {
    row = now;
    const isReady = now.state === 'passed' && now.saved === null;
    root.dataset['state'] = now.saved === null ? now.state : 'saved';
    take.hidden = !isReady;
    id.readOnly = now.saved !== null;
    if (document.activeElement !== id) id.value = now.id;
    state.textContent = bulk.states[now.state];
    state.dataset['row'] = now.state;
    renew(steps, ...now.steps.map((step) => stepPart(step)));
    renew(said, ...sayings(now, page));
    if (now.pictureAt === null) picture.hidden = true;
    else if (now.pictureAt !== shownAt && (shownAt === '' || now.state !== 'testing')) {
      shownAt = now.pictureAt;
      img.src = bulkApi.picture(batch, line, shownAt);
      picture.hidden = false;
      if (img.parentElement !== picture) picture.replaceChildren(img);
    }
    tools.hidden = !isReady;
    if (now.saved !== null) drawing.replaceChildren();
    const of = JSON.stringify([now.windows, now.id]);
    if (of === windowsOf) return;
    windowsOf = of;
    named.replaceChildren(...windowParts());
  }
  show(first);
  return {
    root,
    get isChosen() {
      return take.checked && !take.hidden;
    },
    show,
  };
}

function stepPart({ ok, name, said, ms }: BatchRow['steps'][number]): HTMLElement {
  const part = element('li', ok ? '' : 'step-failed', element('span', 'step-mark', ok ? '✓' : '✗'), ` ${name} `);
  part.append(element('span', 'dim', ok ? `${(ms / 1000).toFixed(1)} s` : said));
  part.title = said;
  return part;
}

function sayings({ state, remedy, refusedLine, saved, seats }: BatchRow, { bulk, words }: BulkPage): HTMLElement[] {
  if (saved !== null) return [element('p', 'batch-saved', bulk.written(saved.camera))];
  if (state === 'not-tried') return [element('p', 'trouble', bulk.notTried(refusedLine ?? 0))];
  if (state === 'failed' && remedy !== null) return [element('p', 'trouble', words.remedy(remedy))];
  return state === 'passed' ? [element('p', 'hint', bulk.seatsDrawn(seats.length))] : [];
}

const nameOf = ({ id, name }: Windows[number]): string => (name === id ? id : `${id} ${name}`);

function option(value: string, label: string): HTMLOptionElement {
  const made = element('option', '', label);
  made.value = value;
  return made;
}
