/** The JSON Schema of hall.yaml, which editors read beside the file and the check takes its suggestions from. */
import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The part of JSON Schema draft-07 that ours uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly 'x-secret'?: boolean;
  readonly [key: string]: unknown;
}

let made: JsonSchema | null = null;

/** Draft-07, of what is written in the file (before defaults and units are resolved). */
export function configJsonSchema(): JsonSchema {
  made ??= {
    ...simplified(
      z.toJSONSchema(configSchema, { io: 'input', target: 'draft-07', unrepresentable: 'any' }) as JsonSchema,
    ),
    title: '在岗 hall.yaml',
    description: '一个政务服务大厅的配置',
  };
  return made;
}

/** Takes out what only machines need (an empty key is allowed everywhere) and adds the `_file` twin of each secret. */
function simplified(schema: JsonSchema): JsonSchema {
  const options = schema.anyOf?.filter((option) => option.type !== 'null');
  if (options?.length === 1 && options.length !== schema.anyOf?.length) {
    const { anyOf: _, ...outer } = schema;
    return simplified({ ...options[0], ...outer });
  }
  // zod leaves the default of a key out where its value is written otherwise than it is kept.
  const { 'x-default': standard, required: _, ...rest } = schema;
  const result: Record<string, unknown> = standard === undefined ? rest : { ...rest, default: standard };
  if (options) result['anyOf'] = options.map(simplified);
  if (schema.oneOf) result['oneOf'] = schema.oneOf.map(simplified);
  if (schema.items) result['items'] = simplified(schema.items);
  if (typeof schema.additionalProperties === 'object') {
    result['additionalProperties'] = simplified(schema.additionalProperties);
  }
  if (schema.properties) Object.assign(result, properties(schema.properties, schema.required ?? []));
  return result;
}

function properties(given: Readonly<Record<string, JsonSchema>>, required: readonly string[]): Record<string, unknown> {
  const found: Record<string, JsonSchema> = {};
  const needed = new Set(required);
  for (const [key, value] of Object.entries(given)) {
    found[key] = simplified(value);
    if (found[key]['x-secret'] !== true) continue;
    found[`${key}_file`] = { type: 'string', description: `${key} 所在的文件，相对于本文件所在文件夹` };
    // Either of the two will do, which draft-07 can say only clumsily; the check says it well.
    needed.delete(key);
  }
  return { properties: found, ...(needed.size > 0 && { required: [...needed] }) };
}

/** The schema of the value at a path; of several alternatives the one that fits what is written there. Null where there is none. */
export function schemaAt(path: readonly (string | number)[], root: unknown): JsonSchema | null {
  let schema: JsonSchema | null = fitting(configJsonSchema(), root);
  let value = root;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
    const next: JsonSchema | undefined =
      typeof key === 'number'
        ? schema?.items
        : (own(schema?.properties, key) ?? objectOrNone(schema?.additionalProperties));
    if (next === undefined) return null;
    schema = fitting(next, value);
  }
  return schema;
}

const own = (table: Readonly<Record<string, JsonSchema>> | undefined, key: string): JsonSchema | undefined =>
  table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
const objectOrNone = (value: boolean | JsonSchema | undefined): JsonSchema | undefined =>
  typeof value === 'object' ? value : undefined;

function fitting(schema: JsonSchema, value: unknown): JsonSchema {
  const options = schema.anyOf ?? schema.oneOf;
  if (options === undefined) return schema;
  const kind = Array.isArray(value) ? 'array' : typeof value;
  return options.find((option) => option.type === kind && constantsFit(option, value)) ?? schema;
}

function constantsFit(option: JsonSchema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(option.properties ?? {}).every(
    ([key, property]) => property.const === undefined || (value as Record<string, unknown>)[key] === property.const,
  );
}
