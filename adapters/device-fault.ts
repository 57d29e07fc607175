/** Why the web service of a device (ONVIF, snapshots, ISAPI) did not give what it was asked for. */

/**
 * - `offline`: nobody answers there
 * - `timeout`: no answer, or only half of one, in time
 * - `broken-off`: the connection ended in the middle of an answer
 * - `login-needed`: it asks for a login, and none is configured
 * - `wrong-login`: user name or password refused
 * - `locked-out`: refused whatever the password, as devices do after some wrong ones; or this user may not
 * - `login-closed`: not tried, since a login was refused at this host lately
 * - `not-found`: there is nothing at this address
 * - `elsewhere`: it sends on to another host, or in a circle
 * - `too-large`: an answer beyond what any device sends
 * - `not-onvif`: something answers that does not speak ONVIF
 * - `no-picture`: the answer is no JPEG picture
 * - `refused`: it understood, and does not do it
 */
export type FaultReason =
  | 'offline'
  | 'timeout'
  | 'broken-off'
  | 'login-needed'
  | 'wrong-login'
  | 'locked-out'
  | 'login-closed'
  | 'not-found'
  | 'elsewhere'
  | 'too-large'
  | 'not-onvif'
  | 'no-picture'
  | 'refused';

/** These may pass by themselves; the others need somebody to change something. */
const PASSING: readonly FaultReason[] = ['offline', 'timeout', 'broken-off', 'login-closed', 'refused'];

export class DeviceFault extends Error {
  override readonly name = 'DeviceFault';
  readonly reason: FaultReason;
  /** Whether trying again can help although nobody changes anything. */
  readonly retry: boolean;

  /** `detail` is the end of a sentence about the device, without credentials. */
  constructor(reason: FaultReason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.reason = reason;
    this.retry = PASSING.includes(reason);
  }
}
