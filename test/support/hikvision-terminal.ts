/**
 * A Hikvision access terminal on a port of 127.0.0.1: a log whose entries are numbered, a stream of events with heartbeats that begins
 * with what was retained, a search of the log in pages, a time that can be set; it reboots, loses events, sends halves of them, and is reset.
 * Its answers have the form of those that devices gave (see adapters/clocks/hikvision-events.ts).
 */

import { zoneTable } from '../../config/zone-table.ts';
import { formatInstant, type Ms, parseInstant } from '../../rules/time.ts';
import { type Answered, type Asked, EventDevice } from './event-device.ts';

/**
 * - `serial`: heeds `beginSerialNo`, as a DS-K1T342 does
 * - `time`: refuses it
 * - `deaf`: takes it and does not heed it
 * - `none`: knows no search
 */
export type SearchKind = 'serial' | 'time' | 'deaf' | 'none';

export interface Entry {
  readonly serial: number;
  readonly major: number;
  readonly minor: number;
  readonly person: string;
  readonly at: Ms;
}

const ZONE = zoneTable('Asia/Shanghai');
const BOUNDARY = 'MIME_boundary';
const HEARTBEAT_MS = 200;
const FACE = 75;

export class HikvisionTerminal implements AsyncDisposable {
  readonly device: EventDevice;
  readonly #heart: NodeJS.Timeout;
  log: Entry[] = [];
  #serial = 0;
  search: SearchKind = 'serial';
  serialNumber = 'DS-K1T342-TEST0001';
  /** By how much its clock is ahead. */
  aheadMs: Ms = 0;
  timeMode: 'manual' | 'NTP' = 'manual';
  /** One listener is all that it has room for. */
  isCrowded = false;
  /** Whoever begins to listen is told the whole log first. */
  replays = false;
  /** The next events are not streamed. */
  deaf = 0;
  /** The next event breaks off in its middle, and the connection with it. */
  half = false;
  isBeating = true;
  searches = 0;
  /** Whom it knows; null = it refuses to say. */
  users: readonly { readonly employeeNo: string; readonly name: string }[] | null = [];

