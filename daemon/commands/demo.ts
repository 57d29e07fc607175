import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Command } from 'commander';
import { dialectOf } from '../../adapters/cameras/ffmpeg-command.ts';
import { locateFfmpeg } from '../../adapters/cameras/ffmpeg-locate.ts';
import { type Day, dateOf, formatInstant, instantOf, MINUTE, type Ms, weekdayOf } from '../../rules/time.ts';
import { systemClock, systemElapsed } from '../clock.ts';
import { CURTAIN, type Note, SESSIONS } from '../demo/day.ts';
import { CLOCKS, cameraOf, DEMO_PEOPLE, DEMO_WINDOWS, FILMED_WINDOW, HALL_NAME } from '../demo/hall.ts';
import { Narrator } from '../demo/narrator.ts';
import { paper } from '../demo/paper.ts';
import { play } from '../demo/play.ts';
import { openPlayhouse, type Playhouse } from '../demo/playhouse.ts';
import { FilmError, openSeatFilm, type SeatFilm } from '../demo/seat-film.ts';
import { type Story, storyOf } from '../demo/story.ts';
import { summarise, summaryLines } from '../demo/summary.ts';
import { dateInHall, dayAnswer, workingDayUpTo } from '../demo/working-day.ts';
import { ListenError } from '../http/listening.ts';
import { systemLog } from '../log.ts';
import { sayFirstLink } from './access.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { dateOption } from './options.ts';

interface Options {
  readonly speed: string;
  readonly day?: string;
  readonly port: string;
  readonly seed: string;
  readonly once?: boolean;
}

interface Settings {
  /** Simulated time by real time; infinite = as fast as it goes. */
  readonly speed: number;
  readonly day: Day;
  readonly port: number;
  readonly seed: number;
  readonly once: boolean;
}

/** `demo`: a simulated hall plays a working day through the real system. */
export function demoCommand(program: Command, io: Io): void {
  program
    .command('demo')
    .option('--speed <n>', tell(io, '倍速；max 为最快', 'times real time; max = as fast as it goes'), '600')
    .option('--day <date>', tell(io, '演示哪一天，默认最近的工作日', 'which day; the latest working day by default'))
    .option('--port <n>', tell(io, '看板的端口，0 为任意', 'the port of the board, 0 = any'), '8420')
    .option('--seed <n>', tell(io, '种子：同一种子，同一天', 'the same seed gives the same day'), '1')
    .option('--once', tell(io, '演完即结束', 'end with the day'))
    .description(
      tell(io, '演示：模拟大厅的一个工作日，走真实的全过程', 'a simulated hall’s working day through the real system'),
    )
    .action((options: Options) => demo(settingsOf(options, io), io));
}

