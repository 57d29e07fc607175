import type { Command } from 'commander';
import type { LoadedConfig } from '../../config/load.ts';
import { DEVICE_ROLES, ROLES, type Role } from '../access/actor.ts';
import { HallAccess } from '../access/hall-access.ts';
import { screenJson, tokenJson, userJson } from '../access/json.ts';
import { carryOut, type Done, type Order, type Outcome } from '../access/orders.ts';
import { accountText, refusalText, screenText, tokenText } from '../access/words.ts';
import { Ledger } from '../ledger/ledger.ts';
import { systemLog } from '../log.ts';
import { EXIT, Exit, type Io, tell } from './io.ts';
import { askDaemon, requireLedger } from './ledger.ts';
import { loadWithoutSecrets } from './load.ts';
import { instantOption } from './options.ts';

interface Options {
  readonly config: string;
  readonly json?: boolean;
}

interface RightsOptions extends Options {
  readonly role: readonly string[];
  readonly department?: readonly string[];
  readonly employee?: string;
}

interface UserOptions extends RightsOptions {
  readonly display?: string;
  readonly passwordStdin?: boolean;
}

interface TokenOptions extends RightsOptions {
  readonly expires?: string;
}

/** `user`, `token`, `screen`: who may sign in, which machines may ask, which walls show the board. */
export function accessCommand(program: Command, io: Io): void {
  const group = (name: string, zh: string, en: string) => {
    const parent = program.command(name).description(tell(io, zh, en));
    return (verb: string, zhVerb: string, enVerb: string): Command =>
      parent
        .command(verb)
        .option('--config <file>', tell(io, '配置文件', 'the configuration'), 'hall.yaml')
        .option('--json', tell(io, '输出结构化数据', 'print it as a structure'))
        .option('--lang <zh|en>', tell(io, '语言', 'language'))
        .description(tell(io, zhVerb, enVerb))
        .copyInheritedSettings(program);
  };
  userCommand(group('user', '账号：添加、列出、删除、设密码链接', 'accounts: add, list, remove, link'), io);
  tokenCommand(group('token', '程序用的令牌：添加、列出、吊销', 'tokens for machines: add, list, remove'), io);
  screenCommand(
    group('screen', '大屏和窗口电脑：添加、列出、吊销', 'screens on walls and at windows: add, list, remove'),
    io,
  );
}

type Add = (verb: string, zh: string, en: string) => Command;

function userCommand(add: Add, io: Io): void {
  const name = (command: Command) => command.argument('<name>', tell(io, '用户名', 'the user name'));
  withRights(
    name(add('add', '添加账号，给出一次性设密码链接', 'add an account; prints a one-time link for its password')),
    io,
  )
    .option('--display <name>', tell(io, '显示的姓名', 'what people call them'))
    .option(
      '--password-stdin',
      tell(io, '从标准输入读密码，不用链接', 'read the password from standard input, no link'),
    )
    .action(async (user: string, options: UserOptions) => {
      const draft = { name: user, display: options.display ?? user, ...rightsOf(options, io) };
      const password = options.passwordStdin === true ? await readPassword() : null;
      const done = await order(options, { do: 'user-add', draft, password }, io);
      if (done.link === undefined) io.say(tell(io, `已添加 ${user}`, `${user} was added`));
      else sayLink(done.link, options, io);
    });
  add('list', '列出账号', 'list accounts').action(async (options: Options) => {
    const { users = [] } = await order(options, { do: 'user-list' }, io);
    print(users, options, userJson, (user) => accountText(user, io.lang), io);
  });
  name(add('link', '新的一次性设密码链接', 'a new one-time link for the password')).action(
    async (user: string, options: Options) => {
      const { link = '' } = await order(options, { do: 'user-link', name: user }, io);
      sayLink(link, options, io);
    },
  );
  name(add('remove', '删除账号，其登录立即失效', 'remove an account; its sessions end at once')).action(
    async (user: string, options: Options) => {
      await order(options, { do: 'user-remove', name: user }, io);
      io.say(tell(io, `已删除 ${user}`, `${user} was removed`));
    },
  );
}

function tokenCommand(add: Add, io: Io): void {
  withRights(add('add', '添加令牌，只显示这一次', 'make a token; it is shown this once'), io)
    .argument('<name>', tell(io, '用途', 'what it is for'))
    .option(
      '--expires <time>',
      tell(io, '到期时刻，如 2027-01-01T00:00:00+08:00', 'when it expires, such as 2027-01-01T00:00:00+08:00'),
    )
    .action(async (name: string, options: TokenOptions) => {
      const expiresAt = options.expires === undefined ? null : instantOption('--expires', options.expires, io);
      const draft = { name, ...rightsOf(options, io), expiresAt };
      const { number, token } = await order(options, { do: 'token-add', draft }, io);
      io.out(options.json === true ? `${JSON.stringify({ number, token })}\n` : `${token}\n`);
    });
  add('list', '列出令牌', 'list tokens').action(async (options: Options) => {
    const { tokens = [] } = await order(options, { do: 'token-list' }, io);
    print(tokens, options, tokenJson, (token) => tokenText(token, io.lang), io);
  });
  remover(add('remove', '吊销令牌', 'revoke a token'), 'token-remove', io);
}

