import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import type { Quality } from '../../adapters/cameras/quality.ts';
import { SECOND } from '../../rules/time.ts';
import type { MetricFamily } from '../metrics.ts';
import type { PersonReading } from './person-questions.ts';
import type { VisionReading } from './vision.ts';
import type { WitnessReading } from './witness-watch.ts';

export const QUALITY_CODE: Readonly<Record<Quality, number>> = { unusable: 0, poor: 1, fair: 2, excellent: 3 };

/** Figures of a hall's cameras for `/metrics`. */
export function cameraMetrics(hall: string, cameras: readonly CameraReading[]): MetricFamily[] {
  const of = (
    name: string,
    help: string,
    type: 'counter' | 'gauge',
    value: (camera: CameraReading) => number,
  ): MetricFamily => ({
    name: `zaigang_camera_${name}`,
    help,
    type,
    samples: cameras.map((camera) => ({ labels: { hall, camera: camera.id }, value: value(camera) })),
  });
  if (cameras.length === 0) return [];
  return [
    of('live', 'Whether the camera delivers pictures.', 'gauge', ({ state }) => (state === 'live' ? 1 : 0)),
    of('frames_total', 'Pictures since the start.', 'counter', ({ frames }) => frames),
    of('reconnects_total', 'Starts of its reader after the first one.', 'counter', ({ reconnects }) => reconnects),
    of('stalls_total', 'Times that its reader was ended for want of pictures.', 'counter', ({ stalls }) => stalls),
    of(
      'quality',
      'How good the connection was in the last hour: 0 unusable, 1 poor, 2 fair, 3 excellent.',
      'gauge',
      ({ quality }) => QUALITY_CODE[quality],
    ),
  ];
}

/** Figures of the thread that looks at pictures. */
export function visionMetrics(hall: string, { looks, dropped, failures, tookMs }: VisionReading): MetricFamily[] {
  const of = (name: string, help: string, value: number): MetricFamily => ({
    name: `zaigang_vision_${name}`,
    help,
    type: 'counter',
    samples: [{ labels: { hall }, value }],
  });
  return [
    of('looks_total', 'Pictures that were looked at since the start.', looks),
    of('dropped_total', 'Pictures that were not: the one before of that camera was not done.', dropped),
    of('failures_total', 'Times that looking failed and was begun anew.', failures),
    of('seconds_total', 'The time that looking took.', tookMs / SECOND),
  ];
}

/** Figures of the model that knows people. */
export function personMetrics(hall: string, { state, answers, late, failures, tookMs }: PersonReading): MetricFamily[] {
  const of = (name: string, help: string, type: 'counter' | 'gauge', value: number): MetricFamily => ({
    name: `zaigang_person_model_${name}`,
    help,
    type,
    samples: [{ labels: { hall }, value }],
  });
  return [
    of('ready', 'Whether the model that knows people answers.', 'gauge', state === 'ready' ? 1 : 0),
    of('answers_total', 'Seats in doubt that it was asked about since the start.', 'counter', answers),
    of('late_total', 'Seats in doubt for which it had no time.', 'counter', late),
    of('failures_total', 'Times that it failed and was begun anew.', 'counter', failures),
    of('seconds_total', 'The time that its answers took.', 'counter', tookMs / SECOND),
  ];
}

/** Figures of devices that say by themselves whether somebody is at a window. */
export function witnessMetrics(hall: string, witnesses: readonly WitnessReading[]): MetricFamily[] {
  const of = (
    name: string,
    help: string,
    type: 'counter' | 'gauge',
    value: (witness: WitnessReading) => number,
  ): MetricFamily => ({
    name: `zaigang_witness_${name}`,
    help,
    type,
    samples: witnesses.map((witness) => ({
      labels: { hall, camera: witness.id, kind: witness.kind },
      value: value(witness),
    })),
  });
  if (witnesses.length === 0) return [];
  return [
    of('heard', 'Whether the device is heard.', 'gauge', ({ isHeard }) => (isHeard ? 1 : 0)),
    of(
      'losses_total',
      'Times that it was lost, or still not to be had for another reason.',
      'counter',
      ({ losses }) => losses,
    ),
    of('misheard_total', 'Messages of it that could not be understood.', 'counter', ({ misheard }) => misheard),
  ];
}
