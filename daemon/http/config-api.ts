/** Which configuration is in force, and taking up what lies on the disk. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { formatInstant, type Zone } from '../../rules/time.ts';
import { actorOf, hasRole } from '../access/actor.ts';
import type { ConfigStanding } from '../config-file/config-standing.ts';
import { bodyOf } from './body.ts';
import { languageOf, NO_STORE } from './devices-api.ts';
import type { HttpEnv } from './env.ts';
import { instant } from './openapi-parts.ts';
import { problem } from './problem.ts';

export interface ConfigApiOptions {
  readonly standing: Pick<ConfigStanding, 'readingIn' | 'reload'>;
  readonly zone: () => Zone;
}

type C = Context<HttpEnv>;

export function configHandlers({ standing, zone }: ConfigApiOptions) {
  const reading = (c: C) => {
    const { acceptedAt, changes, refused } = standing.readingIn(languageOf(c));
    // What is wrong quotes the file.
    const maySee = hasRole(actorOf(c), 'admin', 'installer');
    return {
      acceptedAt: formatInstant(zone(), acceptedAt),
      changes: maySee ? changes : [],
      refused: refused && { at: formatInstant(zone(), refused.at), because: maySee ? refused.because : null },
    };
  };
  return {
    'GET /api/v1/config': (c) => c.json(reading(c), 200, NO_STORE),

    'POST /api/v1/config/reload': async (c) => {
      await bodyOf(c, z.strictObject({}));
      const { refused, lines } = await standing.reload(languageOf(c));
      if (refused !== null) return problem(c, { status: 409, title: 'Conflict', detail: refused });
      return c.json({ ...reading(c), changes: lines }, 200, NO_STORE);
    },
  } satisfies Record<string, Handler<HttpEnv>>;
}

export const configStateSchema = z.object({
  acceptedAt: instant.describe('Since when the configuration in force is accepted.'),
  changes: z
    .array(z.string())
    .describe('What the last reload changed, and from when on; empty = nothing was reloaded.'),
  refused: z
    .object({ at: instant, because: z.string().nullable().describe('Null for those who may not see the file.') })
    .nullable()
    .describe('Why what lies on the disk is not in force; null = it is.'),
});
