/** No windows with PCs of their own, and no silences, for pages that show neither. */
import type { DeskOptions } from '../../daemon/http/desk-api.ts';
import type { SilencesApiOptions } from '../../daemon/http/silences-api.ts';
import { noCases } from './no-cases.ts';

export function noDesk(): { readonly desk: DeskOptions; readonly silences: SilencesApiOptions } {
  const { hall, now, nameOf } = noCases();
  const about = { hall, now, nameOf };
  const notHere = async (): Promise<'unknown-window'> => 'unknown-window';
  return {
    desk: {
      ...about,
      gate: { prove: async () => ({ kind: 'refused' }) },
      desk: {
        ...{ asked: [], look: () => null, isPresent: () => false },
        ...{ say: notHere, witness: notHere, takeOver: notHere, giveBack: notHere },
      },
    },
    silences: {
      ...{ ...about, cameras: new Set(), longestMs: 0, silences: { since: () => [] } },
      live: { engine: null, stuck: null, settle: () => {}, record: async () => [] },
    },
  };
}
