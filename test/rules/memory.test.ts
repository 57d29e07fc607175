/** What is said, and why, does not depend on what happens to be in memory: looked at early, put away and read again, or built anew. */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../rules/changes.ts';
import { Engine } from '../../rules/engine.ts';
import { historyUntil } from '../../rules/replay.ts';
import { dayOfDate } from '../../rules/time.ts';
import { Drive, groupsOf } from '../support/engine-drive.ts';
import { at, hallWith, instantAt, lasting, MONDAY, punch, seen } from '../support/hand-hall.ts';
import { readWorldFacts } from '../support/world-run.ts';

type Line = Readonly<Record<string, unknown>>;

const HALL = hallWith({ windows: [{ id: 'W', name: 'W', schedule: 's', a: 'e1' }] });
const compile = () => HALL;
const told = ({ op, cause, verdict }: Change) => ({ op, cause, rule: verdict.rule, subject: verdict.employee ?? 'W' });

describe('a day that was looked at before it was opened', () => {
  const NIGHT = instantAt('2026-03-03 02:00:00');

  /** At 02:00 the hall's day is still Monday, but all that is known is of Tuesday, the first day that is judged. */
  function atNight(): Engine {
    const archive = { find: () => null, between: () => [], standing: () => [] };
    const engine = new Engine({ compile, hall: HALL, archive, hotDays: 3 });
    engine.record(readWorldFacts(HALL, [punch('2026-03-03 02:00:00')]), NIGHT);
    return engine;
  }

  const REST = { fact: 'day', id: 'rest', date: MONDAY, kind: 'rest', recordedAt: at('2026-03-03 02:00:01') };

  test('is judged by what is known when it is opened', () => {
    const engine = atNight();
    expect(engine.windowsAt(NIGHT)).toMatchObject([{ service: [{ session: 1 }, { session: 2 }] }]);
    expect(engine.record(readWorldFacts(HALL, [REST]), NIGHT + 1000).map(told)).toEqual([]);
    expect(engine.windowsAt(NIGHT + 1000)).toMatchObject([{ service: [] }]);
  });
});

describe('the causes of a change are those of a replay', () => {
  function changesOf(lines: readonly Line[], until: string, restartAt: string, hotDays: number): Change[] {
    const facts = readWorldFacts(HALL, lines);
    const drive = new Drive({ hall: HALL, from: dayOfDate(MONDAY) ?? 0, hotDays });
    for (const [when, group] of groupsOf(facts)) {
      if (drive.engine.now < instantAt(restartAt) && instantAt(restartAt) <= when) {
        drive.advance(instantAt(restartAt));
        expect(drive.restart()).toEqual([]);
      }
      drive.record(group, when);
    }
    drive.advance(instantAt(until));
    const replayed = historyUntil({ facts, compile, hall: HALL, now: instantAt(until), from: dayOfDate(MONDAY) ?? 0 });
    expect(drive.changes.map(told)).toEqual(replayed.map(told));
    return replayed;
  }

  test('where a day is read again, and what was seen on it makes nothing more or less doubtful', () => {
    const later = at('2026-03-09 10:00:00');
    const late = [punch('09:00:30', 'e1', { id: 'in' }), seen('18:30:00', 'empty', 'W', { id: 'glance' })];
    const lines = late.map((line) => ({ ...line, recordedAt: later }));
    const changes = changesOf(lines, '2026-03-09 10:00:01', '2026-03-09 09:00:00', 1);
    expect(changes.map(told)).toContainEqual({
      op: 'retract',
      cause: { facts: ['in'] },
      rule: 'absent',
      subject: 'e1',
    });
  });

  test('after a restart, where a duty was cancelled before it', () => {
    const duty = lasting('duty', '2026-03-03 19:00:00', '2026-03-03 20:00:00', { employee: 'e1', id: 'duty' });
    const cancel = { fact: 'cancel', id: 'cancel', at: at('2026-03-02 13:00:00'), target: 'duty' };
    const tuesday = at('2026-03-03 18:00:00');
    const late = [
      punch('08:59:00', 'e1', { id: 'in' }),
      seen('2026-03-03 08:00:00', 'occupied', 'W', { id: 'sat' }),
      seen('2026-03-03 17:30:00', 'empty', 'W', { id: 'went' }),
    ];
    const lines = [
      { ...duty, recordedAt: at('08:00:00') },
      cancel,
      ...late.map((line) => ({ ...line, recordedAt: tuesday })),
    ];
    const changes = changesOf(lines, '2026-03-03 18:00:01', '2026-03-03 17:00:00', 1000);
    const cause = { facts: ['in'] };
    expect(changes.map(told)).toContainEqual({ op: 'retract', cause, rule: 'absent', subject: 'e1' });
  });

  describe('where one touch lies on two days, by two corrections of its time, and the earlier one counts', () => {
    const [NIGHT, MORNING] = ['23:30:00', '2026-03-03 08:30:00'];
    const lastWeek = '2026-03-10 10:00:00';
    /** The touch as it was delivered when its clock said `said`. */
    const touch = (id: string, time: string, said: string, heard: string): Line =>
      punch(time, 'e1', { id, deviceAt: at(said), recordedAt: at(heard) });
    const glance = (heard: string): Line =>
      seen('2026-03-03 18:30:00', 'empty', 'W', { id: 'glance', recordedAt: at(heard) });
    const absentOnTuesday = ({ op, verdict: { rule, day, session } }: Change): boolean =>
      op === 'open' && rule === 'absent' && session === 1 && day === (dayOfDate(MONDAY) ?? 0) + 1;

    test('and the day of the later one is read again', () => {
      const lines = [
        touch('night', NIGHT, NIGHT, NIGHT),
        touch('right', MORNING, NIGHT, '2026-03-03 08:40:00'),
        glance(lastWeek),
      ];
      const changes = changesOf(lines, '2026-03-10 10:00:01', '2026-03-10 09:00:00', 1);
      expect(changes.filter(absentOnTuesday)).not.toEqual([]);
    });

    test('and it comes a week after the other', () => {
      const lines = [touch('day', MORNING, MORNING, MORNING), touch('right', NIGHT, MORNING, lastWeek)];
      const changes = changesOf(lines, '2026-03-10 10:00:01', '2026-03-10 09:00:00', 1);
      expect(changes.filter(absentOnTuesday)).toMatchObject([{ cause: { facts: ['right'] } }]);
    });

    test('and the one that was set right was known a week before', () => {
      const lines = [touch('right', MORNING, NIGHT, '2026-03-03 08:40:00'), touch('night', NIGHT, NIGHT, lastWeek)];
      const changes = changesOf(lines, '2026-03-10 10:00:01', '2026-03-10 09:00:00', 1);
      expect(changes.filter(absentOnTuesday)).toMatchObject([{ cause: { facts: ['night'] } }]);
    });
  });
});
