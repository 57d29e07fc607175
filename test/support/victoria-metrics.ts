/** A real VictoriaMetrics, the single-node program. */
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

export interface VictoriaServer extends ServerProcess {
  readonly url: string;
  /** Every stored sample whose series matches the PromQL selector, in the order of names and labels. */
  samples(selector: string): Promise<readonly VictoriaSeries[]>;
}

export interface VictoriaSeries {
  /** `__name__` is `<measurement>_<field>`. */
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  readonly timestamps: readonly number[];
}

/** `dedup` false leaves out the flag that makes points of one series and time overwrite each other. */
export async function startVictoriaMetrics(options: { readonly dedup?: boolean } = {}): Promise<VictoriaServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = serverProcess({
    command: '/usr/bin/victoria-metrics',
    args: (dir) => [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${join(dir, 'data')}`,
      '-retentionPeriod=100y',
      '-loggerLevel=ERROR',
      ...(options.dedup === false ? [] : ['-dedup.minScrapeInterval=1ms']),
    ],
    isUp: async () => (await fetch(`${url}/health`)).status === 200,
  });
  await process.start();
  return {
    ...process,
    url,
    async samples(selector) {
      await fetch(`${url}/internal/force_flush`);
      const query = new URLSearchParams({ 'match[]': selector, start: '0' });
      const text = await (await fetch(`${url}/api/v1/export?${query}`)).text();
      const lines = text.split('\n').filter((line) => line !== '');
      return lines.sort().map((line) => JSON.parse(line) as VictoriaSeries);
    },
  };
}
