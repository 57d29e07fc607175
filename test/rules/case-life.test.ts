/** What people may make of a case, and when it is final (rules.md section 7). */
import { describe, expect, test } from 'vitest';
import {
  type Attempt,
  type CaseContent,
  type Deed,
  type Done,
  finalAt,
  lifeOf,
  type Refusal,
  refusalOf,
} from '../../rules/case-life.ts';

const CLOSED: CaseContent = { revision: 'r1', state: 'closed', judged: ['e1'], isInformation: false };
const UNTIL = 1000;

/** `supervisor confirm`, `e1 appeal` …: one deed after another, a millisecond apart. */
function deeds(...told: readonly string[]): Done[] {
  return told.map((one, at) => {
    const [who = '', deed, revision = 'r1'] = one.split(' ');
    return { deed: deed as Deed, ...personOf(who), at, reason: 'why', revision };
  });
}

/** `s1`: an account that is nobody's of the hall; `e1`: e1's own; `t2=e1`: another of e1's. */
function personOf(who: string) {
  const [by = '', employee = by] = who.split('=');
  return { by, employee: employee.startsWith('e') ? employee : null };
}

function attempt(told: string, more: Partial<Attempt> = {}): Attempt {
  const [who = '', deed] = told.split(' ');
  return { deed: deed as Deed, ...personOf(who), at: 100, reason: 'why', appealUntil: UNTIL, ...more };
}

const refused = (before: readonly string[], what: string, more: Partial<Attempt> = {}, content = CLOSED) =>
  refusalOf(lifeOf(deeds(...before), content), content, attempt(what, more));

describe('what is done with a case', () => {
  test.each<[readonly string[], string, Refusal | null]>([
    [[], 's1 acknowledge', null],
    [['s1 acknowledge'], 's2 acknowledge', 'done-already'],
    [[], 'e1 acknowledge', null],
    [[], 's1 clear', null],
    [[], 'e1 clear', 'own-case'],
    [[], 's1 confirm', null],
    [[], 'e1 confirm', 'own-case'],
    [[], 'e1 excuse', 'own-case'],
    [['s1 confirm'], 's2 confirm', 'done-already'],
    [['s1 confirm'], 's1 excuse', null],
    [['s1 excuse'], 's2 confirm', null],
    [[], 's1 deliver', 'not-confirmed'],
    [['s1 confirm'], 's1 deliver', null],
    [['s1 confirm', 's1 deliver'], 's1 deliver', 'done-already'],
    [[], 'e1 appeal', 'not-confirmed'],
    [['s1 excuse', 's1 deliver'], 'e1 appeal', 'not-confirmed'],
    [['s1 confirm'], 'e1 appeal', 'not-delivered'],
    [['s1 confirm', 's1 deliver'], 'e1 appeal', null],
    [['s1 confirm', 's1 deliver', 'e1 appeal'], 'e1 appeal', 'done-already'],
    [['s1 confirm', 's1 deliver', 'e1 appeal'], 's2 confirm', 'under-appeal'],
    [['s1 confirm', 's1 deliver', 'e1 appeal'], 's1 uphold', 'same-person'],
    [['s1 confirm', 's1 deliver', 'e1 appeal'], 's1 overturn', 'same-person'],
    [['s1 confirm', 's1 deliver', 'e1 appeal'], 'e1 overturn', 'own-case'],
    [['t1=e9 confirm', 's1 deliver', 'e1 appeal'], 't2=e9 uphold', 'same-person'],
    [['t1=e9 confirm', 's1 deliver', 'e1 appeal'], 't2=e8 uphold', null],
    [['s1 confirm', 's1 deliver', 'e1 appeal'], 's2 uphold', null],
    [['s1 confirm', 's1 deliver'], 's2 uphold', 'not-appealed'],
    [['s1 confirm', 's1 deliver', 'e1 appeal', 's2 uphold'], 's3 overturn', 'not-appealed'],
    [['s1 confirm', 's1 deliver', 'e1 appeal', 's2 uphold'], 's3 excuse', 'appeal-decided'],
    // Decided on something that has changed since.
    [['s1 confirm r0'], 's2 confirm', null],
    [['s1 confirm r0', 's1 deliver', 'e1 appeal', 's2 uphold r0'], 's3 excuse', null],
  ])('after %j: %s is %s', (before, what, wanted) => {
    expect(refused(before, what)).toBe(wanted);
  });

  test.each(['excuse', 'false-alarm', 'appeal', 'uphold', 'overturn'])('%s wants a reason', (deed) => {
    expect(refused([], `s1 ${deed}`, { reason: '  ' })).toBe('reason-missing');
    expect(refused([], `s1 ${deed}`, { reason: null })).toBe('reason-missing');
  });

  test('an appeal has time until the very end of its last day', () => {
    const before = ['s1 confirm', 's1 deliver'];
    expect(refused(before, 'e1 appeal', { at: UNTIL - 1 })).toBeNull();
    expect(refused(before, 'e1 appeal', { at: UNTIL })).toBe('appeal-too-late');
  });

  test.each<[CaseContent['state'], Refusal | null, Refusal | null]>([
    ['pending', 'pending', null],
    ['open', 'still-open', null],
    ['withdrawn', 'withdrawn', 'withdrawn'],
    ['closed', null, null],
  ])('of a case that is %s: confirming %s, excusing %s', (state, confirming, excusing) => {
    const content = { ...CLOSED, state };
    expect(refused([], 's1 confirm', {}, content)).toBe(confirming);
    expect(refused([], 's1 excuse', {}, content)).toBe(excusing);
  });

  test('what is for information only is confirmed by nobody, and may be cleared', () => {
    const content = { ...CLOSED, judged: [], isInformation: true };
    expect(refused([], 's1 confirm', {}, content)).toBe('for-information');
    expect(refused([], 's1 clear', {}, content)).toBeNull();
  });

  test('who is accused later cannot decide on it either', () => {
    expect(refused(['e7 confirm'], 'e7 false-alarm', {}, { ...CLOSED, judged: ['e1', 'e7'] })).toBe('own-case');
  });
});

