/** What `tap` writes: a message and what it is taken for, in one or two lines, or as JSON. */
import type { PunchReading } from '../../adapters/clock.ts';
import type { MappedReading, Step } from '../../adapters/clocks/mapped-reading.ts';
import { FIELD_NAMES, readingText, recordText, stepText } from '../../adapters/clocks/mapped-words.ts';
import { formatInstant, type Ms, type Zone } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { type Io, tell } from './io.ts';

export interface Heard {
  readonly at: Ms;
  readonly topic: string;
  readonly payload: Uint8Array;
  /** The broker had kept it. */
  readonly isKept: boolean;
}

/** `nobody`: no clock of the configuration is heard there. */
export interface Verdict {
  readonly clock: string | null;
  readonly kind: 'punch' | 'status' | 'presence' | 'other' | 'refused' | 'nobody';
  readonly punches?: readonly PunchReading[];
  readonly said?: string;
  /** Why it is, or parts of it are, kept aside. */
  readonly because: readonly string[];
}

export interface Writer {
  message(heard: Heard, text: string, verdict: Verdict, zone: Zone): void;
  /** A reading field by field. */
  reading(reading: MappedReading, zone: Zone, isRaw: boolean): void;
}

export function verdictOfReading(clock: string, reading: MappedReading, lang: Language): Verdict {
  const why = readingText(reading, lang);
  if (reading.kind === 'other') return { clock, kind: 'other', because: [] };
  if (reading.kind !== 'punches') return { clock, kind: 'refused', because: why === null ? [] : [why] };
  const punches = reading.records.flatMap(({ outcome }) => (outcome.kind === 'punch' ? [outcome.punch] : []));
  const because = reading.records.map((record) => recordText(record, lang)).filter((text) => text !== null);
  const kind = punches.length > 0 ? 'punch' : because.length > 0 ? 'refused' : 'other';
  return { clock, kind, punches, because };
}

const COLOURS: Readonly<Record<Verdict['kind'], number>> = {
  punch: 32,
  status: 36,
  presence: 36,
  other: 36,
  refused: 31,
  nobody: 33,
};

export function writerOf(io: Io, { json, colour }: { readonly json: boolean; readonly colour: boolean }): Writer {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    message({ at, topic, isKept }, text, verdict, zone) {
      if (json) {
        const { punches = [], ...rest } = verdict;
        const shown = punches.map(({ deviceAt, ...punch }) => ({ ...punch, at: formatInstant(zone, deviceAt) }));
        return io.out(
          `${JSON.stringify({ at: formatInstant(zone, at), topic, kept: isKept, payload: payloadOf(text), ...rest, punches: shown })}\n`,
        );
      }
      const time = formatInstant(zone, at).slice(11, 19);
      io.out(`${paint(2, time)} ${paint(1, topic)}${isKept ? tell(io, '（保留的）', ' (kept)') : ''} ${text}\n`);
      for (const line of linesOf(verdict, zone, io)) io.out(`         ${paint(COLOURS[verdict.kind], line)}\n`);
    },
    reading(reading, zone, isRaw) {
      if (json) return io.out(`${JSON.stringify(readingJson(reading, zone, isRaw))}\n`);
      const why = readingText(reading, io.lang);
      if (why !== null) return io.out(`${paint(31, why)}\n`);
      if (reading.kind === 'other')
        return io.out(
          `${tell(io, '不是打卡的消息（others）', 'a message that is no punch (others)')} ${reading.which + 1}\n`,
        );
      if (reading.kind !== 'punches') return;
      for (const [i, { steps, outcome }] of reading.records.entries()) {
        io.out(
          `${paint(1, tell(io, `记录 ${i + 1}：${OUTCOMES[outcome.kind].zh}`, `record ${i + 1}: ${OUTCOMES[outcome.kind].en}`))}\n`,
        );
        for (const step of steps)
          io.out(`  ${paint(step.fault === null ? 32 : 31, stepLine(step, zone, isRaw, io))}\n`);
      }
    },
  };
}

const OUTCOMES = {
  punch: { zh: '是打卡', en: 'a punch' },
  'not-passed': { zh: '验证没有通过，不是打卡', en: 'verification failed, no punch' },
  unfit: { zh: '存入拒收表', en: 'kept aside' },
} as const;

function linesOf({ clock, kind, punches = [], said, because }: Verdict, zone: Zone, io: Io): string[] {
  const of = clock === null ? '' : `${clock} `;
  const lines = punches.map(({ credential, deviceAt, seq, method }) => {
    const more = [seq === null ? '' : ` #${seq}`, method === null ? '' : ` ${method}`].join('');
    return `→ ${of}${tell(io, '打卡', 'punch of')} ${credential} ${formatInstant(zone, deviceAt)}${more}`;
  });
  if (kind === 'nobody')
    lines.push(
      tell(
        io,
        '→ 配置里没有考勤机听这个主题；用 --map 试一个映射',
        '→ no clock of the configuration is heard here; try a mapping with --map',
      ),
    );
  if (kind === 'other') lines.push(`→ ${of}${tell(io, '不是打卡', 'no punch')}`);
  if (said !== undefined) lines.push(`→ ${of}${said}`);
  return [...lines, ...because.map((text) => tell(io, `✗ 存入拒收表：${text}`, `✗ kept aside: ${text}`))];
}

/** Of a value that may be personal only its place is shown. */
function stepLine(step: Step, zone: Zone, isRaw: boolean, io: Io): string {
  const name = FIELD_NAMES[step.field]?.[io.lang] ?? step.field;
  const fault = stepText(step, io.lang);
  if (fault !== null) return `✗ ${fault}`;
  if (step.pointer === null) return `· ${name}${tell(io, '：没有', ': none')}`;
  const isText = typeof step.found === 'string' || typeof step.found === 'number' || typeof step.found === 'boolean';
  const found =
    isRaw || !step.field.startsWith('keep.') ? (isText ? ` ${JSON.stringify(step.found).slice(0, 80)}` : '') : '';
  const result = step.field === 'time' ? formatInstant(zone, Number(step.result)) : String(step.result);
  return `✓ ${name} ${step.pointer}${found} → ${result}`;
}

function readingJson(reading: MappedReading, zone: Zone, isRaw: boolean): object {
  if (reading.kind !== 'punches') return { kind: reading.kind, because: readingText(reading, 'en') };
  return {
    kind: reading.kind,
    records: reading.records.map(({ steps, outcome }) => ({
      outcome: outcome.kind,
      steps: steps.map((step) => ({
        ...{ field: step.field, pointer: step.pointer },
        ...(isRaw ? { found: step.found } : {}),
        result: step.field === 'time' && step.result !== null ? formatInstant(zone, Number(step.result)) : step.result,
        because: stepText(step, 'en'),
      })),
    })),
  };
}

function payloadOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
