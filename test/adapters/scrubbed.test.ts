import { expect, test } from 'vitest';
import { scrubbed, scrubbedText, withoutPictures } from '../../adapters/scrubbed.ts';

test('pictures, names, numbers of people and passwords are left out, and how it is built stays', () => {
  const message = {
    sn: '0F3A',
    info: { userName: 'Xu Min', note: '徐敏', no: '420123199001011234', uid: '000241', ts: '2026-11-20 10:21:17' },
    face: { feature: ['AAAA', 7], box: [1, 2] },
    raw: `data:image/png;base64,AA`,
    long: 'x'.repeat(201),
    password: 'hunter2',
    tel: 13900000000,
    facesluiceId: '1026700',
  };
  expect(scrubbed(message)).toEqual({
    sn: '0F3A',
    info: { userName: '…(6)', note: '…(2)', no: '…(18)', uid: '000241', ts: '2026-11-20 10:21:17' },
    face: { feature: ['…(4)', '…(0)'], box: ['…(0)', '…(0)'] },
    raw: '…(24)',
    long: '…(201)',
    password: '…(7)',
    tel: '…(0)',
    facesluiceId: '1026700',
  });
  expect(withoutPictures(message)).toMatchObject({ info: { userName: 'Xu Min' }, long: '…(201)', raw: '…(24)' });
});

test.each([
  [
    '{"uid":"241","personName":"Xu Min","pic":"QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD',
    '{"uid":"241","personName":…(8),"pic":…(6)',
  ],
  ['PIN=1001\tName=Xu&Passwd=123', 'PIN=1001\tName=…(2)&Passwd=…(3)'],
  ['徐敏 420123199001011234', '…(2) …(18)'],
])('what is no JSON is treated alike: %j', (raw, kept) => {
  expect(scrubbedText(Buffer.from(raw))).toBe(kept);
});

test('what is endless is cut', () => {
  expect(scrubbedText(Buffer.from('['.repeat(100_000))).length).toBeLessThanOrEqual(4000);
  expect(scrubbedText(Buffer.from(JSON.stringify(Array.from({ length: 5000 }, (_, i) => i)))).length).toBeLessThan(
    2000,
  );
});
