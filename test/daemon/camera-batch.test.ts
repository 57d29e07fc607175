/** A batch against a recorder of our own: one wrong password is sent to it, whatever the rows say. */
import { expect, onTestFinished, test } from 'vitest';
import { LoginGate } from '../../adapters/login-gate.ts';
import { Batch } from '../../daemon/bulk/batch.ts';
import type { RowWish } from '../../daemon/bulk/batch-row.ts';
import { probeSubject } from '../../daemon/probing/camera.ts';
import { rtspCamera } from '../support/rtsp-camera.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';
import { jumpingClock } from '../support/rtsp-hall.ts';
import { until } from '../support/until.ts';

const LONG = { timeoutMs: 60_000, what: 'all rows are tried' };

async function batchOf(sources: readonly string[]): Promise<Batch> {
  const clock = jumpingClock();
  const around = { clock, gate: new LoginGate(clock), ffmpegPath: await ffmpegPath(), failed: () => {} };
  const rows = sources.map((source, i): RowWish => {
    const subject = probeSubject(source);
    if ('because' in subject) throw new Error(subject.because);
    return { line: i + 2, id: `cam-${i}`, subject, channel: null, windows: [], seats: [] };
  });
  const wish = { recorder: null, rows, problems: [], notes: [], format: null, by: 'root' };
  const batch = new Batch('B-1', wish, around);
  onTestFinished(() => batch.end());
  return batch;
}

test('rows of a host that has refused a password are not tried, and say which row it was', async () => {
  const recorder = await rtspCamera({ login: { user: 'viewer', password: 'right' }, lockAfter: 2, videos: {} });
  onTestFinished(() => recorder.close());
  const batch = await batchOf([
    recorder.url('1', 'viewer:wrong'),
    recorder.url('2', 'viewer:wrong'),
    recorder.url('3', 'viewer:another'),
    recorder.url('4'),
  ]);
  expect(batch.state).toBe('idle');
  batch.try(batch.triable(null), 'en');
  expect(batch.state).toBe('testing');
  await until(() => batch.state === 'idle', LONG);
  expect(batch.rows.map(({ state, refusedLine }) => [state, refusedLine])).toEqual([
    ['failed', null],
    ['not-tried', 2],
    ['not-tried', 2],
    ['failed', null],
  ]);
  expect(batch.rows[0]?.steps.map(({ step, ok, reason }) => [step, ok, reason])).toEqual([
    ['address', true, undefined],
    ['port', true, undefined],
    ['stream', false, 'wrong-login'],
  ]);
  expect([recorder.wrongLogins, recorder.isLocked]).toEqual([1, false]);

  // Pressed again at once nothing is sent either: the gate of the hall's own readers says so.
  batch.try(batch.triable([2, 3]), 'en');
  await until(() => batch.state === 'idle', LONG);
  expect(batch.rows[0]?.steps.at(-1)?.reason).toBe('login-closed');
  expect(batch.rows[1]?.state).toBe('not-tried');
  expect(recorder.wrongLogins).toBe(1);
}, 120_000);

test('a batch that is stopped begins nothing more, and nothing of it stays open', async () => {
  const recorder = await rtspCamera({ videos: {} });
  onTestFinished(() => recorder.close());
  recorder.setFault('mute', 'a');
  const batch = await batchOf(['a', 'a', 'a', 'a'].map((path, i) => `${recorder.url(path)}/${i}`));
  batch.try(batch.triable(null), 'en');
  await until(() => recorder.connections > 0, LONG);
  await batch.cancel();
  expect(batch.rows.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
  await until(() => recorder.connections === 0, LONG);
}, 120_000);
