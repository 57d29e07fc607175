/**
 * ONVIF cameras that watch fields of their picture by themselves (rule `FieldDetector/ObjectsInside`), heard by PullPoint: a
 * subscription that is renewed, and a question that the camera answers when something has happened.
 */
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { pause } from '../device-clock.ts';
import { DeviceFault, type FaultReason } from '../device-fault.ts';
import { LoginGate } from '../login-gate.ts';
import type { CameraAddress } from './camera-address.ts';
import { OnvifCamera, readOnvifAddress } from './onvif-device.ts';
import { parseXml } from './onvif-library.ts';
import { type FieldReport, fieldReport, isBlind, readNotifications } from './onvif-notification.ts';
import { envelopeOf, escapeXml } from './onvif-soap.ts';
import type { Witness, WitnessLoss, WitnessLossReason } from './witness.ts';
import { type WitnessCall, type WitnessSurroundings, witnessLife } from './witness-life.ts';
import { inside, textIn } from './xml-tree.ts';

/** A place that a rule of the camera watches. */
export interface OnvifZone {
  readonly key: string;
  /** The rule's name in the camera. */
  readonly rule: string;
  /** Which of a recorder's cameras, as its events name it (`VideoSourceConfigurationToken`). Null = any. */
  readonly videoSource: string | null;
  /**
   * Whether nobody is there when the rule says that nothing is inside. Many cameras say so of somebody who sits still; false =
   * nothing is known then.
   */
  readonly saysEmpty: boolean;
}

export interface OnvifWitnessOptions {
  readonly around: WitnessSurroundings;
  /** `onvif://user:password@host[:port]`, or the http or https address of its device service. */
  readonly url: string;
  /** What a rule said holds for as long unless it is said again; half as often the camera is asked to say everything again. */
  readonly holdMs: Ms;
  readonly zones: readonly OnvifZone[];
  readonly pace?: Partial<PullPace>;
}

/** How a subscription is kept up. */
export interface PullPace {
  /** What is asked for; cameras may grant less. */
  readonly subscribeMs: Ms;
  /** How long the camera may wait for news before it answers. */
  readonly pullMs: Ms;
  /** At least between two questions: some cameras answer at once, news or not. */
  readonly leastApartMs: Ms;
  /** For everything but waiting for news. */
  readonly answerMs: Ms;
}

/** Those of Home Assistant's ONVIF integration, which have been tried on many makes. */
const PACE: PullPace = {
  subscribeMs: 10 * MINUTE,
  pullMs: 60 * SECOND,
  leastApartMs: 750,
  answerMs: 8 * SECOND,
};
/** Renewed when this share of what was granted has passed. */
const RENEW_AFTER = 0.8;
/** No answer in so many questions in a row: the camera is gone, and does not only close connections that wait. */
const MOST_BREAKS = 3;

/** Throws for a `url` that is no address. */
export function onvifWitness(options: OnvifWitnessOptions): Witness {
  const address = addressOf(options.url);
  const pace = { ...PACE, ...options.pace };
  return witnessLife({
    around: options.around,
    host: address.host,
    login: address.login,
    unanswered: 'no answer in time',
    silenceMs: pace.pullMs + 2 * pace.answerMs + pace.leastApartMs,
    listen: (call) => new Pulling(options, pace, address, call).end(),
  });
}

function addressOf(url: string): CameraAddress {
  const address = readOnvifAddress(url);
  if ('because' in address) throw new Error(`the url of a witness ${address.because}`);
  return address;
}

interface Subscription {
  /** Where it is, as seen from here. */
  readonly url: string;
  /** Where it is by the camera's word, which it wants to hear again. */
  readonly named: string;
  /** What it wants to have sent along. */
  readonly parameters: string;
  readonly grantedMs: Ms;
}

const NAMES = {
  wsa: 'http://www.w3.org/2005/08/addressing',
  tev: 'http://www.onvif.org/ver10/events/wsdl',
  wsnt: 'http://docs.oasis-open.org/wsn/b-2',
} as const;
const EVENTS = `${NAMES.tev}/EventPortType`;
const PULL_POINT = `${NAMES.tev}/PullPointSubscription`;
const MANAGER = 'http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager';

