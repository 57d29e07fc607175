/** Commands that touch the ledger talk to the running daemon, and open the files themselves only when none runs. */
import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadedConfig } from '../../config/load.ts';
import { vouchForClock } from '../backup/amends.ts';
import { futureText, systemClock } from '../clock.ts';
import { controlSocket } from '../control.ts';
import { type Answer, answer, type Question } from '../explain/question.ts';
import { ledgerSource } from '../explain/sources.ts';
import { isThere } from '../files/folders.ts';
import { HallCore } from '../hall-core.ts';
import { checkImport } from '../imports/check.ts';
import { carriedOut, type ImportAnswer, type ImportRequest, takeIn } from '../imports/import.ts';
import { Workroom } from '../imports/workroom.ts';
import { Ledger } from '../ledger/ledger.ts';
import { isLocked } from '../ledger/lock.ts';
import { type Exported, exportLines } from '../lines/ledger-lines.ts';
import { systemLog } from '../log.ts';
import { requirePossibleStart } from './first-time.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

/** Writes the ledger's lines to `write`, piece by piece. */
export async function exportLedger(
  loaded: LoadedConfig,
  what: Exported,
  since: number | null,
  io: Io,
  write: (text: string) => void,
): Promise<void> {
  const query = since === null ? '' : `?since=${since}`;
  const asked = await ask(loaded, { path: `/export/${what}${query}`, method: 'GET' }, write);
  if (asked) return;
  requireLedger(loaded, io);
  await withLedger(loaded, io, (core) => {
    for (const line of exportLines(core, what, since)) write(`${line}\n`);
  });
}

/** Explains a verdict of the ledger, or all of a case. */
export async function explainFromLedger(loaded: LoadedConfig, question: Question, io: Io): Promise<Answer> {
  const { id, lang, json } = question;
  const query = new URLSearchParams({ id, lang, json: json ? '1' : '0' });
  const answered = await askDaemon(loaded, { path: `/explain?${query}`, method: 'GET' });
  if (answered !== null) return JSON.parse(answered) as Answer;
  requireLedger(loaded, io);
  return await withLedger(loaded, io, (core) => answer(ledgerSource(core), question));
}

/** Takes a file of facts into the ledger, `-` being standard input; or finds out what that would change. */
export async function importFactFile(
  loaded: LoadedConfig,
  given: string,
  { partial, dryRun }: Pick<ImportRequest, 'partial' | 'dryRun'>,
  io: Io,
): Promise<ImportAnswer> {
  using room = new Workroom(loaded.config.data);
  const file = given === '-' ? await room.keep(process.stdin) : given;
  const query = new URLSearchParams({ partial: partial ? '1' : '0', dryRun: dryRun ? '1' : '0', lang: io.lang });
  const body = () => createReadStream(file, { highWaterMark: 1 << 20 });
  const answered = await askDaemon(loaded, { path: `/import/facts?${query}`, method: 'POST', body });
  if (answered !== null) return JSON.parse(answered) as ImportAnswer;
  const { pile } = room;
  return await importHere(
    loaded,
    { question: { kind: 'facts', file, pile, lang: io.lang, sender: 'operator' }, partial, dryRun },
    io,
  );
}

/** Takes what a table says into the ledger; or finds out what that would change. */
export async function importTable(loaded: LoadedConfig, asked: ImportRequest, io: Io): Promise<ImportAnswer> {
  const answered = await askDaemon(loaded, { path: '/import', method: 'POST', body: JSON.stringify(asked) });
  return answered === null ? await importHere(loaded, asked, io) : (JSON.parse(answered) as ImportAnswer);
}

async function importHere(loaded: LoadedConfig, asked: ImportRequest, io: Io): Promise<ImportAnswer> {
  const { config, hall } = loaded;
  const ground = { directory: config.data, hall, countSimulated: false, now: systemClock().now() };
  const checked = await checkImport({
    question: asked.question,
    ground,
    options: { preview: asked.dryRun, partial: asked.partial },
  });
  return await carriedOut(asked, checked, (fresh) =>
    withLedger(loaded, io, (core) => {
      // Kept and not judged, it would look as if nothing followed from it.
      if (core.live.time.futureStart !== null)
        throw new Exit(EXIT.unavailable, tell(io, '没有导入。', 'Nothing was imported.'));
      requirePossibleStart(core, systemClock().now(), io);
      core.noteAway();
      return takeIn(core, fresh);
    }),
  );
}

