/** A body as it comes in, given up where nothing more of it comes: whoever waits for it keeps others waiting. */
import type { Ms } from '../../rules/time.ts';

export class StalledUpload extends Error {
  override readonly name = 'StalledUpload';
}

/** Fails with a `StalledUpload` when nothing came for so long. How long all of it may take is bounded by the server (five minutes). */
export async function* arriving(body: ReadableStream<Uint8Array>, stalledMs: Ms): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), stalledMs);
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}

async function inTime<T>(coming: Promise<T>, stalledMs: Ms): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new StalledUpload('nothing more of it came')), stalledMs);
  try {
    return await Promise.race([coming, stalled]);
  } finally {
    clearTimeout(timer);
  }
}
