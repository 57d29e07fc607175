/** A department's week for its chief and for supervision: to look at, to remark on, to sign off. */
import type { Context, Handler } from 'hono';
import { z } from 'zod';
import { dayAt } from '../../rules/hall.ts';
import type { Ms } from '../../rules/time.ts';
import { actorOf, hasRole } from '../access/actor.ts';
import { ownDoorOf } from '../access/doors.ts';
import { seesDepartment, sightOf } from '../access/sight.ts';
import type { HallCore } from '../hall-core.ts';
import { type Period, periodOf } from '../reports/period.ts';
import { NoReport } from '../reports/report.ts';
import {
  type DepartmentWeek,
  DepartmentWeeks,
  type NotSigned,
  noWeekText,
  type Signer,
} from '../week/department-week.ts';
import { remarkJson, weekJson } from '../week/week-json.ts';
import { type AlertsOptions, fileOf, NO_STORE, unknown } from './alerts-api.ts';
import { bodyOf } from './body.ts';
import type { HttpEnv } from './env.ts';
import { languageOf } from './language.ts';
import { NOTHING_NOTED, problem } from './problem.ts';

type C = Context<HttpEnv>;

const text = z.string().trim().min(1).max(1000);
export const signSchema = z.strictObject({
  department: z.string().max(64),
  checksum: z.string().max(80),
  note: text.optional(),
});
export const remarkSchema = z.strictObject({
  department: z.string().max(64),
  text,
  case: z.string().max(64).optional(),
  proposes: z.enum(['confirm', 'excuse', 'false-alarm']).optional(),
});

export interface WeekOptions {
  readonly weeks: DepartmentWeeks;
  readonly nameOf: AlertsOptions['nameOf'];
  readonly now: () => Ms;
  /** The department and the day of a case; null = there is none. */
  readonly caseOf: (id: string) => { readonly department: string | null; readonly week: string } | null;
}

/** Those of a hall. */
export function weeksOf(core: HallCore, now: () => Ms, nameOf: AlertsOptions['nameOf']): WeekOptions {
  return {
    weeks: new DepartmentWeeks(core, now),
    nameOf,
    now,
    caseOf(id) {
      const file = core.desk.find(id);
      if (file === null) return null;
      const { row } = file;
      const hall = core.hallOn(row.day);
      const department = (hall.windows.get(row.subject) ?? hall.employees.get(row.subject))?.department ?? null;
      return { department, week: periodOf('week', row.day).name };
    },
  };
}

export function weekHandlers(options: WeekOptions, alerts: AlertsOptions) {
  return {
    'GET /api/v1/alerts/:id/remarks': remarksOnCase(options, alerts),
    'GET /api/v1/weeks': choices(options),
    'GET /api/v1/weeks/:week': week(options),
    'POST /api/v1/weeks/:week/sign-off': signOff(options),
    'POST /api/v1/weeks/:week/remarks': remark(options),
  } as const;
}

/** What was said of a case with its week, and proposed for it. */
function remarksOnCase({ weeks, nameOf, caseOf }: WeekOptions, alerts: AlertsOptions): Handler<HttpEnv> {
  return (c) => {
    const file = fileOf(alerts, c);
    if (file === null) return unknown(c);
    const about = caseOf(file.row.id);
    // A chief who sees the case because somebody of theirs sat there hears no other department's word.
    const isSeen = about?.department != null && seesDepartment(sightOf(actorOf(c)), about.department);
    const remarks = isSeen ? weeks.remarksOn(file.row.id, about.department ?? '', about.week) : [];
    return c.json({ remarks: remarks.map((one) => remarkJson(one, { hall: weeks.hall, nameOf })) }, 200, NO_STORE);
  };
}

/** The departments whose weeks may be looked at, and which week it is. */
function choices({ weeks, now }: WeekOptions): Handler<HttpEnv> {
  return (c) => {
    const { hall } = weeks;
    const sight = sightOf(actorOf(c));
    const departments = [...hall.departments]
      .filter(([id]) => seesDepartment(sight, id))
      .map(([id, name]) => ({ id, name, own: actorOf(c).departments.includes(id) }));
    const { name, from } = periodOf('week', dayAt(hall, now()));
    return c.json({ departments, week: name, previous: weeks.neighbours({ from } as Period).previous }, 200, NO_STORE);
  };
}

function week(options: WeekOptions): Handler<HttpEnv> {
  return (c) =>
    withWeek(options, c, c.req.query('department') ?? '', async (period, department) =>
      shown(options, c, await options.weeks.look(period, department)),
    );
}

