/** Asking the daemon about clocks, and putting right what came of them. */
import { asked, bringing, type Refused, type Answer as Reply } from '../asked.ts';
import type { Language } from '../strings.ts';
import type { Person } from './person-choice.ts';

export interface Fault {
  readonly code: string;
  readonly text: string;
  readonly since: string;
  readonly until: string | null;
}

export interface Device {
  readonly device: string;
  readonly kind: 'attendance' | 'door' | null;
  readonly make: string | null;
  readonly state: 'online' | 'offline' | 'unheard';
  readonly heardAt: string | null;
  readonly punchAt: string | null;
  readonly taken: number;
  readonly repeated: number;
  readonly setAside: number;
  readonly says: number | null;
  readonly tellsUsers: boolean;
  /** Where it is called; null = it comes to us. */
  readonly address: string | null;
  readonly offsetMs: number | null;
  readonly measuredAt: string | null;
  readonly offsets: readonly { readonly from: string; readonly to: string; readonly offsetMs: number }[];
  readonly about: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

export interface Stranger {
  readonly about: string;
  readonly from: string;
  readonly lastAt: string;
  readonly times: number;
}

export interface Devices {
  readonly at: string;
  readonly devices: readonly Device[];
  readonly strangers: readonly Stranger[];
}

export interface Unmatched {
  readonly device: string | null;
  readonly credential: string;
  readonly times: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface Reject {
  readonly digest: string;
  readonly topic: string;
  readonly because: string;
  readonly payload: string;
  readonly lastAt: string;
  readonly times: number;
}

/** Whose a number is: on one device or on all, from a day on. */
export interface Mapping {
  readonly credential: string;
  readonly device: string | null;
  readonly employee: string;
  readonly from: string;
}

export interface Rejects {
  readonly rejects: readonly Reject[];
  /** Where those begin that are older; null = there are none. */
  readonly next: string | null;
}

export type Trouble = 'refused' | 'unreachable' | 'signed-out';
export type Answer<T> = { readonly ok: true; readonly got: T } | { readonly ok: false; readonly trouble: Trouble };

export function deviceApi(language: Language) {
  const url = (path: string, more = ''): string => `/api/v1/${path}?lang=${language}${more}`;

  const get = <T>(path: string, more = ''): Promise<Answer<T>> => had(asked<T>(url(path, more)));
  const post = (path: string, body: object): Promise<Reply<null>> => asked<null>(url(path), bringing(body));

  const field = async <T>(answer: Promise<Answer<Record<string, T>>>, name: string): Promise<Answer<T>> => {
    const got = await answer;
    return got.ok ? { ok: true, got: got.got[name] as T } : got;
  };

  const all = async <T>(path: string, name: string): Promise<readonly T[] | null> => {
    const answer = await field<readonly T[]>(get(path), name);
    return answer.ok ? answer.got : null;
  };

  return {
    devices: () => get<Devices>('devices'),
    device: (id: string) => get<Device & { readonly history: readonly Fault[] }>(`devices/${encodeURIComponent(id)}`),
    unmatched: () => field<readonly Unmatched[]>(get('unmatched'), 'unmatched'),
    rejects: (before: string | null) => get<Rejects>('rejects', before === null ? '' : `&before=${before}`),
    map: (mapping: Mapping) => post('unmatched', mapping),
    /** What the board says before all else. */
    warnings: async () => (await all<string>('windows', 'warnings')) ?? [],
    /** Whom the reader may see. */
    people: async () => (await all<Person>('employees', 'employees')) ?? [],
    takeAgain: (digest: string, correctByMs: number | null) => post(`rejects/${digest}/replay`, { correctByMs }),
  };
}

async function had<T>(asking: Promise<Reply<T>>): Promise<Answer<T>> {
  const answer = await asking;
  return answer.ok ? answer : { ok: false, trouble: troubleOf(answer) };
}

function troubleOf({ status }: Refused): Trouble {
  if (status === 0) return 'unreachable';
  return status === 401 ? 'signed-out' : 'refused';
}
