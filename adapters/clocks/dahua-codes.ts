/**
 * How somebody got in, by `Method` of a Dahua access record. The numbers of the HTTP API are those of the vendor's SDK
 * (`NET_ACCESS_DOOROPEN_METHOD`) less one: 6 finger and 15 face are as seen on an ASI3204E-W and other terminals, the others by the list.
 */

/** Null = in more ways than one, or in one that has no word. */
const METHODS: ReadonlyMap<number, string | null> = new Map([
  [0, 'password'],
  [1, 'card'],
  [2, 'card'],
  [3, 'card'],
  [6, 'finger'],
  [7, 'finger'],
  [9, 'finger'],
  [10, 'finger'],
  [14, 'qr'],
  [15, 'face'],
  [17, 'face'],
  [18, 'face'],
  [19, 'bluetooth'],
  [20, 'password'],
  [21, 'password'],
  [22, 'face'],
  [23, 'finger'],
  [25, 'face'],
]);

/** Opened from afar, by the button, or with a key: nobody was recognised, whoever is named. */
const NOBODY: readonly number[] = [4, 5, 12];

/** Null for a method that has no word. */
export const methodOf = (code: number | null): string | null => (code === null ? null : (METHODS.get(code) ?? null));

export const isOfNobody = (code: number | null): boolean => code !== null && NOBODY.includes(code);
