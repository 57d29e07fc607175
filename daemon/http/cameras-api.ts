/** Cameras for installers: how they are, what they show, teaching empty seats, trials of further ones, and writing hall.yaml. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { id as configId, roi as configRoi } from '../../config/fields.ts';
import type { CameraEntry } from '../../config/schema.ts';
import { MINUTE } from '../../rules/time.ts';
import { actorOf } from '../access/actor.ts';
import type { By } from '../access/books.ts';
import type { TaughtHow } from '../cameras/vision.ts';
import { ConfigEditError, type EditRefusal } from '../config-file/config-edit.ts';
import type { CameraDesk, NotTried, TrialAsked } from '../trials/camera-desk.ts';
import { Trial } from '../trials/trial.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { languageOf } from './language.ts';
import { problem } from './problem.ts';

type Answer = Context<HttpEnv>;
type Handled = Handler<HttpEnv>;

const NO_STORE = { 'Cache-Control': 'no-store' };
/** More seats than any camera of a hall sees. */
const MOST_SEATS = 16;

const text = z.string().min(1).max(1000);
const seats = z
  .array(
    z
      .int()
      .min(0)
      .max(MOST_SEATS - 1),
  )
  .min(1)
  .max(MOST_SEATS);
export const teachSchema = z.strictObject({
  seats: seats.optional().describe('Their places in the list; all by itself.'),
});
export const searchSchema = z.strictObject({
  ranges: z.array(text).max(8).default([]).describe('Such as `192.168.1.0/24`.'),
});
export const surveySchema = z.strictObject({
  cameras: z.array(text).min(1).max(256).optional().describe('These; all that have no seats by itself.'),
  minutes: z.number().min(0.5).max(480).default(60).describe('How long is watched.'),
});
export const breakSchema = z.strictObject({
  cameras: z.array(text).min(1).max(1024).optional().describe('These; all that have seats by itself.'),
});
export const decisionSchema = z.strictObject({
  picture: z.string().length(64).describe('The one that was looked at.'),
  empty: z.boolean().describe('Nobody is in it.'),
});
export const trialSchema = z.union([
  z.strictObject({ camera: text.describe('One of hall.yaml.') }),
  z.strictObject({
    source: text.describe('`rtsp`, `rtsps`, `http`, `https` or `onvif`.'),
    user: text.optional(),
    password: z.string().max(1000).optional(),
    loginOf: text.optional().describe('The camera of hall.yaml whose login this has.'),
  }),
]);
export const drawSchema = z.strictObject({
  seats: z
    .array(z.strictObject({ window: configId, roi: configRoi.describe('As in hall.yaml: `[x, y, w, h]` or points.') }))
    .max(MOST_SEATS),
});
export const checkSchema = z.strictObject({
  seat: z
    .int()
    .min(0)
    .max(MOST_SEATS - 1),
});
export const proposalSchema = z.strictObject({ id: configId });
export const saveSchema = z.strictObject({
  id: configId,
  base: z.string().length(64).describe('Of the proposal that was seen.'),
});

