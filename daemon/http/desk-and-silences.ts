/** What windows' own PCs and the silences of a hall are served with. */
import type { Config } from '../../config/schema.ts';
import type { Ms } from '../../rules/time.ts';
import type { Access } from '../access/access.ts';
import type { HallCore } from '../hall-core.ts';
import type { DeskOptions } from './desk-api.ts';
import type { SilencesApiOptions } from './silences-api.ts';

export function deskAndSilencesOf(
  core: HallCore,
  access: Access,
  { cameras, notify }: Pick<Config, 'cameras' | 'notify'>,
  now: () => Ms,
): { readonly desk: DeskOptions; readonly silences: SilencesApiOptions } {
  const about = { hall: () => core.hall, now, nameOf: (by: string) => access.nameOf(by) };
  return {
    desk: { ...about, desk: core.windowDesk, gate: access.gate },
    silences: {
      ...about,
      ...{ silences: core.silences, live: core.live, longestMs: notify.longestSilence },
      cameras: new Set(cameras.map(({ id }) => id)),
    },
  };
}
