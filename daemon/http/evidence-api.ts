/** Pictures of cases, and a case as one archive, for whoever may see the case. No look and no download goes unrecorded. */
import type { Context, Handler } from 'hono';
import { dayAt } from '../../rules/hall.ts';
import { MINUTE, type Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import { actorOf, hasRole } from '../access/actor.ts';
import type { CaseFile } from '../cases/case-file.ts';
import { FREEZERS } from '../cases/doers.ts';
import {
  type ArchiveSources,
  archiveOf,
  type Pictures,
  pictureJson,
  pictureOf,
  picturesOf,
} from '../evidence/case-evidence.ts';
import type { NotShown } from '../evidence/evidence-desk.ts';
import type { HallCore } from '../hall-core.ts';
import { headOf } from '../ledger/chain-end.ts';
import { LedgerError } from '../ledger/ledger.ts';
import { type AlertsOptions, fileOf, lookOf, NO_STORE, unknown } from './alerts-api.ts';
import type { HttpEnv } from './env.ts';
import { problem } from './problem.ts';

type Answer = Context<HttpEnv>;

/** What the hall's side of it needs, besides what is asked of cases. */
export interface EvidenceOptions {
  readonly pictures: Pictures;
  readonly sources: Omit<ArchiveSources, 'explain' | 'changesOf'>;
}

/** What the cameras remember is older than this: keeping it again would keep other pictures. */
const AGAIN_AFTER: Ms = MINUTE / 2;

/** Those of a hall. */
export function caseEvidenceOf(core: HallCore, pictures: Pictures): EvidenceOptions {
  return {
    pictures,
    sources: {
      factOf: (id) => core.facts.find(id),
      actionsOn: (cases) => core.facts.actionsOn(cases),
      ownerOf: (punch) => core.live.engine?.ownerOf(punch) ?? null,
      ledgerHead: () => headOf(core.ledger.database, core.hall.id),
    },
  };
}

export function evidenceHandlers(alerts: AlertsOptions, evidence: EvidenceOptions, access: Access) {
  const of = (answer: (c: Answer, file: CaseFile) => Response | Promise<Response>): Handler<HttpEnv> => {
    return async (c) => {
      const file = fileOf(alerts, c);
      if (file === null) return unknown(c);
      try {
        return await answer(c, file);
      } catch (error) {
        if (error instanceof LedgerError) return unrecorded(c);
        throw error;
      }
    };
  };
  const { pictures, sources } = evidence;
  const list = (c: Answer, file: CaseFile): object => {
    const look = lookOf(alerts, c, file);
    return {
      case: file.row.id,
      pictures: picturesOf(file, pictures).map((one) => pictureJson(one, pictures, look)),
      mayFreeze: whyNotFrozen(c, file, evidence, alerts) === null,
    };
  };

  return {
    'GET /api/v1/alerts/:id/evidence': of((c, file) => c.json(list(c, file), 200, NO_STORE)),

    'GET /api/v1/alerts/:id/evidence/:picture': of((c, file) => {
      const picture = c.req.param('picture') ?? '';
      const shown = pictureOf(file, picture, actorOf(c).id, pictures);
      if ('because' in shown) return notShown(c, shown);
      return c.body(new Uint8Array(shown.jpeg), 200, {
        ...NO_STORE,
        'Content-Type': 'image/jpeg',
        'Content-Disposition': `inline; filename="${picture}.jpg"`,
      });
    }),

    'POST /api/v1/alerts/:id/evidence/freeze': of(async (c, file) => {
      const whyNot = whyNotFrozen(c, file, evidence, alerts);
      if (whyNot !== null) return notFrozen(c, whyNot);
      await pictures.freeze(file.row.subject, actorOf(c).id, file.row.id);
      return c.json(list(c, file), 201, NO_STORE);
    }),

    'GET /api/v1/alerts/:id/archive': of((c, file) => {
      const { explain, desk } = alerts;
      const all = { ...sources, explain, changesOf: (one: CaseFile) => desk.changesOf(one.row) };
      const { name, bytes, sha256 } = archiveOf(file, pictures, all, lookOf(alerts, c, file));
      // Before it is sent: what cannot be recorded is not handed out.
      const by = { who: actorOf(c).id, address: c.get('address') };
      access.books.write(() => access.books.record('case-archive-read', by, null, { case: file.row.id, sha256 }));
      return c.body(new Uint8Array(bytes), 200, {
        ...NO_STORE,
        'Content-Type': 'application/zip',
        'Content-Disposition': `attachment; filename="${name}"`,
      });
    }),
  } as const;
}

/** `not-yours`: not for their role · `not-today`: the cameras show another day by now · `no-camera` · `frozen-already`: half a minute ago. */
type NotFrozen = 'not-yours' | 'not-today' | 'no-camera' | 'frozen-already';

function whyNotFrozen(
  c: Answer,
  file: CaseFile,
  { pictures }: EvidenceOptions,
  { now, hallOn }: AlertsOptions,
): NotFrozen | null {
  const actor = actorOf(c);
  const { row, content } = file;
  const isOwn = actor.employee !== null && content.judged.includes(actor.employee);
  const others = FREEZERS.filter((role) => role !== 'employee');
  if (!hasRole(actor, ...others) && !(isOwn && hasRole(actor, 'employee'))) return 'not-yours';
  if (!pictures.sees(row.subject)) return 'no-camera';
  if (dayAt(hallOn(row.day), now()) !== row.day) return 'not-today';
  const isFresh = pictures.desk
    .list({ case: row.id })
    .some(({ entry }) => entry.moment === 'frozen' && entry.what === 'taken' && now() - entry.takenAt < AGAIN_AFTER);
  return isFresh ? 'frozen-already' : null;
}

const FROZEN_SAID: Readonly<Record<NotFrozen, string>> = {
  'not-yours': 'This is not for you to do.',
  'not-today': 'The case is of another day: the cameras show something else by now.',
  'no-camera': 'No camera sees the window, or pictures are switched off.',
  'frozen-already': 'What the cameras remember was kept less than half a minute ago.',
};

function notFrozen(c: Answer, because: NotFrozen): Response {
  const [status, title] = because === 'not-yours' ? ([403, 'Forbidden'] as const) : ([409, 'Conflict'] as const);
  return problem(c, { status, title, detail: FROZEN_SAID[because], code: because });
}

function notShown(c: Answer, { because }: NotShown): Response {
  if (because === 'unknown' || because === 'none') {
    const detail = because === 'none' ? 'None was taken; the list says why.' : 'There is no such picture.';
    return problem(c, { status: 404, title: 'Not Found', detail, ...(because === 'none' ? { code: because } : {}) });
  }
  if (because === 'removed') {
    const detail = 'It was kept as long as it may be, and removed.';
    return problem(c, { status: 410, title: 'Gone', detail, code: because });
  }
  const detail = 'The file is not what was written, so it is not shown; `zaigang evidence verify` says more.';
  return problem(c, { status: 409, title: 'Conflict', detail, code: because });
}

function unrecorded(c: Answer): Response {
  const detail = 'It cannot be recorded at present that somebody looked, so nothing is shown.';
  return problem(c, { status: 503, title: 'Service Unavailable', detail, code: 'unavailable' });
}
