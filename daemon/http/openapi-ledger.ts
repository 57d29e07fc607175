/** The part of `/api/openapi.json` about what is in the ledger. */
import { z } from 'zod';
import { problem, refsTo, refused } from './openapi-parts.ts';

const fact = z.looseObject({ fact: z.string(), id: z.string() }).describe('As it is exported.');

export const ledgerSchemas = {
  Employees: z.object({
    employees: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        department: z.string().nullable(),
        schedule: z.string().nullable().describe('Null = they need not punch.'),
      }),
    ),
  }),
  Leave: z.object({ leave: z.array(fact) }),
  Roster: z.object({
    windows: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        department: z.string().nullable(),
        a: z.array(z.string()),
        b: z.array(z.string()),
      }),
    ),
    changes: z
      .array(fact)
      .describe(
        'Facts `assign`, `cover` and `duty`; what they say comes before `windows`. Among the `employees` of an `assign`, null is somebody who may not be seen.',
      ),
  }),
} as const;

const { shown } = refsTo<keyof typeof ledgerSchemas>();

const since = (description: string): object => ({
  parameters: [{ name: 'since', in: 'query', schema: { type: 'string', format: 'date-time' }, description }],
});
const lines = (description: string): object => ({
  description,
  content: { 'application/jsonl': { schema: { type: 'string' } } },
});
const wrong = { 400: problem('`since` is no instant.'), ...refused };

export const ledgerPaths = {
  '/api/v1/facts': {
    get: {
      summary: 'The ledger’s facts, as `export facts` writes them.',
      ...since('Became known then or later.'),
      responses: { 200: lines('A fact a line.'), ...wrong },
    },
  },
  '/api/v1/verdicts': {
    get: {
      summary: 'The verdicts that hold, as `export verdicts` writes them; those that whoever asks may see.',
      ...since('Begin then or later.'),
      responses: { 200: lines('A verdict a line.'), ...wrong },
    },
  },
  '/api/v1/employees': {
    get: {
      summary: 'The hall’s people, as far as whoever asks may see them.',
      responses: { 200: shown('Employees', 'In the order of the configuration.'), ...refused },
    },
  },
  '/api/v1/leave': {
    get: {
      summary: 'Leave that has not been cancelled, of people whom whoever asks may see.',
      ...since('Ends later.'),
      responses: { 200: shown('Leave', 'Facts `leave`.'), ...wrong },
    },
  },
  '/api/v1/roster': {
    get: {
      summary: 'Who holds which window: by the configuration, and what was entered beyond it.',
      ...since('Changes that end later, or not at all.'),
      responses: { 200: shown('Roster', 'Windows and changes.'), ...wrong },
    },
  },
};
