/** Every reason that is said of a clock, as it stands in the sources, has its Chinese; and every Chinese its reason. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultText } from '../../../daemon/clocks/device-words.ts';
import { becauseText, REASONS } from '../../../daemon/clocks/reason-words.ts';
import { hasChinese, leftOver, textsOf } from '../../support/sentences.ts';

const ROOT = new URL('../../../', import.meta.url);
const SOURCES = [
  ...readdirSync(new URL('adapters/clocks', ROOT)).map((name) => `adapters/clocks/${name}`),
  ...['payload', 'part-stream', 'device-http', 'called-device', 'terminal', 'multipart'].map(
    (name) => `adapters/${name}.ts`,
  ),
  ...[
    'adapters/brokers/embedded.ts',
    'daemon/intake/intake.ts',
    'daemon/clocks/device-door.ts',
    'daemon/clocks/overhearing.ts',
    'daemon/clocks/clock-room.ts',
  ],
];

/** Texts of several words that are no reasons: requests, formats, lines of the log, what goes to the device. */
const NO_REASONS: readonly RegExp[] = [
  /^(?:{} ?)+$/,
  /^yyyy[-/]MM[-/]dd/,
  /^AcsEvent {}$/,
  /^GET OPTION FROM|^TransFlag=|^C:{}:DATA|^HTTP\/1\.1 |^{} {} SN=|^{} SN=|^table={}|^WebSocket {}|^<{} bytes>$/,
  /^(?:communication key|sequence number|not stored yet, send again|closed by us)$/,
  /^(?:sequence of a device began anew|(?:request|talk) with? ?(?:of )?a device failed|request of a device failed)$/,
  /^(?:bad address|unknown device(?: was refused)?|too large|it did not say who it is|daemon was stopped)$/,
  /^the embedded broker|^{} was not published|^two of its accounts|cannot be part of a topic$/,
];

/** Those of several words, or of one that begins a reason. */
const reasonsOf = (file: string): string[] =>
  textsOf(file)
    .filter((text) => /[a-z]’?[a-z]* [a-z]|^(?:is|refused|works)\b/.test(text) && !/[\u4e00-\u9fff]{5}/.test(text))
    .filter((text) => !NO_REASONS.some((pattern) => pattern.test(text)));

const filled = (text: string): string => text.replaceAll('{}', '7');

test('every reason has its Chinese', () => {
  const bare = SOURCES.flatMap((file) =>
    reasonsOf(file)
      // A piece that stands behind another one in its sentence.
      .map((text) => filled(text.replace(/^; /, '')))
      .filter((text) => ![text, `7: ${text}`, `the device ${text}`].some((one) => hasChinese(becauseText(one, 'zh'))))
      .map((text) => `${file}: ${text}`),
  );
  expect(bare).toEqual([]);
});

test('none is left over', () => {
  expect(leftOver(REASONS, SOURCES)).toEqual([]);
});

test.each([
  ["punch from the future: the device's clock is 12 min ahead", '打卡时间在将来：设备时钟快了 12 分钟'],
  [
    '"at" is missing; expected a time with an offset, such as "2026-03-02T08:55:10+08:00".',
    '缺少“at”（应是带时区的时间，如 2026-03-02T08:55:10+08:00）',
  ],
  [
    '"credential" is a list; expected a text of 1 to 1000 characters or a whole number from 0.',
    '“credential”是列表（应是 1 到 1000 个字，或从 0 起的整数）',
  ],
  [
    'credential /uid: the message has no /uid; there is /Uid, /ts; time /ts: is no time written rfc3339; it looks like unix',
    '人员编号 /uid：消息里没有 /uid；那里有 /Uid, /ts；打卡时间 /ts：时间的写法应是 rfc3339；看上去是 unix',
  ],
  [
    'it fits neither the when of punches (there is no /kind; /a is not 1, 2) nor others',
    '既不符合打卡的 when（没有 /kind；/a 不是 1, 2），也不在 others 里',
  ],
  ['the device cannot be reached (ECONNREFUSED)', '设备连不上（ECONNREFUSED）'],
  [
    'A record is no object. | "time" is no time written yyyy-MM-dd HH:mm:ss.',
    '有一条记录不是对象；“time”不是 yyyy-MM-dd HH:mm:ss 写法的时间',
  ],
  [
    'The user is missing; expected "user<tab>time<tab>status<tab>verification".',
    '用户号没有；一行应是“用户号、时间、状态、验证方式”',
  ],
  ['nobody has ever said this', 'nobody has ever said this'],
])('%s', (because, zh) => {
  expect(becauseText(because, 'zh')).toBe(zh);
  expect(becauseText(because, 'en')).toBe(because);
});

test('what a device sent is quoted, however it looks', () => {
  const long = `"at" is "${'7 is '.repeat(300)}"; expected a whole number from 0.`;
  expect(becauseText(long, 'zh')).toContain('“at”是');
});

test('what looks like many sentences and is none ends as well', () => {
  expect(becauseText('; is {} not '.repeat(160), 'zh')).toContain('；是{} not ；是{} not');
});

test('a fault says why in the reader’s language', () => {
  const why = { code: 'wrong-login', detail: 'the device refused the user name or password' } as const;
  expect(faultText(why, 'zh')).toBe(
    '登录被拒绝：设备拒绝了用户名或密码。请核对用户名、密码或通信密钥；为免设备锁定，不会反复尝试。',
  );
  expect(faultText(why, 'en')).toMatch(/^The login is refused: the device refused the user name or password\. Check/);
  const two = {
    code: 'two-devices',
    detail: 'Two devices answer to the serial number A1: 10.0.0.5 and 10.0.0.6.',
  } as const;
  expect(faultText(two, 'zh')).toMatch(/^两台设备用同一个序列号 A1：10\.0\.0\.5 和 10\.0\.0\.6；请给它们不同的编号。$/);
  expect(faultText({ code: 'two-devices', detail: '12 → 3' }, 'en')).toMatch(
    /^Its record numbers jump back and forth \(12 → 3\)/,
  );
});
