/** What watchdogs and scrapers ask: alive, ready, and the figures. */
import type { Handler } from 'hono';
import { METRICS_CONTENT_TYPE, type MetricFamily, metricsText } from '../metrics.ts';

/** One thing the daemon needs in order to do its work. `detail` says what is wrong, or what is well. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** 200 as soon as the event loop gets to it: that is the whole question. */
export const healthy: Handler = (c) => c.text('ok\n', 200, { 'Cache-Control': 'no-store' });

/** 200 if every check is ok, else 503; the body says the same for each check. */
export function ready(checks: () => readonly Check[]): Handler {
  return (c) => {
    const answers = checks();
    const ok = answers.every((check) => check.ok);
    return c.json({ ready: ok, checks: answers }, ok ? 200 : 503, { 'Cache-Control': 'no-store' });
  };
}

export function metrics(families: () => readonly MetricFamily[]): Handler {
  return (c) =>
    c.body(metricsText(families()), 200, { 'Content-Type': METRICS_CONTENT_TYPE, 'Cache-Control': 'no-store' });
}
