/** Signing in, first administrators, passwords and screens, in a real browser. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { hashPassword } from '../../daemon/access/password.ts';
import { type TestAccess, testAccess } from '../support/access.ts';
import { boardBrowser, card, shown, untilText } from '../support/board-page.ts';
import { handBoard, morning } from '../support/board-source.ts';
import type { TestServer, TestServerOptions } from '../support/http-server.ts';
import { until } from '../support/until.ts';

const { complaints, start, open, blank, context } = boardBrowser();
const GOOD = 'correct horse battery';
const BY = { who: 'command', address: null };
let hash = '';

beforeAll(async () => {
  hash = await hashPassword(GOOD);
});

interface Stage extends TestAccess {
  readonly server: TestServer;
}

/** With a supervisor, sup, who is called what scripts are written with; who sits at W01 and W10 is known. */
async function stage(options: TestServerOptions = {}): Promise<Stage> {
  await context().clearCookies();
  const made = testAccess();
  const script = '<script>document.title="caught"</script>';
  made.access.office.add({ name: 'sup', display: script, roles: ['supervisor'], employee: null, departments: [] }, BY);
  made.access.books.accounts.setHash('sup', hash);
  const holders = new Map([
    ['W01', { employee: 'e001', name: '徐敏', departments: ['gaj'] }],
    ['W10', { employee: 'e002', name: '买买提·阿不都热合曼', departments: ['gaj'] }],
  ]);
  const server = await start({ access: made.access, board: handBoard(morning(24), 1, holders), ...options });
  return { ...made, server };
}

async function visit(url: string, { width = 1366, height = 768, dark = false } = {}): Promise<Page> {
  const page = await blank();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  await page.goto(url);
  await page.locator('#form:not([hidden]), #onward:not([hidden])').first().waitFor();
  return page;
}

/** The browser writes each answer above 399 to its console; what else stands there is a fault. */
const faults = () => complaints().filter((line) => !/^Failed to load resource: .* status of 4(01|10|22|29)/.test(line));

const atBoard = (page: Page) => page.waitForURL(({ pathname }) => pathname === '/');

describe('signing in', () => {
  test('by keyboard alone: wrong, then right, then the board with names, and out again', async () => {
    const { server } = await stage({ settings: { openBoard: false } });
    const page = await visit(`${server.url}/?state=held-a`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(await shown(page.locator('#hall'))).toBe('某县政务服务中心');
    expect(await page.title()).toBe('登录');
    const focused = () => page.evaluate(() => document.activeElement?.id);
    expect(await focused()).toBe('name');
    await page.keyboard.type('sup');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('password');
    await page.keyboard.type('not the right one');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('show');
    await page.keyboard.press('Space');
    expect(await page.locator('#password').getAttribute('type')).toBe('text');
    expect(await page.locator('#show').getAttribute('aria-pressed')).toBe('true');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await untilText(page, '#said', '用户名或密码不对，或账号未启用。');
    expect(await page.locator('#said').getAttribute('role')).toBe('alert');
    expect(await focused()).toBe('password');
    // What was typed is selected: typing replaces it.
    await page.keyboard.type(GOOD);
    await page.keyboard.press('Enter');
    await atBoard(page);
    expect(new URL(page.url()).search).toBe('?state=held-a');
    await page.locator('.card').first().waitFor();
    await untilText(page, '#who', '<script>document.title="caught"</script>');
    expect(await shown(card(page, 'W01').locator('.card-who'))).toBe('徐敏');
    expect(await page.title()).toBe('某县政务服务中心 · 窗口在岗看板');
    await page.locator('#sign-out').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(({ pathname }) => pathname === '/sign-in');
    await page.goto(`${server.url}/`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(faults()).toEqual([]);
  });

  test('waits after several wrong tries, and says for how long', async () => {
    const { server, access } = await stage();
    for (let i = 0; i < 5; i++) await access.gate.signIn({ name: 'sup', password: 'x' }, '127.0.0.1', null);
    const page = await visit(`${server.url}/sign-in?lang=en`);
    await page.fill('#name', 'sup');
    await page.fill('#password', GOOD);
    await page.click('#go');
    await untilText(page, '#said', 'After several wrong tries, wait 5 s before the next.');
    await server.close();
    await page.click('#go');
    await untilText(page, '#said', 'The server cannot be reached; try again later.');
  });

  test('leads back to our own pages only', async () => {
    const { server } = await stage();
    for (const next of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
      '/%2F/evil.example',
    ]) {
      await context().clearCookies();
      const page = await visit(`${server.url}/sign-in?next=${encodeURIComponent(next)}`);
      await page.fill('#name', 'sup');
      await page.fill('#password', GOOD);
      await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.click('#go')]);
      expect([next, new URL(page.url()).origin]).toEqual([next, server.url]);
      await page.close();
    }
  });
});

