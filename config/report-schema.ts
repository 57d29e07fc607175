/** `reports` of hall.yaml: reports that the daemon makes by itself. */
import { z } from 'zod';
import { WEEKDAYS } from '../rules/hall.ts';
import { id, listOf, maybe, shortText, timeOfDay, whole, withDefault } from './fields.ts';

/** Where and as what it is written unless told otherwise. */
export const USUAL = { folder: './reports', formats: ['xlsx'] } as const;

const common = {
  at: timeOfDay.describe('几点生成（大厅当地时间），如 "08:00"'),
  formats: withDefault(z.array(z.enum(['xlsx', 'docx', 'csv', 'html', 'json'])).min(1, { error: '@empty' }), [
    ...USUAL.formats,
  ]).describe('文件格式：xlsx、docx、csv、html、json'),
  folder: withDefault(shortText, USUAL.folder).describe('写入哪个文件夹，相对于本文件所在文件夹'),
  to: listOf(id).describe('生成后告知哪些渠道（notify.channels 里的编号）；email 附上文件，其他只发摘要，都不出现姓名'),
  maskNames: maybe(z.boolean()).describe('文件里姓名脱敏；不写时，有 to 的脱敏，只写入文件夹的不脱敏'),
  department: maybe(shortText).describe('只要这个部门的；不写则全厅'),
} as const;

/** Day of the first month of the following period; every month has 28 days. */
const onDay = withDefault(whole(1, 28), 1).describe('期间结束后第几天生成，1 到 28');

export const reportsSchema = listOf(
  z.discriminatedUnion('make', [
    z.strictObject({ make: z.literal('day'), ...common }).describe('日报：生成那一刻所在的大厅工作日'),
    z
      .strictObject({
        make: z.literal('week'),
        on: withDefault(z.enum(WEEKDAYS), 'mon').describe('星期几生成'),
        ...common,
      })
      .describe('周报：上一周（周一至周日）'),
    z.strictObject({ make: z.literal('month'), on: onDay, ...common }).describe('月报：上一月'),
    z.strictObject({ make: z.literal('quarter'), on: onDay, ...common }).describe('季报：上一季'),
    z.strictObject({ make: z.literal('year'), on: onDay, ...common }).describe('年报：上一年'),
  ]),
).describe('定时生成的报表');
