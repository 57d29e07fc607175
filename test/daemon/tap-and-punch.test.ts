/** `tap` and `punch` at the broker of our own, where each speaks as a clock that may read and write its own topics only. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Exit, type Io } from '../../daemon/commands/io.ts';
import { punchCommand } from '../../daemon/commands/punch.ts';
import { tapCommand } from '../../daemon/commands/tap.ts';
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

/** Runs a command in this process: its exit code, and all that it said. */
async function run(args: readonly string[], more: { clocks?: string; said?: (text: string) => void } = {}) {
  const { clocks = `[{ id: clock-1, password: ${PASSWORDS['clock-1']} }, { id: clock-2, password: wrong }]`, said } =
    more;
  const config = join(folder, 'hall.yaml');
  const mqtt = `{ embedded: { listen: "127.0.0.1:${broker.port}" } }`;
  writeFileSync(config, SMALL_HALL.replace(/^clocks: .*$/m, `mqtt: ${mqtt}\nclocks: ${clocks}`));
  const lines: string[] = [];
  const take = (text: string): void => {
    lines.push(text);
    said?.(text);
  };
  const io: Io = { out: take, say: take, env: {}, lang: 'en' };
  const program = new Command().exitOverride();
  tapCommand(program, io);
  punchCommand(program, io);
  try {
    await program.parseAsync([...args, '--config', config], { from: 'user' });
    return { code: 0, said: lines.join('\n') };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { code: error.code, said: [...lines, error.message].join('\n') };
  }
}

test('without a topic, the topics of the clock are listened to', async () => {
  const clock = await broker.client('clock-1');
  const said = (text: string): void => {
    if (text.startsWith('listening')) clock.publish(PUNCH, '{"credential":"1001","at":"2026-03-02T08:55:10+08:00"}');
  };
  const heard = await run(['tap', '--count', '1'], { said });
  expect(heard).toEqual({ code: 0, said: expect.stringContaining(`listening to zaigang/suixian/clock/clock-1/#`) });
  expect(heard.said).toContain('1001');
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