function screenCommand(add: Add, io: Io): void {
  add('add', '添加大屏或窗口电脑，给出在那里打开一次的链接', 'add a screen; prints a link to open there, once')
    .argument('<name>', tell(io, '哪块屏', 'which screen'))
    .option(
      '--window <id>',
      tell(io, '这是哪个窗口的电脑；不写则为大屏', 'the window whose PC it is; without it a wall'),
    )
    .action(async (name: string, options: Options & { readonly window?: string }) => {
      const { link = '' } = await order(options, { do: 'screen-add', name, window: options.window ?? null }, io);
      sayLink(link, options, io);
    });
  add('list', '列出大屏', 'list screens').action(async (options: Options) => {
    const { screens = [] } = await order(options, { do: 'screen-list' }, io);
    print(screens, options, screenJson, (screen) => screenText(screen, io.lang), io);
  });
  remover(add('remove', '吊销大屏', 'revoke a screen'), 'screen-remove', io);
}

function remover(command: Command, what: 'token-remove' | 'screen-remove', io: Io): void {
  command
    .argument('<number>', tell(io, '编号，见 list', 'its number, as listed'))
    .action(async (number: string, options: Options) => {
      await order(options, { do: what, number: Number(number) }, io);
      io.say(tell(io, `已吊销 ${number}`, `${number} was revoked`));
    });
}

const GIVEN_ROLES = ROLES.filter((role) => !DEVICE_ROLES.includes(role));

function withRights(command: Command, io: Io): Command {
  return command
    .requiredOption(
      '--role <role...>',
      tell(io, `角色，可多个：${GIVEN_ROLES.join(' ')}`, `roles: ${GIVEN_ROLES.join(' ')}`),
    )
    .option('--department <id...>', tell(io, '首席代表所管的部门', 'the departments that a chief answers for'))
    .option('--employee <id>', tell(io, '本人在配置中的编号', 'who in the plan they are'));
}

function rightsOf({ role, department, employee }: RightsOptions, io: Io) {
  const roles = role.map((given): Role => {
    const known = ROLES.find((one) => one === given);
    if (known !== undefined) return known;
    throw new Exit(EXIT.usage, tell(io, `没有角色“${given}”`, `there is no role "${given}"`));
  });
  return { roles, departments: department ?? [], employee: employee ?? null };
}

// ---- carrying out --------------------------------------------------------------------------------------------------

async function order({ config }: Options, wanted: Order, io: Io): Promise<Done> {
  const loaded = await loadWithoutSecrets(config, io);
  const answered = await askDaemon(loaded, { path: '/access', method: 'POST', body: JSON.stringify(wanted) });
  const outcome = answered === null ? await onLedger(loaded, wanted, io) : (JSON.parse(answered) as Outcome);
  if ('done' in outcome) return outcome.done;
  throw new Exit(EXIT.no, refusalText(outcome.refused, io.lang) ?? outcome.because);
}

/** Where no daemon runs. A hall that was never opened has no accounts yet; the first may be made before it is. */
async function onLedger(loaded: LoadedConfig, wanted: Order, io: Io): Promise<Outcome> {
  if (!wanted.do.endsWith('-add')) requireLedger(loaded, io);
  const { config, hall } = loaded;
  const ledger = Ledger.open({ directory: config.data, diskReserveBytes: config.diskReserve });
  try {
    const log = systemLog(io.env['ZAIGANG_LOG_LEVEL'] ?? 'warn');
    const access = new HallAccess({ ledger, settings: config.http, hall: () => hall, log });
    return await carryOut(access, wanted);
  } finally {
    ledger.close();
  }
}

/** The first line; without an end of line, all of it. */
async function readPassword(): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces).toString('utf8').split(/\r?\n/, 1)[0] ?? '';
}

// ---- saying --------------------------------------------------------------------------------------------------------

function sayLink(link: string, { json }: Options, io: Io): void {
  if (json === true) {
    io.out(`${JSON.stringify({ link })}\n`);
    return;
  }
  io.say(tell(io, '一次性链接，请只交给本人：', 'A one-time link, for nobody else:'));
  io.out(`${link}\n`);
}

function print<T>(
  rows: readonly T[],
  { json }: Options,
  jsonOf: (row: T) => object,
  textOf: (row: T) => string,
  io: Io,
): void {
  for (const row of rows) io.out(`${json === true ? JSON.stringify(jsonOf(row)) : textOf(row)}\n`);
}

/** The first administrator's link, where there is one: on a terminal only, for what services say is kept in journals. */
export function sayFirstLink({ firstLink }: HallAccess, io: Io): void {
  if (firstLink === null) return;
  io.say(
    tell(
      io,
      `还没有账号。一次性链接，打开后设置首位管理员：\n  ${firstLink}`,
      `There is no account yet. A one-time link that makes the first administrator:\n  ${firstLink}`,
    ),
  );
}
