/** Makes messages of what is to be told: one for each change on the hall's topic, one for each alert to people. */
import { hash } from 'node:crypto';
import type { Change } from '../../rules/changes.ts';
import type { Fact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Day, Ms } from '../../rules/time.ts';
import { verdictLine } from '../../rules/verdict.ts';
import type { Consequence } from '../live/live.ts';
import type { Audience } from './audiences.ts';
import type { NoticePart } from './letters.ts';
import type { Mailroom } from './mailroom.ts';
import type { Outbox } from './outbox.ts';
import { type Telling, type Told, unnamedIfPending } from './telling.ts';
import { type Language, sentence } from './words.ts';

/** The channel of the hall's own alert topic. */
export const TOPIC_CHANNEL = 'mqtt';

export interface AnnouncerOptions {
  readonly telling: Telling;
  readonly outbox: Outbox;
  readonly hallOn: (day: Day) => Hall;
  readonly audiences: readonly Audience[];
  readonly mailroom: Mailroom;
  readonly language: Language;
  /** How long a message to people waits for something else of the same alert that is about to be told. */
  readonly gatherMs: Ms;
}

/** What a message waits for is told up to this much late: the shell wakes at least once a second. */
const SLACK_MS: Ms = 1_000;

export class Announcer implements Consequence {
  readonly #options: AnnouncerOptions;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  get nextAt(): Ms {
    const { telling, mailroom } = this.#options;
    return Math.min(telling.nextAt, mailroom.nextAt);
  }

  follow(changes: readonly Change[], facts: readonly Fact[], recordedAt: Ms): void {
    const { telling, mailroom } = this.#options;
    for (const change of changes) telling.note(change);
    mailroom.answer(facts, recordedAt);
    if (telling.nextAt <= recordedAt) this.#tell(recordedAt);
    mailroom.release(recordedAt);
  }

  #tell(recordedAt: Ms): void {
    const { telling, mailroom, hallOn } = this.#options;
    const news = telling.tell(recordedAt).map((told) => this.#announce(told, recordedAt));
    for (const { told } of news) mailroom.note(told, recordedAt);
    for (const { channel, hears } of this.#options.audiences) {
      // What is told of one alert at once is one message.
      const byAlert = Map.groupBy(
        news.filter(({ told }) => hears(told.verdict, hallOn(told.verdict.day))),
        ({ told }) => told.alert,
      );
      for (const [alert, together] of byAlert) this.#address(channel, alert, together, recordedAt);
    }
  }

  /** Tells the hall's topic, and returns what people's channels are to be told. */
  #announce(told: Told, now: Ms): News {
    const { outbox, language } = this.#options;
    const hall = this.#options.hallOn(told.verdict.day);
    const verdict = unnamedIfPending(told.verdict);
    const text = sentence(hall, told.op, told.verdict, now, language);
    const line = { ...verdictLine(hall, verdict, now), case: told.caseId, op: told.op, alert: told.alert, text };
    // The verdict's own key holds the person's id, and a message about what is pending names nobody.
    const key = `M-${hash('sha256', `${told.key}#${told.times}`).slice(0, 24)}`;
    outbox.put({ channel: TOPIC_CHANNEL, key, alert: told.alert, body: JSON.stringify(line) }, now, now);
    return { told, key, part: { op: told.op, text, verdict: line } };
  }

  /** A person's late arrival and the window not opened for it are one message, where they come close together. */
  #address(channel: string, alert: string, news: readonly News[], now: Ms): void {
    const { outbox, telling, gatherMs } = this.#options;
    const sendAt = telling.waits(alert, now + gatherMs) ? now + gatherMs + SLACK_MS : now;
    const gathering = outbox.gathering(channel, alert, now);
    const parts = [...(gathering === null ? [] : (JSON.parse(gathering.body) as NoticePart[])), ...news.map(partOf)];
    const body = JSON.stringify(parts);
    if (gathering !== null) outbox.rewrite(gathering.seq, body, sendAt);
    else outbox.put({ channel, key: news[0]?.key ?? '', alert, body }, now, sendAt);
  }
}

/** Something told, as it goes to people. */
interface News {
  readonly told: Told;
  readonly key: string;
  readonly part: NoticePart;
}

const partOf = ({ part }: News): NoticePart => part;
