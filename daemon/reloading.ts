/** What another configuration changes, and when. */
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { formatInstant, type Ms } from '../rules/time.ts';
import type { Language } from './alerts/words.ts';
import type { ConfigSource } from './config-edit.ts';

export interface Reloaded {
  /** From when on days are judged by it; null = verdicts depend on nothing that has changed. */
  readonly judgedFrom: Ms | null;
  /** Keys whose change is taken up at once. */
  readonly atOnce: readonly string[];
  /** Keys whose change is taken up with the next start. */
  readonly nextStart: readonly string[];
}

/** Keys of the file outside the judging part, by what becomes of a change of them. */
const AT_ONCE = ['cameras', 'clocks'] as const;
const NEXT_START = [
  'mqtt',
  'evidence',
  'metrics',
  'intake',
  'notify',
  'cases',
  'http',
  'reports',
  'diskReserve',
] as const;

export function connectionsChanged(before: LoadedConfig, after: LoadedConfig): Omit<Reloaded, 'judgedFrom'> {
  const differs = (key: keyof LoadedConfig['config']): boolean =>
    JSON.stringify(before.config[key]) !== JSON.stringify(after.config[key]);
  return { atOnce: AT_ONCE.filter(differs), nextStart: NEXT_START.filter(differs) };
}

/** A line each. */
export function reloadedText(
  { judgedFrom, atOnce, nextStart }: Reloaded,
  { hall }: LoadedConfig,
  language: Language,
): string[] {
  const zh = language === 'zh';
  const lines: string[] = [];
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

/** Reads the file again and takes it up; one that is bad changes nothing. */
export async function reloadFrom(
  source: ConfigSource,
  lang: Language,
  takeUp: (loaded: LoadedConfig) => Promise<Reloaded>,
): Promise<ReloadAnswer> {
  try {
    const loaded = await loadConfig(source.path, { env: source.env, lang });
    return { refused: null, lines: reloadedText(await takeUp(loaded), loaded, lang) };
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error), lines: [] };
  }
}
