/**
 * Hikvision cameras and recorders that analyse their pictures: `GET /ISAPI/Event/notification/alertStream`, a multipart answer
 * of `EventNotificationAlert` documents. About every ten seconds comes a `videoloss` that is not active, as a heartbeat.
 *
 * The documents are as recorded from devices in the tests of hikvision_next (github.com/maciej-or/hikvision_next,
 * `tests/fixtures/ISAPI/EventNotificationAlert`); the heartbeat is as pyHik describes it. Not verified on a device here:
 * `leavePosition`, by which name the rule 离岗 of the vendor's SDK is expected.
 */
import { parseInstant } from '../../rules/time.ts';
import type { Part } from '../multipart.ts';
import { type EventMeaning, EventStates } from './event-states.ts';
import { eventStream } from './event-stream.ts';
import type { Witness } from './witness.ts';
import type { WitnessCall, WitnessSurroundings } from './witness-life.ts';

/** A place that the device watches. */
export interface HikvisionZone {
  readonly key: string;
  /** As the device counts; recorders begin with 33 for cameras of the network. Null = any. */
  readonly channel: number | null;
  /** The region of the rule. Null = any, and events that name none. */
  readonly region: number | null;
}

export interface HikvisionOptions {
  readonly around: WitnessSurroundings;
  /** `http://user:password@host`, or https. */
  readonly url: string;
  readonly silenceMs: number;
  readonly holdMs: number;
  readonly events: readonly EventMeaning[];
  readonly zones: readonly HikvisionZone[];
}

/**
 * Somebody in the region counts as there for as long as the device goes on saying so; that it stopped says nothing, since who
 * sits still is soon no object any more. That the post was left counts as empty in the same way.
 */
export const HIKVISION_EVENTS: readonly EventMeaning[] = [
  { event: 'fielddetection', begins: 'occupied', ends: null, holdMs: null },
  { event: 'regionEntrance', begins: 'occupied', ends: null, holdMs: null },
  { event: 'leavePosition', begins: 'empty', ends: null, holdMs: null },
];

/** What a camera says of a picture that shows nothing: covered, turned away, or lost. */
const BLIND: ReadonlySet<string> = new Set(['shelteralarm', 'tamperdetection', 'scenechangedetection', 'videoloss']);

/** Names of one event in different firmwares. */
const ALIASES: Readonly<Record<string, string>> = { regionexit: 'regionexiting', vmd: 'motion' };

const ALERT_STREAM = '/ISAPI/Event/notification/alertStream';

/** Throws for a `url` that is no address. */
export function hikvisionWitness({ around, url, silenceMs, holdMs, events, zones }: HikvisionOptions): Witness {
  const canonical = events.map((meaning) => ({ ...meaning, event: eventName(meaning.event) }));
  const states = new EventStates(canonical, holdMs);
  return eventStream({
    around,
    url,
    path: ALERT_STREAM,
    silenceMs,
    onPart: (part, call) => hear(part, call, states, zones),
  });
}

function hear(part: Part, call: WitnessCall, states: EventStates, zones: readonly HikvisionZone[]): void {
  const type = part.headers.get('content-type') ?? '';
  // Pictures are sent along with some alerts.
  if (/^image\//i.test(type)) return;
  const alert = readAlert(part.body.toString());
  if (alert === null) {
    call.misheard(`a part of ${part.body.length} bytes (${type || 'of no type'}) is no EventNotificationAlert`);
    return;
  }
  const { event, isActive, channel, regions, deviceAt } = alert;
  const ofChannel = zones.filter((zone) => zone.channel === null || channel === null || zone.channel === channel);
  if (BLIND.has(event) && !states.knows(event)) {
    if (isActive) for (const { key } of ofChannel) call.say({ zone: key, state: 'unknown', holdMs: null, deviceAt });
    return;
  }
  const meant = ofChannel.filter(({ region }) => region === null || regions.includes(region));
  const keys = meant.map(({ key }) => key);
  states.tell({ event, phase: isActive ? 'began' : 'ended', deviceAt }, keys, call);
}

export interface HikvisionAlert {
  /** In lower case, under one name whatever the firmware. */
  readonly event: string;
  readonly isActive: boolean;
  readonly channel: number | null;
  readonly regions: readonly number[];
  /** By the device's clock; null = it says none that can be read. */
  readonly deviceAt: number | null;
}

/**
 * Reads an alert, or answers null for what is none. By its tags alone: devices write `&` as it is in names of channels,
 * which no XML parser takes, and the namespace differs from firmware to firmware.
 */
export function readAlert(xml: string): HikvisionAlert | null {
  const said = textOf(xml, 'eventType');
  if (!/<(?:\w+:)?EventNotificationAlert\b/.test(xml) || said === null) return null;
  // The alert that goes on is wrapped in another one.
  const event = eventName(said) === 'duration' ? eventName(textOf(xml, 'relationEvent') ?? said) : eventName(said);
  const regions = [...xml.matchAll(/<(?:\w+:)?regionID>\s*(\d+)\s*</g)].map(([, id]) => Number(id));
  const time = textOf(xml, 'dateTime');
  return {
    event,
    isActive: textOf(xml, 'eventState')?.toLowerCase() === 'active',
    channel: numberOf(xml, 'channelID') ?? numberOf(xml, 'dynChannelID'),
    regions,
    deviceAt: time === null ? null : parseInstant(time),
  };
}

const eventName = (event: string): string => {
  const name = event.toLowerCase();
  return ALIASES[name] ?? name;
};

function textOf(xml: string, tag: string): string | null {
  const text = new RegExp(`<(?:\\w+:)?${tag}>\\s*([^<]*?)\\s*</`).exec(xml)?.[1] ?? '';
  return text === '' ? null : text;
}

function numberOf(xml: string, tag: string): number | null {
  const text = textOf(xml, tag);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
