/**
 * Which ONVIF cameras there are: by asking everybody on each network card (WS-Discovery, multicast), and in a range of addresses
 * one by one, as multicast does not pass routers.
 */
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:dgram';
import type { Ms } from '../../rules/time.ts';
import { DeviceFault } from '../device-fault.ts';
import type { HttpSurroundings } from '../device-http.ts';
import { type CameraAddress, readAddress } from './camera-address.ts';
import { OnvifCamera, type OnvifInformation, readOnvifAddress } from './onvif-device.ts';
import { type LibrarySearch, parseXml, searchAlone } from './onvif-library.ts';
import { each, inside, printable, textIn, type XmlTree } from './xml-tree.ts';

export interface FoundDevice {
  /** What it calls itself; cheap cameras have all the same. Null = it was found without being told. */
  readonly urn: string | null;
  readonly name: string | null;
  readonly model: string | null;
  readonly maker: string | null;
  readonly location: string | null;
  /** The address that answered. */
  readonly host: string;
  /** Its ONVIF service, by the address that answered. */
  readonly url: string;
  /** The host that it gives itself, where it is another. */
  readonly namedHost: string | null;
}

const DISCOVERY_PORT = 3702;
const MULTICAST = '239.255.255.250';

/** Larger answers are nobody's. */
const LONGEST_ANSWER = 65_536;
const MOST_ANSWERS = 4096;

interface Answer {
  readonly from: string;
  readonly xml: string;
}

/**
 * Asks on the card that has this IPv4 address, and waits for the answers. Rejects if the card cannot send; nobody answering is
 * no error.
 */
export async function searchCard(cardAddress: string, waitMs: Ms): Promise<FoundDevice[]> {
  const answers = await searchAlone(async (search) => {
    search._MULTICAST_ADDRESS = MULTICAST;
    return await listen(search, waitMs, (udp) => udp.setMulticastInterface(cardAddress));
  });
  return await devicesOf(answers);
}

export interface RangeSearch {
  readonly addresses: readonly string[];
  /** How long to wait for answers after the last question. */
  readonly waitMs: Ms;
}

/** Time between two questions: 254 addresses are asked within two seconds, and no switch takes it for an attack. */
const PACE_MS: Ms = 4;
const ROUNDS = 2;

/** Asks each address by itself, twice. */
export async function searchAddresses({ addresses, waitMs }: RangeSearch): Promise<FoundDevice[]> {
  const asked = Array.from({ length: ROUNDS }, () => addresses).flat();
  const answers = await searchAlone(async (search) => {
    const own = search._sendProbe;
    // The library's own goes to one address, and takes 1.35 s for it.
    search._sendProbe = () => askEach(search, asked);
    try {
      return await listen(search, asked.length * PACE_MS + waitMs, () => {});
    } finally {
      search._sendProbe = own;
    }
  });
  return await devicesOf(answers);
}

/**
 * The library sends and waits. What is answered is read here: its own reading drops answers that name several devices, and all
 * but one of those with the same name, and forgets which address an answer came from.
 */
async function listen(search: LibrarySearch, waitMs: Ms, prepare: (udp: Socket) => void): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  search._PORT = DISCOVERY_PORT;
  search._DISCOVERY_WAIT = waitMs;
  const searched = search.startProbe();
  const udp = search._udp;
  let trouble: unknown = null;
  const failed = new Promise<never>((_, reject) => {
    const fail = (error: unknown): void => {
      trouble = error;
      reject(error);
    };
    udp?.prependOnceListener('listening', () => {
      try {
        prepare(udp);
      } catch (error) {
        fail(error);
      }
      // The library stops listening for errors once it is bound, and an error nobody listens for ends the process.
      setImmediate(() => udp.on('error', fail));
    });
  });
  udp?.on('message', (bytes, { address }) => {
    if (answers.length < MOST_ANSWERS && bytes.length <= LONGEST_ANSWER)
      answers.push({ from: address, xml: bytes.toString() });
  });
  try {
    await Promise.race([searched, failed]);
  } finally {
    if (trouble !== null) await search.stopProbe();
  }
  return answers;
}