/** One subscription, from its beginning to its end. */
class Pulling {
  readonly #options: OnvifWitnessOptions;
  readonly #pace: PullPace;
  readonly #call: WitnessCall;
  readonly #camera: OnvifCamera;
  /** What is inside, by zone: each object with when that was said last, in elapsed time. */
  readonly #inside = new Map<string, Map<string, Ms>>();

  constructor(options: OnvifWitnessOptions, pace: PullPace, address: CameraAddress, call: WitnessCall) {
    const { clock } = options.around;
    this.#options = options;
    this.#pace = pace;
    this.#call = call;
    // The life of the witness has passed the gate of the host already, and tells it what becomes of the login.
    this.#camera = new OnvifCamera({ clock, gate: new LoginGate(clock) }, address, pace.answerMs);
  }

  async end(): Promise<WitnessLoss> {
    try {
      await this.#camera.connect();
      const { eventsUrl } = this.#camera;
      if (eventsUrl === null) return { reason: 'not-found', detail: 'the camera has no events (ONVIF event service)' };
      const subscription = await this.#subscribe(eventsUrl);
      this.#call.connected();
      return await this.#pull(subscription);
    } catch (error) {
      if (!(error instanceof DeviceFault)) throw error;
      return { reason: LOSSES[error.reason], detail: `the camera ${error.message}` };
    }
  }

