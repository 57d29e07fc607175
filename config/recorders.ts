/** Recorders: one address and one login for all their channels. Each camera of one names its channel, and is read like any other. */
import type { Config } from './schema.ts';

/** Where the number of the channel stands in a recorder's address. */
const CHANNEL_MARK = '{n}';

/** The address of one channel. Before the path nothing is exchanged: a password may hold anything. */
export const channelSource = (source: string, channel: number): string =>
  source.replace(/^([a-z+]+:\/\/[^/?#]*)(.*)$/is, (_, door: string, path: string) => {
    return `${door}${path.replaceAll(CHANNEL_MARK, String(channel))}`;
  });

/** Whether its channels differ at all. */
export const hasChannels = (source: string): boolean => channelSource(source, 1) !== source;

/** The same configuration with the address of each camera that is a recorder's. */
export function withRecorders(config: Config): Config {
  const sources = new Map(config.recorders.map(({ id, source }) => [id, source]));
  const cameras = config.cameras.map((camera) => {
    const source = sources.get(camera.recorder ?? '');
    return source === undefined || camera.channel === null
      ? camera
      : { ...camera, source: channelSource(source, camera.channel) };
  });
  return { ...config, cameras };
}
