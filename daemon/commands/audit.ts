import { Argument, type Command } from 'commander';
import { type Audit, audit, follows, NothingToAudit } from '../audit/audit.ts';
import type { LinkName } from '../audit/chain-walk.ts';
import { auditText } from '../audit/words.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { loadWithoutSecrets } from './load.ts';

interface Options {
  readonly config: string;
  readonly noted?: string;
  readonly json?: boolean;
}

/** `audit verify`: whether anything that was recorded has been changed, removed, added or reordered, and what holds follows from it. */
export function auditCommand(program: Command, io: Io): void {
  program
    .command('audit')
    .addArgument(new Argument('<what>', tell(io, '核验账本', 'verify the ledger')).choices(['verify']))
    .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
    .option(
      '--noted <number:hash>',
      tell(io, '以前另行记下的一环，核对它是否还在', 'a link noted elsewhere: is it still there?'),
    )
    .option('--json', tell(io, '输出结构化数据', 'print it as a structure'))
    .description(
      tell(
        io,
        '核验账本：记录有无改动、删除、增补，现有结论是否由记录得出',
        'prove the ledger: nothing changed, removed or added, and what holds follows from the facts',
      ),
    )
    .action((_what: string, options: Options) => verify(options, io));
}

async function verify({ config, noted, json }: Options, io: Io): Promise<void> {
  const link = noted === undefined ? null : linkOf(noted, io);
  const loaded = await loadWithoutSecrets(config, io);
  const { data } = loaded.config;
  const done = auditOf(() => audit({ directory: data, hall: loaded.hall, noted: link }), data, io);
  io.out(json === true ? `${JSON.stringify(auditJson(done))}\n` : auditText(done, io.lang));
  // Records that were tampered with are bad data; verdicts that would be others today are an answer.
  if (done.broken.count > 0) throw new Exit(EXIT.badInput);
  if (done.differing.count > 0) throw new Exit(EXIT.no);
}

function auditOf(work: () => Audit, data: string, io: Io): Audit {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof NothingToAudit)) throw error;
    const said = {
      'no-ledger': tell(io, `${data} 里没有账本`, `there is no ledger in ${data}`),
      unreadable: tell(
        io,
        `${data} 里的账本打不开或读不出：须能读它，并能写它所在的目录`,
        `the ledger in ${data} cannot be opened or read: it has to be readable, and its directory writable`,
      ),
      empty: tell(
        io,
        '账本里没有这个大厅的任何记录：请核对配置的 hall.id 和 data',
        'nothing is recorded of this hall: are `hall.id` and `data` of the configuration right?',
      ),
      'no-chain': tell(
        io,
        '这个账本是旧版本写的，还没有链；启动一次守护程序后再核验',
        'this ledger is of an earlier release and has no chain; start the daemon once, then verify',
      ),
      adopting: tell(
        io,
        '守护程序正在为已有记录补建链，完成后再核验',
        'the older records are still being chained; start the daemon, wait until it has, then verify',
      ),
    };
    throw new Exit(error.reason === 'unreadable' ? EXIT.notPermitted : EXIT.noInput, said[error.reason]);
  }
}

function linkOf(noted: string, io: Io): LinkName {
  // Half a hash is enough to write down, and more than enough to tell links apart.
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{32,64})$/i.exec(noted.trim()) ?? [];
  if (number !== undefined && hash !== undefined && Number(number) > 0) {
    return { number: Number(number), hash: hash.toLowerCase() };
  }
  throw new Exit(
    EXIT.usage,
    tell(
      io,
      `--noted：应为“环号:哈希”，如 audit verify 所示；给的是“${noted}”`,
      `--noted: expected NUMBER:HASH as audit verify prints it, got "${noted}"`,
    ),
  );
}

/** For programs: what was compared, and every finding that is named. */
function auditJson(audit: Audit): object {
  const { file, hall, chain, rejudging, broken, differing } = audit;
  return {
    file,
    hall: hall.id,
    whole: broken.count === 0,
    follows: follows(audit),
    chain: chain && { ...chain, findings: broken.count },
    rejudging: rejudging && { ...rejudging, findings: differing.count },
    findings: [...broken.kept, ...differing.kept],
  };
}
