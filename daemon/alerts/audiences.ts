/** Who hears of what: the routes, and what each kind of reader is concerned with. */
import type { ChannelConfig, Config, NotifyConfig } from '../../config/schema.ts';
import { type Hall, readSession } from '../../rules/hall.ts';
import type { Holders } from '../../rules/plan.ts';
import { civilDay, instantOf } from '../../rules/time.ts';
import type { Verdict } from '../../rules/verdict.ts';
import type { Sight } from '../access/sight.ts';
import { familyOf } from './cases.ts';
import { onDuty } from './on-duty.ts';
import type { Stage } from './timing.ts';

/** A channel that is told at once, and of which verdicts. */
export interface Audience {
  readonly channel: string;
  readonly hears: (verdict: Verdict, hall: Hall) => boolean;
}

/** A channel that people read, each thing at its time. */
export interface Readership {
  readonly channel: string;
  readonly stage: Stage;
  readonly perMinute: number;
  /** By which channels whoever is concerned is reached: its own id, or of one for persons its id, a slash and the person. */
  readonly reaches: (hall: Hall, verdict: Verdict) => readonly string[];
  /** Whom those who read it may know by name. */
  readonly sightOf: (channel: string) => Sight;
}

/** A channel kind that people read. */
export type PeopleChannel = Extract<ChannelConfig, { readonly to: Stage }>;

export const isForPeople = (channel: ChannelConfig): channel is PeopleChannel => 'to' in channel;

type Contacts = Config['employees'][number]['contacts'];
type Hears = Audience['hears'];
type Concerned = (hall: Hall, verdict: Verdict) => readonly string[];

/** Programs hear everything of their routes at once, or everything; the log always hears. */
export function audiencesOf(notify: NotifyConfig): Audience[] {
  const programs = notify.channels.filter(({ kind }) => kind === 'webhook').map(({ id }) => id);
  const heard = programs.map((channel) => ({ channel, hears: routed(notify, channel) }));
  return [...heard, { channel: 'log', hears: () => true }];
}

/** The channels that people read. */
export function readershipsOf(config: Pick<Config, 'notify' | 'employees'>, holders: Holders): Readership[] {
  const { notify } = config;
  return notify.channels.filter(isForPeople).map((channel) => {
    const isReached = (person: string): boolean => contactOf(config, channel, person) !== null;
    const reached: Concerned = (hall, verdict) => concerned(hall, holders, verdict).filter(isReached);
    return readershipOf(channel, routed(notify, channel.id), reached);
  });
}

/** Where a channel reaches somebody at present; null = nowhere. */
export function contactOf({ employees }: Pick<Config, 'employees'>, channel: ChannelConfig, person: string | null) {
  const contacts = employees.find(({ id }) => id === person)?.contacts;
  return contacts === undefined ? null : personalContact(channel, contacts);
}

/** Where such a channel reaches a person; null = nowhere. */
export function personalContact({ kind }: ChannelConfig, contacts: Contacts): string | null {
  if (kind === 'email') return contacts.email;
  return kind === 'wecom-app' ? contacts.wecom : null;
}

function readershipOf(channel: PeopleChannel, hears: Hears, reached: Concerned): Readership {
  const { id, to, perMinute } = channel;
  const about = { channel: id, stage: to, perMinute };
  if (to === 'person') {
    return {
      ...about,
      reaches: (hall, verdict) => (hears(verdict, hall) ? reached(hall, verdict).map((one) => `${id}/${one}`) : []),
      sightOf: (one) => ({ of: 'some', departments: [], employee: one.slice(id.length + 1) }),
    };
  }
  const of = new Set(channel.departments);
  const isTheirs: Hears = (verdict, hall) => of.size === 0 || of.has(departmentOf(hall, verdict) ?? '');
  const sight = sightOf(to, channel.departments);
  return {
    ...about,
    reaches: (hall, verdict) => (isTheirs(verdict, hall) && hears(verdict, hall) ? [id] : []),
    sightOf: () => sight,
  };
}

/** Names are for the person, their chief and supervision; a group sees windows and departments. */
function sightOf(to: Exclude<Stage, 'person'>, departments: readonly string[]): Sight {
  if (to === 'supervision' || to === 'management') return { of: 'everybody' };
  return to === 'chief' ? { of: 'some', departments, employee: null } : { of: 'nobody' };
}

/** The person it is about; of a window that nobody holds, those who could go there. */
function concerned(hall: Hall, holders: Holders, verdict: Verdict): readonly string[] {
  if (familyOf(verdict) !== 'cover') return verdict.employee === null ? [] : [verdict.employee];
  const window = verdict.window === null ? undefined : hall.windows.get(verdict.window);
  return window === undefined ? [] : holders(window, 'B', verdict.from);
}

/** The department that it concerns. */
export function departmentOf(hall: Hall, { department, employee, window }: Verdict): string | null {
  if (department !== null) return department;
  const own = employee === null ? null : (hall.employees.get(employee)?.department ?? null);
  return window === null ? own : (hall.windows.get(window)?.department ?? own);
}

function routed({ routes, severities, duty }: NotifyConfig, channel: string): Hears {
  if (routes.length === 0) return () => true;
  const own = routes.filter((route) => route.channels.includes(channel));
  return (verdict, hall) =>
    own.some(
      ({ rules, severities: grades, onDuty: people, states, departments, hours }) =>
        (rules === null || rules.some((rule) => rule === verdict.rule)) &&
        (grades === null || grades.some((grade) => grade === severities[verdict.rule])) &&
        (people === null || people.includes(onDuty(duty, verdict.day) ?? '')) &&
        (states === null || states.includes(verdict.state)) &&
        (departments === null || departments.includes(departmentOf(hall, verdict) ?? '')) &&
        (hours === null || hours.some((span) => isWithin(hall, verdict.from, span))),
    );
}

function isWithin({ zone }: Hall, at: number, span: string): boolean {
  const { from, to } = readSession(span);
  const today = civilDay(zone, at);
  // One over midnight began yesterday.
  return [today - 1, today].some((day) => at >= instantOf(zone, day, from) && at < instantOf(zone, day, to));
}
