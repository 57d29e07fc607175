/** What is wrong with a device, in one sentence for whoever installs it. */
import { HOUR, MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import type { DeviceFault, FaultCode } from './device-faults.ts';
import { becauseText } from './reason-words.ts';

type Sentence = (detail: string) => string;

const ZH: Readonly<Record<FaultCode, Sentence>> = {
  offline: (why) => `听不到它了${zhWhy(why)}。请检查电源、网线，以及双方填的地址和端口；期间缺卡的结论都在等它。`,
  'wrong-login': (why) => `登录被拒绝${zhWhy(why)}。请核对用户名、密码或通信密钥；为免设备锁定，不会反复尝试。`,
  'clock-off': (ms) => zhOffset(Number(ms)),
  'clock-set': () => '它的时钟被拨过，拨动前后分不清的打卡已存入拒收表；请查看后按实际时间补录。',
  'host-clock': (ms) =>
    `几台设备的时间彼此一致，而本机${zhAhead(Number(ms))}：应是本机时钟不准，请校准本机；在此之前不按差值校正打卡。`,
  unreached: (why) => `接不上它${zhWhy(why)}。会一直再试；请核对地址、端口和设备的网络设置。`,
  gap: (numbers) => `第 ${numbers} 号记录没有收到，正在补取；补不到时请用 U 盘导出后导入。`,
  'gap-left': (numbers) => `第 ${numbers} 号记录没有收到，也没有办法向它补取；请用 U 盘导出后导入。`,
  missing: (count) => `设备自己记了的，有 ${count} 条没有收到。请让设备重传，或用 U 盘导出后导入。`,
  flood: (rate) => `每秒发来 ${rate} 条消息，远多于打卡的人：多半是设备在反复重传或设置有误。`,
  'set-aside': (why) => `最近发来的内容未能收取，已存入拒收表：${becauseText(why, 'zh')}`,
  undated: () =>
    '接连几个人的打卡时间不可信，已存入拒收表；从上一次可信的打卡起按听不到处理，没有打卡的人待查，不下结论。请校准它的时钟，再到拒收表重新收取。',
  'two-devices': (said) =>
    isNumbers(said)
      ? `记录号来回跳（${said}）：多半有两台设备用了同一个编号，请给它们不同的编号。`
      : `${becauseText(said, 'zh')}；请给它们不同的编号。`,
};

const EN: Readonly<Record<FaultCode, Sentence>> = {
  offline: (why) =>
    `It is not heard any more${why === '' ? '' : `: ${why}`}. Check power, cable, and address and port on both sides; whatever needs its punches waits.`,
  'wrong-login': (why) =>
    `The login is refused${why === '' ? '' : `: ${why}`}. Check user name, password or communication key; it is not tried again and again, so that the device does not lock.`,
  'clock-off': (ms) => enOffset(Number(ms)),
  'clock-set': () =>
    'Its clock was set; punches that may be from before or after are kept aside. Look at them and enter the true time.',
  'host-clock': (ms) =>
    `Several devices agree with each other, and this machine is ${enAhead(Number(ms))}: set this machine’s clock; until then punches are not corrected.`,
  unreached: (why) =>
    `It cannot be reached${why === '' ? '' : `: ${why}`}. It is tried again and again; check address, port and the device’s network.`,
  gap: (numbers) =>
    `Records ${numbers} did not come and are being asked for; if they cannot be had, import them from a USB stick.`,
  'gap-left': (numbers) =>
    `Records ${numbers} did not come, and it cannot be asked for them; import them from a USB stick.`,
  missing: (count) =>
    `It has recorded ${count} that did not come. Let the device send them again, or import them from a USB stick.`,
  flood: (rate) =>
    `It sends ${rate} messages a second, far more than people punch: probably it repeats itself or is set up wrongly.`,
  'set-aside': (why) => `What it sent last could not be taken and is kept aside: ${why}`,
  undated: () =>
    'The times of several people’s punches in a row cannot be believed, and they are kept aside. Since its last good punch it counts as not heard: whatever needs its punches waits. Set its clock, then take them in again from what was kept aside.',
  'two-devices': (said) =>
    isNumbers(said)
      ? `Its record numbers jump back and forth (${said}): probably two devices use one id; give them different ones.`
      : `${said} Give them different ones.`,
};

/** `12 → 3`, and no sentence of its protocol. */
const isNumbers = (said: string): boolean => /^\d+ → \d+$/.test(said);

const zhWhy = (why: string): string => (why === '' ? '' : `：${becauseText(why, 'zh')}`);

/** What is wrong and what to do. */
export function faultText({ code, detail }: Pick<DeviceFault, 'code' | 'detail'>, language: Language): string {
  return (language === 'zh' ? ZH : EN)[code](detail);
}

/** So close to whole half hours, a clock is not wrong but set to another zone. */
const ZONE_STEP: Ms = 30 * MINUTE;
const ZONE_SLACK: Ms = 2 * MINUTE;

function isZone(offset: Ms): boolean {
  const beyond = Math.abs(offset) % ZONE_STEP;
  return Math.abs(offset) > 25 * MINUTE && Math.min(beyond, ZONE_STEP - beyond) <= ZONE_SLACK;
}

function zhOffset(offset: Ms): string {
  const said = `它的时钟${zhAhead(offset)}`;
  if (isZone(offset)) return `${said}，几乎是整点：多半是时区设错，请核对设备时区或 hall.yaml 里的 timezone。`;
  return `${said}；打卡时间已按此校正，请把设备时间调准。`;
}

function enOffset(offset: Ms): string {
  const said = `Its clock is ${enAhead(offset)}`;
  if (isZone(offset))
    return `${said}, almost a round figure: probably the time zone is wrong, on the device or as timezone in hall.yaml.`;
  return `${said}; punches are corrected by that. Set the device’s time.`;
}

const zhAhead = (offset: Ms): string => `${offset > 0 ? '快' : '慢'} ${zhLength(Math.abs(offset))}`;
const enAhead = (offset: Ms): string => `${enLength(Math.abs(offset))} ${offset > 0 ? 'fast' : 'slow'}`;

function zhLength(length: Ms): string {
  if (length < 2 * MINUTE) return `${Math.round(length / SECOND)} 秒`;
  return length < 2 * HOUR ? `${Math.round(length / MINUTE)} 分钟` : `${Math.round(length / HOUR / 0.5) * 0.5} 小时`;
}

function enLength(length: Ms): string {
  if (length < 2 * MINUTE) return `${Math.round(length / SECOND)} s`;
  return length < 2 * HOUR ? `${Math.round(length / MINUTE)} min` : `${Math.round(length / HOUR / 0.5) * 0.5} h`;
}
