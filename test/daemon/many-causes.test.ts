/** A clock that kept thousands of punches proves everybody's day with each of them: a hundred reasons are enough. */
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

test('a change names the first hundred facts that caused it, and no more', async () => {
  using hall = new CoreHall({ yaml: SMALL_HALL, startsAt: on('07:00:00') });
  hall.online();
  await hall.record(
    punchOf('p1', 'e1', '07:30:00'),
    device('o1', '08:30:00', 'offline'),
    device('o2', '10:00:00', 'online'),
  );
  hall.pass(on('13:00:00'));
  const kept = Array.from({ length: 250 }, (_, i) => {
    const time = `09:${String(10 + Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
    return { fact: 'punch', id: `k${String(i).padStart(3, '0')}`, at: on(time), credential: '9', device: 'clock-1' };
  });
  const before = [...hall.core.history.changes()].length;
  await hall.record(...kept);
  const changes = [...hall.core.history.changes()].slice(before);
  const causes = changes.map(({ cause }) => ('facts' in cause ? cause.facts : []));
  expect(causes.length).toBeGreaterThan(0);
  for (const cause of causes) expect(cause).toEqual(kept.slice(0, 100).map(({ id }) => id));
  expect(changes.map(({ verdict }) => `${verdict.rule} ${verdict.employee} ${verdict.state}`)).toContain(
    'absent e2 closed',
  );
});
