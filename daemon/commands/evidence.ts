import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import { decodeJpeg, encodeJpeg } from '../../adapters/cameras/jpeg.ts';
import type { LoadedConfig } from '../../config/load.ts';
import { startOfDay } from '../../rules/hall.ts';
import { formatInstant } from '../../rules/time.ts';
import { systemClock } from '../clock.ts';
import { captioned } from '../evidence/caption.ts';
import { checkedArchive } from '../evidence/case-archive.ts';
import type { Entry, Taken, Wanted } from '../evidence/evidence-book.ts';
import { EvidenceDesk, type Listed, type Verified } from '../evidence/evidence-desk.ts';
import { type Frozen, type Sent, sent } from '../evidence/evidence-door.ts';
import { archiveText, frozenText, listText, notShownText, verifiedText } from '../evidence/words.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { askDaemon, type Request, requireLedger, withLedger } from './ledger.ts';
import { loadWithoutSecrets } from './load.ts';
import { dateOption } from './options.ts';

interface Options {
  readonly config: string;
  readonly json?: boolean;
}

interface ListOptions extends Options {
  readonly case?: string;
  readonly window?: string;
  readonly camera?: string;
  readonly day?: string;
}

interface ShowOptions extends Options {
  readonly out: string;
  readonly overlay?: boolean;
}

/** `evidence list|show|verify|freeze`: the pictures of cases. */
export function evidenceCommand(program: Command, io: Io): void {
  const evidence = program
    .command('evidence')
    .description(tell(io, '画面证据：列出、查看、核验、留存', 'pictures of cases: list, show, verify, freeze'));
  const add = (name: string, zh: string, en: string): Command =>
    evidence
      .command(name)
      .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
      .option('--json', tell(io, '输出结构化数据', 'print it as a structure'))
      .description(tell(io, zh, en))
      .copyInheritedSettings(program);
  add('list', '列出画面，或没有画面的原因', 'list pictures, or why there are none')
    .option('--case <id>', tell(io, '某案件或结论的', 'of a case, or of a verdict’s key'))
    .option('--window <id>', tell(io, '某窗口的', 'of a window'))
    .option('--camera <id>', tell(io, '某摄像头的', 'of a camera'))
    .option('--day <date>', tell(io, '某一天的，如 2026-03-02', 'of a day, such as 2026-03-02'))
    .action((options: ListOptions) => list(options, io));
  add('show', '取出一幅画面；查看会记入账本', 'get a picture; the look is recorded in the ledger')
    .argument('<id>', tell(io, '画面编号', 'the picture’s id'))
    .requiredOption('--out <file>', tell(io, '写到哪个文件', 'where to write it'))
    .option('--overlay', tell(io, '副本下方注明时间、摄像头和摘要', 'a copy with time, camera and digest below it'))
    .action((picture: string, options: ShowOptions) => show(picture, options, io));
  add('verify', '核验画面文件与账本，或一个案件证据包', 'hold the files against the ledger, or an archive of a case')
    .argument(
      '[archive]',
      tell(io, '案件证据包（.zip）；不需要配置和账本', 'an archive (.zip); needs neither configuration nor ledger'),
    )
    .action((archive: string | undefined, options: Options) =>
      archive === undefined ? verify(options, io) : verifyArchive(archive, options, io),
    );
  add('freeze', '留存摄像头或窗口此刻内存中的画面', 'keep what is remembered of a camera or window now')
    .argument('<id>', tell(io, '摄像头或窗口', 'a camera or a window'))
    .action((target: string, options: Options) => freeze(target, options, io));
}

async function list({ config, json, case: about, window, camera, day }: ListOptions, io: Io): Promise<void> {
  const loaded = await loadWithoutSecrets(config, io);
  if (window !== undefined && camera !== undefined) {
    throw new Exit(EXIT.usage, tell(io, '--window 与 --camera 只能写一个', 'give --window or --camera, not both'));
  }
  const subject = window ?? camera;
  const wanted: Wanted = {
    ...(about === undefined ? {} : { case: about }),
    ...(subject === undefined ? {} : { subject }),
    ...(day === undefined ? {} : spanOf(day, loaded, io)),
  };
  const path = `?wanted=${encodeURIComponent(JSON.stringify(wanted))}`;
  const listed = (await fromDesk(loaded, io, { path, method: 'GET' }, (desk) => desk.list(wanted))) as Listed[];
  io.out(json === true ? jsonLines(listed) : listText(listed, loaded.hall.zone, io.lang));
}

function spanOf(date: string, { hall }: LoadedConfig, io: Io): Required<Pick<Wanted, 'from' | 'to'>> {
  const day = dateOption('--day', date, io);
  return { from: startOfDay(hall, day), to: startOfDay(hall, day + 1) };
}