describe('on a board that is open', () => {
  test('nobody is named before sign-in, and the way in is there', async () => {
    const { server } = await stage();
    const page = await open(`${server.url}/`);
    await untilText(page, '#sign-in', '登录');
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/徐敏|e001|买买提/);
    await page.click('#sign-in');
    await page.locator('#form').waitFor();
    await page.fill('#name', 'sup');
    await page.fill('#password', GOOD);
    await page.click('#go');
    await atBoard(page);
    await untilText(page, '.card[data-window="W10"] .card-who', '买买提·阿不都热合曼');
    expect(complaints()).toEqual([]);
  });

  test('who is signed out elsewhere loses the names, and is asked to sign in', async () => {
    const { server, access } = await stage();
    const page = await visit(`${server.url}/sign-in`);
    await page.fill('#name', 'sup');
    await page.fill('#password', GOOD);
    await page.click('#go');
    await untilText(page, '.card[data-window="W01"] .card-who', '徐敏');
    // The page has been told who is signed in: that is a question of its own.
    await page.locator('#sign-out').waitFor();
    access.office.signOutEverywhere('sup', BY);
    await page.waitForURL(({ pathname }) => pathname === '/sign-in');
    expect(faults()).toEqual([]);
  });
});

describe('one-time links', () => {
  test('make the first administrator, by a form that says what is missing', async () => {
    await context().clearCookies();
    const { access } = testAccess();
    const { url } = await start({ access, settings: { openBoard: false } });
    const link = access.office.inviteFirst() ?? '';
    const page = await visit(`${url}/link#${link}`, { width: 390, height: 844 });
    expect(await shown(page.locator('h1'))).toBe('设置首位管理员');
    await page.fill('#name', '王芳');
    await page.fill('#display', '王芳 主任');
    await page.fill('#password', '1234567890');
    await page.click('#go');
    await untilText(page, '#said', '密码太简单：不要用连续的键，或太少的不同字符。');
    await page.fill('#password', GOOD);
    await page.click('#go');
    await atBoard(page);
    await untilText(page, '#who', '王芳 主任');
    expect(access.books.accounts.all()).toMatchObject([{ name: '王芳', roles: ['admin'], hasPassword: true }]);
    const again = await visit(`${url}/link#${link}`);
    await untilText(again, '#said', /已用过、已过期或不正确/);
    await again.click('#onward-link');
    await atBoard(again);
    expect(faults()).toEqual([]);
  });

  test('set a password; the account’s name is there for the browser that keeps it', async () => {
    const { server, access } = await stage();
    const page = await visit(`${server.url}/link?lang=en#${access.office.invite('sup', BY)}`);
    expect(await shown(page.locator('h1'))).toBe('Set your password');
    expect(await shown(page.locator('#lead'))).toContain('<script>');
    expect(await page.locator('#name').inputValue()).toBe('sup');
    expect(await page.locator('#password').getAttribute('autocomplete')).toBe('new-password');
    await page.fill('#password', 'another good one');
    await page.keyboard.press('Enter');
    await atBoard(page);
    expect((await access.gate.signIn({ name: 'sup', password: 'another good one' }, '192.0.2.1', null)).kind).toBe(
      'in',
    );
  });

  test('make this browser a screen: the board without names or buttons of people, until it is revoked', async () => {
    const { server, access } = await stage({ settings: { openBoard: false } });
    const page = await visit(
      `${server.url}/link#${access.office.addScreen({ name: '一楼大屏', window: null }, BY).secret}`,
    );
    expect(await page.locator('input').count()).toBe(0);
    await page.keyboard.press('Enter');
    await atBoard(page);
    await page.locator('.card').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/徐敏|一楼大屏/);
    for (const part of ['#who', '#sign-in', '#sign-out']) expect(await page.locator(part).isVisible()).toBe(false);
    access.office.revokeScreen(1, BY);
    await page.waitForURL(({ pathname }) => pathname === '/sign-in');
  });
});

