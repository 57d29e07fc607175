/** Explanations from a ledger: of days in memory and of days put away, of cases, and of what was withdrawn. */
import { describe, expect, test } from 'vitest';
import { type Answer, answer } from '../../../daemon/explain/question.ts';
import { ledgerSource } from '../../../daemon/explain/sources.ts';
import { CoreHall } from '../../support/core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL, seenAt } from '../../support/small-hall.ts';

const hallAt = (time: string): CoreHall => new CoreHall({ yaml: SMALL_HALL, startsAt: on(time) });
const ask = (hall: CoreHall, id: string, json = false): Answer =>
  answer(ledgerSource(hall.core), { id, lang: 'en', json });
const withoutNow = (text: string): string => text.replace(/As recorded by .*\n/, '');

/** A Monday on which e1 is late, her window opens with her, and e3 comes so late that it is absence. */
async function monday(hall: CoreHall): Promise<void> {
  hall.pass(on('08:56:00'));
  await hall.record(punchOf('p2', 'e2', '08:55:00'));
  await hall.record(seenAt('v1', 'W1', '08:50:00', 'empty'));
  hall.pass(on('09:12:30'));
  await hall.record(punchOf('p1', 'e1', '09:12:30'), seenAt('v2', 'W1', '09:12:40', 'occupied'));
  hall.pass(on('09:40:00'));
  await hall.record(punchOf('p3', 'e3', '09:40:00'));
  hall.pass(on('13:00:00'));
}

describe('from a ledger', () => {
  test('a verdict is explained, by the configuration that was accepted', async () => {
    using hall = hallAt('08:00:00');
    await monday(hall);
    const facts = hall.core.facts.after(0, 1000).length;
    const { found, out } = ask(hall, 'late/e1/2026-03-02/1');
    expect(found).toBe(true);
    expect(out).toContain('Late, 13 min: due at 09:00:00, arrival punched at 09:12:30.');
    expect(out).toContain(', in force from 2026-03-02 08:00:00');
    expect(out).toContain('As recorded by 2026-03-02 13:00:00');
    expect(hall.core.facts.after(0, 1000)).toHaveLength(facts);
  });

  test('a day that was put away is explained as it was', async () => {
    using hall = hallAt('08:00:00');
    await monday(hall);
    const before = ['late/e1/2026-03-02/1', 'missing-cover/W1/2026-03-02/1/090000'].map((id) => ask(hall, id).out);
    hall.pass(on('2026-03-09 13:00:00'));
    hall.restart();
    hall.online();
    const after = ['late/e1/2026-03-02/1', 'missing-cover/W1/2026-03-02/1/090000'].map((id) => ask(hall, id).out);
    expect(after.map(withoutNow)).toEqual(before.map(withoutNow));
    expect(after[0]).toContain('As recorded by 2026-03-09');
  });

  test('a case is explained by all of its verdicts, those included that became others', async () => {
    using hall = hallAt('08:00:00');
    await monday(hall);
    const { id } = hall.core.ledger.database.prepare("select id from alert_case where subject = 'e3'").get() ?? {};
    const { found, out } = ask(hall, String(id));
    expect(found).toBe(true);
    expect(out).toContain('Explanation of absent/e3/2026-03-02/1');
    expect(out).toContain('The verdict late/e3/2026-03-02/1 (late) was withdrawn at 2026-03-02 09:30:00.001.');
    const lines = ask(hall, String(id), true).out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).id).sort()).toEqual(['absent/e3/2026-03-02/1', 'late/e3/2026-03-02/1']);
    expect(ask(hall, 'C-000000000000')).toEqual({
      found: false,
      out: '',
      say: 'There is no verdict C-000000000000.',
    });
  });

  test('what was withdrawn is said to be, with the facts that did it and what holds instead', async () => {
    using hall = hallAt('08:00:00');
    await monday(hall);
    await hall.record(leaveOf('l1', 'e1', '09:00:00', '09:10:00'));
    const { found, out } = ask(hall, 'late/e1/2026-03-02/1');
    // She was due at 09:10 then, and came within the grace.
    expect(found).toBe(true);
    expect(out.split('\n')[0]).toMatch(
      /^The verdict late\/e1\/2026-03-02\/1 \(late\) was withdrawn at 2026-03-02 13:00:00/,
    );
    expect(out).toContain('Leave l1 of 徐敏 (e1)');
    const [line] = ask(hall, 'late/e1/2026-03-02/1', true).out.split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({
      id: 'late/e1/2026-03-02/1',
      because: [{ fact: 'leave', id: 'l1', via: 'import' }],
      verdict: { rule: 'late', minutes: 13 },
    });
  });

  test('an id that is unknown is answered with those of the same subject and date', async () => {
    using hall = hallAt('08:00:00');
    await monday(hall);
    expect(ask(hall, 'early-leave/e1/2026-03-02/1')).toEqual({
      found: false,
      out: '',
      say: 'There is no verdict early-leave/e1/2026-03-02/1.\nVerdicts of the same subject and date that hold:\n  late/e1/2026-03-02/1',
    });
    for (const id of ['late/e7/2026-03-02/1', 'late/e1/2026-02-02/1', 'late/e1/2027-03-02/1', 'late', 'x/y/z', '']) {
      expect(ask(hall, id)).toEqual({ found: false, out: '', say: `There is no verdict ${id}.` });
    }
  });
});
