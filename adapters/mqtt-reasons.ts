/**
 * Why an MQTT broker could not be reached or refused, in plain words. Every sentence is composed from the code of the
 * fault: the messages of libraries may quote what must stay secret.
 */

import type { MqttAddress } from './mqtt-address.ts';

const BAD_LOGIN = 'the broker refused our user name or password';
const NOT_ALLOWED = 'the broker does not allow this user to do that';
const OTHER_VERSION = 'the broker speaks neither MQTT 5 nor 3.1.1';
const UNAVAILABLE = 'the broker says that it is unavailable';

/** Return codes of 3.1.1 (section 3.2.2.3) and reason codes of 5 (section 2.4). */
const REASONS: Readonly<Record<number, string>> = {
  1: OTHER_VERSION,
  2: 'the broker refused our client id',
  3: UNAVAILABLE,
  4: BAD_LOGIN,
  5: NOT_ALLOWED,
  132: OTHER_VERSION,
  133: 'the broker refused our client id',
  134: BAD_LOGIN,
  135: NOT_ALLOWED,
  136: UNAVAILABLE,
  137: 'the broker says that it is busy',
  138: 'the broker has banned us',
  139: 'the broker is shutting down',
  141: 'the broker heard nothing from us for too long',
  142: 'another client connected with our client id',
  144: 'the broker does not take that topic',
  147: 'the broker was sent more at once than it takes',
  149: 'the message is larger than the broker takes',
  151: 'the broker’s quota is used up',
  153: 'the broker does not take that payload',
  154: 'the broker keeps no retained messages',
  159: 'the broker takes no more connections for now',
};

const VERSION_REFUSED: ReadonlySet<string | number> = new Set([1, 132]);
/** Not authorized, topic name invalid, packet too large, payload format invalid, retain or QoS not supported. */
const FINAL: ReadonlySet<string | number> = new Set([135, 144, 149, 153, 154, 155]);

/** A reason code of MQTT, as a sentence without a full stop. */
export function reasonOf(code: number): string {
  return REASONS[code] ?? `the broker gave the reason code ${code}`;
}

/** An error of mqtt.js or Node, as a sentence without a full stop. */
export function causeOf(error: Error, { name, host, protocol }: MqttAddress): string {
  const code = codeOf(error);
  if (typeof code === 'number') return reasonOf(code);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `no host is known as ${host}`;
  if (code === 'ECONNREFUSED') return `nothing listens at ${name}`;
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return `${name} cannot be reached`;
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return `${name} cut the connection${protocol === 'mqtts' ? '; does it speak TLS?' : ''}`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return `${name} did not agree on TLS (${code})`;
  if (/CERT|SIGNATURE/.test(code)) return `the certificate of ${name} is not trusted (${code})`;
  if (error.message === 'connack timeout') return `${name} did not answer in time`;
  if (error.message === 'Keepalive timeout') return `${name} fell silent`;
  return code === '' ? `${name} did not speak MQTT as it should` : `the connection to ${name} failed (${code})`;
}

/** The broker wants another version of the protocol. */
export const refusesVersion = (error: Error): boolean => VERSION_REFUSED.has(codeOf(error));

/** Publishing the same once more cannot help. */
export const isFinal = (error: Error): boolean => FINAL.has(codeOf(error));

function codeOf(error: Error): string | number {
  return 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : '';
}
