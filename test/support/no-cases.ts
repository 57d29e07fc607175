/** A desk without cases, for pages that show none. */
import { parseConfig } from '../../config/load.ts';
import type { AlertsOptions } from '../../daemon/http/alerts-api.ts';
import type { EvidenceOptions } from '../../daemon/http/evidence-api.ts';
import type { WeekOptions } from '../../daemon/http/week-api.ts';
import { SMALL_HALL } from './small-hall.ts';

export function noCases(): AlertsOptions {
  const { hall } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });
  return {
    desk: { between: () => [], find: () => null, changesOf: () => [], kindOf: () => null, do: async () => 'unknown' },
    hall: () => hall,
    hallOn: () => hall,
    holders: () => [],
    now: () => 0,
    nameOf: () => null,
    notesOf: () => [],
    explain: () => null,
    ownerOf: () => null,
  };
}

/** And without pictures. */
export function noEvidence(): EvidenceOptions {
  const unused = (): never => {
    throw new Error('there are no cases here');
  };
  return {
    pictures: {
      desk: new Proxy({} as EvidenceOptions['pictures']['desk'], { get: unused }),
      freeze: unused,
      sees: () => false,
      keptUntil: unused,
    },
    sources: { factOf: () => null, actionsOn: () => [], ownerOf: () => null, ledgerHead: () => null },
  };
}

/** And without weeks. */
export function noWeeks(): WeekOptions {
  const weeks = new Proxy({} as WeekOptions['weeks'], {
    get(_, name) {
      if (name === 'hall') return noCases().hall();
      throw new Error('there are no weeks here');
    },
  });
  return { weeks, nameOf: () => null, now: () => 0, caseOf: () => null };
}
