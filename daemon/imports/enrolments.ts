/** Which number a person has on which clock, and since when. */
import type { CredentialFact, PunchFact } from '../../rules/facts.ts';
import { type CredentialMapping, credentialKey, FIRST_DAY, startOfDay } from '../../rules/hall.ts';
import { BEGINNING, DAY_LENGTH, type Day, instantOf, type Ms } from '../../rules/time.ts';
import { factId } from '../intake/intake.ts';
import { isShortened, shortened } from './punches.ts';
import type { Reading } from './reading.ts';
import type { Row } from './row.ts';
import { ENDLESS, readMoment } from './stretches.ts';

export class Enrolments {
  readonly #reading: Reading;
  readonly #earlier = new Map<string, { readonly row: Row; readonly fact: CredentialFact }[]>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  /** What a row says of a person's number; `otherwise` is the first day where it says none, and null where it has to. */
  read(row: Row, employee: string, otherwise: Day | null): CredentialFact | null {
    const { knowledge } = this.#reading;
    const fact = enrolmentOf(row, employee, otherwise, this.#reading);
    if (fact === null) return null;
    const { credential, device, from } = fact;
    const punch: PunchFact = {
      fact: 'punch',
      id: '',
      recordedAt: from,
      at: from,
      credential,
      ...(device && { device }),
    };
    if (otherwise !== null && knowledge.find(fact.id) === null && knowledge.ownerOf(punch) === employee) return null;
    const key = credentialKey(device ?? null, credential);
    const same = this.#earlier.get(key) ?? [];
    this.#earlier.set(key, same);
    const other = same.find((one) => overlap(one.fact, fact));
    if (other !== undefined) {
      tellTwice(row, fact, other);
      return null;
    }
    same.push({ row, fact });
    noteFormerOwner(row, fact, this.#reading);
    return fact;
  }
}

function enrolmentOf(row: Row, employee: string, otherwise: Day | null, reading: Reading): CredentialFact | null {
  const { hall } = reading.knowledge;
  const device = reading.subjects.device(row, reading.clock);
  const credential = row.text('credential');
  if (credential === '') row.bad('credential', '没有写考勤号', 'there is no enrolment number');
  const isWhole = !isShortened(credential) || shortened(row, credential) !== null;
  const from = edge(row, 'from', reading) ?? (otherwise === null ? null : instantOf(hall.zone, otherwise, 0));
  const to = edge(row, 'to', reading);
  if (from === null) {
    row.bad(
      'from',
      '没有写从哪天起；请写这个号的打卡从哪天起计入',
      'there is no start; write the first date on which its punches are to count',
    );
  }
  if (device === null || credential === '' || !isWhole || from === null || to === undefined) return null;
  if (to !== null && to <= from) {
    return row.bad('to', '结束不晚于开始；请改正日期', 'the end is not after the start; correct the dates');
  }
  const id = factId('credential', from, hall.id, employee, credential, device ?? '', to ?? '');
  return {
    fact: 'credential',
    id,
    recordedAt: BEGINNING,
    employee,
    credential,
    ...(device === undefined ? {} : { device }),
    from,
    to,
  };
}

/** Null where nothing is said, undefined where the cell is wrong; a last date is wholly in. */
function edge(row: Row, column: 'from' | 'to', { knowledge }: Reading): Ms | null | undefined {
  const text = row.text(column);
  const { zone } = knowledge.hall;
  if (text === '' || ENDLESS.test(text)) return null;
  const said = readMoment(row, column, text);
  if (said === null) return undefined;
  if (said.at !== null) return said.at;
  if (said.day !== null && said.half === null) {
    return instantOf(zone, said.day, said.time ?? (column === 'to' ? DAY_LENGTH : 0));
  }
  row.bad(column, `“${text}”不是日期；请写成 2026-03-02`, `"${text}" is no date; write it as 2026-03-02`);
  return undefined;
}

function overlap(a: CredentialFact, b: CredentialFact): boolean {
  return (b.to === null || a.from < b.to) && (a.to === null || b.from < a.to);
}

function tellTwice(row: Row, fact: CredentialFact, other: { readonly row: Row; readonly fact: CredentialFact }): void {
  const { line } = other.row;
  const isSame = fact.employee === other.fact.employee;
  row.bad(
    'credential',
    isSame
      ? `与第 ${line} 行重复；请删去一行`
      : `第 ${line} 行把同一个号给了 ${other.fact.employee}，时间重叠；请改正其一`,
    isSame
      ? `says the same as row ${line}; remove one of them`
      : `row ${line} gives the same number to ${other.fact.employee} at the same time; correct one of them`,
  );
}

/** Enrolments outrank the configuration: where they differ from it, somebody should have looked. */
function noteFormerOwner(row: Row, fact: CredentialFact, { knowledge, say, note }: Reading): void {
  const { hall } = knowledge;
  const mappings = hall.credentials.get(credentialKey(fact.device ?? null, fact.credential)) ?? [];
  const until = fact.to ?? Number.POSITIVE_INFINITY;
  const isThen = ({ from, until: last }: CredentialMapping): boolean =>
    (from === FIRST_DAY || startOfDay(hall, from) < until) && fact.from < startOfDay(hall, last + 1);
  if (mappings.some((one) => one.employee !== fact.employee && isThen(one))) {
    note(
      row,
      say(
        '考勤号在配置里是别人的，导入后以导入的为准',
        'the configuration gives the number to somebody else; the import outranks it',
      ),
    );
  }
}
