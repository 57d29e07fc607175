/** The properties of the detector that no film would show: what changes nothing, and what is never learnt. */
import { describe, expect, test } from 'vitest';
import type { CameraFrame, GrayPicture } from '../../../adapters/camera.ts';
import { FrameCutter, layoutOf } from '../../../adapters/cameras/frame-graph.ts';
import { CameraOccupancy } from '../../../adapters/vision/camera-occupancy.ts';
import { SeatOccupancy, type SeatVerdict } from '../../../adapters/vision/occupancy.ts';
import { LEARNING, PERSON, REFERENCE } from '../../../adapters/vision/occupancy-limits.ts';
import type { PictureState } from '../../../adapters/vision/picture-health.ts';
import { ReferenceBank } from '../../../adapters/vision/reference-bank.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook, shrunk } from '../../../daemon/demo/seat-scene.ts';
import { MINUTE, type Ms, SECOND } from '../../../rules/time.ts';

const LOOK = sceneLook(7);
const seatAt = (second: number, moment: SceneMoment, look = LOOK): GrayPicture =>
  cutOut(drawScene(look, second, moment), SCENE_SEAT, 48, 60);

/** Looks at a seat once a second; the last verdict. */
function sit(seat: SeatOccupancy, from: number, seconds: number, moment: SceneMoment): SeatVerdict {
  let last: SeatVerdict | null = null;
  for (let second = from; second < from + seconds; second++)
    last = seat.look(second * SECOND, seatAt(second, moment), 0);
  if (last === null) throw new Error('no look');
  return last;
}

function knowing(moment: SceneMoment = {}): SeatOccupancy {
  const seat = new SeatOccupancy();
  seat.learnEmpty(0, seatAt(0, moment));
  return seat;
}

const LIGHTS: readonly SceneMoment[] = [0.45, 0.6, 0.8, 1.2, 1.5].flatMap((gain) =>
  [-15, 0, 15].map((offset) => ({ gain, offset: gain < 0.6 ? Math.max(0, offset) : offset })),
);

describe('light', () => {
  test.each(LIGHTS)('of gain $gain and offset $offset turns nobody into somebody, nor the other way', (light) => {
    const empty = knowing();
    expect(sit(empty, 0, 8, {}).state).toBe('empty');
    for (let second = 8; second < 20; second++)
      expect(empty.look(second * SECOND, seatAt(second, light), 0).state).not.toBe('occupied');
    const occupied = knowing();
    expect(sit(occupied, 0, 20, { clerk: 1 }).state).toBe('occupied');
    for (let second = 20; second < 40; second++)
      expect(occupied.look(second * SECOND, seatAt(second, { ...light, clerk: 0.5 }), 0).state).not.toBe('empty');
  });
});

describe('a still sitter', () => {
  test.each([1, 2, 3, 4, 5, 6])('of whom no reference is known is never empty (scene %i)', (seed) => {
    const seat = new SeatOccupancy();
    const look = sceneLook(20 + seed);
    for (let second = 0; second < 300; second++) {
      const verdict = seat.look(second * SECOND, seatAt(second, { clerk: 0 }, look), 0);
      expect(verdict.state).not.toBe('empty');
      if (verdict.state === 'unknown') expect(verdict.reason).not.toBeNull();
    }
  });

  test.each([1, 2, 3, 4, 5, 6])('is never like the empty seat (scene %i)', (seed) => {
    const look = sceneLook(40 + seed);
    const seat = new SeatOccupancy();
    seat.learnEmpty(0, seatAt(0, {}, look));
    for (let second = 0; second < 60; second++)
      expect(seat.look(second * SECOND, seatAt(second, { clerk: 0 }, look), 0).state).not.toBe('empty');
  });
});

describe('a reference that shows somebody', () => {
  test.each([61, 62, 63])('is not believed for long (scene %i)', (seed) => {
    const look = sceneLook(seed);
    const seat = new SeatOccupancy();
    seat.learnEmpty(0, seatAt(0, { clerk: 0.15 }, look));
    const reasons: (string | null)[] = [];
    for (let second = 1; second < 150; second++)
      reasons.push(seat.look(second * SECOND, seatAt(second, { clerk: 0.15 }, look), 0).reason);
    expect(reasons).toContain('conflict');
    // Null = something is said, and of this seat that is mostly what is wrong.
    expect(reasons.filter((reason) => reason === null).length).toBeLessThan(reasons.length / 2);
  });
});

