/**
 * HTTP digest access authentication (RFC 7616, and RFC 2069 for devices that know no `qop`), as functions of their arguments:
 * what a server asks for, and the header that answers it. Cameras and recorders ask for it as a rule.
 */
import { createHash } from 'node:crypto';

export interface HttpLogin {
  readonly user: string;
  readonly password: string;
}

type HashName = 'md5' | 'sha256';

/** What a server asks for, and can be answered. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  /** To be sent back as it is; null = there is none. */
  readonly opaque: string | null;
  readonly hash: HashName;
  /** How the server calls it; null = it did not, and wants MD5. */
  readonly algorithm: string | null;
  /** Whether the hash of the login is bound to one nonce of either side. */
  readonly isSession: boolean;
  /** Whether `qop=auth` may be used; without it requests are not counted. */
  readonly hasQop: boolean;
  /** The nonce was too old, and the login not refused: the same one may be tried with this nonce at once. */
  readonly isStale: boolean;
}

export interface DigestRequest {
  readonly challenge: DigestChallenge;
  readonly login: HttpLogin;
  readonly method: string;
  /** The path with its query, exactly as in the request's first line, even with nothing behind the `?`. */
  readonly uri: string;
  /** How often this nonce has been used with this request: 1, 2, … */
  readonly count: number;
  /** A new text of one's own choice for each request. */
  readonly clientNonce: string;
}

/** One scheme of a `WWW-Authenticate` header, with its parameters; their names in lower case. */
export interface AuthScheme {
  /** In lower case: `digest`, `basic` … */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * What is asked for in the `WWW-Authenticate` headers of an answer, one or several, joined by commas or not; SHA-256 before MD5.
 * Null = no digest that is known here.
 */
export function digestChallenge(headers: string | readonly string[] | null | undefined): DigestChallenge | null {
  const texts = headers == null ? [] : typeof headers === 'string' ? [headers] : headers;
  const challenges = texts.flatMap(authSchemes).flatMap((scheme) => challengeOf(scheme) ?? []);
  return challenges.find(({ hash }) => hash === 'sha256') ?? challenges[0] ?? null;
}

/** The schemes of one header, which may offer several: `Digest realm="a", nonce="b", Basic realm="a"`. */
export function authSchemes(header: string): AuthScheme[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  // A parameter (its value a quoted text or a token), or else the name of a scheme.
  const piece = /([\w!#$%&'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;
  for (const [, name = '', quoted, token] of header.matchAll(piece)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? token;
    if (value === undefined) found.push({ scheme: name.toLowerCase(), parameters: new Map() });
    else found.at(-1)?.parameters.set(name.toLowerCase(), value);
  }
  return found;
}

function challengeOf({ scheme, parameters }: AuthScheme): DigestChallenge | null {
  const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')];
  if (scheme !== 'digest' || realm === undefined || nonce === undefined) return null;
  const algorithm = parameters.get('algorithm') ?? null;
  const [, name, session] = /^(md5|sha-256)(-sess)?$/i.exec(algorithm ?? 'MD5') ?? [];
  if (name === undefined) return null;
  const qop = parameters.get('qop');
  const hasQop = qop?.split(',').some((one) => one.trim().toLowerCase() === 'auth') ?? false;
  // `auth-int` alone would need the hash of a body, and a session the client's nonce, which only goes with a `qop`.
  if (!hasQop && (qop !== undefined || session !== undefined)) return null;
  return {
    realm,
    nonce,
    opaque: parameters.get('opaque') ?? null,
    hash: name.toLowerCase() === 'md5' ? 'md5' : 'sha256',
    algorithm,
    isSession: session !== undefined,
    hasQop,
    isStale: parameters.get('stale')?.toLowerCase() === 'true',
  };
}

/** The `Authorization` header that answers a challenge. */
export function digestAuthorization({ challenge, login, method, uri, count, clientNonce }: DigestRequest): string {
  const { realm, nonce, opaque, algorithm, isSession, hasQop } = challenge;
  const digest = (...parts: readonly string[]): string =>
    createHash(challenge.hash).update(parts.join(':'), 'latin1').digest('hex');
  const user = octets(login.user);
  const ofLogin = digest(user, realm, octets(login.password));
  const secret = isSession ? digest(ofLogin, nonce, clientNonce) : ofLogin;
  const nc = count.toString(16).padStart(8, '0');
  const ofRequest = digest(method, uri);
  const response = hasQop
    ? digest(secret, nonce, nc, clientNonce, 'auth', ofRequest)
    : digest(secret, nonce, ofRequest);
  const parts = [
    `username=${quoted(user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    ...(algorithm === null ? [] : [`algorithm=${algorithm}`]),
    `response="${response}"`,
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
    // `qop` and `nc` without quotes: some devices do not understand them otherwise, and RFC 7616 has none there.
    ...(hasQop ? ['qop=auth', `nc=${nc}`, `cnonce=${quoted(clientNonce)}`] : []),
  ];
  return `Digest ${parts.join(', ')}`;
}

/** A text as its bytes in UTF-8, a character each, as Node reads and writes headers. */
const octets = (text: string): string => Buffer.from(text).toString('latin1');
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
