/** Cameras that were tried together, as lines of hall.yaml: a recorder once with its login, its channels and all others a line each. */
import { type CameraAddress, readAddress } from '../../adapters/cameras/camera-address.ts';
import type { Edit, Plain } from '../../config/edited-text.ts';
import { expand } from '../../config/secrets.ts';
import { type Env, isMap, listIn, roiText, sourceText } from '../trials/camera-entry.ts';
import type { TrialSeat } from '../trials/trial.ts';

export interface BatchWanted {
  /** Null = the cameras are by themselves. */
  readonly recorder: { readonly id: string; readonly template: CameraAddress } | null;
  readonly cameras: readonly {
    readonly id: string;
    readonly stream: CameraAddress;
    /** Of the recorder; null = a camera by itself. */
    readonly channel: number | null;
    readonly seats: readonly TrialSeat[];
  }[];
}

/** The edits that make the file say it. A recorder that is in it already, with the same address and login, gets further channels. */
export function batchEdits({ recorder, cameras }: BatchWanted, text: string, env: Env): Edit[] {
  const edits: Edit[] = [];
  if (recorder !== null && !isWritten(recorder, text, env)) {
    const { id, template } = recorder;
    const value = { id, source: withMark(sourceText(template, text, env)) };
    edits.push({ do: 'append', path: ['recorders'], value });
  }
  for (const { id, stream, channel, seats } of cameras) {
    const from: Readonly<Record<string, Plain>> =
      recorder !== null && channel !== null
        ? { recorder: recorder.id, channel }
        : { source: sourceText(stream, text, env) };
    const drawn = seats.map(({ window, roi }): Plain => ({ window, roi: roiText(roi) }));
    const value = { id, ...from, ...(drawn.length === 0 ? {} : { seats: drawn }) };
    edits.push({ do: 'append', path: ['cameras'], value });
  }
  return edits;
}

/** In an address that has been read the mark is percent-encoded where it stands in the path. */
const withMark = (source: string): string => source.replaceAll(/%7Bn%7D/gi, '{n}');

function isWritten({ id, template }: NonNullable<BatchWanted['recorder']>, text: string, env: Env): boolean {
  return listIn(text, 'recorders').some((one) => {
    if (!isMap(one) || one['id'] !== id || typeof one['source'] !== 'string') return false;
    const address = readAddress(expand(one['source'], env).value);
    return !('because' in address) && address.url === template.url;
  });
}
