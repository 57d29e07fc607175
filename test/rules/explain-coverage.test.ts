/** What explanations say of where a punch could be that is not known; worked out by hand. */
import { describe, expect, test } from 'vitest';
import { explained } from '../support/explained.ts';
import { at, device, hallWith, punch } from '../support/hand-hall.ts';

type Line = Readonly<Record<string, unknown>>;

describe('where a punch could be', () => {
  const told = (time: string, ...lines: readonly Line[]) => {
    const { coverage, used, doubts } = explained('absent', lines, { time });
    const states = coverage?.outages.map(
      ({ device: name, state, proof }) => `${name} ${state}${proof === null ? '' : ` ${proof}`}`,
    );
    return {
      states,
      used: used.map(({ role, fact }) => `${role} ${fact.id}`),
      doubts: doubts.map(({ reason }) => reason),
    };
  };
  const off = device('09:10:00', 'k1', 'offline', { id: 'off' });
  const on = device('09:20:00', 'k1', 'online', { id: 'on' });
  const other = (id: string, time: string, more: Line = {}): Line =>
    punch(time, 'e1', { id, employee: undefined, credential: '9', ...more });

  test.each<
    [
      what: string,
      time: string,
      lines: readonly Line[],
      states: readonly string[],
      used: readonly string[],
      doubts: readonly string[],
    ]
  >([
    ['nowhere', '11:00:00', [device('08:00:00', 'k1', 'online')], [], [], []],
    ['in a clock that is offline', '11:00:00', [off], ['k1 offline'], ['offline off'], ['uncovered']],
    [
      'in one that is just back',
      '12:04:59',
      [
        { ...off, at: at('11:00:00') },
        { ...on, at: at('12:00:00') },
      ],
      ['k1 settling'],
      ['offline off', 'online on'],
      ['uncovered'],
    ],
    [
      'in one that is back long enough',
      '11:05:00',
      [off, { ...on, at: at('11:00:00') }],
      ['k1 unproved'],
      ['offline off', 'online on'],
      ['uncovered'],
    ],
    [
      'in one that has proved nothing',
      '11:00:00',
      [off, on],
      ['k1 unproved'],
      ['offline off', 'online on'],
      ['uncovered'],
    ],
    [
      'not in one that kept recording',
      '11:00:00',
      [off, on, other('proof', '09:15:00')],
      ['k1 proved proof'],
      ['offline off', 'online on', 'proof proof'],
      [],
    ],
    [
      'not in one that kept recording, which its first touch proves',
      '11:00:00',
      [off, on, other('first', '09:10:00'), other('second', '09:19:59.999')],
      ['k1 proved first'],
      ['offline off', 'online on', 'proof first'],
      [],
    ],
    [
      'not in one that has everything in, as it said first when it was back',
      '11:00:00',
      [
        device('09:00:00', 'k1', 'complete'),
        off,
        on,
        device('09:20:00', 'k1', 'complete', { id: 'at once' }),
        device('10:00:00', 'k1', 'complete', { id: 'again' }),
      ],
      ['k1 proved at once'],
      ['offline off', 'online on', 'complete at once'],
      [],
    ],
    [
      'not in one that says just now that everything is in',
      '11:00:00',
      [off, on, device('11:00:00', 'k1', 'complete', { id: 'all' })],
      ['k1 proved all'],
      ['offline off', 'online on', 'complete all'],
      [],
    ],
    [
      'in one that was offline twice, and said so twice the second time',
      '11:00:00',
      [
        device('08:00:00', 'k1', 'offline', { id: 'off1' }),
        device('08:10:00', 'k1', 'online', { id: 'on1' }),
        { ...off, id: 'off2' },
        { ...off, id: 'off3' },
        { ...on, id: 'on2' },
        { ...on, id: 'on3' },
        other('proof', '08:05:00'),
      ],
      ['k1 proved proof', 'k1 unproved'],
      ['offline off1', 'online on1', 'proof proof', 'offline off2', 'online on2'],
      ['uncovered'],
    ],
    [
      'in one that is offline, whatever it had said before',
      '11:00:00',
      [device('08:00:00', 'k1', 'complete'), off],
      ['k1 offline'],
      ['offline off'],
      ['uncovered'],
    ],
    [
      'not in what the daemon missed, of which nobody asks that everything is in',
      '11:00:00',
      [
        device('09:10:00', 'daemon', 'offline', { id: 'off' }),
        device('09:20:00', 'daemon', 'online', { id: 'on' }),
        device('10:00:00', 'daemon', 'complete'),
      ],
      ['daemon proved'],
      ['offline off', 'online on'],
      [],
    ],
    [
      'not in one that has everything in',
      '11:00:00',
      [off, on, device('10:00:00', 'k1', 'complete', { id: 'all' })],
      ['k1 proved all'],
      ['offline off', 'online on', 'complete all'],
      [],
    ],
    [
      'not in what the daemon missed and has caught up with',
      '11:00:00',
      [device('09:10:00', 'daemon', 'offline', { id: 'off' }), device('09:20:00', 'daemon', 'online', { id: 'on' })],
      ['daemon proved'],
      ['offline off', 'online on'],
      [],
    ],
    [
      'not in an outage that was over before',
      '11:00:00',
      [device('06:00:00', 'k1', 'offline'), device('06:30:00', 'k1', 'online')],
      [],
      [],
      [],
    ],
  ])('%s', (_, time, lines, states, used, doubts) => expect(told(time, ...lines)).toEqual({ states, used, doubts }));

  test.each<[what: string, ...proof: readonly Line[]]>([
    ['at its end', other('p', '09:20:00')],
    ['before it', other('p', '09:09:59')],
    ['of another clock', other('p', '09:15:00', { device: 'k2' })],
    ['by a form', other('p', '09:15:00', { method: 'correction' })],
    ['that was taken back', other('p', '09:15:00'), { fact: 'cancel', id: 'cancel', at: at('10:00:00'), target: 'p' }],
    ['that nobody knows yet', other('p', '09:15:00', { recordedAt: at('11:30:00') })],
  ])('is not proved by a punch %s', (_, ...proof) => {
    const hall = hallWith({
      clocks: [{ id: 'k1' }, { id: 'k2', serves: ['e9'] }],
      employees: [
        { id: 'e1', name: 'E1', schedule: 's' },
        { id: 'e9', name: 'E9' },
      ],
    });
    const { coverage } = explained('absent', [off, on, ...proof], { time: '11:00:00', hall });
    expect(coverage?.outages).toMatchObject([{ state: 'unproved', proof: null }]);
  });

  test('in what was lost with a ledger, until the clock has everything in', () => {
    const lost = [
      device('09:10:00', 'daemon', 'offline', { id: 'lost', lostUntil: at('09:20:00') }),
      device('09:20:00', 'daemon', 'online'),
    ];
    expect(told('11:00:00', ...lost).states).toEqual(['daemon proved', 'k1 lost']);
    const proofs = [off, on, other('p', '09:15:00')];
    expect(told('11:00:00', ...lost, ...proofs).states).toEqual(['k1 unproved', 'daemon proved', 'k1 lost']);
    expect(told('11:00:00', ...lost, device('10:00:00', 'k1', 'complete', { id: 'all' })).states).toEqual([
      'daemon proved',
      'k1 proved all',
    ]);
  });
});
