/** A day of a department: who comes when and who sits where, with what the rules have to say of it. */
import { HOUR, MINUTE, type Ms, SECOND } from '../rules/time.ts';
import type { Dice } from '../test/oracle/dice.ts';
import { AWAY, FORGETS_IN, GRACE, HABITS, type Habit, NORMAL, type Planted, secondIn } from './habits.ts';
import { SESSIONS, type Staff } from './hall.ts';
import { absencesOf, type Seen, satThrough, sitting, unseen } from './seat.ts';

/** Where a day is written down; all times are local times of day. */
export interface DayWriter {
  touch(person: number, at: Ms, how?: 'face' | 'correction'): void;
  /** `isWithdrawn`: filed, and taken back. */
  leave(person: number, from: Ms, to: Ms, isWithdrawn?: boolean): void;
  cover(window: string, person: number, from: Ms, to: Ms): void;
  see(window: string, seen: readonly Seen[]): void;
}

/** What is wrong at one window of a department on a day. */
const TROUBLES = ['stood-in', 'covered', 'empty', 'nobody', 'unregistered', 'blind'] as const;
type Trouble = (typeof TROUBLES)[number];

type Session = (typeof SESSIONS)[number];
type Habits = readonly [morning: Habit, afternoon: Habit];
interface Visit {
  readonly in: Ms | null;
  readonly out: Ms | null;
}

/** Cameras are switched on before anybody comes. */
const CAMERAS_ON: Ms = 8 * HOUR + 20 * MINUTE;
/** From coming in to sitting down. */
const WALK = [20 * SECOND, 60 * SECOND] as const;

export class DepartmentDay {
  readonly #staff: Staff;
  readonly #dice: Dice;
  readonly #writer: DayWriter;
  readonly #planted: Planted;

  constructor(staff: Staff, dice: Dice, writer: DayWriter, planted: Planted) {
    this.#staff = staff;
    this.#dice = dice;
    this.#writer = writer;
    this.#planted = planted;
  }

  write(): void {
    const { windows, a, b, others } = this.#staff;
    const trouble = this.#dice.chance(0.2) ? this.#dice.pick(TROUBLES) : null;
    const troubled = this.#dice.between(0, windows.length - 1);
    for (const [place, window] of windows.entries()) {
      const holder = a[place] as number;
      if (trouble !== null && place === troubled) this.#trouble(trouble, window, holder);
      else this.#ownWindow(window, holder);
    }
    for (const person of b) {
      if (trouble === 'stood-in' || trouble === 'covered') this.#visits(person, [NORMAL, NORMAL]);
      else if (trouble === 'nobody' || trouble === 'unregistered') this.#leaveAllDay(person);
      else this.#anybody(person);
    }
    for (const person of others) this.#anybody(person);
  }

