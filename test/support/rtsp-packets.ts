/** Video as cameras send it: an Annex-B stream cut into pictures, and those into RTP packets (RFC 6184, RFC 7798). */

export type VideoCodec = 'h264' | 'h265';

/** One picture: its NAL units, with the parameter sets before it. */
export interface AccessUnit {
  readonly nals: readonly Buffer[];
  readonly isKey: boolean;
}

export interface VideoStream {
  readonly codec: VideoCodec;
  readonly units: readonly AccessUnit[];
  /** VPS (H.265 only), SPS, PPS. */
  readonly parameterSets: readonly Buffer[];
}

/** Reads a stream that has an access unit delimiter before each picture. */
export function readAnnexB(bytes: Buffer, codec: VideoCodec): VideoStream {
  const kinds = codec === 'h264' ? H264 : H265;
  const units: { nals: Buffer[]; isKey: boolean }[] = [];
  const sets = new Map<number, Buffer>();
  for (const nal of nalsOf(bytes)) {
    const kind = kinds.kindOf(nal);
    if (kind === kinds.delimiter || units.length === 0) units.push({ nals: [], isKey: false });
    const unit = units.at(-1) as { nals: Buffer[]; isKey: boolean };
    unit.nals.push(nal);
    unit.isKey ||= kinds.isKey(kind);
    if (kinds.sets.includes(kind) && !sets.has(kind)) sets.set(kind, nal);
  }
  return { codec, units, parameterSets: kinds.sets.flatMap((kind) => sets.get(kind) ?? []) };
}

interface Kinds {
  readonly kindOf: (nal: Buffer) => number;
  readonly isKey: (kind: number) => boolean;
  readonly sets: readonly number[];
  readonly delimiter: number;
}

const H264: Kinds = {
  kindOf: (nal) => (nal[0] as number) & 31,
  isKey: (kind) => kind === 5,
  sets: [7, 8],
  delimiter: 9,
};

const H265: Kinds = {
  kindOf: (nal) => ((nal[0] as number) >> 1) & 63,
  isKey: (kind) => kind >= 16 && kind <= 21,
  sets: [32, 33, 34],
  delimiter: 35,
};

function* nalsOf(bytes: Buffer): Generator<Buffer> {
  const begin = (from: number): number => bytes.indexOf('000001', from, 'hex');
  for (let at = begin(0); at >= 0; ) {
    const next = begin(at + 3);
    let end = next < 0 ? bytes.length : next;
    while (end > at + 3 && bytes[end - 1] === 0) end--;
    yield bytes.subarray(at + 3, end);
    at = next;
  }
}

/** The `a=rtpmap` and `a=fmtp` lines of a description. Without `sets` the parameter sets come only within the stream. */
export function mediaLines({ codec, parameterSets }: VideoStream, sets: boolean): string[] {
  const coded = parameterSets.map((set) => set.toString('base64'));
  const name = codec === 'h264' ? 'H264' : 'H265';
  const given =
    codec === 'h264'
      ? `;sprop-parameter-sets=${coded.join(',')}`
      : ['vps', 'sps', 'pps'].map((set, i) => `;sprop-${set}=${coded[i]}`).join('');
  return [
    `a=rtpmap:96 ${name}/90000`,
    `a=fmtp:96 ${codec === 'h264' ? 'packetization-mode=1' : 'tx-mode=SRST'}${sets ? given : ''}`,
  ];
}

const LARGEST = 1400;

/** The payloads of one picture; a NAL unit that is too large for a packet is cut. */
export function payloadsOf(unit: AccessUnit, codec: VideoCodec): Buffer[] {
  return unit.nals.flatMap((nal) => (nal.length <= LARGEST ? [nal] : fragments(nal, codec)));
}

function fragments(nal: Buffer, codec: VideoCodec): Buffer[] {
  const headerBytes = codec === 'h264' ? 1 : 2;
  const [first, second] = [nal[0] as number, nal[1] as number];
  const kind = codec === 'h264' ? first & 31 : (first >> 1) & 63;
  const header = codec === 'h264' ? [(first & 0xe0) | 28] : [(first & 0x81) | (49 << 1), second];
  const parts: Buffer[] = [];
  for (let from = headerBytes; from < nal.length; from += LARGEST) {
    const isFirst = from === headerBytes;
    const isLast = from + LARGEST >= nal.length;
    const flags = (isFirst ? 0x80 : 0) | (isLast ? 0x40 : 0) | kind;
    parts.push(Buffer.concat([Buffer.from([...header, flags]), nal.subarray(from, from + LARGEST)]));
  }
  return parts;
}

/** An RTP packet (RFC 3550, section 5.1), framed for a TCP connection (RFC 2326, section 10.12). */
export function rtpPacket(
  channel: number,
  fields: { readonly seq: number; readonly time: number; readonly source: number; readonly isLast: boolean },
  payload: Buffer,
): Buffer {
  const head = Buffer.alloc(16);
  head[0] = 0x24;
  head[1] = channel;
  head.writeUInt16BE(12 + payload.length, 2);
  head[4] = 0x80;
  head[5] = 96 | (fields.isLast ? 0x80 : 0);
  head.writeUInt16BE(fields.seq & 0xffff, 6);
  head.writeUInt32BE(fields.time >>> 0, 8);
  head.writeUInt32BE(fields.source >>> 0, 12);
  return Buffer.concat([head, payload]);
}

/** An RTCP sender report (RFC 3550, section 6.4.1), framed likewise. */
export function senderReport(channel: number, fields: { readonly time: number; readonly source: number }): Buffer {
  const report = Buffer.alloc(32);
  report[0] = 0x24;
  report[1] = channel;
  report.writeUInt16BE(28, 2);
  report[4] = 0x80;
  report[5] = 200;
  report.writeUInt16BE(6, 6);
  report.writeUInt32BE(fields.source >>> 0, 8);
  // Seconds since 1900 in the upper half; any will do.
  report.writeUInt32BE(0xe0000000 + Math.floor(fields.time / 90_000), 12);
  report.writeUInt32BE(fields.time >>> 0, 20);
  return report;
}
