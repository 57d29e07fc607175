/** Each day runs through the real `replay` command: what holds at the end, and every change on the way there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { zaigang } from '../support/daemon.ts';

const DAYS = import.meta.dirname;
const stories = readdirSync(DAYS, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

let out: string;
/** The program is compiled once, not for each day. */
const compiled = () => ({ NODE_COMPILE_CACHE: join(out, 'compiled') });

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'zaigang-days-'));
  await zaigang(['--help'], '', out, compiled());
});
afterAll(() => rmSync(out, { recursive: true }));

type Line = Readonly<Record<string, unknown>>;

/** What is compared of a line, in this order; further keys are welcome, and the configuration's hash only has a form. */
const KEYS = [
  'op',
  'at',
  'cause',
  'rule',
  'state',
  'hall',
  'date',
  'session',
  'side',
  'employee',
  'window',
  'department',
  'from',
  'to',
  'minutes',
  'evidence',
  'leave',
  'because',
  'atOpening',
];

/** The lines of the rules that a story is about, one text each. */
function linesOf(text: string, rules: ReadonlySet<unknown>): string[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const said = JSON.parse(line) as Line;
    if (said['config'] !== undefined) expect(said['config']).toMatch(/^sha256:[0-9a-f]{64}$/);
    if (!rules.has(said['rule'])) return [];
    return [JSON.stringify(Object.fromEntries(KEYS.filter((key) => key in said).map((key) => [key, said[key]])))];
  });
}

/** What a story says of itself: the rules it is about, and when it is judged. */
function aboutOf(story: string): { rules: ReadonlySet<string>; now: string } {
  const text = readFileSync(join(DAYS, story, 'story.md'), 'utf8');
  const [, rules = '', now = ''] = /^Rules: (.*)\. Judged at `(.*)`\.$/m.exec(text) ?? [];
  return { rules: new Set([...rules.matchAll(/`([^`]+)`/g)].map(([, rule]) => rule ?? '')), now };
}

test('there are stories, and each says what it is about', () => {
  expect(stories.length).toBeGreaterThan(40);
  for (const story of stories) {
    const { rules, now } = aboutOf(story);
    expect(rules.size, story).toBeGreaterThan(0);
    expect(now, story).not.toBe('');
  }
});

describe.concurrent('the day', () => {
  test.each(stories)('%s', async (story) => {
    const folder = join(DAYS, story);
    const { rules, now } = aboutOf(story);
    const history = join(out, `${story}.jsonl`);
    const files = ['--config', join(folder, 'hall.yaml'), '--facts', join(folder, 'facts.jsonl')];
    const run = await zaigang(['replay', ...files, '--now', now, '--history', history], '', out, compiled());
    expect(run.err).toBe('');
    expect(run.code).toBe(0);
    const wanted = (name: string) => linesOf(readFileSync(join(folder, name), 'utf8'), rules);
    expect(linesOf(run.out, rules)).toEqual(wanted('expected.jsonl'));
    expect(linesOf(readFileSync(history, 'utf8'), rules)).toEqual(wanted('history.jsonl'));
  });
});