async function demo(settings: Settings, io: Io): Promise<void> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of SIGNALS) process.once(signal, stop);
  // A reader that goes away (`| head`) ends the play as well.
  process.stdout.on('error', stop);
  try {
    await perform(settings, io, stopping.signal);
  } catch (error) {
    if (error instanceof ListenError || error instanceof FilmError) throw new Exit(EXIT.unavailable, error.message);
    if (!stopping.signal.aborted || (error as Error).name !== 'AbortError') throw error;
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function perform(settings: Settings, io: Io, signal: AbortSignal): Promise<void> {
  const { day, seed, speed } = settings;
  const coloured = process.stdout.isTTY === true && !io.env['NO_COLOR'];
  const page = paper({ lang: io.lang, coloured, write: (text) => io.out(text) });
  page.plain(title(settings, io));
  const port = await freeOr(settings.port, io);
  const log = systemLog(io.env['ZAIGANG_LOG_LEVEL'] ?? 'warn');
  await using house = await openPlayhouse({ lang: io.lang, port, log, elapsed: systemElapsed, day });
  sayWhere(house, settings, io);
  sayFirstLink(house.daemon.access, io);
  const narrator = new Narrator(page, house.hall);
  const story = storyOf(house.hall.zone, day, seed);
  await using film = await filmOf(house, story, day, io);
  if (film !== null) narrator.tell(house.clock.now(), FILM_NOTE);
  const happenings = story.without(film === null ? null : FILMED_WINDOW);
  const notices = await play(house, { day, happenings, film, speed, narrator, elapsed: systemElapsed, signal });
  const { engine } = house.daemon.core;
  const summary = summarise(house.daemon, engine.windowsAt(engine.now), notices);
  for (const line of ['', ...summaryLines(summary, dateOf(day), io.lang)]) page.plain(line);
  const { difference } = summary.replay;
  if (difference !== null) {
    throw new Exit(EXIT.bug, `exported: ${difference.exported}\nreplayed: ${difference.replayed}`);
  }
  if (settings.once) return;
  sayWhatNext(house, engine.now, io);
  house.clock.run();
  if (!signal.aborted) await once(signal, 'abort');
}

/** The camera of one window, where there is an ffmpeg that can encode its pictures. */
async function filmOf({ hall }: Playhouse, { seats }: Story, day: Day, io: Io): Promise<SeatFilm | null> {
  const found = await locateFfmpeg(io.env);
  if ('missing' in found) return sayNoFilm(found.missing, io);
  const instant = (timeOfDay: Ms): Ms => instantOf(hall.zone, day, timeOfDay);
  const script = seats.get(FILMED_WINDOW) ?? [];
  try {
    return await openSeatFilm({
      ffmpegPath: found.path,
      dialect: await dialectOf(found.path),
      hall,
      window: FILMED_WINDOW,
      source: cameraOf(FILMED_WINDOW),
      script: script.map(([at, state]) => [instant(at), state]),
      showings: Object.values(SESSIONS).map(({ from, to }) => ({
        from: instant(from - 20 * MINUTE),
        to: instant(to + 5 * MINUTE),
      })),
    });
  } catch (error) {
    if (!(error instanceof FilmError)) throw error;
    return sayNoFilm(`${found.path}: ${error.message}`, io);
  }
}

function sayNoFilm(because: string, io: Io): null {
  io.say(
    tell(
      io,
      `没有可用的 ffmpeg，${FILMED_WINDOW} 的座位和别的一样由 MQTT 报来（${because}）`,
      `Without a working ffmpeg the seat of ${FILMED_WINDOW} is reported over MQTT like the others (${because})`,
    ),
  );
  return null;
}

// ---- what was asked for ----------------------------------------------------------------------------------------------

function settingsOf(options: Options, io: Io): Settings {
  return {
    speed: speedOf(options.speed),
    day: dayOf(options.day, io),
    port: wholeOf('--port', options.port, 65_535),
    seed: wholeOf('--seed', options.seed, 4_294_967_295),
    once: options.once === true,
  };
}

function speedOf(text: string): number {
  if (text === 'max' || Number(text) === 0) return Number.POSITIVE_INFINITY;
  const speed = Number(text);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new Exit(EXIT.usage, `--speed: expected a number such as 600, or max, got "${text}"`);
}

function wholeOf(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new Exit(EXIT.usage, `${name}: expected a whole number from 0 to ${most}, got "${text}"`);
}

/** A day on which people work: on any other there would be nothing to see. */
function dayOf(text: string | undefined, io: Io): Day {
  const today = dateInHall(systemClock().now());
  if (text === undefined) return workingDayUpTo(today);
  const day = dateOption('--day', text, io);
  const answer = dayAnswer(day);
  if (answer === 'work') return day;
  const other = dateOf(workingDayUpTo(day));
  throw new Exit(
    EXIT.usage,
    answer === 'rest'
      ? tell(
          io,
          `${text} 是休息日，大厅不开门，没有可演示的。可用工作日：--day ${other}`,
          `${text} is a day of rest: the hall is closed, and there is nothing to play. A working day: --day ${other}`,
        )
      : tell(
          io,
          `${text} 的放假安排尚未公布，那天的结论一律待定。可用工作日：--day ${other}`,
          `the holidays around ${text} are not published, so every verdict would be undecided. A working day: --day ${other}`,
        ),
  );
}

/** The port that was asked for, or any free one where that is taken. */
async function freeOr(port: number, io: Io): Promise<number> {
  if (port === 0) return 0;
  const probe = createServer();
  try {
    probe.listen(port, '127.0.0.1');
    await once(probe, 'listening');
    probe.close();
    await once(probe, 'close');
    return port;
  } catch (error) {
    // Whatever else is wrong is told when the pages are opened.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return port;
    io.say(tell(io, `端口 ${port} 已被占用，另选一个。`, `Port ${port} is in use; another one is taken.`));
    return 0;
  }
}

// ---- what is said ----------------------------------------------------------------------------------------------------

const FILMED_NAME = DEMO_WINDOWS.find(({ id }) => id === FILMED_WINDOW)?.name ?? { zh: '', en: '' };
const FILM_NOTE: Note = {
  sign: '·',
  label: { zh: '画面', en: 'picture' },
  text: {
    zh: `${FILMED_WINDOW} ${FILMED_NAME.zh}的座位由一路摄像机看：画面由程序绘制，经 ffmpeg 编码、解码，再作判断；其余座位由 MQTT 报来`,
    en: `the seat of ${FILMED_WINDOW} ${FILMED_NAME.en} is watched by a camera: drawn by code, through ffmpeg as H.264, and judged; the others are reported over MQTT`,
  },
};

const WEEKDAYS_ZH = '一二三四五六日';
const WEEKDAYS_EN = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function title({ day, seed }: Settings, io: Io): string {
  const [windows, people, clocks] = [DEMO_WINDOWS.length, DEMO_PEOPLE.size, Object.keys(CLOCKS).length];
  const seats = DEMO_WINDOWS.filter(({ camera }) => camera !== null).length;
  const weekday = weekdayOf(day) - 1;
  return tell(
    io,
    `演示大厅「${HALL_NAME.zh}」 ${dateOf(day)} 星期${WEEKDAYS_ZH[weekday]} · ${windows} 个窗口，${people} 人，${clocks} 台打卡设备，${seats} 路模拟在岗检测 · 种子 ${seed}\n`,
    `Demonstration: ${HALL_NAME.en}, ${WEEKDAYS_EN[weekday]} ${dateOf(day)} · ${windows} windows, ${people} people, ${clocks} clocks, ${seats} simulated seat watchers · seed ${seed}\n`,
  );
}

function sayWhere(house: Playhouse, { speed }: Settings, io: Io): void {
  const seconds = Math.ceil((CURTAIN.falls - CURTAIN.rises) / speed / 1000);
  io.say(
    tell(
      io,
      `看板 ${pageOf(house, io)}  ${Number.isFinite(speed) ? `${speed} 倍速，约 ${seconds} 秒` : '最快速度'} · Ctrl-C 结束\n`,
      `Board ${pageOf(house, io)}  ${Number.isFinite(speed) ? `${speed} times real time, about ${seconds} s` : 'as fast as it goes'} · Ctrl-C ends it\n`,
    ),
  );
}

const pageOf = ({ daemon }: Playhouse, io: Io): string => `${daemon.url}/${io.lang === 'en' ? '?lang=en' : ''}`;

function sayWhatNext(house: Playhouse, now: Ms, io: Io): void {
  const config = `--config ${house.configFile}`;
  const at = formatInstant(house.hall.zone, now);
  io.say(
    [
      '',
      tell(
        io,
        `演完了，看板还开着：${pageOf(house, io)}  Ctrl-C 结束`,
        `The day is over; the board is still up: ${pageOf(house, io)}  Ctrl-C ends it`,
      ),
      tell(io, '趁它开着，可以看账本、重算：', 'While it is, look into the ledger, and judge the day again:'),
      `  ./zaigang export verdicts ${config}`,
      `  ./zaigang export facts ${config} | ./zaigang replay ${config} --facts - --now ${at}`,
      tell(
        io,
        '建自己的大厅：照样例写 hall.yaml，检查，运行：',
        'Your own hall: write a hall.yaml after the example, check it, run it:',
      ),
      '  cp config/example.yaml hall.yaml',
      '  ./zaigang check hall.yaml',
      '  ./zaigang run',
      tell(io, '文档：docs/vocabulary.md、docs/alerts.md', 'Documents: docs/vocabulary.md, docs/alerts.md'),
    ].join('\n'),
  );
}
