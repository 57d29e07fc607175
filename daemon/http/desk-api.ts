/** A window's own PC: what it shows, what its people can say there; and who is asked to go and look. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import type { Hall } from '../../rules/hall.ts';
import { formatInstant, type Ms } from '../../rules/time.ts';
import { type Actor, actorOf } from '../access/actor.ts';
import type { Gate } from '../access/gate.ts';
import { seesDepartment, sightOf } from '../access/sight.ts';
import { type Note, WITNESS_WITHIN_MS } from '../desk/notes.ts';
import type { DeskLook, Doer, NotDone, WindowDesk } from '../desk/window-desk.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { NOTHING_NOTED, problem } from './problem.ts';
import { notIn } from './sign-in-api.ts';

export interface DeskOptions {
  readonly desk: Pick<WindowDesk, 'look' | 'asked' | 'say' | 'witness' | 'takeOver' | 'giveBack' | 'isPresent'>;
  readonly gate: Pick<Gate, 'prove'>;
  /** The newest configuration. */
  readonly hall: () => Hall;
  readonly now: () => Ms;
  /** What the account `by` of an answer is called; null of what has none. */
  readonly nameOf: (by: string) => string | null;
}

type C = Context<HttpEnv>;
type Route = Handler<HttpEnv>;

const reason = z.string().trim().min(1).max(200);
const word = z.string().max(1024);
/** Of whoever takes over: nobody is signed in by it. */
const proof = { name: word, password: word };
export const saySchema = z.strictObject({ reason: reason.optional() });
export const awaySchema = z.strictObject({ reason });
export const takeOverSchema = z.strictObject({
  employee: z.string().max(64).describe('Who takes over; the account has to be theirs.'),
  minutes: z.int().min(5).max(600).nullable().describe('Null = to the end of the session.'),
  ...proof,
});
export const giveBackSchema = z.strictObject(proof);
export const witnessSchema = z.strictObject({ seen: z.boolean(), reason: reason.optional() });

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

export function deskHandlers(options: DeskOptions) {
  const { desk } = options;
  const said = (kind: 'back' | 'here'): Route => {
    return async (c) => {
      const { reason: why = null } = await bodyOf(c, saySchema);
      return shown(options, c, await desk.say(windowOf(c), kind, why, actorOf(c).id));
    };
  };
  return {
    'GET /api/v1/desk': (c) => shown(options, c, null),
    'POST /api/v1/desk/away': async (c) => {
      const { reason: why } = await bodyOf(c, awaySchema);
      return shown(options, c, await desk.say(windowOf(c), 'away', why, actorOf(c).id));
    },
    'POST /api/v1/desk/back': said('back'),
    'POST /api/v1/desk/here': said('here'),
    'POST /api/v1/desk/take-over': takeOver(options),
    'POST /api/v1/desk/give-back': giveBack(options),
    'GET /api/v1/witness-requests': (c) => c.json({ requests: requestsFor(options, actorOf(c)) }, 200, NO_STORE),
    'POST /api/v1/witness-requests/:id': witness(options),
  } as const satisfies Readonly<Record<string, Route>>;
}

function takeOver(options: DeskOptions): Route {
  return async (c) => {
    const { employee, minutes, ...given } = await bodyOf(c, takeOverSchema);
    const proved = await prove(options, c, given);
    if ('response' in proved) return proved.response;
    if (proved.doer.employee !== employee) return notTheAccount(c);
    return shown(options, c, await options.desk.takeOver(windowOf(c), minutes, proved.doer));
  };
}

function giveBack(options: DeskOptions): Route {
  return async (c) => {
    const proved = await prove(options, c, await bodyOf(c, giveBackSchema));
    if ('response' in proved) return proved.response;
    return shown(options, c, await options.desk.giveBack(windowOf(c), proved.doer));
  };
}

type Proved = { readonly doer: Doer } | { readonly response: Response };

/** Somebody at this PC says who they are, for one deed. */
async function prove({ gate }: DeskOptions, c: C, given: { name: string; password: string }): Promise<Proved> {
  const proved = await gate.prove(given, c.get('address'));
  if (proved.kind !== 'proved') return { response: notIn(c, proved) };
  return { doer: { by: proved.actor.id, employee: proved.actor.employee } };
}

