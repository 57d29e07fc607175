/** The evidence of a hall with one camera in this process: the real ledger, files and ffmpeg; time and pictures by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadedConfig, parseConfig } from '../../config/load.ts';
import { cutOut, drawScene, SCENE_SEAT, sceneLook, shrunk } from '../../daemon/demo/seat-scene.ts';
import { type Evidence, evidenceOf } from '../../daemon/evidence/evidence.ts';
import { HistoryStore } from '../../daemon/ledger/history.ts';
import { Ledger } from '../../daemon/ledger/ledger.ts';
import type { Log } from '../../daemon/log.ts';
import type { Change, Op } from '../../rules/changes.ts';
import type { PresenceState } from '../../rules/facts.ts';
import { dayAt } from '../../rules/hall.ts';
import { type Ms, SECOND } from '../../rules/time.ts';
import { type Verdict, verdictKey } from '../../rules/verdict.ts';
import { everyDay } from './noon.ts';
import { type JumpingClock, jumpingClock } from './rtsp-hall.ts';

export interface EvidenceRoomOptions {
  readonly ffmpegPath: string | null;
  /** Where its data lies; without it in a folder of its own. */
  readonly data?: string;
  readonly evidence?: Readonly<Record<string, unknown>>;
}

const LOOK = sceneLook(5);
const { x, y, width, height } = SCENE_SEAT;

export class EvidenceRoom implements AsyncDisposable {
  readonly folder: string;
  readonly loaded: LoadedConfig;
  readonly ledger: Ledger;
  readonly clock: JumpingClock = wholeMs(jumpingClock());
  readonly evidence: Evidence;
  /** What was logged, as `level phrase`. */
  readonly log: string[] = [];
  readonly #history: HistoryStore;
  readonly #own: boolean;
  #frames = 0;

  constructor({ ffmpegPath, data, evidence = {} }: EvidenceRoomOptions) {
    this.#own = data === undefined;
    this.folder = data ?? mkdtempSync(join(tmpdir(), 'zaigang-evidence-'));
    const config = {
      hall: { id: 'h', timezone: 'Asia/Shanghai' },
      calendar: { country: 'none' },
      schedules: { s: { weekly: everyDay('09:00-12:00') } },
      employees: [{ id: 'e1', name: 'E1', schedule: 's' }],
      windows: [{ id: 'W1', name: 'W1', schedule: 's', a: 'e1' }],
      cameras: [{ id: 'cam-1', source: 'rtsp://127.0.0.1/1', seats: [{ window: 'W1', roi: [x, y, width, height] }] }],
      mqtt: { embedded: true },
      data: this.folder,
      evidence,
    };
    // JSON is YAML.
    this.loaded = parseConfig(JSON.stringify(config), join(this.folder, 'hall.yaml'), { env: {}, lang: 'en' });
    this.ledger = Ledger.open({ directory: this.folder, diskReserveBytes: 0 });
    this.#history = new HistoryStore(this.ledger.database, 'h');
    const say = (level: string) => (_fields: object, phrase: string) => void this.log.push(`${level} ${phrase}`);
    const log: Log = { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };
    // Nobody is told of anything here, so no verdict belongs to a case.
    const desk = { find: () => null, changesOf: () => [] };
    const { ledger, clock } = this;
    this.evidence = evidenceOf(this.loaded, { ledger, desk }, { ffmpegPath, clock, log });
    this.evidence.watch(this.loaded.config.cameras.map((one) => ({ ...one, source: one.source ?? '' })));
  }

  /** The camera shows this now, and it is seen so. */
  show(state: PresenceState): Ms {
    const at = this.clock.now();
    const scene = drawScene(LOOK, ++this.#frames, state === 'occupied' ? { clerk: 1 } : {});
    const frame = { at, whole: shrunk(scene, 160, 90), seats: [cutOut(scene, SCENE_SEAT, 48, 60)], view: scene };
    const shot = this.evidence.keep('cam-1', frame);
    if (shot === null) throw new Error('the picture was not taken');
    const picture = { at, fault: null, value: 0, limit: 0, shift: null, stir: 0 };
    this.evidence.seen('cam-1', shot, {
      picture,
      seats: [{ at, state, since: at, reason: null, because: [], wantsPerson: false }],
    });
    this.clock.jump(2 * SECOND);
    return at;
  }

  /** A change of a verdict about the window is committed; its key. */
  change(op: Op, { from, to = null, state }: { from: Ms; to?: Ms | null; state?: Verdict['state'] }): string {
    const at = this.clock.now();
    const verdict: Verdict = {
      rule: 'missing-cover',
      state: state ?? (to === null ? 'open' : 'closed'),
      day: dayAt(this.loaded.hall, from),
      session: 1,
      side: null,
      employee: null,
      window: 'W1',
      department: null,
      from,
      to,
      evidence: [],
      because: null,
      run: true,
      config: 'sha256:0',
    };
    const key = verdictKey('h', verdict);
    const change: Change = { at, op, key, cause: { deadline: true }, verdict };
    this.ledger.commit(() => this.#history.append(change));
    this.evidence.follow([change]);
    return key;
  }

  /** Resolves when everything that was begun is written, or could not be. */
  settled(): Promise<void> {
    return this.evidence.settle();
  }

  /** `moment: reason` for what could not be taken, `moment` for what was. */
  noted(): string[] {
    const all = this.evidence.desk.list({}).map(({ entry }) => entry);
    return all.map((one) => (one.what === 'taken' ? one.moment : `${one.moment}: ${one.because}`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.evidence.stop();
    this.ledger.close();
    if (this.#own) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The ledger's instants have no fractions. */
const wholeMs = (clock: JumpingClock): JumpingClock => ({ ...clock, now: () => Math.floor(clock.now()) });
