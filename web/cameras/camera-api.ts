/** Asking the daemon about cameras, and having it do something with one. */
import { type Answer, asked, bringing } from '../asked.ts';
import type { Language } from '../strings.ts';
import type { CameraList, Found, Proposal, Roi, Saved, Taught, Trial } from './camera-data.ts';

export interface TrialAsked {
  readonly source?: string;
  readonly user?: string;
  readonly password?: string;
  readonly loginOf?: string;
  readonly camera?: string;
}

export type CameraApi = ReturnType<typeof cameraApi>;

export function cameraApi(language: Language) {
  const url = (path: string): string => `/api/v1/${path}?lang=${language}`;
  const get = <T>(path: string): Promise<Answer<T>> => asked<T>(url(path));
  const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body: object): Promise<Answer<T>> =>
    asked<T>(url(path), bringing(body, method));
  const trial = (id: string, more = ''): string => `camera-trials/${encodeURIComponent(id)}${more}`;
  const camera = (id: string, more: string): string => `cameras/${encodeURIComponent(id)}/${more}`;
  return {
    list: () => get<CameraList>('cameras'),
    /** The pictures of the seats of a camera, the rest veiled; `at` names it, so that another one is asked for. */
    pictureOf: (id: string, at: string) => `${url(camera(id, 'picture'))}&at=${encodeURIComponent(at)}`,
    teach: (id: string, seats: readonly number[]) => send<Taught>('POST', camera(id, 'empty'), { seats }),
    askAtBreak: () => send<{ readonly cameras: readonly string[] }>('POST', 'break-pictures', {}),
    breakPicture: (id: string, seat: number, picture: string) =>
      `${url(camera(id, `seats/${seat}/break-picture`))}&picture=${picture}`,
    decideBreak: (id: string, seat: number, picture: string, empty: boolean) =>
      send<Taught>('POST', camera(id, `seats/${seat}/break-picture`), { picture, empty }),
    survey: (minutes: number) => send<{ readonly cameras: readonly string[] }>('POST', 'camera-surveys', { minutes }),
    found: () => get<Found>('camera-search'),
    search: (ranges: readonly string[]) => send<Found>('POST', 'camera-search', { ranges }),
    try: (wish: TrialAsked) => send<Trial>('POST', 'camera-trials', wish),
    trial: (id: string) => get<Trial>(trial(id)),
    end: (id: string) => send<null>('DELETE', trial(id), {}),
    trialPicture: (id: string, at: string) => `${url(trial(id, '/picture'))}&at=${encodeURIComponent(at)}`,
    /** For paper: all but the seats and what is around them is veiled. */
    sheetPicture: (id: string, at: string) => `${url(trial(id, '/picture'))}&veiled=1&at=${encodeURIComponent(at)}`,
    draw: (id: string, seats: readonly { readonly window: string; readonly roi: Roi }[]) =>
      send<Trial>('PUT', trial(id, '/seats'), { seats }),
    teachTrial: (id: string, seats: readonly number[]) => send<Taught>('POST', trial(id, '/empty'), { seats }),
    check: (id: string, seat: number) => send<Trial>('POST', trial(id, '/check'), { seat }),
    propose: (id: string, as: string) => send<Proposal>('POST', trial(id, '/proposal'), { id: as }),
    save: (id: string, as: string, base: string) => send<Saved>('POST', trial(id, '/save'), { id: as, base }),
  };
}
