/**
 * SOAP to one ONVIF camera: every message of node-onvif's and of our own goes through here, so that each ends in time and in
 * size, and a login is tried once.
 *
 * Which login a camera wants is asked before any is sent: a message without one is answered with a challenge (HTTP digest) or
 * refused (WS-Security token). A wrong password is thereby tried in one way, and not in both.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Ms } from '../../rules/time.ts';
import { DeviceFault } from '../device-fault.ts';
import { askDevice, type HttpAnswer, type HttpSurroundings, refused, withPass } from '../device-http.ts';
import type { HttpLogin } from '../digest-auth.ts';
import type { CameraAddress } from './camera-address.ts';
import { printable } from './xml-tree.ts';

/** Stands in an envelope where the token goes, if the camera wants one. */
export const SECURITY_PLACE = '<zaigang-security/>';

const SOAP_TYPE = 'application/soap+xml; charset=utf-8';
/** Recorders describe some hundred profiles, in a few kilobytes each. */
const MOST_BYTES = 4 << 20;

export interface SoapOptions {
  readonly address: CameraAddress;
  /** For one message, with all that it takes. */
  readonly timeoutMs: Ms;
}

export interface SoapMessage {
  readonly url: string;
  readonly envelope: string;
  readonly timeoutMs?: Ms;
  readonly signal?: AbortSignal;
}

/** How the camera lets people in: not known yet, by HTTP's own way, or by a token in the message. */
type Way = 'unknown' | 'http' | 'token';

export class SoapDoor {
  readonly #around: HttpSurroundings;
  readonly #options: SoapOptions;
  readonly #login: HttpLogin | null;
  #way: Way = 'unknown';
  /** How far the camera's clock is ahead of ours: it refuses tokens that are too old or too new by its own. */
  skewMs: Ms = 0;

  constructor(around: HttpSurroundings, options: SoapOptions) {
    this.#around = around;
    this.#options = options;
    this.#login = loginOf(options.address);
  }

  /** Whether the camera has let us in with the login. */
  get isLoggedIn(): boolean {
    return this.#way !== 'unknown';
  }

  /** The answer's XML. Rejects with a `DeviceFault`, also for a SOAP fault. */
  async post(message: SoapMessage): Promise<string> {
    if (this.#way === 'token' && this.#login !== null) return await this.#withToken(message, this.#login);
    const answer = await this.#send(message, '');
    if (answer.isLoggedIn) this.#way = 'http';
    if (answer.isLoggedIn || !wantsLogin(answer)) return contentOf(answer);
    if (this.#login === null) throw new DeviceFault('login-needed', 'asks for a user name and password');
    const text = await this.#withToken(message, this.#login);
    this.#way = 'token';
    return text;
  }

  async #withToken(message: SoapMessage, login: HttpLogin): Promise<string> {
    const { clock, gate } = this.#around;
    const waiting = new AbortController();
    const cancel = clock.after(message.timeoutMs ?? this.#options.timeoutMs, () => waiting.abort());
    const signal = AbortSignal.any([waiting.signal, ...(message.signal === undefined ? [] : [message.signal])]);
    return await withPass(gate, { host: new URL(message.url).hostname, login, signal }, async (pass) => {
      cancel();
      const answer = await this.#send(message, securityToken(login, clock.now() + this.skewMs));
      const fault = faultText(answer.body.toString()) ?? '';
      if (/\block|locked/i.test(fault)) throw refused(pass, 'locked-out', `lets nobody in: ${fault}`);
      if (wantsLogin(answer)) throw refused(pass, 'wrong-login', 'refused the user name or password');
      const text = contentOf(answer);
      pass.accepted();
      return text;
    }).finally(cancel);
  }

  async #send({ url, envelope, timeoutMs, signal }: SoapMessage, security: string): Promise<HttpAnswer> {
    const hasToken = security !== '';
    return await askDevice(this.#around, {
      url,
      login: hasToken ? null : this.#login,
      post: { body: envelope.replace(SECURITY_PLACE, () => security), type: SOAP_TYPE },
      timeoutMs: timeoutMs ?? this.#options.timeoutMs,
      mostBytes: MOST_BYTES,
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      // Whoever sends a challenge in answer to a token has refused the token.
      if (!hasToken || !(error instanceof DeviceFault) || error.reason !== 'login-needed') throw error;
      return { status: 401, type: '', body: Buffer.alloc(0), isLoggedIn: false, offered: [] };
    });
  }
}

/** As a user and a password; null = nobody logs in. */
export function loginOf({ login }: CameraAddress): HttpLogin | null {
  if (login === null) return null;
  const [user = '', password = ''] = login.split('\n');
  return { user, password };
}

/** ONVIF's codes, and what makers write instead. */
const UNAUTHORIZED = /NotAuthorized|FailedAuthentication|not authorized|unauthorized|authority failure/i;

function wantsLogin(answer: HttpAnswer): boolean {
  if (answer.status === 401) return true;
  return UNAUTHORIZED.test(faultText(answer.body.toString()) ?? '');
}

function contentOf({ status, body }: HttpAnswer): string {
  const text = body.toString();
  const fault = faultText(text);
  if (fault !== null) throw new DeviceFault('refused', `answers: ${fault}`);
  if (status === 404) throw new DeviceFault('not-onvif', 'has no ONVIF service there (404)');
  if (status !== 200 || !/<(?:[\w-]+:)?Envelope[\s>]/.test(text))
    throw new DeviceFault('not-onvif', `answers with something that is no ONVIF (HTTP ${status})`);
  return text;
}

const LONGEST_FAULT = 200;

/** What a SOAP fault says, its codes included; null = it is none. */
function faultText(xml: string): string | null {
  const fault = /<(?:[\w-]+:)?Fault[\s>]([\s\S]*)<\/(?:[\w-]+:)?Fault>/.exec(xml)?.[1];
  if (fault === undefined) return null;
  const words = printable(fault.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '));
  return words.slice(0, LONGEST_FAULT);
}

const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';

/** A WS-Security user token (digest): good for one message, and for a while by the camera's own clock. */
function securityToken({ user, password }: HttpLogin, at: Ms): string {
  const nonce = randomBytes(16);
  const created = new Date(at).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return (
    `<Security s:mustUnderstand="1" xmlns="${WSS}-wssecurity-secext-1.0.xsd"><UsernameToken>` +
    `<Username>${escapeXml(user)}</Username>` +
    `<Password Type="${WSS}-username-token-profile-1.0#PasswordDigest">${digest}</Password>` +
    `<Nonce EncodingType="${WSS}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce>` +
    `<Created xmlns="${WSS}-wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security>`
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export const escapeXml = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** A message of our own. `body` is XML of this namespace prefix. */
export function envelopeOf(namespaces: Readonly<Record<string, string>>, body: string, header = ''): string {
  const names = Object.entries(namespaces).map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`);
  return (
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"${names.join('')}>` +
    `<s:Header>${header}${SECURITY_PLACE}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}
