/** Cases for pages and programs: lists, one with its history and its explanation, and what people do with it. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import type { Deed } from '../../rules/case-life.ts';
import type { PunchFact } from '../../rules/facts.ts';
import { dayAt, type Hall } from '../../rules/hall.ts';
import type { Span } from '../../rules/intervals.ts';
import type { Holders } from '../../rules/plan.ts';
import { type Day, dateOf, dayOfDate, formatInstant, type Ms } from '../../rules/time.ts';
import { actorOf } from '../access/actor.ts';
import { ownDoorOf } from '../access/doors.ts';
import { sightOf } from '../access/sight.ts';
import type { CaseDesk, NotDone } from '../cases/case-desk.ts';
import type { CaseFile } from '../cases/case-file.ts';
import { caseDetail, caseJson, type Look, readerOf, seesCase } from '../cases/case-json.ts';
import { caseNotes } from '../cases/case-notes.ts';
import { mayDo } from '../cases/doers.ts';
import type { Note } from '../desk/notes.ts';
import { answer, type Question } from '../explain/question.ts';
import { ledgerSource } from '../explain/sources.ts';
import type { HallCore } from '../hall-core.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { languageOf } from './language.ts';
import { nothingNoted, problem } from './problem.ts';

export interface AlertsOptions {
  readonly desk: Pick<CaseDesk, 'between' | 'find' | 'changesOf' | 'kindOf' | 'do'>;
  /** The newest configuration, and the one by which a day is judged. */
  readonly hall: () => Hall;
  readonly hallOn: (day: Day) => Hall;
  readonly holders: Holders;
  readonly now: () => Ms;
  /** What the account `by` of a deed (`user:NAME`) is called; null of what has no account. */
  readonly nameOf: (by: string) => string | null;
  /** What a window's own PC said in a stretch of time. */
  readonly notesOf: (window: string, span: Span) => readonly Note[];
  /** How a verdict, or all of a case, was found; null where there is none. */
  readonly explain: (id: string, as: Omit<Question, 'id'>) => string | null;
  /** Whose a punch is; null = nobody's. */
  readonly ownerOf: (punch: PunchFact) => string | null;
}

type Answer = Context<HttpEnv>;

/** Days that a list shows by itself, and at most. */
const USUAL_DAYS = 7;
const MOST_DAYS = 92;

/** Those of a hall. */
export function alertsOf(core: HallCore, now: () => Ms, nameOf: AlertsOptions['nameOf'] = () => null): AlertsOptions {
  return {
    desk: core.desk,
    hall: () => core.hall,
    hallOn: core.hallOn,
    holders: core.holders,
    now,
    nameOf,
    notesOf: (window, span) => core.windowDesk.notesOf(window, span),
    ownerOf: (punch) => core.live.engine?.ownerOf(punch) ?? null,
    explain: (id, as) => {
      const { found, out } = answer(ledgerSource(core), { id, ...as });
      return found ? out : null;
    },
  };
}

export function alertsHandlers(options: AlertsOptions) {
  const doing = (what: Doing): Handler<HttpEnv> => alertDeed(options, what);
  return {
    'GET /api/v1/alerts': alertList(options),
    'GET /api/v1/alerts/:id': alertOne(options),
    'GET /api/v1/alerts/:id/explanation': alertExplanation(options),
    'POST /api/v1/alerts/:id/acknowledge': doing('acknowledge'),
    'POST /api/v1/alerts/:id/clear': doing('clear'),
    'POST /api/v1/alerts/:id/confirm': doing('confirm'),
    'POST /api/v1/alerts/:id/excuse': doing('excuse'),
    'POST /api/v1/alerts/:id/false-alarm': doing('false-alarm'),
    'POST /api/v1/alerts/:id/deliver': doing('deliver'),
    'POST /api/v1/alerts/:id/appeal': doing('appeal'),
    'POST /api/v1/alerts/:id/decide': doing('decide'),
  } as const;
}

/** `?from=2026-03-02&to=2026-03-08`, or the last `?days=30`; without them the last seven days. */
function alertList(options: AlertsOptions): Handler<HttpEnv> {
  return (c) => {
    const now = options.now();
    const today = dayAt(options.hall(), now);
    const days = Number(c.req.query('days') ?? USUAL_DAYS);
    const to = dayOf(c.req.query('to'), today);
    const from = dayOf(c.req.query('from'), to === null ? null : to - days + 1);
    if (from === null || to === null || !Number.isInteger(days)) {
      return badRequest(c, 'from and to are dates such as 2026-03-02, and days is how many up to the last one.');
    }
    if (from > to || to - from >= MOST_DAYS)
      return badRequest(c, `A list shows up to ${MOST_DAYS} days, from before to.`);
    const files = options.desk.between(from, to);
    const seen = files.filter((file) => seesCase(options.hallOn(file.row.day), sightOf(actorOf(c)), file));
    const alerts = seen.map((file) => caseJson(file, lookOf(options, c, file)));
    const { zone } = options.hallOn(today);
    return c.json({ asOf: formatInstant(zone, now), date: dateOf(today), timezone: zone.id, alerts }, 200, NO_STORE);
  };
}

function alertOne(options: AlertsOptions): Handler<HttpEnv> {
  return (c) => {
    const file = fileOf(options, c);
    return file === null ? unknown(c) : detail(options, c, file);
  };
}

