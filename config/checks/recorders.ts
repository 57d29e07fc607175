/** Recorders and the cameras that are their channels. */
import { child, type Draft, isWritten, items, textOf } from '../draft.ts';
import { atKey, atStart, atValue, type Finding, finding } from '../finding.ts';
import { hasChannels } from '../recorders.ts';
import { duplicates, type LineOf, unknown } from './people.ts';

export function checkRecorders(root: Draft, lineOf: LineOf): Finding[] {
  const recorders = items(root, 'recorders');
  const known = new Set(recorders.flatMap((recorder) => textOf(recorder, 'id') ?? []));
  const cameras = items(root, 'cameras');
  return [
    ...duplicates('recorder', recorders, lineOf),
    ...recorders.flatMap(checkMark),
    ...cameras.flatMap((camera) => checkChannel(camera, known)),
    ...channelsTwice(cameras, lineOf),
  ];
}

/** Without the mark every channel would be the same one. */
function checkMark(recorder: Draft): Finding[] {
  const source = textOf(recorder, 'source');
  if (source === null || hasChannels(source)) return [];
  return [finding(atValue([...recorder.path, 'source']), (words) => words.recorderWithoutMark())];
}

function checkChannel(camera: Draft, known: ReadonlySet<string>): Finding[] {
  const [recorder, channel] = [child(camera, 'recorder'), child(camera, 'channel')];
  if (!isWritten(recorder)) {
    if (!isWritten(channel)) return [];
    return [finding(atKey(channel.path), (words) => words.recorderMissing(), { needsWholeFile: true })];
  }
  const found = unknown('recorder', recorder, known);
  if (isWritten(child(camera, 'source'))) found.push(finding(atKey(recorder.path), (words) => words.twoSources()));
  if (!isWritten(channel))
    found.push(finding(atStart(camera.path), (words) => words.channelMissing(), { needsWholeFile: true }));
  return found;
}

function channelsTwice(cameras: readonly Draft[], lineOf: LineOf): Finding[] {
  const first = new Map<string, Draft>();
  return cameras.flatMap((camera) => {
    const [recorder, channel] = [textOf(camera, 'recorder'), textOf(camera, 'channel')];
    if (recorder === null || channel === null) return [];
    const key = JSON.stringify([recorder, channel]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, camera);
    if (earlier === undefined) return [];
    const line = lineOf([...earlier.path, 'channel']);
    return [finding(atValue([...camera.path, 'channel']), (words) => words.channelTwice({ line }))];
  });
}
