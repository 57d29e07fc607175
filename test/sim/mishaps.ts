/** What goes wrong besides the messages: devices, the daemon, its disk, the broker, whoever is told, and the calendar. */
import type { LoadedConfig } from '../../config/load.ts';
import { DAY_LENGTH, dateOf, HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { Dice } from '../oracle/dice.ts';
import type { OracleConfig } from '../oracle/oracle.ts';
import type { Fault } from './faults.ts';
import type { CrashPoint, Trouble } from './sim-disk.ts';
import type { Stage } from './stage.ts';
import type { Step } from './step.ts';

export interface MishapOptions {
  readonly dice: Dice;
  readonly config: OracleConfig;
  readonly load: (config: OracleConfig) => LoadedConfig;
  readonly startsAt: Ms;
  readonly endsAt: Ms;
  /** When something happens anyway. */
  readonly busyAt: readonly Ms[];
  /** Which of the mishaps befalls it certainly, by turns; null = chance alone says. */
  readonly turn: number | null;
}

export interface Mishaps {
  readonly steps: readonly Step[];
  readonly reconfigures: boolean;
}

const iso = (at: Ms): string => new Date(at).toISOString();

class Course {
  readonly dice: Dice;
  readonly steps: Step[] = [];
  readonly #startsAt: Ms;
  readonly #endsAt: Ms;
  readonly #busyAt: readonly Ms[];

  constructor({ dice, startsAt, endsAt, busyAt }: MishapOptions) {
    this.dice = dice;
    this.#startsAt = startsAt;
    this.#endsAt = endsAt;
    this.#busyAt = busyAt;
  }

  /** Any instant, mostly just before something happens anyway. */
  moment(): Ms {
    const { dice } = this;
    const any = dice.between(this.#startsAt, this.#endsAt);
    if (this.#busyAt.length === 0 || dice.chance(0.3)) return any;
    return Math.max(this.#startsAt, dice.pick(this.#busyAt) - dice.pick([0, 1, SECOND, 20 * SECOND, 5 * MINUTE]));
  }

  add(at: Ms, text: string, act: Step['act'], unseen = false): void {
    this.steps.push({ at, text, act, unseen });
  }

  /** Something lasts for a while. */
  spell(text: string, lengthMs: Ms, from: (stage: Stage) => void, to: (stage: Stage) => void): void {
    const at = this.moment();
    this.add(at, `${text} for ${lengthMs}`, from);
    this.add(at + lengthMs, `${text} no more`, to);
  }
}

export function mishaps(options: MishapOptions): Mishaps {
  const course = new Course(options);
  const { dice, config, turn } = options;
  for (const clock of config.clocks ?? []) if (dice.chance(0.65)) clockOffline(course, clock.id);
  if (dice.chance(0.4)) cameraSilent(course, config);
  for (const befall of dice.some(dice.shuffled(BEFALLS), 0.3)) befall(course);
  if (turn !== null) BEFALLS[turn % BEFALLS.length]?.(course);
  for (let count = dice.between(1, 3); count > 0; count--) ends(course);
  if (dice.chance(0.3)) calendarDay(course);
  if (dice.chance(0.4)) leaveLate(course, config);
  if (dice.chance(0.15)) leavesAddUp(course, config);
  const reconfigures = dice.chance(0.3) && reconfigure(course, options);
  for (let count = dice.between(0, 20); count > 0; count--) course.add(course.moment(), 'nothing', () => {});
  return { steps: course.steps, reconfigures };
}

// ---- devices ---------------------------------------------------------------------------------------------------

/** A clock keeps what it is touched with until it is back; the broker notices after a while, or not at all. */
function clockOffline(course: Course, clock: string): void {
  const { dice } = course;
  const at = course.moment();
  const lengthMs = dice.pick([2 * MINUTE, 25 * MINUTE, 2 * HOUR, 26 * HOUR]);
  const connectedAt = at - dice.between(1, 20) * HOUR;
  course.add(at, `${clock} is cut off for ${lengthMs}`, (stage) => {
    stage.strike('clock offline');
    stage.unlink(clock);
  });
  if (dice.chance(0.8)) {
    const said = dice.chance(0.5) ? { at: iso(connectedAt) } : {};
    course.add(at + 45 * SECOND, `${clock} is missed`, (stage) => {
      stage.strike('testament');
      stage.testament(clock, JSON.stringify({ state: 'offline', ...said }));
    });
  }
  const backAt = at + lengthMs;
  const said = dice.chance(0.7) ? { at: iso(backAt) } : {};
  course.add(backAt, `${clock} is back`, (stage) => stage.link(clock, JSON.stringify({ state: 'online', ...said })));
  if (!dice.chance(0.6)) return;
  const complete = { fact: 'device', id: `complete-${clock}-${at}`, at: iso(backAt), device: clock, state: 'complete' };
  course.add(backAt + MINUTE, `${clock} is complete`, (stage) => stage.enter([complete], []));
}

function cameraSilent(course: Course, config: OracleConfig): void {
  const { dice } = course;
  const at = course.moment();
  const lengthMs = dice.pick([5 * MINUTE, 50 * MINUTE, 5 * HOUR]);
  const camera = dice.chance(0.6) ? 'cam-1' : `camera of ${dice.pick(config.windows).id}`;
  const isKnown = camera === 'cam-1';
  course.add(at, `${camera} is cut off for ${lengthMs}`, (stage) => {
    stage.strike('camera silent');
    stage.unlink(camera);
    if (isKnown) stage.testament(camera, '{"state":"offline"}');
  });
  course.add(at + lengthMs, `${camera} is back`, (stage) => {
    if (isKnown) stage.link(camera, JSON.stringify({ state: 'online', at: iso(at + lengthMs) }));
    else stage.relink(camera);
  });
}

// ---- the daemon ------------------------------------------------------------------------------------------------

const AWAY = [0, 2 * SECOND, 10 * SECOND, 5 * MINUTE, 3 * HOUR, 14 * HOUR, 2 * DAY_LENGTH];

/** It ends: in order, at once, or in a commit. */
function ends(course: Course): void {
  const { dice } = course;
  const at = course.moment();
  const downMs = dice.pick(AWAY);
  const way = dice.between(0, 5);
  if (way === 0) return course.add(at, `stopped for ${downMs}`, (stage) => stage.stop(downMs));
  if (way === 1) {
    // Up to five seconds after its last sign of life.
    course.add(at - dice.between(0, 4999), 'nothing', () => {});
    return course.add(
      at,
      `killed, for ${downMs}`,
      (stage) => {
        if (stage.life !== null) stage.strike('killed');
        stage.kill(downMs);
      },
      true,
    );
  }
  const point = (['before', 'inside', 'after'] as const satisfies readonly CrashPoint[])[way - 2] ?? 'after';
  const cut = dice.between(0, 100) / 100;
  if (way === 5) {
    const again = dice.pick(['before', 'inside', 'after'] as const);
    const after = dice.between(0, 12);
    return course.add(at, `killed, for ${downMs}, and again ${again} commit ${after}`, (stage) => {
      if (stage.life !== null) stage.strike('killed');
      stage.killTwice(again, after, cut, downMs);
    });
  }
  const commits = dice.between(0, 3);
  course.add(at, `will crash ${point} commit ${commits}, for ${downMs}`, (stage) =>
    stage.crash(point, commits, cut, downMs),
  );
}

function standsStill(course: Course): void {
  const lengthMs = course.dice.pick([40 * SECOND, 3 * MINUTE, HOUR, 9 * HOUR]);
  course.spell(
    'stands still',
    lengthMs,
    (stage) => stage.freeze(),
    (stage) => stage.thaw(),
  );
}

function disk(course: Course): void {
  const trouble = course.dice.pick<Trouble>(['full', 'reserve', 'broken']);
  const lengthMs = course.dice.pick([SECOND, 20 * SECOND, 5 * MINUTE, 45 * MINUTE]);
  course.spell(
    `disk ${trouble}`,
    lengthMs,
    (stage) => {
      stage.strike(`disk ${trouble}` as Fault);
      stage.disk.suffer(trouble);
    },
    (stage) => stage.disk.suffer('none'),
  );
}

/** Somebody sets the machine's clock wrong, and later right. */
function wall(course: Course): void {
  const { dice } = course;
  const byMs = dice.pick([-3 * HOUR, -10 * MINUTE, 2 * MINUTE, 5 * HOUR, DAY_LENGTH]);
  course.spell(
    `wall clock off by ${byMs}`,
    dice.pick([30 * SECOND, 10 * MINUTE, 2 * HOUR]),
    (stage) => {
      stage.strike('wall clock off');
      stage.time.wallOffMs = byMs;
    },
    (stage) => {
      stage.time.wallOffMs = 0;
    },
  );
}

// ---- the broker, and whoever is told ---------------------------------------------------------------------------

const SPELLS = [2 * SECOND, MINUTE, 30 * MINUTE, 8 * HOUR];

function brokerLost(course: Course): void {
  course.add(course.moment(), 'broker lost', (stage) => {
    stage.strike('broker lost');
    stage.broker.lose('the line broke');
  });
}

function brokerAway(course: Course): void {
  course.spell(
    'broker away',
    course.dice.pick(SPELLS),
    (stage) => {
      stage.strike('broker away');
      stage.broker.down();
    },
    (stage) => stage.brokerBack(),
  );
}

function brokerForgets(course: Course): void {
  course.add(course.moment(), 'broker forgets', (stage) => {
    stage.strike('broker forgot');
    stage.brokerForgets();
  });
}

function receiverAway(course: Course): void {
  const manner = course.dice.pick(['away', 'busy'] as const);
  course.spell(
    `receiver ${manner}`,
    course.dice.pick(SPELLS),
    (stage) => {
      stage.strike('receiver away');
      stage.webhook.manner = manner;
    },
    (stage) => {
      stage.webhook.manner = 'answers';
    },
  );
}

/** What was taken is sent again, for nobody said so. */
function answersLost(course: Course): void {
  course.spell(
    'answers lost',
    course.dice.pick(SPELLS),
    (stage) => {
      stage.strike('answer lost');
      stage.webhook.manner = 'takes';
      stage.broker.publishing = 'takes';
      stage.store.manner = 'takes';
    },
    (stage) => {
      stage.webhook.manner = 'answers';
      stage.broker.publishing = 'answers';
      stage.store.manner = 'answers';
    },
  );
}

function storeAway(course: Course): void {
  course.spell(
    'store away',
    course.dice.pick(SPELLS),
    (stage) => {
      stage.strike('store away');
      stage.store.manner = 'away';
    },
    (stage) => {
      stage.store.manner = 'answers';
    },
  );
}

const BEFALLS = [
  standsStill,
  disk,
  disk,
  wall,
  brokerLost,
  brokerAway,
  brokerForgets,
  receiverAway,
  answersLost,
  storeAway,
] as const;

// ---- what people decide ----------------------------------------------------------------------------------------

function calendarDay(course: Course): void {
  const at = course.moment();
  const day = Math.floor(at / DAY_LENGTH) + course.dice.pick([-2, -1, 0, 1]);
  const line = { fact: 'day', id: `day-${at}`, date: dateOf(day), kind: course.dice.pick(['work', 'rest']) };
  course.add(at, `calendar: ${JSON.stringify(line)}`, (stage) => stage.enter([line], ['calendar day']));
}

function leaveLate(course: Course, config: OracleConfig): void {
  const { dice } = course;
  const at = course.moment();
  const from = at - dice.between(1, 40) * HOUR;
  const to = from + dice.pick([HOUR, 5 * HOUR, 30 * HOUR]);
  const employee = dice.pick(config.employees).id;
  const line = { fact: 'leave', id: `late-${at}`, employee, kind: '病假', from: iso(from), to: iso(to) };
  course.add(at, `late leave: ${JSON.stringify(line)}`, (stage) => stage.enter([line], ['late leave']));
}

/** Leaves of one person, month by month too many, that become known in any order. */
function leavesAddUp(course: Course, config: OracleConfig): void {
  const { dice } = course;
  const employee = dice.pick(config.employees).id;
  const start = course.moment() - 2 * DAY_LENGTH;
  for (const n of dice.shuffled([0, 1, 2, 3])) {
    const from = start + n * 20 * HOUR;
    const line = {
      fact: 'leave',
      id: `many-${n}-${start}`,
      employee,
      kind: '事假',
      from: iso(from),
      to: iso(from + 19 * HOUR),
    };
    course.add(course.moment(), `one leave of many: ${JSON.stringify(line)}`, (stage) => stage.enter([line], []));
  }
}

/** Another configuration, from the next day on. */
function reconfigure(course: Course, { config, load, dice }: MishapOptions): boolean {
  for (let count = dice.between(1, 2); count > 0; count--) {
    const changed: OracleConfig = {
      ...config,
      rules: { ...config.rules, lateGrace: dice.pick(['0s', '1m', '7m']), coverGrace: dice.pick(['1m', '3m']) },
      windows: config.windows.map((window) => (dice.chance(0.3) ? { ...window, b: [] } : window)),
    };
    const loaded = load(dice.chance(0.2) ? config : changed);
    course.add(course.moment(), `configured ${loaded.hash}`, (stage) => stage.reload(loaded));
  }
  return true;
}