function alertExplanation(options: AlertsOptions): Handler<HttpEnv> {
  return (c) => {
    const file = fileOf(options, c);
    if (file === null) return unknown(c);
    const json = !(c.req.header('Accept') ?? '').includes('text/plain');
    const text = options.explain(file.row.id, {
      ...{ lang: languageOf(c), json },
      reader: readerOf(options.hallOn(file.row.day), sightOf(actorOf(c)), file, options.ownerOf),
    });
    if (text === null) return unknown(c);
    const type = json ? 'application/x-ndjson' : 'text/plain; charset=utf-8';
    return c.body(text, 200, { ...NO_STORE, 'Content-Type': type });
  };
}

/** What is sent with a deed. */
export const wishSchema = z.strictObject({
  reason: z.string().max(1000).optional(),
  /** What the one who decides has seen: a case that has changed since is not decided unseen. */
  revision: z.string().max(64).optional(),
  outcome: z.enum(['uphold', 'overturn']).optional(),
});

/** What an address does; a decision on an appeal says which. */
type Doing = Exclude<Deed, 'uphold' | 'overturn'> | 'decide';

function alertDeed(options: AlertsOptions, doing: Doing): Handler<HttpEnv> {
  return async (c) => {
    const { reason = null, revision = null, outcome } = await bodyOf(c, wishSchema);
    const deed = doing === 'decide' ? outcome : doing;
    if (deed === undefined) return badRequest(c, 'A decision on an appeal has an outcome: uphold or overturn.');
    const file = fileOf(options, c);
    if (file === null) return unknown(c);
    const actor = actorOf(c);
    if (!mayDo(actor, deed, file.content.judged)) {
      return problem(c, { status: 403, title: 'Forbidden', detail: 'This is not for you to do.' });
    }
    const { employee, id: by } = actor;
    const wish = { deed, by, employee, via: ownDoorOf(by), reason, revision };
    const done = await options.desk.do(file.row.id, wish);
    return typeof done === 'string' ? notDone(c, done) : detail(options, c, done);
  };
}

// ---- helps ---------------------------------------------------------------------------------------------------------

export const NO_STORE = { 'Cache-Control': 'no-store' } as const;

const SAID: Readonly<Record<Exclude<NotDone, 'unknown' | 'unavailable'>, string>> = {
  withdrawn: 'The case was withdrawn: what is known supports it no longer.',
  pending: 'The evidence is not complete; nobody can be held to it yet.',
  'still-open': 'It is still going on.',
  'own-case': 'Nobody decides on themself.',
  'reason-missing': 'A reason is needed.',
  'done-already': 'That has been done already.',
  'not-confirmed': 'It has not been confirmed.',
  'not-delivered': 'The decision has not been brought to the person yet.',
  'under-appeal': 'An appeal is being decided.',
  'appeal-decided': 'An appeal has decided it.',
  'not-appealed': 'There is no appeal to decide.',
  'appeal-too-late': 'The time for an appeal is over.',
  'same-person': 'An appeal is decided by somebody else than the one who confirmed.',
  'for-information': 'It is for information, and accuses nobody.',
  changed: 'The case has changed since you looked.',
};

/** `code` is for pages, which say it in the reader's language. */
function notDone(c: Answer, because: NotDone): Response {
  if (because === 'unknown') return unknown(c);
  if (because === 'unavailable') return nothingNoted(c);
  const status = because === 'reason-missing' ? 422 : because === 'own-case' || because === 'same-person' ? 403 : 409;
  const title = { 403: 'Forbidden', 409: 'Conflict', 422: 'Unprocessable Content' }[status];
  return problem(c, { status, title, detail: SAID[because], code: because });
}

/** Also for a case that may not be seen: who guesses addresses learns nothing. */
export function unknown(c: Answer): Response {
  return problem(c, { status: 404, title: 'Not Found', detail: 'There is no such case.' });
}

function badRequest(c: Answer, detail: string): Response {
  return problem(c, { status: 400, title: 'Bad Request', detail });
}

/** null where it is none; what was not given is `otherwise`. */
function dayOf(text: string | undefined, otherwise: Day | null): Day | null {
  return text === undefined ? otherwise : dayOfDate(text);
}

/** The case that is asked for, if there is one and it may be seen. */
export function fileOf({ desk, hallOn }: Pick<AlertsOptions, 'desk' | 'hallOn'>, c: Answer): CaseFile | null {
  const file = desk.find(c.req.param('id') ?? '');
  return file !== null && seesCase(hallOn(file.row.day), sightOf(actorOf(c)), file) ? file : null;
}

function detail(options: AlertsOptions, c: Answer, file: CaseFile): Response {
  const { desk } = options;
  const kindOf = (fact: string): string | null => desk.kindOf(fact);
  const look = lookOf(options, c, file);
  const notes = caseNotes(file, options.notesOf, look);
  return c.json({ ...caseDetail(file, desk.changesOf(file.row), kindOf, look), notes }, 200, NO_STORE);
}

export function lookOf({ hallOn, holders, now, nameOf }: AlertsOptions, c: Answer, { row }: CaseFile): Look {
  const actor = actorOf(c);
  return { hall: hallOn(row.day), holders, actor, sight: sightOf(actor), now: now(), language: languageOf(c), nameOf };
}
