/** A device tested as steps: each timed, told as it ends, and the first that fails ends it. */
import type { Ms } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import { systemElapsed } from '../clock.ts';

export type StepName =
  | 'address'
  | 'port'
  | 'onvif'
  | 'login'
  | 'profiles'
  | 'stream'
  | 'first-frame'
  | 'interval'
  | 'picture'
  | 'snapshot'
  | 'broker'
  | 'status'
  | 'message';

/** Who is told, in their language. */
export interface Reader {
  readonly lang: Language;
}

export const tell = ({ lang }: Reader, zh: string, en: string): string => (lang === 'zh' ? zh : en);

const NAMES: Readonly<Record<StepName, readonly [zh: string, en: string]>> = {
  address: ['地址', 'address'],
  port: ['端口', 'port'],
  onvif: ['ONVIF', 'ONVIF'],
  login: ['登录', 'login'],
  profiles: ['码流列表', 'profiles'],
  stream: ['打开码流', 'stream'],
  'first-frame': ['第一幅', 'first frame'],
  interval: ['间隔', 'interval'],
  picture: ['画面', 'picture'],
  snapshot: ['抓拍', 'snapshot'],
  broker: ['MQTT', 'MQTT broker'],
  status: ['状态', 'status'],
  message: ['消息', 'message'],
};

export const stepName = (step: StepName, reader: Reader): string => tell(reader, ...NAMES[step]);

/** What a step found: for people, and by itself for programs. */
export interface Finding {
  readonly said: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Whose trouble it is: `unavailable` nobody answers · `notPermitted` a login is refused · `no` it answers, and does not do. */
export type FailureKind = 'unavailable' | 'notPermitted' | 'no';

/** A step did not do. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly kind: FailureKind;
  /** The cause in a word, for programs. */
  readonly reason: string;
  /** What to do about it, in the reader's language. */
  readonly remedy: string;

  constructor(kind: FailureKind, reason: string, said: string, remedy: string) {
    super(said);
    this.kind = kind;
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** A step that has ended. */
export interface StepTold {
  readonly step: StepName;
  readonly ok: boolean;
  readonly ms: Ms;
  readonly said: string;
  readonly reason?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export class Steps {
  readonly #told: (told: StepTold) => void;

  constructor(told: (told: StepTold) => void) {
    this.#told = told;
  }

  /** Does a step and tells it. Rejects with the `StepFailure` of one that did not do. */
  async run<T>(step: StepName, act: () => Promise<readonly [T, Finding]>): Promise<T> {
    const startedAt = systemElapsed();
    const took = (): Ms => Math.round(systemElapsed() - startedAt);
    try {
      const [result, { said, data }] = await act();
      this.#told({ step, ok: true, ms: took(), said, ...(data === undefined ? {} : { data }) });
      return result;
    } catch (error) {
      if (error instanceof StepFailure) {
        const { message: said, reason } = error;
        this.#told({ step, ok: false, ms: took(), said, reason });
      }
      throw error;
    }
  }
}
