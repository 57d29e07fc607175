/**
 * A ZKTeco attendance device that pushes: asks for its options, uploads what it recorded and keeps it until that is acknowledged,
 * asks for commands, and does what they say. It can lose its settings, start anew, drop an upload half way, and show a wrong time.
 */
import { request } from 'node:http';
import { connect } from 'node:net';

export interface PushRecord {
  readonly pin: string;
  /** As the device shows it: `2026-03-02 08:55:10`. */
  readonly time: string;
  readonly verify?: number;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** By which the device sets its clock. */
  readonly date: string;
}

export interface PushDeviceOptions {
  readonly server: { readonly port: number };
  readonly serial: string;
  /** Of this machine, as which it asks. */
  readonly address?: string;
  /** How many records an upload holds at most. */
  readonly batch?: number;
  /** Older firmware asks for `cdata.aspx`. */
  readonly suffix?: string;
  /** What it answers to `DATA QUERY`; below 0: it does not know it. */
  readonly queryReturn?: number;
}

export class ZktecoPushDevice {
  readonly #options: PushDeviceOptions;
  /** All that it ever recorded; a real one keeps some 100 000. */
  readonly log: PushRecord[] = [];
  /** How many of the log were acknowledged: its own place in it. */
  uploaded = 0;
  /** What it was told at its last registration. */
  options: ReadonlyMap<string, string> = new Map();
  /** Commands that it was given. */
  readonly commands: string[] = [];
  /** Whom it knows: lines as firmware uploads them, in the table OPERLOG. */
  users: readonly Buffer[] = [];

  constructor(options: PushDeviceOptions) {
    this.#options = options;
  }

  punch(pin: string, time: string, verify = 1): void {
    this.log.push({ pin, time, verify });
  }

  /** Asks for its options, and goes on where they say: at a number of records, or from the beginning. */
  async register(): Promise<Reply> {
    const reply = await this.#ask('GET', 'cdata', 'options=all&pushver=2.4.1&language=83');
    if (reply.status !== 200) return reply;
    this.options = new Map(reply.body.split('\n').map((line) => line.split('=') as [string, string]));
    // A place behind its log is taken for "nothing is new", which is what makes a reset device dangerous.
    const stamp = Number(this.options.get('ATTLOGStamp'));
    this.uploaded = Number.isInteger(stamp) ? Math.min(stamp, this.log.length) : 0;
    return reply;
  }

  /** Loses its settings: its place in the log too. */
  forget(): void {
    this.uploaded = 0;
    this.options = new Map();
  }

  /** Uploads until everything is acknowledged or something is not; the last reply, null where there was nothing to upload. */
  async upload(): Promise<Reply | null> {
    let reply: Reply | null = null;
    while (this.uploaded < this.log.length) {
      const to = Math.min(this.log.length, this.uploaded + (this.#options.batch ?? 50));
      reply = await this.send(this.log.slice(this.uploaded, to), to);
      if (!isTaken(reply, to - this.uploaded)) return reply;
      this.uploaded = to;
    }
    return reply;
  }

  async send(records: readonly PushRecord[], stamp: number): Promise<Reply> {
    return await this.#ask('POST', 'cdata', `table=ATTLOG&Stamp=${stamp}`, bodyOf(records));
  }

  /** Uploads a table as firmware does: anything. */
  async sendTable(table: string, body: string | Uint8Array): Promise<Reply> {
    return await this.#ask('POST', 'cdata', `table=${table}&Stamp=9999`, body);
  }

  /** Asks for a command, and does what it says. */
  async poll(info = ''): Promise<Reply> {
    const reply = await this.#ask('GET', 'getrequest', info === '' ? '' : `INFO=${encodeURIComponent(info)}`);
    const command = /^C:(\w+):(.*)$/s.exec(reply.body.trim());
    if (command === null) return reply;
    const [, id = '', what = ''] = command;
    this.commands.push(what);
    if (what === 'DATA QUERY USERINFO' && (this.#options.queryReturn ?? 0) >= 0) {
      // Half before its word that it is done, half after it.
      const half = Math.ceil(this.users.length / 2);
      await this.sendTable('OPERLOG', Buffer.concat(this.users.slice(0, half)));
      await this.#ask('POST', 'devicecmd', '', `ID=${id}&Return=0&CMD=DATA\n`);
      await this.sendTable('OPERLOG', Buffer.concat(this.users.slice(half)));
      return reply;
    }
    const query = /^DATA QUERY ATTLOG StartTime=(.*)\tEndTime=(.*)$/.exec(what);
    const code = query === null ? -1 : (this.#options.queryReturn ?? 0);
    const asked = this.log.filter(({ time }) => time >= (query?.[1] ?? '') && time <= (query?.[2] ?? ''));
    // Like a device: what is asked for again goes out in uploads of its own, and then the word that it is done.
    if (code >= 0 && asked.length > 0) await this.send(asked, this.uploaded);
    await this.#ask('POST', 'devicecmd', '', `ID=${id}&Return=${code}&CMD=DATA\n`);
    return reply;
  }

  async ask(method: 'GET' | 'POST', name: string, query = '', body: string | Uint8Array = ''): Promise<Reply> {
    return await this.#ask(method, name, query, body);
  }

  /** Begins an upload of all that is not acknowledged and drops the connection in the middle of a line. */
  async dropHalf(): Promise<void> {
    const { port } = this.#options.server;
    const body = bodyOf(this.log.slice(this.uploaded));
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    const target = this.#target('cdata', `table=ATTLOG&Stamp=${this.log.length}`);
    socket.write(`POST ${target} HTTP/1.1\r\nHost: server\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body.slice(0, Math.floor(body.length / 2)));
    await new Promise<void>((resolve) => socket.end(() => resolve()));
    socket.destroy();
  }

  #target(name: string, query: string): string {
    const more = query === '' ? '' : `&${query}`;
    return `/iclock/${name}${this.#options.suffix ?? ''}?SN=${this.#options.serial}${more}`;
  }

  #ask(method: 'GET' | 'POST', name: string, query: string, body: string | Uint8Array = ''): Promise<Reply> {
    const { port } = this.#options.server;
    const headers = { 'user-agent': 'iClock Proxy/1.09', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const { address: localAddress = '127.0.0.1' } = this.#options;
      const path = this.#target(name, query);
      const asked = request({ port, host: '127.0.0.1', localAddress, method, path, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            date: answer.headers.date ?? '',
          }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }
}

/** Only `OK` counts, and where it says how many, all of them. */
export function isTaken(reply: Reply, count: number): boolean {
  const match = /^OK(?::\s*(\d+))?/.exec(reply.body);
  return reply.status === 200 && match !== null && (match[1] === undefined || Number(match[1]) >= count);
}

const bodyOf = (records: readonly PushRecord[]): string =>
  records.map(({ pin, time, verify = 1 }) => `${pin}\t${time}\t0\t${verify}\t0\t0\t0\n`).join('');
