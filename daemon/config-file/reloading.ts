/** What another configuration changes, and when. */
import type { connectionShape } from '../../config/connection-schema.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import { formatInstant, type Ms } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import type { Following } from '../intake/brokers.ts';
import { type Difference, differenceLines, differencesOf } from './config-difference.ts';

/** Keys whose change is taken up at once, and those whose change is with the next start. */
interface Taking {
  readonly atOnce: readonly string[];
  /** Those of earlier changes too: they wait as long as the daemon runs by what it began with. */
  readonly nextStart: readonly string[];
}

export interface Changes extends Taking {
  readonly differences: readonly Difference[];
}

export interface Reloaded extends Changes {
  /** From when on days are judged by it; null = verdicts depend on nothing that has changed. */
  readonly judgedFrom: Ms | null;
}

type ConnectionKey = keyof typeof connectionShape;

/** What becomes of a change of each key of the file outside the judging part, and of parts of some that have a way of their own. */
const TAKEN_UP: Readonly<Record<ConnectionKey | 'mqtt.embedded.users' | 'employees.contacts', keyof Taking>> = {
  cameras: 'atOnce',
  // What is read of them are the addresses of cameras.
  recorders: 'atOnce',
  clocks: 'atOnce',
  'mqtt.embedded.users': 'atOnce',
  'employees.contacts': 'atOnce',
  mqtt: 'nextStart',
  evidence: 'nextStart',
  person: 'nextStart',
  metrics: 'nextStart',
  intake: 'nextStart',
  notify: 'nextStart',
  cases: 'nextStart',
  http: 'nextStart',
  reports: 'nextStart',
  // The ledger is open where it is.
  data: 'nextStart',
  diskReserve: 'nextStart',
};

const keysTaken = (when: keyof Taking): (keyof typeof TAKEN_UP)[] =>
  (Object.keys(TAKEN_UP) as (keyof typeof TAKEN_UP)[]).filter((key) => TAKEN_UP[key] === when);

/** What of a configuration is in force: of the newest what is taken up at once, of the one that the daemon began with the rest. */
export function inForce(begun: Config, newest: () => Config): Config {
  const waiting: ReadonlySet<string> = new Set(keysTaken('nextStart'));
  const properties = (Object.keys(begun) as (keyof Config)[]).map((key) => [
    key,
    { enumerable: true, get: () => (waiting.has(key) ? begun : newest())[key] },
  ]);
  return Object.defineProperties({}, Object.fromEntries(properties)) as Config;
}

/** `before`: the last one accepted; `begun`: the one that the daemon began with. */
export function whatChanges(before: LoadedConfig, after: LoadedConfig, begun: LoadedConfig): Changes {
  const parts = partsOf(after);
  const differsFrom = (other: LoadedConfig): ((key: keyof typeof parts) => boolean) => {
    const others = partsOf(other);
    return (key) => JSON.stringify(others[key]) !== JSON.stringify(parts[key]);
  };
  return {
    differences: differencesOf(before.config, after.config),
    atOnce: keysTaken('atOnce').filter(differsFrom(before)),
    nextStart: keysTaken('nextStart').filter(differsFrom(begun)),
  };
}

/** Who may come to the broker of our own changes without it. */
function partsOf({ config }: LoadedConfig) {
  const { mqtt } = config;
  const embedded = mqtt?.embedded == null ? null : { ...mqtt.embedded, users: [] };
  return {
    ...config,
    mqtt: mqtt === null ? null : { ...mqtt, embedded },
    'mqtt.embedded.users': mqtt?.embedded?.users,
    'employees.contacts': config.employees.map(({ id, contacts }) => [id, contacts]),
  };
}

/** Accepts a configuration that the brokers are ready for; where it cannot be kept, they go on as before. */
export async function acceptedOrUndone(accept: () => Ms | null, brokers: Following): Promise<Ms | null> {
  try {
    return accept();
  } catch (cause) {
    await brokers.undo();
    throw cause;
  }
}

/** A line each. */
export function reloadedText(
  { judgedFrom, atOnce, nextStart, differences }: Reloaded,
  { hall }: LoadedConfig,
  language: Language,
): string[] {
  const zh = language === 'zh';
  const lines = differenceLines(differences, language);
  if (judgedFrom !== null) {
    const from = formatInstant(hall.zone, judgedFrom);
    lines.push(zh ? `从 ${from} 起按新的规则评判。` : `Days are judged by it from ${from} on.`);
  }
  const list = (keys: readonly string[]): string => keys.join(zh ? '、' : ', ');
  if (atOnce.length > 0) lines.push(zh ? `已生效：${list(atOnce)}。` : `Taken up at once: ${list(atOnce)}.`);
  if (nextStart.length > 0) {
    lines.push(zh ? `重启后生效：${list(nextStart)}。` : `Taken up with the next start: ${list(nextStart)}.`);
  }
  return lines.length > 0 ? lines : [zh ? '配置没有变化。' : 'Nothing has changed.'];
}

/** What a command that asks for it is told. */
export interface ReloadAnswer {
  /** Why nothing has changed; null = it was taken up. */
  readonly refused: string | null;
  readonly lines: readonly string[];
}
