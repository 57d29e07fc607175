/** What windows' own PCs, the silences and the channels of a hall are served with. */
import type { Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import type { Language } from '../alerts/words.ts';
import type { HallCore } from '../hall-core.ts';
import type { ChannelsOptions } from './channels-api.ts';
import type { DeskOptions } from './desk-api.ts';
import type { SilencesApiOptions } from './silences-api.ts';

export function deskAndSilencesOf(
  core: HallCore,
  access: Access,
  now: () => Ms,
  language: Language,
): { readonly desk: DeskOptions; readonly silences: SilencesApiOptions; readonly channels: ChannelsOptions } {
  const { config } = core;
  const about = { hall: () => core.hall, now, nameOf: (by: string) => access.nameOf(by) };
  return {
    desk: { ...about, desk: core.windowDesk, gate: access.gate },
    silences: {
      ...about,
      ...{ silences: core.silences, live: core.live, longestMs: config.notify.longestSilence },
      knowsCamera: (device) => config.cameras.some(({ id }) => id === device),
    },
    channels: { config, outbox: core.outbox, hall: () => core.hall, language, now },
  };
}
