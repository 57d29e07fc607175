/** The entry: one program, one command. */
import { Command, CommanderError, type Help, Option } from 'commander';
import { dataFault } from './commands/data-fault.ts';
import { EXIT, Exit, type Io, languageOf, tell } from './commands/io.ts';
import { CHINESE_HELP, usageInChinese } from './commands/usage-words.ts';

function ioOf(args: readonly string[]): Io {
  const at = args.indexOf('--lang');
  const said = at < 0 ? args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length) : args[at + 1];
  return {
    out: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(`${text}\n`),
    ...(process.stderr.isTTY ? { overwrite: (text: string) => void process.stderr.write(`\r\u001b[K${text}`) } : {}),
    env: process.env,
    lang: said === 'zh' || said === 'en' ? said : languageOf(process.env),
  };
}

type Add = (program: Command, io: Io) => void;

const access = async (): Promise<Add> => (await import('./commands/access.ts')).accessCommand;

/** In the order of the help. Each is loaded when it is wanted: all of them together take a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  init: async () => (await import('./commands/init.ts')).initCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  reload: async () => (await import('./commands/reload.ts')).reloadCommand,
  'trust-clock': async () => (await import('./commands/trust-clock.ts')).trustClockCommand,
  replay: async () => (await import('./commands/replay.ts')).replayCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  discover: async () => (await import('./commands/discover.ts')).discoverCommand,
  probe: async () => (await import('./commands/probe.ts')).probeCommand,
  tap: async () => (await import('./commands/tap.ts')).tapCommand,
  punch: async () => (await import('./commands/punch.ts')).punchCommand,
  watch: async () => (await import('./commands/watch.ts')).watchCommand,
  notify: async () => (await import('./commands/notify.ts')).notifyCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  backup: async () => (await import('./commands/backup.ts')).backupCommand,
  restore: async () => (await import('./commands/restore.ts')).restoreCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  evidence: async () => (await import('./commands/evidence.ts')).evidenceCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  user: access,
  token: access,
  screen: access,
};

/** Those of the command that is asked for; all of them for help, and for a name that is none. */
async function adders(args: readonly string[]): Promise<ReadonlySet<Add>> {
  const asked = args.find((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--lang') ?? '';
  const wanted = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]] : Object.values(COMMANDS);
  return new Set(await Promise.all(wanted.map((load) => (load as () => Promise<Add>)())));
}

/** Chinese characters take two columns of a terminal. */
function displayWidth(text: string): number {
  return [...text].reduce(
    (width, char) =>
      width +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(char)
        ? 2
        : 1),
    0,
  );
}

const languageOption = (io: Io): Option =>
  new Option('--lang <zh|en>', tell(io, '语言', 'language')).choices(['zh', 'en']);

async function programOf(args: readonly string[], io: Io): Promise<Command> {
  const program = new Command('zaigang');
  program
    .description(tell(io, '在岗：政务大厅窗口在岗监督', 'Zaigang: is every window of the hall served?'))
    .addOption(languageOption(io))
    .exitOverride()
    .helpOption('-h, --help', tell(io, '显示说明', 'display help for command'))
    .configureHelp({ displayWidth, ...(io.lang === 'zh' ? CHINESE_HELP : {}) } satisfies Partial<Help>)
    .configureOutput({
      writeErr: (text) => io.say(text.trimEnd()),
      outputError: (text, write) => write(io.lang === 'zh' ? usageInChinese(text) : text),
    });
  for (const add of await adders(args)) add(program, io);
  for (const command of program.commands) command.addOption(languageOption(io)).copyInheritedSettings(program);
  // Those below would inherit it, also where there is nothing to choose from.
  for (const group of [program, ...program.commands.filter(({ commands }) => commands.length > 0)])
    group.helpCommand('help [command]', tell(io, '显示一个命令的说明', 'display help for command'));
  return program;
}

/** Runs a command and gives its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const io = ioOf(args);
  try {
    await (await programOf(args, io)).parseAsync([...args], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof Exit) {
      if (error.message !== '') io.say(error.message);
      return error.code;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const fault = dataFault(error, io);
    if (fault !== null) {
      io.say(fault.message);
      return fault.code;
    }
    io.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.bug;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the output has seen enough (`| head`): that is no error, and the command ends by itself.
  if (error.code === 'EPIPE') return;
  process.stderr.write(`${error.message}\n`);
  process.exit(EXIT.cannotWrite);
});
process.exitCode = await main(process.argv.slice(2));
