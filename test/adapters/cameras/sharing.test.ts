/** What the cameras of a hall share: places for starting, logins; and the word for how well each is seen. */
import { describe, expect, test } from 'vitest';
import { QualityBook } from '../../../adapters/cameras/quality.ts';
import { StartSlots } from '../../../adapters/cameras/start-slots.ts';
import { LoginGate, type Pass } from '../../../adapters/login-gate.ts';
import { HOUR, MINUTE } from '../../../rules/time.ts';
import { jumpingClock } from '../../support/rtsp-hall.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('places for starting', () => {
  test('are given in turn, taken back once, and not kept for who leaves', async () => {
    const slots = new StartSlots(2);
    const leaving = new AbortController();
    const { signal } = new AbortController();
    const got: string[] = [];
    const take = async (name: string, by = signal) => {
      const release = await slots.take(by);
      got.push(release === null ? `${name} left` : name);
      return release;
    };
    const [a, , c, , e] = [take('a'), take('b'), take('c'), take('d', leaving.signal), take('e')];
    await settled();
    expect(got).toEqual(['a', 'b']);
    leaving.abort();
    const release = await a;
    release?.();
    release?.();
    await settled();
    expect(got).toEqual(['a', 'b', 'd left', 'c']);
    (await c)?.();
    await e;
    expect(got.at(-1)).toBe('e');
    expect(await slots.take(leaving.signal)).toBeNull();
  });
});

describe('the gate', () => {
  function gate() {
    const clock = jumpingClock();
    const door = new LoginGate(clock);
    const stopping = new AbortController();
    const passes = new Map<string, Pass>();
    const enter = (name: string, login: string | null, host = 'nvr'): void =>
      void door
        .enter({ host, login, signal: stopping.signal, onClosed: () => {} })
        .then((pass) => pass !== null && passes.set(name, pass));
    return { clock, enter, passes, stopping, inside: () => [...passes.keys()].join('') };
  }

  test('lets one try a login while the others wait, and all in when it works', async () => {
    const { enter, passes, inside } = gate();
    for (const name of 'abc') enter(name, 'u\np');
    enter('d', 'u\np', 'elsewhere');
    enter('e', null);
    await settled();
    expect(inside()).toBe('ade');
    passes.get('a')?.accepted();
    await settled();
    expect(inside()).toBe('adebc');
  });

  test('lets the next one try when the first came to nothing', async () => {
    const { enter, passes, inside } = gate();
    for (const name of 'abc') enter(name, 'u\np');
    await settled();
    passes.get('a')?.leave();
    await settled();
    expect(inside()).toBe('ab');
  });

  test('lets one alone try again when no connection of the login is left', async () => {
    const { enter, passes, inside } = gate();
    enter('a', 'u\np');
    await settled();
    passes.get('a')?.accepted();
    passes.get('a')?.leave();
    for (const name of 'bc') enter(name, 'u\np');
    await settled();
    expect(inside()).toBe('ab');
  });

  test('takes refusals of cameras that connected side by side for one', async () => {
    const { clock, enter, passes, inside } = gate();
    enter('a', 'u\np');
    await settled();
    passes.get('a')?.accepted();
    for (const name of 'bc') enter(name, 'u\np');
    await settled();
    const until = ['b', 'c'].map((name) => (passes.get(name)?.refused('wrong-login') ?? 0) - clock.elapsed());
    for (const ms of until) expect(ms).toBeCloseTo(MINUTE, -2);
    for (const pass of passes.values()) pass.leave();
    enter('d', 'u\np');
    clock.jump(59_000);
    await settled();
    expect(inside()).toBe('abc');
    clock.jump(1000);
    await settled();
    expect(inside()).toBe('abcd');
    expect((passes.get('d')?.refused('wrong-login') ?? 0) - clock.elapsed()).toBeCloseTo(30 * MINUTE, -2);
  });

  test('is closed for every login once a host has refused four within half an hour', async () => {
    const { clock, enter, passes, inside } = gate();
    for (const login of ['1', '2', '3', '4', '5']) {
      enter(login, login);
      await settled();
      passes.get(login)?.refused('wrong-login');
      passes.get(login)?.leave();
    }
    enter('6', '6');
    await settled();
    expect(inside()).toBe('1234');
    clock.jump(30 * MINUTE);
    await settled();
    expect(inside()).toMatch(/^1234[56]$/);
  });

  test('lets go who is stopped while waiting', async () => {
    const { enter, stopping, inside } = gate();
    for (const name of 'ab') enter(name, 'u\np');
    await settled();
    stopping.abort();
    await settled();
    expect(inside()).toBe('a');
  });
});

describe('the word for a camera', () => {
  test('is about the last hour', () => {
    const book = new QualityBook(0);
    expect(book.word(1000, false)).toBe('unusable');
    book.back(2000);
    expect(book.word(3000, false)).toBe('excellent');
    expect(book.word(3000, true)).toBe('unusable');
    book.lost(10 * MINUTE);
    expect(book.word(10 * MINUTE, false)).toBe('unusable');
    book.reconnect(10 * MINUTE);
    book.back(10 * MINUTE + 5000);
    expect(book.word(11 * MINUTE, false)).toBe('fair');
    expect(book.lastHour(11 * MINUTE)).toMatchObject({ reconnects: 1, stalls: 0 });
    book.lost(20 * MINUTE);
    book.stall(20 * MINUTE);
    book.back(25 * MINUTE);
    expect(book.word(26 * MINUTE, false)).toBe('poor');
    book.lost(30 * MINUTE);
    book.back(40 * MINUTE);
    expect(book.word(41 * MINUTE, false)).toBe('unusable');
    // What was longer ago than an hour counts no more, nor what was before a long time without a word.
    expect(book.word(40 * MINUTE + HOUR, false)).toBe('excellent');
    expect(book.lastHour(10 * HOUR)).toEqual({ reconnects: 0, stalls: 0, seenShare: 1 });
  });

  test('turns poor by many connections anew', () => {
    const book = new QualityBook(0);
    book.back(0);
    for (let i = 1; i <= 4; i++) book.reconnect(i * 1000);
    expect(book.word(MINUTE, false)).toBe('poor');
  });
});
