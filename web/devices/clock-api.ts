/** Asking the daemon whom a clock knows, and about its acceptance. */
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
export type Reply<T> = { readonly ok: true; readonly got: T } | { readonly ok: false; readonly said: string };

export function clockApi(clock: string, language: Language) {
  async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<Reply<T>> {
    const sent =
      body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    try {
      const url = `/api/v1/devices/${encodeURIComponent(clock)}/${path}?lang=${language}`;
      const response = await fetch(url, { method, cache: 'no-store', ...sent });
      if (response.status === 204) return { ok: true, got: undefined as T };
      const answer = (await response.json()) as T & { readonly detail?: string };
      return response.ok ? { ok: true, got: answer } : { ok: false, said: answer.detail ?? String(response.status) };
    } catch (error) {
      return { ok: false, said: String(error) };
    }
  }
  return {
    users: () => ask<{ readonly users: readonly ClockUser[]; readonly people: readonly Person[] }>('POST', 'users', {}),
    enrol: (from: string, enrolments: readonly { readonly credential: string; readonly employee: string }[]) =>
      ask<void>('POST', 'enrolments', { from, enrolments }),
    acceptance: () => ask<Acceptance>('GET', 'acceptance'),
    test: () => ask<Acceptance>('POST', 'touch-test', {}),
    accept: () => ask<Acceptance>('POST', 'acceptance', {}),
  };
}

export type ClockApi = ReturnType<typeof clockApi>;
