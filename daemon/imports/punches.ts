/** What clocks export: who, where, when. */
import type { PunchFact } from '../../rules/facts.ts';
import { BEGINNING, type Day, instantOf, type Ms } from '../../rules/time.ts';
import { factId } from '../intake/intake.ts';
import type { Reading, SaidFact, TableReader } from './reading.ts';
import type { Row } from './row.ts';
import { readDate, readMoment } from './stretches.ts';

export const readPunches: TableReader = (rows, reading) => rows.flatMap((row) => punchesOf(row, reading));

/** A row may hold all times of a day: `08:55 12:01 13:58`. */
function punchesOf(row: Row, reading: Reading): SaidFact[] {
  const who = whoOf(row, reading);
  const device = reading.subjects.device(row, reading.clock);
  const date = readDate(row);
  const seq = seqOf(row);
  const text = row.text('at');
  if (text === '') {
    // Attendance programs list who did not come as well.
    reading.note(row, reading.say('没有打卡时间的行，没有记录', 'rows without a time say nothing'));
    return [];
  }
  const times = date === undefined ? [text] : text.split(/[\s;；,，、]+/);
  const instants = date === null ? [] : times.map((time) => instantOfText(row, time, date, reading));
  if (who === null || device === null || seq === null || instants.includes(null)) return [];
  if (seq !== undefined && instants.length > 1) {
    row.bad(
      'seq',
      '一行有几个时间，却只有一个记录号；请去掉记录号列',
      'there are several times but one record number; remove that column',
    );
    return [];
  }
  const method = row.text('method');
  const said = {
    ...(device === undefined ? {} : { device }),
    ...(seq === undefined ? {} : { seq }),
    ...methodOf(method),
  };
  return (instants as Ms[]).map((at) => ({ row, fact: punchAt(at, who, said, reading) }));
}

type Who = { readonly credential: string } | { readonly employee: string };

/** By the number that the clock knows, where there is one: whose it is depends on the date. */
function whoOf(row: Row, { subjects }: Reading): Who | null {
  const credential = row.text('credential');
  if (credential === '') {
    const employee = subjects.employee(row);
    return employee === null ? null : { employee: employee.id };
  }
  return isShortened(credential) ? shortened(row, credential) : { credential };
}

/** Excel writes long numbers so, and their last digits are lost. */
export function isShortened(text: string): boolean {
  return /^\d(?:\.\d+)?e\+\d+$/i.test(text);
}

export function shortened(row: Row, text: string): null {
  return row.bad(
    'credential',
    `“${text}”是被 Excel 缩短了的号码；请把这一列设为“文本”，重新导出`,
    `"${text}" is a number that Excel has shortened; make the column a text and export it again`,
  );
}

function seqOf(row: Row): number | null | undefined {
  const text = row.text('seq');
  if (text === '') return undefined;
  const seq = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seq)) return seq;
  return row.bad('seq', `“${text}”不是记录号（整数）`, `"${text}" is no record number (a whole number)`);
}

function instantOfText(row: Row, text: string, date: Day | undefined, { knowledge, now }: Reading): Ms | null {
  const said = readMoment(row, 'at', text);
  if (said === null) return null;
  const day = said.day ?? date;
  const at =
    said.at ?? (day === undefined || said.time === null ? null : instantOf(knowledge.hall.zone, day, said.time));
  if (at === null) {
    return row.bad(
      'at',
      `“${text}”缺少日期或几点几分；请写成 2026-03-02 08:55`,
      `"${text}" lacks the date or the time of day; write it as 2026-03-02 08:55`,
    );
  }
  if (at > now) return row.bad('at', `${text} 还没有到；请核对日期`, `${text} is yet to come; check the date`);
  return at;
}

const METHODS: readonly (readonly [words: RegExp, method: string])[] = [
  [/^(?:指纹|finger|fingerprint|fp)$/i, 'finger'],
  [/^(?:人脸|面部|刷脸|face)$/i, 'face'],
  [/^(?:卡|刷卡|id卡|ic卡|card)$/i, 'card'],
  [/^(?:手工|人工|补签|手动|manual)$/i, 'manual'],
  [/^(?:更正|correction)$/i, 'correction'],
];

/** What is known by another word stays as it is. */
function methodOf(text: string): { readonly method?: string } {
  if (text === '') return {};
  const bare = text.normalize('NFKC').trim();
  return { method: METHODS.find(([words]) => words.test(bare))?.[1] ?? bare };
}

function punchAt(
  at: Ms,
  who: Who,
  said: Pick<PunchFact, 'device' | 'seq' | 'method'>,
  { knowledge }: Reading,
): PunchFact {
  const hall = knowledge.hall.id;
  const fact = { fact: 'punch', recordedAt: BEGINNING, at, ...who, ...said } as const;
  // A clock's own record has the identity that it has through any door.
  return 'credential' in who
    ? { ...fact, id: factId('punch', at, hall, said.device ?? '', who.credential, said.seq ?? ''), deviceAt: at }
    : { ...fact, id: factId('punch', at, hall, said.device ?? '', 'employee', who.employee, said.seq ?? '') };
}
