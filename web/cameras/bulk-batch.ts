/** A batch of cameras: how it was read, how far its tests are, and what of it is written. */
import { element, renew } from '../element.ts';
import { button } from '../form-parts.ts';
import { latest } from '../latest.ts';
import { withLanguage } from '../page-address.ts';
import { panel } from '../panel.ts';
import type { Batch } from './bulk-data.ts';
import { type BulkPage, bulkTrouble } from './bulk-page.ts';
import { type RowCard, rowCard, type Windows } from './bulk-rows.ts';
import { proposalParts } from './camera-parts.ts';
import { troubleText } from './camera-words.ts';

const EVERY_MS = 1000;

export async function bulkBatch(page: BulkPage, id: string): Promise<void> {
  const list = await page.api.list();
  if (!list.ok) return page.say(troubleText(page.words, list), true);
  const view = new BatchView(page, id, list.got.windows, list.got.writable);
  await view.follow();
}

class BatchView {
  readonly #page: BulkPage;
  readonly #id: string;
  readonly #windows: Windows;
  readonly #title = element('h1', '');
  readonly #about = element('div', '');
  readonly #progress = element('progress', '');
  readonly #count = element('p', 'batch-count');
  readonly #start: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #rows = element('ul', 'batch-rows');
  readonly #saving: HTMLElement;
  readonly #chosen = element('p', 'hint');
  readonly #propose: HTMLButtonElement;
  readonly #shown = element('div', 'proposal');
  readonly #cards = new Map<number, RowCard>();
  #batch: Batch | null = null;
  #isEnded = false;
  #writings = 0;
  readonly #proposals = latest();