describe('a verdict', () => {
  test('says by which numbers', () => {
    const seat = knowing();
    const empty = sit(seat, 0, 8, {});
    expect(empty).toMatchObject({ state: 'empty', reason: null, wantsPerson: false });
    const votes = Object.fromEntries(empty.because.map((vote) => [vote.witness, vote]));
    expect(votes['reference']).toMatchObject({ says: 'empty', limit: REFERENCE.sameShare });
    expect(votes['reference']?.value).toBeLessThanOrEqual(REFERENCE.sameShare);
    expect(votes['patch']?.says).toBe('empty');
    expect(votes['motion']?.value).toBeLessThan(votes['motion']?.limit ?? 0);
    const occupied = sit(seat, 8, 20, { clerk: 1 });
    expect(occupied.state).toBe('occupied');
    expect(occupied.since).toBeGreaterThan(8 * SECOND);
    expect(occupied.because.find(({ witness }) => witness === 'motion')?.says).toBe('occupied');
  });

  test('takes back an empty seat at the first look that disagrees', () => {
    const seat = knowing();
    sit(seat, 0, 8, {});
    expect(seat.look(8 * SECOND, seatAt(8, { clerk: 0 }), 0)).toMatchObject({ state: 'unknown', reason: 'still' });
  });

  test('of a blind camera is unknown with its reason, and begins anew afterwards', () => {
    const seat = knowing();
    sit(seat, 0, 8, {});
    const dark: PictureState = { at: 8000, fault: 'dark', value: 3, limit: 18, shift: null, stir: 0 };
    expect(seat.blind(8 * SECOND, dark)).toMatchObject({ state: 'unknown', reason: 'dark' });
    expect(seat.look(9 * SECOND, seatAt(9, {}), 0).state).toBe('unknown');
    expect(sit(seat, 10, 6, {}).state).toBe('empty');
  });
});

describe('a model that knows people', () => {
  const asked = (seat: SeatOccupancy, from: number, seconds: number, moment: SceneMoment, score: number) => {
    let last: SeatVerdict | null = null;
    let asks = 0;
    for (let second = from; second < from + seconds; second++) {
      const at = second * SECOND;
      const opinion = last?.wantsPerson ? { at, score } : null;
      asks += opinion === null ? 0 : 1;
      last = seat.look(at, seatAt(second, moment), 0, opinion);
    }
    return { last, asks };
  };

  test('is asked in doubt only, and now and then', () => {
    const seat = knowing();
    expect(asked(seat, 0, 20, {}, 0).asks).toBe(0);
    const { asks } = asked(seat, 20, 60, { chairAside: 9 }, 0.3);
    expect(asks).toBeGreaterThan(0);
    expect(asks).toBeLessThanOrEqual(60 / (PERSON.everyMs / SECOND));
  });

  test('finds the still sitter', () => {
    const { last } = asked(new SeatOccupancy(), 0, 30, { clerk: 0 }, 0.8);
    expect(last).toMatchObject({ state: 'occupied' });
  });

  /** Long enough for the model to be asked as often as it takes. */
  const proving = (PERSON.provenLooks * PERSON.provingMs) / SECOND + 20;
  const leaving = 60;
  const believing = PERSON.absentSpanMs / SECOND;

  test('must see nobody again and again before a seat with something on it is empty', () => {
    const seat = knowing();
    const { asks } = asked(seat, 0, proving, { clerk: 1 }, 0.8);
    expect(asks).toBeGreaterThanOrEqual(PERSON.provenLooks);
    expect(asked(seat, proving, leaving + believing / 2, { coat: true }, 0.05).last?.state).toBe('unknown');
    const after = proving + leaving + believing / 2;
    expect(asked(seat, after, believing, { coat: true }, 0.05).last?.state).toBe('empty');
  });

  test('says nobody in vain where it has not shown that it sees people', () => {
    const blind = knowing();
    // Somebody who moves is asked about, too; this model does not see them.
    expect(asked(blind, 0, proving, { clerk: 1 }, 0.05)).toMatchObject({ last: { state: 'occupied' } });
    const unproven = new SeatOccupancy();
    for (const seat of [blind, unproven])
      expect(asked(seat, proving, 5 * believing, { clerk: 0 }, 0.05).last?.state).not.toBe('empty');
  });

  test('that missed somebody once must show it anew', () => {
    const seat = knowing();
    asked(seat, 0, proving, { clerk: 1 }, 0.8);
    // Asked again after a while, it misses them.
    const again = PERSON.provenAgainMs / SECOND + 30;
    asked(seat, proving, again, { clerk: 1 }, 0.05);
    expect(asked(seat, proving + again, leaving + 3 * believing, { coat: true }, 0.05).last?.state).toBe('unknown');
  });

  test('that contradicts the empty seat makes a doubt', () => {
    const seat = knowing();
    sit(seat, 0, 8, {});
    const verdict = seat.look(8 * SECOND, seatAt(8, {}), 0, { at: 8 * SECOND, score: 0.9 });
    expect(verdict).toMatchObject({ state: 'unknown', reason: 'conflict' });
  });

  test('is not held against the empty seat for whom it saw there before', () => {
    const seat = knowing();
    expect(asked(seat, 0, 30, { clerk: 0 }, 0.8).last?.state).toBe('occupied');
    expect(asked(seat, 30, 8, {}, 0.05).last?.state).toBe('empty');
  });
});

