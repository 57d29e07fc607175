/** Mail over SMTP (RFC 5321), by nodemailer. What a server's answers mean: RFC 5321 section 4.2.1 and RFC 4954 section 6. */
import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Ms } from '../../rules/time.ts';
import { bytesOf, fittedLines, fittedSentence, type Letterhead } from '../letter.ts';
import { type NoticeFile, type Notifier, NotifyError, UNTIL_MENDED_MS } from '../notifier.ts';

export interface EmailOptions {
  /** `smtps://host:465`, or `smtp://host:25`, where encryption begins as soon as the server offers it. */
  readonly server: string;
  readonly username: string | null;
  /** It is never shown. */
  readonly password: string | null;
  readonly from: string;
  /** Each sees the others' addresses. */
  readonly addresses: readonly string[];
  readonly letter: Letterhead;
  /** So many bytes of files go with a mail at most, before they are encoded for it (a third more). */
  readonly attachUpTo: number;
  /** What the mail says of a file that does not go with it. */
  readonly notAttached: (name: string, because: NotAttached) => string;
  /** For each step of the conversation. */
  readonly timeoutMs: Ms;
}

/** `gone`: it cannot be read, or is not what it was when the message was written. */
export type NotAttached = 'too-large' | 'gone';

const MAX_BYTES = 100_000;
const MAX_SUBJECT_BYTES = 150;

export function emailNotifier(options: EmailOptions): Notifier {
  const { server, username, password, from, addresses, letter, timeoutMs } = options;
  const { hostname, port, protocol } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host,
    port: port === '' ? (secure ? 465 : 25) : Number(port),
    secure,
    ...(username === null ? {} : { auth: { user: username, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: 'email',
    async send({ key, text, files = [] }) {
      const { attachments, left } = await attached(files, options.attachUpTo);
      const lines = [...text.split('\n'), ...left.map(({ name, because }) => options.notAttached(name, because))];
      const end = letter.link === null ? '' : `\n\n${letter.link}`;
      const room = MAX_BYTES - bytesOf(end);
      try {
        await transport.sendMail({
          from,
          to: [...addresses],
          subject: fittedSentence(`${letter.heading}: ${lines[0] ?? ''}`, MAX_SUBJECT_BYTES),
          text: fittedLines(lines, { maxBytes: room }, letter) + end,
          attachments,
          // Half as long as the other encoding where the text is Chinese.
          textEncoding: 'base64',
          // The same for every attempt: mail programs drop repeats by it.
          messageId: `<${encodeURIComponent(key)}@zaigang>`,
          // No program is to answer that somebody is on holiday (RFC 3834).
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw failureOf(host, error);
      }
    },
  };
}

interface Attached {
  readonly attachments: { readonly filename: string; readonly content: Buffer }[];
  readonly left: { readonly name: string; readonly because: NotAttached }[];
}

/** One after the other, as long as they fit. */
async function attached(files: readonly NoticeFile[], upToBytes: number): Promise<Attached> {
  const all: Attached = { attachments: [], left: [] };
  let room = upToBytes;
  for (const file of files) {
    const name = basename(file.path);
    const content = await contentOf(file, room);
    if (typeof content === 'string') all.left.push({ name, because: content });
    else {
      all.attachments.push({ filename: name, content });
      room -= content.length;
    }
  }
  return all;
}

async function contentOf({ path, sha256 }: NoticeFile, room: number): Promise<Buffer | NotAttached> {
  try {
    if ((await stat(path)).size > room) return 'too-large';
    const content = await readFile(path);
    return hash('sha256', content) === sha256 ? content : 'gone';
  } catch {
    // Its folder may be emptied by people at any time; the mail says that it could not go with it.
    return 'gone';
  }
}

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
}

/** What the server said is not passed on: it may repeat the login or an address. */
function failureOf(host: string, error: unknown): NotifyError {
  const { code = 'unknown', responseCode } = error as SmtpError;
  const said = responseCode === undefined ? code : `${code} ${responseCode}`;
  const later = { retry: true, retryAfterMs: UNTIL_MENDED_MS };
  if (code === 'EAUTH') {
    return new NotifyError(`${host} did not accept username and password; enter those of the mailbox (${said})`, later);
  }
  if (code === 'ETLS') return new NotifyError(`${host} could not agree on encryption (${said})`, later);
  if (responseCode !== undefined && responseCode >= 500) {
    const what =
      code === 'EENVELOPE' ? 'refused the sender or an addressee; check from and addresses' : 'refused the mail';
    return new NotifyError(`${host} ${what} (${said})`, { retry: false });
  }
  if (responseCode !== undefined) return new NotifyError(`${host} takes no mail just now (${said})`, { retry: true });
  // Wrong addresses are found before anything is sent.
  if (code === 'EENVELOPE')
    return new NotifyError('the mail has no usable addressee; check addresses', { retry: false });
  return new NotifyError(`${host} is unreachable (${said})`, { retry: true });
}
