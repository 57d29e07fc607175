/** How pressing a window's state is, and what makes people look up: the title of the page, and a sound. */
import { instant, knownState, type WindowNow } from '../snapshot.ts';

/** `soon`: somebody should come back now · `over`: it counts as left. */
export type Level = 'none' | 'soon' | 'over';

/** Long enough to walk back, and never most of what is allowed. */
const SOON_MS = 120_000;

export function levelOf(window: Pick<WindowNow, 'state' | 'since' | 'limitAt'>, now: number): Level {
  const state = knownState(window.state);
  if (state === 'empty') return 'over';
  if (state !== 'counting' || window.limitAt === null) return 'none';
  const limitAt = instant(window.limitAt);
  if (now >= limitAt) return 'over';
  const allowed = window.since === null ? SOON_MS * 3 : limitAt - instant(window.since);
  return limitAt - now <= Math.min(SOON_MS, allowed / 3) ? 'soon' : 'none';
}

/** The title of the page each second: what is wrong and where, in turn. */
export function titleOf(level: Level, alarm: string, usual: string, second: number): string {
  return level === 'none' || second % 2 === 1 ? usual : alarm;
}

/** Seconds between sounds. */
const EVERY_S: Readonly<Record<Exclude<Level, 'none'>, number>> = { soon: 20, over: 5 };
/** Hertz, one after the other: higher where it is too late. */
const NOTES: Readonly<Record<Exclude<Level, 'none'>, readonly number[]>> = { soon: [660], over: [880, 660, 880] };
const NOTE_S = 0.18;
const LOUDNESS = 0.25;
const KEY = 'zaigang.desk-sound';

export interface Sounder {
  /** Whether it is wanted; the browser lets nothing be heard before somebody has pressed something. */
  readonly wanted: boolean;
  readonly allowed: boolean;
  /** Called in answer to a press. */
  turn(on: boolean): void;
  /** Called each second. */
  tick(level: Level): void;
}

/** Sounds are made here, by the browser: nothing is loaded. `changed` is told when they may be heard. */
export function sounder(changed: () => void): Sounder {
  let audio: AudioContext | null = null;
  let wanted = remembered();
  let last: { readonly level: Level; readonly at: number } = { level: 'none', at: 0 };
  const allow = (): void => {
    audio ??= new AudioContext();
    void audio.resume().then(changed);
  };
  // Somebody chose sounds before this page was loaded: the first press anywhere makes them heard.
  if (wanted) window.addEventListener('pointerdown', allow, { once: true });
  return {
    get wanted() {
      return wanted;
    },
    get allowed() {
      return audio?.state === 'running';
    },
    turn(on) {
      wanted = on;
      remember(on);
      if (!on) return changed();
      allow();
      if (audio !== null) play(audio, NOTES.soon);
    },
    tick(level) {
      const now = performance.now() / 1000;
      if (level === 'none' || !wanted || audio?.state !== 'running') {
        last = { level: 'none', at: 0 };
        return;
      }
      if (last.level === level && now - last.at < EVERY_S[level]) return;
      last = { level, at: now };
      play(audio, NOTES[level]);
    },
  };
}

function play(audio: AudioContext, notes: readonly number[]): void {
  for (const [i, hertz] of notes.entries()) {
    const from = audio.currentTime + i * NOTE_S * 1.3;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = hertz;
    // A tone that begins or ends at once clicks.
    loudness.gain.setValueAtTime(0, from);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, from + 0.02);
    loudness.gain.linearRampToValueAtTime(0, from + NOTE_S);
    tone.connect(loudness).connect(audio.destination);
    tone.start(from);
    tone.stop(from + NOTE_S);
  }
}

function remembered(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on';
  } catch {
    return false;
  }
}

function remember(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // A browser that forbids storage: the choice lasts as long as the page.
  }
}
