/** What every part of `/api/openapi.json` is made of. */
import { z } from 'zod';
import { PROBLEM_CONTENT_TYPE } from './problem.ts';

export const instant = z.string().meta({ format: 'date-time' });

export const json = (schema: object): object => ({ 'application/json': { schema } });

const refTo = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

/** References to the schemas of one part, by their names. */
export function refsTo<Name extends string>() {
  const ref = (name: Name | 'Problem'): object => refTo(name);
  return {
    ref,
    /** An answer that holds it. */
    shown: (name: Name, description: string): object => ({ description, content: json(ref(name)) }),
    /** A body that holds it. */
    sent: (name: Name): object => ({ requestBody: { required: true, content: json(ref(name)) } }),
  };
}

export const problem = (description: string): object => ({
  description,
  content: { [PROBLEM_CONTENT_TYPE]: { schema: refTo('Problem') } },
});

export const refused = { 401: problem('Nobody known asks.'), 403: problem('Not for these roles.') };
