/** What the schema found, as findings. */
import type { z } from 'zod';
import type { Leaf } from './fields.ts';
import { isSessionText, isTimeText, readRoi } from './fields.ts';
import { atKey, atStart, atValue, type Finding, finding, type Path } from './finding.ts';
import { type JsonSchema, schemaAt } from './json-schema.ts';
import { nameOfType, type TypeName } from './terms.ts';
import { isTimeFormat } from './time-format.ts';

type Issue = z.core.$ZodIssue;

const EXPECTED: Readonly<Record<string, TypeName>> = {
  object: 'map',
  record: 'map',
  array: 'list',
  string: 'text',
  number: 'number',
  boolean: 'yesNo',
};

/** Keys that a reader of the manual may expect, and what the check says of them rather than "unknown". */
const NOT_HERE: readonly { readonly at: RegExp; readonly tell: 'onlyInDemo' }[] = [
  { at: /^mqtt\.embedded\.anonymous$/, tell: 'onlyInDemo' },
];

export function issueFindings(issues: readonly Issue[], root: unknown): Finding[] {
  return issues.flatMap((issue) => unwrapped(issue, root)).flatMap((issue) => findingsOf(issue, root));
}

/** Of several alternatives, what is wrong with the one that was meant: the one whose form fits. */
function unwrapped(issue: Issue, root: unknown, above: Path = []): Issue[] {
  const path = [...above, ...issue.path] as Path;
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path: [...path] }];
  const fits = (issues: readonly Issue[]): boolean =>
    !issues.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));
  const [first] = issue.errors;
  const meant = issue.errors.find(fits) ?? first ?? [];
  return meant.flatMap((inner) => unwrapped(inner, root, path));
}

function findingsOf(issue: Issue, root: unknown): Finding[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], root));
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    const [inner] = issue.issues;
    return [finding(atKey(path), (words, shown) => leafWords(leafOf(inner?.message), key, { shown, key })(words))];
  }
  const value = valueAt(root, path);
  if (value === undefined || value === null) return [missing(path, root)];
  if (issue.code === 'invalid_value' || issue.code === 'invalid_union') {
    const allowed =
      issue.code === 'invalid_value' ? issue.values.map(String) : ((issue as { options?: string[] }).options ?? []);
    const word = typeof value === 'string' ? value : null;
    return [finding(atValue(path), (words, shown) => words.notAllowed({ shown, word, allowed }))];
  }
  if (issue.message.startsWith('@')) {
    const params = issue.code === 'custom' ? (issue.params ?? {}) : {};
    const key = String(path.at(-1));
    return [
      finding(atValue(path), (words, shown) =>
        leafWords(leafOf(issue.message), value, { ...params, shown, key })(words),
      ),
    ];
  }
  const expected = issue.code === 'invalid_type' ? EXPECTED[issue.expected] : undefined;
  if (expected === undefined)
    throw new Error(`the schema found a fault that has no words: ${issue.code} at ${path.join('.')}`);
  return [finding(atValue(path), (words) => words.wrongType({ expected, got: nameOfType(value) }))];
}

const leafOf = (message: string | undefined): Leaf => (message ?? '').slice(1) as Leaf;

type Tell = Finding['tell'] extends (words: infer W, shown: string) => infer T ? (words: W) => T : never;

interface Context {
  /** The value as it stands in the file, quoted. */
  readonly shown: string;
  readonly key: string;
  /** What the schema says of the limits that were passed. */
  readonly [param: string]: unknown;
}

/** A sentence about a value that is not what its key asks for. */
function leafWords(leaf: Leaf, value: unknown, context: Context): Tell {
  const got = nameOfType(value);
  if (leaf === 'roi') return (words) => (readRoi(value) === null ? words.badRoi() : words.roiOutside());
  if (leaf === 'empty') return (words) => words.emptyList();
  if (leaf === 'condition') return (words) => words.equalsOrIn();
  if (leaf === 'whole' && got === 'number') {
    const [minimum, maximum] = [Number(context['minimum']), Number(context['maximum'])];
    return (words) => words.badNumber({ minimum, maximum });
  }
  if (leaf === 'whole') return (words) => words.wrongType({ expected: 'number', got });
  // Numbers are told as they stand in the file, with their leading zeros.
  if (got !== 'text' && got !== 'number') return (words) => words.wrongType({ expected: 'text', got });
  return textWords(leaf, got === 'text' ? (value as string) : context.shown, got === 'number', context);
}