function askEach(search: LibrarySearch, addresses: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const rest = [...addresses];
    const next = (): void => {
      const address = rest.shift();
      const udp = search._udp;
      // The search is over when its socket is gone.
      if (address === undefined || udp === null) return resolve();
      // An address that cannot be reached is one where nobody is.
      udp.send(probeMessage(), DISCOVERY_PORT, address, () => setTimeout(next, PACE_MS));
    };
    next();
  });
}

const SOAP = 'http://www.w3.org/2003/05/soap-envelope';
const WSA = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';
const WSD = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';

const probeMessage = (): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${SOAP}" xmlns:a="${WSA}" xmlns:d="${WSD}" ` +
  'xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>' +
  `<a:Action s:mustUnderstand="1">${WSD}/Probe</a:Action><a:MessageID>uuid:${randomUUID()}</a:MessageID>` +
  `<a:ReplyTo><a:Address>${WSA}/role/anonymous</a:Address></a:ReplyTo>` +
  '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>' +
  '<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>';

async function devicesOf(answers: readonly Answer[]): Promise<FoundDevice[]> {
  const found: FoundDevice[] = [];
  for (const { from, xml } of answers) {
    // Others answer on this port as well, printers for instance, and anything may come by UDP.
    const tree = await parseXml(xml).catch(() => null);
    for (const match of each(inside(tree, 'Body', 'ProbeMatches'), 'ProbeMatch')) {
      const device = deviceOf(match, from);
      if (device !== null && !found.some(({ url }) => url === device.url)) found.push(device);
    }
  }
  return found;
}

function deviceOf(match: XmlTree, from: string): FoundDevice | null {
  const announced = (textIn(match, 'XAddrs') ?? '').split(/\s+/).filter((text) => /^https?:/i.test(text));
  const urls = announced.filter((text) => URL.canParse(text)).map((text) => new URL(text));
  const url = urls.find(({ hostname }) => hostname === from) ?? urls[0];
  const scopes = (textIn(match, 'Scopes') ?? '').split(/\s+/);
  if (url === undefined || !scopes.some((scope) => scope.startsWith(SCOPE))) return null;
  const namedHost = url.hostname === from ? null : url.hostname;
  url.hostname = from;
  return {
    urn: textIn(match, 'EndpointReference', 'Address'),
    name: scopeOf(scopes, 'name'),
    model: scopeOf(scopes, 'hardware'),
    maker: scopeOf(scopes, 'manufacturer') ?? scopeOf(scopes, 'mfr'),
    location: scopeOf(scopes, 'location'),
    host: from,
    url: url.href,
    namedHost,
  };
}

const SCOPE = 'onvif://www.onvif.org/';
const LONGEST_NAME = 100;

function scopeOf(scopes: readonly string[], kind: string): string | null {
  const start = `${SCOPE}${kind}/`;
  const text = scopes.find((scope) => scope.toLowerCase().startsWith(start))?.slice(start.length);
  if (text === undefined || text === '') return null;
  const plain = printable(decoded(text).replaceAll('_', ' ').replace(/^.*\//, '')).slice(0, LONGEST_NAME);
  return plain === '' ? null : plain;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not everybody encodes what has to be encoded.
    return text;
  }
}

/** Where makers put the web service when not on port 80. */
const PORTS = [80, 8000, 8080, 8899, 2020] as const;

/** Whether somebody at this address speaks ONVIF although no question by UDP was answered; never with a login. */
export async function knock(around: HttpSurroundings, host: string, timeoutMs: Ms): Promise<FoundDevice | null> {
  const tries = PORTS.map(async (port) => {
    const address = readOnvifAddress(`onvif://${host}:${port}`) as CameraAddress;
    await new OnvifCamera(around, address, timeoutMs).tellsTime();
    return address.url;
  });
  const url = await Promise.any(tries).catch(() => null);
  return url === null
    ? null
    : { urn: null, name: null, model: null, maker: null, location: null, host, url, namedHost: null };
}

/** What it says of itself to anybody; null = nothing without a login. */
export async function introduction(
  around: HttpSurroundings,
  { url }: FoundDevice,
  timeoutMs: Ms,
): Promise<OnvifInformation | null> {
  const address = readAddress(url);
  if ('because' in address) return null;
  try {
    return await new OnvifCamera(around, address, timeoutMs).information();
  } catch (error) {
    if (error instanceof DeviceFault) return null;
    throw error;
  }
}
