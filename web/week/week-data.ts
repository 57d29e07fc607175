/** What `/api/v1/weeks` says, and asking it. */
import { asked, bringing, type Answer as Reply } from '../asked.ts';
import type { Language } from '../strings.ts';

export interface Weeks {
  readonly departments: readonly { readonly id: string; readonly name: string; readonly own: boolean }[];
  /** This week, and the one before. */
  readonly week: string;
  readonly previous: string;
}

export interface WeekPerson {
  readonly employee: string;
  readonly name: string;
  readonly days: readonly { readonly date: string; readonly marks: readonly string[]; readonly text: string }[];
  readonly figures: Readonly<Record<string, number | null>>;
}

/** Who, what it is called, and when (RFC 3339). */
interface Said {
  readonly by: string;
  readonly byName: string | null;
  readonly at: string;
}

export interface SignOff extends Said {
  readonly note: string | null;
}

export type Proposal = 'confirm' | 'excuse' | 'false-alarm';

export interface Remark extends Said {
  readonly case: string | null;
  readonly text: string;
  readonly proposes: Proposal | null;
}

export interface WeekChange {
  readonly at: string;
  readonly op: string;
  readonly date: string;
  readonly rule: string;
  readonly name: string | null;
  readonly employee: string | null;
  readonly window: string | null;
}

export interface Week {
  readonly week: string;
  readonly from: string;
  readonly to: string;
  readonly department: string;
  readonly departmentName: string | null;
  readonly asOf: string;
  readonly timezone: string;
  readonly isOver: boolean;
  readonly settled: boolean;
  readonly checksum: string;
  readonly days: readonly { readonly date: string; readonly weekday: string }[];
  readonly figures: readonly { readonly id: string; readonly title: string }[];
  readonly people: readonly WeekPerson[];
  readonly legend: string;
  readonly unslipped: readonly {
    readonly employee: string;
    readonly name: string;
    readonly kind: string;
    readonly from: string;
    readonly to: string;
    readonly days: number;
  }[];
  readonly signOffs: readonly SignOff[];
  readonly isChanged: boolean;
  readonly changes: readonly WeekChange[];
  readonly remarks: readonly Remark[];
  readonly previous: string;
  readonly next: string;
  readonly maySign: boolean;
  readonly mayRemark: boolean;
}

const TROUBLES = [
  'not-over',
  'signed-already',
  'changed',
  'unavailable',
  'not-theirs',
  'no-case',
  'future',
  'commissioning',
  'before-records',
  'signed-out',
  'unreachable',
] as const;
export type WeekTrouble = (typeof TROUBLES)[number];

export type Answer<T> = { readonly ok: true; readonly got: T } | { readonly ok: false; readonly trouble: WeekTrouble };

export function weekApi(lang: Language) {
  const url = (path: string, more: Readonly<Record<string, string>> = {}): string =>
    `/api/v1/weeks${path}?${new URLSearchParams({ ...more, lang })}`;
  return {
    weeks: () => had(asked<Weeks>(url(''))),
    week: (week: string, department: string) => had(asked<Week>(url(`/${encodeURIComponent(week)}`, { department }))),
    /** Of a case; none where they are not for the reader. */
    async remarksOn(id: string): Promise<readonly Remark[]> {
      const answer = await asked<{ readonly remarks: readonly Remark[] }>(
        `/api/v1/alerts/${encodeURIComponent(id)}/remarks`,
      );
      return answer.ok ? answer.got.remarks : [];
    },
    sign: ({ week, department, checksum }: Week, note: string | null) =>
      had(
        asked<Week>(url(`/${week}/sign-off`), bringing({ department, checksum, ...(note === null ? {} : { note }) })),
      ),
    remark: (
      { week, department }: Week,
      said: { readonly text: string; readonly case?: string; readonly proposes?: Proposal },
    ) => had(asked<Week>(url(`/${week}/remarks`), bringing({ department, ...said }))),
  };
}

export type WeekApi = ReturnType<typeof weekApi>;

async function had<T>(asking: Promise<Reply<T>>): Promise<Answer<T>> {
  const answer = await asking;
  return answer.ok ? answer : { ok: false, trouble: TROUBLES.find((one) => one === answer.code) ?? 'unreachable' };
}
