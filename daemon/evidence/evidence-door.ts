/** What commands ask of the evidence of a running daemon. */
import { Hono } from 'hono';
import type { HttpApp } from '../http/app.ts';
import type { HttpEnv } from '../http/env.ts';
import type { Evidence, Outcome } from './evidence.ts';
import type { Wanted } from './evidence-book.ts';
import type { EvidenceDesk, NotShown, Shown } from './evidence-desk.ts';

/** A picture as text, for JSON. */
export type Sent = (Omit<Shown, 'jpeg'> & { readonly jpeg: string }) | NotShown;

/** What is frozen; null = there is no such camera or window. */
export type Frozen = readonly Outcome[] | null;

export function sent(shown: ReturnType<EvidenceDesk['view']>): Sent {
  return 'because' in shown ? shown : { ...shown, jpeg: Buffer.from(shown.jpeg).toString('base64') };
}

export function evidenceDoor(evidence: Evidence): HttpApp {
  const app: HttpApp = new Hono<HttpEnv>();
  const { desk } = evidence;
  app.get('/', (c) => c.json(desk.list(JSON.parse(c.req.query('wanted') ?? '{}') as Wanted)));
  app.get('/verify', (c) => c.json(desk.verify()));
  app.post('/view', async (c) => {
    const { picture, by } = (await c.req.json()) as { picture: string; by: string };
    return c.json(sent(desk.view(picture, by)));
  });
  app.post('/freeze', async (c) => {
    const { target, by } = (await c.req.json()) as { target: string; by: string };
    return c.json((await evidence.freeze(target, by)) satisfies Frozen);
  });
  return app;
}
