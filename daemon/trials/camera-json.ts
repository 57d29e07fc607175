/** Cameras and trials as programs and pages get them: never an address with its login. */
import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import type { CameraLook } from '../../adapters/vision/camera-occupancy.ts';
import type { CameraEntry } from '../../config/schema.ts';
import type { Hall } from '../../rules/hall.ts';
import { formatInstant, MINUTE, type Ms } from '../../rules/time.ts';
import type { BreakReading } from '../cameras/break-pictures.ts';
import type { PersonReading } from '../cameras/person-questions.ts';
import type { SurveyReading } from '../cameras/seat-surveys.ts';
import type { LastSeen } from '../cameras/seat-watch.ts';
import type { SeatReferences } from '../cameras/vision-thread.ts';
import { personTroubleSaid } from '../probing/person.ts';
import { type Reader, type StepTold, stepName } from '../probing/steps.ts';
import { VERSION } from '../version.ts';
import { roiText } from './camera-entry.ts';
import type { CheckReading } from './seat-check.ts';
import type { Trial, TrialSeat } from './trial.ts';
import { doubtSaid, lossSaid, noBreakPictureSaid, pictureSaid } from './words.ts';

export interface Around {
  readonly hall: Hall;
  readonly reader: Reader;
  /** What an account is called. */
  readonly nameOf: (by: string) => string | null;
}

/** A camera of hall.yaml that is read. */
export interface CameraState {
  readonly entry: CameraEntry;
  /** null = nothing reads it (there is no ffmpeg, or it has no source). */
  readonly reading: CameraReading | null;
  readonly last: LastSeen | null;
  readonly known: SeatReferences;
  readonly survey: SurveyReading | null;
  /** By seat, what was taken at breaks; null = nobody asked. */
  readonly breaks: readonly (BreakReading | null)[];
}

/** Of the model that knows people. */
export function personModelJson(reading: PersonReading | null, reader: Reader): object | null {
  if (reading === null) return null;
  const { model, state, name, trouble } = reading;
  return { model, state, name, trouble: trouble === null ? null : personTroubleSaid(trouble, reader) };
}

export function cameraJson({ entry, reading, last, known, survey, breaks }: CameraState, around: Around): object {
  const { hall, reader } = around;
  const at = (instant: Ms | null): string | null => (instant === null ? null : formatInstant(hall.zone, instant));
  const isRead = entry.source !== null;
  return {
    id: entry.id,
    read: isRead,
    address: reading?.address ?? null,
    state: reading?.state ?? (isRead ? 'failed' : null),
    loss: reading?.loss == null ? null : lossSaid(reading.loss, reader),
    retryMs: reading?.retryMs ?? null,
    quality: reading?.quality ?? null,
    frames: reading?.frames ?? null,
    lastFrameAt: at(reading?.lastFrameAt ?? null),
    intervalMs: reading?.intervalMs == null ? null : Math.round(reading.intervalMs),
    reconnects: reading?.reconnects ?? null,
    stalls: reading?.stalls ?? null,
    lastHour: reading?.lastHour ?? null,
    witness: entry.witness?.kind ?? null,
    pictureAt: at(last?.at ?? null),
    picture: pictureJson(last?.look ?? null, reader),
    seats: entry.seats.map((seat, i) => ({
      ...seatJson(seat, i, last?.look ?? null, known, around),
      atBreak: breakJson(breaks[i] ?? null, around),
    })),
    survey:
      survey === null
        ? null
        : { state: survey.state, beganAt: at(survey.beganAt), endsAt: at(survey.endsAt), seats: proposedJson(survey) },
  };
}

