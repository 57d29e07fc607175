/**
 * node-onvif 0.1.7, fenced. It knows ONVIF's words, and has not been touched since 2018: an answer that breaks off never
 * settles its promises, one that does not end fills the memory, an answer's host is believed, users and passwords with `<`, `&`
 * or Chinese characters are refused or break the message, and one message too many a wrong password locks the camera.
 * So it writes messages and reads answers here, and nothing else: they travel through `SoapDoor`, it never learns a login, and
 * its clock and its addresses are not used. Its `fetchSnapshot` must never be called: two at once mix up the cameras'
 * pictures and logins, and a lost connection ends the process.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:dgram';
import { createRequire } from 'node:module';
import { SECURITY_PLACE, type SoapDoor } from './onvif-soap.ts';
import type { XmlTree } from './xml-tree.ts';

/** What its calls answer; `data` is the body by names without prefixes. */
export interface LibraryAnswer {
  readonly data: XmlTree;
}

export interface LibraryDevice {
  readonly services: {
    readonly device: {
      getSystemDateAndTime(): Promise<LibraryAnswer>;
      getDeviceInformation(): Promise<LibraryAnswer>;
    };
    readonly media: {
      getProfiles(): Promise<LibraryAnswer>;
      getStreamUri(params: { readonly ProfileToken: string; readonly Protocol: 'RTSP' }): Promise<LibraryAnswer>;
      getSnapshotUri(params: { readonly ProfileToken: string }): Promise<LibraryAnswer>;
    } | null;
    readonly events: { readonly xaddr: string } | null;
  };
  _getCapabilities(): Promise<void>;
  /** Its own would believe the camera's word on where the camera is. */
  _getXaddr(announced: string): string;
}

/** One search; the library has a single one, whose state two searches would share. */
export interface LibrarySearch {
  _MULTICAST_ADDRESS: string;
  _PORT: number;
  _DISCOVERY_WAIT: number;
  _udp: Socket | null;
  _sendProbe(): Promise<void>;
  startProbe(): Promise<unknown>;
  stopProbe(): Promise<void>;
}

interface LibrarySoap {
  parse(xml: string): Promise<XmlTree>;
  _request(to: { readonly href: string }, envelope: string): Promise<string>;
  _createSoapUserToken(): string;
}

interface Library extends LibrarySearch {
  readonly OnvifDevice: new (options: { readonly xaddr: string; readonly user: string }) => LibraryDevice;
  readonly _OnvifSoap: LibrarySoap;
}

/** Through which door the messages of a call go, and what went wrong there: the library tells it in words of its own. */
interface Call {
  readonly door: SoapDoor;
  fault: unknown;
}

const calls = new AsyncLocalStorage<Call>();
let loaded: Library | null = null;

/** Loaded when first needed: most commands and halls do without. */
function library(): Library {
  if (loaded !== null) return loaded;
  const found: Library = createRequire(import.meta.url)('node-onvif');
  found._OnvifSoap._createSoapUserToken = () => SECURITY_PLACE;
  found._OnvifSoap._request = async ({ href }, envelope) => {
    const call = calls.getStore();
    if (call === undefined) throw new Error('node-onvif was called outside its fence');
    try {
      return await call.door.post({ url: href, envelope });
    } catch (error) {
      call.fault = error;
      throw error;
    }
  };
  loaded = found;
  return found;
}

/** Whose messages go through `door`. Reads nothing yet. */
export function libraryDevice(xaddr: string): LibraryDevice {
  // Any user makes it leave a place for a token in its messages.
  return new (library().OnvifDevice)({ xaddr, user: 'somebody' });
}

/** Makes a call of the library's through `door`. Rejects with the door's own fault, or with what the library could not read. */
export async function through<T>(door: SoapDoor, act: () => Promise<T>): Promise<T> {
  const call: Call = { door, fault: null };
  try {
    return await calls.run(call, act);
  } catch (error) {
    throw call.fault ?? error;
  }
}

export const parseXml = (xml: string): Promise<XmlTree> => library()._OnvifSoap.parse(xml);

let searching: Promise<unknown> = Promise.resolve();

/** One search after the other, since they share everything. */
export function searchAlone<T>(act: (search: LibrarySearch) => Promise<T>): Promise<T> {
  const turn = searching.then(() => act(library()));
  searching = turn.catch(() => null);
  return turn;
}
