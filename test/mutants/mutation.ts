/** Small faults put into source, one at a time: what tests are worth shows in how many of them they notice. */
import { stripTypeScriptTypes } from 'node:module';
import { parseAst } from 'vitest/node';
import { type Fault, withFault } from './fault.ts';

/** A file as written, and the same without its types: what stands in both stands at the same place. */
export interface Source {
  /** From the root of the repository, such as `rules/late.ts`. */
  readonly file: string;
  readonly text: string;
  readonly js: string;
}

/** One fault, as it is told. */
export interface Mutant extends Fault {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** The line as written, without its indentation. */
  readonly source: string;
  /** `a < b → a <= b`. File, line as written and change name a mutant, wherever in its file the line moves. */
  readonly change: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A fault as its operator makes it; what is shown of it is the code of `shown`, before and after. */
interface Made extends Omit<Fault, 'file'> {
  readonly shown?: Node;
}

type Operator = (node: Node, parent: Node | null, js: string) => readonly Made[];

export function readSource(file: string, text: string): Source {
  return { file, text, js: stripTypeScriptTypes(text) };
}

/** Every fault that can be put into a file, in the order of the places. */
export function mutantsOf({ file, text, js }: Source): Mutant[] {
  const found = new Map<string, Mutant>();
  const visit = (node: Node, parent: Node | null): void => {
    if (isWords(node)) return;
    for (const fault of OPERATORS.flatMap((operator) => operator(node, parent, js))) {
      const mutated = withFault(js, fault);
      if (!found.has(mutated)) found.set(mutated, mutantOf(file, text, js, fault));
    }
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(parseAst(js) as unknown as Node, null);
  return numbered([...found.values()].sort((a, b) => a.start - b.start || a.end - b.end));
}

/** Where lines that read the same can be changed in the same way, the second and further ones say which they are. */
function numbered(mutants: readonly Mutant[]): Mutant[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const name = nameOfMutant(mutant);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? mutant : { ...mutant, change: `${mutant.change} (${count})` };
  });
}

/** What a mutant is called, wherever in its file its line stands. */
export function nameOfMutant({ file, source, change }: Pick<Mutant, 'file' | 'source' | 'change'>): string {
  return [file, source, change].join('\n');
}

function mutantOf(file: string, text: string, js: string, fault: Made): Mutant {
  const { start, end, replacement } = fault;
  const shown = fault.shown ?? { start, end };
  const before = js.slice(shown.start, shown.end);
  const after = js.slice(shown.start, start) + replacement + js.slice(end, shown.end);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', start);
  return {
    file,
    start,
    end,
    replacement,
    line: text.slice(0, start).split('\n').length,
    column: start - lineStart + 1,
    source: text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd).trim(),
    change: `${oneLine(before)} → ${/^[;\s]*$/.test(after) ? 'nothing' : oneLine(after)}`,
  };
}

function oneLine(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim();
}

/** What is said to people when something is wrong is not judged by this. */
function isWords(node: Node): boolean {
  return node.type === 'ThrowStatement' || (node.type === 'Property' && nameOf(node['key']) === 'problem');
}

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function nameOf(node: unknown): string {
  return isNode(node) && node.type === 'Identifier' ? String(node['name']) : '';
}

/** The place of an operator or keyword between two pieces of code. */
function between(js: string, what: string, from: Node, to: Node): { start: number; end: number } {
  const start = js.indexOf(what, from.end);
  if (start < 0 || start >= to.start) throw new Error(`${what} is not between ${from.end} and ${to.start}`);
  return { start, end: start + what.length };
}

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '<=': ['<', '>='],
  '>': ['>=', '<'],
  '>=': ['>', '<='],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
};

const ARITHMETIC: Readonly<Record<string, readonly string[]>> = { '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'] };

const ASSIGNMENTS: Readonly<Record<string, string>> = { '+=': '-=', '-=': '+=', '*=': '/=', '??=': '=' };

/** Methods that differ in where they look, or in how much has to be so. */
const METHODS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    min: 'max',
    max: 'min',
    floor: 'ceil',
    ceil: 'floor',
    some: 'every',
    every: 'some',
    find: 'findLast',
    findLast: 'find',
    findIndex: 'findLastIndex',
    findLastIndex: 'findIndex',
  }),
);

const binary: Operator = (node, _, js) => {
  if (node.type !== 'BinaryExpression') return [];
  const { left, right, operator } = node as unknown as { left: Node; right: Node; operator: string };
  const isText = [left, right].some(({ type, value }) => type === 'TemplateLiteral' || typeof value === 'string');
  const others = COMPARISONS[operator] ?? (isText ? [] : ARITHMETIC[operator]) ?? [];
  const place = others.length === 0 ? null : between(js, operator, left, right);
  return place === null ? [] : others.map((replacement) => ({ ...place, replacement, shown: node }));
};

