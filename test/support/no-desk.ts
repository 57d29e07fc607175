/** No windows with PCs of their own, no silences and no channels, for pages that show none of them. */
import { parseConfig } from '../../config/load.ts';
import type { ChannelsOptions } from '../../daemon/http/channels-api.ts';
import type { DeskOptions } from '../../daemon/http/desk-api.ts';
import type { SilencesApiOptions } from '../../daemon/http/silences-api.ts';
import { noCases } from './no-cases.ts';
import { SMALL_HALL } from './small-hall.ts';

export function noDesk(): {
  readonly desk: DeskOptions;
  readonly silences: SilencesApiOptions;
  readonly channels: ChannelsOptions;
} {
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
      ...{ ...about, knowsCamera: () => false, longestMs: 0, silences: { since: () => [] } },
      live: { readyToNote: () => false, record: async () => [] },
    },
    channels: {
      ...{ hall, now, language: 'en', outbox: { failing: () => [] } },
      config: parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' }).config,
    },
  };
}
