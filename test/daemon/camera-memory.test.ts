/** What is remembered of a camera, and which picture shows which moment. */
import { describe, expect, test } from 'vitest';
import type { GrayPicture } from '../../adapters/camera.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import { CameraMemory, type Shot } from '../../daemon/evidence/camera-memory.ts';
import { type Found, type Moment, momentsOf, shotsOf } from '../../daemon/evidence/moments.ts';
import type { PresenceState } from '../../rules/facts.ts';
import { MINUTE, SECOND } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';

const PICTURE: GrayPicture = { width: 100, height: 100, pixels: new Uint8Array(10_000) };

function lookOf(at: number, states: readonly PresenceState[]): CameraLook {
  const seats = states.map((state) => ({ at, state, since: at, reason: null, because: [], wantsPerson: false }));
  return { picture: { at, fault: null, value: 0, limit: 0, shift: null, stir: 0 }, seats };
}

/** `oo..??` : occupied, empty, unknown, a picture every two seconds from `fromS` on. */
function show(memory: CameraMemory, story: string, fromS = 0): void {
  const WORDS: Readonly<Record<string, PresenceState>> = { o: 'occupied', '.': 'empty', '?': 'unknown' };
  for (const [i, sign] of [...story].entries()) {
    const at = (fromS + 2 * i) * SECOND;
    const shot = memory.keep(at, PICTURE);
    if (sign !== ' ') memory.seen(shot, lookOf(at, [WORDS[sign] ?? 'unknown']));
  }
}

const VERDICT: Verdict = {
  rule: 'left-post',
  state: 'open',
  day: 20_000,
  session: 1,
  side: null,
  employee: null,
  window: 'W1',
  department: null,
  from: 0,
  to: null,
  evidence: [],
  because: null,
  run: true,
  config: 'sha256:0',
};

/** Seconds of the found pictures, or why there is none. */
function said(found: Found): string {
  return 'because' in found ? found.because : found.shots.map(({ at }) => at / SECOND).join(' ');
}

const ask = (memory: CameraMemory, moment: Moment, verdict: Partial<Verdict>, nowS: number): string =>
  said(shotsOf(moment, { ...VERDICT, ...verdict }, memory, 0, nowS * SECOND));

describe('the memory of a camera', () => {
  test('never takes more than it may, however its seats come and go', () => {
    const memory = new CameraMemory(3, 105_000);
    let [at, most] = [0, 0];
    for (let i = 0; i < 2000; i++) {
      at += 2 * SECOND;
      const states = [7, 3, 11].map(
        (every, seat): PresenceState => (Math.floor((i + seat) / every) % 2 === 0 ? 'occupied' : 'empty'),
      );
      memory.seen(memory.keep(at, PICTURE), lookOf(at, states));
      most = Math.max(most, memory.bytes);
    }
    expect(most).toBeLessThanOrEqual(105_000);
    expect(most).toBeGreaterThan(80_000);
    // The last pictures are not crowded out by those of absences.
    expect(memory.recent.length).toBeGreaterThanOrEqual(5);
    expect(memory.recent.at(-1)?.at).toBe(at);
  });

  test('keeps the pictures of somebody who left an hour ago', () => {
    const memory = new CameraMemory(1, 200_000);
    show(memory, 'ooo?.');
    show(memory, '.'.repeat(1800), 10);
    expect(memory.lastSeen(0)?.at).toBe(4 * SECOND);
    expect(memory.absences(0)[0]?.left?.at).toBe(8 * SECOND);
    expect(memory.recent).toHaveLength(18);
  });

  test('reaches as far back where pictures come quickly', () => {
    const memory = new CameraMemory(1, 160_000);
    for (let at = 0; at <= 60 * SECOND; at += 400) memory.seen(memory.keep(at, PICTURE), lookOf(at, ['occupied']));
    const times = memory.recent.map(({ at }) => at);
    expect(times.at(-1)).toBe(60 * SECOND);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(14 * SECOND);
    expect(memory.lastSeen(0)?.at).toBe(60 * SECOND);
  });

  test('however small its pictures are remembers half a minute', () => {
    const memory = new CameraMemory(1, 1_000_000_000);
    show(memory, 'o'.repeat(100));
    expect(memory.recent.map(({ at }) => at / SECOND)).toEqual(Array.from({ length: 18 }, (_, i) => 164 + 2 * i));
  });

  test('counts of a keyframe what has come of it', () => {
    const memory = new CameraMemory(1, 50_000);
    const keyframe = { stream: [], bytes: 10_000, digest: '', rois: [] };
    for (let at = 0; at < 40 * SECOND; at += 2 * SECOND) memory.keep(at, keyframe);
    expect([memory.bytes, memory.recent.length]).toEqual([50_000, 5]);
    keyframe.bytes = 20_000;
    memory.keep(40 * SECOND, keyframe);
    expect(memory.bytes).toBeLessThanOrEqual(50_000);
  });

  test('of pictures larger than itself keeps none', () => {
    const memory = new CameraMemory(1, 5_000);
    show(memory, 'oo.o');
    expect([memory.bytes, memory.recent.length]).toEqual([0, 0]);
  });
});