const logical: Operator = (node, _, js) => {
  if (node.type !== 'LogicalExpression') return [];
  const { left, right, operator } = node as unknown as { left: Node; right: Node; operator: string };
  const code = ({ start, end }: Pick<Node, 'start' | 'end'>) => js.slice(start, end);
  const place = between(js, operator, left, right);
  if (operator === '??') return [{ start: node.start, end: node.end, replacement: `(${code(left)})` }];
  const replacement = [
    `(${code({ start: node.start, end: left.start })}(${code(left)})`,
    code({ start: left.end, end: place.start }),
    operator === '&&' ? '||' : '&&',
    code({ start: place.end, end: right.start }),
    `(${code(right)})${code({ start: right.end, end: node.end })})`,
  ];
  return [{ start: node.start, end: node.end, replacement: replacement.join('') }];
};

const assignment: Operator = (node, _, js) => {
  if (node.type !== 'AssignmentExpression') return [];
  const { left, right, operator } = node as unknown as { left: Node; right: Node; operator: string };
  const other = ASSIGNMENTS[operator];
  return other === undefined ? [] : [{ ...between(js, operator, left, right), replacement: other, shown: node }];
};

/** `if (a)` and `a ? b : c` the other way round; where `a` is an equation or a negation, others do that already. */
const condition: Operator = (node, _, js) => {
  if (node.type !== 'IfStatement' && node.type !== 'ConditionalExpression') return [];
  const test = node['test'] as Node;
  if (test.type === 'UnaryExpression' || /^[!=]=/.test(String(test['operator'] ?? ''))) return [];
  return [{ start: test.start, end: test.end, replacement: `!(${js.slice(test.start, test.end)})` }];
};

const sign: Operator = (node) => {
  if (node.type !== 'UnaryExpression') return [];
  const { operator, argument } = node as unknown as { operator: string; argument: Node };
  const isSign = operator === '-' && argument.type !== 'Literal';
  return operator === '!' || isSign ? [{ start: node.start, end: node.start + 1, replacement: ' ', shown: node }] : [];
};

const constant: Operator = (node, parent) => {
  if (node.type !== 'Literal') return [];
  const replacement = otherValue(node['value'], String(node['bigint'] ?? ''));
  // A number says little without what is around it.
  const shown = parent !== null && parent.end - parent.start < 80 ? { shown: parent } : {};
  return replacement === null ? [] : [{ start: node.start, end: node.end, replacement, ...shown }];
};

function otherValue(value: unknown, bigint: string): string | null {
  if (typeof value === 'boolean') return String(!value);
  if (bigint !== '') return bigint === '1' ? '0n' : `${BigInt(bigint) + 1n}n`;
  return typeof value === 'number' ? String(value === 1 ? 0 : value + 1) : null;
}

const method: Operator = (node, _, js) => {
  if (node.type !== 'CallExpression') return [];
  const { callee, arguments: given } = node as unknown as { callee: Node; arguments: readonly Node[] };
  if (callee.type !== 'MemberExpression') return [];
  const property = callee['property'] as Node;
  const name = nameOf(property);
  const named = { ...callee, start: js.lastIndexOf('.', property.start) };
  const other = METHODS.get(name);
  if (other !== undefined) return [{ start: property.start, end: property.end, replacement: other, shown: named }];
  const [last] = given;
  const isLast = name === 'at' && last?.type === 'UnaryExpression' && js.slice(last.start, last.end) === '-1';
  return isLast ? [{ start: last.start, end: last.end, replacement: '0', shown: { ...node, start: named.start } }] : [];
};

const LEAVES = ['ReturnStatement', 'ContinueStatement', 'BreakStatement'];

/** A guard that is left out: whatever it kept away goes on. */
const guard: Operator = (node) => {
  if (node.type !== 'IfStatement' || node['alternate'] != null) return [];
  const consequent = node['consequent'] as Node;
  const body = consequent.type === 'BlockStatement' ? (consequent['body'] as readonly Node[]).at(-1) : consequent;
  if (body === undefined || !LEAVES.includes(body.type)) return [];
  return [{ start: node.start, end: node.end, replacement: ';', shown: { ...node, end: consequent.start } }];
};

/** Something that is done for its effect, and is not done. */
const effect: Operator = (node, parent) => {
  const isCall = node.type === 'ExpressionStatement' && (node['expression'] as Node).type === 'CallExpression';
  return isCall && parent !== null ? [{ start: node.start, end: node.end, replacement: ';' }] : [];
};

const OPERATORS: readonly Operator[] = [binary, logical, assignment, condition, sign, constant, method, guard, effect];
