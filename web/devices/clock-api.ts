/** Asking the daemon whom a clock knows, and about its acceptance. */
import { type Answer, asked, bringing } from '../asked.ts';
import type { Language } from '../strings.ts';
import type { Person } from './person-choice.ts';

export interface ClockUser {
  readonly credential: string;
  readonly name: string | null;
  readonly present: Person | null;
  readonly proposed: Person | null;
  readonly by: 'number' | 'name' | null;
  readonly doubt: 'two-in-hall' | 'two-on-clock' | 'other-name' | 'two-numbers' | null;
}

export interface TouchTest {
  readonly state: 'waiting' | 'seen' | 'other-time' | 'none';
  readonly beganAt: string;
  readonly cameAt: string | null;
  readonly touchedAt: string | null;
  readonly afterMs: number | null;
}

export interface Acceptance {
  readonly version: string;
  readonly test: TouchTest | null;
  readonly accepted: { readonly at: string; readonly by: string; readonly byName: string | null } | null;
}

/** `said`: why not, in the daemon's words. */
export function clockApi(clock: string, language: Language) {
  const ask = <T>(path: string, init?: RequestInit): Promise<Answer<T>> =>
    asked<T>(`/api/v1/devices/${encodeURIComponent(clock)}/${path}?lang=${language}`, init);
  return {
    users: () =>
      ask<{ readonly users: readonly ClockUser[]; readonly people: readonly Person[] }>('users', bringing({})),
    enrol: (from: string, enrolments: readonly { readonly credential: string; readonly employee: string }[]) =>
      ask<null>('enrolments', bringing({ from, enrolments })),
    acceptance: () => ask<Acceptance>('acceptance'),
    test: () => ask<Acceptance>('touch-test', bringing({})),
    accept: () => ask<Acceptance>('acceptance', bringing({})),
  };
}

export type ClockApi = ReturnType<typeof clockApi>;
