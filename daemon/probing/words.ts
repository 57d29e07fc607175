/** What is said of what went wrong at a test, and what to do about it. */

import type { Loss, LossReason } from '../../adapters/cameras/loss.ts';
import type { DeviceFault, FaultReason } from '../../adapters/device-fault.ts';
import type { PictureFault } from '../../adapters/vision/picture-health.ts';
import { type FailureKind, type Reader, StepFailure, tell } from './steps.ts';

type Text = readonly [zh: string, en: string];

/** Whose trouble it is, what is said, and what to do. */
interface Trouble {
  readonly kind: FailureKind;
  readonly said: Text;
  readonly remedy: Text;
}

const OFFLINE: Trouble = {
  kind: 'unavailable',
  said: ['没有应答', 'nobody answers'],
  remedy: [
    '检查电源、网线、地址和端口；在本机 ping 一下；摄像头的连接数可能已满，重启摄像头再试。',
    'Check power, cable, address and port, and ping it from here; its connections may all be taken: restart the camera.',
  ],
};
const WRONG_LOGIN: Trouble = {
  kind: 'notPermitted',
  said: ['用户名或密码被拒绝（只试了一次）', 'user name or password refused (tried once)'],
  remedy: [
    '在摄像头网页上核对用户名和密码再试，不要连试，多次输错会锁定约半小时。ONVIF 的用户在有的摄像头里要另建（“集成协议”里）。',
    'Check user name and password on the camera’s own page, and do not try again and again: some wrong ones lock it for half an hour. ONVIF users are separate ones in some cameras ("integration protocol").',
  ],
};
const LOCKED: Trouble = {
  kind: 'notPermitted',
  said: ['被锁定，或该用户没有权限', 'locked, or this user may not'],
  remedy: [
    '等 30 分钟再试，或重启摄像头解锁；在摄像头里给该用户“预览/实时视频”权限。',
    'Wait for 30 minutes or restart the camera to unlock it; give this user the right to live video.',
  ],
};
const NOT_FOUND: Trouble = {
  kind: 'no',
  said: ['有应答，但没有这个地址', 'it answers, but has nothing at this address'],
  remedy: [
    '地址里的路径不对：查说明书，或用 probe onvif://用户名:密码@地址 让摄像头自己说出码流地址。',
    'The path of the address is wrong: see the manual, or let the camera tell it with probe onvif://USER:PASSWORD@ADDRESS.',
  ],
};
const ODD: Trouble = {
  kind: 'no',
  said: ['应答异常', 'it answers oddly'],
  remedy: [
    '确认这个地址和端口确实是摄像头；升级摄像头固件或重启后再试。',
    'Make sure that this address and port are the camera’s; update its firmware, or restart it.',
  ],
};
const TOO_LARGE: Trouble = {
  kind: 'no',
  said: ['画面或应答过大', 'the picture or answer is too large'],
  remedy: ['改用子码流，或在摄像头里降低分辨率。', 'Use the sub-stream, or a lower resolution.'],
};
const NO_VIDEO: Trouble = {
  kind: 'no',
  said: ['有应答，但不是视频', 'it answers, but not with video'],
  remedy: [
    '确认地址是视频流（不是网页）；编码改为 H.264 或 H.265。',
    'Make sure that the address is a video stream and not a page; set the codec to H.264 or H.265.',
  ],
};
const NO_KEYFRAMES: Trouble = {
  kind: 'no',
  said: ['连上了，但画面不来或关键帧太少', 'connected, but pictures do not come, or keyframes are too rare'],
  remedy: [
    '在摄像头里关闭“智能编码”（H.264+/H.265+/Smart），I 帧间隔设为 2 秒；再不行就重启摄像头。',
    'Turn off smart codecs (H.264+, H.265+) in the camera and set a keyframe every 2 seconds; if that is no help, restart it.',
  ],
};
const NO_FFMPEG: Trouble = {
  kind: 'unavailable',
  said: ['本机的 ffmpeg 不能用', 'the ffmpeg of this machine does not work'],
  remedy: ['安装 ffmpeg，或用 FFMPEG_PATH 指定。', 'Install ffmpeg, or name one with FFMPEG_PATH.'],
};

const LOSSES: Readonly<Record<LossReason, Trouble>> = {
  offline: OFFLINE,
  ended: { ...OFFLINE, said: ['摄像头断开了连接', 'the camera closed the connection'] },
  stalled: NO_KEYFRAMES,
  'no-picture': NO_KEYFRAMES,
  'few-keyframes': NO_KEYFRAMES,
  'wrong-login': WRONG_LOGIN,
  'locked-out': LOCKED,
  'not-found': NOT_FOUND,
  'no-video': NO_VIDEO,
  'too-large': TOO_LARGE,
  'bad-command': NO_FFMPEG,
  'no-ffmpeg': NO_FFMPEG,
};