export function camerasHandlers(desk: CameraDesk) {
  const ofTrial = (act: (c: Answer, trial: Trial) => Response | Promise<Response>): Handled => {
    return async (c) => {
      const trial = desk.trials.find(c.req.param('id') ?? '');
      return trial === null ? unknown(c, 'There is no such trial; it may have ended.') : await act(c, trial);
    };
  };
  return {
    'GET /api/v1/cameras': (c: Answer) => c.json(desk.list(languageOf(c)), 200, NO_STORE),
    'GET /api/v1/cameras/:id/picture': picture(desk),
    'POST /api/v1/cameras/:id/empty': teach(desk),
    'POST /api/v1/camera-surveys': async (c: Answer) => {
      const { cameras = null, minutes } = await bodyOf(c, surveySchema);
      return c.json({ cameras: desk.survey(cameras, minutes * MINUTE) }, 202, NO_STORE);
    },
    'POST /api/v1/break-pictures': async (c: Answer) => {
      const { cameras = null } = await bodyOf(c, breakSchema);
      return c.json({ cameras: desk.askAtBreak(cameras) }, 202, NO_STORE);
    },
    'GET /api/v1/cameras/:id/seats/:seat/break-picture': ofSeat(desk, async (c, entry, seat) => {
      const bytes = await desk.breakPicture(entry, seat, c.req.query('picture') ?? '', byOf(c));
      return bytes === null ? otherPicture(c) : jpeg(c, bytes);
    }),
    'POST /api/v1/cameras/:id/seats/:seat/break-picture': ofSeat(desk, async (c, entry, seat) => {
      const { picture: id, empty } = await bodyOf(c, decisionSchema);
      const end = await desk.decideBreak(entry, seat, id, empty, byOf(c));
      return end === null ? otherPicture(c) : taught(c, end, entry.seats);
    }),
    'GET /api/v1/camera-search': (c: Answer) => c.json(desk.found(), 200, NO_STORE),
    'POST /api/v1/camera-search': search(desk),
    'POST /api/v1/camera-trials': begin(desk),
    'GET /api/v1/camera-trials/:id': ofTrial((c, trial) => shown(desk, c, trial)),
    'DELETE /api/v1/camera-trials/:id': ofTrial(async (c, trial) => {
      await desk.end(trial);
      return c.body(null, 204);
    }),
    'GET /api/v1/camera-trials/:id/picture': ofTrial(async (c, trial) =>
      jpeg(c, await desk.trialPicture(trial, c.req.query('veiled') !== '1', byOf(c))),
    ),
    'PUT /api/v1/camera-trials/:id/seats': ofTrial(async (c, trial) => {
      const { seats: drawn } = await bodyOf(c, drawSchema);
      await desk.draw(trial, drawn);
      return shown(desk, c, trial);
    }),
    'POST /api/v1/camera-trials/:id/empty': ofTrial(async (c, trial) => {
      const asked = await bodyOf(c, teachSchema);
      const chosen = asked.seats ?? trial.seats.map((_, seat) => seat);
      if (chosen.length === 0 || chosen.some((seat) => seat >= trial.seats.length)) return noSeat(c);
      if (trial.look === null) return notTaught(c, 'no-picture');
      return taught(c, await desk.teachTrial(trial, chosen, byOf(c)), trial.seats);
    }),
    'POST /api/v1/camera-trials/:id/check': ofTrial(async (c, trial) => {
      const { seat } = await bodyOf(c, checkSchema);
      if (seat >= trial.seats.length) return noSeat(c);
      desk.trials.check(trial, seat);
      return shown(desk, c, trial);
    }),
    'POST /api/v1/camera-trials/:id/proposal': ofTrial(async (c, trial) => {
      const { id } = await bodyOf(c, proposalSchema);
      return await edited(c, () => desk.propose(trial, id, languageOf(c)));
    }),
    'POST /api/v1/camera-trials/:id/save': ofTrial(async (c, trial) => {
      const { id, base } = await bodyOf(c, saveSchema);
      return await edited(c, () => desk.save(trial, id, base, byOf(c), languageOf(c)));
    }),
  } as const;
}

const byOf = (c: Answer): By => ({ who: actorOf(c).id, address: c.get('address') });
const shown = (desk: CameraDesk, c: Answer, trial: Trial): Response =>
  c.json(desk.trialJson(trial, languageOf(c)), 200, NO_STORE);

function picture(desk: CameraDesk): Handled {
  return async (c) => {
    const entry = desk.entry(c.req.param('id') ?? '');
    if (entry === null) return unknown(c, 'There is no such camera.');
    return jpeg(c, await desk.picture(entry, c.req.query('whole') === '1', byOf(c)));
  };
}

function ofSeat(desk: CameraDesk, act: (c: Answer, entry: CameraEntry, seat: number) => Promise<Response>): Handled {
  return async (c) => {
    const entry = desk.entry(c.req.param('id') ?? '');
    if (entry === null) return unknown(c, 'There is no such camera.');
    const seat = Number(c.req.param('seat'));
    return entry.seats[seat] === undefined ? noSeat(c) : await act(c, entry, seat);
  };
}

const otherPicture = (c: Answer): Response => {
  const detail = 'That picture is there no more: the seat was changed, or a better one took its place. Look again.';
  return problem(c, { status: 409, title: 'Conflict', detail, code: 'other-picture' });
};

function jpeg(c: Answer, bytes: Uint8Array<ArrayBuffer> | null): Response {
  if (bytes !== null) return c.body(bytes, 200, { ...NO_STORE, 'Content-Type': 'image/jpeg' });
  return problem(c, { status: 409, title: 'Conflict', detail: 'There is no picture at present.', code: 'no-picture' });
}

