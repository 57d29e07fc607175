/** Accounts, tokens and screens in the words of people at a terminal. */

import type { Ms } from '../../rules/time.ts';
import type { Language } from '../alerts/words.ts';
import type { Account } from './accounts.ts';
import type { Role } from './actor.ts';
import type { RefusalCode } from './refusal.ts';
import type { Screen } from './screens.ts';
import type { Token } from './tokens.ts';

const ROLE_ZH: Readonly<Record<Role, string>> = {
  admin: '管理员',
  supervisor: '督查',
  manager: '大厅负责人',
  chief: '首席代表',
  installer: '安装人员',
  employee: '窗口人员',
  screen: '大屏',
  desk: '窗口电脑',
};

const REFUSAL_ZH: Readonly<Record<RefusalCode, string>> = {
  'bad-name': '用户名应为 1 至 32 个字母、汉字或数字，中间可有 . _ -',
  'bad-display': '名称应为 1 至 60 个可见字符',
  'no-role': '至少要有一个角色',
  'bad-role': '这个角色只用于大屏',
  'chief-of-nothing': '首席代表至少要管一个部门',
  'unknown-department': '配置中没有这个部门',
  'employee-of-nobody': '窗口人员要写明本人编号',
  'unknown-window': '配置中没有这个窗口',
  'unknown-employee': '配置中没有这个人员编号',
  'name-taken': '已有这个账号',
  'unknown-account': '没有这个账号',
  'last-admin': '这是最后一位管理员，不能去掉',
  'bad-link': '链接已用过、已过期或不正确',
  'wrong-password': '现在的密码不对',
  'too-short': '密码至少 10 个字符',
  'too-long': '密码最多 128 个字符',
  'too-simple': '密码太简单：不要用连续的键或太少的不同字符',
  'holds-the-name': '密码里不要有用户名',
  'expired-already': '到期时刻已过',
  'unknown-token': '没有这个令牌，或已吊销',
  'unknown-screen': '没有这块大屏，或已吊销',
};

/** Null where the refusal's own English says it. */
export function refusalText(code: RefusalCode, lang: Language): string | null {
  return lang === 'zh' ? REFUSAL_ZH[code] : null;
}

type Rights = Pick<Account, 'roles' | 'employee' | 'departments'>;

function rights({ roles, employee, departments }: Rights, zh: boolean): string {
  const said = roles.map((role) => (zh ? ROLE_ZH[role] : role)).join(zh ? '、' : ', ');
  return [said, departments.join(zh ? '、' : ', '), employee ?? ''].filter((part) => part !== '').join('  ');
}

const day = (at: Ms): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ').concat('Z');

export function accountText(account: Account & { readonly hasPassword: boolean }, lang: Language): string {
  const zh = lang === 'zh';
  const state =
    account.disabledAt !== null
      ? zh
        ? '停用'
        : 'disabled'
      : account.hasPassword
        ? ''
        : zh
          ? '未设密码'
          : 'no password yet';
  return [account.name, account.display, rights(account, zh), state].filter((part) => part !== '').join('  ');
}

export function tokenText(token: Token, lang: Language): string {
  const zh = lang === 'zh';
  const { number, name, expiresAt, usedAt, revokedAt } = token;
  const state =
    revokedAt === null
      ? expiresAt === null
        ? ''
        : `${zh ? '到期' : 'expires'} ${day(expiresAt)}`
      : zh
        ? '已吊销'
        : 'revoked';
  const used = usedAt === null ? (zh ? '未用过' : 'never used') : `${zh ? '最近使用' : 'last used'} ${day(usedAt)}`;
  return [String(number), name, rights(token, zh), state, used].filter((part) => part !== '').join('  ');
}

export function screenText(
  { number, name, window, takenAt, seenAt, revokedAt, linkUntil }: Screen,
  lang: Language,
): string {
  const zh = lang === 'zh';
  const waits = `${zh ? '链接有效至' : 'link until'} ${day(linkUntil)}`;
  const seen = seenAt === null ? '' : `${zh ? '最近在线' : 'last seen'} ${day(seenAt)}`;
  const state = revokedAt !== null ? (zh ? '已吊销' : 'revoked') : takenAt === null ? waits : seen;
  return [String(number), name, window ?? '', state].filter((part) => part !== '').join('  ');
}
