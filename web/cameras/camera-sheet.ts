/** The acceptance sheet of a camera: what was tested, what was seen, when and by whom, and room for signatures; made to be printed. */
import { element } from '../element.ts';
import { button } from '../form-parts.ts';
import { clockOf } from '../wall-time.ts';
import type { Trial, TrialSeat } from './camera-data.ts';
import type { Page } from './camera-list.ts';
import type { CameraWords } from './camera-strings.ts';
import { checkLines } from './camera-trial.ts';
import { troubleText } from './camera-words.ts';
import { cornersOf } from './seat-shapes.ts';

export function cameraSheet(page: Page, id: string): void {
  const { words, main, api } = page;
  void api.trial(id).then((answer) => {
    if (!answer.ok) return page.say(troubleText(words, answer), true);
    document.title = `${words.sheetTitle} ${answer.got.saved?.camera ?? answer.got.camera ?? ''}`;
    main.replaceChildren(sheetOf(answer.got, page));
  });
}

function sheetOf(trial: Trial, { words, api }: Page): HTMLElement {
  const { saved, camera, address, stream, by, byName, beganAt, pictureAt } = trial;
  const rows: readonly (readonly [string, string])[] = [
    [words.sheetRows.camera, saved?.camera ?? camera ?? words.notDone],
    [words.sheetRows.address, address],
    [words.sheetRows.stream, stream ?? words.notDone],
    [words.sheetRows.by, byName ?? by],
    [words.sheetRows.when, `${beganAt.slice(0, 10)} ${clockOf(beganAt)}`],
    [words.sheetRows.saved, saved === null ? words.notDone : `${clockOf(saved.at)} ${saved.byName ?? saved.by}`],
    [words.sheetRows.version, trial.version],
  ];
  const picture =
    pictureAt === null ? [element('p', '', words.noPicture)] : [pictureOf(trial, pictureAt, api.sheetPicture)];
  return element(
    'article',
    'sheet',
    element(
      'div',
      'page-head sheet-tools',
      button(words.print, 'main', () => print()),
    ),
    element('h1', '', words.sheetTitle),
    element(
      'dl',
      'sheet-about',
      ...rows.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)]),
    ),
    table(
      words.sheetStep,
      trial.steps.map(({ name, ms, ok, said }) => [name, `${(ms / 1000).toFixed(2)} s`, `${ok ? '✓' : '✗'} ${said}`]),
    ),
    ...picture,
    ...trial.seats.map((seat) => seatPart(seat, words)),
    element('div', 'signatures', ...words.signatures.map((who) => element('p', '', who))),
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const cells = (tag: 'td' | 'th', texts: readonly string[]): HTMLElement =>
    element('tr', '', ...texts.map((text) => element(tag, '', text)));
  return element(
    'table',
    '',
    element('thead', '', cells('th', heads)),
    element('tbody', '', ...rows.map((row) => cells('td', row))),
  );
}

const SVG = 'http://www.w3.org/2000/svg';

/** The picture with the seats drawn on it. */
function pictureOf({ id, seats }: Trial, at: string, url: (id: string, at: string) => string): HTMLElement {
  const img = element('img', '');
  img.src = url(id, at);
  img.alt = '';
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 640 360');
  for (const { roi } of seats) {
    const shape = document.createElementNS(SVG, 'polygon');
    const corners = cornersOf(roi).map(([x, y]) => `${x * 640},${y * 360}`);
    shape.setAttribute('points', corners.join(' '));
    svg.append(shape);
  }
  return element('div', 'stage', img, svg);
}

function seatPart(seat: TrialSeat, words: CameraWords): HTMLElement {
  const taught = seat.taught.map(({ at, by, byName }) => element('p', '', words.taughtAt(clockOf(at), byName ?? by)));
  const name =
    seat.windowName === null || seat.windowName === seat.window ? seat.window : `${seat.window} ${seat.windowName}`;
  return element(
    'section',
    'sheet-seat',
    element('h2', '', words.sheetSeat(name)),
    element('p', '', words.known(seat.pictures.given, seat.pictures.learnt)),
    ...taught,
    element(
      'p',
      '',
      `${words.check}${words.comma}${words.sheetResult} `,
      element('b', '', words.checkState(seat.check)),
    ),
    ...checkLines(seat.check, words),
  );
}