  /** Somebody whom no window waits for. */
  #anybody(person: number): void {
    const dice = this.#dice;
    if (dice.chance(0.02)) this.#visits(person, [AWAY, AWAY]);
    else if (dice.chance(0.025)) this.#leaveAllDay(person);
    else if (dice.chance(0.01)) this.#leaveHalfDay(person);
    else if (dice.chance(0.003)) this.#corrected(person);
    else {
      // Leave that was taken back excuses nobody, and whoever comes needs no excuse.
      if (dice.chance(0.002)) this.#writer.leave(person, SESSIONS[0].from, SESSIONS[1].to, true);
      this.#visits(person, this.#habits([...HABITS, AWAY, FORGETS_IN], 0.08));
    }
  }

  /** An A at her own window. */
  #ownWindow(window: string, person: number): void {
    const habits = this.#habits(HABITS, 0.08);
    const visits = this.#visits(person, habits);
    const seen = SESSIONS.flatMap((session, i) => this.#sits(session, visits[i] as Visit, habits[i] as Habit));
    this.#sees(window, seen);
    for (const { uncovers } of habits) if (uncovers) this.#planted.plant('missing-cover', { evident: true });
  }

  /** Of two sessions at most one is special: otherwise one touch could stand for another. */
  #habits(special: readonly Habit[], chance: number): Habits {
    const dice = this.#dice;
    const ordinary = (): Habit => (dice.chance(0.05) ? GRACE : NORMAL);
    if (!dice.chance(chance)) return [ordinary(), ordinary()];
    const one = dice.pick(special);
    return dice.chance(0.5) ? [one, NORMAL] : [NORMAL, one];
  }

  #sits(session: Session, visit: Visit, habit: Habit): Seen[] {
    const dice = this.#dice;
    const from = (visit.in ?? session.from) + secondIn(dice, WALK);
    const to = (visit.out ?? session.to + 3 * MINUTE) - 5 * SECOND;
    const absences = habit === NORMAL ? absencesOf(dice) : undefined;
    if (absences !== undefined && absences.rule !== null) this.#planted.plant(absences.rule);
    return sitting(dice, { from, to }, session, absences);
  }

  #trouble(trouble: Trouble, window: string, holder: number): void {
    const planted = this.#planted;
    const services = SESSIONS.map(({ from, to }) => ({ from: from - 5 * MINUTE, to: to + 5 * MINUTE }));
    switch (trouble) {
      case 'stood-in':
        this.#isAway(holder);
        return this.#sees(
          window,
          services.flatMap((service, i) => sitting(this.#dice, service, SESSIONS[i] as Session)),
        );
      case 'covered':
        this.#leaveAllDay(holder);
        this.#writer.cover(window, this.#staff.b[0] as number, SESSIONS[0].from - HOUR, SESSIONS[1].to + HOUR);
        return this.#sees(
          window,
          services.flatMap((service, i) => sitting(this.#dice, service, SESSIONS[i] as Session)),
        );
      case 'empty':
        this.#visits(holder, [AWAY, AWAY]);
        for (const _ of SESSIONS) planted.plant('missing-cover', { evident: true });
        return this.#sees(window, []);
      case 'nobody':
        this.#leaveAllDay(holder);
        for (const _ of SESSIONS) planted.plant('missing-cover', { evident: true });
        return this.#sees(window, []);
      case 'unregistered':
        for (const _ of SESSIONS) {
          planted.plant('absent', { because: 'seat-occupied' });
          planted.plant('unverified-occupant');
        }
        return this.#sees(window, services.flatMap(satThrough));
      case 'blind':
        this.#visits(holder, [NORMAL, NORMAL]);
        return this.#sees(window, services.flatMap(unseen));
    }
  }

  /** Somebody else sits at the window meanwhile. */
  #isAway(holder: number): void {
    const why = this.#dice.pick(['leave', 'away', 'forgot'] as const);
    if (why === 'leave') this.#leaveAllDay(holder);
    else this.#visits(holder, why === 'away' ? [AWAY, AWAY] : [FORGETS_IN, NORMAL]);
  }

  #sees(window: string, seen: readonly Seen[]): void {
    this.#writer.see(window, [{ at: CAMERAS_ON + secondIn(this.#dice, WALK), state: 'empty' }, ...seen]);
  }

  #leaveAllDay(person: number): void {
    this.#writer.leave(person, SESSIONS[0].from, SESSIONS[1].to);
  }

  #leaveHalfDay(person: number): void {
    const [free, worked] = this.#dice.chance(0.5) ? SESSIONS : ([SESSIONS[1], SESSIONS[0]] as const);
    this.#writer.leave(person, free.from, free.to);
    this.#visit(person, worked, NORMAL);
  }

  /** A touch that was forgotten and put right afterwards. */
  #corrected(person: number): void {
    const [morning, afternoon] = SESSIONS;
    this.#writer.touch(person, morning.from + secondIn(this.#dice, [-20 * MINUTE, 0]), 'correction');
    this.#visit(person, morning, { ...NORMAL, arrives: null });
    this.#visit(person, afternoon, NORMAL);
  }

  #visits(person: number, habits: Habits): Visit[] {
    for (const { rule } of habits) if (rule !== null) this.#planted.plant(rule);
    return SESSIONS.map((session, i) => this.#visit(person, session, habits[i] as Habit));
  }

  #visit(person: number, session: Session, { arrives, leaves }: Habit): Visit {
    const visit = {
      in: arrives === null ? null : session.from + secondIn(this.#dice, arrives),
      out: leaves === null ? null : session.to + secondIn(this.#dice, leaves),
    };
    for (const at of [visit.in, visit.out]) if (at !== null) this.#writer.touch(person, at);
    return visit;
  }
}
