/**
 * What devices send, made fit to be kept aside and shown: without pictures, templates, names, numbers of identity cards and
 * telephones, and passwords. What is left says how a message is built, which is what somebody who maps it needs.
 */

/** Longer texts are pictures or templates in some base, or as good as one. */
const LONGEST_TEXT = 200;
const DEEPEST = 20;
const MOST_ITEMS = 200;
/** Kept of what is no JSON. */
const LONGEST_RAW = 4000;

/** Keys whose values are about a person's body, name or secrets, whatever the make calls them. */
const PERSONAL =
  /name|pic(?!k)|photo|image|img|face(?!sluice|id\b)|scene|finger|templ|feature|palm|idcard|idnum|identity|cert|tel(?!l)|phone|mobile|mail|address|birth|gender|sex|nation|temperature|passw|pwd|secret|token|姓名|身份证|电话|手机|住址|照片/i;

/** Instead of what is left out; its length says what it was. */
const leftOut = (length: number): string => `…(${length})`;

/** A JSON value without what nobody has to know. */
export function scrubbed(value: unknown): unknown {
  return lean(value, 0, (key) => PERSONAL.test(key));
}

/** A JSON value without long texts and endless lists: what fits in memory. */
export function withoutPictures(value: unknown): unknown {
  return lean(value, 0, () => false);
}

type Hides = (key: string) => boolean;
const ALL: Hides = () => true;

function lean(value: unknown, depth: number, hides: Hides): unknown {
  if (typeof value === 'string') return hides === ALL && value !== '' ? leftOut(value.length) : leanText(value);
  if (typeof value === 'number') return hides === ALL ? leftOut(0) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return leftOut(0);
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => lean(item, depth + 1, hides));
    return value.length > MOST_ITEMS ? [...items, leftOut(value.length)] : items;
  }
  const entries = Object.entries(value).slice(0, MOST_ITEMS);
  // Whatever stands below `face` is about a face; how it is built is no secret.
  return Object.fromEntries(
    entries.map(([key, inner]) => [key.slice(0, LONGEST_TEXT), lean(inner, depth + 1, hides(key) ? ALL : hides)]),
  );
}

/** The number of an identity card of the People's Republic, wherever it stands (GB 11643). */
const CITIZEN = /^\d{17}[\dX]$/i;
/** A piece of a picture or template whose key was lost. */
const LIKE_BASE64 = /^[\w+/=]{65,}$/;
/** A few Chinese characters and nothing else: as often as not somebody's name, under whatever key. */
const LIKE_A_NAME = /^\p{Script=Han}{2,4}$/u;

function leanText(text: string): string {
  const isFit =
    text.length <= LONGEST_TEXT &&
    !text.startsWith('data:') &&
    !CITIZEN.test(text) &&
    !LIKE_BASE64.test(text) &&
    !LIKE_A_NAME.test(text);
  return isFit ? text : leftOut(text.length);
}

/** The bytes of a message as they may be kept: JSON scrubbed, anything else shortened. */
export function scrubbedBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.from(scrubbedText(bytes));
}

export function scrubbedText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return JSON.stringify(scrubbed(JSON.parse(text)));
  } catch {
    return scrubbedRaw(text);
  }
}

/** The text of a message without pictures; with names and numbers, for whoever may see them. */
export function pictureless(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return JSON.stringify(withoutPictures(JSON.parse(text)));
  } catch {
    return text.slice(0, LONGEST_RAW);
  }
}

/** `"key": "value`, `key=value` and the like, in what is nearly JSON or a form. */
const PAIRS = /("?)([\p{L}\w]{2,40})\1(\s*[:=]\s*)("[^"\r\n]*(?:"|$)|[^\s,;&"}]+)/gu;

/** A key may be garbled: so no long run of letters or digits, and no Chinese, is left either. */
function scrubbedRaw(text: string): string {
  return text
    .slice(0, LONGEST_RAW)
    .replace(/[\w+/=]{32,}|\d{11,}|[\p{Script=Han}\ufffd]+/gu, (run) => leftOut(run.length))
    .replace(PAIRS, (whole, quote: string, key: string, sign: string, value: string) =>
      PERSONAL.test(key) ? `${quote}${key}${quote}${sign}${leftOut(value.length)}` : whole,
    )
    .replace(/[\p{Cc}\p{Cs}]/gu, (char) => ('\n\t\r'.includes(char) ? char : '·'));
}