describe('what has become of a case', () => {
  test('whoever judges it has taken note of it; taking note is no judgment', () => {
    expect(lifeOf(deeds('s1 confirm'), CLOSED)).toMatchObject({ acknowledged: { by: 's1' }, decision: 'confirmed' });
    expect(lifeOf(deeds('s1 acknowledge', 's1 clear'), CLOSED)).toMatchObject({ decision: 'none', judgedBy: null });
  });

  test('another judgment begins its own way to the person', () => {
    const life = lifeOf(deeds('s1 confirm', 's1 deliver', 's2 excuse'), CLOSED);
    expect(life).toMatchObject({ decision: 'excused', delivered: null, appeal: null });
  });

  test('a decision stays when the case changes, and is marked', () => {
    const changed = { ...CLOSED, revision: 'r2' };
    expect(lifeOf(deeds('s1 confirm', 's1 deliver'), changed)).toMatchObject({ decision: 'confirmed', review: true });
    expect(lifeOf(deeds('s1 acknowledge'), changed).review).toBe(false);
  });
});

describe('final', () => {
  const since = (told: readonly string[], now: number, content = CLOSED) =>
    finalAt(lifeOf(deeds(...told), content), content, UNTIL, now);

  test('is what was confirmed, delivered and not appealed in time', () => {
    const told = ['s1 confirm', 's1 deliver'];
    expect(since(told, UNTIL - 1)).toBeNull();
    expect(since(told, UNTIL)).toBe(UNTIL);
    expect(since(['s1 confirm'], UNTIL)).toBeNull();
    expect(since([...told, 'e1 appeal'], UNTIL)).toBeNull();
  });

  test('is what an appeal did not overturn, from then on', () => {
    const told = ['s1 confirm', 's1 deliver', 'e1 appeal'];
    expect(since([...told, 's2 uphold'], 4)).toBe(3);
    expect(since([...told, 's2 overturn'], UNTIL)).toBeNull();
  });

  test('is nothing that was excused, changed since, or withdrawn', () => {
    expect(since(['s1 excuse', 's1 deliver'], UNTIL)).toBeNull();
    const told = ['s1 confirm', 's1 deliver'];
    expect(since(told, UNTIL, { ...CLOSED, revision: 'r2' })).toBeNull();
    expect(since(told, UNTIL, { ...CLOSED, state: 'withdrawn' })).toBeNull();
  });
});
