/**
 * What ZKTeco clocks put on a USB stick: `attlog.dat`, or `1_attlog.dat` with the number of the device. A line for each punch: user, time,
 * number of the device, status, way of verifying, work code, apart by tabs or blanks; black and white devices write their serial
 * number above and a checksum below (ZKTeco's SDK demo, `UDisk`: `GetAttLogFromDat`).
 */
import { methodOf } from '../../adapters/clocks/zkteco-codes.ts';
import { addRow, type Say, type Table, TableError, type TableRow } from './table.ts';

const PUNCH = /^\s*(\S{1,24})\s+(\d{4}-\d{1,2}-\d{1,2}\s+\d{1,2}:\d{2}(?::\d{2})?)((?:\s+\S{1,20}){0,8})\s*$/;
/** Nothing else looks like this from its first line on: no titles, no commas, and numbers alone behind the time. */
const CERTAIN = /^[ \t]*[0-9A-Za-z]{1,24}[ \t]+\d{4}-\d{2}-\d{2}[ \t]+\d{2}:\d{2}:\d{2}(?:[ \t]+\d{1,10}){2,6}[ \t]*$/;
const WORD = /^\S{1,40}$/;
const VERIFIED = 2;

/** Null where the bytes are no such file. */
export function attlogTable(bytes: Uint8Array, say: Say): Table | null {
  // One byte one character: users are numbers or names in ASCII, and nothing else is read.
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .split(/\r\n|\n|\r/);
  const told = lines.flatMap((text, i) => (text.trim() === '' ? [] : [{ line: i + 1, text }]));
  const isHeaded = !CERTAIN.test(told[0]?.text ?? '') && WORD.test(told[0]?.text.trim() ?? '');
  const [first, last] = [told[isHeaded ? 1 : 0], told.at(-1)];
  if (first === undefined || !CERTAIN.test(first.text)) return null;
  const rows: TableRow[] = [{ line: 0, cells: ['考勤号', '时间', '验证方式'] }];
  for (const { line, text } of told.slice(isHeaded ? 1 : 0)) {
    const isChecksum = isHeaded && line === last?.line && WORD.test(text.trim()) && !CERTAIN.test(text);
    if (!isChecksum) addRow(rows, { line, cells: cellsOf(text) }, say);
  }
  return { format: 'attlog.dat', otherSheets: [], rows, isOfOneClock: true };
}

/** Throws a `TableError` for a file of one clock of which nobody has said whose it is: its punches would be strangers to those that came otherwise. */
export function requireClock({ isOfOneClock }: Table, clock: string | null, say: Say): void {
  if (isOfOneClock !== true || clock !== null) return;
  throw new TableError(
    say(
      '是一台考勤机的 U 盘文件，里面没有写是哪台；请用 --clock 考勤机编号 说明',
      'is what one clock wrote to a USB stick, and does not name it; say which clock with --clock',
    ),
  );
}

function cellsOf(text: string): string[] {
  const [, user = '', time = '', rest = ''] = PUNCH.exec(text) ?? [];
  // A line that broke off is shown as a time that is none, so that it is named.
  if (user === '') return ['?', text.trim().slice(0, 60), ''];
  return [user, time.replace(/\s+/, ' '), wordOf(rest.trim().split(/\s+/)[VERIFIED] ?? '')];
}

/** Only what all devices mean by a code: which series this one is of, the file does not tell. */
function wordOf(code: string): string {
  if (!/^\d{1,3}$/.test(code)) return '';
  const [one, other] = (['classic', 'multi'] as const).map((series) =>
    methodOf({ series, methods: null }, Number(code)),
  );
  return one === other ? (one ?? '') : '';
}
