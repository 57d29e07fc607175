/** What was told is what holds: message by message, for whoever reads the hall's topic and for people. */
import { hash } from 'node:crypto';
import { unnamedIfPending } from '../../daemon/alerts/telling.ts';
import type { Ms } from '../../rules/time.ts';
import { type Verdict, verdictLine } from '../../rules/verdict.ts';
import type { Ended } from './checks.ts';
import { parting } from './checks.ts';

interface Message {
  readonly key: string;
  readonly body: string;
}

interface Told {
  readonly op: string;
  readonly state: string;
  readonly alert: string;
  readonly employee: string | null;
  readonly evidence: readonly string[];
  readonly text: string;
}

interface Row {
  readonly key: string;
  readonly times: number;
  readonly due_at: Ms | null;
}

export function tellingProblems(ended: Ended): string[] {
  const topic = messagesOf(ended, 'mqtt');
  const { told, problems } = fold(ended, topic);
  return [
    ...problems,
    ...heardProblems(ended, topic),
    ...standingProblems(ended, told),
    ...topic.flatMap((message) => namingProblems(ended, message)),
  ];
}

function messagesOf({ stage }: Ended, channel: string): Message[] {
  const statement = stage.core.ledger.database.prepare('select key, body from outbox where channel = ? order by seq');
  return statement.all(channel).map(({ key, body }) => ({ key: String(key), body: String(body) }));
}

function rowsOf({ stage }: Ended): Row[] {
  return stage.core.ledger.database.prepare('select key, times, due_at from telling').all() as unknown as Row[];
}

