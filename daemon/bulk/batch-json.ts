/** Batches as programs and pages get them: never an address with its login. */
import { formatInstant, type Ms } from '../../rules/time.ts';
import { roiText } from '../trials/camera-entry.ts';
import { type Around, stepsJson } from '../trials/camera-json.ts';
import type { Batch } from './batch.ts';
import type { BatchRow } from './batch-row.ts';

export function batchJson(batch: Batch, around: Around): object {
  const { hall, reader, nameOf } = around;
  const { recorder } = batch;
  return {
    id: batch.id,
    by: batch.by,
    byName: nameOf(batch.by),
    beganAt: formatInstant(hall.zone, batch.beganAt),
    state: batch.state,
    format: batch.format,
    notes: batch.notes,
    problems: batch.problems,
    recorder:
      recorder === null
        ? null
        : {
            id: recorder.id,
            address: recorder.ask?.shown ?? null,
            template: recorder.template === null ? null : decoded(recorder.template.shown),
            steps: stepsJson(batch.steps, reader),
            remedy: batch.remedy,
          },
    rows: batch.rows.map((row) => rowJson(row, around)),
  };
}

const decoded = (shown: string): string => shown.replaceAll(/%7Bn%7D/gi, '{n}');

function rowJson(row: BatchRow, { hall, reader, nameOf }: Around): object {
  const at = (instant: Ms): string => formatInstant(hall.zone, instant);
  const nameOfWindow = (id: string): string | null => hall.windows.get(id)?.name ?? null;
  return {
    line: row.line,
    id: row.id,
    channel: row.channel,
    address: row.subject.address.shown,
    stream: row.stream?.shown ?? null,
    windows: row.windows.map((id) => ({ id, name: nameOfWindow(id) })),
    seats: row.seats.map(({ window, roi }) => ({ window, windowName: nameOfWindow(window), roi: roiText(roi) })),
    state: row.state,
    steps: stepsJson(row.steps, reader),
    remedy: row.remedy,
    refusedLine: row.refusedLine,
    pictureAt: row.picture === null ? null : at(row.picture.at),
    saved: row.saved === null ? null : { ...row.saved, at: at(row.saved.at), byName: nameOf(row.saved.by) },
  };
}
