/** Whose number it is by the configuration, on which clock and day. */
import { expect, test } from 'vitest';
import { lastingOwners, mappedBy } from '../../rules/credentials.ts';
import { credentialKey } from '../../rules/hall.ts';
import { hallWith, instantAt } from '../support/hand-hall.ts';

const numbered = (id: string, ...credentials: readonly unknown[]) => ({ id, name: id, schedule: 's', credentials });
const hallOf = (...employees: readonly object[]) => hallWith({ employees, clocks: [{ id: 'k1' }, { id: 'k2' }] });

test.each([
  ['always', {}, ['e1', 'e1', 'e1', 'e1']],
  ['from a day on', { from: '2026-03-03' }, [null, 'e1', 'e1', 'e1']],
  ['until a day', { to: '2026-03-04' }, ['e1', 'e1', 'e1', null]],
  ['for some days', { from: '2026-03-03', to: '2026-03-04' }, [null, 'e1', 'e1', null]],
] as const)('a number that is somebody’s %s', (_, dates, owners) => {
  const hall = hallOf(numbered('e1', { id: '5', ...dates }));
  const mappings = hall.credentials.get(credentialKey(null, '5')) ?? [];
  // Days begin at 04:00.
  const times = ['2026-03-03 03:59:59.999', '2026-03-03 04:00:00', '2026-03-05 03:59:59.999', '2026-03-05 04:00:00'];
  expect(times.map((time) => mappedBy(hall, mappings, instantAt(time)))).toEqual(owners);
});

test('a number that goes from one to another is whose it is on the day', () => {
  const hall = hallOf(numbered('e1', { id: '5', to: '2026-03-02' }), numbered('e2', { id: '5', from: '2026-03-04' }));
  const mappings = hall.credentials.get(credentialKey(null, '5')) ?? [];
  const times = ['2026-03-02 12:00:00', '2026-03-03 12:00:00', '2026-03-04 12:00:00'];
  expect(times.map((time) => mappedBy(hall, mappings, instantAt(time)))).toEqual(['e1', null, 'e2']);
});

test('only a number that is one person’s on every clock and day is theirs for good', () => {
  const hall = hallOf(
    numbered('e1', '1', { id: '2', from: '2026-03-03' }, { id: '3', to: '2026-03-03' }, { id: '7', device: 'k1' }),
    numbered('e2', { id: '8', to: '2026-03-02' }),
    numbered('e3', { id: '8', from: '2026-03-03' }, '9'),
  );
  const owners = lastingOwners(hall);
  expect(Object.fromEntries(owners)).toEqual({ 1: 'e1', 2: null, 3: null, 7: null, 8: null, 9: 'e3' });
});
