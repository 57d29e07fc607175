/** Access to a hall's pages and commands, and the link with which the first administrator gets in. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpConfig } from '../../config/schema.ts';
import type { Hall } from '../../rules/hall.ts';
import { systemElapsed, systemWall } from '../clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import { Access } from './access.ts';

/** In the data directory, readable by its owner only: there is no password that everybody knows. */
export const FIRST_LINK_FILE = 'first-administrator.txt';

/** Listening on all addresses is no address that one could open. */
const EVERYWHERE = /\/\/(?:0\.0\.0\.0|\[::\])(?=:|$)/;

export interface HallAccessOptions {
  readonly ledger: Ledger;
  readonly settings: HttpConfig;
  /** The newest configuration's. */
  readonly hall: () => Hall;
  readonly log: Log;
}

export class HallAccess {
  readonly access: Access;
  readonly #options: HallAccessOptions;
  readonly #file: string;
  /** Where people open the pages; null while they are not served. */
  #url: string | null = null;
  /** With which the first administrator is made; null where there are accounts. Nothing but a terminal may show it. */
  firstLink: string | null = null;

  constructor(options: HallAccessOptions) {
    const { ledger, settings, hall, log } = options;
    this.#options = options;
    this.#file = join(ledger.directory, FIRST_LINK_FILE);
    this.access = new Access({
      ...{ database: ledger.database, settings: settings.signIn, log },
      // Also where the hall's time is played, or is not trusted: who is signed in, is so in real time.
      now: systemWall,
      elapsed: systemElapsed,
      plan: {
        knowsEmployee: (id) => hall().employees.has(id),
        knowsDepartment: (id) => hall().departments.has(id),
        knowsWindow: (id) => hall().windows.has(id),
      },
      firstMade: () => this.#forgetFirst(),
    });
  }

  /** Called when the pages are open at `url`. Where there is no account yet, a link that makes one is written down. */
  announce(url: string): void {
    const { log } = this.#options;
    const file = this.#file;
    this.#url = url;
    try {
      this.#forgetFirst();
      const secret = this.access.office.inviteFirst();
      if (secret === null) return;
      this.firstLink = this.linkOf(secret);
      writeFileSync(file, `${this.firstLink}\n`, { mode: 0o600, flag: 'wx' });
      log.warn({ file }, 'nobody can sign in yet; the link for the first administrator was written');
    } catch (cause) {
      // A full disk keeps nobody from being watched; `user add` makes an account once there is room.
      log.error({ file, because: String(cause) }, 'link for the first administrator was not written');
    }
  }

  /** A one-time link as people open it. */
  linkOf(secret: string): string {
    const { address, listen } = this.#options.settings;
    const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
    const base = address ?? this.#url ?? `http://${host}:${listen.port}`;
    return `${base.replace(/\/$/, '').replace(EVERYWHERE, (all) => (all.includes('[') ? '//[::1]' : '//127.0.0.1'))}/link#${secret}`;
  }

  close(): void {
    this.access.close();
  }

  #forgetFirst(): void {
    this.firstLink = null;
    if (existsSync(this.#file)) rmSync(this.#file);
  }
}
