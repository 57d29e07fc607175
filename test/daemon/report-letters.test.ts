/** Channels are told of reports that were made by themselves: once, without names, and whatever becomes of the others. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LoadedConfig, parseConfig } from '../../config/load.ts';
import type { ReportConfig } from '../../config/schema.ts';
import { sendersOf } from '../../daemon/alerts/channels.ts';
import { Delivery } from '../../daemon/alerts/delivery.ts';
import type { Log } from '../../daemon/log.ts';
import { ReportSchedule, type ReportScheduleOptions } from '../../daemon/reports/schedule.ts';
import type { Ms } from '../../rules/time.ts';
import type { CoreHall } from '../support/core-hall.ts';
import { PEOPLE, plantedMonth, sourceOf } from '../support/planted-month.ts';
import { type RobotStub, robotStub, TOKEN } from '../support/robot-stub.ts';
import { SMALL_HALL } from '../support/small-hall.ts';
import { type SmtpStub, smtpStub } from '../support/smtp-stub.ts';
import { until } from '../support/until.ts';
import { type WebhookReceiver, webhookReceiver } from '../support/webhook-receiver.ts';

const SECRET = 'shared-by-both';
const ADDRESS = 'https://hall.example.gov.cn';
const XLSX = 'suixian-month-2026-03.xlsx';
const JSON_FILE = 'suixian-month-2026-03.json';
const at = (text: string): Ms => Date.parse(`${text}+08:00`);

// Each report is made in a thread of its own, which yields to everything else on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

let month: CoreHall;
let mail: SmtpStub;
let robot: RobotStub;
let hook: WebhookReceiver;
/** What delivery takes for the time: it is moved on where something has to be tried again. */
let now: Ms;
let folders = 0;
const said: string[] = [];
const say = (level: string) => (fields: object, phrase: string) =>
  void said.push(`${level} ${phrase} ${JSON.stringify(fields)}`);
const log: Log = { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };

beforeAll(() => {
  month = plantedMonth();
}, 60_000);
afterAll(() => month[Symbol.dispose]());
beforeEach(async () => {
  now = at('2026-04-01T09:00:00');
  said.length = 0;
  [mail, robot, hook] = await Promise.all([smtpStub(''), robotStub('wecom', Date.now), webhookReceiver(SECRET)]);
});
afterEach(async () => {
  await Promise.all([mail, robot, hook].map((stub) => stub[Symbol.asyncDispose]()));
});

/** `{ make: month, … }` of a hall whose channels are the stubs, in a folder of its own. */
function configured(
  report: string,
  formats = 'json',
  attachUpTo = '10MB',
): { config: LoadedConfig['config']; report: ReportConfig } {
  folders++;
  const { config } = parseConfig(
    `${SMALL_HALL}
http: { address: "${ADDRESS}/" }
notify:
  channels:
    - { id: mail, kind: email, server: "${mail.url}", from: z@x.cn, addresses: [s@x.cn], attachUpTo: ${attachUpTo} }
    - { id: group, kind: wecom, token: "${TOKEN}", url: "${robot.url}" }
    - { id: hook, kind: webhook, url: "${hook.url}", secret: ${SECRET} }
reports: [{ make: month, at: "08:00", formats: [${formats}], folder: ./made-${folders}, ${report} }]
`,
    join(month.folder, 'hall.yaml'),
    { env: {}, lang: 'en' },
  );
  return { config, report: config.reports[0] as ReportConfig };
}

async function make(report: ReportConfig, more: Partial<ReportScheduleOptions> = {}): Promise<void> {
  const { ledger, outbox } = month.core;
  await new ReportSchedule({
    ...{ reports: [report], hall: () => month.loaded.hall, source: sourceOf(month), ledger, outbox, address: ADDRESS },
    ...{ settle: () => {}, now: () => now, language: 'zh', log },
    ...more,
  }).makeDue();
}

/** Sends what waits, until `isDone`. */
async function deliver(config: LoadedConfig['config'], isDone: () => boolean, what: string): Promise<void> {
  const { outbox, ledger } = month.core;
  const channels = sendersOf({ config, language: 'zh', now: Date.now }, log);
  const delivery = new Delivery({ outbox, ledger, channels, now: () => now, log });
  delivery.start();
  await until(isDone, { what, timeoutMs: 30_000 }).finally(() => delivery.stop());
}
const waiting = (): string[] => ['mail', 'group', 'hook'].filter((channel) => month.core.outbox.holds(channel));
const allSent = (): boolean => waiting().length === 0;

/** The parts of a mail: its text, and the files by their names. */
function partsOf(data: string): { readonly text: string; readonly files: ReadonlyMap<string, Buffer> } {
  const boundary = /boundary="?([^"\n;]+)/.exec(data)?.[1];
  const all = boundary === undefined ? [data] : data.split(`--${boundary}`).slice(1, -1);
  const parts = all.map((part) => {
    const [head = '', ...body] = part.trimStart().split('\n\n');
    return { name: /filename="?([^"\n;]+)/.exec(head)?.[1], content: Buffer.from(body.join(''), 'base64') };
  });
  return {
    text: parts.find(({ name }) => name === undefined)?.content.toString() ?? '',
    files: new Map(parts.flatMap(({ name, content }) => (name === undefined ? [] : [[name, content] as const]))),
  };
}

