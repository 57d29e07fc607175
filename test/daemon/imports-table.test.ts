/** Tables as they come out of Excel, WPS, LibreOffice and attendance programs are read as what they show. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CellValue, Workbook } from '@cj-tech-master/excelts';
import { describe, expect, test } from 'vitest';
import { parseMoment } from '../../daemon/imports/moments.ts';
import { readTable } from '../../daemon/imports/read-table.ts';
import { cellName, MOST_ROWS, type Say, TableError } from '../../daemon/imports/table.ts';
import { dateOf } from '../../rules/time.ts';

const say: Say = (_zh, en) => en;
const read = (bytes: Uint8Array | string, sheet: string | null = null) =>
  readTable(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, sheet, say);
const cellsOf = async (bytes: Uint8Array | string) => (await read(bytes)).rows.map(({ cells }) => cells);

async function workbook(sheets: Readonly<Record<string, readonly (readonly CellValue[])[]>>): Promise<Uint8Array> {
  const made = new Workbook();
  for (const [name, rows] of Object.entries(sheets)) made.addWorksheet(name).addRows(rows.map((row) => [...row]));
  return await made.xlsx.writeBuffer({ validate: false });
}

/** 工号,姓名 / e1,徐敏 as Excel for Windows writes it in China. */
const GBK = Uint8Array.from([
  ...[0xb9, 0xa4, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0d, 0x0a],
  ...[0x65, 0x31, 0x2c, 0xd0, 0xec, 0xc3, 0xf4, 0x0d, 0x0a],
]);
const TWO_ROWS = [
  ['工号', '姓名'],
  ['e1', '徐敏'],
];

const utf16 = (text: string, big: boolean): Uint8Array => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

