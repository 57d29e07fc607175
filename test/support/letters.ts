/** Reads what people were told in a hall in this process, and delivers it as a channel that takes everything would. */
import type { Letter } from '../../daemon/alerts/letters.ts';
import { MINUTE } from '../../rules/time.ts';
import type { CoreHall } from './core-hall.ts';
import { instantOf } from './core-hall.ts';

export interface ReadLetter extends Letter {
  readonly channel: string;
  /** When it was put on its way, as `09:35:00`. */
  readonly at: string;
  readonly date: string;
}

/** The letters of all channels of people, oldest first. */
export function lettersOf(hall: CoreHall): ReadLetter[] {
  const rows = hall.core.ledger.database.prepare('select channel, body, made_at from outbox order by seq').all();
  return rows.flatMap(({ channel, body, made_at }) => {
    const letter = JSON.parse(String(body)) as Letter;
    if (!('parts' in letter)) return [];
    const [date = '', time = ''] = hall.text(Number(made_at)).split('T');
    return [{ ...letter, channel: String(channel), date, at: time.slice(0, 8) }];
  });
}

/** `09:35:00 room: open late, close absent`: what a letter is about, by rule. */
export const gist = ({ at, channel, parts }: ReadLetter): string =>
  `${at} ${channel}: ${parts.map(({ op, verdict }) => `${op} ${(verdict as { rule: string }).rule}`).join(', ')}`;

/** Time passes, and whatever is due is taken, except by channels that are down. */
export function live(hall: CoreHall, to: string, down: readonly string[] = []): void {
  const until = instantOf(to);
  for (let at = hall.clock.now(); at < until; ) {
    const { core } = hall;
    at = Math.min(until, Math.max(at + 1, Math.min(core.live.nextAt, at + MINUTE)));
    hall.pass(hall.text(at));
    const due = core.outbox.due(at).filter(({ channel }) => !down.includes(channel));
    if (due.length === 0) continue;
    core.ledger.commit(() => {
      for (const { seq } of due) core.outbox.delivered(seq, at);
    });
  }
}
