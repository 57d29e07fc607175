/** What another configuration changes, and when. */
import type { LoadedConfig } from '../config/load.ts';
import { formatInstant, type Ms } from '../rules/time.ts';
import type { Language } from './alerts/words.ts';
import type { Following } from './brokers.ts';
import { type Difference, differenceLines, differencesOf } from './config-difference.ts';

export interface Changes {
  readonly differences: readonly Difference[];
  /** Keys whose change is taken up at once. */
  readonly atOnce: readonly string[];
  /** Keys whose change is taken up with the next start. */
  readonly nextStart: readonly string[];
}

export interface Reloaded extends Changes {
  /** From when on days are judged by it; null = verdicts depend on nothing that has changed. */
  readonly judgedFrom: Ms | null;
}

/** Keys of the file outside the judging part, by what becomes of a change of them. */
const AT_ONCE = ['cameras', 'clocks', 'mqtt.embedded.users'] as const;
const NEXT_START = [
  'mqtt',
  'evidence',
  'person',
  'metrics',
  'intake',
  'notify',
  'cases',
  'http',
  'reports',
  'diskReserve',
] as const;

export function whatChanges(before: LoadedConfig, after: LoadedConfig): Changes {
  const [one, other] = [partsOf(before), partsOf(after)];
  const differs = (key: keyof typeof one): boolean => JSON.stringify(one[key]) !== JSON.stringify(other[key]);
  return {
    differences: differencesOf(before.config, after.config),
    atOnce: AT_ONCE.filter(differs),
    nextStart: NEXT_START.filter(differs),
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