describe('learning by itself', () => {
  const STEP = 5;
  /** Looks every few seconds, for hours. */
  function pass(seat: SeatOccupancy, from: number, seconds: number, moment: (second: number) => SceneMoment): number {
    for (let second = from; second < from + seconds; second += STEP)
      seat.look(second * SECOND, seatAt(second, moment(second)), 0);
    return from + seconds;
  }
  const still = LEARNING.stillMs / SECOND + 30;
  const apart = LEARNING.spanMs / SECOND / (LEARNING.episodes - 1);

  test('takes a picture for empty that came back, over a day, with people in between', () => {
    const seat = new SeatOccupancy();
    let now = 0;
    for (let time = 0; time < LEARNING.episodes; time++) {
      expect(seat.references).toEqual([]);
      pass(seat, now, still, () => ({}));
      pass(seat, now + still, 150, () => ({ clerk: 1 }));
      now += apart;
    }
    expect(seat.references.map(({ origin }) => origin)).toEqual(['learnt', 'learnt', 'learnt']);
    expect(sit(seat, now, 10, {}).state).toBe('empty');
    expect(sit(seat, now + 10, 20, { clerk: 1 }).state).toBe('occupied');
  });

  test.each([12, 150])('does not take somebody asleep for it, before whom people stand for %d s', (seconds) => {
    const seat = new SeatOccupancy();
    let now = 0;
    for (let time = 0; time < LEARNING.episodes; time++) {
      now = pass(seat, now, still, () => ({ clerk: 0 }));
      now = pass(seat, now, seconds, (second) => ({ clerk: 0, passer: 0.4 + 0.1 * Math.sin(second) }));
    }
    expect(seat.references).toEqual([]);
  });

  test('does not take one long stillness for it', () => {
    const seat = new SeatOccupancy();
    pass(seat, 0, 2 * still, () => ({}));
    pass(seat, LEARNING.spanMs / SECOND, 2 * still, () => ({}));
    expect(seat.references).toEqual([]);
  });

  test('lets a known empty seat follow the daylight, and nobody slip in with it', () => {
    const seat = knowing();
    const sun = (second: number): SceneMoment => ({ sun: Math.min(40, Math.max(0, (second - 60) / 20)) });
    const now = pass(seat, 0, 900, sun);
    const learnt = seat.references.filter(({ origin }) => origin === 'learnt');
    expect(learnt.length).toBeLessThanOrEqual(REFERENCE.mostLearnt);
    for (let second = now; second < now + 30; second++)
      expect(seat.look(second * SECOND, seatAt(second, { ...sun(second), clerk: 0 }), 0).state).not.toBe('empty');
  });
});

