/** The first step of adding many cameras: a table of them, or a recorder. */
import type { Answer } from '../asked.ts';
import { element } from '../element.ts';
import { button, field, textInput } from '../form-parts.ts';
import { withLanguage } from '../page-address.ts';
import { panel } from '../panel.ts';
import type { Batch } from './bulk-data.ts';
import { type BulkPage, bulkTrouble } from './bulk-page.ts';
import type { RecorderKind } from './bulk-strings.ts';

/** Where a maker's recorders have the sub-stream of a channel; their sources are in docs/devices/recorders.md. */
const PATHS = {
  hikvision: '/Streaming/Channels/{n}02',
  dahua: '/cam/realmonitor?channel={n}&subtype=1',
} as const;

export function bulkStart(page: BulkPage): void {
  const { words, bulk, main } = page;
  const back = element('a', '', words.cameras);
  back.href = withLanguage('/cameras');
  const under = element('div', 'trials');
  main.replaceChildren(
    element('div', 'page-head', element('div', '', element('p', 'crumbs', back), element('h1', '', bulk.bulk))),
    under,
    element('div', 'finder', fromTable(page), recorder(page)),
  );
  void page.bulkApi.list().then((answer) => {
    if (!answer.ok || answer.got.batches.length === 0) return;
    under.replaceChildren(panel('say', bulk.underWay, element('ul', 'plain', ...batchLinks(answer.got.batches, page))));
  });
}

export function batchLinks(batches: readonly Batch[], { bulk }: Pick<BulkPage, 'bulk'>): HTMLElement[] {
  return batches.map((batch) => {
    const link = element('a', '', bulk.goOn);
    link.href = withLanguage(`/cameras/batches/${encodeURIComponent(batch.id)}`);
    const what = batch.recorder === null ? bulk.table : bulk.recorderTitle(batch.recorder.id);
    return element('li', '', `${what} · ${bulk.rowsOf(batch.rows.length)} · ${batch.byName ?? batch.by} `, link);
  });
}

function follow(page: BulkPage, answer: Answer<Batch>): void {
  if (answer.ok) location.assign(withLanguage(`/cameras/batches/${encodeURIComponent(answer.got.id)}`));
  else page.say(bulkTrouble(page, answer), true);
}

function fromTable(page: BulkPage): HTMLElement {
  const { bulk, bulkApi, say } = page;
  const file = element('input', '');
  file.type = 'file';
  file.name = 'table';
  file.accept = '.csv,.txt,.xlsx';
  const sheet = textInput();
  sheet.name = 'sheet';
  const read = button(bulk.read, 'main', async () => {
    const chosen = file.files?.[0];
    if (chosen === undefined) return say(bulk.chooseFile, true);
    say(bulk.reading);
    follow(page, await bulkApi.read(chosen, sheet.value.trim()));
  });
  read.id = 'read';
  const form = element('div', 'finder-form', field(bulk.file, file, bulk.tableColumns), field(bulk.sheet, sheet), read);
  return panel('say', bulk.fromTable, element('p', 'hint batch-hint', bulk.tableHint), form);
}

function recorder(page: BulkPage): HTMLElement {
  const { bulk, bulkApi } = page;
  const input = (name: string, value = '', type = 'text'): HTMLInputElement => {
    const made = textInput(value, type);
    made.name = name;
    return made;
  };
  const id = input('recorder', 'nvr-1');
  const kind = element(
    'select',
    '',
    ...Object.entries(bulk.kinds).map(([value, label]) => {
      const option = element('option', '', label);
      option.value = value;
      return option;
    }),
  );
  kind.name = 'kind';
  const [host, template, user, password] = [
    input('host'),
    input('template'),
    input('user'),
    input('password', '', 'password'),
  ];
  host.placeholder = '192.168.1.30';
  template.placeholder = 'rtsp://192.168.1.30/live/{n}/1';
  // A browser's own passwords are those of people, not of recorders.
  password.autocomplete = 'new-password';
  const channels = input('channels', '1-8');
  const hostField = field(bulk.host, host);
  const templateField = field(bulk.template, template, bulk.templateHint);
  const channelsField = field(bulk.channels, channels, bulk.channelsHint);
  const show = (): void => {
    hostField.hidden = kind.value === 'own';
    templateField.hidden = kind.value !== 'own';
    channelsField.hidden = kind.value === 'onvif';
  };
  kind.addEventListener('change', show);
  show();
  const ask = button(bulk.ask, 'main', async () => {
    const source = sourceOf(kind.value as RecorderKind, host.value.trim(), template.value.trim());
    const wish = { id: id.value.trim(), source, user: user.value, password: password.value, channels: channels.value };
    follow(page, await bulkApi.recorder(wish));
  });
  ask.id = 'ask';
  const form = element(
    'form',
    'finder-form',
    field(bulk.recorderId, id),
    field(bulk.kind, kind),
    hostField,
    templateField,
    channelsField,
    element('div', 'fields', field(bulk.user, user), field(bulk.password, password)),
    element('p', 'hint', bulk.askOnce),
    ask,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask.click();
  });
  return panel('say', bulk.recorder, element('p', 'hint batch-hint', bulk.recorderHint), form);
}

function sourceOf(kind: RecorderKind, host: string, template: string): string {
  if (kind === 'own') return template;
  return kind === 'onvif' ? `onvif://${host.replace(/^onvif:\/\//, '')}` : `rtsp://${host}${PATHS[kind]}`;
}
