/** Whose number of a clock is whose: certain, to be looked at, or nobody's. */
import { expect, test } from 'vitest';
import type { DeviceUser } from '../../../adapters/clock.ts';
import { type EnrolledRow, enrolledRows } from '../../../daemon/clocks/enrolled.ts';

const PEOPLE = [
  { id: 'e01', name: '徐敏' },
  { id: 'e02', name: '刘静' },
  { id: 'e03', name: '刘静' },
  { id: '1004', name: '欧阳 娜' },
  { id: '1005', name: '高倩' },
];

const said = ({ present, proposed, by, doubt }: EnrolledRow): string =>
  present === null ? `${proposed?.id ?? 'nobody'} ${by ?? ''} ${doubt ?? ''}`.trim() : `is ${present.id}`;

function rows(users: readonly (readonly [credential: string, name: string | null])[], owners = {}): readonly string[] {
  const read = users.map(([credential, name]): DeviceUser => ({ credential, name }));
  const owned: Readonly<Record<string, string>> = owners;
  return enrolledRows(read, PEOPLE, (credential) => owned[credential] ?? null).map(said);
}

test.each([
  ['the same name', [['7', '徐敏']], ['e01 name']],
  ['the same name, otherwise written', [['7', '欧阳娜']], ['1004 name']],
  ['the same number and name', [['1005', '高倩']], ['1005 number']],
  ['the same number, no name', [['1005', null]], ['1005 number']],
  ['the same number, another name', [['1005', '徐敏']], ['1005 number other-name']],
  ['a name that two people of the hall have', [['7', '刘静']], ['nobody name two-in-hall']],
  [
    'a name that is twice on the clock',
    [
      ['7', '徐敏'],
      ['8', '徐敏'],
    ],
    ['e01 name two-on-clock', 'e01 name two-on-clock'],
  ],
  [
    'one person by number and by name',
    [
      ['1005', null],
      ['8', '高倩'],
    ],
    ['1005 number two-numbers', '1005 name two-numbers'],
  ],
  [
    'nobody near',
    [
      ['7', '无此人'],
      ['8', null],
    ],
    ['nobody', 'nobody'],
  ],
] as const)('%s', (_what, users, expected) => {
  expect(rows(users)).toEqual(expected);
});

test('a number that is somebody’s stays theirs, and nobody is given a second one by a list alone', () => {
  expect(
    rows(
      [
        ['7', '徐敏'],
        ['8', '徐 敏'],
        ['9', 'x'],
      ],
      { '7': 'e01', '9': 'gone' },
    ),
  ).toEqual(['is e01', 'e01 name two-on-clock', 'is gone']);
  expect(
    rows(
      [
        ['7', null],
        ['8', '徐敏'],
      ],
      { '7': 'e01' },
    ),
  ).toEqual(['is e01', 'e01 name two-numbers']);
});
