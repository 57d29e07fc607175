/**
 * A Hikvision access terminal: its entries are numbered, its stream may begin with what was retained, its log is searched in pages, and
 * it is reset.
 * Its answers have the form of those that devices gave (see adapters/clocks/hikvision-events.ts).
 */

import { zoneTable } from '../../config/zone-table.ts';
import { formatInstant, type Ms, parseInstant } from '../../rules/time.ts';
import { CalledTerminal, openTerminal } from './called-terminal.ts';
import type { Answered, Asked, EventDevice } from './event-device.ts';

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
const FACE = 75;

export class HikvisionTerminal extends CalledTerminal<Entry> {
  #serial = 0;
  search: SearchKind = 'serial';
  serialNumber = 'DS-K1T342-TEST0001';
  timeMode: 'manual' | 'NTP' = 'manual';
  /** One listener is all that it has room for. */
  isCrowded = false;
  /** Whoever begins to listen is told the whole log first. */
  replays = false;
  /** Whom it knows; null = it refuses to say. */
  users: readonly { readonly employeeNo: string; readonly name: string }[] | null = [];

  constructor(device: EventDevice) {
    super(device);
    device.onOpen = () => {
      if (this.replays) for (const entry of this.log) this.#tell(entry, false);
    };
  }

  static open(): Promise<HikvisionTerminal> {
    return openTerminal(HikvisionTerminal, { type: 'multipart/mixed', boundary: BOUNDARY });
  }

  punch(person: string, more: { readonly at?: Ms } = {}): Entry {
    return this.note({ major: 5, minor: FACE, person, ...more });
  }

  door(at: Ms): void {
    this.note({ minor: 21, at });
  }

  punchIn({ serial, major, person, at }: Entry) {
    return major !== 5 || person === '' ? null : { credential: person, deviceAt: at, seq: serial };
  }

  /** An entry of any kind: a door, a button, a stranger. */
  note({ major = 5, minor = 21, person = '', at = this.shown } = {}): Entry {
    this.#serial++;
    const entry = { serial: this.#serial, major, minor, person, at };
    this.log.push(entry);
    const text = JSON.stringify(eventOf(entry, true));
    const head = `--${BOUNDARY}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}`;
    this.stream(`${head}\r\n\r\n${text.slice(0, 200)}`, () => this.#tell(entry, true));
    return entry;
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

  protected beat(): void {
    this.device.send(heartbeat(), 'application/json; charset="UTF-8"');
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
    const shown = formatInstant(ZONE, this.shown);
    return xml(
      200,
      `<Time version="2.0"><timeMode>${this.timeMode}</timeMode><localTime>${shown}</localTime><timeZone>CST-8:00:00</timeZone></Time>`,
    );
  }

  #setTime(body: string): Answered {
    const at = parseInstant(/<localTime>([^<]*)/.exec(body)?.[1] ?? '');
    if (at === null || !body.includes('<timeZone>CST-8:00:00'))
      return xml(400, '<subStatusCode>badXmlContent</subStatusCode>');
    this.setTo(at);
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