function shown({ weeks, nameOf }: WeekOptions, c: C, found: DepartmentWeek, status: 200 | 201 = 200): Response {
  const { department, period } = found;
  const mayRemark = hasRole(actorOf(c), 'supervisor') || isTheirs(c, department);
  const maySign = isTheirs(c, department) && found.isOver && (found.signOffs.length === 0 || found.isChanged);
  const said = weekJson(found, { hall: weeks.hall, nameOf, lang: languageOf(c) });
  return c.json({ ...said, ...weeks.neighbours(period), maySign, mayRemark }, status, NO_STORE);
}

/** Whether it is a department that they answer for as its chief. A program signs nothing. */
function isTheirs(c: C, department: string): boolean {
  const actor = actorOf(c);
  return hasRole(actor, 'chief') && actor.departments.includes(department) && actor.id.startsWith('user:');
}

function signOff(options: WeekOptions): Handler<HttpEnv> {
  return async (c) => {
    const { department, checksum, note = null } = await bodyOf(c, signSchema);
    return withWeek(options, c, department, async (period) => {
      if (!isTheirs(c, department)) return notTheirs(c);
      const { weeks } = options;
      const found = await weeks.look(period, department);
      const signed = await weeks.sign(found, { ...signerOf(c), checksum, note });
      return typeof signed === 'string' ? notSigned(c, signed) : shown(options, c, signed, 201);
    });
  };
}

function remark(options: WeekOptions): Handler<HttpEnv> {
  return async (c) => {
    const { department, text: said, case: about = null, proposes = null } = await bodyOf(c, remarkSchema);
    return withWeek(options, c, department, async (period) => {
      if (!hasRole(actorOf(c), 'supervisor') && !isTheirs(c, department)) return notTheirs(c);
      const found = about === null ? null : options.caseOf(about);
      if (about !== null && (found?.department !== department || found.week !== period.name)) return noSuchCase(c);
      if (proposes !== null && about === null) return proposesNothing(c);
      const isKept = await options.weeks.remark(period, department, {
        ...signerOf(c),
        ...{ text: said, proposes, case: about },
      });
      return isKept
        ? shown(options, c, await options.weeks.look(period, department), 201)
        : notSigned(c, 'unavailable');
    });
  };
}

function signerOf(c: C): Signer {
  const { id } = actorOf(c);
  return { by: id, via: ownDoorOf(id) };
}

/** Finds the week and the department; what may not be seen does not exist. */
async function withWeek(
  { weeks }: WeekOptions,
  c: C,
  department: string,
  answer: (period: Period, department: string) => Promise<Response>,
): Promise<Response> {
  const name = c.req.param('week') ?? '';
  const period = weeks.weekNamed(name);
  if (period === null) {
    return problem(c, { status: 404, title: 'Not Found', detail: 'A week is called as in 2026-W45.', code: 'no-week' });
  }
  if (!weeks.hall.departments.has(department) || !seesDepartment(sightOf(actorOf(c)), department)) {
    const detail = 'There is no such department; it is named with ?department=ID, or in the body.';
    return problem(c, { status: 404, title: 'Not Found', detail, code: 'no-department' });
  }
  try {
    return await answer(period, department);
  } catch (error) {
    if (!(error instanceof NoReport)) throw error;
    const detail = noWeekText(error, name, languageOf(c));
    return problem(c, { status: 404, title: 'Not Found', detail, code: error.reason });
  }
}

const SAID: Readonly<Record<NotSigned, string>> = {
  'not-over': 'The week is not over.',
  'signed-already': 'It has been signed, and nothing has changed since.',
  changed: 'The week has changed since you looked.',
  unavailable: NOTHING_NOTED,
};

function notSigned(c: C, because: NotSigned): Response {
  const isOurs = because === 'unavailable';
  const [status, title] = isOurs ? ([503, 'Service Unavailable'] as const) : ([409, 'Conflict'] as const);
  return problem(c, { status, title, detail: SAID[because], code: because });
}

function notTheirs(c: C): Response {
  const detail = 'A department’s chief does this, signed in as a person.';
  return problem(c, { status: 403, title: 'Forbidden', detail, code: 'not-theirs' });
}

function noSuchCase(c: C): Response {
  return problem(c, {
    status: 404,
    title: 'Not Found',
    detail: 'There is no such case in this week.',
    code: 'no-case',
  });
}

function proposesNothing(c: C): Response {
  const detail = 'What is proposed is proposed for a case.';
  return problem(c, { status: 422, title: 'Unprocessable Content', detail });
}
