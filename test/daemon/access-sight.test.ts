/** What an actor may see of people: a table, and properties that hold for any mixture of roles. */
import { describe, expect, test } from 'vitest';
import { type Actor, ROLES, type Role } from '../../daemon/access/actor.ts';
import { seesDepartment, seesPerson, sightKey, sightOf } from '../../daemon/access/sight.ts';

const actor = (roles: readonly Role[], employee: string | null = null, departments: readonly string[] = []): Actor => ({
  id: 'user:x',
  name: 'X',
  ...{ roles, employee, departments },
});

/** e1 and e2 are of gaj, e3 of ybj; e3 sits at a window of gaj. */
const PEOPLE = {
  e1: { employee: 'e1', departments: ['gaj', 'gaj'] },
  e2: { employee: 'e2', departments: ['gaj', null] },
  e3: { employee: 'e3', departments: ['ybj', 'gaj'] },
  e4: { employee: 'e4', departments: ['ybj', 'ybj'] },
  e5: { employee: 'e5', departments: [null, null] },
} as const;

const EVERYBODY = ['e1', 'e2', 'e3', 'e4', 'e5'];

const CASES: readonly (readonly [
  who: string,
  actor: Actor | null,
  sees: readonly string[],
  departments: readonly string[],
])[] = [
  ['nobody known', null, [], []],
  ['an administrator', actor(['admin']), EVERYBODY, ['gaj', 'ybj']],
  ['a supervisor', actor(['supervisor']), EVERYBODY, ['gaj', 'ybj']],
  ['a manager', actor(['manager']), EVERYBODY, ['gaj', 'ybj']],
  [
    'a chief: their people, and who sits at their windows',
    actor(['chief'], null, ['gaj']),
    ['e1', 'e2', 'e3'],
    ['gaj'],
  ],
  ['a chief of two', actor(['chief'], null, ['gaj', 'ybj']), ['e1', 'e2', 'e3', 'e4'], ['gaj', 'ybj']],
  ['a chief of another department, and themself', actor(['chief'], 'e5', ['ybj']), ['e3', 'e4', 'e5'], ['ybj']],
  ['a chief of nothing', actor(['chief']), [], []],
  ['an employee', actor(['employee'], 'e2'), ['e2'], []],
  [
    'an employee whose account names departments that it is not chief of',
    actor(['employee'], 'e2', ['ybj']),
    ['e2'],
    [],
  ],
  ['an installer', actor(['installer']), [], []],
  ['an installer who is known in the plan', actor(['installer'], 'e1'), [], []],
  ['a screen', actor(['screen']), [], []],
  ['a screen that claims to be somebody', actor(['screen'], 'e1', ['gaj']), [], []],
  ['someone without a role', actor([], 'e1', ['gaj']), [], []],
  ['an employee who is a supervisor', actor(['employee', 'supervisor'], 'e2'), EVERYBODY, ['gaj', 'ybj']],
  ['an employee who installs', actor(['installer', 'employee'], 'e2'), ['e2'], []],
];

test.each(CASES)('%s', (_, who, sees, departments) => {
  const sight = sightOf(who);
  expect(Object.values(PEOPLE).flatMap((one) => (seesPerson(sight, one) ? [one.employee] : []))).toEqual(sees);
  expect(['gaj', 'ybj'].filter((one) => seesDepartment(sight, one))).toEqual(departments);
  expect(seesDepartment(sight, null)).toBe(sight.of === 'everybody');
});

describe('whatever the roles', () => {
  const mixtures = Array.from({ length: 2 ** ROLES.length }, (_, bits) => ROLES.filter((_role, i) => (bits >> i) & 1));

  test('one more role never hides anybody', () => {
    for (const roles of mixtures) {
      for (const more of ROLES) {
        const [before, after] = [roles, [...roles, more]].map((all) => sightOf(actor(all, 'e1', ['ybj'])));
        for (const person of Object.values(PEOPLE)) {
          if (before !== undefined && seesPerson(before, person)) expect(after && seesPerson(after, person)).toBe(true);
        }
      }
    }
  });

  test('equal keys see the same, and other keys do not', () => {
    const sights = mixtures.flatMap((roles) =>
      [null, 'e1', 'e3'].flatMap((employee) =>
        [[], ['gaj'], ['ybj'], ['ybj', 'gaj'], ['gaj', 'ybj', 'gaj']].map((all) =>
          sightOf(actor(roles, employee, all)),
        ),
      ),
    );
    const seen = new Map<string, string>();
    for (const sight of sights) {
      const what = JSON.stringify(Object.values(PEOPLE).map((person) => seesPerson(sight, person)));
      expect(seen.get(sightKey(sight)) ?? what).toBe(what);
      seen.set(sightKey(sight), what);
    }
    expect(seen.size).toBeGreaterThan(8);
  });
});
