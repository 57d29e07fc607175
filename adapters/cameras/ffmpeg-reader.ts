/** One camera, read for ever: an ffmpeg is started, watched, given up, and started again after a while. */
import type { Roi } from '../../config/fields.ts';
import type { Ms } from '../../rules/time.ts';
import { type DeviceClock, pause } from '../device-clock.ts';
import type { LoginGate, Pass } from '../login-gate.ts';
import type { CameraAddress } from './camera-address.ts';
import type { CameraEvent, ReaderListener, ReaderReading, ReaderState, ViewWanted } from './camera-reading.ts';
import { type Decoding, type FfmpegDialect, readArguments } from './ffmpeg-command.ts';
import { type FfmpegEnd, type FfmpegRun, runFfmpeg } from './ffmpeg-process.ts';
import { type CutFrame, FrameCutter, type FrameLayout, layoutOf } from './frame-graph.ts';
import { FrameWatch, StillWatch } from './frame-watch.ts';
import { Keyframes } from './keyframes.ts';
import { copyFailureOf, type Loss, type LossReason, lossOf, lossOfSilence } from './loss.ts';
import type { PidFolder } from './pid-folder.ts';
import { QualityBook } from './quality.ts';
import type { ReaderLimits } from './reader-limits.ts';
import type { StartSlots } from './start-slots.ts';

/** What all readers of a hall share. */
export interface ReaderSurroundings {
  readonly ffmpeg: { readonly path: string; readonly dialect: FfmpegDialect };
  readonly clock: DeviceClock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly limits: ReaderLimits;
  readonly slots: StartSlots;
  readonly gate: LoginGate;
  readonly pids: PidFolder;
}

export interface ReaderOptions {
  readonly address: CameraAddress;
  readonly rois: readonly Roi[];
  readonly view: ViewWanted;
  readonly listener: ReaderListener;
}

export class FfmpegReader {
  readonly #around: ReaderSurroundings;
  readonly #options: ReaderOptions;
  readonly #stopping = new AbortController();
  readonly #book: QualityBook;
  #still: StillWatch;
  #watch: FrameWatch | null = null;
  #life: Promise<void> | null = null;
  #state: ReaderState = 'starting';
  #loss: Loss | null = null;
  #retryAt: Ms | null = null;
  #decoding: Decoding = 'keyframes';
  #sampledSince: Ms = 0;
  #trial: Trial = 'none';
  /** Until it is found that they are of no use. */
  #copiesKeyframes: boolean;
  #failures = 0;
  #starts = 0;
  #stalls = 0;
  #frames = 0;
  #lastFrame: { readonly at: Ms; readonly arrived: Ms } | null = null;
  #sameSince: Ms = 0;

  constructor(around: ReaderSurroundings, options: ReaderOptions) {
    this.#around = around;
    this.#options = options;
    const { scheme } = options.address;
    // Over HTTP they mostly are JPEGs, each a keyframe.
    const canCopy = around.ffmpeg.dialect.copiesKeyframes && (scheme === 'rtsp' || scheme === 'rtsps');
    this.#copiesKeyframes = options.view === 'as-sent' && canCopy;
    this.#book = new QualityBook(around.clock.elapsed());
    this.#still = new StillWatch(around.limits.frozenFrames);
  }

  start(): void {
    this.#life ??= this.#live(this.#stopping.signal);
  }

  /** Resolves once its ffmpeg is gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#life;
    this.#state = 'stopped';
  }

  reading(): ReaderReading {
    const now = this.#around.clock.elapsed();
    return {
      state: this.#state,
      loss: this.#loss,
      retryMs: this.#retryAt === null ? null : Math.max(0, this.#retryAt - now),
      decoding: this.#decoding,
      frames: this.#frames,
      lastFrameAt: this.#lastFrame?.at ?? null,
      intervalMs: this.#watch?.intervalMs ?? null,
      sameFrames: this.#still.same,
      reconnects: Math.max(0, this.#starts - 1),
      stalls: this.#stalls,
      lastHour: this.#book.lastHour(now),
      quality: this.#book.word(now, this.#still.same >= this.#around.limits.frozenFrames),
    };
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { clock, gate, limits, random, slots } = this.#around;
    const { host, login } = this.#options.address;
    while (!signal.aborted) {
      const pass = await gate.enter({ host, login, signal, onClosed: (until) => this.#closed(until) });
      if (pass === null) return;
      this.#retryAt = null;
      const release = await slots.take(signal);
      if (release !== null) {
        await pause(clock, random() * limits.startSpreadMs, signal);
        if (!signal.aborted) await this.#attempt(pass, release, signal);
        release();
      }
      pass.leave();
      if (this.#state === 'failed' || signal.aborted) return;
      if (this.#retryAt !== null) await pause(clock, this.#retryAt - clock.elapsed(), signal);
      this.#retryAt = null;
    }
  }

  /** Another camera of the host was refused the same login, or this one was. */
  #closed(until: Ms): void {
    this.#retryAt = until;
    if (this.#loss?.reason === 'wrong-login' || this.#loss?.reason === 'locked-out') return;
    const detail = 'a login was refused to a camera of the same host';
    this.#lost({ reason: 'wrong-login', detail }, until - this.#around.clock.elapsed());
  }

