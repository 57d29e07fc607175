/** A desk without cases, for pages that show none. */

import { parseConfig } from '../../config/load.ts';
import type { AlertsOptions } from '../../daemon/http/alerts-api.ts';
import { SMALL_HALL } from './small-hall.ts';

export function noCases(): AlertsOptions {
  const { hall } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });
  return {
    desk: { between: () => [], find: () => null, changesOf: () => [], kindOf: () => null, do: async () => 'unknown' },
    hall: () => hall,
    hallOn: () => hall,
    now: () => 0,
    nameOf: () => null,
    explain: () => null,
  };
}
