import pino from 'pino';

/** A fixed phrase in the past tense, and fields: never names, credentials or secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** `error`: somebody must act. `warn`: the world misbehaved and we coped. `info`: the daemon's life. `debug`: everything else. */
export interface Log {
  error(fields: LogFields, phrase: string): void;
  warn(fields: LogFields, phrase: string): void;
  info(fields: LogFields, phrase: string): void;
  debug(fields: LogFields, phrase: string): void;
}

/** JSON lines on standard error; `ZAIGANG_LOG_LEVEL` decides how many. */
export function systemLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/**
 * Of an error that nobody expected: what it says, and where it came from, causes and all. Nothing else that it carries: that may be
 * what no log is to hold, such as a request with its password.
 */
export function faultOf(error: unknown): { readonly because: string; readonly stack: string } {
  return { because: String(error), stack: stackOf(error) };
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? String(error);
  return error.cause === undefined ? stack : `${stack}\ncaused by ${stackOf(error.cause)}`;
}
