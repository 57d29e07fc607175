/** Cases through a real ledger: what people do with them, what becomes of it when late facts come, and when they are final. */
import { expect, test } from 'vitest';
import type { NotDone, Wish } from '../../daemon/cases/case-desk.ts';
import type { CaseFile } from '../../daemon/cases/case-file.ts';
import type { Deed } from '../../rules/case-life.ts';
import { dayOfDate } from '../../rules/time.ts';
import { CoreHall, factOf } from '../support/core-hall.ts';
import { leaveOf, on, punchOf, SMALL_HALL, seenAt } from '../support/small-hall.ts';

const MONDAY = dayOfDate('2026-03-02') ?? 0;

const hallAt = (time: string): CoreHall => new CoreHall({ yaml: SMALL_HALL, startsAt: on(time) });

const files = (hall: CoreHall): CaseFile[] => hall.core.desk.between(MONDAY, MONDAY);

/** The case of Monday's subject. */
function fileOf(hall: CoreHall, subject: string): CaseFile {
  const file = files(hall).find(({ row }) => row.subject === subject);
  if (file === undefined) throw new Error(`${subject} has no case`);
  return file;
}

function doing(
  hall: CoreHall,
  id: string,
  deed: Deed,
  by: string,
  more: Partial<Wish> = {},
): Promise<CaseFile | NotDone> {
  const employee = /^e\d$/.test(by) ? by : null;
  return hall.core.desk.do(id, { deed, by, employee, via: 'web', reason: 'seen', revision: null, ...more });
}

/** e2 comes at 09:20; the others were there. */
async function lateMorning(): Promise<CoreHall> {
  const hall = hallAt('08:45:00');
  await hall.record(punchOf('p1', 'e1', '08:50:00'), punchOf('p3', 'e3', '08:51:00'));
  hall.pass(on('09:20:00'));
  await hall.record(punchOf('p2', 'e2', '09:20:00'));
  hall.pass(on('09:30:00'));
  return hall;
}

test('a lateness is a case from the moment it opens, and nothing has been done with it', async () => {
  using hall = await lateMorning();
  expect(files(hall)).toMatchObject([
    {
      row: { id: expect.stringMatching(/^C-/), family: 'arrival', subject: 'e2', session: 1 },
      verdicts: [{ rule: 'late', state: 'closed', employee: 'e2' }],
      content: { state: 'closed', judged: ['e2'] },
      deeds: [],
      life: { acknowledged: null, decision: 'none' },
      finalAt: null,
    },
  ]);
});

test('from the first look to a final decision, all of it facts with who and when', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  await doing(hall, id, 'acknowledge', 'user:du');
  await doing(hall, id, 'confirm', 'user:du');
  expect(await doing(hall, id, 'appeal', 'e2')).toBe('not-delivered');
  await doing(hall, id, 'deliver', 'user:du');
  const { life, appealUntil } = fileOf(hall, 'e2');
  expect(life).toMatchObject({ decision: 'confirmed', delivered: { by: 'user:du' } });
  expect(hall.text(appealUntil ?? 0)).toBe(on('2026-03-10 04:00:00'));
  hall.pass(on('2026-03-10 03:59:59'));
  expect(fileOf(hall, 'e2').finalAt).toBeNull();
  hall.pass(on('2026-03-10 04:00:00'));
  expect(fileOf(hall, 'e2').finalAt).toBe(appealUntil);
  expect(await doing(hall, id, 'appeal', 'e2')).toBe('appeal-too-late');
  const kept = hall.core.facts.actionsOn([id]);
  expect(kept.map(({ by, via, ...fact }) => [by, via, fact['do']])).toEqual([
    ['user:du', 'web', 'acknowledge'],
    ['user:du', 'web', 'confirm'],
    ['user:du', 'web', 'deliver'],
  ]);
});

