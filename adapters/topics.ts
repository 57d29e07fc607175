/** The topics of contract.md section 5: what comes in through which door, what goes out where, who may use which. */

/** What a message on a topic is about. */
export type Route =
  | { readonly kind: 'punch'; readonly device: string }
  | { readonly kind: 'status'; readonly device: string }
  | { readonly kind: 'presence'; readonly window: string };

interface Door {
  readonly hall: string;
  readonly route: Route;
}

/** A hall has some hundred topics; the bound is only against senders that make up new ones. */
const CACHE_LIMIT = 4096;
const doors = new Map<string, Door | null>();

/** The door that a topic leads to in a hall, or null if it leads to none. */
export function routeOf(hall: string, topic: string): Route | null {
  let door = doors.get(topic);
  if (door === undefined) {
    door = doorOf(topic);
    if (doors.size >= CACHE_LIMIT) doors.clear();
    doors.set(topic, door);
  }
  return door !== null && door.hall === hall ? door.route : null;
}

function doorOf(topic: string): Door | null {
  const [root, hall, family, id, kind, ...rest] = topic.split('/');
  if (root !== 'zaigang' || !hall || !id || rest.length > 0) return null;
  if (family === 'clock' && (kind === 'punch' || kind === 'status')) return { hall, route: { kind, device: id } };
  if (family === 'window' && kind === 'presence') return { hall, route: { kind, window: id } };
  return null;
}

/** Where a clock's punches come in. */
export const punchTopic = (hall: string, device: string): string => `zaigang/${hall}/clock/${device}/punch`;

/** Where a clock says that it is there; retained, and the clock's last will. */
export const statusTopic = (hall: string, device: string): string => `zaigang/${hall}/clock/${device}/status`;

/** Where a window's presence comes in. */
export const presenceTopic = (hall: string, window: string): string => `zaigang/${hall}/window/${window}/presence`;

/** Where alerts go out. */
export const alertTopic = (hall: string): string => `zaigang/${hall}/alert`;

/** Where the daemon says that it is there; retained, and the daemon's last will. */
export const daemonTopic = (hall: string): string => `zaigang/${hall}/daemon`;

/** Where a daemon sends itself the mark that ends a backlog; the client id must be a plain topic level. */
export const syncTopic = (hall: string, clientId: string): string => `zaigang/${hall}/daemon/sync/${clientId}`;

/** Everything that a clock may publish or read. */
export const clockTopics = (hall: string, device: string): string => `zaigang/${hall}/clock/${device}/#`;

/** The subscriptions through which every door of a hall is heard. */
export const doorTopics = (hall: string): readonly string[] => [
  punchTopic(hall, '+'),
  statusTopic(hall, '+'),
  presenceTopic(hall, '+'),
];

/**
 * Whether a granted topic filter holds everything that a wanted topic or filter matches. A wildcard in the first place
 * does not hold topics that begin with `$` (MQTT 3.1.1, [MQTT-4.7.2-1]).
 */
export function covers(granted: string, wanted: string): boolean {
  const grants = granted.split('/');
  const wants = wanted.split('/');
  if (wanted.startsWith('$') && grants[0] !== wants[0]) return false;
  for (const [i, grant] of grants.entries()) {
    if (grant === '#') return true;
    const want = wants[i];
    if (want === undefined || want === '#') return false;
    if (grant !== '+' && grant !== want) return false;
  }
  return grants.length === wants.length;
}
