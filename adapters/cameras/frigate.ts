/**
 * Frigate (frigate.video), which counts persons in zones of its cameras and publishes the counts over MQTT.
 *
 * What is listened to, by Frigate's manual (`docs/integrations/mqtt`) and its source (2026-07, `frigate/camera/activity_manager.py`,
 * `frigate/video/ffmpeg.py`, `frigate/comms/dispatcher.py`):
 * - `frigate/<zone>/person`, `frigate/<camera>/person`: how many, when that changes; not retained
 * - `frigate/camera_activity`: all objects with their zones, on demand by `frigate/onConnect`; so a start need not wait for a change
 * - `frigate/available`: `online`, `stopped`, `offline` by its last will; retained
 * - `frigate/<camera>/status/detect`: `online`, `offline`, `disabled`, some times a minute; older releases have none, but all have
 *   `frigate/stats` with the pictures a second of each camera, every minute
 * - `frigate/<camera>/detect/state`, `…/enabled/state`: `ON`, `OFF`; retained
 */
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { PresenceState } from '../../rules/facts.ts';
import type { Ms } from '../../rules/time.ts';
import type { DeviceClock } from '../device-clock.ts';
import { type MqttAddress, mqttAddress } from '../mqtt-address.ts';
import { causeOf } from '../mqtt-reasons.ts';
import type { Witness, WitnessLoss } from './witness.ts';
import { type WitnessCall, type WitnessSurroundings, witnessLife } from './witness-life.ts';

/** A place that Frigate watches. */
export interface FrigateZone {
  readonly key: string;
  readonly camera: string;
  /** Null = the camera's whole picture. */
  readonly zone: string | null;
  /** What is counted: `person`. */
  readonly object: string;
}

export interface FrigateOptions {
  readonly around: WitnessSurroundings;
  readonly broker: {
    /** mqtt or mqtts; a user name and password in it are used where none are given. */
    readonly url: string;
    readonly username: string | null;
    readonly password: string | null;
    /** PEM; null = the certificates that Node trusts. */
    readonly ca: string | null;
  };
  /** Frigate's `topic_prefix`. */
  readonly prefix: string;
  /** Also for how long a camera's own sign of life holds. */
  readonly silenceMs: Ms;
  readonly zones: readonly FrigateZone[];
}

/** Throws a `BrokerError` for an address that cannot be one. */
export function frigateWitness({ around, broker, prefix, silenceMs, zones }: FrigateOptions): Witness {
  const address = mqttAddress(broker.url);
  const username = broker.username ?? address.username;
  const password = broker.password ?? address.password;
  const login = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(broker.ca === null ? {} : { ca: broker.ca }),
  };
  let mayAsk = true;
  return witnessLife({
    around,
    // Not by the host alone: no camera there counts the wrong logins of a broker.
    host: address.name,
    login: username === undefined ? null : `${username}\n${password ?? ''}`,
    silenceMs,
    unanswered: `the broker has no word of Frigate on ${prefix}/available: does it run, is that its prefix, may we read there?`,
    async listen(call) {
      const knowledge = new FrigateKnowledge(zones, silenceMs, around.clock);
      const listening = new Listening({ address, login, prefix, mayAsk, knowledge, call });
      const loss = await listening.end();
      // A broker that does not let us ask may cut the connection for it: then the next one only listens.
      mayAsk = !(mayAsk && listening.isUnanswered);
      return loss;
    },
  });
}

interface ListeningOptions {
  readonly address: MqttAddress;
  readonly login: Pick<IClientOptions, 'username' | 'password' | 'ca'>;
  readonly prefix: string;
  readonly mayAsk: boolean;
  readonly knowledge: FrigateKnowledge;
  readonly call: WitnessCall;
}

