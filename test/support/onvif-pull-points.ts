/** The events of an ONVIF camera, for whoever subscribes to them: as a queue of its own for each subscription. */
import { envelope, fault, messages, objectsInside, type RuleState, subscription } from './onvif-answers.ts';

interface PullPoint {
  readonly queue: string[];
  endsAt: number;
  /** The question that is waiting for something to happen. */
  waiting: ((answer: 'news' | 'closed') => void) | null;
}

const SECONDS = /PT(?:(\d+)M)?(?:(\d+)S)?/;

export class PullPoints {
  readonly #base: () => string;
  readonly #now: () => Date;
  readonly #states = new Map<string, RuleState>();
  readonly #points = new Map<string, PullPoint>();
  #next = 1;
  /** How long a subscription lasts, whatever is asked for; null = as asked. */
  longestMs: number | null = null;
  /** Answers PullMessages with something that is no XML. */
  isBabbling = false;

  constructor(base: () => string, now: () => Date) {
    this.#base = base;
    this.#now = now;
  }

  /** Somebody is inside a rule's field, or not any more. */
  set(rule: string, isInside: boolean, object = '0'): void {
    const state = { rule, object, isInside };
    this.#states.set(`${rule}\n${object}`, state);
    this.say(objectsInside(state, 'Changed'));
  }

  /** A message to all. */
  say(message: string): void {
    for (const point of this.#points.values()) {
      point.queue.push(message);
      point.waiting?.('news');
    }
  }

  get subscriptions(): number {
    return this.#points.size;
  }

  /** Closes the connections that wait for news, as some cameras do every ten seconds. */
  closeWaiting(): void {
    for (const point of this.#points.values()) point.waiting?.('closed');
  }

  /** Knows no subscription any more, as after a restart. */
  forget(): void {
    this.closeWaiting();
    this.#points.clear();
  }

  /** Null = it is no message of these. */
  async serve(method: string, path: string, body: string): Promise<string | 'closed' | null> {
    if (method === 'CreatePullPointSubscription') return this.#create(body);
    const point = this.#points.get(path);
    if (!['PullMessages', 'Renew', 'SetSynchronizationPoint', 'Unsubscribe'].includes(method)) return null;
    if (point === undefined || point.endsAt < this.#now().getTime()) {
      this.#points.delete(path);
      return fault('ResourceUnknownFault', 'Unknown subscription');
    }
    if (method === 'Renew') {
      point.endsAt = this.#endOf(body);
      return envelope('<wsnt:RenewResponse/>');
    }
    if (method === 'Unsubscribe') {
      this.#points.delete(path);
      return envelope('<wsnt:UnsubscribeResponse/>');
    }
    if (method === 'SetSynchronizationPoint') {
      for (const state of this.#states.values()) point.queue.push(objectsInside(state, 'Initialized'));
      return envelope('<tev:SetSynchronizationPointResponse/>');
    }
    return await this.#pull(point, body);
  }

  #create(body: string): string {
    const path = `/onvif/subscription/${this.#next++}`;
    const endsAt = this.#endOf(body);
    this.#points.set(path, { queue: [], endsAt, waiting: null });
    return envelope(subscription(`${this.#base()}${path}`, this.#now(), new Date(endsAt)));
  }

  #endOf(body: string): number {
    const asked = millisecondsOf(/TerminationTime>([^<]*)</.exec(body)?.[1] ?? '');
    return this.#now().getTime() + Math.min(asked, this.longestMs ?? asked);
  }

  async #pull(point: PullPoint, body: string): Promise<string | 'closed'> {
    if (this.isBabbling) return 'this is no XML <';
    if (point.queue.length === 0) {
      const timeoutMs = millisecondsOf(/Timeout>([^<]*)</.exec(body)?.[1] ?? '');
      const end = await new Promise<'news' | 'closed'>((resolve) => {
        const timer = setTimeout(() => resolve('news'), timeoutMs);
        point.waiting = (answer) => {
          clearTimeout(timer);
          resolve(answer);
        };
      });
      point.waiting = null;
      if (end === 'closed') return 'closed';
    }
    return envelope(messages(point.queue.splice(0), this.#now()));
  }
}

function millisecondsOf(duration: string): number {
  const [, minutes = '0', seconds = '0'] = SECONDS.exec(duration) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}
