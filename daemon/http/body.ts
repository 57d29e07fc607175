/** Reading what was sent, strictly. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { problem } from './problem.ts';

/** What cannot be read: the answer says what was expected, and where. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
}

/** The body as the schema has it; throws an `UnreadableBody`, which `app.ts` answers. */
export async function bodyOf<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  let value: unknown;
  try {
    value = await c.req.json();
  } catch (cause) {
    throw new UnreadableBody('The body is no JSON.', { cause });
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  // What was sent is not repeated: it may hold a password.
  throw new UnreadableBody(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

export function unreadableBody(c: Context, { message }: UnreadableBody): Response {
  return problem(c, { status: 422, title: 'Unprocessable Content', detail: message });
}