  async #attempt(pass: Pass, release: () => void, signal: AbortSignal): Promise<void> {
    const { clock, limits } = this.#around;
    const startedAt = clock.elapsed();
    const sampledMs = startedAt - this.#sampledSince;
    if (this.#decoding === 'sampled' && sampledMs >= limits.sampleForMs) this.#decoding = 'keyframes';
    if (this.#starts++ > 0) this.#book.reconnect(startedAt);
    const watch = new FrameWatch(startedAt, this.#decoding, limits);
    this.#watch = watch;
    this.#still = new StillWatch(limits.frozenFrames);
    const isTrial = this.#trial === 'running' && this.#decoding === 'sampled';
    const layout = this.#layout();
    const keyframes = layout.stamped ? new Keyframes(this.#options.rois) : null;
    const attempt: Attempt = {
      ...{ pass, release, watch, layout, keyframes, isTrial },
      ...{ isReplaced: false, givenUp: null, kill: () => {} },
    };
    const run = this.#run(attempt, signal);
    attempt.kill = run.kill;
    this.#note(run.pid, 'add');
    const cancelSlot = clock.after(limits.slotMs, release);
    const cancelWatch = this.#keepWatch(attempt, run);
    const cancelEnd = this.#endWith(run, signal);
    const end = await run.ended;
    for (const cancel of [cancelSlot, cancelWatch, cancelEnd]) cancel();
    this.#note(run.pid, 'remove');
    if (signal.aborted) return;
    if (!attempt.isReplaced) this.#settle(attempt, end);
  }

  #passTrial(attempt: Attempt): void {
    this.#trial = 'passed';
    this.#decode('keyframes');
    this.#replace(attempt);
  }

  /** Another run takes its place, at once. */
  #replace(attempt: Attempt): void {
    attempt.isReplaced = true;
    attempt.pass.accepted();
    attempt.kill();
  }

  #stopCopying(because: string): void {
    this.#copiesKeyframes = false;
    this.#tell({ kind: 'not-copied', at: this.#around.clock.now(), because });
  }

