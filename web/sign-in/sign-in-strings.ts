/** The words of signing in, in the users' two languages. */
import type { Language } from '../strings.ts';

export interface SignInStrings {
  readonly signIn: string;
  readonly name: string;
  readonly password: string;
  readonly newPassword: string;
  readonly display: string;
  readonly nameHint: string;
  readonly passwordHint: string;
  readonly show: string;
  readonly hide: string;
  readonly go: string;
  readonly going: string;
  readonly first: string;
  readonly firstLead: string;
  readonly firstGo: string;
  readonly setPassword: string;
  readonly setPasswordLead: (name: string) => string;
  readonly setPasswordGo: string;
  readonly screen: string;
  readonly screenLead: (name: string) => string;
  readonly screenGo: string;
  readonly desk: string;
  readonly deskLead: (window: string) => string;
  readonly deskGo: string;
  readonly toSignIn: string;
  /** By the `code` of the answer. */
  readonly refused: Readonly<Record<string, string>>;
  readonly wait: (length: string) => string;
  readonly unreachable: string;
  readonly failed: string;
}

const zh: SignInStrings = {
  signIn: '登录',
  name: '用户名',
  password: '密码',
  newPassword: '设置密码',
  display: '姓名',
  nameHint: '登录时输入，字母、汉字或数字',
  passwordHint: '至少 10 个字符，不要用连续的键，不要含用户名',
  show: '显示',
  hide: '隐藏',
  go: '登录',
  going: '请稍候…',
  first: '设置首位管理员',
  firstLead: '这里还没有账号。首位管理员可以再添加别人。',
  firstGo: '创建并登录',
  setPassword: '设置密码',
  setPasswordLead: (name) => `${name}，请为您的账号设置密码。`,
  setPasswordGo: '保存并登录',
  screen: '设为大屏',
  screenLead: (name) => `此浏览器将作为“${name}”一直显示不带姓名的看板，直到管理员收回。`,
  screenGo: '开始显示',
  desk: '设为窗口电脑',
  deskLead: (window) => `此浏览器将不用登录就显示 ${window} 窗口，供窗口人员使用，直到管理员吊销。`,
  deskGo: '显示窗口',
  toSignIn: '去登录',
  refused: {
    refused: '用户名或密码不对，或账号未启用。',
    busy: '登录的人太多，请过几秒再试。',
    'bad-link': '这个链接已用过、已过期或不正确。请向管理员再要一个。',
    'bad-name': '用户名应为 1 至 32 个字母、汉字或数字，中间可有 . _ -',
    'bad-display': '姓名应为 1 至 60 个可见字符。',
    'name-taken': '已有这个用户名。',
    'too-short': '密码至少 10 个字符。',
    'too-long': '密码最多 128 个字符。',
    'too-simple': '密码太简单：不要用连续的键，或太少的不同字符。',
    'holds-the-name': '密码里不要有用户名。',
    'from-elsewhere': '请求被拒绝：页面地址与服务器所知的不同，请联系管理员核对反向代理设置。',
  },
  wait: (length) => `输错次数较多，请等 ${length}再试。`,
  unreachable: '连不上服务器，请稍后再试。',
  failed: '没有成功，请再试；若仍如此，请联系管理员。',
};

const en: SignInStrings = {
  signIn: 'Sign in',
  name: 'User name',
  password: 'Password',
  newPassword: 'New password',
  display: 'Name',
  nameHint: 'Typed at sign-in; letters or digits',
  passwordHint: 'At least 10 characters, no row of keys, not the user name',
  show: 'Show',
  hide: 'Hide',
  go: 'Sign in',
  going: 'One moment…',
  first: 'First administrator',
  firstLead: 'There is no account yet. The first administrator can add others.',
  firstGo: 'Create and sign in',
  setPassword: 'Set your password',
  setPasswordLead: (name) => `${name}, choose a password for your account.`,
  setPasswordGo: 'Save and sign in',
  screen: 'Make this a screen',
  screenLead: (name) =>
    `This browser will show the board without names, as “${name}”, until an administrator revokes it.`,
  screenGo: 'Show the board',
  desk: 'Make this a window’s PC',
  deskLead: (window) =>
    `This browser will show window ${window} to the people there, without sign-in, until an administrator revokes it.`,
  deskGo: 'Show the window',
  toSignIn: 'Sign in',
  refused: {
    refused: 'User name and password do not fit together, or the account is not in use.',
    busy: 'Too many people are signing in; try again in a few seconds.',
    'bad-link': 'This link was used, has expired, or never was one. Ask an administrator for another.',
    'bad-name': 'A user name is 1 to 32 letters or digits, with . _ - between them.',
    'bad-display': 'A name is 1 to 60 characters that can be seen.',
    'name-taken': 'There is such a user name already.',
    'too-short': 'A password has at least 10 characters.',
    'too-long': 'A password has at most 128 characters.',
    'too-simple': 'The password is a row of keys, or of too few different characters.',
    'holds-the-name': 'The password holds the user name.',
    'from-elsewhere':
      'Refused: this page’s address is not the one that the server knows. The reverse proxy has to be checked.',
  },
  wait: (length) => `After several wrong tries, wait ${length} before the next.`,
  unreachable: 'The server cannot be reached; try again later.',
  failed: 'That did not work. Try again; if it still does not, tell the administrator.',
};

export const SIGN_IN: Readonly<Record<Language, SignInStrings>> = { zh, en };
