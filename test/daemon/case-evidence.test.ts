/** Pictures and archives of cases over HTTP: who sees them, that each look is recorded, and that an archive proves itself. */
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Access } from '../../daemon/access/access.ts';
import { drawScene, SCENE_SEAT, sceneLook } from '../../daemon/demo/seat-scene.ts';
import { checkedArchive } from '../../daemon/evidence/case-archive.ts';
import { type Evidence, evidenceOf } from '../../daemon/evidence/evidence.ts';
import { unzipped, zipOf } from '../../daemon/files/zip.ts';
import { alertsOf } from '../../daemon/http/alerts-api.ts';
import { caseEvidenceOf } from '../../daemon/http/evidence-api.ts';
import { testAccess, tokensOf } from '../support/access.ts';
import { CoreHall } from '../support/core-hall.ts';
import { zaigang } from '../support/daemon.ts';
import { NO_ASSETS, startServer, type TestServer } from '../support/http-server.ts';
import { plantPictures } from '../support/planted-pictures.ts';
import { ffmpegPath } from '../support/rtsp-clips.ts';
import { lateAndAway, on } from '../support/small-hall.ts';

const { x, y, width, height } = SCENE_SEAT;
const YAML = `
hall: { id: suixian, name: 随县政务服务中心, timezone: Asia/Shanghai }
calendar: { country: none }
departments: [{ id: gaj, name: 公安局 }, { id: ybj, name: 医保局 }]
schedules:
  standard: { punches: in, weekly: { mon: ["09:00-12:00"], tue: ["09:00-12:00"] } }
employees:
  - { id: e001, name: 徐敏, department: gaj, schedule: standard }
  - { id: e002, name: 李岚, department: ybj, schedule: standard }
windows:
  - { id: W1, name: 出入境, department: gaj, schedule: standard, a: e001, b: [] }
clocks: [{ id: clock-1 }]
cameras: [{ id: cam-1, source: "rtsp://127.0.0.1/1", seats: [{ window: W1, roi: [${x}, ${y}, ${width}, ${height}] }] }]
`;

type Body = Record<string, unknown>;

let hall: CoreHall;
let server: TestServer;
let access: Access;
let evidence: Evidence;
let tokenOf: ReturnType<typeof tokensOf>;
let [post, arrival] = ['', ''];

/** At 10:40 e002 has come 20 minutes late, and e001 left W1 for 30 minutes, of which there are pictures. */
beforeEach(async () => {
  hall = new CoreHall({ yaml: YAML, startsAt: on('08:45:00') });
  await lateAndAway(hall);
  hall.pass(on('10:40:00'));
  const { core } = hall;
  const silent = (): void => {};
  const log = { error: silent, warn: silent, info: silent, debug: silent };
  const clock = { now: () => hall.clock.now(), elapsed: () => 0, after: () => silent };
  evidence = evidenceOf(hall.loaded, core, { ffmpegPath: await ffmpegPath(), clock, log });
  evidence.watch(hall.loaded.config.cameras.map((one) => ({ ...one, source: one.source ?? '' })));
  access = testAccess().access;
  tokenOf = tokensOf(access);
  server = await startServer({
    hall: 'suixian',
    assets: NO_ASSETS,
    access,
    alerts: alertsOf(core, () => hall.clock.now()),
    evidence: caseEvidenceOf(core, evidence),
  });
  const { alerts } = (await json(tokenOf(['supervisor']), '/api/v1/alerts')) as { alerts: Body[] };
  post = String(alerts.find(({ family }) => family === 'post')?.['case']);
  arrival = String(alerts.find(({ family }) => family === 'arrival')?.['case']);
  const at = hall.clock.now();
  await plantPictures(core.ledger, 'suixian', [
    { picture: 'E-000000000001', moment: 'last-seen', window: 'W1', case: post, at: at - 40 * 60_000 },
    { picture: 'E-000000000002', moment: 'alarm', window: 'W1', case: post, at: at - 25 * 60_000 },
    { picture: 'E-000000000003', moment: 'left', window: 'W1', case: post, at: at - 25 * 60_000, missing: 'not-seen' },
    { picture: 'E-000000000009', moment: 'alarm', window: 'W1', case: 'C-other', at },
  ]);
});

afterEach(async () => {
  expect(server.errors).toEqual([]);
  await server.close();
  await evidence.stop();
  hall[Symbol.dispose]();
});