  private constructor(device: EventDevice) {
    this.device = device;
    this.#heart = setInterval(
      () => this.isBeating && this.device.send(heartbeat(), 'application/json; charset="UTF-8"'),
      HEARTBEAT_MS,
    );
    device.onOpen = () => {
      if (this.replays) for (const entry of this.log) this.#tell(entry, false);
    };
  }

  static async open({ password = 'right', lockAfter = 5 } = {}): Promise<HikvisionTerminal> {
    let self: HikvisionTerminal | null = null;
    const device = await EventDevice.open({
      type: `multipart/mixed; boundary=${BOUNDARY}`,
      boundary: BOUNDARY,
      login: { user: 'admin', password },
      lockAfter,
      answer: (asked) => self?.answer(asked) ?? null,
    });
    self = new HikvisionTerminal(device);
    return self;
  }

  get url(): string {
    return this.device.url('');
  }

  /** Somebody was recognised; what the terminal noted of it. */
  punch(person: string, minor = FACE): Entry {
    return this.note({ major: 5, minor, person });
  }

  /** An entry of any kind: a door, a button, a stranger. */
  note({ major = 5, minor = 21, person = '', at = Math.floor((Date.now() + this.aheadMs) / 1000) * 1000 } = {}): Entry {
    this.#serial++;
    const entry = { serial: this.#serial, major, minor, person, at };
    this.log.push(entry);
    if (this.half) {
      this.half = false;
      const text = JSON.stringify(eventOf(entry, true));
      this.device.write(
        `--${BOUNDARY}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text.slice(0, 200)}`,
      );
      this.device.cut();
    } else if (this.deaf > 0) this.deaf--;
    else this.#tell(entry, true);
    return entry;
  }

  /** The power fails and comes back. */
  reboot(): void {
    this.device.cut();
  }

  /** Its log is emptied, and its numbers begin anew. */
  reset(): void {
    this.log = [];
    this.#serial = 0;
    this.device.cut();
  }

  answer(asked: Asked): Answered | null {
    if (asked.target.startsWith('/ISAPI/Event/notification/alertStream')) return this.#crowded();
    if (asked.target === '/ISAPI/System/time') return asked.method === 'PUT' ? this.#setTime(asked.body) : this.#time();
    if (asked.target === '/ISAPI/System/deviceInfo') return xml(200, deviceInfo(this.serialNumber));
    if (asked.target.startsWith('/ISAPI/AccessControl/AcsEvent')) return this.#find(asked.body);
    if (asked.target.startsWith('/ISAPI/AccessControl/UserInfo/Search')) return this.#findUsers(asked.body);
    return { status: 404 };
  }

  /** With what such devices say of a user beside, none of which is anybody's business. */
  #findUsers(body: string): Answered {
    if (this.users === null) return json(403, { statusCode: 4, subStatusCode: 'notSupport' });
    const { UserInfoSearchCond: condition } = JSON.parse(body) as {
      UserInfoSearchCond: { searchID: string; searchResultPosition: number; maxResults: number };
    };
    const { searchID, searchResultPosition: from, maxResults } = condition;
    const page = this.users.slice(from, from + Math.min(10, maxResults));
    const isLast = from + page.length >= this.users.length;
    return json(200, {
      UserInfoSearch: {
        ...{ searchID, numOfMatches: page.length, totalMatches: this.users.length },
        responseStatusStrg: this.users.length === 0 ? 'NO MATCH' : isLast ? 'OK' : 'MORE',
        ...(page.length > 0 && {
          UserInfo: page.map((user) => ({
            ...user,
            userType: 'normal',
            password: '123456',
            gender: 'female',
            numOfFace: 1,
          })),
        }),
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#heart);
    await this.device[Symbol.asyncDispose]();
  }

  #tell(entry: Entry, isCurrent: boolean): void {
    this.device.send(JSON.stringify(eventOf(entry, isCurrent), null, 2), 'application/json; charset="UTF-8"');
    if (entry.minor === FACE && isCurrent) this.device.send(JPEG, 'image/jpeg');
  }

  #crowded(): Answered | null {
    if (!this.isCrowded) return null;
    return xml(
      503,
      '<ResponseStatus><statusCode>3</statusCode><subStatusCode>deployExceedMax</subStatusCode></ResponseStatus>',
    );
  }

  #time(): Answered {
    const shown = formatInstant(ZONE, Math.floor((Date.now() + this.aheadMs) / 1000) * 1000);
    return xml(
      200,
      `<Time version="2.0"><timeMode>${this.timeMode}</timeMode><localTime>${shown}</localTime><timeZone>CST-8:00:00</timeZone></Time>`,
    );
  }

  #setTime(body: string): Answered {
    const at = parseInstant(/<localTime>([^<]*)/.exec(body)?.[1] ?? '');
    if (at === null || !body.includes('<timeZone>CST-8:00:00'))
      return xml(400, '<subStatusCode>badXmlContent</subStatusCode>');
    this.aheadMs = at - Math.floor(Date.now() / 1000) * 1000;
    return xml(200, '<subStatusCode>ok</subStatusCode>');
  }

  #find(body: string): Answered {
    this.searches++;
    const { AcsEventCond: condition } = JSON.parse(body) as { AcsEventCond: Record<string, string | number> };
    const {
      beginSerialNo,
      startTime,
      endTime,
      searchResultPosition = 0,
      maxResults = 10,
      searchID,
      major,
      minor,
    } = condition;
    const byNumber = beginSerialNo !== undefined;
    if (this.search === 'none') return json(403, { statusCode: 4, subStatusCode: 'notSupport' });
    if (this.search === 'time' && byNumber)
      return json(400, { statusCode: 6, subStatusCode: 'badJsonContent', errorMsg: 'beginSerialNo' });
    const [from, to] = [
      parseInstant(String(startTime)) ?? 0,
      parseInstant(String(endTime)) ?? Number.POSITIVE_INFINITY,
    ];
    const found = this.log.filter(
      (entry) =>
        (major === 0 || entry.major === major) &&
        (minor === 0 || entry.minor === minor) &&
        (!byNumber || this.search === 'deaf' || entry.serial >= Number(beginSerialNo)) &&
        entry.at >= from &&
        entry.at <= to,
    );
    const page = found.slice(
      Number(searchResultPosition),
      Number(searchResultPosition) + Math.min(30, Number(maxResults)),
    );
    const isLast = Number(searchResultPosition) + page.length >= found.length;
    return json(200, {
      AcsEvent: {
        searchID,
        totalMatches: found.length,
        responseStatusStrg: found.length === 0 ? 'NO MATCH' : isLast ? 'OK' : 'MORE',
        numOfMatches: page.length,
        ...(page.length > 0 && { InfoList: page.map(foundOf) }),
      },
    });
  }
}