function teach(desk: CameraDesk): Handled {
  return async (c) => {
    const entry = desk.entry(c.req.param('id') ?? '');
    if (entry === null) return unknown(c, 'There is no such camera.');
    const asked = await bodyOf(c, teachSchema);
    const chosen = asked.seats ?? entry.seats.map((_, seat) => seat);
    if (chosen.length === 0 || chosen.some((seat) => seat >= entry.seats.length)) return noSeat(c);
    if (!desk.isSeen(entry)) return notTaught(c, 'no-picture');
    return taught(c, await desk.teach(entry, chosen, byOf(c)), entry.seats);
  };
}

function taught(c: Answer, end: TaughtHow, list: readonly { readonly window: string }[]): Response {
  if ('because' in end) return notTaught(c, end.because);
  const outcome = end.seats.map(({ seat, outcome: what }) => ({
    seat,
    window: list[seat]?.window ?? null,
    outcome: what,
  }));
  return c.json({ seats: outcome }, 200, NO_STORE);
}

function notTaught(c: Answer, code: 'no-picture' | 'interrupted'): Response {
  const detail =
    code === 'no-picture'
      ? 'No three pictures that can be believed came in time; nothing was learnt.'
      : 'The camera was begun anew meanwhile; nothing was learnt.';
  return problem(c, { status: 409, title: 'Conflict', detail, code });
}

function search(desk: CameraDesk): Handled {
  return async (c) => {
    const { ranges } = await bodyOf(c, searchSchema);
    const not = desk.search.begin(ranges);
    if (not === null) return c.json(desk.found(), 202, NO_STORE);
    if (not === 'busy') return busy(c, 'Cameras are being looked for already.');
    const detail = 'A range is such as 192.168.1.0/24, of at most a thousand addresses (/22).';
    return problem(c, { status: 422, title: 'Unprocessable Content', detail, code: not });
  };
}

function begin(desk: CameraDesk): Handled {
  return async (c) => {
    const trial = desk.try(askedOf(await bodyOf(c, trialSchema)), byOf(c), languageOf(c));
    if (trial instanceof Trial) return c.json(desk.trialJson(trial, languageOf(c)), 202, NO_STORE);
    return notTried(c, trial);
  };
}

function askedOf(body: z.output<typeof trialSchema>): TrialAsked {
  if ('camera' in body) return body;
  const { source, user, password = '', loginOf = null } = body;
  return { source, login: user === undefined ? null : { user, password }, loginOf };
}

function notTried(c: Answer, not: NotTried): Response {
  switch (not.because) {
    case 'unknown-camera':
      return unknown(c, 'There is no such camera, or it has no picture.');
    case 'busy':
      return busy(c, 'As many cameras are being tried as can be at once; end one.');
    case 'no-ffmpeg': {
      const detail = 'There is no ffmpeg that works.';
      return problem(c, { status: 503, title: 'Service Unavailable', detail, code: not.because });
    }
    case 'bad-source': {
      // The address itself is not repeated: it may hold a password.
      const detail = `The address ${not.detail}.`;
      return problem(c, { status: 422, title: 'Unprocessable Content', detail, code: not.because });
    }
  }
}

const REFUSALS: Readonly<Record<EditRefusal, { readonly status: 409 | 422 | 503; readonly title: string }>> = {
  unreadable: { status: 503, title: 'Service Unavailable' },
  layout: { status: 409, title: 'Conflict' },
  changed: { status: 409, title: 'Conflict' },
  invalid: { status: 422, title: 'Unprocessable Content' },
  'not-written': { status: 503, title: 'Service Unavailable' },
};

/** What an edit of hall.yaml came to; a refusal as its problem. */
export async function edited(c: Answer, act: () => Promise<object | null>): Promise<Response> {
  try {
    const done = await act();
    if (done !== null) return c.json(done, 200, NO_STORE);
    const detail = 'The daemon was started without a file that it could write.';
    return problem(c, { status: 409, title: 'Conflict', detail, code: 'not-writable' });
  } catch (error) {
    if (!(error instanceof ConfigEditError)) throw error;
    const { reason, message, problems } = error;
    const said = problems.map((one) => `${one.line}: ${one.message}`).join('; ');
    return problem(c, { ...REFUSALS[reason], detail: said === '' ? message : `${message}: ${said}`, code: reason });
  }
}

const unknown = (c: Answer, detail: string): Response => problem(c, { status: 404, title: 'Not Found', detail });
const busy = (c: Answer, detail: string): Response =>
  problem(c, { status: 503, title: 'Service Unavailable', detail, code: 'busy', headers: { 'Retry-After': '5' } });
const noSeat = (c: Answer): Response =>
  problem(c, { status: 422, title: 'Unprocessable Content', detail: 'It has no such seat.', code: 'no-seat' });
