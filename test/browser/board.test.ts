import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { BoardSnapshot } from '../../daemon/board/board.ts';
import type { Snapshot } from '../../web/snapshot.ts';
import { boardBrowser, card, complete, NOW, shown, untilText } from '../support/board-page.ts';
import { handBoard, morning } from '../support/board-source.ts';
import { mutableProxy } from '../support/mutable-proxy.ts';
import { until } from '../support/until.ts';

const { complaints, start, open, blank } = boardBrowser();

/** The page has its own picture of the snapshot; this compiles as long as both pictures agree. */
const asThePageReadsIt = (snapshot: BoardSnapshot): Snapshot => snapshot;
const asTheDaemonSendsIt = (snapshot: Snapshot): BoardSnapshot => snapshot;

const linkBanner = (page: Page) => page.locator('[data-banner="link"]');

describe('what the page shows', () => {
  test('each window with its department, its state in word and sign, since when, and its day', async () => {
    const board = handBoard(asTheDaemonSendsIt(asThePageReadsIt(morning(24))));
    const page = await open((await start({ board })).url);
    await complete(page);
    expect(await shown(page.locator('h1'))).toBe('某县政务服务中心 · 窗口在岗看板');
    expect(await shown(page.locator('.day'))).toBe('2026年11月20日 星期五 服务时间 08:30–17:00');
    expect(await page.locator('.card').count()).toBe(24);
    const text = async (id: string) => (await shown(card(page, id))).split('\n').map((line) => line.trim());
    // The clock runs on from 10:21:36 while the page is being read.
    const [counted, gone] = [expect.stringMatching(/^06:1[2-5]$/), expect.stringMatching(/^16:3[6-9]$/)];
    expect(await text('W01')).toEqual(['W01', '出入境', '公安局', '在岗', '08:30 起']);
    expect(await text('W10')).toEqual(['W10', '取水许可', '农业农村局', '离岗计时', counted, '10:15 起', '限 15 分钟']);
    expect(await text('W19')).toEqual(['W19', '社保经办', '水利局', '无人', gone, '10:05 起']);
    expect((await text('W06'))[3]).toBe('未知');
    expect(await card(page, 'W19').locator('.strip').getAttribute('aria-label')).toBe(
      '今日：在岗 1 小时 20 分，离岗计时 15 分，无人 16 分 36 秒',
    );
    expect(await page.locator('.card svg').count()).toBe(24);
    expect(await page.locator('.tile').allInnerTexts()).toEqual([
      '在岗\n17',
      'B岗顶岗\n1',
      '临时顶岗\n1',
      '离岗计时\n1',
      '无人\n1',
      '暂停\n1',
      '未知\n1',
      '非服务\n1',
    ]);
    expect(complaints()).toEqual([]);
  });

  test('a stretch of the strip lies where its time lies', async () => {
    const page = await open((await start()).url);
    const strip = card(page, 'W19').locator('.strip');
    const whole = await strip.boundingBox();
    const empty = await strip.locator('[data-state="empty"]').boundingBox();
    if (whole === null || empty === null) return expect.fail('no strip');
    // 08:30–17:00 is 510 minutes; empty from 10:05 (95) to 10:21:36 (111.6).
    expect((empty.x - whole.x) / whole.width).toBeCloseTo(95 / 510, 2);
    expect((empty.x + empty.width - whole.x) / whole.width).toBeCloseTo(111.6 / 510, 2);
    return undefined;
  });

  test('the same in English, by the address or by the browser', async () => {
    const { url } = await start();
    const page = await open(`${url}/?lang=en`);
    expect(await shown(page.locator('.day'))).toBe('20 November 2026 Friday Open 08:30–17:00');
    expect(await page.locator('html').getAttribute('lang')).toBe('en-GB');
    expect((await shown(card(page, 'W10'))).split('\n').slice(3)).toEqual([
      'Away',
      expect.stringMatching(/^06:1[2-5]$/),
      'since 10:15',
      'limit 15 min',
    ]);
    await page.locator('#language').click();
    await page.locator('.card').first().waitFor();
    expect(await shown(card(page, 'W10').locator('.chip'))).toBe('离岗计时');
  });

  test('a state that it does not know as unknown, and an empty hall as empty', async () => {
    const board = handBoard(morning(2));
    const page = await open((await start({ board })).url);
    board.changeWindow('W01', JSON.parse('{"state":"on-the-moon"}'));
    await untilText(page, '.card[data-window="W01"] .chip', '未知');
    board.change({ windows: [], service: null });
    await untilText(page, '#nothing', '此大厅还没有窗口。');
    expect(await shown(page.locator('#service'))).toBe('今日不对外服务');
    expect(complaints()).toEqual([]);
  });

  test('names nobody', async () => {
    const holders = new Map([['W01', { employee: 'e001', name: '徐敏', departments: ['gaj'] }]]);
    const { url } = await start({ board: handBoard(morning(24), 1, holders) });
    const page = await open(url);
    const said = await page.evaluate(() => document.documentElement.outerHTML);
    const keys = new Set<string>();
    JSON.parse(await (await fetch(`${url}/api/v1/windows`)).text(), (key, value: unknown) => {
      keys.add(key);
      return value;
    });
    expect([...keys].filter((key) => /employee|person|holder|user|phone/i.test(key))).toEqual([]);
    expect(said).not.toMatch(/employee|holder|e001|徐敏/i);
  });
});

