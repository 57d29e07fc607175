import { describe, expect, test } from 'vitest';
import {
  alertTopic,
  clockTopics,
  covers,
  daemonTopic,
  doorTopics,
  presenceTopic,
  punchTopic,
  routeOf,
  statusTopic,
  syncTopic,
} from '../../adapters/topics.ts';

describe('the way in', () => {
  test.each([
    ['zaigang/suixian/clock/clock-1/punch', { kind: 'punch', device: 'clock-1' }],
    ['zaigang/suixian/clock/clock-1/status', { kind: 'status', device: 'clock-1' }],
    ['zaigang/suixian/window/W01/presence', { kind: 'presence', window: 'W01' }],
    ['zaigang/suixian/window/综合窗口 3/presence', { kind: 'presence', window: '综合窗口 3' }],
    ['zaigang/suixian/clock/constructor/punch', { kind: 'punch', device: 'constructor' }],
  ])('%s', (topic, route) => {
    expect(routeOf('suixian', topic)).toEqual(route);
    expect(routeOf('suixian', topic)).toEqual(route);
    expect(routeOf('elsewhere', topic)).toBe(null);
  });

  test.each([
    '',
    'zaigang',
    'zaigang/suixian',
    'zaigang/suixian/alert',
    'zaigang/suixian/daemon',
    'zaigang/suixian/clock/clock-1',
    'zaigang/suixian/clock//punch',
    'zaigang/suixian/clock/clock-1/presence',
    'zaigang/suixian/clock/clock-1/punch/',
    'zaigang/suixian/clock/clock-1/punch/more',
    'zaigang/suixian/window/W01/punch',
    'zaigang/suixian/camera/cam-1/presence',
    'zaigang/elsewhere/clock/clock-1/punch',
    'zaigang//clock/clock-1/punch',
    '/zaigang/suixian/clock/clock-1/punch',
    'ZAIGANG/suixian/clock/clock-1/punch',
  ])('%s leads nowhere', (topic) => {
    expect(routeOf('suixian', topic)).toBe(null);
  });

  test('100 000 new topics change nothing about the old, and are not all remembered', () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100_000; i++) routeOf('suixian', `zaigang/suixian/clock/${'x'.repeat(100)}${i}/punch`);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000);
    expect(routeOf('suixian', 'zaigang/suixian/clock/clock-1/punch')).toEqual({ kind: 'punch', device: 'clock-1' });
  });
});

test('the names of topics', () => {
  expect(punchTopic('suixian', 'clock-1')).toBe('zaigang/suixian/clock/clock-1/punch');
  expect(statusTopic('suixian', 'clock-1')).toBe('zaigang/suixian/clock/clock-1/status');
  expect(presenceTopic('suixian', 'W01')).toBe('zaigang/suixian/window/W01/presence');
  expect(alertTopic('suixian')).toBe('zaigang/suixian/alert');
  expect(daemonTopic('suixian')).toBe('zaigang/suixian/daemon');
  expect(syncTopic('suixian', 'daemon-1')).toBe('zaigang/suixian/daemon/sync/daemon-1');
  expect(clockTopics('suixian', 'clock-1')).toBe('zaigang/suixian/clock/clock-1/#');
});

test('the subscriptions hold every door and nothing that we send', () => {
  const filters = doorTopics('suixian');
  const isHeard = (topic: string) => filters.some((filter) => covers(filter, topic));
  for (const topic of [punchTopic('suixian', 'x'), statusTopic('suixian', 'x'), presenceTopic('suixian', 'x')]) {
    expect(isHeard(topic)).toBe(true);
  }
  for (const topic of [
    alertTopic('suixian'),
    daemonTopic('suixian'),
    syncTopic('suixian', 'x'),
    punchTopic('other', 'x'),
  ]) {
    expect(isHeard(topic)).toBe(false);
  }
});

describe('what a grant covers', () => {
  test.each([
    ['a/b', 'a/b'],
    ['a/+', 'a/b'],
    ['a/+', 'a/+'],
    ['a/+', 'a/'],
    ['a/#', 'a/b/c'],
    ['a/#', 'a'],
    ['a/#', 'a/#'],
    ['a/#', 'a/+/c'],
    ['+/b', 'a/b'],
    ['#', 'a/b'],
    ['#', '#'],
    ['#', '/'],
    ['$SYS/#', '$SYS/broker/load'],
  ])('%s covers %s', (granted, wanted) => {
    expect(covers(granted, wanted)).toBe(true);
  });

  test.each([
    ['a/b', 'a/c'],
    ['a/b', 'a'],
    ['a/b', 'a/b/c'],
    ['a/b', 'a/+'],
    ['a/b', 'a/#'],
    ['a/b', '#'],
    ['a/+', 'a'],
    ['a/+', 'a/b/c'],
    ['a/+', 'a/#'],
    ['a/+', '+/b'],
    ['a/+/c', 'a/#'],
    ['a/#', '#'],
    ['a/#', 'ab/c'],
    ['+/#', '#'],
    ['#', '$SYS/broker/load'],
    ['+/broker', '$SYS/broker'],
  ])('%s does not cover %s', (granted, wanted) => {
    expect(covers(granted, wanted)).toBe(false);
  });
});
