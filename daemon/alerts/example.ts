/** An invented message for trying a channel out: made as the real ones are, of a window and a person that nobody has. */
import type { Notice } from '../../adapters/notifier.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import { noticeOf } from './delivery.ts';
import { type Item, letterOf } from './letters.ts';
import type { Language } from './words.ts';

/** What a channel would say of a window that stands empty. `key` is another one each time. */
export function exampleNotice(hall: Hall, now: Ms, language: Language): Notice {
  const verdict: Verdict = {
    rule: 'missing-cover',
    state: 'open',
    day: dayAt(hall, now),
    session: null,
    side: null,
    employee: null,
    window: language === 'zh' ? '示例' : 'example',
    department: null,
    from: now - 12 * MINUTE,
    to: null,
    evidence: [],
    because: null,
    run: true,
    config: hall.config,
  };
  const key = `TEST-${now}`;
  const item: Item = { about: key, alert: key, op: 'open', live: true, verdict, asks: false };
  const { text, parts } = letterOf(() => hall, [item], now, language);
  const mark =
    language === 'zh' ? '【测试】这是一条虚构的示例，请勿处理。' : '[test] An invented example; nothing is to be done.';
  const body = JSON.stringify({ text: `${mark}\n${text}`, parts });
  return noticeOf(hall.id, { seq: 0, channel: '', key, alert: key, body, attempts: 0 });
}
