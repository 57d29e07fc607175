/** Which clock is connected how: a line for each make of config/clock-schema.ts. */
import type { ClockSurroundings, ConnectedClock } from '../../adapters/clock.ts';
import { dahuaClock } from '../../adapters/clocks/dahua.ts';
import { hikvisionClock } from '../../adapters/clocks/hikvision.ts';
import { mappedClock } from '../../adapters/clocks/mapped.ts';
import { mqttFaceClock } from '../../adapters/clocks/mqtt-face.ts';
import { sendlogClock } from '../../adapters/clocks/sendlog.ts';
import { zktecoPullClock } from '../../adapters/clocks/zkteco-pull.ts';
import { zktecoPushClock } from '../../adapters/clocks/zkteco-push.ts';
import type { ClockProfile } from '../../config/schema.ts';

/** Null = it needs no connection of its own: it publishes on our own topics. */
export function connectedClock(profile: ClockProfile, around: ClockSurroundings): ConnectedClock | null {
  switch (profile.kind) {
    case 'mqtt-json':
      return null;
    case 'dahua':
      return dahuaClock(profile, around);
    case 'hikvision':
      return hikvisionClock(profile, around);
    case 'mapped':
      return mappedClock(profile, around);
    case 'mqtt-face':
      return mqttFaceClock(profile, around);
    case 'sendlog':
      return sendlogClock(profile, around);
    case 'zkteco-pull':
      return zktecoPullClock(profile, around);
    case 'zkteco-push':
      return zktecoPushClock(profile, around);
  }
}
