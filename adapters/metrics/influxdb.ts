/**
 * InfluxDB and what speaks its line protocol (1.x, 2.x, 3.x, VictoriaMetrics). The client library only encodes and
 * sends here: left alone it keeps points in memory, flushes in the background and swallows the error, and logs to the
 * console. So every batch gets a writer of its own that is larger than the batch, never retries, and is flushed once.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpError, InfluxDB, Point as Line, type Transport } from '@influxdata/influxdb-client';
import type { Ms } from '../../rules/time.ts';
import { MetricsError, type MetricsStore, type Point } from '../metrics.ts';

/** Either `database` (1.x) or `bucket` (2.x, 3.x); either `username` and `password` or `token`, or neither. */
export interface InfluxOptions {
  /** http or https; a path is kept, for stores behind a proxy. Credentials in it stand for `username` and `password`. */
  readonly url: string;
  /** 1.x and VictoriaMetrics: written through `/write`. */
  readonly database?: string;
  readonly username?: string;
  readonly password?: string;
  /** 2.x and 3.x: written through `/api/v2/write`. 3.x ignores the organisation. */
  readonly org?: string;
  readonly bucket?: string;
  readonly token?: string;
  /** For one whole request. The default is longer than the 10 s after which InfluxDB itself gives up a write. */
  readonly timeoutMs?: Ms;
}

const DEFAULT_TIMEOUT_MS: Ms = 15_000;

/** What a store that is alive says about the points themselves; every other status is about the way to it. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422]);

/** InfluxDB 2.0 wraps a field type conflict into a 500 (http/write_handler.go), which no trying again can cure. */
const REFUSAL_TEXT = /partial write|field type conflict/i;

interface Target {
  readonly base: string;
  readonly secure: boolean;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly token: string | undefined;
  /** What must not be seen in any message. */
  readonly secrets: readonly string[];
}

/** Throws a `MetricsError` with `retry` false if the options contradict themselves. */
export function influxStore(options: InfluxOptions): MetricsStore {
  const target = targetOf(options);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const agent = target.secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  // No idle time-out of the library's: it reports one but leaves the request open. `post` sets a deadline instead.
  const { transport } = new InfluxDB({
    url: target.base,
    headers: target.headers,
    timeout: 0,
    transportOptions: { agent },
    ...(target.token === undefined ? {} : { token: target.token }),
  });
  let closed = false;

  async function post(lines: readonly string[]): Promise<void> {
    if (closed) throw new MetricsError('the store was closed', { retry: true });
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      await send(transport, target.path, lines, deadline.signal);
    } catch (error) {
      if (deadline.signal.aborted) throw new MetricsError(`no answer within ${timeoutMs} ms`, { retry: true });
      throw explained(error, target.secrets);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    name: 'influxdb',
    async write(points) {
      if (points.length > 0) await post(points.map(encode));
    },
    async check() {
      try {
        // An empty write asks for everything a real one needs: the way, the credentials, the right to write, the place.
        await post(['']);
      } catch (error) {
        // 2.x has checked all of that by the time it finds that an empty body is a bad request.
        if (error instanceof MetricsError && !error.retry) return;
        throw error;
      }
    },
    async close() {
      closed = true;
      agent.destroy();
    },
  };
}

/** One request with all lines; rejects with whatever the library or the network said. */
async function send(transport: Transport, path: string, lines: readonly string[], signal: AbortSignal): Promise<void> {
  let status: number | undefined;
  const watched: Transport = {
    chunkCombiner: transport.chunkCombiner,
    request: (...given) => transport.request(...given),
    iterate: (...given) => transport.iterate(...given),
    send: (to, body, sendOptions, callbacks) =>
      transport.send(
        to,
        body,
        { ...sendOptions, signal },
        {
          ...callbacks,
          responseStarted(headers, statusCode) {
            status = statusCode;
            callbacks?.responseStarted?.(headers, statusCode);
          },
        },
      ),
  };
  const writer = new InfluxDB({ url: 'http://unused.invalid', transport: watched }).getWriteApi('', '', 'ms', {
    batchSize: lines.length + 1,
    maxBatchBytes: Number.MAX_SAFE_INTEGER,
    flushInterval: 0,
    maxRetries: 0,
    // On the same machine or network, compressing costs more time than it saves.
    gzipThreshold: Number.MAX_SAFE_INTEGER,
    // A promise from here replaces the library's own handling, which would print the error.
    writeFailed: (error) => Promise.reject(error),
  });
  writer.path = path;
  for (const line of lines) writer.writeRecord(line);
  await writer.flush();
  // The library takes a 201 for success, but it stands for "some of the points were rejected".
  if (status === 201) throw new HttpError(400, 'Created', 'partial write: the store took only some of the points');
}

