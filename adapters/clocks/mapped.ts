/**
 * A clock that nobody has written a reader for, by a mapping of hall.yaml: over MQTT topics of its own, or posting JSON over HTTP.
 *
 * Whatever it sends is kept before it is answered: as punches, or aside with the reason. Only what the mapping names is kept of a
 * message that could be read; what is kept aside has neither pictures nor names.
 */
import { createHash } from 'node:crypto';
import type { Mapping, Reply } from '../../config/clocks/mapped.ts';
import { MINUTE, SECOND } from '../../rules/time.ts';
import type { InboundMessage } from '../broker.ts';
import type {
  BrokerReply,
  ClockDelivery,
  ClockListener,
  ClockRecord,
  ClockSurroundings,
  ConnectedClock,
  DeviceAnswer,
  DeviceRequest,
  Refused,
} from '../clock.ts';
import { readJson } from '../payload.ts';
import { scrubbedBytes } from '../scrubbed.ts';
import { covers } from '../topics.ts';
import { within } from '../within.ts';
import { valueAt } from './mapped-pointer.ts';
import { type Answer, MAX_MESSAGE_BYTES, type MappedReading, mappedReading } from './mapped-reading.ts';
import { readingText, recordText } from './mapped-words.ts';

const HEARTBEAT_SILENCE_MS = 15 * MINUTE;
/** Devices that were met send again after 10 s or more. */
const ANSWER_WITHIN_MS = 10 * SECOND;

type Around = Pick<ClockSurroundings, 'device' | 'zone' | 'clock'>;

export function mappedClock(options: Mapping, around: Around): ConnectedClock {
  const mapping = ofDevice(options, around.device);
  const { topics, shared, path, silence } = mapping;
  return {
    // A clock without heartbeats is silent whenever nobody touches it.
    silenceMs: silence ?? (mapping.others.some(({ alive }) => alive) ? HEARTBEAT_SILENCE_MS : null),
    ...(topics.length + (shared?.topics.length ?? 0) === 0
      ? {}
      : {
          mqtt: {
            topics: [...topics, ...(shared?.topics ?? [])],
            reads: readBy(mapping),
            isMine: (message) => isMine(mapping, message),
            message: (message, listener) => overBroker(mapping, message, listener, around),
          },
        }),
    ...(path === null
      ? {}
      : {
          http: {
            isMine: ({ method, path: asked, query }) =>
              (method === 'POST' || method === 'PUT') &&
              asked === path &&
              Object.entries(mapping.query ?? {}).every(([name, value]) => query.get(name) === value),
            handle: (request, listener) => overHttp(mapping, request, listener, around),
          },
          // Without pictures and names, which no mapping needs, it is kept whole.
          again: ({ about, payload }, listener) => {
            const reading = mappedReading(mapping, { topic: null, payload }, around.zone);
            return about === path ? take(reading, about, payload, listener, false) : null;
          },
        }),
  };
}

/** The mapping as it holds for one device, of whose id `{device}` stands for. */
export function ofDevice(mapping: Mapping, device: string): Mapping {
  const named = (text: string): string => text.replaceAll('{device}', device);
  const answer = (reply: Reply | null): Reply | null =>
    reply === null ? null : { ...reply, topic: reply.topic === null ? null : named(reply.topic) };
  const when = (conditions: Mapping['when']): Mapping['when'] =>
    conditions.map((one) => ('topic' in one ? { topic: named(one.topic) } : one));
  const { shared, path, query } = mapping;
  return {
    ...mapping,
    topics: mapping.topics.map(named),
    shared: shared === null ? null : { ...shared, topics: shared.topics.map(named), equals: named(shared.equals) },
    path: path === null ? null : named(path),
    query:
      query === null ? null : Object.fromEntries(Object.entries(query).map(([name, value]) => [name, named(value)])),
    when: when(mapping.when),
    reply: answer(mapping.reply),
    others: mapping.others.map((one) => ({ ...one, when: when(one.when), reply: answer(one.reply) })),
  };
}

/** Where its answers go. */
function readBy({ reply, others }: Mapping): readonly string[] {
  const topics = [reply, ...others.map((other) => other.reply)].flatMap((one) => one?.topic ?? []);
  return [...new Set(topics)];
}

/** On a topic that several devices use, what says that it is from this one. */
function isMine({ topics, shared }: Mapping, { topic, payload }: Pick<InboundMessage, 'topic' | 'payload'>): boolean {
  if (shared === null || topics.some((filter) => covers(filter, topic))) return true;
  try {
    return String(valueAt(readJson(payload, MAX_MESSAGE_BYTES), shared.ptr)) === shared.equals;
  } catch {
    // What cannot be read says of no device that it is from it.
    return false;
  }
}

async function overBroker(
  mapping: Mapping,
  message: InboundMessage,
  listener: ClockListener,
  { zone }: Around,
): Promise<readonly BrokerReply[]> {
  const reading = mappedReading(mapping, message, zone);
  await take(reading, message.topic, message.payload, listener, !message.retained);
  const reply = replyOf(reading);
  return reply === null || reply.topic === null ? [] : [{ topic: reply.topic, payload: reply.payload }];
}

async function overHttp(
  mapping: Mapping,
  { path, body }: DeviceRequest,
  listener: ClockListener,
  { zone, clock }: Around,
): Promise<DeviceAnswer> {
  const reading = mappedReading(mapping, { topic: null, payload: body }, zone);
  const isKept = await within(clock, ANSWER_WITHIN_MS, take(reading, path, body, listener, true));
  if (!isKept) return { status: 503, body: '', headers: { 'Retry-After': '10' } };
  const reply = replyOf(reading);
  if (reply === null || reply.topic !== null) return { status: 200, body: '' };
  return { status: 200, body: reply.payload, headers: { 'Content-Type': 'application/json; charset=utf-8' } };
}

const replyOf = (reading: MappedReading): Answer | null =>
  reading.kind === 'punches' || reading.kind === 'other' ? reading.reply : null;

/** Resolves when everything that the message says is durable. `isNow`: its sender has just sent it. */
async function take(
  reading: MappedReading,
  about: string,
  payload: Uint8Array,
  listener: ClockListener,
  isNow: boolean,
): Promise<void> {
  if (reading.kind === 'other') {
    if (isNow) listener.heard(reading.sign ?? { isLeaving: true });
    return;
  }
  const delivery = deliveryOf(reading, about, payload);
  if (delivery.records.length > 0 || (delivery.refused ?? []).length > 0) await listener.deliver(delivery);
  else if (isNow) listener.heard();
}

/** What of a message is to be kept. */
export function deliveryOf(reading: MappedReading, about: string, payload: Uint8Array): ClockDelivery {
  const refusal = readingText(reading, 'en');
  if (reading.kind !== 'punches') {
    return { records: [], refused: refusal === null ? [] : [refusedOf(about, refusal, payload)] };
  }
  const digest = createHash('sha256').update(payload).digest('hex');
  const records = reading.records.flatMap(({ outcome }): ClockRecord[] =>
    outcome.kind === 'punch' ? [{ punch: outcome.punch, original: { digest, kept: outcome.kept } }] : [],
  );
  const faults = new Set(reading.records.map((record) => recordText(record, 'en')).filter((text) => text !== null));
  // One entry a message: of several records at fault the reasons stand together.
  const refused = faults.size === 0 ? [] : [refusedOf(about, [...faults].slice(0, 5).join(' | '), payload)];
  return { records, refused };
}

const refusedOf = (about: string, because: string, payload: Uint8Array): Refused => ({
  about,
  because,
  payload: scrubbedBytes(payload),
});