/** One connection to the broker. */
class Listening {
  readonly #options: ListeningOptions;
  #isOnline = false;
  /** Frigate was asked for what it sees, and has not said it. */
  isUnanswered = false;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  end(): Promise<WitnessLoss> {
    const { address, login, prefix, call, knowledge } = this.#options;
    const { protocol, host, port } = address;
    return new Promise((resolve) => {
      const client = connect({ protocol, host, port, ...login, clean: true, reconnectPeriod: 0, keepalive: 30 });
      const over = (loss: WitnessLoss): void => {
        call.signal.removeEventListener('abort', stop);
        client.end(true);
        resolve(loss);
      };
      const stop = (): void => over({ reason: 'ended', detail: '' });
      if (call.signal.aborted) return stop();
      call.signal.addEventListener('abort', stop);
      client.on('error', (error) => over(lossOf(error, address)));
      client.on('close', () => over({ reason: 'ended', detail: `${address.name} closed the connection` }));
      client.on('connect', () => {
        call.loggedIn();
        client.subscribe(
          knowledge.topics.map((topic) => `${prefix}/${topic}`),
          { qos: 0 },
          (error, granted) => {
            const refused = granted?.find(({ qos }) => qos >= 128);
            if (error !== null && refused === undefined) over(lossOf(error, address));
            if (refused !== undefined) over({ reason: 'unfit', detail: `the broker refused to send ${refused.topic}` });
          },
        );
      });
      client.on('message', (topic, payload, { retain }) => {
        const loss = this.#hear(client, topic.slice(prefix.length + 1), payload, retain);
        if (loss !== null) over(loss);
      });
    });
  }

  /** The answer: why nothing more is to be expected; null = go on. */
  #hear(client: MqttClient, topic: string, payload: Buffer, isRetained: boolean): WitnessLoss | null {
    const { call, knowledge } = this.#options;
    if (topic === 'available') {
      const word = payload.toString();
      if (word === 'online') this.#online(client);
      else if (this.#isOnline) return { reason: 'offline', detail: `Frigate says that it is ${word.slice(0, 20)}` };
      return null;
    }
    if (topic === 'camera_activity') this.isUnanswered = false;
    call.heartbeat();
    const problem = knowledge.hear(topic, payload, isRetained);
    if (problem !== null) call.misheard(problem);
    if (!this.#isOnline) return null;
    for (const [zone, state] of knowledge.states()) call.say({ zone, state, holdMs: null });
    if (knowledge.isAskingNeeded()) this.#ask(client);
    return null;
  }

  #online(client: MqttClient): void {
    // It has been started, or started again: of what was counted before, nothing holds.
    this.#options.knowledge.forget();
    this.#isOnline = true;
    this.#options.call.connected();
    this.#ask(client);
  }

  #ask(client: MqttClient): void {
    if (!this.#options.mayAsk) return;
    this.isUnanswered = true;
    client.publish(`${this.#options.prefix}/onConnect`, '', { qos: 0 });
  }
}

const BAD_LOGIN: readonly unknown[] = [4, 5, 134, 135];
const BANNED = 138;

function lossOf(error: Error, address: MqttAddress): WitnessLoss {
  const code = 'code' in error ? error.code : null;
  const detail = causeOf(error, address);
  if (BAD_LOGIN.includes(code)) return { reason: 'wrong-login', detail };
  return { reason: code === BANNED ? 'locked-out' : 'offline', detail };
}

/** What is known of a camera, by its last words on this connection. */
interface CameraKnowledge {
  /** Whether its picture is analysed; null = it has not been said. */
  isSeeing: boolean | null;
  /** By its own word, which goes before what the statistics say. */
  hasStatus: boolean;
  seenAt: Ms;
  isDetecting: boolean;
  isEnabled: boolean;
}

/** What Frigate has said since it was last reached. */
export class FrigateKnowledge {
  /** Without the prefix. */
  readonly topics: readonly string[];
  readonly #zones: readonly FrigateZone[];
  readonly #silenceMs: Ms;
  readonly #clock: DeviceClock;
  readonly #cameras: Map<string, CameraKnowledge>;
  /** By topic. */
  readonly #counts = new Map<string, number>();
  #isAskingNeeded = false;

