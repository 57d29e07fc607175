/** The board on its way out: each snapshot is serialised once for all who see the same, however many pages watch. */
import { createHash } from 'node:crypto';
import { type Sight, seesDepartment, seesPerson, sightKey } from '../access/sight.ts';
import type { Board, BoardSnapshot, BoardSource, BoardWindow } from '../board.ts';

export interface EncodedBoard {
  /**
   * Names this snapshot for entity tags and `Last-Event-ID`: the snapshot's id and a digest of its content. The digest
   * is there because ids start again with the daemon: after a restart an old id must not pass for the new one.
   */
  readonly tag: string;
  readonly json: string;
  readonly hall: BoardSnapshot['hall'];
}

export interface BoardFeed {
  /** With the names that may be seen. */
  latest(sight: Sight): EncodedBoard;
  /** Calls back soon after a new snapshot, at most once in `minGapMs`; the listener asks `latest` when it wants it. */
  subscribe(listener: () => void): () => void;
}

/**
 * `minGapMs` bounds the work of a storm of punches (a hundred windows are some 100 kB of JSON, and eyes read no faster
 * than a few times a second): the first change goes out at once, those close behind it together.
 */
export function boardFeed(source: BoardSource, minGapMs: number): BoardFeed {
  let encoded: { readonly id: number; readonly bySight: Map<string, EncodedBoard> } | null = null;
  const listeners = new Set<() => void>();
  let unsubscribe: (() => void) | null = null;
  let gap: NodeJS.Timeout | null = null;
  let missed = false;

  const changed = (): void => {
    if (gap !== null) {
      missed = true;
      return;
    }
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
    latest(sight) {
      const board = source.snapshot();
      if (encoded?.id !== board.id) encoded = { id: board.id, bySight: new Map() };
      const key = sightKey(sight);
      const known = encoded.bySight.get(key) ?? encode(board.id, withNames(board, sight));
      encoded.bySight.set(key, known);
      return known;
    },
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      unsubscribe ??= source.subscribe(changed);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) rest();
      };
    },
  };
}

/** The windows with who holds them, as far as that may be seen. */
function withNames({ snapshot, holders, away }: Board, sight: Sight): BoardSnapshot {
  if (sight.of === 'nobody') return snapshot;
  const isShown = ({ id }: BoardWindow): boolean => sight.of !== 'window' || sight.window === id;
  const windows = snapshot.windows.filter(isShown).map((window) => {
    const [holder, said] = [holders.get(window.id), away.get(window.id)];
    const seesHolder = holder !== undefined && (sight.of === 'window' || seesPerson(sight, holder));
    const seesAway = said !== undefined && (sight.of === 'window' || seesDepartment(sight, window.department));
    return {
      ...window,
      ...(seesHolder ? { holder: { employee: holder.employee, name: holder.name } } : {}),
      ...(seesAway ? { away: said } : {}),
    };
  });
  return { ...snapshot, windows };
}

function encode(id: number, snapshot: BoardSnapshot): EncodedBoard {
  const json = JSON.stringify(snapshot);
  const digest = createHash('sha256').update(json).digest('hex').slice(0, 16);
  return { tag: `${id}-${digest}`, json, hall: snapshot.hall };
}
