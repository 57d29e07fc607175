/** One ONVIF camera: who it is, what it sends, and where; always at the host it was reached by, whatever it calls itself. */
import type { Ms } from '../../rules/time.ts';
import { DeviceFault } from '../device-fault.ts';
import type { HttpSurroundings } from '../device-http.ts';
import { type AddressRefused, type CameraAddress, readAddress } from './camera-address.ts';
import { type LibraryDevice, libraryDevice, through } from './onvif-library.ts';
import { SoapDoor } from './onvif-soap.ts';
import { attribute, each, inside, numberIn, textIn, type XmlTree } from './xml-tree.ts';

/** What the camera says of itself; null = nothing. */
export interface OnvifInformation {
  readonly maker: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly serial: string | null;
}

/** One of the streams that it offers, as it is set up; null = it does not say. */
export interface OnvifProfile {
  readonly token: string;
  readonly name: string;
  /** Which of a recorder's cameras. */
  readonly videoSource: string | null;
  readonly codec: string | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly fps: number | null;
  /** Pictures from one keyframe to the next. */
  readonly keyframeEvery: number | null;
}

export interface OnvifGreeting {
  /** How far the camera's clock is ahead of ours; null = it does not tell the time. */
  readonly aheadMs: Ms | null;
  /** What it calls its own host, where that is not the host it was reached by. */
  readonly namedHost: string | null;
}

const SERVICE_PATH = '/onvif/device_service';
const MESSAGE_MS: Ms = 8_000;

/**
 * `onvif://user:password@host[:port][/path]`, as the address of its web service: http, or https on port 443. That address itself
 * will do, too. Without a path the usual one.
 */
