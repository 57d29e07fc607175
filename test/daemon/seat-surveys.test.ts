/** Surveys of cameras: for as long as was asked, of so many at once, and each of its own camera. */
import { expect, test } from 'vitest';
import { SeatSurveys } from '../../daemon/cameras/seat-surveys.ts';
import { drawScene, sceneLook } from '../../daemon/demo/seat-scene.ts';
import { HOUR, MINUTE } from '../../rules/time.ts';

test('a survey ends when its time is over, and keeps what it found', () => {
  let now = 0;
  const surveys = new SeatSurveys({ now: () => now });
  expect(surveys.reading('cam-1')).toBeNull();
  expect(surveys.begin('cam-1', 4 * MINUTE)).toBe(true);
  for (; now < 10 * MINUTE; now += 2000) {
    // The clerk comes to work when it is over: of that nothing is to be seen.
    const clerk = now < 4 * MINUTE ? {} : { clerk: 1 };
    const frame = { at: now, whole: drawScene(sceneLook(4), now / 1000, clerk, 2), seats: [] };
    surveys.see('cam-1', frame);
    surveys.see('cam-2', frame);
  }
  expect(surveys.reading('cam-1')).toEqual({ beganAt: 0, endsAt: 4 * MINUTE, state: 'done', seats: [] });
  expect(surveys.reading('cam-2')).toBeNull();
  surveys.begin('cam-1', 4 * MINUTE);
  for (const endsAt = now + 4 * MINUTE; now < endsAt; now += 2000)
    surveys.see('cam-1', { at: now, whole: drawScene(sceneLook(4), now / 1000, { clerk: 1 }, 2), seats: [] });
  expect(surveys.reading('cam-1')?.seats).toHaveLength(1);
}, 120_000);

test('sixteen are watched at once; a further one may begin when another has ended', () => {
  let now = 0;
  const surveys = new SeatSurveys({ now: () => now });
  const begun = Array.from({ length: 17 }, (_, i) => surveys.begin(`cam-${i}`, HOUR));
  expect(begun.map(Number).join('')).toBe('11111111111111110');
  expect(surveys.begin('cam-3', HOUR)).toBe(true);
  now = HOUR;
  expect(surveys.begin('cam-16', HOUR)).toBe(true);
});
