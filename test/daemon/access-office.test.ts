/** Accounts, passwords, links, tokens and screens, without a network: what is kept, what is refused, what is recorded. */
import { describe, expect, test } from 'vitest';
import { firstBrokenRow } from '../../daemon/access/access-log.ts';
import type { AccountDraft } from '../../daemon/access/accounts.ts';
import { accountName, displayName } from '../../daemon/access/names.ts';
import { hashPassword, isCurrent, isPassword, weaknessOf } from '../../daemon/access/password.ts';
import { Throttle } from '../../daemon/access/throttle.ts';
import { testAccess } from '../support/access.ts';

const BY = { who: 'user:root', address: '192.0.2.1' };
const GOOD = 'correct horse battery';
const draft = (name: string, more: Partial<AccountDraft> = {}): AccountDraft => ({
  ...{ name, display: name, roles: ['supervisor'], employee: null, departments: [] },
  ...more,
});

describe('passwords', () => {
  test.each([
    ['neunzeich', 'bob', 'too-short'],
    ['九个汉字的密码不行', 'bob', 'too-short'],
    ['十个汉字的密码可以用了', 'bob', null],
    ['x'.repeat(129), 'bob', 'too-long'],
    ['aaaaaaaaaabbbb', 'bob', 'too-simple'],
    ['0123456789', 'bob', 'too-simple'],
    ['Qwertyuiop!!', 'bob', 'too-simple'],
    ['my-bobby-horse', 'bobby', 'holds-the-name'],
    ['MY-BOBBY-horse', 'bobby', 'holds-the-name'],
    ['an x-ray of my hand', 'x', null],
    [GOOD, 'bob', null],
  ])('%j of %s: %s', (password, account, weakness) => expect(weaknessOf(password, account)).toBe(weakness));

  test('are kept as a memory-hard hash with its parameters and a salt, and compared the same however they are typed', async () => {
    const [one, other] = await Promise.all([hashPassword('Ｐassword ﬁne 1'), hashPassword('Password fine 1')]);
    expect(one).toMatch(/^\$(argon2id\$m=\d{5,},t=\d,p=1|scrypt\$n=\d{5,},r=8,p=\d)\$[^$]{24}\$[^$]{44}$/);
    expect(one).not.toBe(other);
    expect(isCurrent(one)).toBe(true);
    expect(await isPassword('Password fine 1', one)).toBe(true);
    expect(await isPassword('Password fine 2', one)).toBe(false);
    expect(await isPassword('', one)).toBe(false);
    expect(await isPassword('', null)).toBe(false);
  });

  test('of another recipe are still compared, and are hashed anew at the next sign-in', async () => {
    const { access, database } = testAccess();
    access.office.add(draft('zoe'), BY);
    // argon2id of an earlier recipe, 19 MiB in two passes; and scrypt, of a Node that had nothing else.
    const { argon2Sync, scryptSync } = await import('node:crypto');
    const salt = Buffer.alloc(16, 7);
    const recipe = { message: GOOD, nonce: salt, parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 };
    const old = [
      `$argon2id$m=19456,t=2,p=1$${salt.toString('base64')}$${argon2Sync('argon2id', recipe).toString('base64')}`,
      `$scrypt$n=16384,r=8,p=1$${salt.toString('base64')}$${scryptSync(GOOD, salt, 32, { N: 16_384, r: 8, p: 1 }).toString('base64')}`,
    ];
    for (const hash of old) {
      expect(await isPassword(GOOD, hash)).toBe(true);
      expect(await isPassword('something else', hash)).toBe(false);
      database.prepare('update account set hash = ?').run(hash);
      expect((await access.gate.signIn({ name: 'zoe', password: GOOD }, '192.0.2.1', null)).kind).toBe('in');
      const kept = access.books.accounts.find('zoe')?.hash ?? '';
      expect(isCurrent(kept)).toBe(true);
      expect(await isPassword(GOOD, kept)).toBe(true);
    }
  });

  test('are hashed beside the main thread, a few at a time; who comes when too many wait is told so', async () => {
    const { access } = testAccess({ tries: 1000, addressTries: 1000 });
    let turns = 0;
    const ticking = setInterval(() => turns++, 5);
    const tries = Array.from({ length: 60 }, (_, i) =>
      access.gate.signIn({ name: `nobody${i}`, password: GOOD }, '192.0.2.1', null),
    );
    const kinds = (await Promise.all(tries)).map(({ kind }) => kind);
    clearInterval(ticking);
    expect(kinds.filter((kind) => kind === 'busy')).toHaveLength(26);
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(34);
    expect(turns).toBeGreaterThan(20);
  });
});

