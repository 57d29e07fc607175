/** What commander says of its own accord, in Chinese: its help, and what is wrong with how a command was called. */
import { Help } from 'commander';
import { inChinese, type Sentences } from '../sentences.ts';

const WRONG_USAGE: Sentences = [
  ["error: missing required argument '{}'", '缺少参数 {}'],
  ["error: option '{}' argument missing", '{} 后面要有值'],
  ["error: required option '{}' not specified", '缺少选项 {}'],
  ["error: unknown option '{}'\n(Did you mean one of {}?)", '没有选项 {}；是不是其中之一：{}？'],
  ["error: unknown option '{}'\n(Did you mean {}?)", '没有选项 {}；是不是 {}？'],
  ["error: unknown option '{}'", '没有选项 {}'],
  ["error: unknown command '{}'\n(Did you mean one of {}?)", '没有命令 {}；是不是其中之一：{}？'],
  ["error: unknown command '{}'\n(Did you mean {}?)", '没有命令 {}；是不是 {}？'],
  ["error: unknown command '{}'", '没有命令 {}'],
  [
    "error: too many arguments for '{}'. Expected {} argument but got {}: {}.",
    '{} 的参数多了：应有 {} 个，给了 {} 个：{}',
  ],
  [
    "error: too many arguments for '{}'. Expected {} arguments but got {}: {}.",
    '{} 的参数多了：应有 {} 个，给了 {} 个：{}',
  ],
  ["error: option '{}' argument '{}' is invalid. Allowed choices are {}.", '{} 不能是“{}”；可以是 {}'],
  [
    "error: command-argument value '{}' is invalid for argument '{}'. Allowed choices are {}.",
    '“{}”不能用作 {}；可以是 {}',
  ],
];

const sentence = inChinese(WRONG_USAGE);

/** A sentence about wrong usage. */
export const usageInChinese = (text: string): string => sentence(text.trimEnd());

const TITLES: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
};

/** How help is written. */
export const CHINESE_HELP: Partial<Help> = {
  styleTitle: (title) => TITLES[title] ?? title,
  styleUsage: (usage) => terms(usage),
  subcommandTerm: (command) => terms(Help.prototype.subcommandTerm.call(Help.prototype, command)),
  optionDescription: (option) => remarks(Help.prototype.optionDescription.call(Help.prototype, option)),
  argumentDescription: (argument) => remarks(Help.prototype.argumentDescription.call(Help.prototype, argument)),
};

const terms = (text: string): string => text.replace('[options]', '[选项]').replace('[command]', '[命令]');
const remarks = (text: string): string => text.replace('choices: ', '可选：').replace('default: ', '默认：');