function namesIn(text: string): string[] {
  return PEOPLE.map(({ name }) => name).filter((name) => text.includes(name));
}

describe('channels that a report is told to', () => {
  test('hear of it once, with its figures and without names; a mail brings the files', async () => {
    const { config, report } = configured('to: [mail, group, hook, group]', 'json, xlsx');
    await make(report);
    await deliver(config, allSent, 'every channel to be told');

    const { checksum, knownAt } = JSON.parse(readFileSync(join(report.folder, JSON_FILE), 'utf8'));
    const [told = ''] = robot.shown;
    expect(told).toMatch(/^月报 2026-03（未定稿）$/m);
    expect(told).toMatch(/^出勤率 \d+\.\d%，.*迟到 \d+，/m);
    const lines = [`数据时间 ${knownAt}`, `校验 ${checksum}`, `文件 ${JSON_FILE}、${XLSX}`];
    for (const line of [...lines, `${ADDRESS}/reports/month/2026-03`]) expect(told).toContain(`\n${line}\n`);
    expect(robot.shown).toHaveLength(1);

    expect(hook.received).toMatchObject([{ genuine: true, notice: { op: 'report', verdicts: [] } }]);
    expect(JSON.stringify(hook.received)).not.toContain(report.folder);

    const { text, files } = partsOf(mail.mails[0]?.data ?? '');
    expect([...files.keys()]).toEqual([JSON_FILE, XLSX]);
    for (const [name, content] of files) expect(content.equals(readFileSync(join(report.folder, name)))).toBe(true);
    const attached = files.get(JSON_FILE)?.toString() ?? '';
    expect(JSON.parse(attached)).toMatchObject({ masked: true, period: '2026-03' });
    expect([told, text, attached, JSON.stringify(hook.received)].flatMap(namesIn)).toEqual([]);

    month.restart();
    await make(report);
    now += 3_600_000;
    await make(report);
    expect(waiting()).toEqual([]);
    expect([mail.mails.length, robot.shown.length, hook.received.length]).toEqual([1, 1, 1]);
  });

  test('do not wait for one that fails; that one hears of it later', async () => {
    const { config, report } = configured('to: [hook, mail, group]');
    await hook.down();
    await make(report);
    expect(readdirSync(report.folder)).toEqual([JSON_FILE]);
    const failed = (): boolean => month.core.outbox.failing().some(({ channel }) => channel === 'hook');
    await deliver(config, () => failed() && waiting().length === 1, 'the others to be told');
    expect([mail.mails.length, robot.shown.length]).toEqual([1, 1]);
    month.restart();
    await hook.up();
    now += 3_600_000;
    await deliver(config, allSent, 'the last one to be told');
    expect([mail.mails.length, robot.shown.length, hook.received.length]).toEqual([1, 1, 1]);
  });

  test('are told once where the daemon ended between the files and the note', async () => {
    const { config, report } = configured('to: [group]');
    const { ledger } = month.core;
    const commit = <T>(work: () => T): T =>
      ledger.commit(() => {
        work();
        throw new Error('the end');
      });
    await make(report, {
      ledger: { setting: (name) => ledger.setting(name), set: (name, value) => ledger.set(name, value), commit },
    });
    expect(readdirSync(report.folder)).toEqual([JSON_FILE]);
    expect(waiting()).toEqual([]);
    await make(report);
    await make(report);
    await deliver(config, allSent, 'the group to be told');
    expect(robot.shown).toHaveLength(1);
  });

  test('are told of every one that was missed; one that is added hears of the latest, and nobody twice', async () => {
    const { config, report } = configured('to: [group]');
    await make(report);
    now = at('2026-05-02T09:00:00');
    await make(report);
    await make({ ...report, to: ['group', 'hook'] });
    await deliver(config, allSent, 'both to be told');
    expect(robot.shown.map((text) => /月报 ([\d-]+)/.exec(text)?.[1])).toEqual(['2026-03', '2026-04']);
    expect(hook.received.map(({ notice }) => /月报 ([\d-]+)/.exec(notice.text)?.[1])).toEqual(['2026-04']);
  });
});

describe('a mail', () => {
  test('has names in its files only where that is written, and never in its text', async () => {
    const { config, report } = configured('to: [mail], maskNames: false');
    await make(report);
    await deliver(config, allSent, 'the mail');
    const { text, files } = partsOf(mail.mails[0]?.data ?? '');
    expect(namesIn(files.get(JSON_FILE)?.toString() ?? '')).toContain('徐敏');
    expect(namesIn(text)).toEqual([]);
  });

  test('says what is too large for it, or was changed since, and goes without', async () => {
    const { config, report } = configured('to: [mail]', 'json, xlsx', '12KB');
    await make(report);
    writeFileSync(join(report.folder, XLSX), 'not what was made');
    await deliver(config, allSent, 'the mail');
    const { text, files } = partsOf(mail.mails[0]?.data ?? '');
    expect(files.size).toBe(0);
    expect(text).toContain(`未附 ${JSON_FILE}：超过邮件附件的大小限制`);
    expect(text).toContain(`未附 ${XLSX}：文件已不在原处或已改动`);
    expect(text).toMatch(/^月报 2026-03/);
  });
});
