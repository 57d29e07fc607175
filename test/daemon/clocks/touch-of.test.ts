/** A touch that somebody wants to try: on which clock, by which credential. */
import { expect, test } from 'vitest';
import { type Asked, type TouchAnswer, touchOf } from '../../../daemon/clocks/touch-of.ts';
import { CoreHall, instantOf } from '../../support/core-hall.ts';

const YAML = `
hall: { id: h1, name: H, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { s: { weekly: { mon: ["09:00-12:00"] } } }
employees:
  - { id: e1, name: E, schedule: s, credentials: [{ device: clock-2, id: "3" }] }
  - { id: e2, name: F, schedule: s, credentials: [{ id: "7", to: 2026-02-28 }, { id: "8", from: 2026-03-01 }] }
  - { id: e3, name: G, schedule: s }
windows: []
clocks: [{ id: clock-1 }, { id: clock-2 }]
`;
const NOON = '2026-03-02T12:00:00+08:00';

function touch(hall: CoreHall, asked: Partial<Asked>): TouchAnswer {
  const whole = { employee: 'e1', clock: null, at: instantOf(NOON), ...asked };
  return touchOf(hall.core.hall, hall.core.engine.book, whole);
}

test('is on the clock that was named, or on the first that knows the person, by what counts as theirs then', () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: NOON });
  expect(touch(hall, {})).toEqual({ clock: 'clock-2', credential: '3' });
  expect(touch(hall, { clock: 'clock-1' })).toEqual({ none: 'credential' });
  expect(touch(hall, { employee: 'e2' })).toEqual({ clock: 'clock-1', credential: '8' });
  expect(touch(hall, { employee: 'e2', at: instantOf('2026-02-20T12:00:00+08:00') })).toEqual({
    clock: 'clock-1',
    credential: '7',
  });
  expect(touch(hall, { employee: 'e9' })).toEqual({ none: 'employee' });
});

test('is of people, and by credentials, that have become known since the file was written', async () => {
  using hall = new CoreHall({ yaml: YAML, startsAt: NOON });
  expect(touch(hall, { employee: 'e3' })).toEqual({ none: 'credential' });
  const from = '2026-03-01T00:00:00+08:00';
  const person = { department: null, schedule: 's', from, to: null };
  await hall.record({ fact: 'employee', id: 'n4', employee: 'e4', name: 'H', ...person });
  for (const [employee, credential] of [
    ['e3', '33'],
    ['e4', '44'],
  ]) {
    await hall.record({ fact: 'credential', id: `m${credential}`, employee, credential, from, to: null });
  }
  expect(touch(hall, { employee: 'e3' })).toEqual({ clock: 'clock-1', credential: '33' });
  expect(touch(hall, { employee: 'e4', clock: 'clock-2' })).toEqual({ clock: 'clock-2', credential: '44' });
});
