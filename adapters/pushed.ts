/** What a device posts in one body or in parts: a document, or `multipart/form-data` with a document and pictures. */
import { SECOND } from '../rules/time.ts';
import type { ClockSurroundings, DeviceAnswer, DeviceRequest } from './clock.ts';
import { inflatedBody } from './inflate.ts';
import { boundaryOf, MultipartError, MultipartReader } from './multipart.ts';
import { within } from './within.ts';

const MOST_BYTES = 4 * 1024 * 1024;
/** How long devices wait for an answer is nowhere told; the shortest time that is usual. */
const ANSWER_WITHIN_MS = 5 * SECOND;

/** Answers 200 once `take` has kept the documents of a request, and 503 where that takes too long: it is sent again. */
export async function takePushed(
  { clock }: Pick<ClockSurroundings, 'clock'>,
  { method, path, headers, body }: DeviceRequest,
  take: (documents: readonly Uint8Array[], about: string, signal: AbortSignal) => Promise<unknown>,
): Promise<DeviceAnswer> {
  if (method !== 'POST' && method !== 'PUT') return { status: 405, body: '', headers: { Allow: 'POST' } };
  const bytes = inflatedBody(body, headers.get('content-encoding') ?? '', MOST_BYTES);
  const documents = bytes === null ? [body] : documentsOf(bytes, headers.get('content-type') ?? '');
  // What has come in is kept also where nobody waits for the answer any more.
  const never = new AbortController().signal;
  const isKept = await within(clock, ANSWER_WITHIN_MS, take(documents, `${method} ${path}`, never));
  return isKept ? { status: 200, body: 'OK' } : { status: 503, body: '', headers: { 'Retry-After': '10' } };
}

/** The parts of a body that are no pictures; what is no multipart body is one as it is. */
function documentsOf(body: Uint8Array, type: string): readonly Uint8Array[] {
  if (!/^multipart\//i.test(type)) return [body];
  const parts: Uint8Array[] = [];
  const boundary = boundaryOf(type);
  const reader = new MultipartReader({
    boundary,
    onPart: ({ headers, body: bytes }) => {
      if (bytes.length > 0 && !isPicture(headers.get('content-type') ?? '', bytes)) parts.push(bytes);
    },
    maxPartBytes: body.length + 1024,
  });
  try {
    reader.push(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    // A last part whose end was forgotten ends with the body.
    reader.push(Buffer.from(`\r\n--${boundary ?? ''}--\r\n`));
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error;
  }
  return parts.length > 0 ? parts : [body];
}

/** Pictures are sent along, and not always with their type. */
export function isPicture(type: string, body: Uint8Array): boolean {
  return /^image\//i.test(type) || (body[0] === 0xff && body[1] === 0xd8);
}
