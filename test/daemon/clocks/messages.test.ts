/** The latest messages in memory, and what a mapping would make of them. */
import { describe, expect, test } from 'vitest';
import { zoneTable } from '../../../config/zone-table.ts';
import { MessageDesk } from '../../../daemon/clocks/message-desk.ts';
import { Overhearer } from '../../../daemon/clocks/overhearing.ts';
import { RecentMessages } from '../../../daemon/clocks/recent-messages.ts';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const EVENT = { sn: '0F3A', rec: { uid: '000241', ts: '2026-11-20 10:21:17', no: 5, name: '宋岩' } };

describe('the latest messages', () => {
  test('are few of one topic and few in all, and what is new since is known', () => {
    let now = 0;
    const recent = new RecentMessages(() => now);
    for (let i = 0; i < 100; i++) {
      now += 1000;
      recent.came('mqtt', 'beat', bytes(i));
    }
    recent.came('mqtt', 'rare', bytes(1));
    expect(recent.after(0)).toHaveLength(61);
    expect(recent.after(100).map(({ about }) => about)).toEqual(['rare']);
    for (let i = 0; i < 400; i++) {
      now += 1000;
      recent.came('mqtt', `t${i}`, bytes(i));
    }
    expect(recent.after(0)).toHaveLength(300);
  });

  test('of a flood some are left out, and counted', () => {
    const recent = new RecentMessages(() => 5);
    for (let i = 0; i < 5000; i++) recent.came('mqtt', 'flood', bytes(i));
    expect([recent.after(0).length, recent.leftOut]).toEqual([50, 4950]);
  });

  test('say that they were refused when that is known, and show again', () => {
    const recent = new RecentMessages(() => 5);
    recent.came('mqtt', 'a', bytes(1));
    recent.came('mqtt', 'a', bytes(2));
    const [{ revision } = { revision: 0 }] = recent.after(1);
    recent.refused('a', bytes(2), 'why');
    expect(recent.after(revision)).toMatchObject([{ number: 2, fate: 'refused', because: 'why' }]);
    recent.refused('elsewhere', bytes(3), 'else');
    expect(recent.after(0).map(({ fate }) => fate)).toEqual(['taken', 'refused', 'refused']);
  });

  test('say what there is to say of one that was taken', () => {
    const recent = new RecentMessages(() => 5);
    const number = recent.came('mqtt', 'a', bytes(1)) ?? 0;
    recent.came('mqtt', 'a', bytes(2));
    recent.noted(number, 'nobody is known by this credential yet');
    expect(recent.after(2)).toMatchObject([{ number: 1, fate: 'taken', because: expect.stringContaining('nobody') }]);
  });

  test('hold no pictures', () => {
    const recent = new RecentMessages(() => 5);
    recent.came('http', '/push', bytes({ pic: 'QUJD'.repeat(100_000), id: 1 }));
    const [message] = recent.after(0);
    expect([message?.bytes, Buffer.from(message?.payload ?? []).toString()]).toEqual([
      400_017,
      '{"pic":"…(400000)","id":1}',
    ]);
  });
});

function desk() {
  const recent = new RecentMessages(() => Date.parse('2026-11-20T10:21:18+08:00'));
  const clock = { now: () => 0, after: () => () => {} };
  const overhearer = new Overhearer({ mqtt: null, recent, isHeard: () => false, clock });
  const options = {
    recent,
    overhearer,
    clocks: () => new Map(),
    employees: () => [],
    zone: () => zoneTable('Asia/Shanghai'),
  };
  return { recent, overhearer, desk: new MessageDesk({ ...options, file: null, written: () => {} }) };
}

describe('the desk', () => {
  test('shows messages without names', () => {
    const one = desk();
    one.recent.came('mqtt', 'hall/evt', bytes(EVENT), 'overheard');
    const { messages, revision } = one.desk.list(0, 'en');
    expect(messages).toMatchObject([
      { number: 1, fate: 'overheard', json: { value: { rec: { uid: '000241', name: '…(2)' } } } },
    ]);
    expect(one.desk.list(revision, 'en').messages).toEqual([]);
  });

  test('guesses a mapping and shows what it makes of the latest of the kind', () => {
    const one = desk();
    one.recent.came('mqtt', 'hall/evt', bytes(EVENT));
    one.recent.came('mqtt', 'hall/other', bytes({ x: 1 }));
    one.recent.came('mqtt', 'hall/evt', bytes({ ...EVENT, rec: { ...EVENT.rec, ts: '' } }));
    const guess = one.desk.preview({ message: 1, clock: 'clk-4', draft: null }, 'zh');
    expect(guess?.draft).toMatchObject({
      topics: ['hall/evt'],
      items: '/rec',
      fields: { credential: '/uid', seq: '/no' },
    });
    expect(guess?.yaml).toContain('- id: clk-4\n  map:\n    topics:\n      - hall/evt\n');
    expect(guess?.rows).toMatchObject([
      { number: 3, records: [{ kind: 'unfit', because: '打卡时间 /ts：是空的' }] },
      {
        number: 1,
        records: [{ kind: 'punch', punch: { credential: '000241', at: '2026-11-20T10:21:17+08:00', employee: null } }],
      },
    ]);
    expect(JSON.stringify(guess)).not.toContain('宋岩');
    expect(one.desk.preview({ message: 99, clock: 'c', draft: null }, 'zh')).toBeNull();
  });

  test('completes how a time is written, and says what is missing', () => {
    const one = desk();
    one.recent.came('http', '/push', bytes({ a: '7', when: { t: 1_795_141_277 } }));
    const draft = { path: '/push', fields: { credential: '/a', time: { ptr: '/when/t' } } };
    expect(one.desk.preview({ message: 1, clock: 'c', draft }, 'zh')).toMatchObject({
      draft: { fields: { time: { ptr: '/when/t', format: 'unix' } } },
      rows: [{ records: [{ kind: 'punch' }] }],
    });
    expect(
      one.desk.preview({ message: 1, clock: 'c', draft: { path: '/push', fields: { credential: '/a' } } }, 'zh'),
    ).toMatchObject({
      isComplete: false,
      faults: ['fields.time'],
    });
  });

  test('without a file nothing can be written', async () => {
    const one = desk();
    await expect(one.desk.propose({ message: 1, clock: 'c', draft: {} }, 'zh')).rejects.toThrow(
      'the daemon does not know where its configuration is',
    );
  });

  test('at a broker of our own what nobody takes shows only while it is listened for', async () => {
    const one = desk();
    one.overhearer.stray('hall/evt', bytes(EVENT), null);
    await one.desk.listen('hall/#');
    one.overhearer.stray('hall/evt', bytes(EVENT), null);
    one.overhearer.stray('hall/evt', bytes(EVENT), 'it may not');
    one.overhearer.stray('other', bytes(EVENT), null);
    await one.desk.listen(null);
    one.overhearer.stray('hall/evt', bytes(EVENT), null);
    expect(one.recent.after(0).map(({ fate, because }) => [fate, because])).toEqual([
      ['overheard', null],
      ['refused', 'it may not'],
    ]);
  });
});
