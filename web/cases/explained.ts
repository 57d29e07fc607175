/** Of an explanation's structure what the timeline draws; the document beside it says everything. */

/** In the place of an id: somebody whom the reader may not see. */
export const SOMEBODY_ELSE = '*';

export interface Stretch {
  readonly from: string;
  readonly to: string | null;
}

export interface ExplainedFact {
  readonly fact: string;
  readonly at?: string;
  readonly from?: string;
  readonly to?: string | null;
  readonly kind?: string;
}

export interface Explained {
  readonly verdict: Stretch & {
    readonly rule: string;
    readonly state: string;
    readonly employee: string | null;
    readonly window: string | null;
  };
  readonly subject: {
    readonly of: string;
    readonly owed?: readonly { readonly a: string; readonly z: string }[];
    readonly held?: readonly HeldStretch[];
    readonly next?: HeldStretch | null;
    readonly seat?: { readonly stretches: readonly (Stretch & { readonly state?: string })[] };
  };
  readonly used: readonly { readonly role: string; readonly fact: ExplainedFact; readonly employee: string | null }[];
  readonly aside: readonly { readonly fact: ExplainedFact; readonly employee: string | null }[];
  readonly arithmetic: {
    readonly of: string;
    readonly a?: string;
    readonly z?: string;
    readonly from?: string;
    readonly lateGraceMs?: number;
    readonly absentAfterMs?: number;
    readonly thresholdMs?: number;
  };
}

export type HeldStretch = Stretch & { readonly holder?: string | null; readonly heldBy?: string | null };

/** Not of a verdict that was withdrawn: of that there is nothing to draw. */
export function isExplained(part: unknown): part is Explained {
  return typeof part === 'object' && part !== null && 'subject' in part && 'used' in part && 'arithmetic' in part;
}
