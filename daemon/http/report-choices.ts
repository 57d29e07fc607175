/** What somebody can choose from when they ask for a report: of whom, since when, and as what. */
import { dayAt, FIRST_DAY } from '../../rules/hall.ts';
import { dateOf, formatInstant } from '../../rules/time.ts';
import { type Actor, hasRole } from '../access/actor.ts';
import { seesDepartment, seesPerson, sightOf } from '../access/sight.ts';
import type { Language } from '../alerts/words.ts';
import type { HallCore } from '../hall-core.ts';
import { reportWords } from '../reports/words.ts';
import { WISHED_FORMATS, type WishedFormat } from './report-wish.ts';

export interface ReportChoices {
  readonly hall: { readonly id: string; readonly name: string; readonly timezone: string };
  /** The hall's date by the ledger's last instant. */
  readonly today: string;
  /** The ledger's last instant. */
  readonly latestAt: string;
  /** The first date that was recorded, and the first that is judged; null = nothing was recorded, and everything is judged. */
  readonly recordedFrom: string | null;
  readonly judgeFrom: string | null;
  readonly formats: readonly WishedFormat[];
  /** Whether they may ask for the whole hall. */
  readonly ofHall: boolean;
  readonly departments: readonly { readonly id: string; readonly name: string }[];
  /** What tables, columns, marks and terms of a report are called. */
  readonly words: ReturnType<typeof reportWords>;
  readonly employees: readonly { readonly id: string; readonly name: string; readonly department: string | null }[];
}

/** Who chooses, in which language, and whether there is a Chromium. */
export interface Choosing {
  readonly actor: Actor;
  readonly lang: Language;
  readonly printsPdf: boolean;
}

/** By today's configuration: who has left can still be asked for by their id. */
export function reportChoices(core: HallCore, { actor, lang, printsPdf }: Choosing): ReportChoices {
  const { hall, ledger } = core;
  const sight = sightOf(actor);
  const [latest, from] = ['alive', 'judged-from'].map((name) => ledger.setting(name) ?? null);
  const at = latest === null || latest === undefined ? (core.live.engine?.now ?? 0) : Number(latest);
  return {
    hall: { id: hall.id, name: hall.name, timezone: hall.zone.id },
    today: dateOf(dayAt(hall, at)),
    latestAt: formatInstant(hall.zone, at),
    recordedFrom: from === null ? null : dateOf(Number(from)),
    judgeFrom: hall.judgeFrom === FIRST_DAY ? null : dateOf(hall.judgeFrom),
    formats: WISHED_FORMATS.filter((format) => format !== 'pdf' || printsPdf),
    words: reportWords(lang),
    ofHall: hasRole(actor, 'supervisor', 'manager'),
    departments: [...hall.departments].filter(([id]) => seesDepartment(sight, id)).map(([id, name]) => ({ id, name })),
    employees: [...hall.employees.values()]
      .filter(({ id, department }) => seesPerson(sight, { employee: id, departments: [department] }))
      .map(({ id, name, department }) => ({ id, name, department })),
  };
}