export function readOnvifAddress(source: string): CameraAddress | AddressRefused {
  const [, scheme = '', rest = ''] = /^(onvif|https?):\/\/(.*)$/is.exec(source) ?? [];
  if (scheme === '') return { because: 'does not begin with onvif://' };
  const isOnvif = scheme.toLowerCase() === 'onvif';
  const address = readAddress(`${isOnvif ? 'http' : scheme}://${rest}`);
  if ('because' in address) return address;
  const url = new URL(address.url);
  if (url.pathname === '/') url.pathname = SERVICE_PATH;
  const service = url.port === '443' ? url.href.replace(/^http:(.*?):443\//, 'https:$1/') : url.href;
  const read = readAddress(service);
  if ('because' in read || !isOnvif) return read;
  return { ...read, shown: address.shown.replace(/^http:/, 'onvif:').replace(/\/$/, '') };
}

/** The same address with a login in it, for what is read by an address alone. */
export function withLogin(url: string, { login }: CameraAddress): string {
  if (login === null) return url;
  const [user = '', password = ''] = login.split('\n').map(encodeURIComponent);
  return url.replace('://', () => `://${user}:${password}@`);
}

export class OnvifCamera {
  readonly door: SoapDoor;
  readonly #around: HttpSurroundings;
  readonly #base: URL;
  readonly #device: LibraryDevice;
  /** Where its services are by its own word. */
  #announced: URL | null = null;

  /** Does nothing yet. */
  constructor(around: HttpSurroundings, address: CameraAddress, timeoutMs: Ms = MESSAGE_MS) {
    this.#around = around;
    this.#base = new URL(address.url);
    this.#base.username = '';
    this.#base.password = '';
    this.door = new SoapDoor(around, { address, timeoutMs });
    this.#device = libraryDevice(this.#base.href);
    this.#device._getXaddr = (announced) => this.serviceUrl(announced);
  }

  /** Asks for the time, then for the services. Everything rejects with a `DeviceFault`. */
  async connect(): Promise<OnvifGreeting> {
    const aheadMs = await this.#aheadMs();
    this.door.skewMs = aheadMs ?? 0;
    await this.#ask(() => this.#device._getCapabilities());
    const named = this.#announced?.hostname ?? null;
    return { aheadMs, namedHost: named === this.#base.hostname ? null : named };
  }

  /** Whether it speaks ONVIF at all: the one question that needs no login anywhere. Rejects if it does not. */
  async tellsTime(): Promise<void> {
    await this.#ask(() => this.#device.services.device.getSystemDateAndTime());
  }

  /** Needs the login, where the camera wants one. */
  async information(): Promise<OnvifInformation> {
    const { data } = await this.#ask(() => this.#device.services.device.getDeviceInformation());
    const said = inside(data, 'GetDeviceInformationResponse');
    return {
      maker: textIn(said, 'Manufacturer'),
      model: textIn(said, 'Model'),
      firmware: textIn(said, 'FirmwareVersion'),
      serial: textIn(said, 'SerialNumber'),
    };
  }

  /** In the camera's order. */
  async profiles(): Promise<readonly OnvifProfile[]> {
    const { data } = await this.#ask(() => this.#media().getProfiles());
    return each(inside(data, 'GetProfilesResponse'), 'Profiles').flatMap((tree) => profileOf(tree) ?? []);
  }

  /** Where a profile's video is, without credentials. */
  async streamUrl(ProfileToken: string): Promise<string> {
    const { data } = await this.#ask(() => this.#media().getStreamUri({ ProfileToken, Protocol: 'RTSP' }));
    const announced = textIn(data, 'GetStreamUriResponse', 'MediaUri', 'Uri');
    const read = announced === null ? null : readAddress(announced);
    if (read === null || 'because' in read) throw new DeviceFault('refused', `names no usable address of its video`);
    return this.#seenFromHere(read);
  }

  /** Where pictures of a profile are to be had one by one, without credentials; null = nowhere. */
  async snapshotUrl(ProfileToken: string): Promise<string | null> {
    const { data } = await this.#ask(() => this.#media().getSnapshotUri({ ProfileToken }));
    const announced = textIn(data, 'GetSnapshotUriResponse', 'MediaUri', 'Uri');
    const read = announced === null ? null : readAddress(announced);
    return read === null || 'because' in read || !read.scheme.startsWith('http') ? null : this.#seenFromHere(read);
  }

  /** Where its events are to be had; null = it has none. */
  get eventsUrl(): string | null {
    return this.#device.services.events?.xaddr ?? null;
  }

  /** Where a service is that the camera announces, as seen from here: where the camera was reached. Behind a router, or with a second network card, its own word is wrong. */
  serviceUrl(announced: string): string {
    const url = URL.canParse(announced) ? new URL(announced) : new URL(SERVICE_PATH, this.#base);
    this.#announced ??= url;
    // Part by part: a path that begins with `//` would be read as another host.
    const seen = new URL(this.#base.href);
    [seen.pathname, seen.search] = [url.pathname, url.search];
    return seen.href;
  }

  #media() {
    const { media } = this.#device.services;
    if (media === null) throw new DeviceFault('refused', 'offers no video over ONVIF (no media service)');
    return media;
  }

  #ask<T>(act: () => Promise<T>): Promise<T> {
    return through(this.door, act).catch((error: unknown) => {
      if (error instanceof DeviceFault) throw error;
      throw new DeviceFault('not-onvif', 'answers with something that ONVIF does not have', { cause: error });
    });
  }

  /** Cameras that do not tell the time are asked the rest all the same. */
  async #aheadMs(): Promise<Ms | null> {
    const { clock } = this.#around;
    try {
      const { data } = await this.#ask(() => this.#device.services.device.getSystemDateAndTime());
      const time = inside(data, 'GetSystemDateAndTimeResponse', 'SystemDateAndTime', 'UTCDateTime');
      const number = (...names: string[]) => numberIn(time, ...names) ?? Number.NaN;
      const [year, month, day] = [number('Date', 'Year'), number('Date', 'Month'), number('Date', 'Day')];
      const at = Date.UTC(
        year,
        month - 1,
        day,
        number('Time', 'Hour'),
        number('Time', 'Minute'),
        number('Time', 'Second'),
      );
      return Number.isNaN(at) ? null : at - clock.now();
    } catch (error) {
      if (error instanceof DeviceFault && (error.reason === 'refused' || error.reason === 'login-needed')) return null;
      throw error;
    }
  }

  /** The host is exchanged, and the port where it is the one of the services. */
  #seenFromHere({ url }: CameraAddress): string {
    const seen = new URL(url);
    [seen.username, seen.password] = ['', ''];
    if (seen.hostname === this.#base.hostname) return seen.href;
    const isService = seen.host === this.#announced?.host && seen.protocol === this.#announced.protocol;
    seen.hostname = this.#base.hostname;
    if (isService) [seen.protocol, seen.port] = [this.#base.protocol, this.#base.port];
    return seen.href;
  }
}

function profileOf(tree: XmlTree): OnvifProfile | null {
  const token = attribute(tree, 'token');
  if (token === null) return null;
  const encoder = inside(tree, 'VideoEncoderConfiguration');
  const codec = textIn(encoder, 'Encoding');
  return {
    token,
    name: textIn(tree, 'Name') ?? token,
    videoSource: textIn(tree, 'VideoSourceConfiguration', 'SourceToken'),
    codec,
    widthPx: numberIn(encoder, 'Resolution', 'Width'),
    heightPx: numberIn(encoder, 'Resolution', 'Height'),
    fps: numberIn(encoder, 'RateControl', 'FrameRateLimit'),
    keyframeEvery: codec === null ? null : numberIn(encoder, codec, 'GovLength'),
  };
}

/** The stream to look at seats by: of the first camera, the smallest that is not too small to see anybody in. */
export function streamToWatch(profiles: readonly OnvifProfile[]): OnvifProfile | null {
  const [first] = profiles;
  if (first === undefined) return null;
  const own = profiles.filter(({ videoSource, codec }) => videoSource === first.videoSource && codec !== null);
  const bySize = own.toSorted((x, y) => pixels(x) - pixels(y));
  return bySize.find((profile) => pixels(profile) >= LEAST_PIXELS) ?? bySize.at(-1) ?? first;
}

/** 640x360: a seat that takes a seventh of its width still has 90 pixels. */
const LEAST_PIXELS = 640 * 360;
const pixels = ({ widthPx, heightPx }: OnvifProfile): number => (widthPx ?? 0) * (heightPx ?? 0);
