/** What may stand behind a camera's address besides a camera: pages, pictures, and streams of pictures over HTTP. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebSource {
  readonly port: number;
  url(path: string): string;
  /** Requests, by path. */
  readonly asked: Map<string, number>;
  close(): Promise<void>;
}

/** Serves each path as its function does. */
export async function webSource(
  pages: Readonly<Record<string, (response: ServerResponse) => void>>,
): Promise<WebSource> {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.set(path, (asked.get(path) ?? 0) + 1);
    const page = pages[path];
    if (page === undefined) response.writeHead(404).end();
    else page(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** JPEG pictures of a moving scene. */
export function jpegs(ffmpeg: string, count: number): Buffer[] {
  const source = `testsrc2=s=320x180:r=10:d=${count / 10},noise=alls=6:allf=t`;
  const output = ['-f', 'image2pipe', '-c:v', 'mjpeg', '-q:v', '8', '-huffman', 'default', 'pipe:1'];
  const bytes = execFileSync(ffmpeg, ['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', source, ...output]);
  const pictures: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = bytes.indexOf('ffd8ff', at + 3, 'hex');
    pictures.push(bytes.subarray(at, next < 0 ? bytes.length : next));
    at = next < 0 ? bytes.length : next;
  }
  return pictures;
}

/** A grey JPEG picture of this size, with the tables of another one: 4:2:0, and the Huffman codes of the standard's annex K. */
export function greyJpeg(other: Buffer, width: number, height: number): Buffer {
  const scan = other.indexOf('ffda', 0, 'hex');
  const head = Buffer.from(other.subarray(0, scan + 2 + other.readUInt16BE(scan + 2)));
  const size = head.indexOf('ffc0', 0, 'hex') + 5;
  head.writeUInt16BE(height, size);
  head.writeUInt16BE(width, size + 2);
  // Six blocks in which nothing changes: 00 1010 four times (brightness), 00 00 twice (colour).
  const blocks = Buffer.alloc(4 * Math.ceil(width / 16) * Math.ceil(height / 16), '28a28a00', 'hex');
  return Buffer.concat([head, blocks, Buffer.from('ffd9', 'hex')]);
}

/** `multipart/x-mixed-replace`, as cameras stream their JPEG pictures; `perSecond` of them, again and again. */
export function sendPictures(response: ServerResponse, pictures: readonly Buffer[], perSecond: number): void {
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
  let next = 0;
  const timer = setInterval(() => {
    const picture = pictures[next++ % pictures.length] as Buffer;
    response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`);
    response.write(picture);
    response.write('\r\n');
  }, 1000 / perSecond);
  response.on('close', () => clearInterval(timer));
}
