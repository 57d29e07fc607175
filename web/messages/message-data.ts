/** Messages of devices, and mappings, as the daemon tells of them. */

export type Road = 'mqtt' | 'http' | 'websocket';
export type Fate = 'taken' | 'refused' | 'overheard';

export interface Message {
  readonly number: number;
  readonly at: string;
  readonly road: Road;
  readonly about: string;
  readonly bytes: number;
  readonly fate: Fate;
  readonly because: string | null;
  /** Null = it is no JSON; then there is `text`. */
  readonly json: { readonly value: unknown } | null;
  readonly text: string | null;
}

export interface MessageList {
  readonly revision: number;
  readonly leftOut: number;
  readonly listening: { readonly topic: string; readonly until: string; readonly trouble: string | null } | null;
  readonly clocks: readonly { readonly id: string; readonly make: string }[];
  readonly isWritable: boolean;
  readonly messages: readonly Message[];
}

/** What of a record a value can be. */
export const FIELDS = ['credential', 'time', 'seq', 'method', 'direction', 'ok'] as const;
export type FieldName = (typeof FIELDS)[number];

export interface FieldDraft {
  readonly ptr: string;
  readonly of?: 'message';
  readonly format?: string;
  readonly dropZeros?: boolean;
  readonly map?: Readonly<Record<string, string>>;
  readonly in?: readonly string[];
}

/** As under `map:` of a clock in hall.yaml. */
export interface Draft {
  readonly topics?: readonly string[];
  readonly path?: string;
  readonly when?: readonly { readonly ptr: string; readonly equals: string | number | boolean }[];
  readonly items?: string;
  readonly fields: Readonly<Partial<Record<FieldName, string | FieldDraft>>>;
}

export interface PreviewRecord {
  readonly kind: 'punch' | 'not-passed' | 'unfit';
  readonly because: string | null;
  readonly punch: {
    readonly credential: string;
    readonly at: string;
    readonly seq: number | null;
    readonly method: string | null;
    readonly employee: string | null;
  } | null;
  readonly kept: Readonly<Record<string, string | number | boolean>>;
}

export interface PreviewRow {
  readonly number: number;
  readonly at: string;
  readonly kind: 'punches' | 'other' | 'unknown' | 'no-items' | 'unreadable';
  readonly because: string | null;
  readonly records: readonly PreviewRecord[];
}

export interface Preview {
  readonly draft: Draft;
  readonly yaml: string;
  readonly isComplete: boolean;
  /** Where it cannot be read yet. */
  readonly faults: readonly string[];
  readonly rows: readonly PreviewRow[];
}
