/** The entry: one program, one command. */
import { Command, CommanderError, type Help } from 'commander';
import { accessCommand } from './commands/access.ts';
import { auditCommand } from './commands/audit.ts';
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { discoverCommand } from './commands/discover.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { explainCommand } from './commands/explain.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { EXIT, Exit, type Io, languageOf, tell } from './commands/io.ts';
import { notifyCommand } from './commands/notify.ts';
import { probeCommand } from './commands/probe.ts';
import { punchCommand } from './commands/punch.ts';
import { reloadCommand } from './commands/reload.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { tapCommand } from './commands/tap.ts';
import { watchCommand } from './commands/watch.ts';
import { LedgerError } from './ledger/ledger.ts';

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

function programOf(io: Io): Command {
  const program = new Command('zaigang');
  program
    .description(tell(io, '在岗：政务大厅窗口在岗监督', 'Zaigang: is every window of the hall served?'))
    .option('--lang <zh|en>', tell(io, '语言', 'language'))
    .exitOverride()
    .configureHelp({ displayWidth } satisfies Partial<Help>)
    .configureOutput({ writeErr: (text) => io.say(text.trimEnd()) });
  for (const add of [
    demoCommand,
    runCommand,
    reloadCommand,
    initCommand,
    checkCommand,
    replayCommand,
    reportCommand,
    explainCommand,
    punchCommand,
    notifyCommand,
    importCommand,
    exportCommand,
    auditCommand,
    accessCommand,
    watchCommand,
    discoverCommand,
    probeCommand,
    tapCommand,
    evidenceCommand,
    doctorCommand,
  ]) {
    add(program, io);
  }
  for (const command of program.commands)
    command.option('--lang <zh|en>', tell(io, '语言', 'language')).copyInheritedSettings(program);
  return program;
}

/** Runs a command and gives its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const io = ioOf(args);
  try {
    await programOf(io).parseAsync([...args], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof Exit) {
      if (error.message !== '') io.say(error.message);
      return error.code;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof LedgerError) {
      io.say(error.message);
      return EXIT.cannotWrite;
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
