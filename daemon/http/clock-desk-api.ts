/** A clock's people beside the hall's, and its acceptance. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { formatInstant, type Ms, parseInstant, type Zone } from '../../rules/time.ts';
import { actorOf } from '../access/actor.ts';
import type { By } from '../access/books.ts';
import type { Accepted, ClockAcceptance, TouchTest } from '../clocks/clock-acceptance.ts';
import type { EnrolmentDesk } from '../clocks/enrolment-desk.ts';
import { becauseText } from '../clocks/reason-words.ts';
import { bodyOf } from './body.ts';
import { instant, languageOf, NO_STORE, notThere } from './devices-api.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

export interface ClockDeskOptions {
  readonly enrolments: Pick<EnrolmentDesk, keyof EnrolmentDesk>;
  readonly acceptance: Pick<ClockAcceptance, keyof ClockAcceptance>;
  readonly zone: () => Zone;
  /** What somebody is called, by what is kept of who did something. */
  readonly nameOf: (by: string) => string | null;
  readonly version: string;
}

const MOST_ENROLMENTS = 20_000;
export const enrolmentsSchema = z.strictObject({
  from: instant.describe('From when on touches by these numbers are these people’s; earlier ones are judged again.'),
  enrolments: z
    .array(z.strictObject({ credential: z.string().min(1).max(64), employee: z.string().min(1).max(64) }))
    .min(1)
    .max(MOST_ENROLMENTS)
    .refine((all) => new Set(all.map(({ credential }) => credential)).size === all.length, {
      error: 'a number is there twice',
    }),
});
const nothing = z.strictObject({});

type C = Context<HttpEnv>;

export function clockDeskHandlers({ enrolments, acceptance, zone, nameOf, version }: ClockDeskOptions) {
  const said = (at: Ms | null): string | null => (at === null ? null : formatInstant(zone(), at));
  const testJson = (test: TouchTest | null) =>
    test && {
      ...{ state: test.state, beganAt: said(test.beganAt), cameAt: said(test.cameAt), touchedAt: said(test.touchedAt) },
      afterMs: test.cameAt === null ? null : test.cameAt - test.beganAt,
    };
  const acceptedJson = (accepted: Accepted | null) =>
    accepted && { ...accepted, at: said(accepted.at), byName: nameOf(accepted.by), test: testJson(accepted.test) };
  const sheetOf = (clock: string) => ({
    ...{ version, test: testJson(acceptance.test(clock)), accepted: acceptedJson(acceptance.accepted(clock)) },
  });

  return {
    'POST /api/v1/devices/:id/users': async (c) => {
      await bodyOf(c, nothing);
      const read = await enrolments.read(idOf(c), byOf(c));
      if ('rows' in read) return c.json({ users: read.rows, people: read.people }, 200, NO_STORE);
      if ('loss' in read) {
        const because = becauseText(read.loss.detail, languageOf(c));
        return problem(c, { status: 502, title: 'Bad Gateway', detail: because });
      }
      if (read.because === 'unknown') return notThere(c, 'no device has this id');
      return problem(c, { status: 409, title: 'Conflict', detail: 'this make of clock does not tell whom it knows' });
    },

    'POST /api/v1/devices/:id/enrolments': async (c) => {
      const { from, enrolments: wanted } = await bodyOf(c, enrolmentsSchema);
      const refused = await enrolments.accept(idOf(c), parseInstant(from) as Ms, wanted, byOf(c));
      if (refused === null) return c.body(null, 204, NO_STORE);
      const { employee, credential } = refused.of;
      if (refused.because === 'unknown') return notThere(c, `no employee has the id ${employee}`);
      return problem(c, {
        status: 409,
        title: 'Conflict',
        detail: `the number ${credential} is somebody else’s already`,
      });
    },

    'GET /api/v1/devices/:id/acceptance': (c) => c.json(sheetOf(idOf(c)), 200, NO_STORE),

    'POST /api/v1/devices/:id/touch-test': async (c) => {
      await bodyOf(c, nothing);
      if (acceptance.begin(idOf(c)) === null) return notThere(c, 'no clock of the configuration has this id');
      return c.json(sheetOf(idOf(c)), 200, NO_STORE);
    },

    'POST /api/v1/devices/:id/acceptance': async (c) => {
      await bodyOf(c, nothing);
      if (!acceptance.accept(idOf(c), byOf(c))) return notThere(c, 'no clock of the configuration has this id');
      return c.json(sheetOf(idOf(c)), 200, NO_STORE);
    },
  } satisfies Record<string, Handler<HttpEnv>>;
}

const idOf = (c: C): string => c.req.param('id') ?? '';
const byOf = (c: C): By => ({ who: actorOf(c).id, address: c.get('address') });
