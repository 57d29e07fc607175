/** What the daemon may refuse a deed with: whoever adds one finds the pages without words for it. */
import type { NotDone } from '../../daemon/cases/case-desk.ts';

const ALL: Readonly<Record<Exclude<NotDone, 'unknown' | 'unavailable'>, true>> = {
  withdrawn: true,
  pending: true,
  'still-open': true,
  'own-case': true,
  'reason-missing': true,
  'done-already': true,
  'not-confirmed': true,
  'not-delivered': true,
  'under-appeal': true,
  'appeal-decided': true,
  'not-appealed': true,
  'appeal-too-late': true,
  'same-person': true,
  'for-information': true,
  changed: true,
};

export const REFUSALS_OF_SERVER = Object.keys(ALL) as readonly (keyof typeof ALL)[];
