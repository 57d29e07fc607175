import type { Command } from 'commander';
import { EXIT, Exit, type Io } from './io.ts';
export function demoCommand(program: Command, _io: Io): void {
  program.command('demo').action(() => {
    throw new Exit(EXIT.no, 'later');
  });
}