function textWords(
  leaf: Exclude<Leaf, 'roi' | 'empty' | 'whole' | 'condition'>,
  word: string,
  isNumber: boolean,
  context: Context,
): Tell {
  const { shown, key } = context;
  switch (leaf) {
    case 'id':
      return (words) => (isNumber ? words.numberAsId({ source: word }) : words.badId({ shown }));
    case 'credential':
      return (words) => (isNumber ? words.numberAsId({ source: word }) : words.badCredential({ shown }));
    case 'text':
      return (words) => (isNumber ? words.numberAsText({ source: word }) : words.badText());
    case 'secret':
      return (words) => (isNumber ? words.numberAsSecret() : words.secretEmpty({ key }));
    case 'duration':
      return (words) =>
        /^\d+$/.test(word)
          ? words.noUnit({ source: word })
          : words.badDuration({ shown, limit: String(context['limit'] ?? '24h') });
    case 'date':
      return (words) => (/^\d{4}-\d{2}-\d{2}$/.test(word) ? words.noSuchDate({ shown }) : words.badDate({ shown }));
    case 'time':
      return (words) => words.badTime({ shown, word: mendedTimes(word, isTimeText) });
    case 'session':
      return (words) => words.badSession({ shown, word: mendedTimes(word, isSessionText) });
    case 'zone':
      return (words) => words.badZone({ shown, word, zones: Intl.supportedValuesOf('timeZone') });
    case 'url':
      return (words) => words.badUrl({ schemes: (context['schemes'] as readonly string[] | undefined) ?? [] });
    case 'listen':
      return (words) => words.badListen();
    case 'network':
      return (words) => words.badNetwork({ shown });
    case 'header':
      return (words) => words.badHeader({ shown });
    case 'size':
      return (words) => words.badSize();
    case 'topic':
      return (words) => words.badTopic({ shown });
    case 'topicName':
      return (words) => words.badTopicName({ shown });
    case 'pointer':
      return (words) => words.badPointer({ shown, word: mendedPointer(word) });
    case 'timeFormat':
      return (words) => words.badTimeFormat({ shown, word: mendedTimeFormat(word) });
    case 'httpPath':
      return (words) => words.badHttpPath({ shown });
  }
}

/** `9：00—12:00` as it should have been written, if that is clear. */
function mendedTimes(text: string, isRight: (text: string) => boolean): string | null {
  const mended = text
    .replace(/[：.．]/g, ':')
    .replace(/\s*(?:[–—~～至到]|--)\s*/g, '-')
    .replace(/\s+/g, '')
    .replace(/(?<!\d)(\d):/g, '0$1:');
  return isRight(mended) ? `"${mended}"` : null;
}

/** `$.rec.uid` or `rec.uid` as a JSON Pointer, where it is clear what was meant. */
function mendedPointer(text: string): string | null {
  const steps = text.replace(/^\$?\.?\/?/, '').replace(/\[(\d+)\]/g, '.$1');
  return /^[\p{L}\w-]+([./][\p{L}\w-]+)*$/u.test(steps) ? `/${steps.replaceAll('.', '/')}` : null;
}

/** `YYYY-MM-DD hh:mm:ss`, as many other programs have it. */
function mendedTimeFormat(text: string): string | null {
  const mended = text.replace('YYYY', 'yyyy').replace('DD', 'dd').replace('hh', 'HH').replace('SS', 'ss');
  return isTimeFormat(mended) ? mended : null;
}

function unknownKey(path: Path, root: unknown): Finding {
  const word = String(path.at(-1));
  const known = Object.keys(schemaAt(path.slice(0, -1), root)?.properties ?? {});
  const special = NOT_HERE.find((one) => one.at.test(path.join('.')));
  return finding(atKey(path), (words, shown) =>
    special === undefined ? words.unknownKey({ shown, word, known }) : words[special.tell]({ key: word }),
  );
}

function missing(path: Path, root: unknown): Finding {
  if (typeof path.at(-1) === 'number') return finding(atValue(path), (words) => words.emptyItem());
  const key = String(path.at(-1));
  const about = descriptionOf(schemaAt(path.slice(0, -1), root), key);
  return finding(atStart(path), (words) => words.missing({ key, about }), { needsWholeFile: true });
}

function descriptionOf(parent: JsonSchema | null, key: string): string | null {
  const table = parent?.properties;
  return table !== undefined && Object.hasOwn(table, key) ? (table[key]?.description ?? null) : null;
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