function targetOf(options: InfluxOptions): Target {
  const url = URL.parse(options.url);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw misused('the url is not http or https');
  const username = options.username || decoded(url.username);
  const password = options.password || decoded(url.password);
  const { database, bucket, token } = options;
  if (Boolean(database) === Boolean(bucket)) throw misused('either a database or a bucket is needed');
  if (token && username) throw misused('a token and a user name exclude each other');
  if (password && !username) throw misused('a password needs a user name');
  // Basic authentication, because `u` and `p` in the query end up in the logs of every proxy on the way.
  const basic = username ? Buffer.from(`${username}:${password}`).toString('base64') : '';
  const place = database
    ? `/write?db=${encodeURIComponent(database)}`
    : `/api/v2/write?org=${encodeURIComponent(options.org ?? '')}&bucket=${encodeURIComponent(bucket ?? '')}`;
  return {
    base: url.origin + url.pathname.replace(/\/+$/, '').replace(/\/api\/v2$/, ''),
    secure: url.protocol === 'https:',
    path: `${place}&precision=ms`,
    headers: basic ? { authorization: `Basic ${basic}` } : {},
    token: token || undefined,
    secrets: [password, basic, token ?? ''].filter((secret) => secret !== ''),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw misused('the credentials in the url are not percent-encoded');
  }
}

function misused(because: string): MetricsError {
  return new MetricsError(`the time series store is set up wrongly: ${because}`, { retry: false });
}

// A backslash escapes what follows it, but only sometimes, and the rules differ between versions: a trailing one would
// swallow the separator. Line ends would begin another point.
const UNSAFE = /[\\\p{Cc}]/u;

/** One line of line protocol; throws a `MetricsError` where the point would be changed or lost on the way. */
function encode(point: Point): string {
  const refuse = (because: string): never => {
    throw new MetricsError(`the point cannot be written: ${because}`, { retry: false });
  };
  // A leading # makes a comment of the line, which stores skip without a word.
  if (point.measurement === '' || point.measurement.startsWith('#') || UNSAFE.test(point.measurement)) {
    refuse(`measurement ${JSON.stringify(point.measurement)}`);
  }
  if (!Number.isSafeInteger(point.at)) refuse(`its time is ${point.at}, not whole milliseconds`);
  const line = new Line(point.measurement);
  for (const [name, value] of Object.entries(point.tags)) {
    if (name === '' || UNSAFE.test(name) || UNSAFE.test(value)) refuse(`tag ${JSON.stringify({ [name]: value })}`);
    // An absent tag is left out; the protocol has no empty ones.
    if (value !== '') line.tag(name, value);
  }
  for (const [name, value] of Object.entries(point.fields)) {
    if (name === '' || UNSAFE.test(name)) refuse(`field ${JSON.stringify(name)}`);
    if (!Number.isFinite(value)) refuse(`field ${name} is ${value}`);
    // Always a float: the first writer settles the type of a field, and a whole number today may be a half tomorrow.
    line.floatField(name, value);
  }
  return line.toLineProtocol({ convertTime: () => String(point.at) }) ?? refuse('it has no fields');
}

function explained(error: unknown, secrets: readonly string[]): MetricsError {
  if (!(error instanceof HttpError)) {
    const message = error instanceof Error ? error.message : String(error);
    return new MetricsError(`the store is unreachable: ${concealed(message, secrets)}`, { retry: true, cause: error });
  }
  const said = spoken(error);
  const refused = REFUSALS.has(error.statusCode) || REFUSAL_TEXT.test(said);
  // Without the library's error as its cause: that one holds the whole answer, which may echo what we sent.
  return new MetricsError(`${meaning(error.statusCode, refused)} (${error.statusCode}): ${concealed(said, secrets)}`, {
    retry: !refused,
  });
}

/**
 * Wrong credentials and a missing database count as worth trying again: an operator mends them, and until then not one
 * point may be given up.
 */
function meaning(status: number, refused: boolean): string {
  if (status === 413) return 'the store found the batch too large';
  if (refused) return 'the store refused the points';
  if (status === 401) return 'the store did not accept the credentials';
  if (status === 403) return 'the store does not permit writing';
  if (status === 404) return 'the database or bucket does not exist';
  if (status === 429 || status === 503) return 'the store is overloaded';
  return status >= 500 ? 'the store failed' : 'something else than a store answered';
}

/** The sentence in the answer: `error` in 1.x and 3.x (with the points' faults in `data`), `message` in 2.x. */
function spoken(error: HttpError): string {
  const json: unknown = error.json;
  if (typeof json !== 'object' || json === null) return error.body ?? error.statusMessage ?? '';
  const first: unknown = 'data' in json && Array.isArray(json.data) ? json.data[0] : undefined;
  const detail = typeof first === 'object' && first !== null && 'error_message' in first ? first.error_message : null;
  const whole = 'error' in json ? json.error : 'message' in json ? json.message : error.body;
  return detail === null ? String(whole) : `${whole}: ${detail}`;
}

const LONGEST_MESSAGE = 300;

function concealed(text: string, secrets: readonly string[]): string {
  let plain = text;
  for (const secret of secrets) plain = plain.replaceAll(secret, '***');
  return plain.replace(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE);
}
