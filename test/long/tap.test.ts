/** `tap`, the real command: against a real broker, and with a mapping for what nobody knows. */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { zaigang } from '../support/daemon.ts';
import { type Mosquitto, mosquitto } from '../support/mosquitto.ts';

const OWN = 'zaigang/h1/clock/clock-1/punch';
const EVENT = {
  sn: '0F3A',
  rec: { badge: '000241', at: '2026-11-20 10:21:17', no: 5, name: '宋岩', pic: 'QUJD'.repeat(100) },
};
const MAP = {
  id: 'clk-4',
  map: { topics: ['hall/dev/0F3A/evt'], items: '/rec', fields: { credential: '/badge', time: '/at', seq: '/no' } },
};

let broker: Mosquitto;
let device: MqttClient;
let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  [broker, folder] = await Promise.all([mosquitto(), mkdtemp(join(tmpdir(), 'zaigang-tap-'))]);
  device = await connectAsync(broker.url);
  const hall = {
    hall: { id: 'h1', name: '随县政务服务中心', timezone: 'Asia/Shanghai' },
    calendar: { country: 'none' },
    mqtt: { url: broker.url },
    clocks: [{ id: 'clock-1' }, { id: 'face-1', profile: { kind: 'mqtt-face', device: '1026700' } }],
  };
  // JSON is YAML.
  writeFileSync(file('hall.yaml'), JSON.stringify(hall));
  writeFileSync(file('map.yaml'), JSON.stringify([MAP]));
  writeFileSync(file('good.json'), JSON.stringify(EVENT));
  writeFileSync(
    file('bad.json'),
    JSON.stringify({ rec: { ...EVENT.rec, at: '2026/11/20 10:21:17', badge: undefined, Badge: 1 } }),
  );
  // Kept by the broker: whoever comes later gets them.
  const say = (topic: string, payload: object) =>
    device.publishAsync(topic, JSON.stringify(payload), { qos: 1, retain: true });
  await say(OWN, { credential: '1001', at: '2026-03-02T08:55:10+08:00', seq: 7 });
  await say('zaigang/h1/clock/clock-1/status', { state: 'offline' });
  await say('hall/dev/0F3A/evt', EVENT);
  await say('mqtt/face/1026700/Rec', {
    operator: 'RecPush',
    info: { customId: '', VerifyStatus: '1', time: '2026-03-02 08:00:00', RecordID: '3' },
  });
});
afterAll(async () => {
  await device.endAsync(true);
  await Promise.all([broker[Symbol.asyncDispose](), rm(folder, { recursive: true })]);
});

const tap = (...args: string[]) =>
  zaigang(['tap', ...args, '--config', file('hall.yaml'), '--lang', 'zh', '--wait', '20']);

const LONG_MS = 120_000;

test(
  'shows each message with what it is taken for or why not, without names and pictures',
  async () => {
    const { code, out } = await tap('#', '--count', '4');
    expect(code).toBe(0);
    expect(out).toContain(`${OWN}（保留的） {"credential":"1001","at":"2026-03-02T08:55:10+08:00","seq":7}`);
    expect(out).toContain('→ clock-1 打卡 1001 2026-03-02T08:55:10+08:00 #7');
    expect(out).toContain('→ clock-1 offline');
    expect(out).toContain('→ 配置里没有考勤机听这个主题；用 --map 试一个映射');
    expect(out).toContain('✗ 存入拒收表：人员编号 /customId：是空的');
    expect(out).not.toMatch(/宋岩|QUJDQUJD/);
  },
  LONG_MS,
);

test(
  'reads what nobody knows by a mapping, filters, and writes JSON',
  async () => {
    const { out } = await tap('hall/#', '--map', file('map.yaml'), '--json', '--count', '1', '--filter', '0F3A');
    expect(JSON.parse(out)).toMatchObject({
      topic: 'hall/dev/0F3A/evt',
      kept: true,
      clock: 'clk-4',
      kind: 'punch',
      punches: [{ credential: '000241', at: '2026-11-20T10:21:17+08:00', seq: 5 }],
      payload: { rec: { name: '…(2)' } },
    });
    const raw = await tap('hall/#', '--raw', '--json', '--count', '1');
    expect(JSON.parse(raw.out)).toMatchObject({ kind: 'nobody', payload: { rec: { badge: '000241', pic: '…(400)' } } });
  },
  LONG_MS,
);

test(
  'shows field by field how a mapping reads a message that lies in a file',
  async () => {
    const good = await tap('--map', file('map.yaml'), '--test', file('good.json'));
    expect([good.code, good.out]).toEqual([
      0,
      '记录 1：是打卡\n  ✓ 人员编号 /badge "000241" → 000241\n  ✓ 打卡时间 /at "2026-11-20 10:21:17" → 2026-11-20T10:21:17+08:00\n  ✓ 流水号 /no 5 → 5\n',
    ]);
    const bad = await tap('--map', file('map.yaml'), '--test', file('bad.json'));
    expect(bad.code).toBe(1);
    expect(bad.out).toContain('✗ 人员编号：消息里没有 /badge；那里有 /Badge');
    expect(bad.out).toContain('✗ 打卡时间 /at：不是 yyyy-MM-dd HH:mm:ss 写法的时间；看上去是 yyyy/MM/dd HH:mm:ss');
  },
  LONG_MS,
);

test.each([
  [['--map', 'nothing.yaml'], 66, '不是文件，也不是有映射的考勤机'],
  [['--test', 'good.json'], 64, '--test 要和 --map 一起用'],
  [['--map', 'clock-1'], 64, '考勤机 clock-1 没有映射'],
  [['--count', 'many'], 64, '应为正整数'],
])(
  '%j ends with %d',
  async (args, code, said) => {
    const ended = await tap(...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(said)]);
  },
  LONG_MS,
);

test(
  'a broker that is not there is said',
  async () => {
    const config = {
      hall: { id: 'h1', name: 'x', timezone: 'Asia/Shanghai' },
      calendar: { country: 'none' },
      mqtt: { url: 'mqtt://127.0.0.1:9' },
    };
    writeFileSync(file('absent.yaml'), JSON.stringify(config));
    const { code, err } = await zaigang(['tap', '--config', file('absent.yaml'), '--lang', 'zh']);
    expect([code, err]).toEqual([69, expect.stringContaining('连不上 MQTT 服务')]);
  },
  LONG_MS,
);