describe('the references', () => {
  const reference = (at: Ms, moment: SceneMoment, origin: 'given' | 'learnt') => ({
    picture: seatAt(at, moment),
    at,
    origin,
  });

  test('of day and night, given and learnt, do not push each other out', () => {
    const bank = new ReferenceBank();
    bank.add(reference(0, { gain: 0.2 }, 'given'));
    bank.add(reference(1, {}, 'learnt'));
    for (let i = 2; i < 12; i++) bank.add(reference(i, {}, 'given'));
    expect(bank.references.map(({ at }) => at)).toEqual([0, 1, 6, 7, 8, 9, 10, 11]);
  });

  test('survive a restart', () => {
    const before = knowing();
    const after = new SeatOccupancy(before.references);
    expect(sit(after, 0, 8, {}).state).toBe('empty');
  });
});

describe('a camera with several seats', () => {
  const OTHER = { x: 0.02, y: 0.2, width: 0.28, height: 0.6 };
  const at = (second: number): CameraFrame => {
    const scene = drawScene(LOOK, second, second < 20 ? {} : { clerk: 1 });
    return {
      at: second * SECOND,
      whole: shrunk(scene, 160, 90),
      seats: [cutOut(scene, SCENE_SEAT, 48, 60), cutOut(scene, OTHER, 48, 60)],
    };
  };
  const frames = Array.from({ length: 50 }, (_, second) => at(second));
  const states = (order: readonly number[]): string[] => {
    const camera = new CameraOccupancy({ places: order.map((seat) => [SCENE_SEAT, OTHER][seat] ?? OTHER) });
    for (const [place, seat] of order.entries()) camera.learnEmpty(place, 0, frames[0]?.seats[seat] as GrayPicture);
    return frames.map((frame) => {
      const seats = order.map((seat) => frame.seats[seat] as GrayPicture);
      const verdicts = camera.see({ ...frame, seats })?.seats ?? [];
      return order
        .map((seat, place) => `${seat}:${JSON.stringify(verdicts[place])}`)
        .sort()
        .join(' ');
    });
  };

  test('judges each by itself, in whatever order they come', () => {
    expect(states([1, 0])).toEqual(states([0, 1]));
  });

  test('does not care how its bytes are cut into chunks', () => {
    const layout = layoutOf([{ kind: 'box', ...SCENE_SEAT }]);
    const bytes = Buffer.alloc(layout.bytes * 20);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 2_654_435_761) >>> 24;
    const run = (sizes: readonly number[]) => {
      const cutter = new FrameCutter(layout);
      const camera = new CameraOccupancy({ places: [SCENE_SEAT] });
      const looks: unknown[] = [];
      let frame = 0;
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        for (const cut of cutter.push(bytes.subarray(from, from + size)))
          looks.push(camera.see({ at: frame++ * SECOND, ...cut }));
        from += size;
      }
      return looks;
    };
    expect(run([layout.bytes])).toHaveLength(20);
    expect(run([1000, 7, 65_536])).toEqual(run([layout.bytes]));
    expect(run([layout.bytes * 3 + 1])).toEqual(run([layout.bytes]));
  });

  test('is not asked more often than it can tell more, and not fooled by a long silence', () => {
    const camera = new CameraOccupancy({ places: [SCENE_SEAT] });
    camera.learnEmpty(0, 0, frames[0]?.seats[0] as GrayPicture);
    const see = (ms: Ms, second: number) => {
      const { whole, seats } = at(second);
      return camera.see({ at: ms, whole, seats });
    };
    expect(see(0, 0)).not.toBeNull();
    expect(see(40, 1)).toBeNull();
    for (let second = 1; second < 8; second++) see(second * SECOND, second);
    expect(see(8 * SECOND, 8)?.seats[0]?.state).toBe('empty');
    expect(camera.wait(9 * SECOND)).toBeNull();
    expect(camera.wait(30 * SECOND)?.seats[0]).toMatchObject({ state: 'unknown', reason: 'lost' });
    expect(see(5 * MINUTE, 9)?.seats[0]?.state).toBe('unknown');
  });
});
