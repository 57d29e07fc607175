/** Reports that are made by themselves: whom they are told to, and that none writes over another's names. */
import { normalize } from 'node:path';
import { child, type Draft, items, textOf } from '../draft.ts';
import { atKey, atValue, type Finding, finding } from '../finding.ts';
import { USUAL } from '../report-schema.ts';
import { type LineOf, unknown } from './people.ts';

export function checkReports(root: Draft, lineOf: LineOf): Finding[] {
  const reports = items(root, 'reports');
  const channels = new Map(
    items(child(root, 'notify'), 'channels').map((channel) => [textOf(channel, 'id') ?? '', channel]),
  );
  return [...reports.flatMap((report) => checkReaders(report, channels)), ...mixedMasks(reports, lineOf)];
}

function checkReaders(report: Draft, channels: ReadonlyMap<string, Draft>): Finding[] {
  return items(report, 'to').flatMap((one) => {
    const channel = channels.get(textOf(one) ?? '');
    if (channel === undefined) return unknown('channel', one, channels);
    if (isForReports(channel)) return [];
    return [
      finding(atValue(one.path), (words, shown) => words.channelWithoutReports({ shown }), { needsWholeFile: true }),
    ];
  });
}

/** A report is for a group or for those who lead, never for each person; the hall's topic and the log have alerts only. */
function isForReports(channel: Draft): boolean {
  const kind = textOf(channel, 'kind');
  if (kind === 'log' || kind === 'mqtt') return false;
  return (textOf(channel, 'to') ?? (kind === 'wecom-app' ? 'person' : null)) !== 'person';
}

/** Two of the same file, one with names and one without: whoever comes later would write over the other. */
function mixedMasks(reports: readonly Draft[], lineOf: LineOf): Finding[] {
  const first = new Map<string, Draft>();
  return reports.flatMap((report) => {
    const files = filesOf(report);
    const others = files.flatMap((file) => first.get(file) ?? []);
    for (const file of files) if (!first.has(file)) first.set(file, report);
    const other = others.find((one) => isMasked(one) !== isMasked(report));
    if (other === undefined) return [];
    const line = lineOf(other.path);
    const place = atKey([...report.path, 'make']);
    return [finding(place, (words) => words.reportsOverwrite({ line }), { needsWholeFile: true })];
  });
}

/** What stands for each file that it writes. */
function filesOf(report: Draft): string[] {
  const folder = normalize(textOf(report, 'folder') ?? USUAL.folder);
  const written = items(report, 'formats').flatMap((format) => textOf(format) ?? []);
  const of = [textOf(report, 'make'), folder, textOf(report, 'department')];
  return (written.length === 0 ? USUAL.formats : written).map((format) => JSON.stringify([...of, format]));
}

function isMasked(report: Draft): boolean {
  const { value } = child(report, 'maskNames');
  return typeof value === 'boolean' ? value : items(report, 'to').length > 0;
}