const json = (status: number, value: unknown): Answered => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
const xml = (status: number, body: string): Answered => ({
  status,
  type: 'application/xml',
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});

const heartbeat = (): string =>
  JSON.stringify({
    ipAddress: '192.0.2.30',
    channelID: 3,
    dateTime: formatInstant(ZONE, Math.floor(Date.now() / 1000) * 1000),
    eventType: 'videoloss',
    eventState: 'inactive',
    eventDescription: 'videoloss alarm',
  });

/** As it is streamed and pushed. */
export function eventOf({ serial, major, minor, person, at }: Entry, isCurrent: boolean) {
  return {
    ipAddress: '192.0.2.30',
    portNo: 80,
    protocol: 'HTTP',
    macAddress: 'a4:d5:c2:4e:33:9e',
    channelID: 1,
    dateTime: formatInstant(ZONE, at),
    activePostCount: 1,
    eventType: 'AccessControllerEvent',
    eventState: 'active',
    eventDescription: 'Access Controller Event',
    AccessControllerEvent: {
      deviceName: 'Access Controller',
      majorEventType: major,
      subEventType: minor,
      ...(person !== '' && { name: '徐敏', employeeNoString: person, cardReaderNo: 1, userType: 'normal' }),
      doorNo: 1,
      serialNo: serial,
      currentVerifyMode: 'cardOrFaceOrFp',
      currentEvent: isCurrent,
      frontSerialNo: serial - 1,
      attendanceStatus: 'checkIn',
      statusValue: 0,
      mask: 'no',
      picturesNumber: minor === FACE ? 1 : 0,
    },
  };
}

/** As a search answers it. */
function foundOf({ serial, major, minor, person, at }: Entry) {
  return {
    major,
    minor,
    time: formatInstant(ZONE, at),
    ...(person !== '' && { name: '徐敏', employeeNoString: person, cardReaderNo: 1, userType: 'normal' }),
    doorNo: 1,
    serialNo: serial,
    currentVerifyMode: 'cardOrFaceOrFp',
    attendanceStatus: 'checkIn',
    mask: 'no',
    pictureURL: 'http://192.0.2.30/LOCALS/pic/acsLinkCap/1.jpeg',
  };
}

const deviceInfo = (serialNumber: string): string =>
  `<DeviceInfo version="2.0"><deviceName>门口</deviceName><model>DS-K1T342EFWX</model><serialNumber>${serialNumber}</serialNumber><firmwareVersion>V3.3.5</firmwareVersion></DeviceInfo>`;

/** The beginning and the end of a picture, with what would look like a boundary and like JSON in between. */
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('{"{{"\r\n--}}'), Buffer.from([0, 0xff, 0xd9])]);
