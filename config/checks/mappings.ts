/** Clocks with a mapping of their own: what the mapping alone cannot see. */
import { child, type Draft, isWritten, items, textOf } from '../draft.ts';
import { atKey, atValue, type Finding, finding } from '../finding.ts';
import type { LineOf } from './people.ts';

export function checkMappings(root: Draft, lineOf: LineOf): Finding[] {
  const clocks = items(root, 'clocks').filter((clock) => isWritten(child(clock, 'map')));
  return [...clocks.flatMap(checkMapping), ...sharedTopics(clocks, lineOf)];
}

function checkMapping(clock: Draft): Finding[] {
  const map = child(clock, 'map');
  const found: Finding[] = [];
  if (isWritten(child(clock, 'profile'))) {
    found.push(finding(atKey([...clock.path, 'profile']), (words) => words.mapOrProfile()));
  }
  const path = child(map, 'path');
  const hasTopics = items(map, 'topics').length > 0 || isWritten(child(map, 'shared'));
  if (!hasTopics && !isWritten(path)) found.push(finding(atKey(map.path), (words) => words.mapNowhere()));
  if (isWritten(path)) return found;
  const replies = [child(map, 'reply'), ...items(map, 'others').map((other) => child(other, 'reply'))];
  const silent = replies.filter((reply) => isWritten(reply) && !isWritten(child(reply, 'topic')));
  return [...found, ...silent.map((reply) => finding(atKey(reply.path), (words) => words.replyNowhere()))];
}

/** A message is of one clock: topics that several use are named under `shared`. */
function sharedTopics(clocks: readonly Draft[], lineOf: LineOf): Finding[] {
  const first = new Map<string, Draft>();
  return clocks.flatMap((clock) =>
    items(clock, 'map', 'topics').flatMap((topic) => {
      const name = (textOf(topic) ?? '').replaceAll('{device}', textOf(clock, 'id') ?? '');
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, topic);
      if (earlier === undefined || name === '') return [];
      const line = lineOf(earlier.path);
      return [finding(atValue(topic.path), (words, shown) => words.topicTwice({ shown, line }))];
    }),
  );
}
