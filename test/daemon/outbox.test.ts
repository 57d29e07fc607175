/** Messages on their way out: in order within a channel, tried until they are taken or given up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NotifyError } from '../../adapters/notifier.ts';
import { Delivery, noticeOf, type Send } from '../../daemon/alerts/delivery.ts';
import { Outbox } from '../../daemon/alerts/outbox.ts';
import { Ledger } from '../../daemon/ledger/ledger.ts';
import { HOUR } from '../../rules/time.ts';
import { until } from '../support/until.ts';

let directory: string;
let ledger: Ledger;
let outbox: Outbox;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zaigang-outbox-'));
  ledger = Ledger.open({ directory, diskReserveBytes: 0 });
  outbox = new Outbox(ledger.database, 'h');
});
afterEach(() => {
  ledger.close();
  rmSync(directory, { recursive: true });
});

const put = (channel: string, key: string, sendAt: number, alert = 'a'): void =>
  outbox.put({ channel, key, alert, body: `"${key}"` }, 0, sendAt);
const dueAt = (now: number): string[] => outbox.due(now).map(({ channel, key }) => `${channel} ${key}`);
const seqOf = (key: string): number => outbox.due(1_000_000).find((message) => message.key === key)?.seq ?? -1;

describe('the outbox', () => {
  test('lets out the oldest of each channel, and the next when that is done', () => {
    put('x', '1', 100);
    put('x', '2', 50);
    put('y', '3', 200);
    expect(dueAt(99)).toEqual([]);
    expect(outbox.nextAt).toBe(100);
    expect(dueAt(100)).toEqual(['x 1']);
    expect(dueAt(200)).toEqual(['x 1', 'y 3']);
    outbox.delivered(seqOf('1'), 200);
    expect(dueAt(200)).toEqual(['x 2', 'y 3']);
    expect(outbox.waiting).toBe(2);
  });

  test('holds a channel back while its oldest waits to be tried again: nothing overtakes', () => {
    put('x', 'open', 100);
    put('x', 'retract', 100);
    put('y', 'other', 500);
    outbox.failed(seqOf('open'), 'no answer', 60_000);
    expect(dueAt(59_999)).toEqual(['y other']);
    // And nobody is woken for what cannot leave.
    outbox.delivered(seqOf('other'), 500);
    expect(outbox.nextAt).toBe(60_000);
    expect(outbox.due(60_000)).toMatchObject([{ key: 'open', attempts: 1 }]);
    outbox.failed(seqOf('open'), 'refused for good', null);
    expect(dueAt(60_000)).toEqual(['x retract']);
  });

  test('takes a message once', () => {
    put('x', '1', 100);
    put('x', '1', 100);
    put('y', '1', 100);
    expect(outbox.waiting).toBe(2);
    outbox.delivered(seqOf('1'), 100);
    put('x', '1', 200);
    expect(outbox.waiting).toBe(1);
  });

  test('gathers more about an alert until the message leaves', () => {
    put('x', '1', 100, 'a');
    expect(outbox.gathering('x', 'b', 50)).toBeNull();
    expect(outbox.gathering('y', 'a', 50)).toBeNull();
    const found = outbox.gathering('x', 'a', 50);
    expect(found?.body).toBe('"1"');
    outbox.rewrite(found?.seq ?? 0, '"1 and 2"', 160);
    expect(outbox.due(160)).toMatchObject([{ key: '1', body: '"1 and 2"' }]);
    // Due, under way, or tried before: it says what it says.
    expect(outbox.gathering('x', 'a', 160)).toBeNull();
    outbox.failed(seqOf('1'), 'no answer', 900);
    expect(outbox.gathering('x', 'a', 200)).toBeNull();
  });

  test('is one hall’s', () => {
    put('x', '1', 100);
    const other = new Outbox(ledger.database, 'other');
    expect(other.due(200)).toEqual([]);
    expect(other.waiting).toBe(0);
    expect(other.nextAt).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('delivery', () => {
  const tried: string[] = [];
  const log: string[] = [];
  let answers: Record<string, (Error | null)[]>;
  let now: number;
  let delivery: Delivery;

  beforeEach(() => {
    tried.length = 0;
    log.length = 0;
    answers = {};
    now = 1000;
    const send: Send = async ({ key }) => {
      tried.push(`${key} at ${now}`);
      const answer = answers[key]?.shift() ?? null;
      if (answer !== null) throw answer;
    };
    const say = (level: string) => (_: object, phrase: string) => void log.push(`${level} ${phrase}`);
    delivery = new Delivery({
      outbox,
      ledger,
      channels: new Map([['x', send]]),
      now: () => now,
      log: { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') },
    });
  });
  afterEach(() => delivery.stop());

  /** Lets time pass to the next attempt, and waits for it. */
  async function nextTry(): Promise<void> {
    const before = tried.length;
    now = outbox.nextAt;
    delivery.kick();
    await until(() => tried.length > before, { what: 'another attempt' });
    await until(() => outbox.nextAt > now, { what: 'its outcome to be noted' });
  }

  test('tries again with growing pauses, or when the receiver asked for it, in order and by the same key', async () => {
    const busy = new NotifyError('no answer', { retry: true });
    answers['1'] = [busy, busy, busy, new NotifyError('slow down', { retry: true, retryAfterMs: 77_000 })];
    put('x', '1', 1000);
    put('x', '2', 1000);
    delivery.start();
    await until(() => outbox.nextAt > 1000, { what: 'the first attempt' });
    for (let i = 0; i < 4; i++) await nextTry();
    await until(() => outbox.waiting === 0, { what: 'both to be delivered' });
    expect(tried).toEqual(['1 at 1000', '1 at 2000', '1 at 4000', '1 at 8000', '1 at 85000', '2 at 85000']);
    expect(log.filter((line) => line === 'warn message was not delivered')).toHaveLength(4);
  });

  test('waits an hour at most, whatever the receiver asks for', async () => {
    answers['1'] = [new NotifyError('slow down', { retry: true, retryAfterMs: 999_999_999_000 })];
    put('x', '1', 1000);
    delivery.start();
    await until(() => outbox.nextAt > 1000, { what: 'the first attempt' });
    expect(outbox.nextAt).toBe(1000 + HOUR);
  });

  test('gives up what will never be taken, and goes on', async () => {
    answers['1'] = [new NotifyError('unknown address', { retry: false })];
    put('x', '1', 1000);
    put('x', '2', 1000);
    delivery.start();
    await until(() => outbox.waiting === 0, { what: 'the end of both' });
    expect(tried).toEqual(['1 at 1000', '2 at 1000']);
    expect(log).toContain('error message was given up');
    const row = ledger.database.prepare("select because, done_at from outbox where key = '1'").get();
    expect(row).toMatchObject({ because: 'unknown address', done_at: null });
  });

  test('has nobody to tell in a channel that is no longer configured', async () => {
    put('gone', '1', 1000);
    delivery.start();
    await until(() => outbox.waiting === 0, { what: 'it to be given up' });
    expect(tried).toEqual([]);
    expect(log).toContain('error message was given up');
  });
});

describe('a notice', () => {
  const part = (op: string, text: string) => ({ op, text, verdict: { text } });
  const notice = (...parts: object[]) =>
    noticeOf('h', { seq: 1, channel: 'x', key: 'k', alert: 'a', body: JSON.stringify(parts), attempts: 0 });

  test('says everything that was gathered, and what it amounts to', () => {
    expect(notice(part('revise', 'one'), part('open', 'two'))).toEqual({
      key: 'k',
      hall: 'h',
      alert: 'a',
      op: 'open',
      text: 'one\ntwo',
      verdicts: [{ text: 'one' }, { text: 'two' }],
    });
    expect(notice(part('close', 'one'), part('retract', 'two')).op).toBe('close');
  });

  test('of absence in place of lateness is a revision, and says only what is now', () => {
    expect(notice(part('open', 'absent'), part('retract', 'late'))).toMatchObject({ op: 'revise', text: 'absent' });
  });
});
