/** Somebody who asks a server, with a cookie or without, as a browser or as a program. */
export interface CallerOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `name=value`. */
  readonly cookie?: string;
}

/** Asks as our own pages do: JSON, and the origin that a browser would name. */
export function callerOf(url: string) {
  return (path: string, { method, body, headers, cookie }: CallerOptions = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      redirect: 'manual',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: {
        Origin: url,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(cookie === undefined ? {} : { Cookie: cookie }),
        ...headers,
      },
    });
}

/** The cookie that an answer gives, as it is sent back; and what the browser is told about it. */
export function cookieOf(response: Response): { readonly pair: string; readonly flags: readonly string[] } {
  const [pair = '', ...flags] = (response.headers.getSetCookie()[0] ?? '').split('; ');
  return { pair, flags: flags.toSorted() };
}