  constructor(page: BulkPage, id: string, windows: Windows, isWritable: boolean) {
    const { bulk, bulkApi, words, main } = page;
    this.#page = page;
    this.#id = id;
    this.#windows = windows;
    const asked = (act: () => ReturnType<typeof bulkApi.try>) => async (): Promise<void> => {
      const answer = await act();
      if (answer.ok) this.#show(answer.got);
      else page.say(bulkTrouble(page, answer), true);
    };
    this.#start = button(
      '',
      'main',
      asked(() => bulkApi.try(id)),
    );
    this.#start.id = 'start';
    this.#stop = button(
      bulk.stop,
      'quiet',
      asked(() => bulkApi.cancel(id)),
    );
    this.#stop.id = 'stop';
    this.#count.setAttribute('role', 'status');
    this.#progress.setAttribute('aria-label', bulk.bulk);
    this.#propose = button(bulk.showChange, 'main', () => this.#proposed());
    this.#propose.id = 'propose';
    this.#shown.setAttribute('role', 'status');
    const note = isWritable ? [] : [element('p', 'note', words.notWritable)];
    this.#saving = panel('say', bulk.save, ...note, this.#chosen, this.#propose, this.#shown);
    const tools = element('div', 'batch-tools', this.#start, this.#stop);
    main.replaceChildren(
      this.#head(),
      element('div', 'trials', panel('say', words.tested, this.#about, this.#progress, this.#count, tools)),
      element('div', 'batch', panel('say', bulk.rowsTitle, this.#rows), this.#saving),
    );
  }

  #head(): HTMLElement {
    const { bulk, bulkApi, words, say } = this.#page;
    const back = element('a', '', words.cameras);
    back.href = withLanguage('/cameras');
    const many = element('a', '', bulk.bulk);
    many.href = withLanguage('/cameras/bulk');
    const end = button(bulk.end, 'quiet', async () => {
      this.#isEnded = true;
      const answer = await bulkApi.end(this.#id);
      if (answer.ok || answer.code === 'gone') return location.assign(withLanguage('/cameras'));
      this.#isEnded = false;
      say(bulkTrouble(this.#page, answer), true);
    });
    const crumbs = element('p', 'crumbs', back, ' › ', many);
    return element('div', 'page-head', element('div', '', crumbs, this.#title), end);
  }

  async follow(): Promise<void> {
    while (document.hidden || this.#isEnded || (await this.#refresh())) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }

  /** False once there is no such batch. An answer from before the last writing is not shown: its lines are written. */
  async #refresh(): Promise<boolean> {
    const writings = this.#writings;
    const answer = await this.#page.bulkApi.batch(this.#id);
    if (this.#isEnded) return true;
    if (!answer.ok) {
      this.#page.say(bulkTrouble(this.#page, answer), true);
      return answer.code !== 'gone';
    }
    if (writings === this.#writings) this.#show(answer.got);
    return true;
  }

  #show(batch: Batch): void {
    const { bulk } = this.#page;
    this.#batch = batch;
    const { recorder, rows } = batch;
    this.#title.textContent = recorder === null ? `${bulk.bulk} · ${bulk.table}` : bulk.recorderTitle(recorder.id);
    renew(this.#about, ...aboutParts(batch, this.#page));
    const isAtWork = batch.state !== 'idle';
    const open = rows.filter(({ state }) => state === 'new').length;
    const failed = rows.filter(({ state }) => ['failed', 'not-tried', 'cancelled'].includes(state)).length;
    const passed = rows.filter(({ state }) => state === 'passed').length;
    this.#progress.max = Math.max(1, rows.length);
    this.#progress.value = passed + failed;
    this.#progress.hidden = rows.length === 0;
    this.#count.textContent = rows.length === 0 ? '' : bulk.progress(passed + failed, rows.length, passed, failed);
    this.#start.hidden = isAtWork || open + failed === 0;
    this.#start.textContent = open > 0 ? bulk.start(open + failed) : bulk.again(failed);
    this.#stop.hidden = batch.state !== 'testing';
    for (const row of rows) {
      const known = this.#cards.get(row.line);
      if (known !== undefined) known.show(row);
      else {
        const isOfRecorder = recorder !== null;
        const chosen = (): void => {
          // What would be written has to be looked at again once something else is chosen, and so has the batch.
          this.#writings++;
          this.#proposals.overtake();
          this.#shown.replaceChildren();
          this.#choice();
        };
        const card = rowCard(row, { page: this.#page, batch: this.#id, windows: this.#windows, isOfRecorder, chosen });
        this.#cards.set(row.line, card);
        this.#rows.append(card.root);
      }
    }
    this.#choice();
  }

  get #lines(): readonly number[] {
    return [...this.#cards].filter(([, { isChosen }]) => isChosen).map(([line]) => line);
  }

  #choice(): void {
    const lines = this.#lines;
    const undrawn = this.#batch?.rows.filter(({ line, seats }) => lines.includes(line) && seats.length === 0) ?? [];
    this.#saving.hidden = this.#batch?.rows.every(({ state }) => state !== 'passed') ?? true;
    this.#propose.disabled = lines.length === 0;
    this.#chosen.textContent = this.#page.bulk.chosen(lines.length, undrawn.length);
  }

  async #proposed(): Promise<void> {
    const { bulkApi, words, isAdmin, say } = this.#page;
    const lines = this.#lines;
    const answer = await this.#proposals.answerTo(bulkApi.propose(this.#id, lines));
    if (answer === null) return;
    if (!answer.ok) return say(bulkTrouble(this.#page, answer), true);
    say('');
    const { isAccepted, diff, base } = answer.got;
    const may = isAccepted && diff !== '' && isAdmin ? [this.#write(lines, base)] : [];
    const needs = isAccepted && !isAdmin ? [element('p', 'note', words.needsAdmin)] : [];
    this.#shown.replaceChildren(...proposalParts(answer.got, words), ...may, ...needs);
  }

  #write(lines: readonly number[], base: string): HTMLButtonElement {
    const { bulk, bulkApi, words, say } = this.#page;
    return button(words.write, 'main', async () => {
      const answer = await bulkApi.save(this.#id, lines, base);
      if (!answer.ok) return say(bulkTrouble(this.#page, answer), true);
      const { notTaken } = answer.got;
      // What is written is no longer among what can be chosen, before anybody is told of it.
      this.#writings++;
      await this.#refresh();
      say(notTaken === null ? bulk.saved(lines.length) : words.notTaken(notTaken), notTaken !== null);
      this.#shown.replaceChildren();
    });
  }
}

/** How a table was read and what of it cannot be; how far asking a recorder has come. */
function aboutParts(
  { recorder, format, notes, problems, rows, state }: Batch,
  { bulk, words }: BulkPage,
): HTMLElement[] {
  const steps = recorder?.steps ?? [];
  const asked = steps.map(({ ok, name, said }) =>
    element('li', ok ? '' : 'step-failed', element('span', 'step-mark', ok ? '✓' : '✗'), ` ${name} ${said}`),
  );
  const failed = recorder?.remedy == null ? [] : [`${bulk.askFailed}${words.comma}${words.remedy(recorder.remedy)}`];
  const isKnown = recorder !== null && rows.length > 0;
  const addresses = !isKnown ? [] : [recorder.template === null ? bulk.noTemplate : bulk.templateIs(recorder.template)];
  const none = state === 'idle' && rows.length === 0 && recorder === null ? [bulk.noRows] : [];
  return [
    ...(state === 'asking' ? [element('p', 'outcome', bulk.asking)] : []),
    ...(asked.length === 0 ? [] : [element('ol', 'batch-asked', ...asked)]),
    ...[...failed, ...none].map((text) => element('p', 'trouble', text)),
    ...[...(format === null ? [] : [bulk.readAs(format)]), ...addresses, ...notes].map((text) =>
      element('p', 'hint', text),
    ),
    ...(problems.length === 0
      ? []
      : [
          element('p', 'trouble', bulk.badRows(problems.length)),
          element(
            'ul',
            'problems',
            ...problems.map(({ line, cell, problem }) => element('li', '', bulk.badRow(line, cell, problem))),
          ),
        ]),
  ];
}
