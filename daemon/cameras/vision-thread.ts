/** The thread that looks at pictures: what a camera's frames say of its seats. It knows no clock and keeps nothing. */
import { isMainThread, parentPort } from 'node:worker_threads';
import type { CameraFrame, GrayPicture } from '../../adapters/camera.ts';
import { type CameraLook, CameraOccupancy } from '../../adapters/vision/camera-occupancy.ts';
import { EmptyLesson, type LessonEnd } from '../../adapters/vision/empty-lesson.ts';
import type { PersonOpinion } from '../../adapters/vision/person.ts';
import type { Reference } from '../../adapters/vision/reference-bank.ts';
import type { Part } from '../../adapters/vision/scene.ts';
import type { Ms } from '../../rules/time.ts';

/** For each seat of a camera, what is known of how it looks when empty. */
export type SeatReferences = readonly (readonly Reference[])[];

/** What the thread is asked. A frame's pixels become its own. */
export type Asked =
  | { readonly ask: 'watch'; readonly camera: string; readonly places: readonly Part[]; readonly known: SeatReferences }
  | { readonly ask: 'forget'; readonly camera: string }
  /** Somebody says that these seats are empty from now on, for some pictures. */
  | {
      readonly ask: 'teach';
      readonly camera: string;
      readonly lesson: number;
      readonly seats: readonly number[];
      readonly at: Ms;
    }
  /** Somebody says that a seat is empty in this picture of it, taken earlier. */
  | {
      readonly ask: 'show';
      readonly camera: string;
      readonly lesson: number;
      readonly seat: number;
      readonly at: Ms;
      readonly picture: GrayPicture;
    }
  /** `persons`: what a model says of earlier pictures of the seats, by seat. */
  | {
      readonly ask: 'see';
      readonly camera: string;
      readonly number: number;
      readonly frame: CameraFrame;
      readonly persons: readonly (PersonOpinion | null)[];
    }
  /** Whether cameras have been silent for too long. */
  | { readonly ask: 'wait'; readonly at: Ms };

export type Answered =
  /** What frame `number` says; null = it came too soon after the last one to tell more. */
  | {
      readonly answer: 'saw';
      readonly camera: string;
      readonly number: number;
      readonly look: CameraLook | null;
      readonly tookMs: number;
    }
  | { readonly answer: 'silent'; readonly camera: string; readonly look: CameraLook; readonly at: Ms }
  /** What became of a lesson; what was learnt in it has been answered before. */
  | { readonly answer: 'taught'; readonly camera: string; readonly lesson: number; readonly end: LessonEnd }
  /** Pictures of empty seats were learnt. */
  | { readonly answer: 'learnt'; readonly camera: string; readonly known: SeatReferences };

interface Watched {
  readonly occupancy: CameraOccupancy;
  known: SeatReferences;
  lessons: readonly Lesson[];
}

interface Lesson {
  readonly number: number;
  readonly lesson: EmptyLesson;
}

class Onlooker {
  readonly #cameras = new Map<string, Watched>();
  readonly #answer: (answered: Answered) => void;

  constructor(answer: (answered: Answered) => void) {
    this.#answer = answer;
  }

  /** Throws for what is no picture: the thread ends then, and whoever owns it begins anew. */
  hear(asked: Asked): void {
    if (asked.ask === 'watch') {
      const { camera, places, known } = asked;
      const occupancy = new CameraOccupancy({ places, references: known });
      this.#cameras.set(camera, { occupancy, known: occupancy.references, lessons: [] });
    } else if (asked.ask === 'teach') {
      const lesson = { number: asked.lesson, lesson: new EmptyLesson(asked.seats, asked.at) };
      const watched = this.#cameras.get(asked.camera);
      if (watched !== undefined) watched.lessons = [...watched.lessons, lesson];
    } else if (asked.ask === 'show') this.#show(asked);
    else if (asked.ask === 'forget') this.#cameras.delete(asked.camera);
    else if (asked.ask === 'see') this.#see(asked);
    else this.#wait(asked.at);
  }

  #show({ camera, lesson, seat, at, picture }: Extract<Asked, { ask: 'show' }>): void {
    const watched = this.#cameras.get(camera);
    if (watched === undefined) return;
    watched.occupancy.learnEmpty(seat, at, picture);
    this.#noteLearnt(camera, watched);
    this.#answer({ answer: 'taught', camera, lesson, end: { seats: [{ seat, outcome: 'learnt' }] } });
  }

  #see({ camera, number, frame: sent, persons }: Extract<Asked, { ask: 'see' }>): void {
    const watched = this.#cameras.get(camera);
    if (watched === undefined) throw new Error(`camera ${camera} is not watched`);
    const from = performance.now();
    const frame = { ...sent, seats: sent.seats.map(apart) };
    const look = watched.occupancy.see(frame, persons);
    this.#answer({ answer: 'saw', camera, number, look, tookMs: performance.now() - from });
    const ended = look === null ? [] : this.#teach(watched, frame, look);
    this.#noteLearnt(camera, watched);
    for (const { number: lesson, end } of ended) this.#answer({ answer: 'taught', camera, lesson, end });
  }

  /** The lessons that this frame ends. */
  #teach(watched: Watched, { at, seats }: CameraFrame, { picture }: CameraLook): { number: number; end: LessonEnd }[] {
    const { occupancy, lessons } = watched;
    const seen = lessons.map(({ number, lesson }) => {
      const end = lesson.see(at, picture.fault === null ? seats : null, (...taught) => occupancy.learnEmpty(...taught));
      return { number, lesson, end };
    });
    watched.lessons = seen.filter(({ end }) => end === null);
    return seen.flatMap(({ number, end }) => (end === null ? [] : [{ number, end }]));
  }

  #noteLearnt(camera: string, watched: Watched): void {
    const known = watched.occupancy.references;
    if (known.every((references, seat) => references === watched.known[seat])) return;
    watched.known = known;
    this.#answer({ answer: 'learnt', camera, known });
  }

  #wait(at: Ms): void {
    for (const [camera, { occupancy }] of this.#cameras) {
      const look = occupancy.wait(at);
      if (look !== null) this.#answer({ answer: 'silent', camera, look, at });
    }
  }
}

/** Pictures of seats are kept, and handed on: not with all that came in the same buffer. */
const apart = ({ width, height, pixels }: GrayPicture): GrayPicture => ({ width, height, pixels: pixels.slice() });

if (!isMainThread) {
  let answers: Answered[] = [];
  const onlooker = new Onlooker((answered) => answers.push(answered));
  parentPort?.on('message', (several: readonly Asked[]) => {
    for (const asked of several) onlooker.hear(asked);
    if (answers.length > 0) parentPort?.postMessage(answers);
    answers = [];
  });
}