describe('live', () => {
  test('changes arrive by themselves, in place, and 无人 is said aloud', async () => {
    const { url, board } = await start();
    const page = await open(url);
    await page.evaluate(() =>
      Object.assign(document.querySelector('.card[data-window="W03"]') ?? {}, { mark: 'same' }),
    );
    expect(await page.locator('#announcements').getAttribute('aria-live')).toBe('polite');
    expect(await shown(page.locator('#announcements'))).toBe('');
    board.changeWindow('W03', {
      state: 'counting',
      since: '2026-11-20T10:20:00+08:00',
      limitAt: '2026-11-20T10:35:00+08:00',
    });
    await untilText(page, '.card[data-window="W03"] .chip', '离岗计时');
    board.changeWindow('W03', { state: 'empty', since: '2026-11-20T10:20:00+08:00', limitAt: null });
    await untilText(page, '.card[data-window="W03"] .card-timer', /^01:3\d$/);
    await untilText(page, '#announcements', 'W03 自然资源局 施工许可 无人，10:20 起');
    await untilText(page, '.tile[data-state="empty"] .tile-count', '2');
    const same = await page.evaluate(() => {
      const found = document.querySelector('.card[data-window="W03"]');
      return found !== null && 'mark' in found;
    });
    expect(same).toBe(true);
    board.change({
      windows: board
        .snapshot()
        .snapshot.windows.filter(({ id }) => id !== 'W03')
        .reverse(),
    });
    await until(async () => (await page.locator('.card').count()) === 23, { what: 'the card to go' });
    expect(await page.locator('.card').first().getAttribute('data-window')).toBe('W24');
  });

  test('clock and timers run between snapshots', async () => {
    let now = NOW;
    const server = await start({ now: () => now, heartbeatMs: 60_000 });
    const page = await open(server.url);
    await untilText(page, '#clock', /^10:21:3[89]$/);
    await untilText(page, '.card[data-window="W10"] .card-timer', /^06:1[4-9]$/);
    // The data's clock says otherwise: a jump is followed.
    now += 3_600_000;
    server.board.change({ warnings: [] });
    await untilText(page, '#clock', /^11:21:3\d$/);
  });

  test('warnings stand above the windows until they go', async () => {
    const { url, board } = await start({ board: handBoard({ ...morning(24), warnings: ['考勤机 clock-2 已离线'] }) });
    const page = await open(url);
    await untilText(page, '[data-banner="warnings"]', '考勤机 clock-2 已离线');
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(1080);
    const english = await open(`${url}/?lang=en`);
    await untilText(english, '[data-banner="warnings"]', 'en: 考勤机 clock-2 已离线');
    board.change({ warnings: [] });
    await page.locator('[data-banner="warnings"]').waitFor({ state: 'hidden' });
  });
});

describe('when the link is lost', () => {
  test('the page says how old its data are, stands still, and recovers by itself with the newest', async () => {
    const first = await start();
    const page = await open(first.url);
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    await complete(page);
    expect(await linkBanner(page).isHidden()).toBe(true);
    await first.close();
    await untilText(page, '[data-banner="link"]', /^数据截至 10:21，正在重连…\s*已中断 \d+ 秒$/);
    const held = await shown(card(page, 'W10').locator('.card-timer'));
    const lostFor = await shown(linkBanner(page));
    await until(async () => (await shown(linkBanner(page))) !== lostFor, { what: 'the age to grow' });
    expect(await shown(card(page, 'W10').locator('.card-timer'))).toBe(held);
    // Another process: its ids start again, and by chance it is at the same one.
    const board = handBoard({ ...morning(24), warnings: ['刚刚重启'] });
    await start({ port: first.port, board });
    await linkBanner(page).waitFor({ state: 'hidden' });
    await untilText(page, '[data-banner="warnings"]', '刚刚重启');
    board.changeWindow('W02', { state: 'paused' });
    await untilText(page, '.card[data-window="W02"] .chip', '暂停');
    expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);
    expect(complaints().filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  });

  test('a link that goes silent without ending is noticed, and a new one opened', async () => {
    const server = await start();
    const proxy = await mutableProxy(server.port);
    const page = await open(`http://127.0.0.1:${proxy.port}`);
    await complete(page);
    proxy.mute();
    await linkBanner(page).waitFor();
    server.board.changeWindow('W02', { state: 'paused' });
    proxy.letNewOnesThrough();
    await untilText(page, '.card[data-window="W02"] .chip', '暂停');
    await linkBanner(page).waitFor({ state: 'hidden' });
    await page.close();
    await proxy.close();
  });

  test('an answer that is no stream does not stop it for good', async () => {
    const full = await start({ maxStreams: 0 });
    const page = await blank();
    await page.goto(full.url);
    await untilText(page, '[data-banner="link"]', '正在连接…');
    await until(() => complaints().some((text) => text.includes('503')), { what: 'the refusal' });
    await full.close();
    await start({ port: full.port });
    await page.locator('.card').first().waitFor();
    await linkBanner(page).waitFor({ state: 'hidden' });
  });
});
