/**
 * How a server answers ZKTeco devices that push. Names and order of the options: ZKTeco "PUSH SDK Communication Protocol" 2.0.1,
 * "PUSH SDK User Manual" 3.2.0 and "Attendance PUSH Communication Protocol" 4.8; for access control "Security PUSH Communication
 * Protocol" 2.3. Older firmware reads `Stamp`, newer `ATTLOGStamp`; what a device does not know it ignores.
 */
import { hash } from 'node:crypto';
import { HOUR, MINUTE, type Ms, offsetAt, type Zone } from '../../rules/time.ts';
import type { ClockSurroundings, DeviceAnswer } from '../clock.ts';

/** How often a device asks for commands, which is its heartbeat. */
export const POLL_SECONDS = 10;
/** After an answer other than 200 it waits so long before it sends again. */
const ERROR_SECONDS = 30;
/** New records are looked for every minute even where they are not sent at once; and all of them at these times of day. */
const SENDING = ['TransTimes=00:00;14:05', 'TransInterval=1', 'Realtime=1'] as const;

/**
 * With a `Date`: by it devices set their clocks ("synchronizes with the equipment time according to the HTTP header", 2.0.1
 * section 2), so it is our trusted time and not the web server's.
 */
export function textAnswer(around: Pick<ClockSurroundings, 'clock'>, body: string, status = 200): DeviceAnswer {
  const date = new Date(around.clock.now()).toUTCString();
  return { status, body, headers: { 'content-type': 'text/plain', date } };
}

/**
 * For an attendance device. It is asked for punches and nothing else (`TransFlag`): no names, templates or pictures leave it.
 * `stamp`: where in its log it shall go on; null = from the beginning, for which the documents write `None`.
 */
export function attendanceOptions(serial: string, stamp: string | null, timeZone: string): string {
  const from = stamp ?? 'None';
  return lines([
    `GET OPTION FROM: ${serial}`,
    `Stamp=${from}`,
    `ATTLOGStamp=${from}`,
    'OpStamp=9999',
    'OPERLOGStamp=9999',
    'PhotoStamp=9999',
    'ATTPHOTOStamp=9999',
    `ErrorDelay=${ERROR_SECONDS}`,
    `Delay=${POLL_SECONDS}`,
    ...SENDING,
    'TransFlag=TransData AttLog',
    `TimeZone=${timeZone}`,
    'Encrypt=None',
    'ServerVer=2.4.1',
    'PushProtVer=2.4.1',
  ]);
}

/** For an access control device, which has to be registered; it always is. */
export function accessOptions(around: Pick<ClockSurroundings, 'hall' | 'device'>, serial: string): string {
  return lines(['registry=ok', `RegistryCode=${registryCode(around, serial)}`, ...accessSettings(around, serial)]);
}

/** What `/iclock/push` answers. */
export function accessPush(around: Pick<ClockSurroundings, 'hall' | 'device'>, serial: string): string {
  return lines(accessSettings(around, serial));
}

export const registryAnswer = (around: Pick<ClockSurroundings, 'hall' | 'device'>, serial: string): string =>
  `RegistryCode=${registryCode(around, serial)}`;

function accessSettings(around: Pick<ClockSurroundings, 'hall' | 'device'>, serial: string): string[] {
  return [
    'ServerVersion=3.1.2',
    'ServerName=ADMS',
    'PushVersion=3.1.2',
    'PushProtVer=3.1.2',
    `ErrorDelay=${ERROR_SECONDS}`,
    `RequestDelay=${POLL_SECONDS}`,
    ...SENDING,
    'TransTables=Transaction',
    `SessionID=${ofDevice('session', around, serial).slice(0, 32).toUpperCase()}`,
    'TimeoutSec=10',
  ];
}

/** The documents want any text of at most 32 characters; the same after a restart, or the device registers anew. */
const registryCode = (around: Pick<ClockSurroundings, 'hall' | 'device'>, serial: string): string =>
  ofDevice('registry', around, serial).slice(0, 16);

const ofDevice = (what: string, { hall, device }: Pick<ClockSurroundings, 'hall' | 'device'>, serial: string): string =>
  hash('sha256', JSON.stringify([what, hall, device, serial]), 'hex');

/** Whole hours; where a zone has none, minutes, as the documents have it. */
export function timeZoneOption(zone: Zone, at: Ms): string {
  const offset = offsetAt(zone, at);
  return String(offset % HOUR === 0 ? offset / HOUR : offset / MINUTE);
}

const lines = (options: readonly string[]): string => `${options.join('\n')}\n`;
