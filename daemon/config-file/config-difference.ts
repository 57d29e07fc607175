/** In what two configurations differ, entry by entry, for people: no secret and nothing of how to reach somebody is among it. */
import { formatDuration } from '../../config/durations.ts';
import { judgingShape } from '../../config/judging-schema.ts';
import type { Config } from '../../config/schema.ts';
import { SECOND } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';

/** A place in the file, such as `windows.W01.schedule`, and what became of it. */
export interface Difference {
  readonly path: string;
  readonly how: 'added' | 'removed' | 'changed';
  /** Short; null = not shown. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Connections are named only: nearly each of their values opens some door. */
const SHOWN: ReadonlySet<string> = new Set([...Object.keys(judgingShape), 'clocks']);
const HIDDEN = /(^|\.)(contacts|phone|password|profile|map)(\.|$)/;
/** More than this and nobody reads them. */
const MOST_LINES = 40;
const LONGEST_VALUE = 60;

export function differencesOf(before: Config, after: Config): readonly Difference[] {
  const found: Difference[] = [];
  for (const key of Object.keys({ ...before, ...after }) as (keyof Config)[]) {
    compare(key, before[key], after[key], found, SHOWN.has(key));
  }
  return found;
}

function compare(path: string, before: unknown, after: unknown, found: Difference[], isShown: boolean): void {
  const [one, other] = [entriesOf(before), entriesOf(after)];
  const said = (of: string, value: unknown): string | null => (isShown && !HIDDEN.test(of) ? shortly(of, value) : null);
  if (one === null || other === null) {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    found.push({ path, how: 'changed', before: said(path, before), after: said(path, after) });
    return;
  }
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const inner = `${path}.${key}`;
    const isSimple = entriesOf(one.get(key) ?? other.get(key)) === null;
    const [was, is] = isSimple ? [said(inner, one.get(key)), said(inner, other.get(key))] : [null, null];
    if (!one.has(key)) found.push({ path: inner, how: 'added', before: null, after: is });
    else if (!other.has(key)) found.push({ path: inner, how: 'removed', before: was, after: null });
    else compare(inner, one.get(key), other.get(key), found, isShown);
  }
}

/** The members of a table, or of a list whose entries have names; null = a value that is compared as a whole. */
function entriesOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const named = value.map((one): [string, unknown] => [nameOf(one) ?? '', one]);
  const entries = new Map(named);
  return entries.has('') || entries.size < value.length ? null : entries;
}

function nameOf(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const name = 'id' in entry ? entry.id : 'username' in entry ? entry.username : null;
  return typeof name === 'string' ? name : null;
}

function shortly(path: string, value: unknown): string | null {
  if (value === undefined) return null;
  // Thresholds that are no counts are lengths of time.
  if (typeof value === 'number' && /(^|\.)rules\./.test(path) && value >= SECOND) return formatDuration(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** A line each; where there are too many, how many more. */
export function differenceLines(differences: readonly Difference[], language: Language): string[] {
  const zh = language === 'zh';
  const signs = zh ? { added: '新增', removed: '删去', changed: '改动' } : { added: '+', removed: '-', changed: '~' };
  const lines = differences.slice(0, MOST_LINES).map(({ path, how, before, after }) => {
    const values = [before, after].filter((value) => value !== null).join(' → ');
    return `  ${signs[how]} ${path}${values === '' ? '' : `${zh ? '：' : ': '}${values}`}`;
  });
  const more = differences.length - lines.length;
  if (more > 0) lines.push(zh ? `  ……还有 ${more} 处` : `  … and ${more} more`);
  return lines;
}
