/** What became of a case since it was last looked at, in words. */
import { instant } from '../snapshot.ts';
import type { WallTime } from '../wall-time.ts';
import type { CaseRow, CaseVerdict } from './case-data.ts';
import { knownCaseState } from './case-data.ts';
import type { CaseStrings } from './case-strings.ts';

export function differences(before: CaseRow, after: CaseRow, words: CaseStrings, time: WallTime): string[] {
  const said: string[] = [];
  const { differences: say } = words;
  if (before.state !== after.state) {
    said.push(say.state(words.states[knownCaseState(before.state)], words.states[knownCaseState(after.state)]));
  }
  const [old, now] = [byName(before.verdicts), byName(after.verdicts)];
  for (const [id, verdict] of now) {
    const former = old.get(id);
    if (former === undefined) said.push(say.new(named(verdict, words), ''));
    else for (const difference of ofVerdict(former, verdict, words, time)) said.push(difference);
  }
  for (const [id, verdict] of old) if (!now.has(id)) said.push(say.gone(named(verdict, words), ''));
  if (before.decision !== after.decision) {
    said.push(say.decision(words.decisions[before.decision], words.decisions[after.decision]));
  }
  return said;
}

/** Verdicts by what stays the same of them; of one that names nobody, its rule and when it began. */
function byName(verdicts: readonly CaseVerdict[]): Map<string, CaseVerdict> {
  return new Map(verdicts.map((verdict) => [verdict.id ?? `${verdict.rule} ${verdict.from}`, verdict]));
}

const named = ({ name, minutes }: CaseVerdict, words: CaseStrings): string => `${name} ${words.minutes(minutes)}`;

function ofVerdict(former: CaseVerdict, verdict: CaseVerdict, words: CaseStrings, time: WallTime): string[] {
  const { differences: say } = words;
  const said: string[] = [];
  // The minutes of one that lasts grow by themselves.
  const lasts = former.to === null && verdict.to === null;
  const [was, is] = [span(former, time), span(verdict, time)];
  if (was !== is) said.push(`${verdict.name}${words.colon}${say.span(was, is)}`);
  if (former.minutes !== verdict.minutes && !lasts) {
    said.push(
      `${verdict.name}${words.colon}${say.minutes(words.minutes(former.minutes), words.minutes(verdict.minutes))}`,
    );
  }
  if (former.employee !== verdict.employee) said.push(`${verdict.name}${words.colon}${say.person('', '')}`);
  return said;
}

function span({ from, to }: CaseVerdict, time: WallTime): string {
  return `${time.minute(instant(from))}–${to === null ? '' : time.minute(instant(to))}`;
}
