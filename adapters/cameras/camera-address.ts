/** Where a camera is: as ffmpeg must be told it, and as people may see it. */
import { isAbsolute, resolve } from 'node:path';

/** What a source is reached by; `file` is for commands only, never for what a configuration says. */
export type CameraScheme = 'rtsp' | 'rtsps' | 'http' | 'https' | 'file';

export interface CameraAddress {
  readonly scheme: CameraScheme;
  /** For ffmpeg, with the credentials percent-encoded. Never shown. */
  readonly url: string;
  /** The same without credentials, for logs and pages. */
  readonly shown: string;
  /** Whose logins are counted together: the host without its port, in lower case; empty for a file. */
  readonly host: string;
  /** Who logs in, as one text to compare; null = nobody. Never shown. */
  readonly login: string | null;
  /** A text, such as a line of ffmpeg's, without the credentials of this and of any other address in it. */
  mask(text: string): string;
}

export interface AddressRefused {
  /** Why it cannot be read, as the end of a sentence; without credentials. */
  readonly because: string;
}

const NETWORK: readonly string[] = ['rtsp', 'rtsps', 'http', 'https'] satisfies CameraScheme[];

/** Reads a source. With `files` it may also be the path of a file; relative ones are of the current folder. */
export function readAddress(
  source: string,
  { files = false }: { readonly files?: boolean } = {},
): CameraAddress | AddressRefused {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined || (scheme === 'file' && files)) {
    return files ? fileAddress(source) : { because: 'is not an address: rtsp, rtsps, http or https is missing' };
  }
  if (!NETWORK.includes(scheme)) return { because: `begins with ${scheme}://, which no camera may have` };
  const url = parse(source, scheme);
  if (url === null || url.hostname === '') return { because: 'is not a complete address' };
  const login =
    url.username === '' && url.password === '' ? null : `${decoded(url.username)}\n${decoded(url.password)}`;
  const mask = masker(url);
  return {
    scheme: scheme as CameraScheme,
    url: url.href,
    shown: mask(url.href),
    host: url.hostname.toLowerCase(),
    login,
    mask,
  };
}

function fileAddress(source: string): CameraAddress {
  const given = source.replace(/^file:(?:\/\/)?/i, '');
  // Without `file:` ffmpeg would take "concat:a" or "pipe:0" for one of its protocols.
  const url = `file:${isAbsolute(given) ? given : resolve(given)}`;
  return { scheme: 'file', url, shown: given, host: '', login: null, mask: (text) => text };
}

/**
 * A password may stand there as it is. Its `:` and `@` are no trouble, and its `/`, `?` and `#` none if the address makes
 * no sense otherwise: then the credentials end at the last `@`.
 */
function parse(source: string, scheme: string): URL | null {
  const rest = source.slice(source.indexOf('://') + 3);
  const authority = rest.split(/[/?#]/, 1)[0] ?? '';
  const at = URL.canParse(source) ? authority.lastIndexOf('@') : rest.lastIndexOf('@');
  const host = rest.slice(at + 1);
  if (!URL.canParse(`${scheme}://${host}`)) return null;
  const url = new URL(`${scheme}://${host}`);
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(at < 0 ? '' : rest.slice(0, at)) ?? [];
  url.username = encodeURIComponent(decoded(user));
  url.password = encodeURIComponent(decoded(password));
  return url;
}

/** Percent-encoded or not: `%` that no two hexadecimal digits follow stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch {
    // Not UTF-8: the bytes are handed on as they were written.
    return part;
  }
}

const HIDDEN = '***';
/** Up to the last `@`: a password that was not encoded may hold any character. */
const IN_ADDRESS = /([a-z][a-z0-9+.-]*:\/\/)\S*@/gi;
/** Cameras that take their login in the path or query: `/user=admin&password=…`, `?token=…`. */
const IN_QUERY = /(?<![a-z])((?:user(?:name)?|usr|pass(?:word|wd)?|pwd|token|secret|auth|key)=)[^&\s'"]*/gi;
/** A shorter secret is hidden where addresses hold it, but not wherever its letters stand. */
const SHORTEST = 3;

function masker(url: URL): (text: string) => string {
  const pieces = [url.password, decoded(url.password)].filter((piece) => piece.length >= SHORTEST);
  // The longer ones first: one may be part of another.
  const secrets = [...new Set(pieces)].sort((x, y) => y.length - x.length);
  return (text) => {
    let masked = text;
    for (const secret of secrets) masked = masked.replaceAll(secret, HIDDEN);
    return masked.replaceAll(IN_ADDRESS, `$1${HIDDEN}@`).replaceAll(IN_QUERY, `$1${HIDDEN}`);
  };
}