test('what was imported decides nothing, whoever it says did it, and whoever sent it', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  const said = { fact: 'action', at: on('2026-03-01 09:00:00'), case: id, by: 'user:du', via: 'web', reason: 'seen' };
  await hall.record({ ...said, id: 'a1', do: 'confirm' }, { ...said, id: 'a2', do: 'deliver' });
  const sent = factOf({ ...said, id: 'a3', do: 'excuse' });
  await hall.core.live.record([sent], { by: 'user:lead', via: 'api', claimedAt: null });
  hall.pass(on('2026-03-20 09:00:00'));
  expect(hall.core.facts.actionsOn([id])).toHaveLength(3);
  expect(fileOf(hall, 'e2')).toMatchObject({ deeds: [], life: { decision: 'none', delivered: null }, finalAt: null });
  expect(await doing(hall, id, 'confirm', 'user:du')).toMatchObject({ life: { decision: 'confirmed' } });
});

test('an appeal is decided by somebody else than who confirmed', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  await doing(hall, id, 'confirm', 'user:du');
  await doing(hall, id, 'deliver', 'user:du');
  expect(await doing(hall, id, 'appeal', 'e2', { reason: '' })).toBe('reason-missing');
  await doing(hall, id, 'appeal', 'e2', { reason: '公交停运' });
  expect(await doing(hall, id, 'overturn', 'user:du')).toBe('same-person');
  expect(await doing(hall, id, 'overturn', 'e2')).toBe('own-case');
  expect(await doing(hall, id, 'overturn', 'user:lead')).toMatchObject({ life: { decision: 'overturned' } });
  expect(fileOf(hall, 'e2').finalAt).toBeNull();
});

test('an appeal is not decided by the one who confirmed, whatever account they use', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  await doing(hall, id, 'confirm', 'token:1', { employee: 'e1' });
  await doing(hall, id, 'deliver', 'token:1', { employee: 'e1' });
  await doing(hall, id, 'appeal', 'e2', { reason: '公交停运' });
  expect(hall.core.facts.actionsOn([id])[0]).toMatchObject({ do: 'confirm', by: 'token:1', doer: 'e1' });
  expect(await doing(hall, id, 'uphold', 'token:2', { employee: 'e1' })).toBe('same-person');
  expect(await doing(hall, id, 'uphold', 'token:2', { employee: 'e3' })).toMatchObject({
    life: { decision: 'upheld' },
  });
});

test('a leave recorded afterwards withdraws the case; what was decided stays visible, and is final no more', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  await doing(hall, id, 'confirm', 'user:du');
  await doing(hall, id, 'deliver', 'user:du');
  hall.pass(on('2026-03-12 10:00:00'));
  expect(fileOf(hall, 'e2').finalAt).not.toBeNull();
  await hall.record(leaveOf('l1', 'e2', '08:00:00', '12:30:00'));
  const file = fileOf(hall, 'e2');
  expect(file).toMatchObject({
    verdicts: [],
    content: { state: 'withdrawn' },
    life: { decision: 'confirmed', review: true },
    finalAt: null,
  });
  expect(await doing(hall, id, 'confirm', 'user:lead')).toBe('withdrawn');
});

test('a lateness that becomes absence is the same case, to be looked at again', async () => {
  using hall = hallAt('08:45:00');
  await hall.record(punchOf('p1', 'e1', '08:50:00'), punchOf('p3', 'e3', '08:51:00'));
  hall.pass(on('09:10:00'));
  const { row, content } = fileOf(hall, 'e2');
  expect(content.state).toBe('open');
  expect(await doing(hall, row.id, 'confirm', 'user:du')).toBe('still-open');
  await doing(hall, row.id, 'excuse', 'user:du', { reason: '已电话说明' });
  hall.pass(on('12:30:00'));
  const later = fileOf(hall, 'e2');
  expect(later.row.id).toBe(row.id);
  expect(later).toMatchObject({ verdicts: [{ rule: 'absent' }], life: { decision: 'excused', review: true } });
});

test('a decision on what has changed meanwhile is not taken', async () => {
  using hall = await lateMorning();
  const { row, revision: before } = fileOf(hall, 'e2');
  await hall.record(punchOf('p2b', 'e2', '09:10:00'));
  expect(await doing(hall, row.id, 'confirm', 'user:du', { revision: before })).toBe('changed');
  const { revision } = fileOf(hall, 'e2');
  expect(await doing(hall, row.id, 'confirm', 'user:du', { revision })).toMatchObject({
    life: { decision: 'confirmed' },
  });
});

