/** The senders of the configuration's channels. */
import type { Letterhead } from '../../adapters/letter.ts';
import { type Notifier, NotifyError } from '../../adapters/notifier.ts';
import { dingtalkNotifier } from '../../adapters/notifiers/dingtalk.ts';
import { type EmailOptions, emailNotifier } from '../../adapters/notifiers/email.ts';
import { feishuNotifier } from '../../adapters/notifiers/feishu.ts';
import { logNotifier } from '../../adapters/notifiers/log.ts';
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts';
import { wecomNotifier } from '../../adapters/notifiers/wecom.ts';
import { wecomApp } from '../../adapters/notifiers/wecom-app.ts';
import type { ChannelConfig, Config } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';
import type { Log } from '../log.ts';
import { contactOf } from './audiences.ts';
import { noticeOf, type Send } from './delivery.ts';
import type { Outbox } from './outbox.ts';
import { heading, type Language, linesMore, notAttached } from './words.ts';

const TIMEOUT_MS: Ms = 10_000;

export interface ChannelOptions {
  readonly config: Pick<Config, 'notify' | 'employees' | 'hall' | 'http'>;
  readonly language: Language;
  readonly now: () => Ms;
}

/** What sends to a channel; of one for persons, to whom it is told. Null of the hall's topic and the log, which need no sender. */
export function notifierOf(
  channel: ChannelConfig,
  options: ChannelOptions,
): ((person: string | null) => Notifier) | null {
  const { config, language, now } = options;
  const letter: Letterhead = {
    heading: heading(config.hall.name ?? config.hall.id, language),
    link: config.http.address,
    andMore: (count) => linesMore(count, language),
  };
  const common = { letter, timeoutMs: TIMEOUT_MS, now };
  const personal = (person: string | null): string[] => {
    const contact = contactOf(config, channel, person);
    return contact === null ? [] : [contact];
  };
  switch (channel.kind) {
    case 'webhook':
      return () => webhookNotifier({ url: channel.url, secret: channel.secret, timeoutMs: TIMEOUT_MS, now });
    case 'wecom':
      return () => wecomNotifier({ ...channel, ...common });
    case 'wecom-app': {
      const app = wecomApp({ ...channel, ...common });
      return (person) => app(channel.to === 'person' ? personal(person) : channel.accounts);
    }
    case 'dingtalk':
      return () => dingtalkNotifier({ ...channel, ...common });
    case 'feishu':
      return () => feishuNotifier({ ...channel, ...common });
    case 'email':
      return (person) => {
        const addresses = channel.to === 'person' ? personal(person) : channel.addresses;
        const left: EmailOptions['notAttached'] = (name, because) => notAttached(name, because, language);
        return emailNotifier({ ...channel, addresses, notAttached: left, ...common });
      };
    case 'log':
    case 'mqtt':
      return null;
  }
}

/** The senders by channel; the hall's topic is added by whoever has brokers. */
export function sendersOf(options: ChannelOptions, log: Log): Map<string, Send> {
  const { config } = options;
  const hall = config.hall.id;
  const senders = new Map<string, Send>();
  const add = (name: string, notifier: Notifier): void => {
    senders.set(name, (message) => notifier.send(noticeOf(hall, message)));
  };
  /** Contacts may change while the daemon runs: a message goes where the person is reached when it leaves. */
  const addPersonal = (channel: ChannelConfig, notifier: (person: string) => Notifier): void => {
    senders.set(channel.id, async (message) => {
      const person = message.channel.slice(channel.id.length + 1);
      if (contactOf(config, channel, person) === null) {
        throw new NotifyError(`channel ${channel.id} reaches ${person} no more`, { retry: false });
      }
      await notifier(person).send(noticeOf(hall, message));
    });
  };
  add(
    'log',
    logNotifier((fields) => log.info(fields, 'alert was told')),
  );
  for (const channel of config.notify.channels) {
    const notifier = notifierOf(channel, options);
    if (notifier === null) continue;
    if (!('to' in channel) || channel.to !== 'person') add(channel.id, notifier(null));
    else addPersonal(channel, notifier);
  }
  return senders;
}

/** What the board says of channels that do not get through; why stands on the page of accounts, which administrators read. */
export function channelWarnings(outbox: Outbox, language: Language): string[] {
  const failing = [...new Set(outbox.failing().map(({ channel }) => channel.split('/', 1)[0] ?? ''))];
  return failing.map((id) =>
    language === 'zh'
      ? `消息渠道 ${id} 发不出去，请管理员看账号页`
      : `channel ${id} does not get through; administrators find why on the page of accounts`,
  );
}
