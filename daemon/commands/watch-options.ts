/** What `watch` is asked: seats, moments and files, read strictly. */
import { existsSync } from 'node:fs';
import type { Roi } from '../../config/fields.ts';
import { BEGINNING, formatInstant, HOUR, MINUTE, type Ms, parseInstant, SECOND, type Zone } from '../../rules/time.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

export type Seat = Extract<Roi, { readonly kind: 'box' }>;

/** What is beyond the picture by less than this share was rounded by whoever wrote it. */
const ROUNDING = 1e-6;

/** `X,Y,W,H`, several of them with `;` between, in fractions of the picture from the upper left. */
export function seatsOption(texts: readonly string[], io: Io): Seat[] {
  const parts = texts.flatMap((text) => text.split(/[;；]/)).map((part) => part.trim());
  const seats = parts.filter((part) => part !== '').map((part) => seatOf(part, io));
  if (seats.length === 0) throw new Exit(EXIT.usage, tell(io, '--seat：没有座位', '--seat: names no seat'));
  return seats;
}

function seatOf(text: string, io: Io): Seat {
  const numbers = text.split(/[,，]/).map((part) => (/^\s*\d*\.?\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  const [x, y, width, height] = numbers;
  const isFour = numbers.length === 4 && numbers.every((number) => Number.isFinite(number));
  if (!isFour || x === undefined || y === undefined || width === undefined || height === undefined)
    throw new Exit(
      EXIT.usage,
      tell(
        io,
        `--seat：应为 X,Y,宽,高（占画面的比例，如 0.10,0.20,0.30,0.50，多个座位用 ; 隔开），不是 "${text}"`,
        `--seat: expected X,Y,WIDTH,HEIGHT in fractions of the picture, such as 0.10,0.20,0.30,0.50 (several with ; between), got "${text}"`,
      ),
    );
  if (!(width > 0 && height > 0))
    throw new Exit(EXIT.usage, tell(io, `--seat：座位 "${text}" 没有面积`, `--seat: the seat "${text}" has no area`));
  if (x + width > 1 + ROUNDING || y + height > 1 + ROUNDING)
    throw new Exit(
      EXIT.usage,
      tell(
        io,
        `--seat：座位 "${text}" 超出画面；X+宽 和 Y+高 不能大于 1（是比例，不是像素）`,
        `--seat: the seat "${text}" reaches outside the picture; X + WIDTH and Y + HEIGHT are at most 1 (fractions, not pixels)`,
      ),
    );
  return { kind: 'box', x, y, width: Math.min(width, 1 - x), height: Math.min(height, 1 - y) };
}

/** An instant, and the zone of one offset that it is written in. */
export interface WrittenInstant {
  readonly at: Ms;
  readonly zone: Zone;
}

/** `--from`; without it now, in the machine's own offset. */
export function fromOption(text: string | undefined, now: Ms, io: Io): WrittenInstant {
  if (text === undefined) return { at: now, zone: fixedZone(-new Date(now).getTimezoneOffset() * MINUTE) };
  const at = parseInstant(text);
  if (at === null)
    throw new Exit(
      EXIT.usage,
      tell(
        io,
        `--from：应为 2026-03-02T09:00:00+08:00 这样的时间，不是 "${text}"`,
        `--from: expected a time such as 2026-03-02T09:00:00+08:00, got "${text}"`,
      ),
    );
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(text) ?? [];
  const offset = sign === undefined ? 0 : Number(hours) * HOUR + Number(minutes) * MINUTE;
  return { at, zone: fixedZone(sign === '-' ? -offset : offset) };
}

const fixedZone = (offset: Ms): Zone => ({ id: '', starts: [BEGINNING], offsets: [offset] });

/** When or where the seats are to be seen empty: so long after the first frame, or in a picture of its own. */
export type EmptySeats = { readonly offsetMs: Ms } | { readonly file: string };

const UNITS: Readonly<Record<string, Ms>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR };

/** `--empty`: `90`, `90s`, `1:30`, an instant of the source's own time, or else a file. */
export function emptyOption(text: string, from: WrittenInstant, io: Io): EmptySeats {
  const offsetMs = offsetOf(text, from);
  if (offsetMs === null) {
    if (existsSync(text)) return { file: text };
    throw new Exit(
      EXIT.noInput,
      tell(
        io,
        `--empty："${text}" 既不是时间（如 12s、1:30、2026-03-02T09:00:12+08:00），也不是存在的文件`,
        `--empty: "${text}" is neither a time (such as 12s, 1:30 or 2026-03-02T09:00:12+08:00) nor a file that exists`,
      ),
    );
  }
  if (offsetMs < 0) throw outside(text, from, null, io);
  return { offsetMs };
}

function offsetOf(text: string, from: WrittenInstant): Ms | null {
  const at = parseInstant(text);
  if (at !== null) return at - from.at;
  const plain = /^(-?\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  if (plain !== null) return Math.round(Number(plain[1]) * (UNITS[plain[2] ?? 's'] ?? SECOND));
  const clock = /^(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)$/.exec(text);
  if (clock === null) return null;
  return Math.round(Number(clock[1] ?? 0) * HOUR + Number(clock[2]) * MINUTE + Number(clock[3]) * SECOND);
}

/** `--empty` names a moment that the source does not have; `lengthMs` null = it is before the first frame. */
export function outside(text: string, from: WrittenInstant, lengthMs: Ms | null, io: Io): Exit {
  const first = formatInstant(from.zone, from.at);
  if (lengthMs === null)
    return new Exit(
      EXIT.badInput,
      tell(
        io,
        `--empty："${text}" 早于视频的第一帧（${first}）`,
        `--empty: "${text}" is before the first frame of the source (${first})`,
      ),
    );
  const last = formatInstant(from.zone, from.at + lengthMs);
  const seconds = (lengthMs / SECOND).toFixed(1);
  return new Exit(
    EXIT.badInput,
    tell(
      io,
      `--empty："${text}" 不在视频之内；视频长 ${seconds} 秒（${first} 至 ${last}）`,
      `--empty: "${text}" is outside the source, which is ${seconds} s long (${first} to ${last})`,
    ),
  );
}