  #run(attempt: Attempt, signal: AbortSignal): FfmpegRun {
    const { ffmpeg, limits } = this.#around;
    const { address } = this.#options;
    const { layout, keyframes } = attempt;
    const decoding = this.#decoding;
    const cutter = new FrameCutter(layout);
    const args = readArguments({ address, layout, decoding, dialect: ffmpeg.dialect, waitMs: limits.networkMs });
    return runFfmpeg({
      path: ffmpeg.path,
      args,
      mask: address.mask,
      onOutput: (chunk) => {
        for (const frame of cutter.push(chunk)) {
          if (attempt.givenUp !== null || attempt.isReplaced || signal.aborted) return;
          if (attempt.isTrial) this.#passTrial(attempt);
          else this.#frame(attempt, frame);
        }
      },
      ...(keyframes === null ? {} : { onMore: (chunk) => keyframes.push(chunk) }),
    });
  }

  #layout(): FrameLayout {
    const { sampleEveryMs, leastApartMs } = this.#around.limits;
    // Not `fps`: after a pause of the stream it would repeat the last picture, as if it had been seen meanwhile.
    const { rois, view: wanted } = this.#options;
    const isSampled = this.#decoding === 'sampled';
    const stamped = this.#copiesKeyframes && !isSampled;
    const view = wanted !== 'none' && !stamped;
    return layoutOf(rois, { leastApartMs: isSampled ? sampleEveryMs : leastApartMs, view, stamped });
  }

  #note(pid: number | null, change: 'add' | 'remove'): void {
    if (pid === null) return;
    try {
      this.#around.pids[change](pid);
    } catch (error) {
      // A full disk is told elsewhere, and no reason to see nothing.
      this.#tell({ kind: 'untracked', at: this.#around.clock.now(), because: String(error) });
    }
  }

  #keepWatch(attempt: Attempt, run: FfmpegRun): () => void {
    const { clock, limits } = this.#around;
    let cancel = (): void => {};
    let isDoubted = false;
    const look = (): void => {
      const reason = attempt.watch.check(clock.elapsed());
      // Where this process could not run for a while, time has passed and the pictures are waiting to be read.
      attempt.givenUp = isDoubted ? reason : null;
      if (attempt.givenUp !== null) return run.kill();
      isDoubted = reason !== null;
      // A timer may wake a little before its time.
      const inMs = isDoubted ? limits.confirmMs : Math.max(1, attempt.watch.dueAt() - clock.elapsed());
      cancel = clock.after(inMs, look);
    };
    look();
    return () => cancel();
  }

  #endWith(run: FfmpegRun, signal: AbortSignal): () => void {
    let cancelKill = (): void => {};
    const end = (): void => {
      run.askToEnd();
      cancelKill = this.#around.clock.after(this.#around.limits.farewellMs, () => run.kill());
    };
    signal.addEventListener('abort', end);
    return () => {
      cancelKill();
      signal.removeEventListener('abort', end);
    };
  }

  #frame(attempt: Attempt, frame: CutFrame): void {
    const { pass, release, watch, keyframes } = attempt;
    const { clock } = this.#around;
    const [at, arrived] = [clock.now(), clock.elapsed()];
    if (watch.frames === 0) {
      pass.accepted();
      release();
      this.#trial = 'none';
      this.#state = 'live';
      this.#loss = null;
      this.#book.back(arrived);
      this.#tell({ kind: 'back', at, decoding: this.#decoding });
    }
    watch.frame(arrived);
    this.#frames++;
    this.#lastFrame = { at, arrived };
    const stillness = this.#still.frame(frame);
    if (stillness === 'changed' || stillness === 'moving-again') this.#sameSince = at;
    if (stillness === 'frozen') this.#tell({ kind: 'frozen', at, since: this.#sameSince });
    if (stillness === 'moving-again') this.#tell({ kind: 'moving-again', at });
    const { whole, seats, view, stampMs } = frame;
    const keyframe = keyframes?.of(stampMs ?? 0, this.#still.digest);
    const small = { at, whole, seats };
    this.#options.listener.frame(
      keyframe !== undefined ? { ...small, keyframe } : view !== undefined ? { ...small, view } : small,
    );
    const fault = keyframes?.fault ?? null;
    if (fault === null) return;
    this.#stopCopying(fault);
    this.#replace(attempt);
  }

  /** What comes after a run: whether, when and how the next one is made. */
  #settle({ pass, watch, keyframes, givenUp }: Attempt, end: FfmpegEnd): void {
    const { clock, limits } = this.#around;
    const failure = keyframes === null ? null : copyFailureOf(end);
    if (failure !== null) return this.#stopCopying(failure);
    const loss = givenUp === null ? lossOf(end, watch.frames) : lossOfSilence(givenUp, end);
    if (watch.deliveredMs >= limits.steadyMs) this.#failures = 0;
    if (givenUp === 'stalled' || givenUp === 'no-picture') {
      this.#stalls++;
      this.#book.stall(clock.elapsed());
    }
    if (loss.reason === 'few-keyframes') this.#decode('sampled');
    if (loss.reason === 'no-picture') this.#doubtKeyframes();
    const retryMs = this.#retryMs(loss.reason, pass);
    this.#retryAt = retryMs === null ? null : clock.elapsed() + retryMs;
    this.#lost(loss, retryMs);
    if (retryMs === null) this.#state = 'failed';
  }

  /**
   * Nothing at all may mean that the next keyframe is minutes away. More often it means that a camera or a recorder hangs;
   * and to decode everything of all its cameras from then on could be more than the machine can do.
   */
  #doubtKeyframes(): void {
    if (this.#decoding === 'sampled') {
      this.#trial = 'none';
      this.#decode('keyframes');
    } else {
      this.#trial = this.#trial === 'passed' ? 'none' : 'running';
      this.#decode('sampled');
    }
  }

  #decode(decoding: Decoding): void {
    this.#decoding = decoding;
    this.#sampledSince = this.#around.clock.elapsed();
  }

  /** Null = never. */
  #retryMs(reason: LossReason, pass: Pass): Ms | null {
    const { clock, limits, random } = this.#around;
    const about = (ms: Ms): Ms => ms * (1 + limits.jitter * (2 * random() - 1));
    switch (reason) {
      case 'bad-command':
        return null;
      case 'few-keyframes':
        return 0;
      case 'wrong-login':
      case 'locked-out':
        return Math.max(0, pass.refused(reason) - clock.elapsed());
      case 'not-found':
      case 'too-large':
        return about(limits.misconfiguredMs);
      default:
        return about(limits.backOffMs[Math.min(this.#failures++, limits.backOffMs.length - 1)] ?? 0);
    }
  }

  #lost(loss: Loss, retryMs: Ms | null): void {
    const { clock } = this.#around;
    const isNews = this.#state !== 'lost' || this.#loss?.reason !== loss.reason;
    this.#book.lost(this.#lastFrame?.arrived ?? clock.elapsed());
    this.#state = 'lost';
    this.#loss = loss;
    if (isNews) this.#tell({ kind: 'lost', at: clock.now(), lastFrameAt: this.#lastFrame?.at ?? null, loss, retryMs });
  }

  #tell(event: CameraEvent): void {
    this.#options.listener.event(event);
  }
}

/**
 * Whether it is the keyframes that do not come: `running`, everything is decoded until there is a picture; `passed`, there
 * was one, so that if keyframes give none once more, it is for their rarity.
 */
type Trial = 'none' | 'running' | 'passed';

/** One connection. */
interface Attempt {
  readonly pass: Pass;
  readonly release: () => void;
  readonly watch: FrameWatch;
  readonly layout: FrameLayout;
  /** null = they are not copied. */
  readonly keyframes: Keyframes | null;
  /** Its first picture ends it. */
  readonly isTrial: boolean;
  /** It was ended for another run to take its place. */
  isReplaced: boolean;
  /** Why it was killed; null = it was not. */
  givenUp: LossReason | null;
  kill: () => void;
}
