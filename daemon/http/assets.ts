/** The pages, bundled once at start and kept in memory: no build step, no files beside the sources. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build, stop } from 'esbuild';

export interface Asset {
  readonly contentType: string;
  /** Digest of the content. */
  readonly tag: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Made when it is asked for first: what came while the daemon was away waits for a processor when it starts. */
  packed(encoding: Encoding): Promise<Uint8Array<ArrayBuffer>>;
}

export type Encoding = 'br' | 'gzip';

/**
 * Pages: what each is called until its script says so, the `NAME.ts` and `NAME.css` that it loads, and the file with its body, which for
 * most is the frame that they share (`frame.html`). Their head is in `page.html`.
 */
const PAGES = {
  board: { title: '窗口在岗看板', loads: 'board/board', body: 'board/board' },
  case: { title: '处理与证据', loads: 'cases/case-page', body: 'frame' },
  me: { title: '我的事项', loads: 'cases/me-page', body: 'frame' },
  week: { title: '本部门一周', loads: 'week/week-page', body: 'frame' },
  report: { title: '报表', loads: 'reports/report-page', body: 'frame' },
  devices: { title: '考勤机', loads: 'devices/devices-page', body: 'frame' },
  cameras: { title: '摄像头', loads: 'cameras/cameras-page', body: 'frame' },
  messages: { title: '实时消息', loads: 'messages/messages-page', body: 'frame' },
  imports: { title: '导入表格', loads: 'imports/imports-page', body: 'frame' },
  admin: { title: '账号与令牌', loads: 'admin/admin-page', body: 'frame' },
  desk: { title: '窗口', loads: 'desk/desk-page', body: 'desk/desk' },
  'sign-in': { title: '登录', loads: 'sign-in/sign-in', body: 'sign-in/sign-in' },
} as const;
export type PageName = keyof typeof PAGES;

export interface Assets {
  readonly pages: Readonly<Record<PageName, Asset>>;
  /** By path (`/assets/board-0123456789.js`); a path names its content, so it may be cached for ever. */
  readonly byPath: ReadonlyMap<string, Asset>;
}

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));

/** The sheet that stands beside each page's own. */
const DARK = 'dark.css';

/** Browsers still met in offices: Chrome 109 is the last for Windows 7, and its Chinese relatives follow it. */
const TARGET = ['chrome87', 'firefox91', 'safari15'];

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The best quality takes four times as long for a fifteenth less, and somebody waits for it after every restart (measured). */
const BROTLI = { [constants.BROTLI_PARAM_QUALITY]: 9 };

const PACKERS: Readonly<Record<Encoding, (plain: Uint8Array) => Promise<Uint8Array>>> = {
  br: (plain) => promisify(brotliCompress)(plain, { params: BROTLI }),
  gzip: (plain) => promisify(gzip)(plain),
};

let bundled: Promise<Assets> | null = null;

/**
 * The bundled pages, made at the first call of the process. Rejects if the sources do not compile: the daemon must not
 * start with half a page.
 */
export function bundleAssets(): Promise<Assets> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<Assets> {
  const output = await build({
    absWorkingDir: WEB,
    entryPoints: [...Object.values(PAGES).flatMap(({ loads }) => [`${loads}.ts`, `${loads}.css`]), DARK],
    outdir: '/assets',
    entryNames: '[name]',
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    target: TARGET,
    write: false,
    logLevel: 'silent',
  });
  // esbuild is a process of its own that would otherwise stay for the daemon's life.
  await stop();

  const sources = new Map(output.outputFiles.map((file) => [file.path.replace('/assets/', ''), file.contents]));
  sources.set('icon.svg', await readFile(`${WEB}icon.svg`));
  const byPath = new Map<string, Asset>();
  const named = new Map<string, string>();
  for (const [name, contents] of sources) {
    const [stem, extension = ''] = name.split('.');
    const asset = assetOf(contents, CONTENT_TYPES[extension] ?? 'application/octet-stream');
    const path = `/assets/${stem}-${asset.tag}.${extension}`;
    byPath.set(path, asset);
    named.set(name, path);
  }
  const names = Object.keys(PAGES) as PageName[];
  const pages = await Promise.all(names.map(async (page) => [page, await pageOf(page, named)] as const));
  return { pages: Object.fromEntries(pages) as Record<PageName, Asset>, byPath };
}

/** A page that asks for what it loads by the names of its contents. */
async function pageOf(page: PageName, named: ReadonlyMap<string, string>): Promise<Asset> {
  const { title, loads, body } = PAGES[page];
  const read = (name: string): Promise<string> => readFile(`${WEB}${name}.html`, 'utf8');
  const filled = { title, loads: basename(loads), body: await read(body) };
  let html = await read('page');
  for (const [name, text] of Object.entries(filled)) html = html.replaceAll(`{${name}}`, text);
  for (const [name, path] of named) html = html.replaceAll(`"/assets/${name}"`, `"${path}"`);
  return assetOf(Buffer.from(html), 'text/html; charset=utf-8');
}

function assetOf(contents: Uint8Array, contentType: string): Asset {
  const plain = Uint8Array.from(contents);
  const tag = createHash('sha256').update(plain).digest('hex').slice(0, 10);
  const made = new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>();
  return {
    contentType,
    tag,
    plain,
    packed(encoding) {
      const packed = made.get(encoding) ?? PACKERS[encoding](plain).then((bytes) => Uint8Array.from(bytes));
      made.set(encoding, packed);
      return packed;
    },
  };
}
