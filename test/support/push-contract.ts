/** What holds for every terminal that pushes over HTTP, whatever its make; and how other tests of a make open its door. */
import { expect, onTestFinished, test } from 'vitest';
import type { ConnectedClock } from '../../adapters/clock.ts';
import { openClockDoor } from './clock-door.ts';
import { clockEar } from './clock-ear.ts';
import { spoiledBytes } from './spoiled-bytes.ts';

interface PushedForm {
  readonly type: string;
  readonly body: Buffer<ArrayBuffer>;
}

export interface PushMake {
  clock(): ConnectedClock;
  /** Where it pushes to. */
  readonly path: string;
  readonly heartbeat: string;
  /** A punch in each form in which it is pushed, the plainest first. */
  readonly forms: readonly [PushedForm, ...PushedForm[]];
}

/** Holds a make to it, and answers with what opens a door: an ear behind it, and what posts to it. */
export function pushContract({ clock, path, heartbeat, forms }: PushMake) {
  /** The door closes when the test ends. */
  async function pushed() {
    const [opened, ear] = [clock(), clockEar()];
    const door = await openClockDoor(opened, ear.listener);
    onTestFinished(() => door.close());
    const post = (body: BodyInit, headers: Record<string, string> = {}, to = path) =>
      fetch(`http://127.0.0.1:${door.port}${to}`, { method: 'POST', body, headers });
    return { ear, post, clock: opened };
  }

  test('is not acknowledged before it is kept, and then once', async () => {
    const { ear, post } = await pushed();
    ear.hold();
    let answered: number | null = null;
    const asking = post(forms[0].body).then(({ status }) => (answered = status));
    expect((await post(heartbeat)).status).toBe(200);
    expect(answered).toBeNull();
    ear.release();
    await asking;
    expect(answered).toBe(200);
    expect(ear.kept.size).toBe(1);
  });

  test('ten thousand payloads that are not quite right are each kept, kept aside, or of nobody', {
    timeout: 120_000,
  }, async () => {
    const ear = clockEar();
    const { http } = clock();
    const bodies = forms.map(({ body }) => body);
    let count = 0;
    for (const { body, of } of spoiledBytes(10_000, 20_260_302, bodies)) {
      const headers = new Headers({ 'content-type': forms[of]?.type ?? '' });
      const request = { method: 'POST', path, query: new URLSearchParams(), headers, body, from: '' };
      if ((await http?.handle(request, ear.listener))?.status === 200) count++;
    }
    expect(count).toBe(10_000);
    expect(ear.delivered).toBeGreaterThan(500);
    expect(ear.refused.length).toBeGreaterThan(500);
    const told = ear.refused.map(({ because, payload }) => `${because === ''}${Buffer.from(payload)}`).join('\n');
    expect(told).not.toMatch(/^true|徐敏/m);
    for (const { original } of ear.kept.values()) expect(JSON.stringify(original)).not.toMatch(/徐敏/);
  });

  return pushed;
}
