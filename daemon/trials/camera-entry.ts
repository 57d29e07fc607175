/** A camera that was tried, as lines of hall.yaml: only what differs from what the file says of it. */
import { parse } from 'yaml';
import { type CameraAddress, readAddress } from '../../adapters/cameras/camera-address.ts';
import type { Edit, Plain } from '../../config/edited-text.ts';
import type { Roi } from '../../config/fields.ts';
import { expand } from '../../config/secrets.ts';
import type { TrialSeat } from './trial.ts';

export interface CameraWanted {
  readonly id: string;
  /** Null = it is in the file already, and its source stays as it is. */
  readonly stream: CameraAddress | null;
  readonly seats: readonly TrialSeat[];
}

export type Env = Readonly<Record<string, string | undefined>>;

/** The edits that make the file say it. */
export function cameraEdits({ id, stream, seats }: CameraWanted, text: string, env: Env): Edit[] {
  const written = listIn(text, 'cameras');
  const at = written.findIndex((camera) => isMap(camera) && camera['id'] === id);
  const plain = seats.map(({ window, roi }): Plain => ({ window, roi: roiText(roi) }));
  if (at < 0 || stream !== null) {
    const source = stream === null ? {} : { source: sourceText(stream, text, env) };
    return [{ do: 'append', path: ['cameras'], value: { id, ...source, seats: plain } }];
  }
  const camera = written[at] as Readonly<Record<string, unknown>>;
  const before = Array.isArray(camera['seats']) ? (camera['seats'] as readonly unknown[]) : [];
  const path = ['cameras', at, 'seats'] as const;
  const changed = seats.slice(0, before.length).flatMap(({ window, roi }, k): Edit[] => {
    const was = before[k];
    const isSame = (key: string, now: Plain): boolean => isMap(was) && JSON.stringify(was[key]) === JSON.stringify(now);
    const set = (key: string, value: Plain): Edit[] =>
      isSame(key, value) ? [] : [{ do: 'set', path: [...path, k, key], value }];
    return [...set('window', window), ...set('roi', roiText(roi))];
  });
  const more = plain.slice(before.length).map((value): Edit => ({ do: 'append', path, value }));
  const gone = before
    .slice(seats.length)
    .map((_, k): Edit => ({ do: 'remove', path: [...path, before.length - 1 - k] }));
  return [...changed, ...more, ...gone];
}

/** A list of the file as it is written, without variables; empty where there is none. */
export function listIn(text: string, key: 'cameras' | 'recorders'): readonly unknown[] {
  const read: unknown = parse(text, { uniqueKeys: false, logLevel: 'silent' });
  const list = isMap(read) ? read[key] : null;
  return Array.isArray(list) ? list : [];
}

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As hall.yaml has it, to a thousandth of the picture: less than a pixel of what is looked at. */
export function roiText(roi: Roi): readonly Plain[] {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return roi.kind === 'polygon'
    ? roi.points.map((point) => point.map(round))
    : [roi.x, roi.y, roi.width, roi.height].map(round);
}

/**
 * The address as it shall stand in the file. Where a variable that the file uses already holds the same password, it stands for it
 * here, too; otherwise the password is written, and the check of the file says so.
 */
export function sourceText(stream: CameraAddress, text: string, env: Env): string {
  const { login } = stream;
  const [user = '', password = ''] = (login ?? '').split('\n');
  const names = new Set([...text.matchAll(/\$\{([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''));
  const plain = new URL(stream.url);
  [plain.username, plain.password] = ['', ''];
  const name = [...names].find((one) => password !== '' && env[one] === password);
  if (name === undefined) return stream.url;
  const source = plain.href.replace('://', `://${encodeURIComponent(user)}:\${${name}}@`);
  // A password with characters that end an address would be read otherwise.
  const read = readAddress(expand(source, env).value);
  return 'because' in read || read.login !== login ? stream.url : source;
}
