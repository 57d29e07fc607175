/** `tap` and `punch` at the broker of our own, where each speaks as a clock that may read and write its own topics only. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { punchCommand } from '../../daemon/commands/punch.ts';
import { tapCommand } from '../../daemon/commands/tap.ts';
import { commanded } from '../support/command.ts';
import { PASSWORDS, PUNCH, startEmbedded, type TestBroker } from '../support/embedded-broker.ts';
import { SMALL_HALL } from '../support/small-hall.ts';

let folder = '';
let broker: TestBroker;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zaigang-tap-'));
  broker = await startEmbedded({ commit: true });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Given {
  readonly clocks?: string;
  readonly heard?: (text: string) => void;
}

const CLOCKS = `[{ id: clock-1, password: ${PASSWORDS['clock-1']} }, { id: clock-2, password: wrong }]`;

/** The exit code, and all that is said and written. */
async function run(args: readonly string[], { clocks = CLOCKS, heard = () => {} }: Given = {}) {
  const config = join(folder, 'hall.yaml');
  const mqtt = `{ embedded: { listen: "127.0.0.1:${broker.port}" } }`;
  writeFileSync(config, SMALL_HALL.replace(/^clocks: .*$/m, `mqtt: ${mqtt}\nclocks: ${clocks}`));
  const add = args[0] === 'tap' ? tapCommand : punchCommand;
  const { code, out, err } = await commanded(add, [...args, '--config', config], { heard });
  return { code, said: `${out}${err}` };
}

test('without a topic, the topics of the clock are listened to', async () => {
  const clock = await broker.client('clock-1');
  const heard = (text: string): void => {
    if (text.startsWith('listening')) clock.publish(PUNCH, '{"credential":"1001","at":"2026-03-02T08:55:10+08:00"}');
  };
  const tapped = await run(['tap', '--count', '1'], { heard });
  expect(tapped).toEqual({ code: 0, said: expect.stringContaining(`listening to zaigang/suixian/clock/clock-1/#`) });
  expect(tapped.said).toContain('1001');
});

test('other topics are refused, and it is said which there are, and where the rest is seen', async () => {
  const { code, said } = await run(['tap', 'hall/#']);
  expect(code).toBe(77);
  expect(said).toMatch(/hall\/#.*clock-1.*zaigang\/suixian\/clock\/clock-1\/#.*\/messages/);
});

test.each([['tap'], ['punch', 'e1']])(
  '%s with a clock that there is not names the one that is meant',
  async (...args) => {
    expect(await run([...args, '--clock', 'clock1'])).toEqual({
      code: 64,
      said: expect.stringMatching(/there is no clock "clock1"; did you mean "clock-1"\?/),
    });
    expect((await run([...args, '--clock', 'front-door'])).said).toMatch(
      /there is no clock "front-door" \(configured: clock-1, clock-2\)/,
    );
  },
);

test.each([['tap'], ['punch', 'e1']])(
  '%s as a clock that the broker does not let in is not permitted',
  async (...args) => {
    const { code, said } = await run([...args, '--clock', 'clock-2']);
    expect(code).toBe(77);
    expect(said).toMatch(/does not let "clock-2" in.*password/);
  },
);

test('where no clock has a password, there is nobody to sign in as', async () => {
  expect(await run(['tap'], { clocks: '[]' })).toEqual({
    code: 78,
    said: expect.stringContaining('a clock with a password'),
  });
});
