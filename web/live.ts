/** The link to the daemon: one event stream, watched, and opened anew when it has died. */
import type { Alive, Snapshot, WindowNow } from './snapshot.ts';
import type { Language } from './strings.ts';

export interface LiveListener {
  /** A stream has begun, the first or another one. */
  opened(): void;
  /** `said`: those of its windows that may say something else than before. */
  snapshot(snapshot: Snapshot, said: readonly WindowNow[]): void;
  /** A sign of life. */
  alive(alive: Alive): void;
  /** Nothing more is known from here on; the link tries to come back by itself. */
  lost(): void;
  /** Something came that is not what it should be. */
  unreadable(error: unknown): void;
}

/** Until the server has said how often it sends signs of life. */
const FIRST_EVERY_MS = 15_000;
/** A break shorter than this is not worth a word. */
const GRACE_MS = 1500;
/** How soon to open a new stream where the browser has given up, at first and at most. */
const REOPEN_MS = 1000;
const REOPEN_MOST_MS = 15_000;

/**
 * `EventSource` reconnects by itself after a lost connection, but not after an answer that is no stream (a proxy's 502
 * while the daemon starts), and it cannot notice a link that has gone silent. Both are seen to here.
 */
/** `language`: of the daemon's warnings. */
export function openLive(language: Language, listener: LiveListener): void {
  let source: EventSource | null = null;
  let last: Snapshot | null = null;
  let everyMs = FIRST_EVERY_MS;
  let reopenMs = REOPEN_MS;
  let lost = false;
  const grace = alarm(() => lose());
  const again = alarm(() => open());
  const watchdog = alarm(() => {
    lose();
    open();
  });

  const lose = (): void => {
    if (!lost) listener.lost();
    lost = true;
  };

  /** Two signs of life may go missing before silence means something. */
  const watch = (): void => watchdog.set(everyMs * 2.5 + 500);

  const sign = (): void => {
    lost = false;
    reopenMs = REOPEN_MS;
    grace.clear();
    watch();
  };

  const trouble = (): void => {
    if (!lost) grace.setOnce(GRACE_MS);
    if (source?.readyState !== EventSource.CLOSED) return;
    watchdog.set(reopenMs);
    reopenMs = Math.min(reopenMs * 2, REOPEN_MOST_MS);
  };

  const show = (snapshot: Snapshot, said: readonly WindowNow[]): void => {
    last = snapshot;
    listener.snapshot(snapshot, said);
  };

  const read = <T>(text: string, take: (data: T) => void): void => {
    try {
      take(JSON.parse(text));
    } catch (error) {
      last = null;
      listener.unreadable(error);
    }
    sign();
  };

  const open = (): void => {
    source?.close();
    source = new EventSource(`/api/v1/events?changes&lang=${language}`);
    source.addEventListener('windows', (event) => read<Snapshot>(event.data, (all) => show(all, all.windows)));
    source.addEventListener('changes', (event) =>
      read<Snapshot>(event.data, (news) => {
        // What this follows was not understood; a stream that begins anew sends all of it.
        if (last === null) again.setOnce(REOPEN_MS);
        else show(withNews(last, news), news.windows);
      }),
    );
    source.addEventListener('alive', (event) =>
      read<Alive>(event.data, (data) => {
        everyMs = data.everyMs;
        watch();
        listener.alive(data);
      }),
    );
    source.addEventListener('open', () => listener.opened());
    source.addEventListener('error', trouble);
    watch();
  };

  open();
}

/** `news` holds only those windows that say something else than before. */
function withNews(last: Snapshot, news: Snapshot): Snapshot {
  const changed = new Map(news.windows.map((window) => [window.id, window]));
  return { ...news, windows: last.windows.map((window) => changed.get(window.id) ?? window) };
}

interface Alarm {
  set(delayMs: number): void;
  /** Leaves an alarm that is already set as it is. */
  setOnce(delayMs: number): void;
  clear(): void;
}

function alarm(ring: () => void): Alarm {
  let timer: number | null = null;
  const clear = (): void => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
  };
  const set = (delayMs: number): void => {
    clear();
    timer = window.setTimeout(() => {
      timer = null;
      ring();
    }, delayMs);
  };
  return {
    set,
    clear,
    setOnce(delayMs) {
      if (timer === null) set(delayMs);
    },
  };
}
