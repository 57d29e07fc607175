/** Messages of devices as they come, and mappings made of them: for installers; the administrator writes them to hall.yaml. */
import type { Context } from 'hono';
import { z } from 'zod';
import { id as configId, topicFilter } from '../../config/fields.ts';
import { actorOf } from '../access/actor.ts';
import type { By } from '../access/books.ts';
import type { MessageDesk } from '../clocks/message-desk.ts';
import { bodyOf } from './body.ts';
import { edited } from './cameras-api.ts';
import type { HttpEnv } from './env.ts';
import { languageOf } from './language.ts';
import { problem } from './problem.ts';

type C = Context<HttpEnv>;

export const listenSchema = z.strictObject({
  topic: topicFilter.nullable().describe('A topic filter of MQTT; null = no longer.'),
});
export const sketchSchema = z.strictObject({
  message: z.int().describe('The `number` of the message that it is made for.'),
  clock: configId.describe('The id of the clock.'),
  draft: z.json().nullable().describe('As under `map:` of a clock in hall.yaml; null = guessed from the message.'),
});
export const savedSketchSchema = sketchSchema.extend({
  base: z.string().length(64).describe('Of the proposal that was seen.'),
});

const NO_STORE = { 'Cache-Control': 'no-store' };

export function messagesHandlers(desk: Pick<MessageDesk, keyof MessageDesk>) {
  return {
    'GET /api/v1/messages': (c: C) => {
      const after = Number(c.req.query('after') ?? 0);
      return c.json(desk.list(Number.isSafeInteger(after) ? after : 0, languageOf(c)), 200, NO_STORE);
    },
    'POST /api/v1/messages/listen': async (c: C) => {
      const { topic } = await bodyOf(c, listenSchema);
      await desk.listen(topic);
      return c.json(desk.list(Number.MAX_SAFE_INTEGER, languageOf(c)), 200, NO_STORE);
    },
    'POST /api/v1/messages/preview': async (c: C) => {
      const preview = desk.preview(await bodyOf(c, sketchSchema), languageOf(c));
      return preview === null ? gone(c) : c.json(preview, 200, NO_STORE);
    },
    'POST /api/v1/messages/proposal': async (c: C) => {
      const sketch = await bodyOf(c, sketchSchema);
      return await edited(c, () => desk.propose(sketch, languageOf(c)));
    },
    'POST /api/v1/messages/save': async (c: C) => {
      const { base, ...sketch } = await bodyOf(c, savedSketchSchema);
      return await edited(c, () => desk.save(sketch, base, byOf(c), languageOf(c)));
    },
  } as const;
}

const byOf = (c: C): By => ({ who: actorOf(c).id, address: c.get('address') });

function gone(c: C): Response {
  const detail = 'The message is no longer there; choose a later one.';
  return problem(c, { status: 404, title: 'Not Found', detail, code: 'gone' });
}
