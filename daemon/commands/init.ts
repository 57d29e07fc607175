import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import type { Command } from 'commander';
import { configJsonSchema } from '../../config/json-schema.ts';
import { ConfigError, parseConfig } from '../../config/load.ts';
import { isTimeZone, zoneTable } from '../../config/zone-table.ts';
import { civilDay, dateOf } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { makeFolder } from '../files/folders.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

interface Answers {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  /** Null = a broker of our own. */
  readonly broker: string | null;
  readonly listen: string;
  readonly data: string;
}

const STANDARD: Answers = {
  ...{ id: 'hall', name: '政务服务中心', timezone: 'Asia/Shanghai', broker: null },
  ...{ listen: '127.0.0.1:8420', data: './data' },
};

const STARTER = join(import.meta.dirname, '../../config/starter.yaml');

/** With a byte order mark: without it spreadsheets read Chinese wrongly. */
const PEOPLE = '\ufeff编号,姓名,部门,班次,打卡编号,起,止\r\n';

/** `init [dir]`: a commented configuration and what belongs beside it. */
export function initCommand(program: Command, io: Io): void {
  program
    .command('init')
    .argument('[dir]', tell(io, '文件夹', 'the folder'), '.')
    .option('--yes', tell(io, '不提问，用默认值', 'ask nothing'))
    .description(
      tell(io, '生成带注释的 hall.yaml 及其配套文件', 'write a commented hall.yaml and what belongs beside it'),
    )
    .action((folder: string, options: { yes?: boolean }) => init(folder, options.yes === true, io));
}

async function init(folder: string, asksNothing: boolean, io: Io): Promise<void> {
  const names = ['hall.yaml', 'hall.schema.json', 'people.csv', '.env.example'];
  // What somebody has written is never overwritten, and nothing is written beside it.
  const there = names.filter((name) => existsSync(join(folder, name)));
  if (there.length > 0) {
    const list = there.join(', ');
    throw new Exit(
      EXIT.cannotWrite,
      tell(
        io,
        `${folder} 里已有 ${list}，没有写入任何文件。换一个文件夹，或先把它们移走。`,
        `${folder} has ${list} already; nothing was written. Take another folder, or move them first.`,
      ),
    );
  }
  const answers = asksNothing || process.stdin.isTTY !== true ? STANDARD : await asked(io);
  const text = filled(await readFile(STARTER, 'utf8'), answers);
  requireFit(text, io);
  const contents = [text, `${JSON.stringify(configJsonSchema(), null, 2)}\n`, PEOPLE, environmentOf(answers)];
  try {
    makeFolder(folder);
    for (const [i, name] of names.entries()) await writeFile(join(folder, name), contents[i] ?? '', { flag: 'wx' });
  } catch (error) {
    const { message } = error as Error;
    throw new Exit(EXIT.cannotWrite, tell(io, `写不进 ${folder}：${message}`, `cannot write to ${folder}: ${message}`));
  }
  const file = join(folder, 'hall.yaml');
  io.say(
    tell(
      io,
      `已写好 ${names.join('、')}。\n接下来：改 ${file}；zaigang check ${file}；zaigang check ${file} --online；zaigang run --config ${file}`,
      `Wrote ${names.join(', ')}.\nNext: edit ${file}; zaigang check ${file}; zaigang check ${file} --online; zaigang run --config ${file}`,
    ),
  );
}

function filled(starter: string, { id, name, timezone, broker, listen, data }: Answers): string {
  const mqtt =
    broker === null
      ? '  embedded: { listen: "0.0.0.0:1883" } # 自带的 MQTT 服务；考勤机用自己的编号和密码登录'
      : `  url: ${JSON.stringify(broker)}\n  username: zaigang\n  password: \${MQTT_PASSWORD}`;
  const clockPassword = broker === null ? `, password: "\${CLOCK_PASSWORD}"` : '';
  const quoted = { id: JSON.stringify(id), name: JSON.stringify(name), data: JSON.stringify(data) };
  // Nobody has listened to today's punches so far: it would look as if everybody had been away.
  const judgeFrom = dateOf(civilDay(zoneTable(timezone), systemClock().now()) + 1);
  const values: Readonly<Record<string, string>> = { ...quoted, judgeFrom, timezone, mqtt, listen, clockPassword };
  return starter.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '');
}

const environmentOf = ({ broker }: Answers): string =>
  broker === null ? '# 考勤机登录自带 MQTT 服务的密码\nCLOCK_PASSWORD=\n' : '# 登录 MQTT 服务的密码\nMQTT_PASSWORD=\n';

/** An answer that no configuration can have is said now, and nothing is written. */
function requireFit(text: string, io: Io): void {
  try {
    parseConfig(text, 'hall.yaml', { env: {}, lang: io.lang, offline: true });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new Exit(EXIT.usage, error.message);
  }
}

async function asked(io: Io): Promise<Answers> {
  const talk = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ask = (zh: string, en: string, standard: string) => question(talk, tell(io, zh, en), standard);
    const name = await ask('大厅名称', 'Name of the hall', STANDARD.name);
    const id = await ask(
      '大厅编号（字母、数字、连字符；以后不要改）',
      'Its id (letters, digits, hyphens; for good)',
      STANDARD.id,
    );
    let timezone = await ask('时区', 'Time zone', STANDARD.timezone);
    while (!isTimeZone(timezone))
      timezone = await ask('没有这个时区，请重填', 'There is no such zone', STANDARD.timezone);
    const broker = await ask(
      'MQTT 服务器地址，如 mqtt://192.0.2.5:1883（留空则用自带的）',
      'MQTT broker, such as mqtt://192.0.2.5:1883 (empty: one of our own)',
      '',
    );
    const listen = await ask('网页监听地址', 'Where the pages are served', STANDARD.listen);
    const data = await ask('账本存放的文件夹', 'Folder of the ledger', STANDARD.data);
    return { id, name, timezone, broker: broker === '' ? null : broker, listen, data };
  } finally {
    talk.close();
  }
}

async function question(talk: Interface, text: string, standard: string): Promise<string> {
  const answer = await talk.question(`${text}${standard === '' ? '' : ` [${standard}]`}: `);
  return answer.trim() === '' ? standard : answer.trim();
}
