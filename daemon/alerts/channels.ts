/** The senders of the configuration's channels. */
import type { Letterhead } from '../../adapters/letter.ts';
import type { Notifier } from '../../adapters/notifier.ts';
import { dingtalkNotifier } from '../../adapters/notifiers/dingtalk.ts';
import { emailNotifier } from '../../adapters/notifiers/email.ts';
import { feishuNotifier } from '../../adapters/notifiers/feishu.ts';
import { logNotifier } from '../../adapters/notifiers/log.ts';
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts';
import { wecomNotifier } from '../../adapters/notifiers/wecom.ts';
import type { ChannelConfig, Config } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';
import type { Log } from '../log.ts';
import { noticeOf, type Send } from './delivery.ts';
import type { Outbox } from './outbox.ts';
import { heading, type Language, linesMore } from './words.ts';

const TIMEOUT_MS: Ms = 10_000;

export interface ChannelOptions {
  readonly config: Config;
  readonly language: Language;
  readonly now: () => Ms;
}

/** What sends to a channel; of one for persons, to the person named. Null of the hall's topic and the log, which need no sender. */
export function notifierOf(channel: ChannelConfig, person: string | null, options: ChannelOptions): Notifier | null {
  const { config, language, now } = options;
  const letter: Letterhead = {
    heading: heading(config.hall.name ?? config.hall.id, language),
    link: config.http.address,
    andMore: (count) => linesMore(count, language),
  };
  const common = { letter, timeoutMs: TIMEOUT_MS, now };
  switch (channel.kind) {
    case 'webhook':
      return webhookNotifier({ url: channel.url, secret: channel.secret, timeoutMs: TIMEOUT_MS, now });
    case 'wecom':
      return wecomNotifier({ ...channel, ...common });
    case 'dingtalk':
      return dingtalkNotifier({ ...channel, ...common });
    case 'feishu':
      return feishuNotifier({ ...channel, ...common });
    case 'email': {
      const addresses = channel.to === 'person' ? addressesOf(config, person) : channel.addresses;
      return emailNotifier({ ...channel, addresses, ...common });
    }
    case 'log':
    case 'mqtt':
      return null;
  }
}

function addressesOf({ employees }: Config, person: string | null): string[] {
  const email = employees.find(({ id }) => id === person)?.contacts.email ?? null;
  return email === null ? [] : [email];
}

/** The senders by channel, those for persons by person; the hall's topic is added by whoever has brokers. */
export function sendersOf(options: ChannelOptions, log: Log): Map<string, Send> {
  const { config } = options;
  const hall = config.hall.id;
  const senders = new Map<string, Send>();
  const add = (name: string, notifier: Notifier | null): void => {
    if (notifier !== null) senders.set(name, (message) => notifier.send(noticeOf(hall, message)));
  };
  add(
    'log',
    logNotifier((fields) => log.info(fields, 'alert was told')),
  );
  for (const channel of config.notify.channels) {
    const isPersonal = 'to' in channel && channel.to === 'person';
    if (!isPersonal) add(channel.id, notifierOf(channel, null, options));
    for (const { id, contacts } of isPersonal ? config.employees : []) {
      if (contacts.email !== null) add(`${channel.id}/${id}`, notifierOf(channel, id, options));
    }
  }
  return senders;
}

/** What the board says of channels that do not get through; why stands in the log, which fewer people read. */
export function channelWarnings(outbox: Outbox, language: Language): string[] {
  const failing = [...new Set(outbox.failing().map(({ channel }) => channel.split('/', 1)[0] ?? ''))];
  return failing.map((id) =>
    language === 'zh' ? `消息渠道 ${id} 发不出去，原因见日志` : `channel ${id} does not get through; see the log`,
  );
}
