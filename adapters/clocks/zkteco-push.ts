/**
 * ZKTeco devices that push over HTTP (ADMS, "iclock"). The device keeps what it records until an upload is answered with `OK`, and
 * sends it again after anything else; so `OK: n` is answered when all n lines are in the ledger, and 503 when they are not
 * within the time for which devices wait. The place in its log (`Stamp`) is remembered after that, never before.
 *
 * Documents: ZKTeco "PUSH SDK Communication Protocol" 2.0.1, "PUSH SDK User Manual" 3.2.0, "Attendance PUSH Communication Protocol"
 * 4.8, "Security PUSH Communication Protocol" 2.3. Not verified on a device here.
 */
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import type {
  ClockListener,
  ClockRecord,
  ClockSurroundings,
  ConnectedClock,
  DeviceAnswer,
  DeviceRequest,
  Refused,
} from '../clock.ts';
import type { UsersAnswer } from '../device-users.ts';
import { within } from '../within.ts';
import {
  accessOptions,
  accessPush,
  attendanceOptions,
  registryAnswer,
  textAnswer,
  timeZoneOption,
} from './zkteco-answers.ts';
import { Backfill } from './zkteco-backfill.ts';
import type { CodeOptions } from './zkteco-codes.ts';
import { decodeAttlog, decodeRtlog, keyedFields, readDeviceTime } from './zkteco-lines.ts';
import { LiveClock } from './zkteco-live.ts';
import { Relay } from './zkteco-relay.ts';
import { PushedUsers } from './zkteco-users.ts';

export interface ZktecoPushOptions extends CodeOptions {
  readonly serial: string;
  readonly silence: Ms;
  /** How far back the device is asked for records when it first comes; 0 = never asked. */
  readonly backfill: Ms;
  /** The customer's old server. */
  readonly relay: string | null;
}

/** Devices wait some 10 to 30 s for an answer. */
const DURABLE_WITHIN_MS: Ms = 8 * SECOND;
const PATH = /^\/iclock\/([a-z]+)(?:\.(?:aspx|php|jsp))?\/?$/i;
const STAMP = /^[A-Za-z0-9_.:-]{1,40}$/;
const KEPT_STAMP = 'attlog-stamp';
/** Two devices with one serial number take turns; one that got another address does not go back. */
const TURNS_MS: Ms = 2 * MINUTE;
/** Tables that hold people, their templates and pictures, or what the device did: not kept, and no record among them. */
const OTHER_TABLES = new Set(
  'OPERLOG,ATTPHOTO,USERINFO,USER,FINGERTMP,TEMPLATEV10,FACE,BIODATA,BIOPHOTO,USERPIC,IDCARD,IDENTITYCARD,ERRORLOG,OPTIONS,RTSTATE,WORKCODE,SMS,USER_SMS'.split(
    ',',
  ),
);

export function zktecoPushClock(options: ZktecoPushOptions, around: ClockSurroundings): ConnectedClock {
  const device = new PushDevice(options, around);
  const serial = options.serial.toUpperCase();
  return {
    silenceMs: options.silence,
    http: {
      isMine: ({ path, query }) => /^\/iclock\//i.test(path) && asked(query, 'SN').toUpperCase() === serial,
      handle: (request, listener) => device.handle(request, listener),
    },
    users: (signal) => device.users(signal),
  };
}

/** A word of the query, whose case differs from firmware to firmware; empty where there is none. */
function asked(query: URLSearchParams, name: string): string {
  for (const [key, value] of query) if (key.toLowerCase() === name.toLowerCase()) return value.trim();
  return '';
}

/** `user=3` of `tablename=user&count=3`: how an upload of a whole table is acknowledged, or it comes again and again. */
function countOf(query: URLSearchParams): string {
  const table = asked(query, 'tablename');
  const count = asked(query, 'count');
  return /^\w{1,40}$/.test(table) && /^\d{1,9}$/.test(count) ? `${table}=${count}` : 'OK';
}

const linesIn = (body: Uint8Array): number =>
  Buffer.from(body)
    .toString('latin1')
    .split('\n')
    .filter((line) => line.trim() !== '').length;

interface Address {
  readonly from: string;
  /** When it was last there. */
  readonly elapsed: Ms;
}

class PushDevice {
  readonly #options: ZktecoPushOptions;
  readonly #around: ClockSurroundings;
  readonly #backfill: Backfill;
  readonly #users: PushedUsers;
  readonly #relay: Relay | null;
  readonly #about = new Map<string, string>();
  #isNews = false;
  readonly #live: LiveClock;
  /** Where it came from last, and where before that. */
  #address: Address | null = null;
  #addressBefore: Address | null = null;

