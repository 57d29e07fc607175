import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { SECOND } from '../../../rules/time.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';
import { isTaken } from '../../support/zkteco-push-device.ts';
import { type PushHall, SERIAL, zktecoPushHall } from '../../support/zkteco-push-hall.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function hall(...given: Parameters<typeof zktecoPushHall>): Promise<PushHall> {
  const made = await zktecoPushHall(...given);
  open.push(made.door);
  return made;
}

describe('the old server', () => {
  interface Old {
    readonly url: string;
    readonly heard: string[];
    status: number;
  }

  async function oldServer(port = 0): Promise<Old> {
    const heard: string[] = [];
    const server: Server = createServer(async (asked, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of asked) chunks.push(chunk as Buffer);
      heard.push(`${asked.method} ${asked.url} ${Buffer.concat(chunks).toString('latin1')}`);
      answer.writeHead(old.status).end('OK');
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    open.push({
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    });
    const address = server.address();
    const old: Old = { url: `http://127.0.0.1:${(address as { port: number }).port}`, heard, status: 200 };
    return old;
  }

  test('gets the same requests, and gives no commands', async () => {
    const old = await oldServer();
    const { device, ear } = await hall({ relay: old.url });
    device.punch('1001', '2026-03-02 08:55:10');
    await device.register();
    await device.upload();
    await until(() => old.heard.length === 2, { what: 'the relayed requests' });
    expect(old.heard).toEqual([
      `GET /iclock/cdata?SN=${SERIAL}&options=all&pushver=2.4.1&language=83 `,
      `POST /iclock/cdata?SN=${SERIAL}&table=ATTLOG&Stamp=1 1001\t2026-03-02 08:55:10\t0\t1\t0\t0\t0\n`,
    ]);
    expect(ear.about()['relay']).toBe('ok');
  });

  test('that is away changes no answer; its failures are said, and it gets the uploads when it is back', async () => {
    const port = await freePort();
    const { device, ear, time } = await hall({ relay: `http://127.0.0.1:${port}` });
    device.punch('1001', '2026-03-02 08:55:10');
    const reply = await device.upload();
    expect(reply !== null && isTaken(reply, 1)).toBe(true);
    await until(
      async () => {
        time.pass(SECOND);
        await device.poll();
        return ear.about()['relay']?.includes('cannot be reached (ECONNREFUSED)');
      },
      { what: 'the failure' },
    );
    expect(ear.about()['relay']).toMatch(/^\d+ failed, \d+ waiting; last/);
    const old = await oldServer(port);
    await until(async () => (await device.poll()) && old.heard.length > 0, { what: 'the upload at the old server' });
    expect(old.heard[0]).toContain('table=ATTLOG&Stamp=1 1001\t');
  });

  test('that refuses is said; one that is ourselves goes round once', async () => {
    const old = await oldServer();
    old.status = 500;
    const { device, ear } = await hall({ relay: old.url });
    await until(async () => (await device.poll()) && ear.about()['relay']?.includes('answered 500'), {
      what: 'the failure',
    });

    const port = await freePort();
    const circle = await hall({ relay: `http://127.0.0.1:${port}` }, { port });
    await circle.device.register();
    await until(() => circle.door.requests.length >= 2, { what: 'the relayed request' });
    await circle.device.register();
    await until(() => circle.door.requests.length >= 4, { what: 'the second relayed request' });
    expect(circle.door.requests).toHaveLength(4);
  });
});
