/** What a clock wrote to a USB stick is the same punches that it pushes, or that are pulled from it. */
import { describe, expect, test } from 'vitest';
import { decodeAttlog } from '../../adapters/clocks/zkteco-lines.ts';
import { parseConfig } from '../../config/load.ts';
import { requireClock } from '../../daemon/imports/attlog.ts';
import { checkTable } from '../../daemon/imports/check-table.ts';
import { Knowledge } from '../../daemon/imports/knowledge.ts';
import { readTable } from '../../daemon/imports/read-table.ts';
import { type Say, TableError } from '../../daemon/imports/table.ts';
import { factId } from '../../daemon/intake/intake.ts';
import type { PunchFact } from '../../rules/facts.ts';

const { hall } = parseConfig(
  `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
schedules: { standard: { punches: session, weekly: { mon: ["09:00-12:00"] } } }
departments: [{ id: gaj, name: 公安局 }]
employees: [{ id: e1, name: 徐敏, department: gaj, schedule: standard, credentials: ["1001"] }]
windows: [{ id: W1, name: 出入境, schedule: standard, a: e1 }]
clocks: [{ id: clock-1 }]
`,
  'hall.yaml',
  { env: {}, lang: 'en' },
);
const NOW = Date.parse('2026-03-06T18:00:00+08:00');
const say: Say = (_zh, en) => en;

/** Users are written to the right of nine places. */
const FILE = [
  '     1001\t2026-03-02 08:55:10\t1\t0\t1\t0',
  '     1002\t2026-03-02 08:56:00\t1\t0\t15\t0',
  '     1003\t2026-03-02 08:57:00\t1\t1\t2\t0',
  '     1004\t2026-03-02 08:58:00\t1\t255\t4\t0',
].join('\r\n');

const check = async (text: string) => {
  const { rows } = await readTable(Buffer.from(text), null, say);
  const knowledge = new Knowledge({ database: null, hall, countSimulated: false });
  return checkTable({ kind: 'punches', rows, clock: 'clock-1', lang: 'en' }, knowledge, NOW);
};

describe('attlog.dat', () => {
  test('has the punches of the same clock that pushes them: the same ids, and no other words for how', async () => {
    const { fresh, problems } = await check(`${FILE}\r\n`);
    expect(problems).toEqual([]);
    const imported = fresh as PunchFact[];
    // As the same clock would push it: without the number of the device.
    const body = FILE.split('\r\n').map((line) => line.trim().replace(/\t1(?=\t)/, ''));
    const pushed = decodeAttlog(Buffer.from(body.join('\n')), {
      zone: hall.zone,
      codes: { series: 'multi', methods: null },
      serial: 'CGKK223862906',
      about: 'test',
    });
    expect(imported.map(({ id }) => id)).toEqual(
      pushed.records.map(({ punch }) =>
        factId('punch', punch.deviceAt, 'suixian', 'clock-1', punch.credential, punch.seq ?? ''),
      ),
    );
    expect(imported.map(({ method }) => method ?? null)).toEqual(['finger', 'face', null, 'card']);
    expect(imported[0]).toMatchObject({
      credential: '1001',
      device: 'clock-1',
      at: Date.parse('2026-03-02T08:55:10+08:00'),
    });
    expect(imported[0]).not.toHaveProperty('seq');
  });

  test.each([
    ['with blanks instead of tabs', FILE.replaceAll('\t', '   ')],
    ['of a black and white device, with serial number and checksum', `CGKK223862906\r\n${FILE}\r\n48213\r\n`],
    ['with lines of Unix', FILE.replaceAll('\r\n', '\n')],
  ])('%s', async (_, text) => {
    expect(await readTable(Buffer.from(text), null, say)).toMatchObject({ format: 'attlog.dat', isOfOneClock: true });
    const { fresh, problems } = await check(text);
    expect([fresh.length, problems]).toEqual([4, []]);
  });

  test('that broke off has its bad lines named, by the line of the file', async () => {
    const { fresh, problems } = await check(`${FILE}\r\n     1005\t2026-03-0`);
    expect(fresh).toHaveLength(4);
    expect(problems.map(({ line }) => line)).toEqual([5]);
    const day = await check(`${FILE}\n1005\t2026-02-30 08:00:00\t1\t0\t1\t0\n`);
    expect(day.problems.map(({ line }) => line)).toEqual([5]);
  });

  test('without a word of whose it is, is not taken', async () => {
    const table = await readTable(Buffer.from(FILE), null, say);
    expect(() => requireClock(table, null, say)).toThrow(TableError);
    expect(() => requireClock(table, 'clock-1', say)).not.toThrow();
    const other = await readTable(Buffer.from('考勤号,时间\n1001,2026-03-02 08:55\n'), null, say);
    expect(other.format).toBe('CSV, UTF-8, ","');
    expect(() => requireClock(other, null, say)).not.toThrow();
  });

  test('is not seen in tables that look a little like it', async () => {
    for (const text of [
      '1001,2026-03-02 08:55:10,1\n',
      '工号\t时间\n1001\t2026-03-02 08:55:10\t1\t0\n',
      '1001 2026-03-02\n',
    ]) {
      expect((await readTable(Buffer.from(text), null, say)).format).toMatch(/^CSV/);
    }
  });
});