describe('on every screen', () => {
  const SIZES = [
    { width: 1920, height: 1080 },
    { width: 390, height: 844 },
  ] as const;

  /** Contrast of what is read, of what is typed into and of edges that say where (WCAG 2.2, 1.4.3 and 1.4.11). */
  const measure = () => {
    const rgb = (text: string) => (text.match(/[\d.]+/g) ?? []).map(Number);
    const lightness = (parts: readonly number[]) => {
      const [r = 0, g = 0, b = 0] = parts.slice(0, 3).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element: Element): readonly number[] => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const parts = rgb(getComputedStyle(at).backgroundColor);
        if (parts[3] !== 0) return parts;
      }
      return [255, 255, 255];
    };
    const ratio = (one: readonly number[], other: readonly number[]) => {
      const [dark = 0, light = 0] = [lightness(one), lightness(other)].sort((a, b) => a - b);
      return (light + 0.05) / (dark + 0.05);
    };
    const visible = (element: Element) => element.getClientRects().length > 0;
    const texts = [...document.querySelectorAll('body *')].filter(
      (element) =>
        visible(element) &&
        [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ''),
    );
    const fields = [...document.querySelectorAll('input, .show')].filter(visible);
    const controls = [...document.querySelectorAll<HTMLElement>('input, button, a')].filter(visible);
    return {
      sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      faint: texts
        .filter((text) => ratio(rgb(getComputedStyle(text).color), ground(text)) < 4.5)
        .map((text) => text.textContent),
      edges: fields
        .filter((field) => ratio(rgb(getComputedStyle(field).borderTopColor), ground(field.parentElement ?? field)) < 3)
        .map((field) => field.id),
      small: controls
        .filter((control) => control.getBoundingClientRect().height < (innerWidth < 560 ? 44 : 36))
        .map((one) => one.id),
      nameless: controls
        .filter((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim() === '')
        .filter(
          (one) =>
            !(one instanceof HTMLInputElement && [...(one.labels ?? [])].some((label) => label.textContent !== '')),
        )
        .map((one) => one.id),
      lang: document.documentElement.lang,
      headings: document.querySelectorAll('h1').length,
      ids: [...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, i, all) => all.indexOf(id) !== i),
    };
  };

  test.each(
    SIZES.flatMap((size) => [false, true].flatMap((dark) => ['zh', 'en'].map((lang) => ({ size, dark, lang })))),
  )('$size.width, dark $dark, $lang: read, pressed and named without trouble', async ({ size, dark, lang }) => {
    const { server, access } = await stage();
    const empty = testAccess();
    const first = await start({ access: empty.access });
    const addresses = [
      `${server.url}/sign-in?lang=${lang}`,
      `${server.url}/link?lang=${lang}#${access.office.invite('sup', BY)}`,
      `${server.url}/link?lang=${lang}#${access.office.addScreen({ name: 'wall', window: null }, BY).secret}`,
      `${server.url}/link?lang=${lang}#gone`,
      `${first.url}/link?lang=${lang}#${empty.access.office.inviteFirst()}`,
    ];
    for (const address of addresses) {
      const page = await visit(address, { ...size, dark });
      if (address === addresses[0]) {
        await page.fill('#name', 'sup');
        await page.fill('#password', 'x');
        await page.click('#go');
        await page.locator('#said:not(:empty)').waitFor();
      }
      const seen = await page.evaluate(measure);
      const fine = { sideways: 0, faint: [], edges: [], small: [], nameless: [], headings: 1, ids: [] };
      expect([address, seen]).toEqual([address, { ...fine, lang: lang === 'zh' ? 'zh-CN' : 'en-GB' }]);
      await page.close();
    }
    expect(faults()).toEqual([]);
  });

  test.each(SIZES)('$width: the head of the board holds who is signed in, however long the name', async (size) => {
    const { server, access } = await stage();
    access.office.change('sup', { display: '买买提·阿不都热合曼·很长很长很长很长的名字' }, BY);
    const page = await visit(`${server.url}/sign-in?lang=en`, size);
    await page.fill('#name', 'sup');
    await page.fill('#password', GOOD);
    await page.click('#go');
    await untilText(page, '#who', /^买买提/);
    const sideways = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await until(async () => (await page.locator('.card').count()) === 24, { what: 'the cards' });
    expect(await sideways()).toBe(0);
    const buttons = await page
      .locator('.tools .tool:visible')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right <= innerWidth));
    expect(buttons.length).toBeGreaterThan(2);
    expect(buttons).not.toContain(false);
  });
});