async function show(picture: string, { config, out, overlay, json }: ShowOptions, io: Io): Promise<void> {
  const loaded = await loadWithoutSecrets(config, io);
  const by = userInfo().username;
  const body = JSON.stringify({ picture, by });
  const shown = (await fromDesk(loaded, io, { path: '/view', method: 'POST', body }, (desk) =>
    sent(desk.view(picture, by)),
  )) as Sent;
  if ('because' in shown) {
    const isTampered = shown.because === 'changed' || shown.because === 'absent';
    throw new Exit(isTampered ? EXIT.badInput : EXIT.noInput, notShownText(picture, shown, io.lang));
  }
  const { entry } = shown;
  const bytes = Buffer.from(shown.jpeg, 'base64');
  try {
    await writeFile(out, overlay === true ? await overlaid(entry, bytes, loaded, io) : bytes, { mode: 0o600 });
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw new Exit(EXIT.cannotWrite, (error as Error).message);
  }
  if (json === true) io.out(jsonLines([entry]));
  else io.say(tell(io, `已写入 ${out}，本次查看已记入账本`, `wrote ${out}; the look was recorded`));
}

/** A copy with what is known of it below it; the picture as it was stored has no words on it. */
async function overlaid(entry: Entry<Taken>, bytes: Buffer, { hall }: LoadedConfig, io: Io): Promise<Buffer> {
  const found = await locateFfmpeg(io.env);
  if ('missing' in found) throw new Exit(EXIT.unavailable, `${found.missing} ${found.remedy}`);
  const picture = await decodeJpeg(found.path, bytes, entry);
  if ('because' in picture) throw new Exit(EXIT.unavailable, picture.detail);
  const lines = [
    `${formatInstant(hall.zone, entry.takenAt)}  ${entry.camera}  ${entry.window}  ${entry.moment}`,
    `${entry.picture}  ${entry.case ?? ''}`.trimEnd(),
    `sha256 ${entry.sha256}`,
  ];
  const jpeg = await encodeJpeg(found.path, captioned(picture, lines));
  if ('because' in jpeg) throw new Exit(EXIT.unavailable, jpeg.detail);
  return jpeg;
}

async function verify({ config, json }: Options, io: Io): Promise<void> {
  const loaded = await loadWithoutSecrets(config, io);
  const done = (await fromDesk(loaded, io, { path: '/verify', method: 'GET' }, (desk) => desk.verify())) as Verified;
  io.out(json === true ? jsonLines([done]) : verifiedText(done, io.lang));
  if (done.rows.length + done.files.length + done.strays.length > 0) throw new Exit(EXIT.badInput);
}

async function verifyArchive(path: string, { json }: Options, io: Io): Promise<void> {
  const check = checkedArchive(await archiveAt(path, io));
  io.out(json === true ? jsonLines([check]) : archiveText(check, io.lang));
  if ('unreadable' in check || check.faults.length > 0) throw new Exit(EXIT.badInput);
}

async function archiveAt(path: string, io: Io): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const because = (error as Error).message;
    throw new Exit(EXIT.noInput, tell(io, `读不了“${path}”：${because}`, `cannot read "${path}": ${because}`));
  }
}

async function freeze(target: string, { config, json }: Options, io: Io): Promise<void> {
  const loaded = await loadWithoutSecrets(config, io);
  const body = JSON.stringify({ target, by: userInfo().username });
  const answer = await askDaemon(loaded, { path: '/evidence/freeze', method: 'POST', body });
  if (answer === null) {
    throw new Exit(
      EXIT.unavailable,
      tell(io, '守护程序没有运行：内存中没有画面可留存', 'no daemon runs: nothing is remembered that could be kept'),
    );
  }
  const frozen = JSON.parse(answer) as Frozen;
  if (frozen === null) {
    const said = tell(io, `没有读取画面的摄像头或窗口“${target}”`, `no camera or window "${target}" is being read`);
    throw new Exit(EXIT.noInput, said);
  }
  io.out(json === true ? jsonLines(frozen) : frozenText(frozen, io.lang));
  if (frozen.every(({ because }) => because !== null)) throw new Exit(EXIT.no);
}

/** Asks the running daemon, or the ledger itself where none runs. */
async function fromDesk(
  loaded: LoadedConfig,
  io: Io,
  question: Request,
  work: (desk: EvidenceDesk) => unknown,
): Promise<unknown> {
  const answer = await askDaemon(loaded, { ...question, path: `/evidence${question.path}` });
  if (answer !== null) return JSON.parse(answer);
  requireLedger(loaded, io);
  const clock = systemClock();
  return await withLedger(loaded, io, ({ ledger, hall }) => work(new EvidenceDesk(ledger, hall.id, () => clock.now())));
}

const jsonLines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
