/** The whole day as it will go: the same for the same day and seed, whoever tells what is seen at the seats. */
import { statusTopic } from '../../adapters/topics.ts';
import type { Day, Zone } from '../../rules/time.ts';
import { CURTAIN, DayDraft, type Happening, happeningsOf, type SeatScript, seatsOf } from './day.ts';
import { Dice } from './dice.ts';
import { DOOR, HALL_ID } from './hall.ts';
import { arrangeIncidents, clockTroubles, withFirstTold } from './incidents.ts';

export interface Story {
  /** What is to be seen at a watched seat, as times of day. */
  readonly seats: ReadonlyMap<string, SeatScript>;
  /** Everything that happens, in order; what is seen at this window is told by somebody else. */
  without(filmed: string | null): Happening[];
}

export function storyOf(zone: Zone, day: Day, seed: number): Story {
  const draft = new DayDraft(zone, day, new Dice(seed));
  arrangeIncidents(draft);
  const touches = withFirstTold(draft.touches());
  for (const trouble of clockTroubles(draft, touches)) draft.happenings.push(trouble);
  draft.happenings.push(curtain(draft));
  const seats = seatsOf(draft);
  return {
    seats,
    without: (filmed) => happeningsOf(draft, touches, new Map([...seats].filter(([window]) => window !== filmed))),
  };
}

/** The last word of the day, so that it ends at its instant: a door says that it is still there. */
function curtain(draft: DayDraft): Happening {
  const payload = JSON.stringify({ state: 'online', at: draft.stamp(CURTAIN.falls) });
  return {
    at: draft.instant(CURTAIN.falls),
    does: 'publish',
    by: DOOR,
    topic: statusTopic(HALL_ID, DOOR),
    payload,
  };
}
