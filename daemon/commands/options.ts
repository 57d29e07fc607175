import { type Day, dayOfDate, type Ms, parseInstant } from '../../rules/time.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

/** The instant that an option names; one that is none ends the command. */
export function instantOption(name: string, text: string, io: Io): Ms {
  return parseInstant(text) ?? notOne(name, text, ['时间', 'time', '2026-03-02T18:00:00+08:00'], io);
}

/** The date that an option names. */
export function dateOption(name: string, text: string, io: Io): Day {
  return dayOfDate(text) ?? notOne(name, text, ['日期', 'date', '2026-03-02'], io);
}

/** Of what is wrong, in English. */
export function counted(problems: number): string {
  return `${problems} ${problems === 1 ? 'problem' : 'problems'}`;
}

function notOne(name: string, text: string, [zh, en, example]: readonly [string, string, string], io: Io): never {
  throw new Exit(
    EXIT.usage,
    tell(
      io,
      `${name}：应为 ${example} 这样的${zh}，给的是“${text}”`,
      `${name}: expected a ${en} such as ${example}, got "${text}"`,
    ),
  );
}
