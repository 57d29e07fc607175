/** The manuals of devices: what they tell people to write is accepted. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../config/load.ts';

const FOLDER = new URL('../../docs/devices/', import.meta.url);
const hasBlock = (name: string): boolean => /^```yaml$/m.test(readFileSync(new URL(name, FOLDER), 'utf8'));
const pages = readdirSync(FOLDER).filter((name) => name.endsWith('.md') && hasBlock(name));

test('there are manuals', () => expect(pages).toContain('zkteco.md'));

describe.each(pages)('%s', (page) => {
  const text = readFileSync(new URL(page, FOLDER), 'utf8');
  const blocks = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  test.each(
    blocks.map((block) => [
      block
        .split('\n')
        .find((line) => /kind:|profile:|map:/.test(line))
        ?.trim() ?? page,
      block,
    ]),
  )('what is written for %s is accepted', (_, block) => {
    const names = [...block.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, '123456']);
    const whole = /^hall:/m.test(block) ? block : `hall: { id: h1, timezone: Asia/Shanghai }\n${block}`;
    expect(parseConfig(whole, page, { env: Object.fromEntries(names), lang: 'en' }).config.hall.id).toBeTruthy();
  });
});
