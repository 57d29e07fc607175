/** Reads a table whatever it is called: by what is in it. */

import { attlogTable } from './attlog.ts';
import { type Say, type Table, TableError } from './table.ts';
import { textTable } from './text-table.ts';
import { workbookTable } from './workbook-table.ts';

/** Of 200 000 rows there is not as much. */
export const LARGEST_FILE = 64 * 1024 * 1024;

/** `sheet`: of a workbook with several. Throws a `TableError` that says what to do. */
export async function readTable(bytes: Uint8Array, sheet: string | null, say: Say): Promise<Table> {
  if (bytes.length > LARGEST_FILE) {
    throw new TableError(say('超过 64 MB，请分成几个文件导入', 'larger than 64 MB: import it in several files'));
  }
  if (startsWith(bytes, ZIP)) return await workbookTable(bytes, sheet, say);
  if (startsWith(bytes, COMPOUND)) {
    throw new TableError(
      say(
        '是老式的 .xls（或加了密码的文件），不能读；请在 Excel 或 WPS 里另存为不带密码的 .xlsx',
        'an old .xls, or a file with a password, cannot be read; save it as .xlsx without a password in Excel or WPS',
      ),
    );
  }
  if (sheet !== null) {
    throw new TableError(
      say('不是 .xlsx 文件，没有工作表可选', 'is no .xlsx file, so there are no sheets to choose from'),
    );
  }
  return attlogTable(bytes, say) ?? textTable(bytes, say);
}

const ZIP = [0x50, 0x4b, 0x03, 0x04];
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0];

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
