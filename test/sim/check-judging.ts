/** What was said live is what a replay of the ledger says, and what the oracle says. */
import { nationalCalendar } from '../../config/calendars/national.ts';
import { exportLines, historyLine } from '../../daemon/lines/ledger-lines.ts';
import { historyUntil, verdictsAt } from '../../rules/replay.ts';
import { dateOf, type Ms } from '../../rules/time.ts';
import { type Verdict, verdictLine } from '../../rules/verdict.ts';
import { type OracleConfig, oracle } from '../oracle/oracle.ts';
import { COMPARED, foldedUntil } from '../support/world-check.ts';
import { compiled, type Ended, parting, unlike } from './checks.ts';

export function judgingProblems(ended: Ended): string[] {
  const { stage, facts } = ended;
  const { core } = stage;
  const input = { facts, compile: compiled, hall: core.hall, now: core.engine.now };
  const holding = verdictsAt(input);
  const replayed = historyUntil(input).map((change) => historyLine(core.hall, change));
  const lines = holding.map((verdict) => JSON.stringify(verdictLine(core.hall, verdict, input.now)));
  return [
    ...parting('history', [...exportLines(core, 'history', null)], replayed),
    ...parting('verdicts', [...exportLines(core, 'verdicts', null)], lines),
    ...(ended.script.isOneConfig ? oracleProblems(ended, input.now, holding) : []),
  ];
}

/** At the end, and at an instant on the way there. */
function oracleProblems(ended: Ended, now: Ms, holding: readonly Verdict[]): string[] {
  const { script, stage } = ended;
  const between = Math.min(script.midwayAt, now);
  const changes = [...stage.core.history.changes()];
  return [...againstOracle(ended, now, holding), ...againstOracle(ended, between, foldedUntil(changes, between))];
}

function againstOracle({ script, stage, facts, lines }: Ended, now: Ms, holding: readonly Verdict[]): string[] {
  const known = lines.filter((_, i) => (facts[i]?.recordedAt ?? 0) <= now);
  const wanted = oracle(withCalendar(script.config), known, now);
  const got = holding.map((verdict) => verdictLine(stage.core.hall, verdict, now));
  const text = (verdict: Partial<Record<(typeof COMPARED)[number], unknown>>): string =>
    JSON.stringify(COMPARED.map((key) => verdict[key] ?? null));
  return unlike(`verdicts at ${new Date(now).toISOString()}, against the oracle`, got.map(text), wanted.map(text));
}

/** The oracle is handed the calendar that the product has. */
function withCalendar(config: OracleConfig): OracleConfig {
  const national = nationalCalendar(config.calendar?.country ?? 'CN');
  if (national === null) return config;
  const days = Object.fromEntries([...national.days].map(([day, kind]) => [dateOf(day), kind]));
  return { ...config, nationalDays: { from: dateOf(national.from), until: dateOf(national.until), days } };
}
