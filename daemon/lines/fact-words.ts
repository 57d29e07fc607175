/** What is wrong with a line of facts, in Chinese. A test compares them with the sources, so that none is forgotten and none is left over. */
import type { Language } from '../alerts/words.ts';
import { inChinese, type Sentences } from '../sentences.ts';

export const FACT_PROBLEMS: Sentences = [
  ['a fact is a JSON object', '一行应是一个 JSON 对象'],
  ['not JSON: {}', '不是 JSON：{}'],
  ['not UTF-8, on line {} or after it', '不是 UTF-8，在第 {} 行或之后'],
  ['missing; it says what kind of fact this is', '缺少；它说明这是哪一种事实'],
  ['missing; a silence names at least one of {}', '缺少；静默至少要写其中之一：{}'],
  ['missing; the patrol is a department’s', '缺少；部门巡查要写是哪个部门'],
  ['missing', '缺少'],
  ['is given twice', '写了两次'],
  ['unknown fact "{}"', '没有“{}”这种事实'],
  ['unknown key "{}"', '没有“{}”这个键'],
  ['unknown hall "{}", and not every line says its own', '不是本大厅的：“{}”；要略过别的大厅，每行都须写 hall'],
  ['unknown hall "{}"', '不是本大厅的：“{}”'],
  ['unknown {} "{}"', '没有 {}“{}”'],
  ['expected {}', '应是{}'],
  ['a non-empty text of at most 1000 characters', ' 1 到 1000 个字'],
  ['a text of at most 4000 characters', '不超过 4000 个字的文字'],
  ['a time such as 2026-03-02T08:55:10+08:00', '带时区的时间，如 2026-03-02T08:55:10+08:00'],
  ['a date such as 2026-03-02', '日期，如 2026-03-02'],
  ['true or false', ' true 或 false'],
  ['a whole number from 0', '从 0 起的整数'],
  ['a number', '数'],
  ['a list of at least one text', '至少有一项的文字列表'],
  ['an object', '对象'],
  ['must be after "from"', '必须在 from 之后'],
  ['a punch names either an employee or a credential', '打卡要么写 employee，要么写 credential'],
  ['only the daemon says it, when it was offline', '只有 daemon 的 offline 才写它'],
  ['is no id: at most 64 characters, without blanks and / + #', '不能作编号：最多 64 个字符，不含空格和 / + #'],
  ['"{}" was on line {} already, with other content', '“{}”在第 {} 行已有，内容不同'],
  ['the ledger has "{}" with other content', '账本里已有“{}”，内容不同'],
  ['is not that of "judging"', '与 judging 的内容不符'],
  ['"{}" is not taken in here: {}', '这里不收“{}”：{}'],
  [
    'people decide on the pages themselves, and a configuration comes from hall.yaml',
    '决定由本人在页面上作出，配置以 hall.yaml 为准',
  ],
  ['the daemon itself says when it was there', '守护程序何时在运行，由它自己记录'],
  [
    'whether a device was there is said by itself, or sent by administrators',
    '设备在不在线由设备自己上报，或由管理员导入',
  ],
  [
    '{} lines of what people decided or signed are kept and count for nothing here: a backup brings decisions along',
    '有 {} 行是别处的人作出的决定或签认，只留存，在这里不算数；要连同决定一起搬走，请用 backup 和 restore',
  ],
  ['is no configuration to judge by: {}', '不是能用来判定的配置：{}'],
  ['there is no fact "{}"', '没有编号为“{}”的事实'],
  ['a cancel cannot itself be cancelled', 'cancel 本身不能再被取消'],
  ['"{}" is no {}', '“{}”不是 {}'],
];

const zh = inChinese(FACT_PROBLEMS);

export function factProblemText(problem: string, language: Language): string {
  return language === 'en' ? problem : zh(problem);
}
