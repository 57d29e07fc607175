/** What pages and programs are given of the clocks of a hall. */
import type { Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import type { HallCore } from '../hall-core.ts';
import type { HttpOptions } from '../http/app.ts';
import type { Intake } from '../intake/intake.ts';
import { VERSION } from '../version.ts';
import { ClockAcceptance } from './clock-acceptance.ts';
import { DeviceDesk } from './device-desk.ts';
import { EnrolmentDesk } from './enrolment-desk.ts';
import type { HallClocks } from './hall-clocks.ts';

export function clockDesksOf(
  core: HallCore,
  clocks: HallClocks,
  intake: Intake,
  access: Access,
  now: () => Ms,
): HttpOptions['devices'] {
  return {
    desk: new DeviceDesk(core, clocks, intake, now),
    enrolments: new EnrolmentDesk(core, clocks, access, now),
    acceptance: new ClockAcceptance(core, clocks, access, now),
    zone: () => core.hall.zone,
    nameOf: (by) => access.nameOf(by),
    ...{ now, version: VERSION },
  };
}
