/** Faults of the YAML itself, from the parser's codes; its own sentences quote the file, and with it passwords. */
import { type Document, isCollection, isNode, isScalar, visit, type YAMLError } from 'yaml';
import { type Finding, finding } from './finding.ts';
import type { SyntaxCause, SyntaxFault } from './terms.ts';

const FAULTS: Readonly<Record<string, SyntaxFault>> = {
  TAB_AS_INDENT: 'tab',
  BAD_INDENT: 'indent',
  MISSING_CHAR: 'unclosed',
  UNEXPECTED_TOKEN: 'unexpected',
  BLOCK_AS_IMPLICIT_KEY: 'nestedInLine',
  BLOCK_IN_FLOW: 'nestedInLine',
  MULTILINE_IMPLICIT_KEY: 'unclosed',
  BAD_SCALAR_START: 'reserved',
  BAD_DQ_ESCAPE: 'escape',
  MULTIPLE_DOCS: 'severalDocuments',
  TAG_RESOLVE_FAILED: 'tag',
  ALIAS_PROPS: 'anchor',
  BAD_ALIAS: 'anchor',
  MULTIPLE_ANCHORS: 'anchor',
  MULTIPLE_TAGS: 'tag',
  RESOURCE_EXHAUSTION: 'tooDeep',
};

/** After these the rest of the file still reads as it was meant. */
const HARMLESS: readonly SyntaxFault[] = ['escape', 'tag', 'severalDocuments'];

export interface SyntaxFindings {
  readonly findings: readonly Finding[];
  /** The offset of the first fault after which nothing can be trusted, or null. */
  readonly brokenAt: number | null;
}

export function yamlFindings(text: string, document: Document): SyntaxFindings {
  const findings: Finding[] = [];
  let brokenAt: number | null = null;
  let brokenLine = -1;
  // An open quote takes in the rest of the file.
  let swallows = false;
  for (const error of [...document.errors, ...document.warnings]) {
    const { fault, from, to } = located(text, document, error, brokenAt === null);
    const line = lineStart(text, from);
    if (!HARMLESS.includes(fault)) {
      // One slip makes the parser stumble over what follows: only the first stumble, and later ones of another kind.
      if (swallows || (brokenAt !== null && (fault === 'unexpected' || line === brokenLine))) continue;
      swallows = fault === 'openQuote';
      brokenAt = Math.min(brokenAt ?? from, from);
      brokenLine = line;
    }
    const end = text.indexOf('\n', from);
    const cause = causeIn(text.slice(line, Math.min(end < 0 ? text.length : end, line + LONGEST_LINE)));
    findings.push(finding({ from, to }, (words) => words.yaml({ fault, cause })));
  }
  return { findings, brokenAt };
}

interface Located {
  readonly fault: SyntaxFault;
  readonly from: number;
  readonly to: number;
}

/** The parser notices an open quote or bracket where it ends, often lines later; it is mended where it begins. */
function located(text: string, document: Document, error: YAMLError, isFirst: boolean): Located {
  const fault = FAULTS[error.code] ?? 'other';
  const [from] = error.pos;
  const to = Math.max(error.pos[1], from + 1);
  const isOpen = isFirst && (fault === 'unclosed' || fault === 'indent');
  const opening = isOpen ? openingBefore(text, document, from) : null;
  if (opening === null) return { fault, from, to };
  return { fault: /["']/.test(text[opening] as string) ? 'openQuote' : 'openBracket', from: opening, to: opening + 1 };
}

/** The last quote or bracket before an offset that is opened and not closed. */
function openingBefore(text: string, document: Document, at: number): number | null {
  let found: number | null = null;
  visit(document, (_, node) => {
    if (!isNode(node) || !node.range || node.range[0] >= at || node.range[2] < at) return;
    const [start, end] = node.range;
    const closing = CLOSING[text[start] as string];
    const opens = isScalar(node) ? node.type?.startsWith('QUOTE') === true : isCollection(node) && node.flow === true;
    if (opens && closing !== undefined && (end - start < 2 || text[end - 1] !== closing)) found = start;
  });
  return found;
}

/** Nobody writes longer lines by hand, and only what is written by hand has a cause worth telling. */
const LONGEST_LINE = 1000;

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '{': '}', '[': ']' };

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

function causeIn(line: string): SyntaxCause {
  if (/^[\s-]*[^\s:"']+：/.test(line)) return 'wideColon';
  if (/[{,[].*:\s*\$\{/.test(line)) return 'bareVariable';
  return /[“”‘’]/.test(line) ? 'wideQuote' : null;
}
