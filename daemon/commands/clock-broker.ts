/** How a command speaks to the hall's broker where a clock does. */
import type { IClientOptions } from 'mqtt';
import type { LoadedConfig } from '../../config/load.ts';
import type { Ms } from '../../rules/time.ts';
import { EXIT, Exit } from './io.ts';

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
