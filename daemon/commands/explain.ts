import type { Command } from 'commander';
import { type Answer, answer, type Question } from '../explain/question.ts';
import { factsSource } from '../explain/sources.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { explainFromLedger } from './ledger.ts';
import { loadWithoutSecrets } from './load.ts';
import { readReplay } from './replay.ts';

interface Options {
  readonly config: string;
  readonly facts?: string;
  readonly now?: string;
  readonly from?: string;
  readonly json?: boolean;
}

/** `explain ID`: how a verdict was reached, from the ledger or from facts alone. */
export function explainCommand(program: Command, io: Io): void {
  program
    .command('explain')
    .argument(
      '<id>',
      tell(
        io,
        '结论编号（见 export verdicts 的 id），或案号 C-…',
        'a verdict’s id (`id` in export verdicts), or a case’s, C-…',
      ),
    )
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option(
      '--facts <file>',
      tell(io, '只凭这些事实（JSON Lines），- 为标准输入', 'from these facts alone, - for standard input'),
    )
    .option('--now <time>', tell(io, '以这一刻的情况为准（与 --facts 同用）', 'as known at this time (with --facts)'))
    .option('--from <date>', tell(io, '从这一天起判定（与 --facts 同用）', 'the first day to judge (with --facts)'))
    .option('--json', tell(io, '输出结构化数据', 'print it as a structure'))
    .description(tell(io, '说明一项结论是怎样得出的', 'how a verdict was reached'))
    .action((id: string, options: Options) => explainVerdict(id, options, io));
}

async function explainVerdict(id: string, options: Options, io: Io): Promise<void> {
  if (options.facts === undefined && (options.now !== undefined || options.from !== undefined)) {
    throw new Exit(EXIT.usage, tell(io, '--now 和 --from 须与 --facts 同用', '--now and --from go with --facts'));
  }
  const question = { id, lang: io.lang, json: options.json === true };
  const { found, out, say } =
    options.facts === undefined
      ? await explainFromLedger(await loadWithoutSecrets(options.config, io), question, io)
      : await fromFacts(question, { ...options, facts: options.facts }, io);
  io.out(out);
  if (say !== '') io.say(say);
  if (!found) throw new Exit(EXIT.no);
}

async function fromFacts(question: Question, options: Options & { readonly facts: string }, io: Io): Promise<Answer> {
  const input = await readReplay(options, io);
  if (input !== null) return answer(factsSource(input), question);
  throw new Exit(EXIT.no, tell(io, '没有任何记录', 'there are no facts'));
}
