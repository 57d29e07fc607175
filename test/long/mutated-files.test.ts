/** Ten thousand files of each kind that are not quite right: each row of them is a touch, known, or named with what is wrong, and no file is a fault. */
import { Workbook } from '@cj-tech-master/excelts';
import { beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';
import { checkTable } from '../../daemon/imports/check-table.ts';
import { Knowledge } from '../../daemon/imports/knowledge.ts';
import { readTable } from '../../daemon/imports/read-table.ts';
import { type Say, TableError } from '../../daemon/imports/table.ts';
import { SMALL_HALL } from '../support/small-hall.ts';
import { spoiledBytes } from '../support/spoiled-bytes.ts';

const SEED = 20_260_302;
const COUNT = 10_000;
const NOW = Date.parse('2026-11-06T18:00:00+08:00');
const say: Say = (_zh, en) => en;
const { hall } = parseConfig(SMALL_HALL, 'hall.yaml', { env: {}, lang: 'en' });
const knowledge = new Knowledge({ database: null, hall, countSimulated: false });

const TIMES = ['2026-11-02 08:55:10', '2026-11-02 12:01:00', '2026/11/3 8:59', '2026-11-03 18:02:31'];
const CSV = `\uFEFF考勤号,姓名,打卡时间,方式\n${TIMES.map((time, i) => `${1000 + i},"徐,敏",${time},指纹`).join('\n')}\n`;
const GBK = Buffer.from('v7zH2rrFLLTyv6jKsbzkCjEwMDEsMjAyNi0xMS0wMiAwODo1NToxMAo=', 'base64');
const DAT = TIMES.filter((time) => time.includes('-'))
  .map((time, i) => `     ${1000 + i}\t${time}\t1\t0\t15\t0`)
  .join('\r\n');
const OLD_DAT = `CGKK223862906\r\n${DAT}\r\n4A7F\r\n`;

/** What became of a file. */
async function fate(body: Buffer): Promise<'table' | 'no table'> {
  try {
    const { rows } = await readTable(body, null, say);
    const {
      fresh,
      known,
      problems,
      notes,
      rows: count,
    } = checkTable({ kind: 'punches', rows, clock: 'clock-1', lang: 'en' }, knowledge, NOW);
    const named = new Set(problems.map(({ line }) => line)).size;
    // A row with several times has several touches; none says nothing at all.
    expect(fresh.length + known + named + notes.length).toBeGreaterThanOrEqual(count === 0 ? 0 : 1);
    expect(fresh.length + known + named >= count || notes.length > 0).toBe(true);
    for (const { problem } of problems) expect(problem).not.toBe('');
    for (const fact of fresh) expect(fact).toMatchObject({ fact: 'punch', device: 'clock-1' });
    return 'table';
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    expect(error.message.length).toBeGreaterThan(10);
    return 'no table';
  }
}

async function expectFates(originals: readonly Buffer[]): Promise<void> {
  for (const original of originals) expect(await fate(original)).toBe('table');
  const fates = { table: 0, 'no table': 0 };
  for (const { body } of spoiledBytes(COUNT, SEED, originals)) fates[await fate(body)] += 1;
  expect(fates.table + fates['no table']).toBe(COUNT);
  expect(Math.min(fates.table, fates['no table'])).toBeGreaterThan(100);
}

let workbook: Buffer;
beforeAll(async () => {
  const book = new Workbook();
  const sheet = book.addWorksheet('打卡');
  sheet.addRow(['考勤号', '打卡时间']);
  for (const [i, time] of TIMES.entries()) sheet.addRow([1000 + i, time]);
  workbook = Buffer.from(await book.xlsx.writeBuffer({ validate: false }));
});

test('CSV, in UTF-8 and in GBK', () => expectFates([Buffer.from(CSV), GBK]));
test('attlog.dat, with and without a head', () => expectFates([Buffer.from(DAT), Buffer.from(OLD_DAT)]));
test('XLSX', () => expectFates([workbook]));