const headers = (token: string | null) => (token === null ? {} : { Authorization: `Bearer ${token}` });
const ask = (token: string | null, path: string, method = 'GET') =>
  server.app.request(path, { headers: headers(token), method });
const json = async (token: string, path: string): Promise<Body> => (await (await ask(token, path)).json()) as Body;
const looks = (picture: string) =>
  evidence.desk.book.of(picture).flatMap((entry) => (entry.what === 'viewed' ? [entry.by] : []));

describe('pictures', () => {
  test('are listed with what proves them and how long they are kept, and without being looked at', async () => {
    const { pictures, mayFreeze } = (await json(
      tokenOf(['supervisor']),
      `/api/v1/alerts/${post}/evidence?lang=en`,
    )) as {
      pictures: Body[];
      mayFreeze: boolean;
    };
    expect(pictures.map(({ picture, moment, momentName, at }) => [picture, moment, momentName, at])).toEqual([
      ['E-000000000001', 'last-seen', 'last seen', '2026-03-02T10:00:00+08:00'],
      ['E-000000000002', 'alarm', 'alarm', '2026-03-02T10:15:00+08:00'],
      ['E-000000000003', 'left', 'left', '2026-03-02T10:15:00+08:00'],
    ]);
    expect(pictures[0]).toMatchObject({ window: 'W1', camera: 'cam-1', views: 0, missing: null, removedAt: null });
    expect(pictures[0]?.['sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(pictures[2]?.['missing']).toEqual({ because: 'not-seen', text: 'that moment was not seen' });
    // Closed, and nobody has decided: 90 days after it was last said anew.
    expect(pictures[0]?.['keptUntil']).toMatch(/^2026-05-31T/);
    expect(mayFreeze).toBe(true);
    expect(looks('E-000000000001')).toEqual([]);
  });

  test('are shown to whoever may see the case; each look is recorded with who', async () => {
    const shown = await ask(tokenOf(['supervisor']), `/api/v1/alerts/${post}/evidence/E-000000000001`);
    expect([shown.status, shown.headers.get('content-type'), shown.headers.get('cache-control')]).toEqual([
      200,
      'image/jpeg',
      'no-store',
    ]);
    const jpeg = Buffer.from(await shown.arrayBuffer());
    expect(hash('sha256', jpeg)).toBe(evidence.desk.book.kept()[0]?.sha256);
    expect(
      (await ask(tokenOf(['employee'], { employee: 'e001' }), `/api/v1/alerts/${post}/evidence/E-000000000001`)).status,
    ).toBe(200);
    expect(looks('E-000000000001').join(' ')).toMatch(/^token:\d+ token:\d+$/);
    expect(new Set(looks('E-000000000001')).size).toBe(2);
  });

  test('guessing addresses finds nothing, and says nothing', async () => {
    const late = tokenOf(['employee'], { employee: 'e002' });
    const none = await (await ask(late, '/api/v1/alerts/C-000000000000/evidence/E-000000000001')).json();
    for (const path of ['/evidence', '/evidence/E-000000000001', '/evidence/E-777777777777', '/archive']) {
      const refused = await ask(late, `/api/v1/alerts/${post}${path}`);
      const { instance: _, ...said } = (await refused.json()) as Body;
      const { instance: __, ...nothing } = none as Body;
      expect([path, refused.status, said]).toEqual([path, 404, nothing]);
    }
    // Under a case of one's own, a picture of another's is as unknown as one that never was.
    const answers = await Promise.all(
      ['E-000000000001', 'E-000000000009', 'E-777777777777', '..%2F..%2Fledger.db'].map(async (picture) => {
        const refused = await ask(late, `/api/v1/alerts/${arrival}/evidence/${picture}`);
        return [refused.status, ((await refused.json()) as Body)['detail']];
      }),
    );
    expect(new Set(answers.map((one) => JSON.stringify(one)))).toEqual(new Set(['[404,"There is no such picture."]']));
    expect((await ask(late, `/api/v1/alerts/${post}/evidence/freeze`, 'POST')).status).toBe(404);
    expect(looks('E-000000000001')).toEqual([]);
    expect((await ask(null, `/api/v1/alerts/${post}/evidence`)).status).toBe(401);
    expect((await ask(tokenOf(['installer']), `/api/v1/alerts/${post}/evidence`)).status).toBe(403);
    const chief = tokenOf(['chief'], { departments: ['ybj'] });
    expect((await ask(chief, `/api/v1/alerts/${post}/evidence/E-000000000001`)).status).toBe(404);
  });

  test('that cannot be shown say why', async () => {
    const token = tokenOf(['supervisor']);
    const why = async (picture: string) => {
      const response = await ask(token, `/api/v1/alerts/${post}/evidence/${picture}`);
      return [response.status, ((await response.json()) as Body)['code']];
    };
    expect(await why('E-000000000003')).toEqual([404, 'none']);
    const { book, folder } = evidence.desk;
    const [first, second] = book.kept();
    if (first === undefined || second === undefined) throw new Error('no pictures');
    folder.remove(second);
    expect(await why('E-000000000002')).toEqual([409, 'absent']);
    book.note(first.picture, hall.clock.now(), { what: 'removed', because: 'kept-long-enough', since: 0 });
    expect(await why(first.picture)).toEqual([410, 'removed']);
  });

  test('are not shown where it cannot be recorded who looked', async () => {
    hall.core.ledger.database.exec(
      "create trigger full before insert on evidence begin select raise(abort, 'database or disk is full'); end",
    );
    for (const path of ['evidence/E-000000000001', 'archive']) {
      const refused = await ask(tokenOf(['supervisor']), `/api/v1/alerts/${post}/${path}`);
      expect([path, refused.status, ((await refused.json()) as Body)['code']]).toEqual([path, 503, 'unavailable']);
    }
  });

  test('what the cameras still remember is kept for the case when somebody asks, once', async () => {
    const own = tokenOf(['employee'], { employee: 'e001' });
    const scene = drawScene(sceneLook(5), 1, { clerk: 1 });
    const frame = { at: hall.clock.now(), whole: scene, seats: [], view: scene };
    evidence.keep('cam-1', frame);
    const frozen = await ask(own, `/api/v1/alerts/${post}/evidence/freeze`, 'POST');
    const { pictures } = (await frozen.json()) as { pictures: Body[] };
    expect(frozen.status).toBe(201);
    expect(pictures.map(({ moment, missing }) => [moment, missing === null])).toEqual([
      ['last-seen', true],
      ['alarm', true],
      ['left', false],
      ['frozen', true],
      ['strip', true],
    ]);
    expect(pictures[3]).toMatchObject({ askedBy: expect.stringMatching(/^token:/), window: 'W1' });
    const again = await ask(own, `/api/v1/alerts/${post}/evidence/freeze`, 'POST');
    expect([again.status, ((await again.json()) as Body)['code']]).toEqual([409, 'frozen-already']);
    const noCamera = await ask(tokenOf(['supervisor']), `/api/v1/alerts/${arrival}/evidence/freeze`, 'POST');
    expect(((await noCamera.json()) as Body)['code']).toBe('no-camera');
    hall.pass('2026-03-03T08:00:00+08:00');
    const tomorrow = await ask(own, `/api/v1/alerts/${post}/evidence/freeze`, 'POST');
    expect(((await tomorrow.json()) as Body)['code']).toBe('not-today');
  }, 30_000);
});

describe('an archive', () => {
  async function archive(token: string, id: string) {
    const response = await ask(token, `/api/v1/alerts/${id}/archive`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const bytes = Buffer.from(await response.arrayBuffer());
    const files = new Map(unzipped(bytes).map(({ name, content }) => [name, Buffer.from(content).toString()]));
    return { bytes, files, name: response.headers.get('content-disposition') };
  }

  test('has the case, how it was concluded, the records and the pictures, and proves itself', async () => {
    const { bytes, files, name } = await archive(tokenOf(['supervisor']), post);
    expect(name).toBe(`attachment; filename="${post}-2026-03-02.zip"`);
    expect([...files.keys()].sort()).toEqual([
      'README.txt',
      'SHA256SUMS',
      'case.json',
      'explanation.en.txt',
      'explanation.zh.txt',
      'facts.jsonl',
      'manifest.json',
      'pictures/E-000000000001.jpg',
      'pictures/E-000000000001.json',
      'pictures/E-000000000002.jpg',
      'pictures/E-000000000002.json',
    ]);
    const said = JSON.parse(files.get('case.json') ?? '') as { history: unknown[]; pictures: unknown[]; case: string };
    expect([said.case, said.pictures.length, said.history.length > 0]).toEqual([post, 3, true]);
    expect(files.get('facts.jsonl')).toContain('"id":"v2"');
    expect(files.get('explanation.zh.txt')).toMatch(/脱岗/);
    const check = checkedArchive(bytes);
    expect(check).toMatchObject({ faults: [], manifest: { case: post, madeFor: expect.stringMatching(/^token:/) } });
    if (!('manifest' in check)) throw new Error('no manifest');
    expect(check.manifest.ledger).toMatch(/^\d+:[0-9a-f]{64}$/);
    expect(check.manifest.leftOut).toEqual([{ what: 'picture', because: 'not-seen', about: 'E-000000000003' }]);
    expect(looks('E-000000000001')).toHaveLength(1);
    const [row] = access.books.log.newest(1);
    expect(row).toMatchObject({ what: 'case-archive-read', detail: { case: post, sha256: hash('sha256', bytes) } });
  });

  test('says what was changed, taken out or put in', async () => {
    const { bytes } = await archive(tokenOf(['supervisor']), post);
    const entries = unzipped(bytes);
    const at = '2026-03-02T10:40:00+08:00';
    const faults = (changed: typeof entries) => {
      const check = checkedArchive(zipOf(changed, at));
      return 'unreadable' in check ? check.unreadable : check.faults.map(({ name, what }) => `${name} ${what}`);
    };
    expect(faults(entries)).toEqual([]);
    expect(faults(entries.filter(({ name }) => name !== 'facts.jsonl'))).toEqual(['facts.jsonl absent']);
    expect(faults([...entries, { name: 'more.txt', content: Buffer.from('x') }])).toEqual(['more.txt unlisted']);
    const swap = (wanted: string, text: string) =>
      entries.map((one) => (one.name === wanted ? { name: wanted, content: Buffer.from(text) } : one));
    expect(faults(swap('case.json', '{}'))).toEqual(['case.json changed']);
    const manifest = String(entries.find(({ name }) => name === 'manifest.json')?.content);
    expect(faults(swap('manifest.json', manifest.replace('token:', 'user:')))).toEqual(['manifest.json changed']);
    expect(faults(swap('manifest.json', '[]'))).toMatch(/no manifest.json/);
    expect(checkedArchive(Buffer.from('no archive'))).toEqual({ unreadable: 'no ZIP archive' });
  });

  test('for the one who sat there says how it was found, and nothing of others', async () => {
    const { files, bytes } = await archive(tokenOf(['employee'], { employee: 'e001' }), post);
    expect(files.get('explanation.zh.txt')).toContain('脱岗 30 分钟');
    const all = [...files.values()].join('\n');
    expect(all).not.toMatch(/李岚|\be002\b|"p2"/);
    expect(all).toContain('徐敏');
    expect(checkedArchive(bytes)).toMatchObject({ faults: [] });
  });

  test('is verified by the command, without a configuration or a ledger', async () => {
    const { bytes } = await archive(tokenOf(['supervisor']), post);
    const [whole, changed] = ['whole', 'changed'].map((name) => join(hall.folder, `${name}.zip`)) as [string, string];
    writeFileSync(whole, bytes);
    const entries = unzipped(bytes).filter(({ name }) => name !== 'case.json');
    writeFileSync(changed, zipOf(entries, '2026-03-02T10:40:00+08:00'));
    const verify = (file: string, ...more: string[]) => zaigang(['evidence', 'verify', file, ...more]);
    const [good, bad, none, other] = await Promise.all([
      verify(whole, '--lang', 'zh'),
      verify(changed, '--json'),
      verify(join(hall.folder, 'none.zip')),
      verify(hall.core.ledger.directory.replace(/\/?$/, '/ledger.db')),
    ]);
    expect([good.code, good.out]).toEqual([
      0,
      expect.stringMatching(/核对 \d+ 个文件\n全部相符\n.*audit verify --noted \d+:/),
    ]);
    expect([bad.code, JSON.parse(bad.out)]).toEqual([
      65,
      expect.objectContaining({ faults: [{ name: 'case.json', what: 'absent' }] }),
    ]);
    expect([none.code, other.code, other.out]).toEqual([66, 65, expect.stringMatching(/no ZIP archive|damaged/)]);
  }, 60_000);
});
