/** Setting devices up while answers come late: what is written is what was shown, and nothing of what somebody draws or writes is lost. */
import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { casePeople, signIn } from '../support/case-browser.ts';
import { holdAnswer, shown } from '../support/held-answer.ts';
import { until } from '../support/until.ts';

const people = casePeople();

/** Who may do all of it; the answers about devices are the test's own. */
async function opened(path: string): Promise<Page> {
  const hall = await people.friday();
  await hall.account('root', '王芳', ['admin', 'installer']);
  return signIn(hall, people.one, 'root', path);
}

const says = (route: Route, json: object) => route.fulfill({ json });
const PROPOSAL = { base: 'b1', diff: '+  - { id: cam-1 }', isAccepted: true, problems: [] };
const SAID = { by: 'user:root', byName: '王芳', beganAt: '2026-11-20T10:31:00+08:00' };
const LIST = {
  windows: ['W01', 'W02', 'W03'].map((id) => ({ id, name: id })),
  ...{ ffmpeg: true, writable: true, personModel: null, cameras: [], trials: [] },
};

test('a seat that is drawn on while it is applied is not taken for applied, and no other one is written', async () => {
  const { context } = people.one;
  const seatOf = (roi: readonly number[]) => ({
    ...{ window: 'W01', windowName: 'W01', roi, state: 'unknown', doubt: null, votes: [] },
    ...{ pictures: { given: 0, learnt: 0 }, taught: [], check: null },
  });
  const trial = {
    ...{ id: 't1', camera: null, version: '0', state: 'watching', address: 'rtsp://camera', stream: null, steps: [] },
    ...{ ...SAID, remedy: null, loss: null, pictureAt: null, picture: null, proposed: [], saved: null },
    seats: [seatOf([0.1, 0.1, 0.3, 0.3])],
  };
  await context.route('**/api/v1/cameras?*', (route) => says(route, LIST));
  await context.route('**/api/v1/camera-trials/t1?*', (route) => says(route, trial));
  let [applying, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  applying.resolve();
  await context.route('**/api/v1/camera-trials/t1/seats?*', async (route) => {
    const { seats } = route.request().postDataJSON() as { seats: { roi: number[] }[] };
    asked.resolve();
    await applying.promise;
    trial.seats = seats.map(({ roi }) => seatOf(roi));
    await says(route, trial);
  });
  await context.route('**/api/v1/camera-trials/t1/proposal?*', (route) => says(route, PROPOSAL));
  const page = await opened('/cameras/trials/t1');
  const left = page.getByLabel('左 %', { exact: true });
  await left.fill('20');
  [applying, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await page.locator('#apply').click();
  await asked.promise;
  await left.fill('40');
  applying.resolve();
  await page.getByText('已应用').waitFor();
  await until(() => page.locator('#apply').isEnabled(), { what: 'what was drawn since to be left to apply' });
  await page.locator('[name=id]').fill('cam-1');
  await page.locator('#propose').click();
  const write = page.getByRole('button', { name: '写入并生效' });
  await write.waitFor();
  expect(trial.seats[0]?.roi[0]).toBeCloseTo(0.4);
  await left.fill('50');
  expect(await write.count()).toBe(0);
  await context.unrouteAll({ behavior: 'wait' });
});

test('a seat is taught by the window that it has, also after the seats have changed places', async () => {
  const { context } = people.one;
  const seatOf = (window: string) => ({
    ...{ window, windowName: window, roi: [0.1, 0.1, 0.3, 0.3], state: 'unknown', doubt: null, votes: [] },
    ...{ pictures: { given: 0, learnt: 0 }, atBreak: null },
  });
  const camera = {
    ...{ id: 'cam-1', read: true, address: 'camera', state: 'live', loss: null, retryMs: null, quality: null },
    ...{ frames: null, lastFrameAt: null, intervalMs: null, reconnects: null, stalls: null, witness: null },
    ...{ pictureAt: null, picture: null, survey: null, seats: [seatOf('W01'), seatOf('W02')] },
  };
  await context.route('**/api/v1/cameras?*', (route) => says(route, { ...LIST, cameras: [camera] }));
  const taught = Promise.withResolvers<unknown>();
  await context.route('**/api/v1/cameras/cam-1/empty?*', (route) => {
    taught.resolve(route.request().postDataJSON());
    return says(route, { seats: [{ seat: 1, window: 'W01', outcome: 'learnt' }] });
  });
  const page = await opened('/cameras');
  await page.locator('[data-teach="W01"]').waitFor();
  camera.seats.reverse();
  await page.locator('[data-teach]').first().and(page.locator('[data-teach="W02"]')).waitFor();
  await page.locator('[data-teach="W01"]').click();
  expect(await taught.promise).toEqual({ seats: [1] });
  await context.unrouteAll({ behavior: 'wait' });
});

test('a camera that was found can be chosen while others are being found', async () => {
  const { context } = people.one;
  let asked = 0;
  await context.route('**/api/v1/camera-search?*', (route) => {
    asked += 1;
    const device = { url: 'http://192.168.1.64/onvif', host: '192.168.1.64', name: null, maker: null, model: null };
    const news = [{ news: 'asked', address: `192.168.1.${asked}` }];
    return says(route, { state: 'running', news, devices: [{ ...device, location: null, configured: [] }] });
  });
  const page = await opened('/cameras/new');
  await page.locator('#search').click();
  const choose = page.getByRole('button', { name: '用这台' });
  await choose.hover();
  await page.mouse.down();
  const before = asked;
  await until(() => asked > before, { what: 'the next answer' });
  await shown(page);
  await page.mouse.up();
  expect(await page.locator('[name=source]').inputValue()).toBe('onvif://192.168.1.64');
  await page.close();
  await context.unrouteAll({ behavior: 'wait' });
});

test('of many cameras, what is chosen while the change is asked for is not written unseen, and two windows are two', async () => {
  const { context } = people.one;
  const rowOf = (line: number, windows: readonly string[]) => ({
    ...{ line, id: `cam-${line}`, channel: null, address: 'rtsp://camera', seats: [], state: 'passed', steps: [] },
    ...{ remedy: null, refusedLine: null, pictureAt: null, saved: null },
    windows: windows.map((id) => ({ id, name: id })),
  });
  const batch = {
    ...{ id: 'b1', ...SAID, state: 'idle', format: null, notes: [], problems: [], recorder: null },
    rows: [rowOf(2, []), rowOf(3, [])],
  };
  await context.route('**/api/v1/cameras?*', (route) => says(route, LIST));
  await context.route('**/api/v1/camera-batches/b1?*', (route) => says(route, batch));
  let changing = Promise.withResolvers<void>();
  await context.route('**/api/v1/camera-batches/b1/rows/2?*', async (route) => {
    const { id, windows = [] } = route.request().postDataJSON() as { id?: string; windows?: string[] };
    await changing.promise;
    batch.rows = [{ ...rowOf(2, windows), id: id ?? 'cam-2' }, rowOf(3, [])];
    await says(route, batch);
  });
  let proposing = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await context.route('**/api/v1/camera-batches/b1/proposal?*', async (route) => {
    asked.resolve();
    await proposing.promise;
    await says(route, PROPOSAL);
  });
  const page = await opened('/cameras/batches/b1');
  const row = page.locator('[data-line="2"]');
  await row.locator('select').selectOption('W01');
  await row.locator('select').selectOption('W02');
  changing.resolve();
  await until(async () => (await row.locator('.batch-window').count()) === 2, { what: 'both windows' });
  expect(batch.rows[0]?.windows.map(({ id }) => id)).toEqual(['W01', 'W02']);

  await page.locator('#propose').click();
  await asked.promise;
  await page.locator('[data-line="3"] input[type=checkbox]').uncheck();
  proposing.resolve();
  await until(() => page.locator('#propose').isEnabled(), { what: 'the question to be over' });
  await shown(page);
  const write = page.getByRole('button', { name: '写入并生效' });
  expect(await write.count()).toBe(0);
  proposing = Promise.withResolvers<void>();
  proposing.resolve();
  await page.locator('#propose').click();
  await write.waitFor();
  // Nor is another name than was shown, while the row is still being told of it.
  changing = Promise.withResolvers<void>();
  await row.locator('.batch-id').fill('cam-9');
  await row.locator('.batch-id').press('Tab');
  expect(await write.count()).toBe(0);
  changing.resolve();
  await context.unrouteAll({ behavior: 'wait' });
});

test('beside a clock that is read once more, what is written of the next number stays', async () => {
  const { context } = people.one;
  const userOf = (credential: string, isPresent: boolean) => ({
    ...{ credential, name: null, proposed: null, by: null, doubt: null },
    present: isPresent ? { id: 'e01', name: '徐敏' } : null,
  });
  let users = [userOf('71', false), userOf('72', false)];
  const isRead = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  let reads = 0;
  await context.route('**/api/v1/devices/clock-1/users?*', async (route) => {
    reads += 1;
    if (reads === 2) {
      again.resolve();
      await isRead.promise;
    }
    await says(route, {
      users,
      people: [
        { id: 'e01', name: '徐敏' },
        { id: 'e02', name: '廖强' },
      ],
    });
  });
  await context.route('**/api/v1/devices/clock-1/enrolments?*', (route) => route.fulfill({ status: 204 }));
  const page = await opened('/devices/clock-1/people');
  await page.locator('#read').click();
  const row = (credential: string) => page.locator('tr', { hasText: credential });
  await row('71').locator('input').fill('e01');
  await row('71').locator('button').click();
  await again.promise;
  await row('72').locator('input').pressSequentially('e0');
  users = [userOf('71', true), userOf('72', false)];
  isRead.resolve();
  await row('71').locator('input').waitFor({ state: 'detached' });
  await page.keyboard.type('2');
  expect(await row('72').locator('input').inputValue()).toBe('e02');
  await context.unrouteAll({ behavior: 'wait' });
});

test('a list of clocks that is told anew takes no press away, and a history that was closed stays closed', async () => {
  const page = await opened('/devices');
  const device = page.locator('[data-device="clock-1"]');
  await device.waitFor();
  // Something else is to be seen each time.
  let told = 0;
  await page.route('**/api/v1/devices?*', async (route) => {
    const response = await route.fetch();
    const got = (await response.json()) as { devices: { taken: number }[] };
    told += 1;
    await says(route, { ...got, devices: got.devices.map((one) => ({ ...one, taken: told })) });
  });
  const renewed = async (): Promise<void> => {
    const before = told;
    await until(() => told > before, { what: 'the list to be told anew' });
    await shown(page);
  };
  const button = page.locator('#history-clock-1');
  await button.hover();
  await page.mouse.down();
  await renewed();
  await page.mouse.up();
  await until(async () => (await button.getAttribute('aria-expanded')) === 'true', { what: 'the history to open' });

  // Closed before its answer came, it stays closed.
  await button.click();
  const history = await holdAnswer(page, '**/api/v1/devices/clock-1?*');
  await button.click();
  await history.answered;
  await button.click();
  await history.release();
  expect(await device.locator('.past').innerText()).toBe('');
  await page.unrouteAll({ behavior: 'wait' });
});