describe('names', () => {
  test.each([
    ['Xu.Min', 'xu.min'],
    [' 徐敏 ', '徐敏'],
    ['ＸＵ', 'xu'],
    ['a', 'a'],
    ['x'.repeat(33), null],
    ['', null],
    ['-a', null],
    ['a b', null],
    ['a/b', null],
    ['<b>', null],
    ['a\u200bb', null],
  ])('%j is the account %j', (typed, name) => expect(accountName(typed)).toBe(name));

  test('that are shown hold nothing that cannot be seen', () => {
    expect(displayName(' <script>alert(1)</script> ')).toBe('<script>alert(1)</script>');
    for (const bad of ['', ' ', 'a\u0000b', 'a\u202eb', 'x'.repeat(61)]) expect(displayName(bad)).toBeNull();
  });
});

describe('accounts', () => {
  test.each([
    [{ roles: [] }, 'no-role'],
    [{ roles: ['screen'] }, 'bad-role'],
    [{ roles: ['chief'] }, 'chief-of-nothing'],
    [{ roles: ['chief'], departments: ['nowhere'] }, 'unknown-department'],
    [{ roles: ['employee'] }, 'employee-of-nobody'],
    [{ roles: ['employee'], employee: 'stranger' }, 'unknown-employee'],
    [{ name: '../etc' }, 'bad-name'],
    [{ display: '\u0007' }, 'bad-display'],
    [{ name: 'BOB' }, 'name-taken'],
  ] as const)('%j is refused: %s', (more, code) => {
    const { access } = testAccess();
    access.office.add(draft('bob'), BY);
    expect(() => access.office.add({ ...draft('new'), ...more }, BY)).toThrow(expect.objectContaining({ code }));
    expect(access.books.accounts.all()).toHaveLength(1);
  });

  test('the last administrator stays one, whatever is tried', async () => {
    const { access } = testAccess();
    const { office } = access;
    office.add(draft('root', { roles: ['admin'] }), BY);
    office.add(draft('bob'), BY);
    const last = expect.objectContaining({ code: 'last-admin' });
    expect(() => office.remove('root', BY)).toThrow(last);
    expect(() => office.change('root', { disabled: true }, BY)).toThrow(last);
    expect(() => office.change('root', { roles: ['supervisor'] }, BY)).toThrow(last);
    office.change('bob', { roles: ['admin'] }, BY);
    office.change('root', { disabled: true }, BY);
    // One who is disabled does not count.
    expect(() => office.remove('bob', BY)).toThrow(last);
  });

  test('what is changed holds at once: roles, disabling, a new password, removal', async () => {
    const { access } = testAccess();
    const { office, gate } = access;
    office.add(draft('root', { roles: ['admin'] }), BY);
    office.add(draft('bob'), BY);
    const entered = async (password: string) => {
      await office.setPassword('bob', password, BY);
      const done = await gate.signIn({ name: 'bob', password }, '192.0.2.1', null);
      return done.kind === 'in' ? done.cookie : expect.fail(done.kind);
    };
    const first = await entered(GOOD);
    office.change('bob', { roles: ['chief'], departments: ['gaj'] }, BY);
    expect(gate.byCookie(first, true)).toMatchObject({ roles: ['chief'], departments: ['gaj'] });
    const second = await entered('another good one');
    expect(gate.byCookie(first, true)).toBeNull();
    office.change('bob', { disabled: true }, BY);
    expect(gate.byCookie(second, true)).toBeNull();
    expect((await gate.signIn({ name: 'bob', password: 'another good one' }, '192.0.2.1', null)).kind).toBe('refused');
    office.change('bob', { disabled: false }, BY);
    expect(gate.byCookie(second, true)).toBeNull();
    const third = await entered('a third good one');
    office.remove('bob', BY);
    expect(gate.byCookie(third, true)).toBeNull();
    expect(gate.byProxy('bob', '192.0.2.1')).toBeNull();
  });
});

