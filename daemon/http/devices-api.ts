/** Clocks as installers see them: what is wrong, what came and could not be taken, whose touches nobody knows. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { DAY_LENGTH, formatInstant, type Ms, parseInstant, type Zone } from '../../rules/time.ts';
import { actorOf } from '../access/actor.ts';
import type { Language } from '../alerts/words.ts';
import type { DeviceDesk, DeviceView } from '../clocks/device-desk.ts';
import type { DeviceFault } from '../clocks/device-faults.ts';
import { faultText } from '../clocks/device-words.ts';
import { becauseText } from '../clocks/reason-words.ts';
import type { RejectPlace } from '../ledger/rejects.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

type C = Context<HttpEnv>;

export interface DevicesOptions {
  readonly desk: Pick<DeviceDesk, keyof DeviceDesk>;
  readonly zone: () => Zone;
  readonly now: () => Ms;
}

/** Clocks that have lost their time begin in 1970 or 2000. */
const MOST_CORRECTED_MS: Ms = 60 * 366 * DAY_LENGTH;
export const instant = z
  .string()
  .refine((value) => parseInstant(value) !== null, { error: 'expected an instant as in RFC 3339' });
export const mappingSchema = z.strictObject({
  credential: z.string().min(1).max(64),
  device: z.string().max(64).nullable().default(null).describe('null = on every clock'),
  employee: z.string().max(64),
  from: instant.describe('From when on touches by it are this person’s; earlier ones are judged again.'),
});
export const againSchema = z.strictObject({
  correctByMs: z
    .int()
    .min(-MOST_CORRECTED_MS)
    .max(MOST_CORRECTED_MS)
    .nullable()
    .default(null)
    .describe('What the device’s clock was ahead of the true time; null = what was measured.'),
});

export const NO_STORE = { 'Cache-Control': 'no-store' };
const MOST_REJECTS = 200;
const SHOWN_BYTES = 2000;

export function devicesHandlers({ desk, zone, now }: DevicesOptions) {
  const said = (at: Ms | null): string | null => (at === null ? null : formatInstant(zone(), at));
  const faultJson = (fault: DeviceFault, language: Language) => ({
    ...{ code: fault.code, since: said(fault.since), until: said(fault.until) },
    text: faultText(fault, language),
  });
  const deviceJson = ({ offsets, faults, about, ...view }: DeviceView, language: Language) => ({
    ...view,
    about: Object.fromEntries(Object.entries(about).map(([name, value]) => [name, becauseText(value, language)])),
    heardAt: said(view.heardAt),
    punchAt: said(view.punchAt),
    takenAt: said(view.takenAt),
    measuredAt: said(view.measuredAt),
    offsets: offsets.map(({ from, to, offsetMs }) => ({ from: said(from), to: said(to), offsetMs })),
    faults: faults.map((fault) => faultJson(fault, language)),
  });

  return {
    'GET /api/v1/devices': (c) =>
      c.json(
        {
          at: said(now()),
          devices: desk.devices().map((view) => deviceJson(view, languageOf(c))),
          strangers: desk.strangers.map(({ firstAt, lastAt, ...stranger }) => ({
            ...stranger,
            firstAt: said(firstAt),
            lastAt: said(lastAt),
          })),
        },
        200,
        NO_STORE,
      ),

    'GET /api/v1/devices/:id': (c) => {
      const found = desk.device(c.req.param('id') ?? '');
      if (found === null) return notThere(c, 'no device has this id');
      const { history, ...view } = found;
      const language = languageOf(c);
      return c.json(
        { ...deviceJson(view, language), history: history.map((fault) => faultJson(fault, language)) },
        200,
        NO_STORE,
      );
    },

    'GET /api/v1/unmatched': (c) =>
      c.json(
        {
          unmatched: desk.unmatched().map(({ firstAt, lastAt, ...row }) => ({
            ...row,
            firstAt: said(firstAt),
            lastAt: said(lastAt),
          })),
        },
        200,
        NO_STORE,
      ),

    'POST /api/v1/unmatched': async (c) => {
      const { from, ...mapping } = await bodyOf(c, mappingSchema);
      const isKnown = await desk.map({ ...mapping, from: parseInstant(from) as Ms }, actorOf(c).id);
      return isKnown ? c.body(null, 204, NO_STORE) : notThere(c, 'no employee has this id');
    },

    'GET /api/v1/rejects': (c) => {
      const asked = c.req.query('before');
      const before = asked === undefined ? undefined : placeIn(asked);
      if (before === null)
        return problem(c, { status: 400, title: 'Bad Request', detail: '`before` is no place in it.' });
      const found = desk.rejects(MOST_REJECTS + 1, before);
      const last = found[MOST_REJECTS - 1];
      return c.json(
        {
          rejects: found.slice(0, MOST_REJECTS).map(({ payload, because, firstAt, lastAt, ...reject }) => ({
            ...reject,
            because: becauseText(because, languageOf(c)),
            firstAt: said(firstAt),
            lastAt: said(lastAt),
            bytes: payload.length,
            payload: Buffer.from(payload.subarray(0, SHOWN_BYTES)).toString(),
          })),
          next: last !== undefined && found.length > MOST_REJECTS ? `${last.lastAt}.${last.digest}` : null,
        },
        200,
        NO_STORE,
      );
    },

    'POST /api/v1/rejects/:digest/replay': async (c) => {
      const { correctByMs } = await bodyOf(c, againSchema);
      const because = await desk.takeAgain(c.req.param('digest') ?? '', correctByMs, actorOf(c).id);
      if (because === undefined) return notThere(c, 'nothing of this digest was kept aside');
      if (because !== null)
        return problem(c, { status: 409, title: 'Conflict', detail: becauseText(because, languageOf(c)) });
      return c.body(null, 204, NO_STORE);
    },
  } satisfies Record<string, Handler<HttpEnv>>;
}

/** What `next` named. */
function placeIn(text: string): RejectPlace | null {
  const [, lastAt, digest] = /^(\d{1,15})\.([0-9a-f]{64})$/.exec(text) ?? [];
  return digest === undefined ? null : { lastAt: Number(lastAt), digest };
}

export function notThere(c: C, detail: string): Response {
  return problem(c, { status: 404, title: 'Not Found', detail });
}

/** Sentences are made here, since their reasons are. */
export function languageOf(c: C): Language {
  const asked = c.req.query('lang') ?? c.req.header('accept-language') ?? '';
  return asked.startsWith('en') ? 'en' : 'zh';
}
