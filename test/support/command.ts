/** A command of the program in this process, without the time that a program of its own takes to start. */
import { Command } from 'commander';
import { Exit, type Io } from '../../daemon/commands/io.ts';
import type { CommandOutcome } from './daemon.ts';

export interface Speaking {
  readonly lang?: Io['lang'];
  readonly env?: Io['env'];
  /** Hears each piece as it is said or written. */
  readonly heard?: (text: string) => void;
}

/** Runs it to its end; what is neither an `Exit` nor a success is thrown. */
export async function commanded(
  add: (program: Command, io: Io) => void,
  args: readonly string[],
  { lang = 'en', env = {}, heard = () => {} }: Speaking = {},
): Promise<CommandOutcome> {
  let [out, err] = ['', ''];
  const io: Io = {
    out(text) {
      out += text;
      heard(text);
    },
    say(text) {
      err += `${text}\n`;
      heard(text);
    },
    env,
    lang,
  };
  const program = new Command().exitOverride();
  add(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return { code: 0, out, err };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { code: error.code, out, err: `${err}${error.message}` };
  }
}