  async #subscribe(eventsUrl: string): Promise<Subscription> {
    const { subscribeMs } = this.#pace;
    const asked = `<tev:CreatePullPointSubscription><tev:InitialTerminationTime>${duration(subscribeMs)}</tev:InitialTerminationTime></tev:CreatePullPointSubscription>`;
    const xml = await this.#post(eventsUrl, `${EVENTS}/CreatePullPointSubscriptionRequest`, eventsUrl, '', asked);
    const answer = inside(await parseXml(xml), 'Body', 'CreatePullPointSubscriptionResponse');
    const named = textIn(answer, 'SubscriptionReference', 'Address') ?? '';
    if (!URL.canParse(named)) throw new DeviceFault('not-onvif', 'grants a subscription without an address');
    const at = (name: string): number => Date.parse(textIn(answer, name) ?? '');
    const grantedMs = at('TerminationTime') - at('CurrentTime');
    const parameters = /<(?:[\w-]+:)?ReferenceParameters[^>]*>([\s\S]*?)<\/(?:[\w-]+:)?ReferenceParameters>/.exec(
      xml,
    )?.[1];
    return {
      url: this.#camera.serviceUrl(named),
      named,
      // Only with names of its own can they be sent on as they are.
      parameters: parameters?.includes('xmlns') === true ? parameters.trim() : '',
      grantedMs: grantedMs > 0 ? Math.min(grantedMs, subscribeMs) : subscribeMs,
    };
  }

  async #pull(subscription: Subscription): Promise<WitnessLoss> {
    const { clock } = this.#options.around;
    const { signal } = this.#call;
    const renewEveryMs = subscription.grantedMs * RENEW_AFTER;
    let [renewAt, repeatAt, breaks] = [clock.elapsed() + renewEveryMs, clock.elapsed(), 0];
    while (!signal.aborted) {
      const beganAt = clock.elapsed();
      if (beganAt >= renewAt) {
        await this.#renew(subscription);
        renewAt = beganAt + renewEveryMs;
      }
      if (beganAt >= repeatAt) {
        await this.#repeat(subscription);
        repeatAt = beganAt + this.#options.holdMs / 2;
      }
      const waitMs = Math.min(this.#pace.pullMs, renewEveryMs / 2, this.#options.holdMs / 4);
      const isAnswered = await this.#next(subscription, waitMs);
      breaks = isAnswered ? 0 : breaks + 1;
      if (breaks >= MOST_BREAKS) return { reason: 'ended', detail: 'the camera closes the connection again and again' };
      await pause(clock, beganAt + this.#pace.leastApartMs - clock.elapsed(), signal);
    }
    return { reason: 'ended', detail: 'it was stopped' };
  }

  /** Asks for news. False = the camera closed the connection while it was waiting, as many do. */
  async #next(subscription: Subscription, waitMs: Ms): Promise<boolean> {
    const asked = `<tev:PullMessages><tev:Timeout>${duration(waitMs)}</tev:Timeout><tev:MessageLimit>100</tev:MessageLimit></tev:PullMessages>`;
    let xml: string;
    try {
      xml = await this.#ask(subscription, `${PULL_POINT}/PullMessagesRequest`, asked, waitMs + this.#pace.answerMs);
    } catch (error) {
      if (error instanceof DeviceFault && error.reason === 'broken-off') return false;
      throw error;
    }
    this.#call.heartbeat();
    const notifications = readNotifications(await parseXml(xml).catch(() => null));
    if (notifications === null) this.#call.misheard('an answer to PullMessages is no such answer');
    for (const notification of notifications ?? []) {
      const report = fieldReport(notification);
      if (report !== null) this.#tell(report);
      else if (isBlind(notification)) this.#tellBlind();
    }
    return true;
  }

  #tell({ rule, videoSource, object, isInside }: FieldReport): void {
    const { zones, holdMs, around } = this.#options;
    const now = around.clock.elapsed();
    for (const { key, saysEmpty, ...zone } of zones) {
      const isOther = zone.videoSource !== null && videoSource !== null && zone.videoSource !== videoSource;
      if (zone.rule !== rule || isOther) continue;
      const objects = this.#inside.get(key) ?? new Map<string, Ms>();
      this.#inside.set(key, objects);
      if (isInside) objects.set(object, now);
      else objects.delete(object);
      // Objects that a camera has lost from sight are sometimes never said to have left.
      for (const [name, saidAt] of [...objects]) if (saidAt <= now - holdMs) objects.delete(name);
      const state = objects.size > 0 ? 'occupied' : saysEmpty ? 'empty' : 'unknown';
      this.#call.say({ zone: key, state, holdMs });
    }
  }

  #tellBlind(): void {
    this.#inside.clear();
    for (const { key } of this.#options.zones) this.#call.say({ zone: key, state: 'unknown', holdMs: null });
  }

  /** Cameras that cannot be asked for it make a subscription last by being asked for news. */
  async #renew(subscription: Subscription): Promise<void> {
    const asked = `<wsnt:Renew><wsnt:TerminationTime>${duration(this.#pace.subscribeMs)}</wsnt:TerminationTime></wsnt:Renew>`;
    await this.#ask(subscription, `${MANAGER}/RenewRequest`, asked, this.#pace.answerMs).catch(unlessRefused);
  }

  /** Has everything said again that holds, by cameras that can. */
  async #repeat(subscription: Subscription): Promise<void> {
    const asked = '<tev:SetSynchronizationPoint/>';
    const action = `${PULL_POINT}/SetSynchronizationPointRequest`;
    await this.#ask(subscription, action, asked, this.#pace.answerMs).catch(unlessRefused);
  }

  #ask({ url, named, parameters }: Subscription, action: string, body: string, timeoutMs: Ms): Promise<string> {
    return this.#post(url, action, named, parameters, body, timeoutMs);
  }

  async #post(
    url: string,
    action: string,
    to: string,
    parameters: string,
    body: string,
    timeoutMs?: Ms,
  ): Promise<string> {
    const addressing = `<wsa:Action>${action}</wsa:Action><wsa:To>${escapeXml(to)}</wsa:To>${parameters}`;
    const envelope = envelopeOf(NAMES, body, addressing);
    const { signal } = this.#call;
    return await this.#camera.door.post({ url, envelope, signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  }
}

/** `PT60S`; no camera counts in fractions. */
const duration = (ms: Ms): string => `PT${Math.max(1, Math.round(ms / SECOND))}S`;

function unlessRefused(error: unknown): void {
  if (!(error instanceof DeviceFault) || error.reason !== 'refused') throw error;
}

const LOSSES: Readonly<Record<FaultReason, WitnessLossReason>> = {
  offline: 'offline',
  timeout: 'offline',
  'broken-off': 'ended',
  'login-needed': 'wrong-login',
  'wrong-login': 'wrong-login',
  'login-closed': 'wrong-login',
  'locked-out': 'locked-out',
  'not-found': 'not-found',
  elsewhere: 'unfit',
  'too-large': 'unfit',
  'not-onvif': 'unfit',
  'no-picture': 'unfit',
  // Most of all: the subscription is not known any more.
  refused: 'ended',
};
