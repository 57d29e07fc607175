/** What is said of cameras and seats on the installer's pages: states as sentences, in the reader's language. */
import type { Loss } from '../../adapters/cameras/loss.ts';
import type { Doubt, SeatVerdict } from '../../adapters/vision/occupancy.ts';
import type { PictureFault } from '../../adapters/vision/picture-health.ts';
import type { NoBreakPicture } from '../cameras/break-pictures.ts';
import { type Reader, tell } from '../probing/steps.ts';
import { lossFailure, pictureFailure } from '../probing/words.ts';

export interface Said {
  /** The cause in a word, for programs. */
  readonly reason: string;
  readonly said: string;
  readonly remedy: string | null;
}

const DOUBTS: Readonly<
  Record<Doubt, readonly [said: readonly [string, string], remedy: readonly [string, string] | null]>
> = {
  starting: [['刚开始看', 'it has only begun to look'], null],
  'no-reference': [
    ['还不知道空座是什么样', 'how the seat looks when empty is not known'],
    ['座位空着时按“现在是空座”。', 'Press “empty now” while nobody sits there.'],
  ],
  still: [
    ['有东西在座位上，但没有动静', 'something is in the seat, and nothing moves'],
    [
      '若座位空着而椅子、外套变了样，再学一次空座。',
      'If the seat is empty and only a chair or coat differs, teach it again.',
    ],
  ],
  unlike: [
    ['不太像已知的空座', 'it is not quite like the empty seat that is known'],
    ['座位空着的话再学一次。', 'If it is empty, teach it again.'],
  ],
  moving: [['像空座，但刚有动静', 'like the empty seat, but something has just moved'], null],
  settling: [['正在确认', 'being made sure'], null],
  conflict: [
    ['各项判断互相矛盾', 'the witnesses contradict each other'],
    [
      '学空座时可能有人在：座位确实空着时再学一次。',
      'Somebody may have been in the picture that was taught: teach it again while it is empty.',
    ],
  ],
};

const PICTURE_FAULTS: readonly PictureFault[] = ['lost', 'frozen', 'dark', 'covered', 'blurred', 'moved', 'nudged'];
const isPictureFault = (reason: string): reason is PictureFault => PICTURE_FAULTS.some((one) => one === reason);

/** Why a seat is unknown; null unless it is. */
export function doubtSaid({ reason }: Pick<SeatVerdict, 'reason'>, reader: Reader): Said | null {
  if (reason === null) return null;
  if (isPictureFault(reason)) return pictureSaid(reason, reader);
  const [said, remedy] = DOUBTS[reason];
  return { reason, said: tell(reader, ...said), remedy: remedy === null ? null : tell(reader, ...remedy) };
}

const NO_BREAK_PICTURE: Readonly<
  Record<
    Exclude<NoBreakPicture, PictureFault>,
    readonly [said: readonly [string, string], remedy: readonly [string, string] | null]
  >
> = {
  restless: [
    ['座位上一直有动静，没有连续三分钟的安静', 'something moved again and again; no three minutes were quiet'],
    null,
  ],
  'no-break': [['二十四小时内没有休息时间', 'there was no break within 24 hours'], null],
  unseen: [
    ['取到的照片没有人看，已丢弃', 'nobody looked at what had been taken, and it was dropped'],
    ['需要的话再取一次。', 'Ask again if you need it.'],
  ],
  changed: [
    [
      '座位框或摄像头地址改过，取到的画面已作废',
      'the seat or the address was changed; what had been taken was dropped',
    ],
    ['需要的话再取一次。', 'Ask again if you need it.'],
  ],
};

/** Why no picture of a seat was taken at a break. */
export function noBreakPictureSaid(because: NoBreakPicture, reader: Reader): Said {
  if (isPictureFault(because)) return pictureSaid(because, reader);
  const [said, remedy] = NO_BREAK_PICTURE[because];
  return { reason: because, said: tell(reader, ...said), remedy: remedy === null ? null : tell(reader, ...remedy) };
}

export function pictureSaid(fault: PictureFault, reader: Reader): Said {
  const { message: said, remedy } = pictureFailure(reader, fault);
  return { reason: fault, said, remedy };
}

/** Why there is no picture. */
export function lossSaid(loss: Loss, reader: Reader): Said {
  // What ffmpeg wrote about it is for the log.
  const { message: said, remedy } = lossFailure(reader, { ...loss, detail: '' });
  return { reason: loss.reason, said, remedy };
}
