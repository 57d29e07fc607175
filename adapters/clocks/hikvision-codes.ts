/**
 * What the sub types of a Hikvision access event (major 5) mean, by the table "MAJOR_EVENT (0x5)" of the vendor's SDK
 * (`NET_DVR_ACS_ALARM_INFO`, constants `MINOR_…`; open.hikvision.com/hardware/structures/NET_DVR_ACS_ALARM_INFO.html).
 * Seen from devices: 1 card, 38 finger, 75 face. The other passes are by the table alone.
 */

/** Somebody was recognised, and how; null = in more ways than one, or in one that has no word. */
const PASSES: ReadonlyMap<number, string | null> = new Map([
  [0x01, 'card'],
  [0x02, 'card'],
  [0x26, 'finger'],
  [0x28, 'finger'],
  [0x2b, 'finger'],
  [0x2e, 'finger'],
  [0x36, 'face'],
  [0x39, 'face'],
  [0x3c, 'face'],
  [0x3f, 'face'],
  [0x42, 'face'],
  [0x45, 'finger'],
  [0x48, 'finger'],
  [0x4b, 'face'],
  [0x4d, 'face'],
  [0x65, 'password'],
  [0x69, 'face'],
  [0x99, null],
  [0x9f, 'bluetooth'],
  [0xb5, 'password'],
]);

/** The table ends here, but for what the makers of devices define themselves. */
const LAST_IN_TABLE = 0xc1;
/** In the table, and neither clearly a pass of this person nor clearly none: authenticated as one of several, or by a code. */
const DOUBTFUL: readonly number[] = [0x10, 0x22, 0x72, 0xb3];

export type Meaning =
  | { readonly is: 'pass'; readonly method: string | null }
  | { readonly is: 'none' }
  | { readonly is: 'unknown' };

/** `extra`: sub types that count as passes at this device. */
export function meaningOf(subType: number, extra: readonly number[]): Meaning {
  const method = PASSES.get(subType);
  if (method !== undefined) return { is: 'pass', method };
  if (extra.includes(subType)) return { is: 'pass', method: null };
  return { is: subType > LAST_IN_TABLE || DOUBTFUL.includes(subType) ? 'unknown' : 'none' };
}
