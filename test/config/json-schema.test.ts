import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { connectionShape } from '../../config/connection-schema.ts';
import { configJsonSchema, type JsonSchema, schemaAt } from '../../config/json-schema.ts';
import { SETTING_DEFAULTS, THRESHOLD_DEFAULTS } from '../../rules/thresholds.ts';

const schema = configJsonSchema();

/** Every key that the schema knows, with where it is. */
function keysOf(node: JsonSchema, at = ''): { readonly at: string; readonly node: JsonSchema }[] {
  const children = Object.entries(node.properties ?? {}).map(([key, child]) => ({ at: `${at}.${key}`, node: child }));
  const inner = [node.items, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].filter((one) => one !== undefined);
  if (typeof node.additionalProperties === 'object') inner.push(node.additionalProperties);
  return [
    ...children,
    ...children.flatMap((child) => keysOf(child.node, child.at)),
    ...inner.flatMap((one) => keysOf(one, `${at}[]`)),
  ];
}

test('every key says in Chinese what it is for', () => {
  const keys = keysOf(schema);
  expect(keys.length).toBeGreaterThan(100);
  const silent = keys.filter(({ node }) => node.const === undefined && !/[\u4e00-\u9fff]/.test(node.description ?? ''));
  expect(silent.map(({ at }) => at)).toEqual([]);
});

test('every key outside the judging part is read by somebody', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const sources = ['daemon', 'adapters', 'rules'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(root, room, path), 'utf8')),
  );
  const words = new Set(sources.flatMap((text) => text.match(/[\w-]+/g) ?? []));
  const connections = Object.keys(connectionShape).map((key) => ({ key, node: schema.properties?.[key] ?? {} }));
  const keys = connections.flatMap(({ key, node }) => keysOf(node, key).map(({ at }) => at));
  expect(keys.length).toBeGreaterThan(80);
  // What stands in a file is read into the key that it stands for.
  const nameOf = (at: string): string => at.replaceAll('[]', '').replace(/.*\.|_file$/g, '');
  expect(keys.filter((at) => !words.has(nameOf(at)))).toEqual([]);
});

test('every threshold can be set at each of the three levels', () => {
  const names = [...Object.keys(THRESHOLD_DEFAULTS), ...Object.keys(SETTING_DEFAULTS)].sort();
  for (const rules of [
    schema.properties?.['rules'],
    schemaAt(['schedules', 'any', 'rules'], { schedules: { any: { rules: {} } } }),
    schemaAt(['windows', 0, 'rules'], { windows: [{ rules: {} }] }),
  ]) {
    expect(Object.keys(rules?.properties ?? {}).sort()).toEqual(names);
  }
});

test('secrets may stand in a file instead, and are then not required', () => {
  const webhook = schemaAt(['notify', 'channels', 0], { notify: { channels: [{ kind: 'webhook' }] } });
  expect(Object.keys(webhook?.properties ?? {})).toEqual(['id', 'kind', 'url', 'secret', 'secret_file']);
  expect(webhook?.required).toEqual(['id', 'kind', 'url']);
});

test('is draft-07 with defaults as they are written', () => {
  expect(schema['$schema']).toBe('http://json-schema.org/draft-07/schema#');
  expect(schema.properties?.['http']?.properties?.['listen']?.default).toBe('127.0.0.1:8420');
  expect(schema.properties?.['hall']?.properties?.['dayStart']?.default).toBe('04:00');
  expect(schema.additionalProperties).toBe(false);
  expect(JSON.stringify(schema)).not.toContain('x-default');
});

describe('read by somebody else', () => {
  const editor = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
  const read = (file: string): unknown => parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
  const example = read('../../config/example.yaml');

  test.each(['../../config/example.yaml', './good/contract.yaml'])('%s fits it', (file) => {
    expect(editor.safeParse(read(file)).error?.issues ?? []).toEqual([]);
  });

  test.each([
    { judgeFrom: '2026-3-2' },
    { rules: { lateGrace: '5' } },
    { rules: { latGrace: '5m' } },
    { hall: { id: 'a b', timezone: 'UTC' } },
    { clocks: [{ id: 'c', kind: 'gate' }] },
    { windows: [{ id: 'W' }] },
    { metrics: { driver: 'influxdb' } },
    { nothing: 1 },
  ])('%j does not', (change) => {
    expect(editor.safeParse({ ...(example as object), ...change }).success).toBe(false);
  });
});
