/**
 * Asking a ZKTeco device that pushes whom it knows: `DATA QUERY USERINFO` as the answer to its question for commands. It uploads a
 * line `USER PIN=…<tab>Name=…` for each, in the table OPERLOG or USERINFO as firmware goes, and says by `devicecmd` that it is done.
 *
 * With a PIN: ZKTeco "PUSH SDK Communication Protocol" 2.0.1; without one, for all, as several servers on GitHub send it. Which comes first,
 * its word or the last upload, no source says. Not verified on a device here.
 */
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type { ClockLoss, ClockSurroundings, DeviceUser } from '../clock.ts';
import { eachOnce, nameIn, type UsersAnswer, UsersQuestion } from '../device-users.ts';
import { commandId } from './zkteco-backfill.ts';

/** It asks for commands every ten seconds or so, and a thousand users take some uploads. */
const WITHIN_MS: Ms = 2 * MINUTE;
/** After its word that it is done, for what is still on its way. */
const SETTLE_MS: Ms = 3 * SECOND;
const PIN = /^[\x21-\x7e]{1,24}$/;

const LATE: ClockLoss = {
  reason: 'offline',
  detail: `the device did not say within ${WITHIN_MS / MINUTE} min whom it knows; it is asked when it comes for commands`,
};

export class PushedUsers {
  readonly #around: ClockSurroundings;
  readonly #question = new UsersQuestion();
  #id: string | null = null;
  #came: DeviceUser[] = [];
  #cancel = (): void => {};

  constructor(around: ClockSurroundings) {
    this.#around = around;
  }

  async ask(signal: AbortSignal): Promise<UsersAnswer> {
    const answer = await this.#question.wait(this.#around.clock, WITHIN_MS, signal, LATE);
    if (!this.#question.isOpen) this.#forget();
    return answer;
  }

  /** What to answer to its question for commands; null = nobody wants to know, or it is asked already. */
  command(): string | null {
    if (!this.#question.isOpen || this.#id !== null) return null;
    this.#id = commandId(this.#around.memory);
    return `C:${this.#id}:DATA QUERY USERINFO`;
  }

  /** People may be among what it uploads at any time; only those that were asked for are read. */
  uploaded(body: Uint8Array): void {
    if (this.#id !== null) for (const user of usersIn(body)) this.#came.push(user);
  }

  answered(id: string, code: number): void {
    if (id !== this.#id) return;
    if (code < 0) {
      this.#question.answer({
        reason: 'not-found',
        detail: `the device refuses to say whom it knows (Return=${code})`,
      });
      return this.#forget();
    }
    this.#cancel();
    this.#cancel = this.#around.clock.after(SETTLE_MS, () => {
      this.#question.answer(eachOnce(this.#came));
      this.#forget();
    });
  }

  /** Names are held for as long as somebody waits for them. */
  #forget(): void {
    this.#cancel();
    this.#id = null;
    this.#came = [];
  }
}

/** The people in an upload; passwords, cards and whatever else stands there is not looked at. */
export function usersIn(body: Uint8Array): readonly DeviceUser[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return lines(bytes).flatMap((line) => {
    const fields = line.toString('latin1').replace(/^USER(?:INFO)?\s+/i, '');
    const pin = /(?:^|\t)PIN=([^\t]*)/i.exec(fields)?.[1]?.trim() ?? '';
    if (!PIN.test(pin) || /^(?:FP|FACE|USERPIC|BIOPHOTO|BIODATA)\s/i.test(fields)) return [];
    const name = /(?:^|\t)Name=([^\t]*)/i.exec(fields)?.[1] ?? '';
    return [{ credential: pin, name: nameIn(Buffer.from(name, 'latin1')) }];
  });
}

function lines(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end;
    const line = bytes.subarray(from, bytes[to - 1] === 0x0d ? to - 1 : to);
    // A longer one holds a picture or a template.
    if (line.length > 0 && line.length <= MOST_LINE_BYTES) found.push(line);
    from = to + 1;
  }
  return found;
}

const MOST_LINE_BYTES = 1024;
