/** Clocks for the benchmarks: one connection that publishes punches at QoS 1, as fast as the broker takes them or in time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import { punchTopic } from '../adapters/topics.ts';
import { HALL, type Punch } from './hall.ts';

/** Unanswered at once: enough to keep the broker busy, few enough to keep both sides' buffers small. */
const WINDOW = 2000;

/** Publishes everything in order and returns when the broker has answered for all of it. */
export async function publishAll(url: string, punches: readonly Punch[]): Promise<void> {
  const client = await connectAsync(url, { clientId: 'bench-clocks', protocolVersion: 4 });
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    let answered = 0;
    const send = (): void => {
      const punch = punches[next++];
      if (punch === undefined) return;
      publish(client, punch, (error) => {
        if (error) reject(error);
        else if (++answered === punches.length) resolve();
        else send();
      });
    };
    for (let i = 0; i < WINDOW; i++) send();
  });
  await client.endAsync();
}

export function publish(client: MqttClient, { clock, payload }: Punch, answered: (error?: Error | null) => void): void {
  client.publish(punchTopic(HALL, clock), payload, { qos: 1 }, answered);
}

/** Calls `send` `count` times, `perSecond` times a second; what is behind is caught up, so that the rate holds. */
export async function paced(count: number, perSecond: number, send: (i: number) => void): Promise<void> {
  const startedAt = performance.now();
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1000) + 1);
    while (sent < due) send(sent++);
    await sleep(1);
  }
}
