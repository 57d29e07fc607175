/** Pictures of seats taken while the hall rests: when, of what, and that only what a person confirms is learnt. */
import { hash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { CameraFrame } from '../../adapters/camera.ts';
import { LoginGate } from '../../adapters/login-gate.ts';
import { CameraOccupancy } from '../../adapters/vision/camera-occupancy.ts';
import type { CameraConfig } from '../../config/schema.ts';
import { Batches } from '../../daemon/bulk/batches.ts';
import { BreakPictures } from '../../daemon/cameras/break-pictures.ts';
import { isBreak } from '../../daemon/cameras/hall-breaks.ts';
import { isRead } from '../../daemon/cameras/hall-cameras.ts';
import { SeatSurveys } from '../../daemon/cameras/seat-surveys.ts';
import { Sight } from '../../daemon/cameras/sight.ts';
import { cutOut, drawScene, SCENE_SEAT, type SceneMoment, sceneLook, shrunk } from '../../daemon/demo/seat-scene.ts';
import { CameraDesk } from '../../daemon/trials/camera-desk.ts';
import { CameraTrials } from '../../daemon/trials/camera-trials.ts';
import { Book } from '../../rules/book.ts';
import { formatInstant, HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { testAccess } from '../support/access.ts';
import { EvidenceRoom } from '../support/evidence-room.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';

const LOOK = sceneLook(7);
const BY = { who: 'user:worker', address: '127.0.0.1' } as const;
/** The hall of the room works from nine to twelve. */
const NOON = Date.parse('2026-03-02T12:00:00+08:00');
/** Asleep, and so deeply that nothing of it is seen. */
const SLEEPER: SceneMoment = { clerk: 0 };

function frameAt(at: Ms, moment: SceneMoment): CameraFrame {
  const scene = drawScene(LOOK, moment === SLEEPER ? 5 : at / SECOND, moment);
  const noise = (pixels: Uint8Array): Uint8Array =>
    pixels.map((one, i) => one + ((i * 31 + at / 5000) % 7 === 0 ? 4 : 0));
  const seat = cutOut(scene, SCENE_SEAT, 48, 60);
  const whole = shrunk(scene, 160, 90);
  return { at, whole: { ...whole, pixels: noise(whole.pixels) }, seats: [seat] };
}

/** A camera of a hall, by hand: what it shows is looked at, and pictures of breaks are taken of it. */
async function openSeat() {
  const room = new EvidenceRoom({ ffmpegPath: null, evidence: { pictures: false } });
  const camera = room.loaded.config.cameras.filter(isRead)[0] as CameraConfig;
  const engine = { hallAt: () => room.loaded.hall, book: new Book({ countSimulated: false }) };
  let now = NOON - HOUR;
  const breaks = new BreakPictures({ clock: { now: () => now }, isBreak: (window, at) => isBreak(engine, window, at) });
  const { clock } = room;
  const silent = (): void => {};
  const log = { error: silent, warn: silent, info: silent, debug: silent };
  const sightOf = (): Sight => {
    const around = { dataFolder: room.folder, evidence: room.evidence, person: null, clock, log };
    const sight = new Sight({ ...around, looked: silent, blind: silent });
    sight.watch([camera]);
    return sight;
  };
  let sight = sightOf();
  breaks.watch([camera]);
  onTestFinished(async () => {
    await sight.stop();
    await room[Symbol.asyncDispose]();
  });
  const gate = new LoginGate(clock);
  const around = { ffmpegPath: await ffmpegPath(), clock, log, gate };
  const { access } = testAccess();
  const desk = new CameraDesk({
    ...around,
    cameras: {
      ...{ gate, breaks, trials: new CameraTrials({ ...around, dataFolder: room.folder }) },
      ...{ batches: new Batches(around), surveys: new SeatSurveys(clock) },
      entries: () => room.loaded.config.cameras,
      readings: () => [],
      lastSeen: () => null,
      known: (id) => sight.known(id),
      teach: (...lesson) => sight.teach(...lesson),
      show: (...lesson) => sight.show(...lesson),
      bequeath: async () => {},
      person: () => null,
    },
    hall: () => room.loaded.hall,
    access,
    config: null,
    isSimulated: false,
  });
  const occupancy = new CameraOccupancy({ places: [SCENE_SEAT] });
  let look: ReturnType<CameraOccupancy['see']> = null;
  return {
    ...{ breaks, camera, desk, access, zone: room.loaded.hall.zone },
    at: (at: Ms) => {
      now = at;
    },
    reading: () => breaks.reading('cam-1', 0),
    /** The camera shows this for so many minutes from `from` on, a picture every five seconds. */
    film(from: Ms, minutes: number, moment: SceneMoment): void {
      for (now = from; now < from + minutes * MINUTE; now += 5 * SECOND) {
        const frame = frameAt(now, moment);
        breaks.see('cam-1', frame, look);
        look = occupancy.see(frame) ?? look;
      }
    },
    known: () => sight.known('cam-1')[0] ?? [],
    async restart() {
      await sight.stop();
      sight = sightOf();
    },
  };
}

test('pictures are taken at the break and not before, and nothing is learnt of them by itself', async () => {
  const seat = await openSeat();
  expect(seat.reading()).toBeNull();
  expect(seat.desk.askAtBreak(null)).toEqual(['cam-1']);
  seat.film(NOON - 2 * MINUTE, 6.9, {});
  expect(seat.reading()).toMatchObject({ state: 'waiting', because: null, picture: null });
  seat.film(NOON + 5 * MINUTE, 4, {});
  expect(seat.reading()).toMatchObject({ state: 'ready', picture: { light: 'day' } });
  seat.film(NOON + 9 * MINUTE, 1, {});
  expect(seat.known()).toEqual([]);
});

test('exactly the picture that was shown is learnt, and known again after a restart; who said so is kept', async () => {
  const seat = await openSeat();
  seat.desk.askAtBreak(['cam-1']);
  seat.film(NOON + 5 * MINUTE, 4, {});
  const picture = seat.reading()?.picture;
  const id = picture?.id ?? '';
  const entry = seat.desk.entry('cam-1') as CameraConfig;
  expect((await seat.desk.breakPicture(entry, 0, id, BY))?.subarray(0, 2)).toEqual(Uint8Array.of(0xff, 0xd8));
  expect(await seat.desk.decideBreak(entry, 0, 'x'.repeat(64), true, BY)).toBeNull();
  expect(seat.known()).toEqual([]);
  expect(await seat.desk.decideBreak(entry, 0, id, true, BY)).toEqual({ seats: [{ seat: 0, outcome: 'learnt' }] });
  expect(seat.known()).toEqual([{ picture: picture?.picture, at: picture?.at, origin: 'given' }]);
  expect(hash('sha256', seat.known()[0]?.picture.pixels ?? '')).toBe(id);
  expect(seat.reading()).toMatchObject({ state: 'taught', decided: { by: BY.who } });
  // It is no more to be had.
  expect(await seat.desk.decideBreak(entry, 0, id, true, BY)).toBeNull();
  await seat.restart();
  expect(seat.known().map((one) => hash('sha256', one.picture.pixels))).toEqual([id]);
  const kept = seat.access.books.log.newest(9).map(({ who, what, detail }) => ({ who, what, ...detail }));
  expect(kept).toEqual([
    {
      ...{ who: BY.who, what: 'seat-taught', camera: 'cam-1', windows: ['W1'], picture: id },
      takenAt: formatInstant(seat.zone, picture?.at ?? 0),
    },
    { who: BY.who, what: 'camera-viewed', camera: 'cam-1', window: 'W1', picture: id, whole: false },
  ]);
});

test('a sleeper who is said not to be an empty seat is not learnt', async () => {
  const seat = await openSeat();
  seat.desk.askAtBreak(null);
  seat.film(NOON + 5 * MINUTE, 5, SLEEPER);
  const id = seat.reading()?.picture?.id ?? '';
  expect(seat.reading()?.state).toBe('ready');
  const entry = seat.desk.entry('cam-1') as CameraConfig;
  expect(await seat.desk.decideBreak(entry, 0, id, false, BY)).toEqual({ seats: [] });
  expect(seat.reading()).toMatchObject({ state: 'denied', picture: null, decided: { by: BY.who } });
  expect(await seat.desk.decideBreak(entry, 0, id, true, BY)).toBeNull();
  seat.film(NOON + 10 * MINUTE, 5, {});
  expect(seat.reading()?.state).toBe('denied');
  expect(seat.known()).toEqual([]);
  expect(seat.access.books.log.newest(9)).toEqual([]);
});

test('why there is no picture is said', async () => {
  const seat = await openSeat();
  seat.desk.askAtBreak(null);
  const endsAt = NOON - HOUR + 24 * HOUR;
  seat.at(NOON + 6 * MINUTE);
  expect(seat.reading()).toMatchObject({ state: 'watching', because: 'lost' });
  seat.film(NOON + 6 * MINUTE, 5, { clerk: 1 });
  expect(seat.reading()).toMatchObject({ state: 'watching', because: 'restless' });
  seat.film(NOON + 11 * MINUTE, 4, { gain: 0.02 });
  expect(seat.reading()).toMatchObject({ state: 'watching', because: 'dark' });
  seat.at(endsAt);
  expect(seat.reading()).toMatchObject({ state: 'none', because: 'lost' });
  // Once over, it is over.
  seat.film(endsAt + 2 * HOUR, 5, {});
  expect(seat.reading()?.state).toBe('none');
  seat.desk.askAtBreak(null);
  expect(seat.reading()?.state).toBe('watching');
});

test('what nobody looks at is dropped two days after the request has ended', async () => {
  const seat = await openSeat();
  seat.desk.askAtBreak(null);
  seat.film(NOON + 5 * MINUTE, 4, {});
  const id = seat.reading()?.picture?.id ?? '';
  const dropsAt = NOON + (23 + 48) * HOUR;
  seat.at(dropsAt - SECOND);
  expect(seat.breaks.find('cam-1', 0, id)).not.toBeNull();
  seat.at(dropsAt);
  expect(seat.breaks.find('cam-1', 0, id)).toBeNull();
  expect(seat.reading()).toMatchObject({ state: 'none', because: 'unseen' });
  // The next picture of the camera takes it out of the memory, too.
  seat.film(dropsAt, 0.01, {});
  seat.at(dropsAt - HOUR);
  expect(seat.reading()).toMatchObject({ state: 'none', because: 'unseen' });
});

test('a seat that is elsewhere now has no picture any more; a new password changes nothing', async () => {
  const seat = await openSeat();
  const { roi, ...rest } = seat.camera.seats[0] as CameraConfig['seats'][number];
  seat.desk.askAtBreak(null);
  seat.film(NOON + 5 * MINUTE, 4, {});
  const id = seat.reading()?.picture?.id ?? '';
  seat.breaks.watch([{ ...seat.camera, source: 'rtsp://viewer:other@127.0.0.1/1' }]);
  expect(seat.reading()?.state).toBe('ready');
  const elsewhere = { ...seat.camera, seats: [{ ...rest, roi: { ...roi, x: 0.1 } as typeof roi }] };
  seat.breaks.watch([elsewhere]);
  expect(seat.reading()).toMatchObject({ state: 'none', because: 'changed', picture: null });
  expect(await seat.desk.decideBreak(elsewhere, 0, id, true, BY)).toBeNull();
  expect(seat.known()).toEqual([]);
  seat.breaks.watch([{ ...seat.camera, source: 'rtsp://127.0.0.1/2' }]);
  expect(seat.reading()).toMatchObject({ because: 'changed' });
  seat.breaks.watch([]);
  expect(seat.reading()).toBeNull();
});

test('a break is whenever the window has no session: before, between, after, and on days of rest', async () => {
  await using room = new EvidenceRoom({ ffmpegPath: null });
  const engine = { hallAt: () => room.loaded.hall, book: new Book({ countSimulated: false }) };
  const at = (time: string): boolean => isBreak(engine, 'W1', Date.parse(`2026-03-02T${time}:00+08:00`));
  expect(['08:59', '09:00', '11:59', '12:00', '23:00', '02:00'].map(at)).toEqual([
    true,
    false,
    false,
    true,
    true,
    true,
  ]);
  engine.book.add({ fact: 'day', id: 'day-1', date: '2026-03-02', kind: 'rest', recordedAt: NOON - 24 * HOUR });
  expect(at('10:00')).toBe(true);
  expect(isBreak(engine, 'W9', NOON)).toBe(false);
  expect(isBreak(null, 'W1', NOON)).toBe(false);
});
