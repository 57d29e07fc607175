/** A tap on the wire between an MQTT client and its broker: it notes every packet and can cut or freeze the line. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Packet {
  /** Which connection through the tap, counted from 0. */
  readonly connection: number;
  readonly from: 'client' | 'broker';
  /** The packet type of MQTT 3.1.1, section 2.2.1: 3 = PUBLISH, 4 = PUBACK, 8 = SUBSCRIBE, 14 = DISCONNECT … */
  readonly type: number;
  /** The packet id of a PUBLISH above QoS 0 or of a PUBACK; else null. */
  readonly id: number | null;
  readonly topic: string | null;
}

export interface MqttTap extends AsyncDisposable {
  readonly url: string;
  readonly packets: readonly Packet[];
  /** The ids of the PUBACKs that the client sent on a connection, in their order. */
  acknowledged(connection: number): readonly number[];
  /** The packets of PUBLISH that the broker sent on a connection, in their order. */
  delivered(connection: number): readonly Packet[];
  /** Breaks every line. */
  cut(): void;
  /** Passes nothing on, and breaks nothing, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

/** Listens on a free port and passes everything on to `port`. */
export async function mqttTap(port: number): Promise<MqttTap> {
  const packets: Packet[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer((client) => {
    const connection = connections++;
    const broker = connect(port, '127.0.0.1');
    for (const [from, to, name] of [
      [client, broker, 'client'],
      [broker, client, 'broker'],
    ] as const) {
      const split = splitter((type, body) => packets.push(packetOf(connection, name, type, body)));
      sockets.add(from);
      from.on('data', (chunk) => {
        split(chunk);
        to.write(chunk);
      });
      // A line that breaks on one side breaks on the other; how it broke is the client's business.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');

  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    packets,
    acknowledged: (connection) =>
      packets.filter((p) => p.connection === connection && p.from === 'client' && p.type === 4).map((p) => p.id ?? 0),
    delivered: (connection) =>
      packets.filter((p) => p.connection === connection && p.from === 'broker' && p.type === 3),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    freeze() {
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      for (const socket of sockets) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Cuts a stream of bytes into packets: a first byte, a length of one to four bytes, and the body. */
function splitter(found: (firstByte: number, body: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      let length = 0;
      let at = 1;
      for (let unit = 1; ; unit *= 128) {
        const byte = rest[at++];
        if (byte === undefined) return;
        length += (byte & 0x7f) * unit;
        if (byte < 0x80) break;
      }
      if (rest.length < at + length) return;
      found(rest[0] ?? 0, rest.subarray(at, at + length));
      rest = rest.subarray(at + length);
    }
  };
}

function packetOf(connection: number, from: 'client' | 'broker', firstByte: number, body: Buffer): Packet {
  const type = firstByte >> 4;
  if (type === 4) return { connection, from, type, id: body.readUInt16BE(0), topic: null };
  if (type !== 3) return { connection, from, type, id: null, topic: null };
  const end = 2 + body.readUInt16BE(0);
  const hasId = (firstByte & 0b110) !== 0;
  return { connection, from, type, id: hasId ? body.readUInt16BE(end) : null, topic: body.toString('utf8', 2, end) };
}
