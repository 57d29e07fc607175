/** The addresses of MQTT brokers. */
import { BrokerError } from './broker.ts';

/** What there is to know in order to connect. */
export interface MqttAddress {
  readonly protocol: 'mqtt' | 'mqtts';
  readonly host: string;
  readonly port: number;
  /** Host and port for people; no credentials. */
  readonly name: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Reads `mqtt://user:password@host:port`. Throws a `BrokerError` that does not quote it: it may hold a password. */
export function mqttAddress(url: string): MqttAddress {
  const parsed = URL.parse(url);
  const protocol = parsed?.protocol.slice(0, -1);
  if (parsed === null || parsed.hostname === '' || (protocol !== 'mqtt' && protocol !== 'mqtts')) {
    throw new BrokerError('a broker’s address looks like mqtt://host:1883 or mqtts://host:8883', { retry: false });
  }
  const port = Number(parsed.port || (protocol === 'mqtt' ? 1883 : 8883));
  return {
    protocol,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    name: `${parsed.hostname}:${port}`,
    username: decoded(parsed.username),
    password: decoded(parsed.password),
  };
}

/** A part of an address; one that is not percent-encoded is taken as it stands. */
function decoded(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
