/** A department is called as docs/vocabulary.md has it wherever a configuration is spoken of; 单位 is what a length of time is given in. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const FOLDER = new URL('../../config/', import.meta.url);
const OF_TIME = /都要带单位|时长没有单位|可用单位/g;

test('no text of the configuration calls a department otherwise', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|yaml)$/.test(name));
  const otherwise = files.filter((name) =>
    /单位|科室/.test(readFileSync(new URL(name, FOLDER), 'utf8').replaceAll(OF_TIME, '')),
  );
  expect(files.length).toBeGreaterThan(20);
  expect(otherwise).toEqual([]);
});