test('two who decide at once: one of them does, and the other hears why not', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  const answers = await Promise.all([doing(hall, id, 'confirm', 'user:du'), doing(hall, id, 'confirm', 'user:lead')]);
  expect(answers).toMatchObject([{ life: { judgedBy: { by: 'user:du' } } }, 'done-already']);
});

test('a decision is not taken over that of a colleague whom the page has not shown yet', async () => {
  using hall = await lateMorning();
  const { row, revision } = fileOf(hall, 'e2');
  await doing(hall, row.id, 'confirm', 'user:du', { revision });
  expect(await doing(hall, row.id, 'confirm', 'user:lead', { revision })).toBe('done-already');
  expect(await doing(hall, row.id, 'excuse', 'user:lead', { revision })).toBe('changed');
  expect(await doing(hall, row.id, 'deliver', 'user:lead', { revision })).toBe('changed');
  expect(await doing(hall, row.id, 'clear', 'user:lead', { revision })).toMatchObject({ life: { cleared: {} } });
  const seen = fileOf(hall, 'e2');
  const excused = await doing(hall, row.id, 'excuse', 'user:lead', { revision: seen.revision });
  expect(excused).toMatchObject({ life: { decision: 'excused', review: false } });
});

test('who take note of a case at once, or before somebody decides, are not in each other’s way', async () => {
  using hall = await lateMorning();
  const { row, revision } = fileOf(hall, 'e2');
  await doing(hall, row.id, 'acknowledge', 'user:du', { revision });
  expect(await doing(hall, row.id, 'acknowledge', 'user:lead', { revision })).toBe('done-already');
  expect(await doing(hall, row.id, 'excuse', 'user:lead', { revision })).toMatchObject({
    life: { decision: 'excused' },
  });
});

test('a window that nobody held is a case against nobody; anybody may decide on it', async () => {
  using hall = hallAt('08:45:00');
  await hall.record(punchOf('p2', 'e2', '08:50:00'), punchOf('p3', 'e3', '08:51:00'));
  await hall.record(seenAt('v1', 'W1', '08:55:00', 'empty'));
  hall.pass(on('12:30:00'));
  const { row, content } = fileOf(hall, 'W1');
  expect(content).toMatchObject({ state: 'closed', judged: [] });
  expect(await doing(hall, row.id, 'confirm', 'e1')).toMatchObject({ life: { decision: 'confirmed' } });
});

test('what began too long ago to be told is a case all the same', async () => {
  using hall = hallAt('08:45:00');
  hall.pass(on('2026-03-20 10:00:00'));
  await hall.record(
    punchOf('p1', 'e1', '2026-03-03 08:50:00'),
    punchOf('p2', 'e2', '2026-03-03 09:20:00'),
    punchOf('p3', 'e3', '2026-03-03 08:50:00'),
  );
  const found = hall.core.desk.between(MONDAY + 1, MONDAY + 1).filter(({ verdicts }) => verdicts.length > 0);
  expect(found).toMatchObject([{ row: { subject: 'e2' }, verdicts: [{ rule: 'late' }] }]);
});

test('a ledger of an earlier release: whatever stands gets its case', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  hall.core.ledger.database.exec(
    "delete from telling; delete from alert_case; delete from setting where name = 'all-filed'",
  );
  expect(files(hall)).toEqual([]);
  hall.restart();
  expect(fileOf(hall, 'e2').row.id).toBe(id);
});

test('deeds survive a restart, and an unknown case is none', async () => {
  using hall = await lateMorning();
  const { id } = fileOf(hall, 'e2').row;
  await doing(hall, id, 'confirm', 'user:du');
  hall.restart();
  expect(fileOf(hall, 'e2').life).toMatchObject({ decision: 'confirmed', judgedBy: { by: 'user:du', reason: 'seen' } });
  expect(await doing(hall, 'C-000000000000', 'confirm', 'user:du')).toBe('unknown');
});
