/** What is refused before it has come to any route: problem details like everything else (RFC 9457). */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_CONTENT_TYPE } from './problem.ts';

type Status = 400 | 408 | 413 | 417 | 431;

const DETAILS: Readonly<Record<Status, string>> = {
  400: 'This is no request as HTTP has them: its first line, its Host or another header cannot be read.',
  408: 'The request did not come in time.',
  413: 'The request is cut into pieces that say too much of themselves.',
  417: 'No expectation but 100-continue is met here.',
  431: 'The headers are too long.',
};

/** As Node has them; all else cannot be read at all. */
const STATUS_OF: Readonly<Record<string, Status>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/** Its headers and its body. `instance` is a reference to whatever was asked: nothing of it can be relied on. */
function refusal(status: Status): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const title = STATUS_CODES[status] ?? '';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: DETAILS[status], instance: '' });
  const length = String(Buffer.byteLength(body));
  const about = { 'Content-Type': PROBLEM_CONTENT_TYPE, 'Content-Length': length, 'Cache-Control': 'no-store' };
  return { headers: { ...about, Connection: 'close' }, body };
}

export function refusedRequest(status: Status): Response {
  const { headers, body } = refusal(status);
  return new Response(body, { status, headers });
}

export function refuseExpectation(_asked: unknown, response: ServerResponse): void {
  const { headers, body } = refusal(417);
  response.writeHead(417, headers).end(body);
}

/** For `clientError`: there is a socket, and no request. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Node keeps the answer that is under way on this socket here: in the middle of one nothing can be said.
  const { _httpMessage: underWay } = socket as { readonly _httpMessage?: ServerResponse | null };
  if (!socket.writable || underWay?.headersSent === true) return void socket.destroy(error);
  const status = STATUS_OF[error.code ?? ''] ?? 400;
  const { headers, body } = refusal(status);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy(error));
}
