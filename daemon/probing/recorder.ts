/** A recorder asked by ONVIF for its channels: the video sources that it lists, and of each the stream to look at. */
import type { CameraAddress } from '../../adapters/cameras/camera-address.ts';
import { type OnvifProfile, streamToWatch } from '../../adapters/cameras/onvif-device.ts';
import { DeviceFault } from '../../adapters/device-fault.ts';
import { explained, greet, type ProbeSurroundings, reach, streamOf } from './camera.ts';
import { tell } from './steps.ts';

/** One of its cameras. */
export interface RecorderChannel {
  /** As the recorder calls the stream. */
  readonly name: string;
  readonly stream: CameraAddress;
}

/** In the recorder's order, at most so many. Rejects with the `StepFailure` of the first step that does not do. A login is tried once. */
export async function recorderChannels(
  address: CameraAddress,
  around: ProbeSurroundings,
  most: number,
): Promise<readonly RecorderChannel[]> {
  const { steps, reader: io, signal } = around;
  await reach(address, around);
  const camera = await greet(address, around);
  return await steps.run('profiles', () =>
    explained(io, async () => {
      const bySource = Map.groupBy(await camera.profiles(), ({ videoSource }) => videoSource);
      if (bySource.size === 0) throw new DeviceFault('refused', 'offers no profile');
      const taken = [...bySource.values()].slice(0, most).map((own) => streamToWatch(own) as OnvifProfile);
      const channels: RecorderChannel[] = [];
      for (const profile of taken) {
        signal.throwIfAborted();
        channels.push({ name: profile.name, stream: await streamOf(camera, profile, address) });
      }
      const said = tell(io, `${bySource.size} 路`, `${bySource.size} channels`);
      return [channels, { said, data: { channels: bySource.size } }] as const;
    }),
  );
}
