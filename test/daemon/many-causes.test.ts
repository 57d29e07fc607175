/** A clock that kept punches for hours hands in hundreds at once: a change names what caused it, and a hundred reasons are enough. */
import { expect, test } from 'vitest';
import { CoreHall } from '../support/core-hall.ts';
import { on, punchOf, SMALL_HALL } from '../support/small-hall.ts';

const device = (id: string, time: string, state: string) => ({
  fact: 'device',
  id,
  at: on(time),
  device: 'clock-1',
  state,
});

/** 250 touches of clock-1 from ten past nine on, second by second. */
const touches = (whose: object) =>
  Array.from({ length: 250 }, (_, i) => {
    const time = `09:${String(10 + Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
    return { fact: 'punch', id: `k${String(i).padStart(3, '0')}`, at: on(time), device: 'clock-1', ...whose };
  });

/** What changes when they are handed in at one o'clock, with the causes of each. */
async function handedIn(hall: CoreHall, kept: ReturnType<typeof touches>) {
  hall.pass(on('13:00:00'));
  const before = [...hall.core.history.changes()].length;
  await hall.record(...kept);
  return [...hall.core.history.changes()].slice(before).map(({ cause, verdict }) => ({
    what: `${verdict.rule} ${verdict.employee} ${verdict.state}`,
    causes: 'facts' in cause ? cause.facts : [],
  }));
}

test('that the clock kept recording is proved by the first, and the others are no reason', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('07:00:00') });
  hall.online();
  await hall.record(
    punchOf('p1', 'e1', '07:30:00'),
    device('o1', '08:30:00', 'offline'),
    device('o2', '10:00:00', 'online'),
  );
  const changes = await handedIn(hall, touches({ credential: '9' }));
  expect(changes).toContainEqual({ what: 'absent e2 closed', causes: ['k000'] });
  for (const { causes } of changes) expect(causes).toEqual(['k000']);
});

test('of a person’s own the first hundred are named, and no more', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('07:00:00') });
  hall.online();
  const kept = touches({ employee: 'e2' });
  const changes = await handedIn(hall, kept);
  expect(changes.length).toBeGreaterThan(0);
  for (const { causes } of changes) expect(causes).toEqual(kept.slice(0, 100).map(({ id }) => id));
});