describe('one-time links', () => {
  test('the first administrator’s works once, for a while, and only while there is nobody', async () => {
    const { access, pass } = testAccess();
    const { office } = access;
    const early = office.inviteFirst() ?? '';
    const link = office.inviteFirst() ?? '';
    const gone = expect.objectContaining({ code: 'bad-link' });
    expect(() => office.look(early)).toThrow(gone);
    expect(() => office.look('A'.repeat(43))).toThrow(gone);
    expect(() => office.look("' or 1=1 --")).toThrow(gone);
    expect(office.look(link)).toEqual({ kind: 'first-administrator' });
    await expect(office.follow(link, { name: 'root', password: 'short' }, '')).rejects.toMatchObject({
      code: 'too-short',
    });
    // Two at once: one of them.
    const both = await Promise.allSettled([
      office.follow(link, { name: 'root', password: GOOD }, ''),
      office.follow(link, { name: 'thief', password: GOOD }, ''),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(access.books.accounts.all()).toHaveLength(1);
    expect(office.inviteFirst()).toBeNull();
    expect(() => office.look(link)).toThrow(gone);
    pass(1);
  });

  test('expire, and a newer one voids the earlier', () => {
    const { access, pass } = testAccess();
    const { office } = access;
    office.add(draft('bob'), BY);
    const gone = expect.objectContaining({ code: 'bad-link' });
    const [earlier, later] = [office.invite('bob', BY), office.invite('bob', BY)];
    expect(() => office.look(earlier)).toThrow(gone);
    expect(office.look(later)).toMatchObject({ kind: 'password', account: { name: 'bob' } });
    const screen = office.addScreen({ name: 'hall', window: null }, BY).secret;
    expect(office.look(screen)).toMatchObject({ kind: 'screen' });
    pass(86_400_000);
    expect(() => office.look(later)).toThrow(gone);
    expect(() => office.look(screen)).toThrow(gone);
  });

  test('an account made meanwhile voids the first administrator’s', () => {
    const { access } = testAccess();
    const link = access.office.inviteFirst() ?? '';
    access.office.add(draft('root', { roles: ['admin'] }), BY);
    expect(() => access.office.look(link)).toThrow(expect.objectContaining({ code: 'bad-link' }));
  });
});

describe('the access log', () => {
  test('says who did what to whom and when, holds no secret, and misses no row that was changed or taken out', async () => {
    const { access, database, pass } = testAccess();
    const { office, gate, books } = access;
    office.add(draft('root', { roles: ['admin'] }), BY);
    await office.setPassword('root', GOOD, BY);
    pass(1000);
    await gate.signIn({ name: 'root', password: GOOD }, '192.0.2.9', null);
    const { secret: token, number } = office.addToken(
      { name: 'night', roles: ['manager'], employee: null, departments: [], expiresAt: null },
      BY,
    );
    office.revokeToken(number, BY);
    const { secret: link } = office.addScreen({ name: 'wall', window: null }, BY);
    const { cookie } = office.takeScreen(link, '192.0.2.7');
    office.revokeScreen(1, BY);
    office.signOutEverywhere('root', BY);
    const rows = books.log.newest(100).toReversed();
    expect(rows.map(({ who, what, about, address }) => [who, what, about, address])).toEqual([
      ['user:root', 'account-added', 'user:root', '192.0.2.1'],
      ['user:root', 'password-set', 'user:root', '192.0.2.1'],
      ['user:root', 'signed-in', null, '192.0.2.9'],
      ['user:root', 'token-made', 'token:1', '192.0.2.1'],
      ['user:root', 'token-revoked', 'token:1', '192.0.2.1'],
      ['user:root', 'screen-made', 'screen:1', '192.0.2.1'],
      ['screen:1', 'screen-taken', 'screen:1', '192.0.2.7'],
      ['user:root', 'screen-revoked', 'screen:1', '192.0.2.1'],
      ['user:root', 'signed-out-everywhere', 'user:root', '192.0.2.1'],
    ]);
    expect(rows[2]?.at).toBe((rows[1]?.at ?? 0) + 1000);
    const whole = Buffer.from(database.serialize()).toString('latin1');
    for (const secret of [token, link, cookie, GOOD]) expect(whole).not.toContain(secret);

    expect(firstBrokenRow(database)).toBeNull();
    expect(() => database.exec("update access_log set who = 'user:bob'")).toThrow(/only added to/);
    expect(() => database.exec('delete from access_log')).toThrow(/only added to/);
    // Whoever takes the triggers away is found out all the same.
    database.exec('drop trigger access_log_fixed; drop trigger access_log_kept; begin');
    database.exec("update access_log set who = 'user:bob' where seq = 4");
    expect(firstBrokenRow(database)).toBe(4);
    database.exec('rollback; begin; delete from access_log where seq = 5');
    expect(firstBrokenRow(database)).toBe(5);
    database.exec('rollback; begin; delete from access_log where seq = 9');
    expect(firstBrokenRow(database)).toBe(9);
    database.exec('rollback');
    expect(firstBrokenRow(database)).toBeNull();
  });

  test('refused sign-ins are counted, not written one by one; what was typed as a name is not kept', async () => {
    const { access } = testAccess({ tries: 3, addressTries: 100 });
    access.office.add(draft('bob'), BY);
    const before = access.books.log.newest(100).length;
    for (let i = 0; i < 6; i++) await access.gate.signIn({ name: 'bob', password: 'wrong' }, '192.0.2.1', null);
    await access.gate.signIn({ name: 'hunter2-my-password', password: 'x' }, '192.0.2.1', null);
    expect(access.books.log.newest(100)).toHaveLength(before);
    access.close();
    const rows = access.books.log.newest(100).slice(0, -before);
    expect(rows.map(({ what, about, address, detail }) => [what, about, address, detail])).toEqual([
      ['sign-ins-refused', null, '192.0.2.1', { count: 1 }],
      ['sign-ins-refused', 'user:bob', '192.0.2.1', { count: 6 }],
    ]);
    expect(JSON.stringify(rows)).not.toContain('hunter2');
  });
});

describe('guessing', () => {
  const throttle = (more = {}) =>
    new Throttle({ free: 3, firstPauseMs: 1000, longestPauseMs: 8000, most: 100, ...more });

  test('pauses grow to their limit, and end', () => {
    const guesses = throttle();
    const pauses: number[] = [];
    let now = 0;
    for (let i = 0; i < 8; i++) {
      const pause = guesses.pause('bob', now);
      pauses.push(pause);
      now += pause;
      guesses.begin('bob', now);
    }
    expect(pauses).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 8000]);
    expect(guesses.pause('bob', now + 7999)).toBe(1);
    expect(guesses.pause('eve', now)).toBe(0);
    guesses.clear('bob');
    expect(guesses.pause('bob', now)).toBe(0);
  });

  test('who stopped guessing long ago begins anew', () => {
    const guesses = throttle();
    for (let i = 0; i < 5; i++) guesses.begin('bob', 0);
    guesses.begin('bob', 16_001);
    expect(guesses.pause('bob', 16_001)).toBe(0);
  });

  test('remembers only so many, the latest', () => {
    const guesses = throttle({ free: 1, most: 3 });
    for (const name of ['a', 'b', 'c', 'a', 'd']) guesses.begin(name, 0);
    expect(['a', 'b', 'c', 'd'].map((name) => guesses.pause(name, 0) > 0)).toEqual([true, false, true, true]);
  });

  test('tries at the same time count before any of them has ended', async () => {
    const { access } = testAccess({ tries: 3 });
    const all = await Promise.all(
      Array.from({ length: 20 }, () => access.gate.signIn({ name: 'bob', password: GOOD }, '192.0.2.1', null)),
    );
    expect(all.filter(({ kind }) => kind === 'refused')).toHaveLength(3);
    expect(all.filter(({ kind }) => kind === 'wait')).toHaveLength(17);
  });

  test('a stranger elsewhere does not lock out whoever signed in from here before', async () => {
    const { access } = testAccess({ tries: 3 });
    access.office.add(draft('bob'), BY);
    await access.office.setPassword('bob', GOOD, BY);
    const sign = (password: string, address: string) => access.gate.signIn({ name: 'bob', password }, address, null);
    expect((await sign(GOOD, '192.0.2.1')).kind).toBe('in');
    for (let i = 0; i < 10; i++) await sign('guess', '198.51.100.7');
    expect((await sign(GOOD, '198.51.100.7')).kind).toBe('wait');
    expect((await sign(GOOD, '203.0.113.5')).kind).toBe('wait');
    expect((await sign(GOOD, '192.0.2.1')).kind).toBe('in');
    // From here one may not guess for ever either.
    for (let i = 0; i < 3; i++) expect((await sign('guess', '192.0.2.1')).kind).toBe('refused');
    expect((await sign('guess', '192.0.2.1')).kind).toBe('wait');
  });

  test('an address has a limit over all accounts; an IPv6 network counts as one', async () => {
    const { access } = testAccess({ addressTries: 4 });
    const sign = async (name: string, address: string) =>
      (await access.gate.signIn({ name, password: GOOD }, address, null)).kind;
    for (let i = 0; i < 4; i++) expect(await sign(`n${i}`, `2001:db8:1:2::${i}`)).toBe('refused');
    expect(await sign('n9', '2001:db8:1:2:ffff::9')).toBe('wait');
    expect(await sign('n9', '2001:db8:1:3::9')).toBe('refused');
  });
});
