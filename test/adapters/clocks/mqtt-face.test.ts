import { describe, expect, test } from 'vitest';
import { mqttFaceClock } from '../../../adapters/clocks/mqtt-face.ts';
import { mqttFace } from '../../../config/clocks/mqtt-face.ts';
import { parseInstant } from '../../../rules/time.ts';
import { clockAround, clockEar } from '../../support/clock-ear.ts';
import { recPush } from '../../support/face-terminal.ts';
import { garbled } from '../../support/garbled-json.ts';

const REC = recPush('1026700', { RecordID: '389', customId: '1001', time: '2026-04-10 10:00:07' });

function opened(written: object = {}) {
  const ear = clockEar();
  const clock = mqttFaceClock(mqttFace.parse({ kind: 'mqtt-face', device: '1026700', ...written }), clockAround());
  const say = async (topic: string, value: unknown): Promise<readonly unknown[]> => {
    const replies = await clock.mqtt?.message(
      { topic, payload: Buffer.from(JSON.stringify(value)), retained: false },
      ear.listener,
    );
    return (replies ?? []).map((reply) => ({ ...reply, payload: JSON.parse(reply.payload) as unknown }));
  };
  return { ear, clock, say };
}

const info = (more: object) => ({ operator: 'RecPush', info: { ...(REC as { info: object }).info, ...more } });
const REC_TOPIC = 'mqtt/face/1026700/Rec';

describe('a recognition', () => {
  test('is a punch with what may be kept of it, and is acknowledged by its number', async () => {
    const { ear, say } = opened();
    expect(await say(REC_TOPIC, REC)).toEqual([
      {
        topic: 'mqtt/face/1026700',
        payload: { operator: 'PushAck', messageId: '389', info: { PushAckType: 2, SnapOrRecordID: '389' } },
      },
    ]);
    expect([...ear.kept.values()]).toEqual([
      {
        punch: { credential: '1001', deviceAt: parseInstant('2026-04-10T10:00:07+08:00'), seq: 389, method: null },
        original: {
          digest: expect.any(String),
          kept: { VerifyStatus: '1', PersonType: '0', Sendintime: 1, PushType: 0, direction: 'in' },
        },
      },
    ]);
  });

  test.each(['2', '3'])('that was refused (VerifyStatus %s) is no punch, and is acknowledged', async (VerifyStatus) => {
    const { ear, say } = opened();
    expect(await say(REC_TOPIC, info({ VerifyStatus }))).toHaveLength(1);
    expect([ear.kept.size, ear.refused.length]).toEqual([0, 0]);
  });

  test('whose status nobody knows is kept aside until somebody says what it means', async () => {
    const { ear, say } = opened();
    await say(REC_TOPIC, info({ VerifyStatus: '0' }));
    expect(ear.refused).toMatchObject([{ because: 'verification /VerifyStatus: is none of 1, 2, 3' }]);
    const told = opened({ passed: ['0', '1'] });
    await told.say(REC_TOPIC, info({ VerifyStatus: '0' }));
    expect(told.ear.kept.size).toBe(1);
  });

  test('of somebody enrolled at the device has no customId: nobody else’s number is taken for it', async () => {
    const { ear, say } = opened();
    await say(REC_TOPIC, info({ customId: '' }));
    expect(ear.kept.size).toBe(0);
    expect(ear.refused[0]?.because).toBe('credential /customId: is empty');
    expect(Buffer.from(ear.refused[0]?.payload ?? []).toString()).not.toMatch(/宋岩|420123|QUJDQUJD/);
    const byPerson = opened({ credential: 'personId' });
    await byPerson.say(REC_TOPIC, info({ customId: '' }));
    expect([...byPerson.ear.kept.values()][0]?.punch.credential).toBe('3');
  });

  test.each([
    ['RecPushAck', { operator: 'RecPushAck', info: { customId: '1001', RecordID: '389', result: 'success' } }],
    ['none', null],
  ])('is answered by %s where the device wants that', async (acknowledgement, payload) => {
    const { say } = opened({ acknowledgement });
    expect(await say(REC_TOPIC, REC)).toEqual(payload === null ? [] : [{ topic: 'mqtt/face/1026700', payload }]);
  });
});

describe('what is no recognition', () => {
  test('a stranger is acknowledged and forgotten', async () => {
    const { ear, say } = opened();
    const replies = await say('mqtt/face/1026700/Snap', {
      operator: 'StrSnapPush',
      info: { SnapID: '946', pic: 'data:…' },
    });
    expect(replies).toMatchObject([
      { payload: { operator: 'PushAck', info: { PushAckType: 1, SnapOrRecordID: '946' } } },
    ]);
    expect([ear.kept.size, ear.refused.length]).toEqual([0, 0]);
  });

  test('a heartbeat shows its clock, online is answered, and a last will is no sign of life', async () => {
    const { ear, say, clock } = opened();
    const common = { facesluiceId: '1026700', time: '2026-04-10 10:00:00' };
    await say('mqtt/face/heartbeat', { operator: 'HeartBeat', info: common });
    const at = parseInstant('2026-04-10T10:00:00+08:00');
    expect(ear.signs).toEqual([{ deviceAt: at }]);
    expect(await say('mqtt/face/basic', { operator: 'Online', info: common })).toMatchObject([
      {
        topic: 'mqtt/face/1026700',
        payload: { operator: 'Online-Ack', info: { facesluiceId: '1026700', result: 'ok' } },
      },
    ]);
    expect(ear.signs).toHaveLength(2);
    await say('mqtt/face/basic', { operator: 'Offline', info: { facesluiceId: '1026700' } });
    expect(ear.signs.slice(2)).toEqual([{ isLeaving: true }]);
    const ofOther = Buffer.from(JSON.stringify({ operator: 'HeartBeat', info: { facesluiceId: '7' } }));
    expect(clock.mqtt?.isMine?.({ topic: 'mqtt/face/heartbeat', payload: ofOther, retained: false })).toBe(false);
  });
});

test('in the other layout every topic is under the device’s own', async () => {
  const { ear, clock, say } = opened({ layout: 'device' });
  const own = 'mqtt/device/face/1026700';
  expect(clock.mqtt?.topics).toEqual(['Rec', 'Snap', 'Ack', 'heartbeat', 'basic'].map((last) => `${own}/${last}`));
  await say(`${own}/Rec`, REC);
  await say(`${own}/heartbeat`, { messageId: '1', operator: 'HeartBeat', info: { time: '2026-04-10 10:00:00' } });
  expect([ear.kept.size, ear.signs.length]).toEqual([1, 1]);
});

test('10 000 messages that went wrong are each taken or kept aside, and none is thrown', async () => {
  const { ear, clock } = opened();
  for (const payload of garbled([REC], 10_000, 11)) {
    await clock.mqtt?.message({ topic: REC_TOPIC, payload, retained: false }, ear.listener);
  }
  expect(ear.delivered).toBeGreaterThan(1000);
  expect(ear.refused.length).toBeGreaterThan(2000);
  expect(ear.refused.every(({ because }) => because !== '')).toBe(true);
  const aside = Buffer.concat(ear.refused.map(({ payload }) => payload)).toString();
  expect(/420123199001011234|(?:QUJD){20}|宋岩/.exec(aside)).toBeNull();
}, 120_000);
