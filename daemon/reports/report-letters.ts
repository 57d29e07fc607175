/** What channels are told of a report that was made by itself. */
import { hash } from 'node:crypto';
import { basename } from 'node:path';
import type { NoticeFile } from '../../adapters/notifier.ts';
import type { ReportLetter } from '../alerts/delivery.ts';
import type { Message } from '../alerts/outbox.ts';
import type { Language } from '../alerts/words.ts';
import type { Period } from './period.ts';

export interface MadeReport {
  /** Names the schedule that it was made by. */
  readonly schedule: string;
  readonly period: Period;
  readonly department: string | null;
  readonly brief: readonly string[];
  readonly files: readonly NoticeFile[];
}

/** More names of files than this are counted. */
const NAMED_FILES = 3;

/** A message for each channel, the same whenever that report is made again. `address`: where the pages are; null = not known. */
export function reportLetters(
  made: MadeReport,
  channels: readonly string[],
  address: string | null,
  language: Language,
): Message[] {
  const lines = [...made.brief, filesLine(made.files, language), ...(address === null ? [] : [pageOf(made, address)])];
  const letter: ReportLetter = { text: lines.join('\n'), files: made.files };
  const body = JSON.stringify(letter);
  const { kind, name } = made.period;
  return [...new Set(channels)].map((channel) => {
    const key = `R-${hash('sha256', `${channel}\n${made.schedule}\n${kind} ${name}`).slice(0, 24)}`;
    return { channel, key, alert: key, body };
  });
}

function filesLine(files: readonly NoticeFile[], language: Language): string {
  const names = files.slice(0, NAMED_FILES).map(({ path }) => basename(path));
  const more = files.length - names.length;
  if (language === 'zh') return `文件 ${names.join('、')}${more > 0 ? ` 等 ${files.length} 个` : ''}`;
  return `Files ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function pageOf({ period, department }: MadeReport, address: string): string {
  const query = department === null ? '' : `?department=${encodeURIComponent(department)}`;
  return `${address.replace(/\/$/, '')}/reports/${period.kind}/${period.name}${query}`;
}
