/** What a case is, at a glance: state, handling, decision, and whether it changed since; each by colour, sign and word. */
import { element } from '../element.ts';
import { type Drawing, drawn } from '../icons.ts';
import { type CaseRow, type CaseState, type Decision, knownCaseState } from './case-data.ts';
import { doerOf } from './case-names.ts';
import type { CaseStrings } from './case-strings.ts';

const STATES: Readonly<Record<CaseState, Drawing>> = {
  pending: { line: 'M5.200 5.600a2.800 2.800 0 1 1 4.400 2.300c-1 .7-1.600 1.200-1.600 2.400M8 13.400v.1' },
  open: {
    fill: 'M8 1l7.400 13.500h-14.800zM7.100 5.800l.3 4.300h1.200l.3-4.300zM8 11.100a.95.95 0 1 0 0 1.900a.95.95 0 1 0 0-1.900z',
  },
  closed: { line: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM5.500 8.200l1.800 1.800 3.400-3.700' },
  withdrawn: { line: 'M3 6.500h6.500a3.500 3.500 0 1 1 0 7h-3M5.800 3.500l-3 3 3 3' },
};

const DECISIONS: Readonly<Record<Decision, Drawing>> = {
  none: { line: 'M8 2.500a5.500 5.500 0 1 1 0 11a5.500 5.500 0 1 1 0-11z' },
  confirmed: { line: 'M2.500 8.500l3.500 3.500 7.500-8' },
  excused: { line: 'M8 1.800l5.200 2v3.700c0 3.200-2 5.500-5.200 6.700c-3.200-1.200-5.200-3.500-5.200-6.700v-3.700z' },
  'false-alarm': { line: 'M4 4l8 8M12 4l-8 8' },
  appealed: { line: 'M2.500 3h11v7.500h-6l-3 3v-3h-2z' },
  upheld: { line: 'M1.500 8.500l3 3 5-6M7.500 10.500l1 1 6-7' },
  overturned: { line: 'M3.500 8a4.500 4.500 0 1 0 1.500-3.400M3 2.500v3h3' },
};

const SEEN: Drawing = {
  line: 'M1.500 8c1.500-2.800 3.700-4.300 6.500-4.300s5 1.500 6.500 4.300c-1.500 2.800-3.700 4.300-6.500 4.300s-5-1.500-6.500-4.300zM8 6.300a1.700 1.700 0 1 1 0 3.400a1.700 1.700 0 1 1 0-3.400z',
};
const REVIEW: Drawing = { line: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12zM8 5v3.600M8 11v.1' };
const FINAL: Drawing = { line: 'M4 7.500h8v6h-8zM5.500 7.500v-2a2.500 2.500 0 0 1 5 0v2' };

export function stateBadge(state: CaseState, words: CaseStrings): HTMLElement {
  const known = knownCaseState(state);
  const badge = element('span', 'badge badge-state', drawn(STATES[known]), element('span', '', words.states[known]));
  badge.dataset['case'] = known;
  return badge;
}

export function decisionBadge(decision: Decision, words: CaseStrings): HTMLElement {
  const badge = element('span', 'badge', drawn(DECISIONS[decision]), element('span', '', words.decisions[decision]));
  badge.dataset['decision'] = decision;
  return badge;
}

/** Handling, decision, the mark that it changed since, and whether it is final. */
export function handlingBadges(row: CaseRow, words: CaseStrings): HTMLElement[] {
  const { acknowledged } = row;
  const seen = acknowledged === null ? words.notAcknowledged : words.acknowledgedBy(doerOf(acknowledged));
  const handled = element('span', 'badge', drawn(SEEN), element('span', '', seen));
  handled.dataset['handled'] = String(acknowledged !== null);
  const badges = [handled, decisionBadge(row.decision, words)];
  if (row.review) badges.push(marked('badge badge-review', REVIEW, words.review));
  if (row.finalAt !== null) badges.push(marked('badge badge-final', FINAL, words.final));
  return badges;
}

function marked(className: string, drawing: Drawing, word: string): HTMLElement {
  return element('span', className, drawn(drawing), element('span', '', word));
}
