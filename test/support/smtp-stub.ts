/** A mail server in a few lines (RFC 5321): what reaches it is kept, and it can refuse. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface SmtpStub extends AsyncDisposable {
  readonly url: string;
  readonly mails: { readonly to: readonly string[]; readonly data: string }[];
  /** What it answers to a command instead of taking it, such as `{ RCPT: '550 no such mailbox' }`. */
  refuses: Readonly<Record<string, string>>;
}

export async function smtpStub(login: string): Promise<SmtpStub> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    talk(socket, stub, Buffer.from(login).toString('base64'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stub: SmtpStub = {
    url: `smtp://127.0.0.1:${address.port}`,
    mails: [],
    refuses: {},
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return stub;
}

function talk(socket: Socket, stub: SmtpStub, login: string): void {
  let pending = '';
  let to: string[] = [];
  let data: string | null = null;
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  say('220 mail.example ready');
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    pending += chunk;
    for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (data !== null) {
        if (line !== '.') data += `${line}\n`;
        else {
          stub.mails.push({ to, data });
          data = null;
          say('250 taken');
        }
      } else answer(line);
    }
  });

  function answer(line: string): void {
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
    const refusal = stub.refuses[verb];
    if (refusal !== undefined) return say(refusal);
    if (verb === 'EHLO') return say('250-mail.example\r\n250 AUTH PLAIN');
    if (verb === 'AUTH') return say(line.endsWith(` ${login}`) ? '235 welcome' : `535 ${line} is wrong`);
    if (verb === 'MAIL') to = [];
    if (verb === 'RCPT') to.push(/<(.*)>/.exec(line)?.[1] ?? '');
    if (verb === 'DATA') {
      data = '';
      return say('354 go on');
    }
    say(verb === 'QUIT' ? '221 bye' : '250 well');
  }
}
