/** The desk of a hall without cameras, for pages that show none. */
import { LoginGate } from '../../adapters/login-gate.ts';
import { parseConfig } from '../../config/load.ts';
import { Batches } from '../../daemon/bulk/batches.ts';
import { BreakPictures } from '../../daemon/cameras/break-pictures.ts';
import { SeatSurveys } from '../../daemon/cameras/seat-surveys.ts';
import { CameraDesk } from '../../daemon/trials/camera-desk.ts';
import { CameraTrials } from '../../daemon/trials/camera-trials.ts';
import { testAccess } from './access.ts';
import { jumpingClock } from './rtsp-hall.ts';
import { SMALL_HALL } from './small-hall.ts';

export function noCameras({ isSimulated = false } = {}): CameraDesk {
  const { hall } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });
  const silent = (): void => {};
  const log = { error: silent, warn: silent, info: silent, debug: silent };
  const clock = jumpingClock();
  const gate = new LoginGate(clock);
  const around = { ffmpegPath: null, clock, log };
  return new CameraDesk({
    ...around,
    cameras: {
      gate,
      trials: new CameraTrials({ ...around, gate, dataFolder: '' }),
      batches: new Batches({ ...around, gate }),
      surveys: new SeatSurveys(clock),
      breaks: new BreakPictures({ clock, isBreak: () => false }),
      entries: () => [],
      readings: () => [],
      lastSeen: () => null,
      known: () => [],
      teach: async () => ({ because: 'interrupted' }),
      show: async () => ({ because: 'interrupted' }),
      bequeath: async () => {},
      person: () => null,
    },
    hall: () => hall,
    access: testAccess().access,
    config: null,
    isSimulated,
  });
}