/** What a receiver believes of each verdict after all messages, and which of them make no sense. */
function fold(
  ended: Ended,
  topic: readonly Message[],
): { readonly told: Map<string, Told>; readonly problems: string[] } {
  const meant = new Map<string, { readonly verdict: string; readonly times: number }>();
  for (const { key, times } of rowsOf(ended)) {
    for (let n = 1; n <= times; n++)
      meant.set(`M-${hash('sha256', `${key}#${n}`).slice(0, 24)}`, { verdict: key, times: n });
  }
  const told = new Map<string, Told>();
  const counted = new Map<string, number>();
  const problems: string[] = [];
  for (const { key, body } of topic) {
    const about = meant.get(key);
    const said = JSON.parse(body) as Told;
    if (about === undefined || about.times !== (counted.get(about.verdict) ?? 0) + 1) {
      problems.push(`a message of nothing, or out of its order: ${key} ${body}`);
      continue;
    }
    counted.set(about.verdict, about.times);
    const before = told.get(about.verdict);
    if (!follows(before, said))
      problems.push(`after ${before?.op ?? 'nothing'} ${before?.state ?? ''} was told ${body}`);
    if (said.op === 'retract') told.delete(about.verdict);
    else told.set(about.verdict, said);
  }
  for (const [key, { verdict, times }] of meant) {
    if ((counted.get(verdict) ?? 0) < times) problems.push(`message ${times} of ${verdict} was never made: ${key}`);
  }
  return { told, problems };
}

/** Only what has been told can be revised, closed or taken back; nobody hears of what is pending first. */
function follows(before: Told | undefined, said: Told): boolean {
  if (before === undefined) return said.op === 'open' && said.state !== 'pending';
  if (said.op === 'close') return said.state === 'closed' && before.state !== 'closed';
  return said.op === 'revise' || said.op === 'retract';
}

/** What was sent is what was received, in its order and once, by both receivers. */
function heardProblems(ended: Ended, topic: readonly Message[]): string[] {
  const { broker, webhook } = ended.stage;
  const heard = broker.alerts.filter((body, i) => body !== broker.alerts[i - 1]);
  const room = messagesOf(ended, 'room');
  const byAlert = (bodies: readonly string[]): string[] =>
    bodies.map((body) => `${(JSON.parse(body) as Told).alert} ${body}`).sort((a, b) => compare(a, b));
  const parts = room.flatMap(({ body }) => (JSON.parse(body) as { verdict: object }[]).map(({ verdict }) => verdict));
  return [
    ...parting(
      'the topic',
      heard,
      topic.map(({ body }) => body),
    ),
    ...parting(
      'the room',
      webhook.notices.map(({ key }) => key),
      room.map(({ key }) => key),
    ),
    ...parting(
      'what people were told',
      byAlert(parts.map((part) => JSON.stringify(part))),
      byAlert(topic.map(({ body }) => body)),
    ),
  ];
}

/** By alert alone: within one, the order stays as it was. */
function compare(one: string, other: string): number {
  const [a = '', b = ''] = [one.split(' ', 1)[0], other.split(' ', 1)[0]];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What receivers believe holds, as it was told last; and whatever holds firmly they know, unless it was old news. */
function standingProblems(ended: Ended, told: ReadonlyMap<string, Told>): string[] {
  const { stage, script } = ended;
  const { core } = stage;
  const changes = [...core.history.changes()];
  const holding = new Map<string, Verdict>();
  for (const { op, key, verdict } of changes) {
    if (op === 'retract') holding.delete(key);
    else holding.set(key, verdict);
  }
  const problems: string[] = [];
  for (const [key, said] of told) {
    const verdict = holding.get(key);
    const wanted = verdict === undefined ? 'nothing' : contentOf(verdictLine(core.hall, unnamedIfPending(verdict), 0));
    if (contentOf(said) !== wanted) problems.push(`told of ${key}: ${contentOf(said)}\n  holds: ${wanted}`);
  }
  const { tellWithin } = script.stage.loaded.config.notify;
  const rows = new Map(rowsOf(ended).map((row) => [row.key, row]));
  for (const [key, verdict] of holding) {
    const row = rows.get(key);
    // Not yet, or not at all while it is pending.
    if (told.has(key) || (row !== undefined && (row.due_at !== null || verdict.state === 'pending'))) continue;
    const isOld = changes.every(
      (change) => change.key !== key || change.op === 'retract' || change.at - change.verdict.from > tellWithin,
    );
    if (row !== undefined || !isOld) problems.push(`never told: ${key} ${JSON.stringify(verdict)}`);
  }
  return problems;
}

/** What a line says, without how and when it was told, and without minutes that grow. */
function contentOf(line: object): string {
  const { op: _op, text: _text, alert: _alert, case: _case, minutes, ...content } = line as Record<string, unknown>;
  return JSON.stringify(content['to'] === null ? content : { ...content, minutes });
}

/** Nothing that is pending names a person: not in words, not by an id, and not by what it rests on. */
function namingProblems({ script }: Ended, { body }: Message): string[] {
  const said = JSON.parse(body) as Told;
  if (said.state !== 'pending') return [];
  const names = script.config.employees.flatMap(({ id, name }) => [JSON.stringify(id), name ?? id]);
  const spoken = names.find((name) => body.includes(name));
  const isBare = said.employee === null && said.evidence.length === 0 && spoken === undefined;
  return isBare ? [] : [`pending, and names ${spoken ?? 'somebody'}: ${body}`];
}

/** What docs/alerts.md says to whoever takes alerts by webhook: the last message of an alert is all that stands of it. */
export function tellingRemarks(ended: Ended): string[] {
  const { told } = fold(ended, messagesOf(ended, 'mqtt'));
  const last = new Map(ended.stage.webhook.notices.map((notice) => [notice.alert, notice]));
  const remarks: string[] = [];
  for (const [key, said] of told) {
    const notice = last.get(said.alert);
    const isIn = notice?.verdicts.some(
      (verdict) => contentOf(verdict) === contentOf(said) && verdict['op'] !== 'retract',
    );
    if (notice?.op === 'retract') remarks.push(`its alert was taken back, and it holds: ${key}`);
    else if (isIn !== true) remarks.push(`the last message of its alert leaves it out, and it holds: ${key}`);
  }
  return remarks;
}
