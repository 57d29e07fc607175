/** A table of cameras, a row each: what is to be tried. Bad rows are named and left out; nothing is tried by reading it. */
import { type CameraAddress, readAddress } from '../../adapters/cameras/camera-address.ts';
import { id as idSchema, roi as roiSchema } from '../../config/fields.ts';
import type { CameraEntry } from '../../config/schema.ts';
import type { Hall } from '../../rules/hall.ts';
import { findColumns } from '../imports/columns.ts';
import { type CellProblem, Row } from '../imports/row.ts';
import { Subjects } from '../imports/subjects.ts';
import type { Say, TableRow } from '../imports/table.ts';
import { type ProbeSubject, probeSubject } from '../probing/camera.ts';
import type { TrialSeat } from '../trials/trial.ts';

/** A camera that a row speaks of. */
export interface WantedCamera {
  readonly line: number;
  readonly id: string;
  readonly subject: ProbeSubject;
  /** The windows that it is to see. */
  readonly windows: readonly string[];
  /** Where they are in its picture, as far as the table says. */
  readonly seats: readonly TrialSeat[];
}

export interface CameraTable {
  readonly cameras: readonly WantedCamera[];
  readonly problems: readonly CellProblem[];
  readonly notes: readonly string[];
}

/** What the rows are held against. */
export interface Ground {
  readonly hall: Hall;
  /** The cameras of hall.yaml. */
  readonly entries: readonly CameraEntry[];
}

/** As many as a large hall has; each keeps a picture in memory. */
export const MOST_CAMERAS = 128;

/** Reads the rows; lines and cells in what is said are those of the file. */
export function readCameraTable(table: readonly TableRow[], ground: Ground, say: Say): CameraTable {
  const { columns, problems, notes } = findColumns('cameras', table, say);
  if (columns === null) return { cameras: [], problems, notes };
  const rows = table.filter(({ line }) => line > columns.line).map((row) => new Row(row, columns, say));
  const reader = new RowReader(ground);
  const cameras = rows.slice(0, MOST_CAMERAS).flatMap((row) => reader.read(row) ?? []);
  for (const row of rows.slice(MOST_CAMERAS)) {
    row.bad(null, `一次最多 ${MOST_CAMERAS} 路，请分几次`, `at most ${MOST_CAMERAS} cameras at once; do it in parts`);
  }
  return { cameras, problems: rows.flatMap((row) => row.problems), notes };
}

class RowReader {
  readonly #subjects: Subjects;
  /** Ids and addresses that are taken, and by what. */
  readonly #taken: { readonly id: string; readonly place: string | null; readonly line: number | null }[];
  readonly #clocks: ReadonlySet<string>;

  constructor({ hall, entries }: Ground) {
    this.#subjects = new Subjects(hall);
    this.#clocks = new Set(hall.clocks.keys());
    this.#taken = entries.map(({ id, source }) => ({
      id,
      place: source === null ? null : placeOfSource(source),
      line: null,
    }));
  }

  read(row: Row): WantedCamera | null {
    const id = this.#id(row);
    const subject = subjectOf(row);
    const windows = this.#windows(row);
    const seats = windows === null ? null : seatsOf(row, windows);
    if (subject !== null) this.#isNew(row, subject.address);
    if (id === null || subject === null || windows === null || seats === null || row.problems.length > 0) return null;
    this.#taken.push({ id, place: placeOf(subject.address), line: row.line });
    return { line: row.line, id, subject, windows, seats };
  }

  #id(row: Row): string | null {
    const id = row.text('camera');
    if (id === '') return row.bad('camera', '没有写编号', 'no id is written');
    if (!idSchema.safeParse(id).success) {
      return row.bad(
        'camera',
        `${id} 不能作编号：1 到 64 个字符，不含空格和 / + #`,
        `${id} cannot be an id: 1 to 64 characters, no white space, none of / + #`,
      );
    }
    const other = this.#taken.find((one) => one.id === id);
    if (other?.line != null)
      return row.bad('camera', `与第 ${other.line} 行编号相同`, `the same id as line ${other.line}`);
    if (other !== undefined || this.#clocks.has(id)) {
      return row.bad('camera', `hall.yaml 里已有编号 ${id}`, `hall.yaml has the id ${id} already`);
    }
    return id;
  }

  #isNew(row: Row, address: CameraAddress): void {
    const place = placeOf(address);
    const other = this.#taken.find((one) => one.place === place);
    if (other === undefined) return;
    if (other.line !== null)
      row.bad('address', `与第 ${other.line} 行地址相同`, `the same address as line ${other.line}`);
    else row.bad('address', `hall.yaml 里已有，编号 ${other.id}`, `hall.yaml has it already, as ${other.id}`);
  }

  #windows(row: Row): readonly string[] | null {
    const words = row
      .text('window')
      .split(/[、,，;；/|\s]+/)
      .filter((word) => word !== '');
    const found = words.map((word) => this.#subjects.windowCalled(row, word)?.id ?? null);
    return found.includes(null) ? null : [...new Set(found as string[])];
  }
}

/** An address as a table has it: often an IP address alone, which is asked by ONVIF. */
function subjectOf(row: Row): ProbeSubject | null {
  const written = row.text('address');
  if (written === '') return row.bad('address', '没有写地址', 'no address is written');
  const source = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `onvif://${written}`;
  const subject = probeSubject(withLogin(source, row.text('user'), row.text('password')));
  if (!('because' in subject)) return subject;
  // What is wrong is said without the address: it may hold a password.
  return row.bad(
    'address',
    '地址不能用：应为 IP 地址，或 rtsp://、rtsps://、http://、https://、onvif:// 开头的完整地址',
    `the address ${subject.because}`,
  );
}

/** A login that is written beside the address goes before the one within it. */
export function withLogin(source: string, user: string, password: string): string {
  if (user === '') return source;
  const bare = source.replace(/^([^/]+:\/\/)[^/?#]*@/, '$1');
  return bare.replace('://', () => `://${encodeURIComponent(user)}:${encodeURIComponent(password)}@`);
}

/** `0.1,0.2,0.3,0.5`, as many as there are windows, `;` between them. */
function seatsOf(row: Row, windows: readonly string[]): readonly TrialSeat[] | null {
  const written = row.text('roi');
  if (written === '') return [];
  const regions = written
    .split(/[;；|]/)
    .filter((text) => text.trim() !== '')
    .map((text) =>
      text
        .replace(/[[\]]/g, '')
        .split(/[,，\s]+/)
        .filter((part) => part !== '')
        .map(Number),
    );
  if (regions.length !== windows.length) {
    return row.bad(
      'roi',
      `有 ${regions.length} 个座位，但有 ${windows.length} 个窗口；请使两列一致`,
      `${regions.length} seats, but ${windows.length} windows; make the two agree`,
    );
  }
  const seats = regions.map((region, i) => {
    const read = roiSchema.safeParse(region);
    return read.success ? { window: windows[i] as string, roi: read.data } : null;
  });
  if (!seats.includes(null)) return seats as TrialSeat[];
  return row.bad(
    'roi',
    '座位应为 左,上,宽,高，都是 0 到 1 的比例；几个座位之间用 ; 隔开',
    'a seat is left,top,width,height, each from 0 to 1; several with ; between them',
  );
}

/** Whoever logs in there. */
const placeOf = ({ shown }: CameraAddress): string => shown.replace('***@', '');

function placeOfSource(source: string): string | null {
  const address = readAddress(source);
  return 'because' in address ? null : placeOf(address);
}
