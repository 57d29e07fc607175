/** What the people at a window say by its own PC: facts that change what they are said to change, and nothing else. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awayAmong, notesOf } from '../../daemon/desk/notes.ts';
import type { OtherFact } from '../../rules/facts.ts';
import { MINUTE } from '../../rules/time.ts';
import { CoreHall, factOf } from '../support/core-hall.ts';
import { on, punchOf } from '../support/small-hall.ts';

const HALL = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
departments: [{ id: gaj, name: 公安局 }, { id: ybj, name: 医保局 }]
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"] } }
employees:
  - { id: a1, name: 徐敏, department: gaj, schedule: standard }
  - { id: a2, name: 李岚, department: gaj, schedule: standard }
  - { id: b1, name: 周诚, department: gaj, schedule: standard }
  - { id: b2, name: 何静, department: gaj, schedule: standard }
  - { id: x1, name: 孙平, department: ybj, schedule: standard }
windows:
  - { id: W1, name: 出入境, department: gaj, schedule: standard, a: a1, b: [b1] }
  - { id: W2, name: 户政, department: gaj, schedule: standard, a: a2, b: [b2] }
  - { id: W3, name: 医保, department: ybj, schedule: standard, a: x1 }
clocks: [{ id: clock-1 }]
`;

let hall: CoreHall;
beforeEach(async () => {
  hall = new CoreHall({ yaml: HALL, startsAt: on('08:00:00') });
  hall.online();
  await hall.record(...['a2', 'b1', 'b2', 'x1'].map((one) => punchOf(`p-${one}`, one, '08:50:00')));
  hall.pass(on('09:31:00'));
});
afterEach(() => hall[Symbol.dispose]());

const desk = () => hall.core.windowDesk;
const by = (employee: string | null) => ({ by: `user:${employee}`, employee });
/** Who holds a window now, and through all of the day: `08:50 b1`. */
const holderOf = (id: string): string | null =>
  hall.core.engine
    .windowsAt(hall.clock.now())
    .find(({ window }) => window.id === id)
    ?.cover.stretches.at(-1)?.holder ?? null;
const heldThrough = (id: string): string[] =>
  (hall.core.engine.windowsAt(hall.clock.now()).find(({ window }) => window.id === id)?.cover.holdings ?? []).map(
    ({ from, holder }) => `${hall.text(from).slice(11, 16)} ${holder}`,
  );

describe('a handover', () => {
  test('makes a cover fact by whoever takes over, to the end of the session or for some minutes', async () => {
    expect(holderOf('W1')).toBe('b1');
    expect(desk().look('W1')?.colleagues).toEqual([
      { employee: 'b1', name: '周诚', isB: true, own: [] },
      { employee: 'a2', name: '李岚', isB: false, own: ['W2'] },
      { employee: 'b2', name: '何静', isB: false, own: [] },
    ]);
    expect(await desk().takeOver('W1', null, by('b2'))).toBeNull();
    hall.pass(on('09:32:00'));
    expect(holderOf('W1')).toBe('b2');
    const [cover] = [...hall.core.facts.stretches()].filter(({ fact }) => fact === 'cover');
    expect(cover).toMatchObject({ window: 'W1', employee: 'b2', by: 'user:b2', via: 'desk' });
    expect(desk().look('W1')?.takeovers).toMatchObject([{ name: '何静', to: Date.parse(on('12:00:00')) }]);
    hall.pass(on('12:30:00'));
    expect(desk().look('W1')?.sessionTo).toBeNull();
    expect(await desk().takeOver('W1', null, by('b2'))).toBe('not-open');
    expect(await desk().takeOver('W1', 30, by('b2'))).toBeNull();
    expect(desk().look('W1')?.takeovers).toMatchObject([{ to: hall.clock.now() + 30 * MINUTE }]);
  });

  test('relieves whoever took over before, and what has been stays as it was', async () => {
    await desk().takeOver('W1', null, by('b2'));
    hall.pass(on('10:00:00'));
    await desk().takeOver('W1', null, by('a2'));
    hall.pass(on('10:30:00'));
    expect(holderOf('W1')).toBe('a2');
    expect(await desk().giveBack('W1', by('x1'))).toBe('unknown-colleague');
    expect(await desk().giveBack('W1', by('a2'))).toBeNull();
    hall.pass(on('10:31:00'));
    expect(holderOf('W1')).toBe('b1');
    expect(heldThrough('W1')).toEqual(['09:00 b1', '09:31 b2', '10:00 a2', '10:30 b1']);
    expect(heldThrough('W2')).toEqual(['09:00 a2', '10:00 b2', '10:30 a2']);
    expect(await desk().giveBack('W1', by('a2'))).toBe('not-away');
    const before = heldThrough('W1');
    hall.restart(1000);
    hall.online();
    expect(heldThrough('W1').slice(0, 4)).toEqual(before);
  });

  test('is not for strangers, for an A of the window, or for an account that is nobody’s', async () => {
    expect(await desk().takeOver('W1', null, by('x1'))).toBe('unknown-colleague');
    expect(await desk().takeOver('W1', null, by('a1'))).toBe('unknown-colleague');
    expect(await desk().takeOver('W1', null, by(null))).toBe('unknown-colleague');
    expect(await desk().takeOver('W9', null, by('b1'))).toBe('unknown-window');
    expect([...hall.core.facts.stretches()].filter(({ fact }) => fact === 'cover')).toEqual([]);
  });

  test('leaves alone what others have arranged', async () => {
    const arranged = {
      fact: 'cover',
      id: 'c1',
      window: 'W1',
      employee: 'a2',
      from: on('09:40:00'),
      to: on('11:00:00'),
    };
    await hall.record(arranged);
    hall.pass(on('09:50:00'));
    await desk().takeOver('W1', null, by('b2'));
    expect(holderOf('W1')).toBe('a2');
    expect([...hall.core.facts.stretches()].some(({ fact }) => fact === 'cancel')).toBe(false);
    hall.pass(on('11:05:00'));
    expect(holderOf('W1')).toBe('b2');
  });

  test('knows whether whoever took over has come', async () => {
    await hall.record({
      fact: 'leave',
      id: 'l1',
      employee: 'b2',
      kind: '公务',
      from: on('09:30:00'),
      to: on('10:00:00'),
    });
    expect([desk().isPresent('b1'), desk().isPresent('b2'), desk().isPresent('a1')]).toEqual([true, false, false]);
  });
});

