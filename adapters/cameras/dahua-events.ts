/**
 * Dahua cameras and recorders that analyse their pictures: `GET /cgi-bin/eventManager.cgi?action=attach&codes=[…]&heartbeat=5`,
 * a multipart answer of lines such as `Code=CrossRegionDetection;action=Start;index=0;data={…}`, and `Heartbeat` in between.
 *
 * The lines are as in the tests of rroller/dahua (github.com/rroller/dahua, `tests/dahua/test_dahua_utils.py`). Not verified on a
 * device here: `LeaveDetection`, by which name the event 离岗检测 of the vendor's SDK is expected.
 */

import type { Part } from '../multipart.ts';
import { type DeviceEvent, type EventMeaning, type EventPhase, EventStates } from './event-states.ts';
import { eventStream } from './event-stream.ts';
import type { Witness } from './witness.ts';
import type { WitnessCall, WitnessSurroundings } from './witness-life.ts';

/** A place that the device watches. */
export interface DahuaZone {
  readonly key: string;
  /** From 1, as on the device's pages; its events count from 0. Null = any. */
  readonly channel: number | null;
  /** The rule's name, or its number. Null = any, and events that name none. */
  readonly rule: string | null;
}

export interface DahuaOptions {
  readonly around: WitnessSurroundings;
  /** `http://user:password@host`, or https. */
  readonly url: string;
  readonly silenceMs: number;
  readonly holdMs: number;
  readonly events: readonly EventMeaning[];
  readonly zones: readonly DahuaZone[];
}

/** That an object is inside says that somebody is there; that it stopped says nothing, since who sits still is soon none any more. */
export const DAHUA_EVENTS: readonly EventMeaning[] = [
  { event: 'CrossRegionDetection', begins: 'occupied', ends: null, holdMs: null },
  { event: 'LeaveDetection', begins: 'empty', ends: null, holdMs: null },
];

/** What a camera says of a picture that shows nothing: covered, lost, or turned away. */
const BLIND = ['VideoBlind', 'VideoLoss', 'SceneChange'];

const HEARTBEAT_SECONDS = 5;

/** Throws for a `url` that is no address. */
export function dahuaWitness({ around, url, silenceMs, holdMs, events, zones }: DahuaOptions): Witness {
  const states = new EventStates(events, holdMs);
  const codes = [...new Set([...events.map(({ event }) => event), ...BLIND])];
  return eventStream({
    around,
    url,
    path: `/cgi-bin/eventManager.cgi?action=attach&codes=[${codes.map(encodeURIComponent).join(',')}]&heartbeat=${HEARTBEAT_SECONDS}`,
    silenceMs,
    onPart: (part, call) => hear(part, call, states, zones),
  });
}

function hear(part: Part, call: WitnessCall, states: EventStates, zones: readonly DahuaZone[]): void {
  const text = part.body.toString().trim();
  if (text === '' || text === 'Heartbeat') return;
  const event = readEvent(text);
  if (event === null) {
    call.misheard(`a part of ${part.body.length} bytes is neither an event nor a heartbeat`);
    return;
  }
  const ofChannel = zones.filter(({ channel }) => channel === null || channel - 1 === event.index);
  if (BLIND.includes(event.event) && !states.knows(event.event)) {
    if (event.phase !== 'ended')
      for (const { key } of ofChannel) call.say({ zone: key, state: 'unknown', holdMs: null, deviceAt: null });
    return;
  }
  const meant = ofChannel.filter(({ rule }) => rule === null || event.rules.includes(rule));
  const keys = meant.map(({ key }) => key);
  states.tell(event, keys, call);
}

export interface DahuaEvent extends DeviceEvent {
  /** Of the channel, from 0. */
  readonly index: number;
  /** The rule's name and its number, as far as they are told. */
  readonly rules: readonly string[];
}

const PHASES: Readonly<Record<string, EventPhase>> = { start: 'began', stop: 'ended', pulse: 'happened' };

/** Reads an event, or answers null for what is none. What goes with it may be JSON, anything, or nothing. */
export function readEvent(text: string): DahuaEvent | null {
  const [, code, action = '', index, data = ''] =
    /^Code=([^;]+);\s*action=([^;]+);\s*index=(\d+)(?:;\s*data=(.*))?$/s.exec(text.trim()) ?? [];
  const phase = PHASES[action.trim().toLowerCase()];
  if (code === undefined || phase === undefined) return null;
  // The time in the data is local, without an offset, and says nothing that can be relied upon.
  return { event: code.trim(), phase, deviceAt: null, index: Number(index), rules: rulesOf(data) };
}

function rulesOf(data: string): string[] {
  const fields = jsonObject(data);
  return [fields['Name'], fields['RuleName'], fields['RuleID'] ?? fields['RuleId']].flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' ? [String(value)] : [],
  );
}

/** Empty where it is none: some events carry texts of other kinds. */
function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
