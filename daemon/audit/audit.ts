/** Proof of a ledger's history: read-only, at one instant of it, whether or not a daemon writes to it meanwhile. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Hall } from '../../rules/hall.ts';
import { firstBrokenRow } from '../access/access-log.ts';
import { isThere } from '../files/folders.ts';
import { FactStore } from '../ledger/facts.ts';
import { HistoryStore } from '../ledger/history.ts';
import { isClosed, isDamage } from '../ledger/read-only.ts';
import { type ChainReport, ChainWalk, type LinkName } from './chain-walk.ts';
import { type ChainFinding, Findings, type JudgingFinding } from './finding.ts';
import { Rejudging, type RejudgingOptions, type RejudgingReport } from './rejudging.ts';

export interface AuditOptions {
  /** The data directory. */
  readonly directory: string;
  readonly hall: Hall;
  /** A link that was noted elsewhere. */
  readonly noted: LinkName | null;
  readonly countSimulated?: boolean;
}

export interface Audit {
  readonly file: string;
  readonly hall: Hall;
  /** Null where the file could not be read to its end. */
  readonly chain: ChainReport | null;
  readonly rejudging: RejudgingReport | null;
  readonly broken: Findings<ChainFinding>;
  readonly differing: Findings<JudgingFinding>;
}

/** Whether what is stored follows from the facts; null = it could not be judged again, for the file is damaged. */
export function follows({ rejudging, differing }: Audit): boolean | null {
  return rejudging === null && differing.count === 0 ? null : differing.count === 0;
}

/** There is nothing to be verified. */
export class NothingToAudit extends Error {
  override readonly name = 'NothingToAudit';
  readonly reason: 'no-ledger' | 'unreadable' | 'no-chain' | 'adopting' | 'empty';

  constructor(reason: NothingToAudit['reason'], directory: string, cause?: unknown) {
    super(`${directory}: ${reason}`, { cause });
    this.reason = reason;
  }
}

/** Findings that are named; more are counted. */
const MOST_NAMED = 200;

/** Verifies the ledger of a data directory; throws `NothingToAudit` where there is none, or none with a chain. */
export function audit({ directory, hall, noted, countSimulated }: AuditOptions): Audit {
  const file = join(directory, 'ledger.db');
  const [broken, differing] = [new Findings<ChainFinding>(MOST_NAMED), new Findings<JudgingFinding>(MOST_NAMED)];
  const database = opened(file, directory);
  let chain: ChainReport | null = null;
  let rejudging: RejudgingReport | null = null;
  try {
    // Everything is read as of one commit.
    database.exec('begin');
    requireChain(database, directory);
    if (noted === null && isEmpty(database, hall.id)) throw new NothingToAudit('empty', directory);
    chain = new ChainWalk({ database, hall: hall.id, zone: hall.zone, noted, findings: broken }).walk();
    const row = firstBrokenRow(database);
    if (row !== null) broken.add({ what: 'access-log-broken', row });
    rejudging = rejudge({ database, hall, countSimulated: countSimulated ?? false, findings: differing });
  } catch (error) {
    if (isClosed(error)) throw new NothingToAudit('unreadable', directory, error);
    if (!isDamage(error)) throw error;
    broken.add({ what: 'file-damaged', because: error.message });
  } finally {
    database.close();
  }
  return { file, hall, chain, rejudging, broken, differing };
}

function opened(file: string, directory: string): DatabaseSync {
  try {
    if (!isThere(file)) throw new NothingToAudit('no-ledger', directory);
    return new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  } catch (error) {
    if (isClosed(error)) throw new NothingToAudit('unreadable', directory, error);
    throw error;
  }
}

function rejudge(options: Omit<RejudgingOptions, 'facts' | 'history'>): RejudgingReport | null {
  const { database, hall, findings } = options;
  const facts = new FactStore(database, hall.id);
  const history = new HistoryStore(database, hall.id);
  try {
    return new Rejudging({ ...options, facts, history }).judge();
  } catch (error) {
    if (isDamage(error)) throw error;
    // What was changed by hand need not be a fact any more.
    findings.add({ what: 'not-judged', date: null, id: null, because: String(error) });
    return null;
  }
}

function requireChain(database: DatabaseSync, directory: string): void {
  const tables = database.prepare("select name from sqlite_master where name in ('chain', 'chain_debt')").all();
  if (tables.length < 2) throw new NothingToAudit('no-chain', directory);
  if (database.prepare('select 1 from chain_debt').get() !== undefined) throw new NothingToAudit('adopting', directory);
}

/** Nothing was ever recorded of the hall, or it is another hall's ledger. */
function isEmpty(database: DatabaseSync, hall: string): boolean {
  const tables = ['fact', 'change', 'standing', 'chain', 'chain_end'] as const;
  return tables.every((table) => database.prepare(`select 1 from ${table} where hall = ?`).get(hall) === undefined);
}
