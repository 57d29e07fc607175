/** A board made by hand, for tests of what shows it. */
import type { BoardSnapshot, BoardSource, BoardState, BoardWindow, Holder } from '../../daemon/board/board.ts';

export interface HandBoard extends BoardSource {
  /** Makes the next snapshot and tells whoever listens. */
  change(next: Partial<BoardSnapshot>): void;
  /** The same for one window. */
  changeWindow(id: string, next: Partial<BoardWindow>): void;
  /** What it says now to whoever reads Chinese. */
  readonly said: () => BoardSnapshot;
  readonly listeners: () => number;
}

export function handBoard(
  first: BoardSnapshot,
  firstId = 1,
  holders: ReadonlyMap<string, Holder> = new Map(),
): HandBoard {
  let id = firstId;
  let snapshot = first;
  const listeners = new Set<() => void>();
  const change = (next: Partial<BoardSnapshot>): void => {
    snapshot = { ...snapshot, ...next };
    id += 1;
    for (const listener of listeners) listener();
  };
  return {
    snapshot: () => {
      const { warnings, ...rest } = snapshot;
      return {
        id,
        snapshot: rest,
        warnings: { zh: warnings, en: warnings.map((text) => `en: ${text}`) },
        holderAt: (window) => holders.get(window) ?? null,
        away: new Map(),
      };
    },
    subscribe(listener) {
      const own = (): void => listener();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    change,
    changeWindow(windowId, next) {
      const windows = snapshot.windows.map((window) => (window.id === windowId ? { ...window, ...next } : window));
      change({ windows });
    },
    said: () => snapshot,
    listeners: () => listeners.size,
  };
}

const DEPARTMENTS = [
  '公安局',
  '住建局',
  '自然资源局',
  '林业局',
  '财政局',
  '人社局',
  '民政局',
  '税务局',
  '水利局',
  '农业农村局',
];
const SERVICES = [
  '出入境',
  '户政',
  '施工许可',
  '房产交易',
  '不动产登记',
  '用地审批',
  '采伐许可',
  '非税收缴',
  '社保经办',
  '取水许可',
];

const day = (time: string): string => `2026-11-20T${time}+08:00`;

/** A Friday morning at 10:21:36: most windows are held, and each state is shown by at least one. */
export function morning(count: number): BoardSnapshot {
  return {
    hall: { id: 'county', name: '某县政务服务中心', timezone: 'Asia/Shanghai' },
    at: day('10:21:36'),
    date: '2026-11-20',
    service: { from: day('08:30:00'), to: day('17:00:00') },
    windows: Array.from({ length: count }, (_, index) => morningWindow(index)),
    warnings: [],
    cases: 0,
  };
}

const STORIES: Readonly<Record<number, readonly (readonly [from: string, state: BoardState])[]>> = {
  1: [
    ['08:30:00', 'held-a'],
    ['09:18:00', 'counting'],
    ['09:23:00', 'held-a'],
  ],
  3: [
    ['08:30:00', 'held-a'],
    ['09:52:00', 'held-b'],
  ],
  5: [
    ['08:30:00', 'held-a'],
    ['10:04:00', 'unknown'],
  ],
  6: [
    ['08:30:00', 'held-a'],
    ['09:40:00', 'counting'],
    ['09:43:00', 'held-cover'],
  ],
  9: [
    ['08:30:00', 'held-a'],
    ['10:15:24', 'counting'],
  ],
  13: [
    ['08:30:00', 'empty'],
    ['08:47:00', 'held-a'],
  ],
  15: [
    ['08:30:00', 'held-a'],
    ['09:30:00', 'paused'],
  ],
  18: [
    ['08:30:00', 'held-a'],
    ['09:50:00', 'counting'],
    ['10:05:00', 'empty'],
  ],
  22: [['08:30:00', 'closed']],
};

function morningWindow(index: number): BoardWindow {
  const story = STORIES[index % 24] ?? [['08:30:00', 'held-a'] as const];
  const strip = story.map(([from, state], place) => ({
    from: day(from),
    to: day(story[place + 1]?.[0] ?? '10:21:36'),
    state,
  }));
  const last = strip[strip.length - 1];
  const state = last?.state ?? 'unknown';
  const kind = index % DEPARTMENTS.length;
  return {
    id: `W${String(index + 1).padStart(2, '0')}`,
    name: SERVICES[kind] ?? '综合',
    department: `d${kind}`,
    departmentName: DEPARTMENTS[kind] ?? null,
    state,
    since: last?.from ?? null,
    limitAt: state === 'counting' ? day('10:30:24') : null,
    strip,
  };
}