/** Somebody says that the machine's clock is right, where no daemon runs: whoever opens the ledger next believes it. */
export async function vouchHere(loaded: LoadedConfig, io: Io): Promise<void> {
  requireLedger(loaded, io);
  const { config } = loaded;
  const ledger = Ledger.open({ directory: config.data, diskReserveBytes: config.diskReserve });
  try {
    ledger.commit(() => vouchForClock(ledger.database, systemClock().now()));
  } finally {
    ledger.close();
  }
}

/** Looking into a ledger is not to make one. */
export function requireLedger({ config }: LoadedConfig, io: Io): void {
  if (isThere(join(config.data, 'ledger.db'))) return;
  throw new Exit(EXIT.noInput, tell(io, `${config.data} 里没有账本`, `there is no ledger in ${config.data}`));
}

export interface Request {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly body?: string | (() => Readable);
  /** Hangs up. */
  readonly signal?: AbortSignal;
}

/** A configuration that says where the data are. */
interface Place {
  readonly config: { readonly data: string };
}

/** What the running daemon answers; null = none runs. */
export async function askDaemon(loaded: Place, question: Request): Promise<string | null> {
  let text = '';
  const asked = await ask(loaded, question, (piece) => {
    text += piece;
  });
  return asked ? text : null;
}

/** How long a daemon may take to open its socket, or to go once that is closed, and how often is looked. */
const OPENING_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Asks the running daemon, waiting for one that is just starting or ending; false = none runs. */
export async function ask({ config }: Place, question: Request, write: (text: string) => void): Promise<boolean> {
  const { data } = config;
  for (const until = performance.now() + OPENING_MS; ; await sleep(LOOK_EVERY_MS)) {
    if (await askNow(controlSocket(data), question, write)) return true;
    if (!isLocked(data) || performance.now() > until) return false;
    question.signal?.throwIfAborted();
  }
}

async function askNow(socketPath: string, question: Request, write: (text: string) => void): Promise<boolean> {
  if (!isThere(socketPath)) return false;
  return await new Promise((resolve, reject) => {
    const { path, method, signal } = question;
    // A connection of its own: one that was kept from the question before may belong to a daemon that has gone since.
    const options = { socketPath, path, method, agent: false, ...(signal === undefined ? {} : { signal }) } as const;
    const asking = request(options, (response) => {
      response.setEncoding('utf8');
      response.on('data', write);
      response.on('error', (error) => reject(new Exit(EXIT.unavailable, `the daemon broke off: ${error.message}`)));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(true);
        else reject(new Exit(EXIT.unavailable, `the daemon answered ${response.statusCode}`));
      });
    });
    asking.on('error', (error: NodeJS.ErrnoException) => {
      // A socket that a killed daemon left behind.
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false);
      // It runs, as another user.
      else if (error.code === 'EACCES') reject(error);
      else reject(new Exit(EXIT.unavailable, error.message));
    });
    const { body } = question;
    if (typeof body !== 'function') asking.end(body);
    else
      body()
        .on('error', (error) => asking.destroy(error))
        .pipe(asking);
  });
}

/** Opens the ledger for one piece of work; throws `LockedError` while another process has it. */
export async function withLedger<T>(
  loaded: LoadedConfig,
  io: Io,
  work: (core: HallCore) => T | Promise<T>,
): Promise<T> {
  const log = systemLog(io.env['ZAIGANG_LOG_LEVEL'] ?? 'warn');
  const core = new HallCore({ loaded, clock: systemClock(), log, language: io.lang, audiences: [] });
  const { futureStart } = core.live.time;
  if (futureStart !== null) io.say(futureText(futureStart, loaded.hall.zone, io.lang));
  try {
    return await work(core);
  } finally {
    core.close();
  }
}
