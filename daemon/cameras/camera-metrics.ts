import type { CameraReading } from '../../adapters/cameras/cameras.ts';
import type { Quality } from '../../adapters/cameras/quality.ts';
import type { MetricFamily } from '../metrics.ts';

const QUALITY_CODE: Readonly<Record<Quality, number>> = { unusable: 0, poor: 1, fair: 2, excellent: 3 };

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
