/** How a command speaks to the hall's broker where a clock does. */
import type { IClientOptions } from 'mqtt';
import type { LoadedConfig } from '../../config/load.ts';
import { suggest } from '../../config/suggest.ts';
import type { Ms } from '../../rules/time.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';

export interface ClockBroker {
  readonly url: string;
  readonly options: IClientOptions;
}

/**
 * With the hall's own login; on the embedded broker as the clock itself, which may do there what it does. One attempt: there is
 * somebody who waits for the answer.
 */
export function clockBroker({ config }: LoadedConfig, clock: string, timeoutMs: Ms): ClockBroker {
  const { mqtt } = config;
  const own = mqtt?.embedded ?? null;
  const url = mqtt?.url ?? (own === null ? null : `mqtt://${own.listen.host}:${own.listen.port}`);
  if (url === null) throw new Exit(EXIT.config, 'no broker is configured');
  const login =
    mqtt?.url != null
      ? mqtt
      : { username: clock, password: config.clocks.find(({ id }) => id === clock)?.password ?? null };
  return {
    url,
    options: {
      connectTimeout: timeoutMs,
      reconnectPeriod: 0,
      ...(login.username === null ? {} : { username: login.username }),
      ...(login.password === null ? {} : { password: login.password }),
    },
  };
}

/** Ends the command where the configuration has no such clock. */
export function requireClock({ config }: LoadedConfig, clock: string, io: Io): void {
  const ids = config.clocks.map(({ id }) => id);
  if (ids.includes(clock)) return;
  const near = suggest(clock, ids);
  const zh = near === null ? `（配置里有：${ids.join('、') || '无'}）` : `；是不是 "${near}"？`;
  const en = near === null ? ` (configured: ${ids.join(', ') || 'none'})` : `; did you mean "${near}"?`;
  throw new Exit(EXIT.usage, tell(io, `没有考勤机 "${clock}"${zh}`, `there is no clock "${clock}"${en}`));
}

/** Whether the broker was there and did not let us in: bad user name or password, or not authorised, of MQTT 3.1.1 and 5. */
export const isLoginRefused = (error: unknown): boolean =>
  [4, 5, 134, 135].includes((error as { readonly code?: unknown }).code as number);

/** How a command ends that the broker did not serve. */
export function brokerFault(error: unknown, { url, options }: ClockBroker, io: Io): Exit {
  const { message } = error as Error;
  if (isLoginRefused(error)) {
    const who = options.username ?? '';
    const said = tell(
      io,
      `MQTT 服务 ${url} 不让 "${who}" 登录（${message}）：核对 mqtt 的 username 和 password；用自带的服务时是考勤机的 password`,
      `the broker ${url} does not let "${who}" in (${message}): check username and password under mqtt; with the embedded broker it is the clock’s password`,
    );
    return new Exit(EXIT.notPermitted, said);
  }
  return new Exit(
    EXIT.unavailable,
    tell(io, `连不上 MQTT 服务：${url}：${message}`, `the broker cannot be reached: ${url}: ${message}`),
  );
}