describe('notes', () => {
  test('of being away change no verdict, end with the return, and are of their day', async () => {
    const before = hall.history();
    expect(await desk().say('W1', 'back', null, 'screen:1')).toBe('not-away');
    expect(await desk().say('W1', 'away', '复印', 'screen:1')).toBeNull();
    expect([...desk().away].map(([window, { reason }]) => [window, reason])).toEqual([['W1', '复印']]);
    expect(desk().look('W2')?.away).toBeNull();
    expect(await desk().say('W1', 'back', null, 'screen:1')).toBeNull();
    expect(desk().away.size).toBe(0);
    await desk().say('W1', 'away', '复印', 'screen:1');
    expect(hall.history()).toEqual(before);
    hall.pass(on('2026-03-03 08:00:00'));
    expect(desk().away.size).toBe(0);
  });

  test('of being there are answered once, in time, and never by whoever sits there', async () => {
    expect(await desk().say('W1', 'here', null, 'screen:1')).toBeNull();
    expect(await desk().say('W1', 'here', null, 'screen:1')).toBe('asked-already');
    const id = desk().asked[0]?.id ?? '';
    expect(await desk().witness(id, true, null, by('a1'))).toBe('own-window');
    expect(await desk().witness(id, true, null, by('b1'))).toBe('own-window');
    expect(await desk().witness('other', true, null, by('x1'))).toBe('not-asked');
    expect(await desk().witness(id, true, '看到徐敏', by('x1'))).toBeNull();
    expect(await desk().witness(id, false, null, by('x1'))).toBe('not-asked');
    expect(desk().look('W1')?.asked?.answer).toMatchObject({ seen: true, reason: '看到徐敏', by: 'user:x1' });
    expect(desk().notesOf('W1', { from: hall.clock.now() - MINUTE, to: hall.clock.now() + 1 })).toHaveLength(1);
    hall.pass(on('09:40:00'));
    await desk().say('W1', 'here', null, 'screen:1');
    hall.pass(on('10:10:00'));
    expect(desk().asked).toEqual([]);
    expect(desk().look('W1')?.asked?.answer).toBeNull();
  });

  test('that were imported in another order, or answer what is no question, are read as they are', () => {
    const note = (id: string, kind: string, time: string) =>
      factOf({ fact: 'note', id, at: on(time), window: 'W1', kind }) as OtherFact;
    const answer = (id: string, of: string) =>
      factOf({ fact: 'witness', id, at: on('09:10:00'), note: of, seen: true }) as OtherFact;
    const notes = notesOf([
      note('n1', 'away', '09:00:00'),
      answer('w1', 'n1'),
      answer('w2', 'n9'),
      note('n2', 'here', '09:05:00'),
    ]);
    expect(notes.map(({ answer: found }) => found)).toEqual([null, null]);
    expect(awayAmong(notes).size).toBe(0);
  });
});
