/** The acceptance sheet of a clock: what it is, how it is, a touch that was seen, who accepted it, and room for signatures; made to be printed. */
import { refusalText } from '../asked.ts';
import { element } from '../element.ts';
import { waitWith } from '../waiting-button.ts';
import type { Acceptance, TouchTest } from './clock-api.ts';
import type { ClockPage } from './clock-people.ts';
import type { Device, Fault } from './device-api.ts';
import type { DeviceStrings } from './device-strings.ts';

export interface SheetPage extends ClockPage {
  readonly devices: DeviceStrings;
  /** Whether whoever looks may test and accept. */
  readonly mayAccept: boolean;
  device(): Promise<(Device & { readonly history: readonly Fault[] }) | null>;
}

/** How often a test that waits is looked at. */
const LOOK_MS = 1000;

export async function clockSheet(page: SheetPage): Promise<void> {
  const [device, answer] = await Promise.all([page.device(), page.api.acceptance()]);
  if (device === null) return;
  if (!answer.ok) return page.say(refusalText(answer), true);
  document.title = `${page.words.sheetTitle} ${page.clock}`;
  page.main.replaceChildren(sheetOf(page, device, answer.got));
  if (answer.got.test?.state === 'waiting' || answer.got.test?.state === 'other-time') watch(page, answer.got.test);
}

let watched: string | null = null;

/** Until it is over; whoever begins another test is watched instead. */
function watch(page: SheetPage, { beganAt }: TouchTest): void {
  if (watched === beganAt) return;
  watched = beganAt;
  const look = async (): Promise<void> => {
    if (watched !== beganAt) return;
    const answer = await page.api.acceptance();
    const line = document.getElementById('touch');
    if (answer.ok && line !== null && answer.got.test !== null) {
      line.textContent = touchOf(page, answer.got.test);
      line.dataset['state'] = answer.got.test.state;
      if (answer.got.test.state === 'seen' || answer.got.test.state === 'none') {
        watched = null;
        return await clockSheet(page);
      }
    }
    setTimeout(() => void look(), LOOK_MS);
  };
  setTimeout(() => void look(), LOOK_MS);
}

function sheetOf(
  page: SheetPage,
  device: Device & { readonly history: readonly Fault[] },
  sheet: Acceptance,
): HTMLElement {
  const { words } = page;
  const rows = rowsOf(page, device, sheet);
  const print = button('print', words.print, () => globalThis.print());
  return element(
    'article',
    'sheet',
    element('div', 'page-head sheet-tools', print),
    element('h1', '', words.sheetTitle),
    element(
      'dl',
      'sheet-about',
      ...rows.flatMap(([name, value]) => [element('dt', '', name), element('dd', '', value)]),
    ),
    ...testPart(page, sheet),
    ...acceptPart(page, sheet),
    element('div', 'signatures', ...words.signatures.map((who) => element('p', '', who))),
  );
}

function rowsOf(
  { words, devices }: SheetPage,
  device: Device & { readonly history: readonly Fault[] },
  { version }: Acceptance,
): readonly (readonly [string, string])[] {
  const { about, offsetMs, measuredAt, faults, history } = device;
  const make = device.make === null ? devices.notConfigured : (devices.makes[device.make] ?? device.make);
  const offset = offsetMs === null ? devices.clockUnknown : devices.clockOff(offsetMs / 1000);
  const gap = history.find(({ code }) => code === 'gap' || code === 'missing' || code === 'offline');
  const fill = [about['backfill'], about['log'], about['search']].filter((text) => text !== undefined);
  const said = (text: string | undefined): string => text ?? words.unknown;
  return [
    [words.rows.clock, device.device],
    [words.rows.make, make],
    [words.rows.kind, device.kind === null ? '' : devices.kinds[device.kind]],
    [words.rows.state, devices.states[device.state]],
    [words.rows.address, said(about['address'] ?? device.address ?? undefined)],
    [words.rows.serial, said(about['serial'] ?? about['serialNumber'])],
    [words.rows.model, said(about['model'] ?? about['deviceType'])],
    [words.rows.firmware, said(about['firmware'] ?? about['firmwareVersion'])],
    [words.rows.offset, measuredAt === null ? offset : `${offset}${words.measured(minuteOf(measuredAt))}`],
    [words.rows.heard, device.heardAt === null ? devices.never : minuteOf(device.heardAt)],
    [words.rows.counts, words.countsText(device.taken, device.says, device.repeated, device.setAside)],
    [words.rows.gap, gap === undefined ? words.noGap : gapText(gap, words)],
    [words.rows.backfill, fill.length === 0 ? words.unknown : fill.join(' · ')],
    [words.rows.faults, faults.length === 0 ? words.noFaults : faults.map(({ text }) => text).join(' ')],
    [words.rows.version, version],
  ];
}

const gapText = ({ text, since, until }: Fault, words: SheetPage['words']): string =>
  words.gapText(text, minuteOf(since), until === null ? null : minuteOf(until));

function testPart(page: SheetPage, { test }: Acceptance): HTMLElement[] {
  const { words, api } = page;
  const line = element('p', 'sheet-touch', test === null ? words.notTested : touchOf(page, test));
  line.id = 'touch';
  line.setAttribute('role', 'status');
  line.dataset['state'] = test?.state ?? 'untested';
  const begin = button('begin', test === null ? words.begin : words.again, async () => {
    const answer = await api.test();
    if (!answer.ok) return page.say(refusalText(answer), true);
    await clockSheet(page);
  });
  return [
    element('h2', '', words.test),
    ...(page.mayAccept ? [element('p', 'hint sheet-tools', words.testMeans)] : []),
    line,
    ...(page.mayAccept ? [element('div', 'my-deeds sheet-tools', begin)] : []),
  ];
}

function touchOf({ words }: SheetPage, test: TouchTest): string {
  const seconds = (ms: number | null): string => ((ms ?? 0) / 1000).toFixed(1);
  const lag =
    test.cameAt === null || test.touchedAt === null ? 0 : Date.parse(test.cameAt) - Date.parse(test.touchedAt);
  const touched = test.touchedAt === null ? '' : `${test.touchedAt.slice(0, 10)} ${test.touchedAt.slice(11, 19)}`;
  return words.touchText(test, seconds(test.afterMs), seconds(lag), touched);
}

function acceptPart(page: SheetPage, { accepted }: Acceptance): HTMLElement[] {
  const { words, api } = page;
  const text =
    accepted === null ? words.notAccepted : words.acceptedBy(accepted.byName ?? accepted.by, minuteOf(accepted.at));
  const accept = button('accept', words.accept, async () => {
    const answer = await api.accept();
    if (!answer.ok) return page.say(refusalText(answer), true);
    await clockSheet(page);
  });
  const line = element('p', '', text);
  line.id = 'accepted';
  return [
    element('h2', '', words.acceptance),
    line,
    ...(page.mayAccept
      ? [element('p', 'hint sheet-tools', words.acceptMeans), element('div', 'my-deeds sheet-tools', accept)]
      : []),
  ];
}

function button(id: string, text: string, press: () => unknown): HTMLButtonElement {
  const made = element('button', 'button', text);
  made.type = 'button';
  made.id = id;
  made.addEventListener('click', () => waitWith(made, press));
  return made;
}

/** `2026-11-22 09:05` of an instant in the hall's offset. */
const minuteOf = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`;