describe('a text', () => {
  test.each<readonly [string, Uint8Array | string, string]>([
    ['UTF-8', '工号,姓名\ne1,徐敏\n', 'CSV, UTF-8, ","'],
    ['UTF-8 with its mark', '\uFEFF工号,姓名\r\ne1,徐敏', 'CSV, UTF-8, ","'],
    ['GBK', GBK, 'CSV, GBK, ","'],
    ['UTF-16', utf16('工号\t姓名\r\ne1\t徐敏\r\n', false), 'CSV, UTF-16LE, TAB'],
    ['UTF-16, big end first', utf16('工号;姓名\ne1;徐敏', true), 'CSV, UTF-16BE, ";"'],
    ['lines of an old Mac', '工号,姓名\re1,徐敏\r', 'CSV, UTF-8, ","'],
  ])('in %s', async (_, bytes, format) => {
    expect(await read(bytes)).toMatchObject({ format, otherSheets: [] });
    expect(await cellsOf(bytes)).toEqual(TWO_ROWS);
  });

  test.each<readonly [string, string, readonly (readonly string[])[]]>([
    [
      'quotes',
      'a,b\n"x, ""y""",z\n',
      [
        ['a', 'b'],
        ['x, "y"', 'z'],
      ],
    ],
    [
      'a cell of two lines',
      'a;b\n"1\n2";3\n4;5',
      [
        ['a', 'b'],
        ['1\n2', '3'],
        ['4', '5'],
      ],
    ],
    [
      'blank rows and blanks',
      'a\tb\n\n \t\n 1 \t2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'what guards a number or a formula',
      `a,b\n="0017",'=1+1\n`,
      [
        ['a', 'b'],
        ['0017', '=1+1'],
      ],
    ],
    ['a separator in a title', '一月,二月\na;b;c\n1;2;3\n', [['一月,二月'], ['a', 'b', 'c'], ['1', '2', '3']]],
    [
      'an empty last cell',
      'a,b\n1,\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
  ])('with %s', async (_, text, rows) => {
    expect(await cellsOf(text)).toEqual(rows);
  });

  test('numbers rows as an editor does', async () => {
    const { rows } = await read('a,b\n"1\n2",3\n\n4,5\n');
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  test.each<readonly [string, Uint8Array | string, RegExp]>([
    ['no text', Uint8Array.from([1, 2, 0, 255, 254, 253]), /neither UTF-8/],
    ['UTF-16 without its mark', Buffer.from('a,b', 'utf16le'), /neither UTF-8/],
    ['an open quote', 'a,b\n1,"2\n', /line 2: a quote/],
    ['an old workbook', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), /\.xlsx without a password/],
    ['too many rows', 'x\n'.repeat(MOST_ROWS + 1), /more than 200000 rows/],
    ['half a workbook', Uint8Array.from([0x50, 0x4b, 3, 4, 1, 2, 3]), /no intact \.xlsx/],
  ])('that is %s is refused', async (_, bytes, because) => {
    await expect(read(bytes)).rejects.toThrow(TableError);
    await expect(read(bytes)).rejects.toThrow(because);
  });
});

describe('a workbook', () => {
  test('is read as what it shows', async () => {
    const bytes = await workbook({
      三月: [
        ['字', '数', '日期', '时刻', '日期和时间'],
        [
          { richText: [{ text: '徐' }, { text: '敏' }] },
          1001,
          new Date('2026-03-02T00:00:00Z'),
          new Date('1899-12-30T08:55:00Z'),
          new Date('2026-03-02T08:55:10Z'),
        ],
        [{ text: '李岚', hyperlink: 'http://127.0.0.1/' }, { formula: '1000+2', result: 1002 }, 46083.375, true],
        [{ formula: 'HYPERLINK("http://127.0.0.1/","周诚")', result: '周诚' }, { formula: 'A1' }, { error: '#N/A' }],
      ],
    });
    expect(await cellsOf(bytes)).toEqual([
      ['字', '数', '日期', '时刻', '日期和时间'],
      ['徐敏', '1001', '2026-03-02', '08:55:00', '2026-03-02 08:55:10'],
      ['李岚', '1002', '46083.375', 'true'],
      ['周诚', '=A1', '#N/A'],
    ]);
  });

  test('tells a midnight from a date by what the cell shows', async () => {
    const made = new Workbook();
    const sheet = made.addWorksheet('一');
    sheet.addRow([
      new Date('2026-03-02T00:00:00Z'),
      new Date('2026-03-02T00:00:00Z'),
      new Date('2026-03-02T00:00:00Z'),
    ]);
    for (const [i, format] of ['yyyy/m/d h:mm', 'yyyy-mm-dd', '[$-804]yyyy"年"m"月"d"日 (s)"'].entries()) {
      sheet.getCell(1, i + 1).numFmt = format;
    }
    const bytes = await made.xlsx.writeBuffer({ validate: false });
    expect(await cellsOf(bytes)).toEqual([['2026-03-02 00:00:00', '2026-03-02', '2026-03-02']]);
  });

  test('has its first sheet read, or the one that is named', async () => {
    const bytes = await workbook({ 空: [], 一: [['a'], ['1']], 二: [['b'], [], ['2']] });
    expect(await read(bytes)).toMatchObject({ format: 'XLSX, 一', otherSheets: ['空', '二'] });
    const second = await read(bytes, '二');
    expect(second.rows).toEqual([
      { line: 1, cells: ['b'] },
      { line: 3, cells: ['2'] },
    ]);
    await expect(read(bytes, '三')).rejects.toThrow('there is no sheet "三"; there are: 空, 一, 二');
    await expect(read(bytes, '空')).rejects.toThrow('nothing is in its sheets: 空, 一, 二');
    await expect(read('a,b', '一')).rejects.toThrow(TableError);
  });

  test('of LibreOffice, with formulas, dates and a title across', async () => {
    const file = fileURLToPath(new URL('imports/leave-from-libreoffice.xlsx', import.meta.url));
    expect(await read(readFileSync(file))).toEqual({
      format: 'XLSX, 请假',
      otherSheets: ['说明'],
      rows: [
        { line: 1, cells: ['2026年3月请假登记'] },
        { line: 2, cells: ['工号', '姓名', '开始', '结束', '类型', '请假条'] },
        { line: 3, cells: ['e1', '徐敏', '2026-03-03 14:00:00', '46084.7083333333', '事假', '有'] },
        { line: 4, cells: ['e2', '李岚', '2026-03-04', '46086', '病假'] },
        { line: 5, cells: ['', '周诚', '2026年3月5日 上午', '2026年3月5日 上午', '公休'] },
      ],
    });
  });
});

test('cells have the names that spreadsheets give them', () => {
  expect([0, 25, 26, 255].map((column) => cellName(column, 7))).toEqual(['A7', 'Z7', 'AA7', 'IV7']);
});

describe('a time', () => {
  const shown = (text: string): string | null => {
    const said = parseMoment(text);
    if (said === null) return null;
    const { day, time, half, at } = said;
    const clock = time === null ? [] : [new Date(time).toISOString().slice(11, 19)];
    const offset = at === null ? [] : [new Date(at).toISOString()];
    return [...(day === null ? [] : [dateOf(day)]), ...clock, ...(half === null ? [] : [half]), ...offset].join(' ');
  };

  test.each([
    ['2026-03-02', '2026-03-02'],
    ['2026/3/2', '2026-03-02'],
    ['2026.3.2', '2026-03-02'],
    ['2026年3月2日', '2026-03-02'],
    ['２０２６年３月２日（周一）', '2026-03-02'],
    ['20260302', '2026-03-02'],
    ['46083', '2026-03-02'],
    ['46083.375', '2026-03-02 09:00:00'],
    ['46083.3716435185', '2026-03-02 08:55:10'],
    ['46084.7083333333', '2026-03-03 17:00:00'],
    ['0.375', '09:00:00'],
    ['9:05', '09:05:00'],
    ['9：05', '09:05:00'],
    ['9点', '09:00:00'],
    ['9时5分', '09:05:00'],
    ['9时5分30秒', '09:05:30'],
    ['下午2:30', '14:30:00'],
    ['2:30 PM', '14:30:00'],
    ['上午12:10', '00:10:00'],
    ['12:10 pm', '12:10:00'],
    ['2026/3/2 下午 2:30:15', '2026-03-02 14:30:15'],
    ['2026-03-02T08:55:10', '2026-03-02 08:55:10'],
    ['2026-03-02 星期一 08:55', '2026-03-02 08:55:00'],
    ['2026-03-02 上午', '2026-03-02 morning'],
    ['2026-03-02 afternoon', '2026-03-02 afternoon'],
    ['下午', 'afternoon'],
    ['2026-03-02T08:55:10+08:00', '2026-03-02T00:55:10.000Z'],
    ['2026-03-02 08:55:10Z', '2026-03-02T08:55:10.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test.each([
    '3/2/2026',
    '02.03.2026',
    '2026-02-30',
    '2026-13-01',
    '1999-12-31',
    '2100-01-01',
    '2026-03-021',
    '20261301',
    '26-03-02',
    '12345',
    '99999',
    '25:00',
    '9:60',
    '24:01',
    '上午14:00',
    '2026-03-02 25:00',
    '2026-03-02 下周',
    '#N/A',
    '=A1',
    'tomorrow',
    '',
  ])('%j is none', (text) => {
    expect(shown(text)).toBeNull();
  });
});
