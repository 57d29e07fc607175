/** A YAML text as plain values, and the way back from a path to its place in the text. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { atKey, atValue, type Finding, finding, type Path, type Place } from './finding.ts';
import { hasPasswordInAddress } from './hidden.ts';
import { expand, readSecretFile, SECRET_KEYS } from './secrets.ts';
import { yamlFindings } from './syntax.ts';
import { nameOfType } from './terms.ts';

/** A file as it was read. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** Where the YAML stops making sense; what follows cannot be judged. Null if it is whole. */
  readonly brokenAt: number | null;
}

export interface Tree {
  readonly source: Source;
  /** Variables and secret files are resolved in it. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** Paths, as JSON, whose values could not be resolved; `findings` says why. */
  readonly unresolved: ReadonlySet<string>;
}

/** Aliases can make a small file describe a huge one; no hall has this many values. */
const MOST_VALUES = 500_000;
const DEEPEST = 40;

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths in the file are relative to. */
  readonly folder: string;
  /** Nothing will be connected to: variables and secret files that are not there are not missed. */
  readonly offline?: boolean;
}

/** Stands for a value that is not known and not needed. */
const NOT_NEEDED = 'unset';

export function readTree(file: string, text: string, around: Surroundings): Tree {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const faults = yamlFindings(text, document);
  const source: Source = { file, text, document, lines, brokenAt: faults.brokenAt };
  const walk = new Walk(document, lines, around);
  const value = walk.valueOf(document.contents, []);
  const { brokenAt } = faults;
  const isBefore = ({ place }: Finding): boolean => brokenAt === null || 'path' in place || place.from < brokenAt;
  return {
    source,
    value,
    findings: [...faults.findings, ...walk.findings.filter(isBefore)],
    unresolved: walk.unresolved,
  };
}

/** Turns nodes into values. `toJS` of the parser would follow aliases in circles and know nothing of variables. */
class Walk {
  readonly findings: Finding[] = [];
  readonly unresolved = new Set<string>();
  private count = 0;
  private readonly open = new Set<Node>();
  private readonly document: Document;
  private readonly lines: LineCounter;
  private readonly around: Surroundings;

  constructor(document: Document, lines: LineCounter, around: Surroundings) {
    this.document = document;
    this.lines = lines;
    this.around = around;
  }

  valueOf(node: Node | null, path: Path): unknown {
    if (node === null) return null;
    this.count += 1;
    if (this.open.has(node) || path.length > DEEPEST || this.count > MOST_VALUES) {
      // Past the limit every further value would say the same.
      if (this.count <= MOST_VALUES + 1)
        this.unresolvable(
          path,
          finding(atValue(path), (words) => words.tooMuch()),
        );
      return undefined;
    }
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (target !== undefined) return this.valueOf(target, path);
      this.unresolvable(
        path,
        finding(atValue(path), (words) => words.unknownAnchor()),
      );
      return undefined;
    }
    if (isScalar(node)) return typeof node.value === 'string' ? this.text(node.value, path) : node.value;
    this.open.add(node);
    const value = isSeq(node) ? this.list(node.items, path) : isMap(node) ? this.map(node.items, path) : undefined;
    this.open.delete(node);
    return value;
  }

  private list(items: readonly unknown[], path: Path): unknown[] {
    return items.map((item, i) => this.valueOf(item as Node | null, [...path, i]));
  }

  private map(pairs: readonly Pair<unknown, unknown>[], path: Path): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const starts = new Map<string, number>();
    for (const pair of pairs) {
      const key = isScalar(pair.key) ? String(pair.key.value) : null;
      const [from, to] = (pair.key as Node | null)?.range ?? [0, 1];
      if (key === null || key === '__proto__') {
        this.findings.push(finding({ from, to }, (words) => words.keyNotText()));
        continue;
      }
      const at = [...path, key];
      const first = starts.get(key);
      if (first !== undefined) this.duplicateKey({ from, to }, first);
      else starts.set(key, from);
      const value = this.valueOf(pair.value as Node | null, at);
      result[key] = value;
      if (!SECRET_KEYS.includes(key)) continue;
      const empty = finding(atKey(at), (words) => words.secretEmpty({ key }));
      if (value === null) this.unresolvable(at, empty);
      if (isScalar(pair.value) && typeof pair.value.value === 'string' && !pair.value.value.includes('${')) {
        this.findings.push(finding(atKey(at), (words) => words.secretInFile({ key }), { severity: 'warning' }));
      }
    }
    for (const key of SECRET_KEYS) if (Object.hasOwn(result, `${key}_file`)) this.secretFile(result, key, path);
    return result;
  }

  private duplicateKey(place: Place, firstAt: number): void {
    const { line } = this.lines.linePos(firstAt);
    this.findings.push(finding(place, (words) => words.duplicateKey({ line })));
  }

  /** `password_file: path` becomes `password`, whatever map it stands in: the schema knows where one may be. */
  private secretFile(values: Record<string, unknown>, key: string, path: Path): void {
    const file = values[`${key}_file`];
    delete values[`${key}_file`];
    const at = [...path, `${key}_file`];
    const place = atValue(at);
    if (Object.hasOwn(values, key)) {
      this.findings.push(finding(place, (words) => words.secretTwice({ key })));
      return;
    }
    values[key] = '';
    const got = nameOfType(file);
    if (typeof file !== 'string') {
      this.unresolvable(
        [...path, key],
        finding(place, (words) => words.wrongType({ expected: 'text', got })),
      );
      return;
    }
    const read = readSecretFile(this.around.folder, file);
    if ('value' in read) values[key] = read.value;
    else if (this.around.offline === true) values[key] = NOT_NEEDED;
    else if (!this.unresolved.has(JSON.stringify(at))) {
      this.unresolvable(
        [...path, key],
        finding(place, (words) => words.fileUnreadable({ because: read.because })),
      );
    } else this.unresolved.add(JSON.stringify([...path, key]));
  }

  private text(text: string, path: Path): string {
    if (hasPasswordInAddress(text)) {
      this.findings.push(finding(atValue(path), (words) => words.secretInAddress(), { severity: 'warning' }));
    }
    if (!text.includes('${')) return text;
    const { value, missing, malformed } = expand(
      text,
      this.around.env,
      this.around.offline === true ? NOT_NEEDED : null,
    );
    const names = Object.keys(this.around.env);
    for (const name of missing) {
      const place = { path, part: 'value', inside: `\${${name}` } as const;
      this.unresolvable(
        path,
        finding(place, (words) => words.variableMissing({ name, names })),
      );
    }
    if (malformed) {
      this.unresolvable(
        path,
        finding(atValue(path), (words) => words.variableMalformed()),
      );
    }
    return value;
  }

  /** The value at this path is not known, and that has been said: nothing else may be said of it. */
  private unresolvable(path: Path, because: Finding): void {
    this.unresolved.add(JSON.stringify(path));
    this.findings.push(because);
  }
}