describe('a moment', () => {
  const left = (): CameraMemory => {
    const memory = new CameraMemory(1, 1_000_000);
    show(memory, 'oooo?...........');
    return memory;
  };

  test('is shown by its picture', () => {
    const memory = left();
    const verdict = { from: 10 * SECOND };
    expect(ask(memory, 'last-seen', verdict, 31)).toBe('6');
    expect(ask(memory, 'left', verdict, 31)).toBe('10');
    expect(ask(memory, 'alarm', verdict, 31)).toBe('30');
    expect(ask(memory, 'strip', verdict, 31)).toBe(Array.from({ length: 16 }, (_, i) => 2 * i).join(' '));
    show(memory, 'oo', 40);
    expect(ask(memory, 'return', { ...verdict, to: 40 * SECOND }, 43)).toBe('40');
  });

  test('that is over is not shown by what is now', () => {
    const memory = left();
    const verdict = { from: 10 * SECOND };
    expect(ask(memory, 'alarm', verdict, 60)).toBe('no-frame');
    expect(ask(memory, 'strip', verdict, 60)).toBe('no-frame');
    expect(ask(memory, 'alarm', { from: 0, to: 10 * SECOND }, 31)).toBe('known-later');
    expect(ask(memory, 'return', { ...verdict, to: 30 * SECOND }, 31)).toBe('nobody-back');
    expect(ask(new CameraMemory(1, 1_000_000), 'alarm', verdict, 31)).toBe('no-frame');
  });

  test('before anybody looked is not shown', () => {
    const memory = new CameraMemory(1, 1_000_000);
    expect(ask(memory, 'last-seen', {}, 1)).toBe('not-seen');
    show(memory, '....');
    expect(ask(memory, 'last-seen', { from: 0 }, 8)).toBe('not-seen');
    expect(ask(memory, 'left', { from: 0 }, 8)).toBe('not-seen');
  });

  test('of a case that began long after the seat was left says so, and shows who was seen last', () => {
    const memory = left();
    show(memory, '.'.repeat(300), 32);
    const verdict = { from: 8 * MINUTE };
    expect(ask(memory, 'left', verdict, 631)).toBe('empty-before');
    expect(ask(memory, 'last-seen', verdict, 631)).toBe('6');
  });

  test('of leaving is not shown where the camera was blind meanwhile', () => {
    const memory = new CameraMemory(1, 2_000_000);
    show(memory, `oo${'?'.repeat(40)}..`);
    expect(ask(memory, 'left', { from: 84 * SECOND }, 88)).toBe('not-seen');
    expect(ask(memory, 'last-seen', { from: 84 * SECOND }, 88)).toBe('2');
  });

  test('is that of its own absence, where there were several', () => {
    const memory = new CameraMemory(1, 5_000_000);
    show(memory, 'oo..');
    show(memory, 'oo'.padEnd(60, '.'), 200);
    show(memory, 'oo', 400);
    expect(ask(memory, 'left', { from: 4 * SECOND, to: 200 * SECOND }, 402)).toBe('4');
    expect(ask(memory, 'return', { from: 4 * SECOND, to: 200 * SECOND }, 402)).toBe('200');
    expect(ask(memory, 'left', { from: 204 * SECOND }, 402)).toBe('204');
    expect(ask(memory, 'last-seen', { from: 204 * SECOND }, 402)).toBe('202');
    expect(ask(memory, 'return', { from: 204 * SECOND, to: 400 * SECOND }, 402)).toBe('400');
  });

  test('for which pictures had to make room says that', () => {
    const memory = new CameraMemory(1, 30_000);
    show(memory, 'oo...');
    show(memory, 'oo...', 300);
    expect(ask(memory, 'last-seen', { from: 304 * SECOND }, 310)).toBe('no-room');
  });

  test('is rather one that was looked at', () => {
    const memory = new CameraMemory(1, 1_000_000);
    show(memory, 'oo. ');
    const found = shotsOf('alarm', VERDICT, memory, 0, 7 * SECOND);
    expect(said(found)).toBe('4');
    const shot: Shot | undefined = 'shots' in found ? found.shots[0] : undefined;
    expect(shot?.look?.seats[0]?.state).toBe('empty');
  });
});

test('pictures are for verdicts on windows that stand empty', () => {
  expect(momentsOf(VERDICT)).toContain('last-seen');
  expect(momentsOf({ ...VERDICT, rule: 'missing-cover' })).toContain('left');
  expect(momentsOf({ ...VERDICT, rule: 'left-post-total', run: false })).toEqual(['alarm', 'strip']);
  expect(momentsOf({ ...VERDICT, rule: 'unverified-occupant' })).toEqual([]);
  expect(momentsOf({ ...VERDICT, rule: 'late', window: null, employee: 'e1' })).toEqual([]);
});