function breakJson(reading: BreakReading | null, { hall, reader, nameOf }: Around): object | null {
  if (reading === null) return null;
  const { state, because, picture, decided } = reading;
  return {
    state,
    because: because === null ? null : noBreakPictureSaid(because, reader),
    picture:
      picture === null
        ? null
        : {
            id: picture.id,
            at: formatInstant(hall.zone, picture.at),
            light: picture.light,
            stillMinutes: Math.floor(picture.stillMs / MINUTE),
          },
    decided:
      decided === null
        ? null
        : { at: formatInstant(hall.zone, decided.at), by: decided.by, byName: nameOf(decided.by) },
  };
}

/** Where people seem to sit; a proposal, and no seat. */
export const proposedJson = (survey: SurveyReading | null): object[] =>
  (survey?.seats ?? []).map(({ place, share }) => ({
    roi: roiText({ kind: 'box', ...place }),
    share: Math.round(share * 100) / 100,
  }));

export function trialJson(trial: Trial, around: Around): object {
  const { hall, reader, nameOf } = around;
  const at = (instant: Ms | null): string | null => (instant === null ? null : formatInstant(hall.zone, instant));
  const look = trial.look?.look ?? null;
  return {
    id: trial.id,
    camera: trial.camera,
    by: trial.by,
    byName: nameOf(trial.by),
    beganAt: at(trial.beganAt),
    version: VERSION,
    state: trial.state,
    address: trial.subject.address.shown,
    stream: trial.stream?.shown ?? null,
    steps: stepsJson(trial.steps, reader),
    remedy: trial.remedy,
    loss: trial.loss === null ? null : lossSaid(trial.loss, reader),
    pictureAt: at(trial.picture?.at ?? null),
    picture: pictureJson(look, reader),
    seats: trial.seats.map((seat, i) => ({
      ...seatJson(seat, i, look, trial.known, around),
      taught: trial.taught
        .filter((one) => one.seat === i)
        .map((one) => ({ at: at(one.at), by: one.by, byName: nameOf(one.by) })),
      check: checkJson(trial.checkOf(i), around),
    })),
    saved: trial.saved === null ? null : { ...trial.saved, at: at(trial.saved.at), byName: nameOf(trial.saved.by) },
  };
}

export const stepsJson = (steps: readonly StepTold[], reader: Reader): object[] =>
  steps.map(({ data: _, ...told }) => ({ ...told, name: stepName(told.step, reader) }));

function pictureJson(look: CameraLook | null, reader: Reader): object | null {
  if (look === null) return null;
  const { fault, value, limit } = look.picture;
  return { fault: fault === null ? null : pictureSaid(fault, reader), value, limit };
}

function seatJson(
  { window, roi }: TrialSeat,
  seat: number,
  look: CameraLook | null,
  known: SeatReferences,
  { hall, reader }: Around,
) {
  const verdict = look?.seats[seat] ?? null;
  return {
    window,
    windowName: hall.windows.get(window)?.name ?? null,
    roi: roiText(roi),
    state: verdict?.state ?? 'unknown',
    since: verdict === null ? null : formatInstant(hall.zone, verdict.since),
    doubt: verdict === null ? null : doubtSaid(verdict, reader),
    votes: verdict?.because ?? [],
    /** How many pictures of the empty seat are known: given by people, and learnt. */
    pictures: {
      given: known[seat]?.filter(({ origin }) => origin === 'given').length ?? 0,
      learnt: known[seat]?.filter(({ origin }) => origin === 'learnt').length ?? 0,
    },
  };
}

function checkJson(check: CheckReading | null, { hall, reader }: Around): object | null {
  if (check === null) return null;
  const at = (instant: Ms): string => formatInstant(hall.zone, instant);
  return {
    state: check.state,
    beganAt: at(check.beganAt),
    steps: check.steps.map(({ step, askedAt, seenAt }) => ({
      step,
      askedAt: at(askedAt),
      seenAt: seenAt === null ? null : at(seenAt),
      ms: seenAt === null ? null : seenAt - askedAt,
    })),
    last: check.last === null ? null : { state: check.last.state, doubt: doubtSaid(check.last, reader) },
  };
}
