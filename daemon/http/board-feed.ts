/** The board on its way out: each snapshot is serialised once for all who see the same, however many pages watch. */
import { createHash, randomBytes } from 'node:crypto';
import { type Sight, seesDepartment, seesPerson, sightKey } from '../access/sight.ts';
import type { Language } from '../alerts/words.ts';
import {
  type Board,
  type BoardSnapshot,
  type BoardSource,
  type BoardWindow,
  type Holder,
  isSameButForTime,
} from '../board/board.ts';

export interface EncodedBoard {
  /**
   * Names this snapshot for entity tags and `Last-Event-ID`: the snapshot's id, and a digest that is another one for every sight and language, and
   * after every start of the daemon: ids begin again with it, and an old one must not pass for the new one.
   */
  readonly tag: string;
  /** All of it; made when it is first asked for. */
  readonly json: string;
  readonly hall: BoardSnapshot['hall'];
  /**
   * For whoever has the snapshot of the tag `since`: the same with only those windows that say something else than before. Null where
   * there are other windows than before, or nobody was given the one before.
   */
  readonly news: { readonly since: string; readonly json: string } | null;
}

export interface BoardFeed {
  /** With the names that may be seen; warnings in a language. */
  latest(sight: Sight, language: Language): EncodedBoard;
  /** Calls back soon after a new snapshot, at most once in `minGapMs`; the listener asks `latest` when it wants it. */
  subscribe(listener: () => void): () => void;
}

/**
 * `minGapMs` bounds the work of a storm of punches (a hundred windows are some 100 kB of JSON, and eyes read no faster
 * than a few times a second): the first change goes out at once, those close behind it together.
 */
export function boardFeed(source: BoardSource, minGapMs: number): BoardFeed {
  const salt = randomBytes(16);
  const digests = new Map<string, string>();
  const digestOf = (key: string): string => {
    const digest = digests.get(key) ?? createHash('sha256').update(salt).update(key).digest('hex').slice(0, 16);
    digests.set(key, digest);
    return digest;
  };
  let id: number | null = null;
  let toldOf: number | null = null;
  let bySight = new Map<string, Given>();
  let before = new Map<string, Given>();
  const listeners = new Set<() => void>();
  let unsubscribe: (() => void) | null = null;
  let gap: NodeJS.Timeout | null = null;
  let missed = false;

  const changed = (): void => {
    if (gap !== null) {
      missed = true;
      return;
    }
    const newest = idOf(source);
    if (newest !== null && newest === toldOf) return;
    toldOf = newest;
    gap = setTimeout(() => {
      gap = null;
      if (!missed) return;
      missed = false;
      changed();
    }, minGapMs);
    for (const listener of listeners) listener();
  };

  const rest = (): void => {
    unsubscribe?.();
    unsubscribe = null;
    if (gap !== null) clearTimeout(gap);
    gap = null;
    missed = false;
  };

  return {
    latest(sight, language) {
      const board = source.snapshot();
      if (board.id !== id) {
        id = board.id;
        before = bySight;
        bySight = new Map();
      }
      const key = `${language} ${sightKey(sight)}`;
      const given = bySight.get(key) ?? give(board, { sight, language }, before.get(key) ?? null, digestOf(key));
      bySight.set(key, given);
      return given.encoded;
    },
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      if (unsubscribe === null) {
        toldOf = idOf(source);
        unsubscribe = source.subscribe(changed);
      }
      return () => {
        if (listeners.delete(own) && listeners.size === 0) rest();
      };
    },
  };
}

/** Null = it fails; whoever is told asks it again, and says so. */
function idOf(source: BoardSource): number | null {
  try {
    return source.snapshot().id;
  } catch {
    return null;
  }
}

/** What those of one sight were given of a snapshot. */
interface Given {
  readonly encoded: EncodedBoard;
  readonly seen: Seen;
}

interface Seen {
  readonly windows: readonly BoardWindow[];
  /** Of each of them what only some may see: JSON of further keys, or nothing. Null = nothing of any. */
  readonly more: readonly string[] | null;
}

/** The windows with who holds them, as far as that may be seen. */
function seenOf({ snapshot, holderAt, away }: Board, sight: Sight): Seen {
  if (sight.of === 'nobody') return { windows: snapshot.windows, more: null };
  const isShown = ({ id }: BoardWindow): boolean => sight.of !== 'window' || sight.window === id;
  const windows = snapshot.windows.filter(isShown);
  const more = windows.map((window) => {
    const [holder, said] = [holderAt(window.id), away.get(window.id)];
    const seesHolder = holder !== null && (sight.of === 'window' || seesPerson(sight, holder));
    const seesAway = said !== undefined && (sight.of === 'window' || seesDepartment(sight, window.department));
    const who = seesHolder ? textOf(holder, nameOf) : '';
    return `${who}${seesAway ? `,"away":${JSON.stringify(said)}` : ''}`;
  });
  return { windows, more };
}

interface Asked {
  readonly sight: Sight;
  readonly language: Language;
}

function give(board: Board, { sight, language }: Asked, before: Given | null, digest: string): Given {
  const { windows: _, ...rest } = board.snapshot;
  const head = { ...rest, warnings: board.warnings[language] };
  const seen = seenOf(board, sight);
  let json: string | null = null;
  const encoded = {
    tag: `${board.id}-${digest}`,
    get json(): string {
      json ??= withWindows(head, seen, seen.windows.keys());
      return json;
    },
    hall: head.hall,
    news: before === null ? null : newsSince(before, head, seen),
  };
  return { encoded, seen };
}

function newsSince(before: Given, head: object, seen: Seen): EncodedBoard['news'] {
  const { windows, more } = before.seen;
  if (windows.length !== seen.windows.length) return null;
  const changed: number[] = [];
  for (const [i, window] of seen.windows.entries()) {
    const was = windows[i];
    const isSameMore = more?.[i] === seen.more?.[i];
    if (was === window && isSameMore) continue;
    if (was?.id !== window.id) return null;
    if (!isSameMore || !isSameButForTime(was, window)) changed.push(i);
  }
  return { since: before.encoded.tag, json: withWindows(head, seen, changed) };
}

/** `places`: of those windows that are to be in it. */
function withWindows(head: object, { windows, more }: Seen, places: Iterable<number>): string {
  const all: string[] = [];
  for (const i of places) {
    const window = windows[i];
    if (window !== undefined) all.push(`${textOf(window, JSON.stringify).slice(0, -1)}${more?.[i] ?? ''}}`);
  }
  return `${JSON.stringify(head).slice(0, -1)},"windows":[${all.join(',')}]}`;
}

const nameOf = ({ employee, name }: Holder): string => `,"holder":${JSON.stringify({ employee, name })}`;

const texts = new WeakMap<object, string>();

/** Made once: a hundred windows are 100 kB, of which a change concerns one. */
function textOf<T extends object>(of: T, write: (of: T) => string): string {
  const text = texts.get(of) ?? write(of);
  texts.set(of, text);
  return text;
}