const FAULTS: Readonly<Record<FaultReason, Trouble>> = {
  offline: OFFLINE,
  timeout: { ...OFFLINE, said: ['没有在时限内答完', 'it did not answer in full in time'] },
  'broken-off': { ...OFFLINE, said: ['答到一半断了', 'it broke off in the middle of its answer'] },
  'login-needed': {
    ...WRONG_LOGIN,
    said: ['要用户名和密码', 'it asks for a user name and password'],
    remedy: [
      '在地址里写上，如 onvif://用户名:密码@地址。',
      'Put them into the address, as in onvif://USER:PASSWORD@ADDRESS.',
    ],
  },
  'wrong-login': WRONG_LOGIN,
  'login-closed': {
    ...WRONG_LOGIN,
    said: [
      '这台设备刚拒绝过登录，为免锁定，这次没有试',
      'this device refused a login lately; so that it does not lock itself, it was not tried this time',
    ],
    remedy: [
      '核对密码；改对的密码可以马上试，同一个密码一分钟后再试一次，以后每半小时一次。',
      'Check the password. Another one may be tried at once; the same one after a minute, and then every half hour.',
    ],
  },
  'locked-out': LOCKED,
  'not-found': NOT_FOUND,
  elsewhere: { ...ODD, said: ['它要引到别的地址去', 'it sends on to another address'] },
  'too-large': TOO_LARGE,
  'not-onvif': {
    ...ODD,
    said: ['有应答，但不是 ONVIF', 'it answers, but not with ONVIF'],
    remedy: [
      '在摄像头里打开 ONVIF（有的叫“集成协议”）；端口不是 80 的写明，如 onvif://用户名:密码@地址:8000。不用 ONVIF 也可以直接写 rtsp:// 地址。',
      'Turn on ONVIF in the camera ("integration protocol" in some); name a port other than 80, as in onvif://USER:PASSWORD@ADDRESS:8000. An rtsp:// address does without ONVIF.',
    ],
  },
  'no-picture': { ...ODD, said: ['给的不是 JPEG 图片', 'what it sends is no JPEG picture'] },
  refused: { ...ODD, said: ['它不肯', 'it does not do it'] },
};

const PICTURES: Readonly<Record<PictureFault, { readonly said: Text; readonly remedy: Text }>> = {
  lost: { said: ['没有画面', 'no pictures'], remedy: NO_KEYFRAMES.remedy },
  frozen: { said: ['画面静止不变', 'the picture is frozen'], remedy: ['重启摄像头。', 'Restart the camera.'] },
  dark: {
    said: ['太暗', 'too dark'],
    remedy: ['开灯再试；检查镜头盖和红外。', 'Try again with the lights on; check the lens cap and the infrared.'],
  },
  covered: {
    said: ['几乎一片均匀，镜头可能被遮挡', 'hardly anything but one surface: the lens may be covered'],
    remedy: ['取下镜头盖或遮挡物，转向座位。', 'Take away what covers the lens, and turn it to the seats.'],
  },
  blurred: {
    said: ['画面模糊', 'the picture is blurred'],
    remedy: ['擦镜头，调焦。', 'Clean the lens, and focus it.'],
  },
  moved: {
    said: ['画面在动', 'the scene changes'],
    remedy: ['固定摄像头，关闭巡航。', 'Fix the camera; turn off its tours.'],
  },
  nudged: { said: ['画面在晃', 'the picture shakes'], remedy: ['把摄像头固定好。', 'Fix the camera firmly.'] },
};

const failure = (io: Reader, reason: string, { kind, said, remedy }: Trouble, detail: string): StepFailure => {
  const more = detail === '' ? '' : tell(io, `（${detail}）`, ` (${detail})`);
  return new StepFailure(kind, reason, `${tell(io, ...said)}${more}`, tell(io, ...remedy));
};

/** Faults whose detail would say the same again. */
const TELLING: ReadonlySet<FaultReason> = new Set(['wrong-login', 'login-needed', 'login-closed']);

/** A camera that gave no picture. */
export const lossFailure = (io: Reader, { reason, detail }: Loss): StepFailure =>
  failure(io, reason, LOSSES[reason], detail);

/** A web service that did not answer, or not so. */
export const faultFailure = (io: Reader, { reason, message }: DeviceFault): StepFailure =>
  failure(io, reason, FAULTS[reason], TELLING.has(reason) ? '' : message);

/** A port that does not open. */
export const offlineFailure = (io: Reader, detail: string): StepFailure => failure(io, 'offline', OFFLINE, detail);

/** A picture that seats cannot be seen in. */
export const pictureFailure = (io: Reader, fault: PictureFault): StepFailure =>
  failure(io, fault, { kind: 'no', ...PICTURES[fault] }, '');
