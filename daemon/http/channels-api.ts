/** The channels of messages for administrators: which there are, which do not get through and why, and an invented message to try one. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { NotifyError } from '../../adapters/notifier.ts';
import type { ChannelConfig, Config } from '../../config/schema.ts';
import type { Hall } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import { actorOf } from '../access/actor.ts';
import { TOPIC_CHANNEL } from '../alerts/announcer.ts';
import { personalContact } from '../alerts/audiences.ts';
import { notifierOf } from '../alerts/channels.ts';
import { exampleNotice } from '../alerts/example.ts';
import type { Outbox } from '../alerts/outbox.ts';
import type { Language } from '../alerts/words.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

export interface ChannelsOptions {
  /** With which channels the daemon runs. */
  readonly config: Pick<Config, 'notify' | 'employees' | 'hall' | 'http'>;
  readonly outbox: Pick<Outbox, 'failing'>;
  readonly hall: () => Hall;
  readonly language: Language;
  readonly now: () => Ms;
}

type C = Context<HttpEnv>;

export const channelTestSchema = z.strictObject({
  employee: z.string().max(200).nullable().default(null).describe('To whom, where the channel is for persons.'),
});

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

export function channelsHandlers(options: ChannelsOptions, access: Access) {
  return {
    'GET /api/v1/channels': (c) => c.json({ channels: channelsJson(options) }, 200, NO_STORE),
    'POST /api/v1/channels/:id/test': (c) => tested(c, options, access),
  } as const satisfies Readonly<Record<string, Handler<HttpEnv>>>;
}

function channelsJson({ config, outbox }: ChannelsOptions): object[] {
  const { channels } = config.notify;
  const failing = outbox.failing();
  const troubleOf = (id: string) => {
    const trouble = failing.find(({ channel }) => channel.split('/', 1)[0] === id);
    return trouble === undefined ? null : { attempts: trouble.attempts, because: trouble.because };
  };
  const listed = channels.map((channel) => ({
    id: channel.id,
    kind: channel.kind,
    to: 'to' in channel ? channel.to : null,
    people: isPersonal(channel) ? config.employees.filter((one) => reaches(channel, one)).map(({ id }) => id) : null,
    isTestable: channel.kind !== 'mqtt' && channel.kind !== 'log',
    trouble: troubleOf(channel.id),
  }));
  // Nobody configures the hall's own topic; what the board warns of is to be found here all the same.
  const trouble = channels.some(({ id }) => id === TOPIC_CHANNEL) ? null : troubleOf(TOPIC_CHANNEL);
  const topic = { id: TOPIC_CHANNEL, kind: 'mqtt', to: null, people: null, isTestable: false, trouble };
  return trouble === null ? listed : [...listed, topic];
}

const isPersonal = (channel: ChannelConfig): boolean => 'to' in channel && channel.to === 'person';
const reaches = (channel: ChannelConfig, { contacts }: Config['employees'][number]): boolean =>
  personalContact(channel, contacts) !== null;

/** By the real sender; whether it was taken is the answer. Who tried it out is recorded first: the message is out in the world then. */
async function tested(c: C, options: ChannelsOptions, { books }: Access): Promise<Response> {
  const { config, hall, language, now } = options;
  const { employee } = await bodyOf(c, channelTestSchema);
  const channel = config.notify.channels.find(({ id }) => id === c.req.param('id'));
  const notifier = channel === undefined ? null : notifierOf(channel, { config, language, now });
  if (channel === undefined) return wrong(c, 404, 'unknown', 'The configuration has no such channel.');
  if (notifier === null) return wrong(c, 422, 'no-test', `A channel of kind ${channel.kind} is part of the daemon.`);
  if (isPersonal(channel) && !config.employees.some((one) => one.id === employee && reaches(channel, one)))
    return wrong(c, 422, 'whom', 'Say an employee whom this channel reaches.');
  const by = { who: actorOf(c).id, address: c.get('address') };
  books.write(() => books.record('channel-tested', by, `channel:${channel.id}`, employee === null ? {} : { employee }));
  try {
    await notifier(employee).send(exampleNotice(hall(), now(), language));
  } catch (error) {
    if (!(error instanceof NotifyError)) throw error;
    return wrong(c, 502, 'not-taken', error.message);
  }
  return c.body(null, 204, NO_STORE);
}

function wrong(c: C, status: 404 | 422 | 502, code: string, detail: string): Response {
  const title = { 404: 'Not Found', 422: 'Unprocessable Content', 502: 'Bad Gateway' }[status];
  return problem(c, { status, title, detail, code });
}
