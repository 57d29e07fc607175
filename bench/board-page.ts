/** How soon a punch is seen on a page that lies open in a browser, beside the barest page there is. */
import { connectAsync } from 'mqtt';
import type { Page } from 'playwright-core';
import { SECOND } from '../rules/time.ts';
import { openChromium } from '../test/support/chromium.ts';
import { until } from '../test/support/until.ts';
import { BARE_TOPIC } from './bare-board.ts';
import { epochNow, Stage, WINDOWS } from './board-stage.ts';
import { WrongOutput } from './check.ts';
import { credentialOf, windowId } from './hall.ts';

/** Milliseconds, one for each window and morning. */
export interface PageDelays {
  /** From published to received by a subscriber. */
  readonly mqtt: readonly number[];
  /** The same, and through a bare event stream onto a page. */
  readonly bare: readonly number[];
  /** Through the daemon onto the board. */
  readonly board: readonly number[];
}

const PATIENCE_MS = 60 * SECOND;
/** How far clocks of two processes may be apart before nothing is measured between them. */
const CLOCKS_APART_MS = 3;

/** What a window is before anybody has come: nobody is there, or that begins to count. */
const OPEN = '#cards > :is([data-state="empty"], [data-state="counting"])';

type Instants = ReadonlyMap<string, number>;

/** Each with a daemon, a bare server and a browser of its own. */
export async function mornings(count: number): Promise<PageDelays> {
  const all: PageDelays[] = [];
  while (all.length < count) all.push(await morning());
  return {
    mqtt: all.flatMap(({ mqtt }) => mqtt),
    bare: all.flatMap(({ bare }) => bare),
    board: all.flatMap(({ board }) => board),
  };
}

/** Publishes a message of each kind in turn, one for each window, while two pages of one browser lie open. */
async function morning(): Promise<PageDelays> {
  await using opened = new AsyncDisposableStack();
  const stage = opened.use(await Stage.open());
  const browser = await openChromium();
  opened.defer(() => browser.close());
  const bare = await watched(await browser.context.newPage(), stage.bareUrl, 0);
  const board = await watched(await browser.context.newPage(), stage.boardUrl, WINDOWS);
  await stage.othersCome();
  const received = new Map<string, number>();
  const subscriber = await connectAsync(stage.broker.url, { clientId: 'bare-subscriber', protocolVersion: 4 });
  opened.defer(() => subscriber.endAsync());
  subscriber.on('message', (_, payload) => {
    const at = epochNow();
    received.set((JSON.parse(payload.toString()) as { credential: string }).credential, at);
  });
  await subscriber.subscribeAsync(`${BARE_TOPIC}/#`, { qos: 1 });
  const [bareSent, boardSent] = [new Map<string, number>(), new Map<string, number>()];
  for (let w = 0; w < WINDOWS; w++) {
    await stage.pause();
    bareSent.set(credentialOf(w), stage.bare(w));
    await stage.pause();
    boardSent.set(windowId(w), stage.punch(w));
  }
  const delays = {
    bare: delaysOf(bareSent, await seenOn(bare, bareSent)),
    board: delaysOf(boardSent, await seenOn(board, boardSent)),
    mqtt: delaysOf(bareSent, received),
  };
  stage.daemon.mustRun();
  return delays;
}

/** Notes on the page itself when a card first says that its window is held. */
async function watched(page: Page, url: string, cards: number): Promise<Page> {
  await page.goto(url);
  await until(async () => (await page.locator(OPEN).count()) === cards, {
    timeoutMs: PATIENCE_MS,
    what: `${cards} windows that nobody holds yet`,
  });
  const now = await page.evaluate(() => {
    const seen: Record<string, number> = {};
    Object.assign(window, { seen });
    const look = (): void => {
      const at = performance.timeOrigin + performance.now();
      for (const card of document.querySelectorAll<HTMLElement>('#cards > [data-state="held-a"]')) {
        const { window: id = '' } = card.dataset;
        seen[id] ??= at;
      }
    };
    const what = { attributes: true, attributeFilter: ['data-state'], childList: true, subtree: true };
    new MutationObserver(look).observe(document.getElementById('cards') as HTMLElement, what);
    return performance.timeOrigin + performance.now();
  });
  const apartMs = epochNow() - now;
  // What lies between is the answer on its way here.
  if (apartMs < -CLOCKS_APART_MS) throw new WrongOutput(`the clock of the browser is ${-apartMs} ms ahead of ours`);
  return page;
}

async function seenOn(page: Page, sent: Instants): Promise<Instants> {
  const read = (): Promise<Record<string, number>> =>
    page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
  const all = async (): Promise<Instants | null> => {
    const seen = new Map(Object.entries(await read()));
    return [...sent.keys()].every((about) => seen.has(about)) ? seen : null;
  };
  return await until(all, { timeoutMs: PATIENCE_MS, what: `${sent.size} changes on the page` });
}

function delaysOf(sent: Instants, seen: Instants): number[] {
  return [...sent].map(([about, at]) => {
    const tookMs = (seen.get(about) ?? Number.NaN) - at;
    if (!(tookMs > -CLOCKS_APART_MS)) throw new WrongOutput(`${about} was seen ${tookMs} ms after it was published`);
    return tookMs;
  });
}
