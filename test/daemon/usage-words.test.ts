/** Wrong usage and help in Chinese: what commander itself says has to be known here. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { expect, test } from 'vitest';
import { CHINESE_HELP, usageInChinese } from '../../daemon/commands/usage-words.ts';

function program(): Command {
  const whole = new Command('zaigang').exitOverride().helpOption('-h, --help', '显示说明').configureHelp(CHINESE_HELP);
  whole
    .command('take')
    .addArgument(new Argument('<what>', '取什么').choices(['facts', 'verdicts']))
    .option('--config <file>', '配置文件', 'hall.yaml')
    .requiredOption('--to <place>', '放到哪里')
    .addOption(new Option('--lang <zh|en>', '语言').choices(['zh', 'en']))
    .action(() => {});
  whole.command('none').action(() => {});
  return whole;
}

function refused(...args: readonly string[]): string {
  let said = '';
  const whole = program();
  for (const command of [whole, ...whole.commands])
    command.configureOutput({ outputError: (text) => (said += usageInChinese(text)) });
  expect(() => whole.parse([...args], { from: 'user' })).toThrow(CommanderError);
  return said;
}

test.each([
  [['take', '--to', 'x'], '缺少参数 what'],
  [['take', 'facts', '--to'], '--to <place> 后面要有值'],
  [['take', 'facts'], '缺少选项 --to <place>'],
  [['take', 'facts', '--to', 'x', '--confg', 'y'], '没有选项 --confg；是不是 --config？'],
  [['take', 'facts', '--to', 'x', '--quickly'], '没有选项 --quickly'],
  [['tale'], '没有命令 tale；是不是 take？'],
  [['xyzzy'], '没有命令 xyzzy'],
  [['take', 'facts', 'more', '--to', 'x'], 'take 的参数多了：应有 1 个，给了 2 个：facts, more'],
  [['none', 'more'], 'none 的参数多了：应有 0 个，给了 1 个：more'],
  [['take', 'facts', '--to', 'x', '--lang', 'fr'], '--lang <zh|en> 不能是“fr”；可以是 zh, en'],
  [['take', 'fact', '--to', 'x'], '“fact”不能用作 what；可以是 facts, verdicts'],
])('%j', (args, said) => expect(refused(...args)).toBe(said));

test('help has no English of its own', () => {
  const [take] = program().commands;
  expect(take?.helpInformation()).toMatch(
    /^用法：.*\[选项\] <what>\n\n参数：\n.*可选："facts", "verdicts".*\n选项：\n.*默认："hall.yaml".*-h, --help +显示说明\n/s,
  );
  expect(program().helpInformation()).toMatch(
    /^用法： zaigang \[选项\] \[命令\]\n.*\n命令：\n {2}take \[选项\] <what>/s,
  );
});