  constructor(zones: readonly FrigateZone[], silenceMs: Ms, clock: DeviceClock) {
    this.#zones = zones;
    this.#silenceMs = silenceMs;
    this.#clock = clock;
    this.#cameras = new Map(
      zones.map(({ camera }) => [
        camera,
        { isSeeing: null, hasStatus: false, seenAt: 0, isDetecting: true, isEnabled: true },
      ]),
    );
    this.topics = [
      'available',
      'camera_activity',
      'stats',
      ...new Set(zones.map(countTopic)),
      ...[...this.#cameras.keys()].flatMap((camera) =>
        ['status/detect', 'detect/state', 'enabled/state'].map((about) => `${camera}/${about}`),
      ),
    ];
  }

  /** Whether something has come back of which it is not known what it shows. */
  isAskingNeeded(): boolean {
    const isNeeded = this.#isAskingNeeded;
    this.#isAskingNeeded = false;
    return isNeeded;
  }

  forget(): void {
    this.#counts.clear();
    for (const camera of this.#cameras.values()) Object.assign(camera, { isSeeing: null, hasStatus: false });
  }

  /** The answer: what could not be understood; null = all was. */
  hear(topic: string, payload: Buffer, isRetained: boolean): string | null {
    const text = payload.toString();
    if (topic === 'camera_activity') return this.#activity(text);
    if (topic === 'stats') return this.#stats(text);
    const [name = '', what, about] = topic.split('/');
    const camera = this.#cameras.get(name);
    if (camera !== undefined && about === 'state') {
      const wasOn = camera.isDetecting && camera.isEnabled;
      if (what === 'detect') camera.isDetecting = text !== 'OFF';
      else camera.isEnabled = text !== 'OFF';
      if (!wasOn && camera.isDetecting && camera.isEnabled) this.#countAnew(name);
      return null;
    }
    // Of what is kept by the broker nobody knows how old it is; Frigate has these not kept.
    if (isRetained) return null;
    if (camera !== undefined && what === 'status') {
      camera.hasStatus = true;
      this.#see(name, camera, text === 'online');
      return null;
    }
    if (!/^\d{1,4}$/.test(text)) return `${topic} is no count: ${text.slice(0, 20)}`;
    this.#counts.set(topic, Number(text));
    return null;
  }

  /** Each zone's state, as far as it is known. */
  states(): (readonly [zone: string, state: PresenceState])[] {
    return this.#zones.map((zone) => [zone.key, this.#stateOf(zone)]);
  }

  #stateOf(zone: FrigateZone): PresenceState {
    const camera = this.#cameras.get(zone.camera);
    const count = this.#counts.get(countTopic(zone));
    if (camera === undefined || count === undefined || !camera.isSeeing) return 'unknown';
    const isStale = this.#clock.elapsed() - camera.seenAt > this.#silenceMs;
    if (isStale || !camera.isDetecting || !camera.isEnabled) return 'unknown';
    return count > 0 ? 'occupied' : 'empty';
  }

  #see(name: string, camera: CameraKnowledge, isSeeing: boolean): void {
    if (isSeeing) camera.seenAt = this.#clock.elapsed();
    if (isSeeing && camera.isSeeing === false) this.#countAnew(name);
    camera.isSeeing = isSeeing;
  }

  /** Nobody has counted while it saw nothing. */
  #countAnew(name: string): void {
    for (const zone of this.#zones) if (zone.camera === name) this.#counts.delete(countTopic(zone));
    this.#isAskingNeeded = true;
  }

  #stats(text: string): string | null {
    const cameras = childOf(parse(text), 'cameras');
    if (cameras === undefined) return 'stats is not what Frigate publishes there';
    for (const [name, camera] of this.#cameras) {
      const fps = childOf(childOf(cameras, name), 'camera_fps');
      if (typeof fps === 'number' && !camera.hasStatus) this.#see(name, camera, fps > 0);
    }
    return null;
  }

  #activity(text: string): string | null {
    const cameras = parse(text);
    if (typeof cameras !== 'object' || cameras === null) return 'camera_activity is not what Frigate publishes there';
    for (const zone of this.#zones) {
      const objects = childOf(childOf(cameras, zone.camera), 'objects');
      // Without a list nothing has been counted yet.
      if (Array.isArray(objects)) this.#counts.set(countTopic(zone), objects.filter((one) => isIn(one, zone)).length);
    }
    return null;
  }
}

const countTopic = ({ zone, camera, object }: FrigateZone): string => `${zone ?? camera}/${object}`;

function isIn(object: unknown, { zone, object: label }: FrigateZone): boolean {
  const [said, zones] = [childOf(object, 'label'), childOf(object, 'current_zones')];
  // A label that a second model has confirmed is counted under its own name (`activity_manager.py`).
  const isSuch = typeof said === 'string' && said.replace('-verified', '') === label;
  return isSuch && (zone === null || (Array.isArray(zones) && zones.includes(zone)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What cannot be read is no object, and said to be none.
    return undefined;
  }
}

function childOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}
