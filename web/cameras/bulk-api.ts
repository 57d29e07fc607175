/** Asking the daemon about batches of cameras, and having it do something with one. */
import { type Answer, asked, bringing } from '../asked.ts';
import type { Language } from '../strings.ts';
import type { Batch } from './bulk-data.ts';
import type { Proposal, Roi, Saved } from './camera-data.ts';

export interface RecorderWish {
  readonly id: string;
  readonly source: string;
  readonly user: string;
  readonly password: string;
  readonly channels: string;
}

export interface RowChange {
  readonly id?: string;
  readonly windows?: readonly string[];
  readonly seats?: readonly { readonly window: string; readonly roi: Roi }[];
}

export type BulkApi = ReturnType<typeof bulkApi>;

export function bulkApi(language: Language) {
  const url = (path = ''): string => `/api/v1/camera-batches${path}?lang=${language}`;
  const get = <T>(path: string): Promise<Answer<T>> => asked<T>(url(path));
  const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: object): Promise<Answer<T>> =>
    asked<T>(url(path), bringing(body, method));
  const of = (id: string, more = ''): string => `/${encodeURIComponent(id)}${more}`;
  return {
    list: () => get<{ readonly batches: readonly Batch[] }>(''),
    read: (file: File, sheet: string) =>
      asked<Batch>(`${url()}${sheet === '' ? '' : `&sheet=${encodeURIComponent(sheet)}`}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream' },
        body: file,
      }),
    recorder: (wish: RecorderWish) => send<Batch>('POST', '/recorder', wish),
    batch: (id: string) => get<Batch>(of(id)),
    end: (id: string) => send<null>('DELETE', of(id), {}),
    try: (id: string) => send<Batch>('POST', of(id, '/try'), {}),
    cancel: (id: string) => send<Batch>('POST', of(id, '/cancel'), {}),
    change: (id: string, line: number, change: RowChange) => send<Batch>('PUT', of(id, `/rows/${line}`), change),
    /** What a row showed; `at` names it, so that another one is asked for. */
    picture: (id: string, line: number, at: string) =>
      `${url(of(id, `/rows/${line}/picture`))}&at=${encodeURIComponent(at)}`,
    propose: (id: string, lines: readonly number[]) => send<Proposal>('POST', of(id, '/proposal'), { lines }),
    save: (id: string, lines: readonly number[], base: string) => send<Saved>('POST', of(id, '/save'), { lines, base }),
  };
}