function witness(options: DeskOptions): Route {
  return async (c) => {
    const { seen, reason: why = null } = await bodyOf(c, witnessSchema);
    const actor = actorOf(c);
    const id = c.req.param('id') ?? '';
    // One that may not be seen is answered like one that does not exist.
    if (!askedOf(options, actor).some((note) => note.id === id)) return notDone(c, 'not-asked');
    const refused = await options.desk.witness(id, seen, why, { by: actor.id, employee: actor.employee });
    if (refused !== null) return notDone(c, refused);
    return c.json({ requests: requestsFor(options, actor) }, 200, NO_STORE);
  };
}

function askedOf({ desk, hall }: DeskOptions, actor: Actor): Note[] {
  const sight = sightOf(actor);
  return desk.asked.filter(({ window }) => seesDepartment(sight, hall().windows.get(window)?.department ?? null));
}

function requestsFor(options: DeskOptions, actor: Actor): object[] {
  const { windows, departments, zone } = options.hall();
  return askedOf(options, actor).map(({ id, at, window, reason: why }) => {
    const known = windows.get(window);
    const department = known?.department ?? null;
    return {
      ...{ request: id, at: formatInstant(zone, at), until: formatInstant(zone, at + WITNESS_WITHIN_MS), reason: why },
      ...{ window, windowName: known?.name ?? null },
      departmentName: department === null ? null : (departments.get(department) ?? null),
    };
  });
}

// ---- answers -------------------------------------------------------------------------------------------------------

/** The window whose PC asks; the route lets in nobody else. */
function windowOf(c: C): string {
  const { window } = actorOf(c);
  if (window === undefined) throw new Error('the route lets in somebody who is no window’s PC');
  return window;
}

function shown(options: DeskOptions, c: C, refused: NotDone | null): Response {
  if (refused !== null) return notDone(c, refused);
  const look = options.desk.look(windowOf(c));
  return look === null ? notDone(c, 'unknown-window') : c.json(lookJson(look, options), 200, NO_STORE);
}

function lookJson(look: DeskLook, { hall, now, nameOf, desk }: DeskOptions): object {
  const { id: hallId, name, zone } = hall();
  const { window, department, away, asked, colleagues, takeovers, sessionTo } = look;
  const stamp = (at: Ms): string => formatInstant(zone, at);
  const answer = asked?.answer ?? null;
  return {
    hall: { id: hallId, name, timezone: zone.id },
    at: stamp(now()),
    window: window.id,
    name: window.name,
    departmentName: department,
    sessionTo: sessionTo === null ? null : stamp(sessionTo),
    away: away === null ? null : { since: stamp(away.at), reason: away.reason },
    asked:
      asked === null
        ? null
        : {
            ...{ at: stamp(asked.at), until: stamp(asked.at + WITNESS_WITHIN_MS), reason: asked.reason },
            answer:
              answer === null
                ? null
                : {
                    ...{ at: stamp(answer.at), seen: answer.seen, reason: answer.reason },
                    byName: answer.by === null ? null : nameOf(answer.by),
                  },
          },
    colleagues,
    takeovers: takeovers.map(({ from, to, ...who }) => {
      return { ...who, from: stamp(from), to: stamp(to), present: desk.isPresent(who.employee) };
    }),
  };
}

const SAID: Readonly<Record<NotDone, string>> = {
  unavailable: NOTHING_NOTED,
  'unknown-window': 'The hall has no such window any more.',
  'unknown-colleague': 'They are not among those who can take over this window.',
  'not-open': 'The window is not in service; say for how many minutes.',
  'not-away': 'Nothing of the kind is going on.',
  'asked-already': 'Somebody has been asked already, and has not answered yet.',
  'not-asked': 'Nobody asks this, or not any longer.',
  'own-window': 'Nobody sees for themself.',
};

/** `code` is for pages, which say it in the reader's language. */
function notDone(c: C, code: NotDone): Response {
  const detail = SAID[code];
  if (code === 'unavailable') return problem(c, { status: 503, title: 'Service Unavailable', detail, code });
  if (code === 'not-asked' || code === 'unknown-window') {
    return problem(c, { status: 404, title: 'Not Found', detail, code });
  }
  if (code === 'own-window') return problem(c, { status: 403, title: 'Forbidden', detail, code });
  return problem(c, { status: 409, title: 'Conflict', detail, code });
}

function notTheAccount(c: C): Response {
  const detail = 'The account belongs to somebody else than the one who is to take over.';
  return problem(c, { status: 409, title: 'Conflict', detail, code: 'not-the-account' });
}