  constructor(options: ZktecoPushOptions, around: ClockSurroundings) {
    this.#options = options;
    this.#around = around;
    this.#backfill = new Backfill(around, options.backfill);
    this.#users = new PushedUsers(around);
    this.#live = new LiveClock(around.clock);
    this.#relay = options.relay === null ? null : new Relay(around.clock, options.relay);
  }

  users(signal: AbortSignal): Promise<UsersAnswer> {
    return this.#users.ask(signal);
  }

  async handle(request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer> {
    const name = PATH.exec(request.path)?.[1]?.toLowerCase() ?? '';
    this.#hear(request);
    const answer = await this.#answer(name, request, listener);
    // What came of our own commands says nothing to others.
    if (name !== 'devicecmd') this.#relay?.pass(request);
    if (this.#relay !== null) this.#say('relay', this.#relay.state);
    this.#tellAbout(listener);
    return answer;
  }

  async #answer(name: string, request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer> {
    const text = (body: string): DeviceAnswer => textAnswer(this.#around, body);
    const { serial } = this.#options;
    switch (name) {
      case 'cdata':
        if (request.method === 'POST') return await this.#upload(request, listener);
        listener.heard();
        return text(this.#registered(request.query));
      case 'getrequest':
        this.#readInfo(asked(request.query, 'INFO'), listener);
        return text(this.#command(listener));
      case 'devicecmd':
        listener.heard();
        this.#readResults(request.body);
        return text('OK');
      case 'registry':
        listener.heard();
        this.#readRegistry(request.body);
        return text(registryAnswer(this.#around, serial));
      case 'push':
        listener.heard();
        return text(accessPush(this.#around, serial));
      case 'querydata':
        listener.heard();
        return text(countOf(request.query));
      case 'ping':
      case 'fdata':
        listener.heard();
        return text('OK');
      default:
        listener.heard();
        return textAnswer(this.#around, 'not supported', 404);
    }
  }

  #hear({ from }: DeviceRequest): void {
    const elapsed = this.#around.clock.elapsed();
    if (this.#live.hear() > this.#options.silence) this.#backfill.want();
    const [last, before] = [this.#address, this.#addressBefore];
    this.#address = { from, elapsed };
    if (last?.from === from) return;
    this.#addressBefore = last;
    this.#say('address', from);
    if (last === null || before?.from !== from || elapsed - before.elapsed > TURNS_MS) return;
    const both = [from, last.from].sort().join(' and ');
    this.#say('conflict', `Two devices answer to the serial number ${this.#options.serial}: ${both}.`);
  }

  /** The device has started, or its settings were changed: it is told where to go on. */
  #registered(query: URLSearchParams): string {
    this.#backfill.restart();
    this.#live.interrupt();
    for (const [key, name] of [
      ['pushver', 'push'],
      ['DeviceType', 'type'],
    ] as const) {
      const value = asked(query, key);
      if (/^[\w. -]{1,40}$/.test(value)) this.#say(name, value);
    }
    const { serial } = this.#options;
    if (asked(query, 'DeviceType').toLowerCase() === 'acc') return accessOptions(this.#around, serial);
    const zone = timeZoneOption(this.#around.zone, this.#around.clock.now());
    return attendanceOptions(serial, this.#around.memory.get(KEPT_STAMP), zone);
  }

  #command(listener: ClockListener): string {
    const proven = this.#backfill.proven();
    if (proven !== null) listener.complete(proven);
    // What it recorded comes first.
    const command = this.#backfill.command() ?? this.#users.command();
    this.#say('backfill', this.#backfill.unable ?? 'ok');
    return command ?? 'OK';
  }

  async #upload(request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer> {
    const table = asked(request.query, 'table').toUpperCase();
    if (table === 'ATTLOG' || table === 'RTLOG') return await this.#punches(table, request, listener);
    listener.heard(table === 'RTSTATE' ? this.#stateSign(request.body) : undefined);
    if (table === 'OPERLOG' || table === 'USERINFO' || table === 'USER') this.#users.uploaded(request.body);
    if (OTHER_TABLES.has(table)) return textAnswer(this.#around, `OK: ${linesIn(request.body)}`);
    if (table === 'TABLEDATA') return textAnswer(this.#around, countOf(request.query));
    const refused = this.#unknownTable(table, request);
    if (await this.#keep({ records: [], refused: [refused] }, listener)) return textAnswer(this.#around, 'OK');
    return this.#again();
  }

  async #punches(table: 'ATTLOG' | 'RTLOG', request: DeviceRequest, listener: ClockListener): Promise<DeviceAnswer> {
    const { serial } = this.#options;
    const context = {
      zone: this.#around.zone,
      codes: this.#options,
      serial,
      about: `${request.path} ${table} SN=${serial}`,
    };
    const { records, refused, lines } = (table === 'ATTLOG' ? decodeAttlog : decodeRtlog)(request.body, context);
    // First, so that it holds for this touch.
    if (lines === 1) this.#measure(records[0], listener);
    const isTaken = await this.#keep({ records, refused }, listener);
    this.#backfill.uploaded(isTaken);
    if (!isTaken) return this.#again();
    const stamp = asked(request.query, 'Stamp');
    if (table === 'ATTLOG' && STAMP.test(stamp)) this.#around.memory.set(KEPT_STAMP, stamp);
    listener.heard();
    return textAnswer(this.#around, `OK: ${lines}`);
  }

  /** Whether it is durable within the time; nothing to keep is. */
  async #keep(delivery: Parameters<ClockListener['deliver']>[0], listener: ClockListener): Promise<boolean> {
    if (delivery.records.length === 0 && delivery.refused?.length === 0) return true;
    return await within(this.#around.clock, DURABLE_WITHIN_MS, listener.deliver(delivery));
  }

  /** A touch that came alone, and was not asked for, may show the device's clock. */
  #measure(record: ClockRecord | undefined, listener: ClockListener): void {
    if (record === undefined || this.#backfill.isAsking) return;
    const deviceAt = this.#live.shown(record.punch.deviceAt);
    if (deviceAt !== null) listener.heard({ deviceAt });
  }

  #again(): DeviceAnswer {
    this.#live.interrupt();
    return textAnswer(this.#around, 'not stored yet, send again', 503);
  }

  /** Not its body: nobody knows what is in it. */
  #unknownTable(table: string, { path, query, body }: DeviceRequest): Refused {
    const name = /^\w{1,40}$/.test(table) ? `"${table}"` : 'without a name';
    return {
      about: `${path} SN=${asked(query, 'SN')}`,
      because: `The device uploaded a table ${name} that is not known; expected ATTLOG or rtlog for punches.`,
      payload: Buffer.from(`table=${name} ${body.length} bytes`),
    };
  }

  /** `INFO=firmware,users,fingers,records,address,…` of some firmware's question for commands. */
  #readInfo(info: string, listener: ClockListener): void {
    const [firmware = '', , , records = ''] = info.split(',');
    if (/^[\w. ()-]{1,60}$/.test(firmware)) this.#say('firmware', firmware);
    listener.heard(/^\d{1,8}$/.test(records) ? { count: Number(records) } : undefined);
  }

  /** `ID=1&Return=0&CMD=DATA`, a line for each. */
  #readResults(body: Uint8Array): void {
    for (const line of Buffer.from(body).toString('latin1').split('\n')) {
      const result = new URLSearchParams(line.trim());
      const code = Number(asked(result, 'Return') || Number.NaN);
      if (!Number.isInteger(code)) continue;
      const id = asked(result, 'ID');
      if (!this.#backfill.answered(id, code)) this.#users.answered(id, code);
    }
  }

  /** `DeviceName=…,FWVersion=…`, of devices that register; nothing else of it is kept. */
  #readRegistry(body: Uint8Array): void {
    const text = Buffer.from(body).toString('latin1').replaceAll(',', '\t').replaceAll('~', '');
    const fields = keyedFields(text);
    for (const [key, name] of [
      ['devicename', 'model'],
      ['fwversion', 'firmware'],
      ['firmver', 'firmware'],
    ] as const) {
      const value = fields.get(key) ?? '';
      if (/^[\w. ()/-]{1,60}$/.test(value)) this.#say(name, value);
    }
  }

  /** The state of a door, which an access control device sends as it is: with the time that it shows. */
  #stateSign(body: Uint8Array): { readonly deviceAt: Ms } | undefined {
    const time = keyedFields(Buffer.from(body).toString('latin1').split('\n')[0] ?? '').get('time') ?? '';
    const deviceAt = readDeviceTime(time, this.#around.zone);
    return deviceAt === null ? undefined : { deviceAt };
  }

  #say(name: string, value: string): void {
    if (this.#about.get(name) === value) return;
    this.#about.set(name, value);
    this.#isNews = true;
  }

  #tellAbout(listener: ClockListener): void {
    if (!this.#isNews) return;
    this.#isNews = false;
    listener.heard({ about: Object.fromEntries(this.#about) });
  }
}
