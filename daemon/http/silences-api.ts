/** Silences for pages and programs: what nobody is told of for a while, who said so, and why. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import type { OtherFact } from '../../rules/facts.ts';
import type { Hall } from '../../rules/hall.ts';
import { RULES } from '../../rules/table.ts';
import { BEGINNING, formatInstant, MINUTE, type Ms, parseInstant } from '../../rules/time.ts';
import { actorOf } from '../access/actor.ts';
import { ownDoorOf } from '../access/doors.ts';
import { endOf, isInForce, LONGEST_SILENCE_MS, type Scope, type Silence, type Silences } from '../alerts/silences.ts';
import { factId } from '../intake/intake.ts';
import type { Live } from '../live/live.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { nothingNoted, problem } from './problem.ts';

export interface SilencesApiOptions {
  readonly silences: Pick<Silences, 'since'>;
  readonly live: Pick<Live, 'readyToNote' | 'record'>;
  /** The newest configuration. */
  readonly hall: () => Hall;
  /** Cameras and other witnesses; clocks are the hall's. */
  readonly knowsCamera: (device: string) => boolean;
  readonly longestMs: Ms;
  readonly now: () => Ms;
  readonly nameOf: (by: string) => string | null;
}

type C = Context<HttpEnv>;

const ids = z.array(z.string().min(1).max(64)).min(1).max(200).optional();
export const newSilenceSchema = z
  .strictObject({
    windows: ids,
    departments: ids,
    rules: ids,
    devices: ids.describe('Cameras: the windows they see. Clocks: the people who punch there.'),
    from: z
      .string()
      .refine((value) => parseInstant(value) !== null, { error: 'expected an instant as in RFC 3339' })
      .optional()
      .describe('From now on, if left out.'),
    minutes: z.int().min(1).describe('At most `notify.longestSilence`.'),
    reason: z.string().trim().min(1).max(500),
  })
  .describe('What fits all of the lists that are given is silenced; at least one has to be.');

const NO_STORE = { 'Cache-Control': 'no-store' } as const;
/** How long those that are over are listed. */
const LISTED_MS: Ms = 24 * 60 * MINUTE;

export function silencesHandlers(options: SilencesApiOptions) {
  return {
    'GET /api/v1/silences': (c) => listed(c, options),
    'POST /api/v1/silences': make(options),
    'POST /api/v1/silences/:id/end': end(options),
  } as const satisfies Readonly<Record<string, Handler<HttpEnv>>>;
}

function make(options: SilencesApiOptions): Handler<HttpEnv> {
  return async (c) => {
    const { live, now, longestMs } = options;
    const { from: wanted, minutes, reason, ...given } = await bodyOf(c, newSilenceSchema);
    const scope: Partial<Scope> = Object.fromEntries(Object.entries(given).filter(([, list]) => list !== undefined));
    if (Object.keys(scope).length === 0) return wrong(c, 'of-nothing', 'Say what is silenced: one list at least.');
    const stranger = strangerIn(scope, options);
    if (stranger !== null) return wrong(c, 'unknown', `The hall knows no "${stranger}".`);
    const at = now();
    const most = Math.min(longestMs, LONGEST_SILENCE_MS);
    const from = Math.max(at, wanted === undefined ? at : (parseInstant(wanted) ?? at));
    if (minutes * MINUTE > most) {
      return wrong(c, 'too-long', `A silence lasts ${Math.floor(most / MINUTE)} minutes at most.`);
    }
    if (from - at > LONGEST_SILENCE_MS) return wrong(c, 'too-late', 'A silence begins within 31 days.');
    if (!live.readyToNote()) return nothingNoted(c);
    const by = actorOf(c).id;
    const to = from + minutes * MINUTE;
    const id = factId('silence', at, by, from, to, reason, JSON.stringify(scope));
    const fact: OtherFact = { fact: 'silence', id, recordedAt: BEGINNING, at, from, to, reason, ...scope };
    await live.record([fact], { by, via: ownDoorOf(by), claimedAt: null });
    return listed(c, options, 201);
  };
}

function end(options: SilencesApiOptions): Handler<HttpEnv> {
  return async (c) => {
    const { silences, live, now } = options;
    if (!live.readyToNote()) return nothingNoted(c);
    const at = now();
    const silence = silences.since(at).find(({ id }) => id === c.req.param('id'));
    if (silence === undefined) {
      const detail = 'There is no such silence, or it is over.';
      return problem(c, { status: 404, title: 'Not Found', detail, code: 'over' });
    }
    const by = actorOf(c).id;
    const id = factId('silence-end', at, silence.id, by);
    const fact: OtherFact = { fact: 'silence-end', id, recordedAt: BEGINNING, at, silence: silence.id };
    await live.record([fact], { by, via: ownDoorOf(by), claimedAt: null });
    return listed(c, options);
  };
}

/** Something that a silence names and the hall does not have: a slip of the pen would silence nothing, unseen. */
function strangerIn({ windows, departments, rules, devices }: Partial<Scope>, options: SilencesApiOptions) {
  const { hall, knowsCamera } = options;
  const known = hall();
  return (
    windows?.find((one) => !known.windows.has(one)) ??
    departments?.find((one) => !known.departments.has(one)) ??
    rules?.find((one) => !RULES.some(({ name }) => name === one)) ??
    devices?.find((one) => !knowsCamera(one) && !known.clocks.has(one)) ??
    null
  );
}

function listed(c: C, options: SilencesApiOptions, status: 200 | 201 = 200): Response {
  const { silences, now, hall, longestMs } = options;
  const at = now();
  const { zone } = hall();
  const rows = silences.since(at - LISTED_MS).map((silence) => silenceJson(silence, options, at));
  const longestMinutes = Math.floor(Math.min(longestMs, LONGEST_SILENCE_MS) / MINUTE);
  const body = { asOf: formatInstant(zone, at), timezone: zone.id, longestMinutes, silences: rows };
  return c.json(body, status, NO_STORE);
}

function silenceJson(silence: Silence, { hall, nameOf }: SilencesApiOptions, now: Ms): object {
  const { zone } = hall();
  const stamp = (at: Ms): string => formatInstant(zone, at);
  const { id, from, to, reason, by, madeAt, ended, windows, departments, rules, devices } = silence;
  return {
    ...{ silence: id, from: stamp(from), to: stamp(to), reason, by, madeAt: stamp(madeAt) },
    byName: by === null ? null : nameOf(by),
    state: isInForce(silence, now) ? 'active' : now < endOf(silence) ? 'planned' : 'over',
    ended:
      ended === null
        ? null
        : { at: stamp(ended.at), by: ended.by, byName: ended.by === null ? null : nameOf(ended.by) },
    ...{ windows, departments, rules, devices },
  };
}

function wrong(c: C, code: string, detail: string): Response {
  return problem(c, { status: 422, title: 'Unprocessable Content', detail, code });
}
