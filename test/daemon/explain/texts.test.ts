/** Explanations as people read them: one of each rule, and one for each reason to wait. The texts were worked out by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nationalCalendar } from '../../../config/calendars/national.ts';
import { parseConfig } from '../../../config/load.ts';
import { answer } from '../../../daemon/explain/question.ts';
import { factsSource } from '../../../daemon/explain/sources.ts';
import { readFactLines } from '../../../daemon/lines/fact-lines.ts';
import { dateOf, parseInstant } from '../../../rules/time.ts';

const FOLDER = import.meta.dirname;
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const { hall } = parseConfig(read('hall.yaml'), 'hall.yaml', { env: {}, lang: 'en' });
const facts = readFactLines(read('facts.jsonl').split('\n'), { hall, find: () => null }).facts;

const EVENING = '2026-03-02T20:00:00+08:00';
const TEXTS: readonly [name: string, id: string, now: string][] = [
  ['late', 'late/e01/2026-03-02/1', EVENING],
  ['late-open', 'late/e02/2026-03-02/1', '2026-03-02T09:20:10+08:00'],
  ['absent', 'absent/e02/2026-03-02/1', EVENING],
  ['early-leave', 'early-leave/e03/2026-03-02/1', EVENING],
  ['missing-punch-out', 'missing-punch/e04/2026-03-02/2/out', EVENING],
  ['missing-punch-in', 'missing-punch/e05/2026-03-02/1/in', EVENING],
  ['missing-cover', 'missing-cover/W1/2026-03-02/1/090000', EVENING],
  ['left-post', 'left-post/W1/2026-03-02/1/100512', EVENING],
  ['left-post-total', 'left-post-total/W1/2026-03-02/2', EVENING],
  ['unverified-occupant', 'unverified-occupant/W2/2026-03-02/1/090000', EVENING],
  ['leave-slip', 'leave-slip/l6/2026-03-02', EVENING],
  ['leave-slip-month', 'leave-slip/l104/2026-03-06', '2026-03-06T20:00:00+08:00'],
  ['pending-uncovered', 'late/e07/2026-03-02/1', EVENING],
  ['pending-offline', 'absent/e07/2026-03-02/1', '2026-03-02T09:40:00+08:00'],
  ['pending-settling', 'absent/e07/2026-03-02/1', '2026-03-02T10:02:00+08:00'],
  ['pending-seat-occupied', 'absent/e08/2026-03-02/1', EVENING],
  ['pending-ambiguous-punch', 'absent/e09/2026-03-02/2', EVENING],
  ['pending-blind', 'missing-cover/W3/2026-03-02/1/090000', EVENING],
  ['withdrawn-by-time', 'late/e07/2026-03-02/1', '2026-03-02T09:40:00+08:00'],
  ['withdrawn-by-a-fact', 'absent/e03/2026-03-02/1', EVENING],
  ['pending-unconfirmed', 'late/e01/2098-03-03/1', '2098-03-03T10:00:00+08:00'],
];

const PUBLISHED = dateOf(nationalCalendar('CN')?.until ?? 0);

/** What changes with every release of the calendar or the configuration's form is left out. */
function lasting(text: string): string {
  return text.replaceAll(PUBLISHED, '{published}').replaceAll(/sha256:[0-9a-f]{12}…/g, 'sha256:{hash}');
}

describe.each(['zh', 'en'] as const)('in %s', (lang) => {
  test.each(TEXTS)('%s', (name, id, now) => {
    const source = factsSource({ facts, hall, now: parseInstant(now) ?? 0, compile: () => hall });
    const { found, out } = answer(source, { id, lang, json: false });
    expect(found).toBe(true);
    expect(lasting(out)).toBe(read(`${name}.${lang}.txt`));
  });
});
