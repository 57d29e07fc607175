/** The page of reports in a real browser, for one test file. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import type { Report } from '../../daemon/reports/report.ts';
import { type Browser, openChromium } from './chromium.ts';
import { openReportHall, type ReportHall } from './report-hall.ts';

export const MONTH = '/reports/month/2026-03';
/** A busy machine takes its time for every report. */
const TIMEOUT_MS = 120_000;

export interface ReportPages {
  readonly hall: ReportHall;
  readonly browser: Browser;
  /** The month as the API serves it to a supervisor. */
  readonly report: Report;
  readonly supervisor: string;
  /** A page of somebody with a token, wherever it stands. */
  visit(token: string, path: string): Promise<Page>;
  /** And one that shows its report. */
  open(token: string, path: string): Promise<Page>;
}

/** Called at the top of a test file; pages go after each test, which must leave no complaint of the browser's. */
export function reportPages(): ReportPages {
  vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });
  let up: { browser: Browser; hall: ReportHall; report: Report; supervisor: string } | null = null;
  const there = () => {
    if (up === null) throw new Error('the browser and the hall are not up');
    return up;
  };
  const visit = async (token: string, path: string): Promise<Page> => {
    const page = await there().browser.context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS / 2);
    await page.setExtraHTTPHeaders({ Authorization: `Bearer ${token}` });
    await page.goto(there().hall.url + path);
    return page;
  };
  beforeAll(async () => {
    const [browser, hall] = await Promise.all([openChromium(), openReportHall()]);
    const supervisor = hall.tokenOf(['supervisor']);
    const report = (await (await hall.ask(supervisor, `/api/v1${MONTH}`)).json()) as Report;
    up = { browser, hall, report, supervisor };
  });
  afterAll(async () => {
    await Promise.all([up?.browser.close(), up?.hall[Symbol.asyncDispose]()]);
  });
  afterEach(async () => {
    const { context, complaints } = there().browser;
    const [, ...pages] = context.pages();
    await Promise.all(pages.map((page) => page.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  return {
    get hall() {
      return there().hall;
    },
    get browser() {
      return there().browser;
    },
    get report() {
      return there().report;
    },
    get supervisor() {
      return there().supervisor;
    },
    visit,
    async open(token, path) {
      const page = await visit(token, path);
      await page.locator('.about').waitFor();
      return page;
    },
  };
}
