/** What the page of accounts says. */
import type { Language } from '../strings.ts';

export interface AdminStrings {
  readonly title: string;
  readonly colon: string;
  readonly comma: string;
  readonly users: string;
  readonly addUser: string;
  readonly searchUsers: string;
  readonly name: string;
  readonly nameHint: string;
  readonly display: string;
  readonly roles: string;
  readonly roleNames: Readonly<Record<string, string>>;
  readonly departments: string;
  readonly departmentsHint: string;
  readonly employee: string;
  readonly noEmployee: string;
  readonly employeeHint: string;
  readonly noPassword: string;
  readonly disabled: string;
  readonly change: string;
  readonly newLink: string;
  readonly signOut: string;
  readonly disable: string;
  readonly enable: string;
  readonly remove: string;
  readonly of: (what: string, name: string) => string;
  readonly removeMeans: (name: string) => string;
  readonly disableMeans: (name: string) => string;
  readonly linkMade: (name: string) => string;
  readonly linkMeans: string;
  readonly copy: string;
  readonly copied: string;
  readonly tokens: string;
  readonly tokenName: string;
  readonly addToken: string;
  readonly noTokens: string;
  readonly expires: string;
  readonly expiresHint: string;
  readonly expiresAt: (when: string) => string;
  readonly never: string;
  readonly usedAt: (when: string) => string;
  readonly unused: string;
  readonly tokenMade: string;
  readonly tokenMeans: string;
  readonly revoke: string;
  readonly revokeMeans: (name: string) => string;
  readonly revoked: (count: number) => string;
  readonly screens: string;
  readonly screenName: string;
  readonly addScreen: string;
  readonly noScreens: string;
  readonly onWall: string;
  readonly window: string;
  readonly atWindow: (window: string) => string;
  readonly notTaken: (until: string) => string;
  readonly seenAt: (when: string) => string;
  readonly screenMade: string;
  readonly screenMeans: string;
  readonly channels: string;
  readonly noChannels: string;
  readonly kinds: Readonly<Record<string, string>>;
  readonly readers: Readonly<Record<string, string>>;
  readonly programs: string;
  readonly reaches: (count: number) => string;
  readonly down: string;
  readonly trouble: (attempts: number, because: string) => string;
  readonly test: string;
  readonly testWhom: string;
  readonly testMeans: string;
  readonly testTaken: string;
  readonly log: string;
  readonly events: Readonly<Record<string, string>>;
  readonly nobody: string;
  readonly byCommand: string;
  readonly from: (address: string) => string;
  readonly save: string;
  readonly cancel: string;
  readonly working: string;
  readonly done: string;
  /** By the answer's `code`; the answer's own English where a code is not here. */
  readonly refused: Readonly<Record<string, string>>;
  readonly failed: string;
}

const zh: AdminStrings = {
  title: '账号与令牌',
  colon: '：',
  comma: '、',
  users: '账号',
  addUser: '添加账号',
  searchUsers: '按姓名、登录名、部门找',
  name: '用户名',
  nameHint: '登录时输入：1 至 32 个字母、汉字或数字，中间可有 . _ -',
  display: '姓名',
  roles: '角色',
  roleNames: {
    admin: '管理员',
    supervisor: '督查',
    manager: '大厅负责人',
    chief: '首席代表',
    installer: '安装人员',
    employee: '窗口人员',
    screen: '大屏',
    desk: '窗口电脑',
  },
  departments: '负责的部门',
  departmentsHint: '首席代表必须至少选一个',
  employee: '本人是',
  noEmployee: '不在排班表里',
  employeeHint: '窗口人员必须选本人；选了本人的账号不能裁定自己的事项',
  noPassword: '还没有设密码',
  disabled: '已停用',
  change: '修改',
  newLink: '设密码链接',
  signOut: '全部退出',
  disable: '停用',
  enable: '启用',
  remove: '删除',
  of: (what, name) => `${what}：${name}`,
  removeMeans: (name) => `“${name}”不能再登录，已登录的立即退出。做过的事仍记在账本里。`,
  disableMeans: (name) => `“${name}”立即退出，在重新启用前不能登录。`,
  linkMade: (name) => `${name} 的设密码链接`,
  linkMeans: '只显示这一次，只能用一次，过期作废。请当面或用可靠的方式交给本人。',
  copy: '复制',
  copied: '已复制',
  tokens: '程序令牌',
  tokenName: '给谁用',
  addToken: '添加令牌',
  noTokens: '还没有令牌。',
  expires: '到期日',
  expiresHint: '可不填：一直有效，直到吊销',
  expiresAt: (when) => `${when} 到期`,
  never: '不过期',
  usedAt: (when) => `最近使用 ${when}`,
  unused: '没有用过',
  tokenMade: '新令牌',
  tokenMeans: '只显示这一次。程序在每次请求里带上 Authorization: Bearer 令牌。',
  revoke: '吊销',
  revokeMeans: (name) => `“${name}”立即失效，不能恢复。`,
  revoked: (count) => `另有 ${count} 个已吊销`,
  screens: '大屏和窗口电脑',
  screenName: '名称',
  addScreen: '添加大屏',
  noScreens: '还没有大屏。',
  onWall: '大屏',
  window: '放在哪里',
  atWindow: (window) => `${window} 窗口电脑`,
  notTaken: (until) => `还没有打开，链接到 ${until}`,
  seenAt: (when) => `最近显示 ${when}`,
  screenMade: '大屏链接',
  screenMeans: '只显示这一次。在那台屏幕的浏览器里打开它，以后不用登录。',
  channels: '消息渠道',
  noChannels: '没有配置消息渠道；写在 hall.yaml 的 notify.channels 里',
  kinds: {
    wecom: '企业微信群机器人',
    'wecom-app': '企业微信应用',
    dingtalk: '钉钉群机器人',
    feishu: '飞书群机器人',
    email: '邮件',
    webhook: 'webhook',
    log: '日志',
    mqtt: 'MQTT',
  },
  readers: {
    supervision: '督查',
    management: '大厅负责人',
    chief: '首席代表',
    department: '部门群',
    hall: '全厅群',
    person: '本人',
  },
  programs: '程序',
  reaches: (count) => `可发到 ${count} 人`,
  down: '发不出去',
  trouble: (attempts, because) => `已试 ${attempts} 次：${because}`,
  test: '测试',
  testWhom: '发给谁',
  testMeans: '真的会发出一条消息，写明是测试，内容是虚构的。',
  testTaken: '对方已收下测试消息，请在收件处确认看到。',
  log: '登录与变更记录',
  events: {
    'signed-in': '登录',
    'signed-out': '退出',
    'signed-out-everywhere': '全部退出',
    'sign-ins-refused': '登录被拒',
    'account-added': '添加账号',
    'account-changed': '修改账号',
    'account-removed': '删除账号',
    'password-set': '设密码',
    'link-made': '生成链接',
    'channel-tested': '测试消息渠道',
    'token-made': '添加令牌',
    'token-revoked': '吊销令牌',
    'screen-made': '添加大屏',
    'screen-taken': '打开大屏',
    'screen-revoked': '吊销大屏',
    'report-read': '下载报表',
    'case-archive-read': '下载案件证据',
    'clock-users-read': '读取考勤机上的人员',
    'clock-users-mapped': '对应考勤机上的人员',
    'host-clock-trusted': '确认服务器的时间',
    'clock-accepted': '验收考勤机',
  },
  nobody: '未知',
  byCommand: '服务器命令行',
  from: (address) => `来自 ${address}`,
  save: '保存',
  cancel: '取消',
  working: '请稍候…',
  done: '已完成。',
  refused: {
    'bad-name': '用户名应为 1 至 32 个字母、汉字或数字，中间可有 . _ -',
    'bad-display': '名称应为 1 至 60 个可见字符',
    'no-role': '至少要有一个角色',
    'bad-role': '这个角色只用于大屏',
    'chief-of-nothing': '首席代表至少要负责一个部门',
    'unknown-department': '配置中没有这个部门',
    'employee-of-nobody': '窗口人员要选本人',
    'unknown-employee': '配置中没有这个人员',
    'unknown-window': '配置中没有这个窗口',
    'name-taken': '已有这个账号',
    'unknown-account': '没有这个账号，可能已被删除',
    'last-admin': '这是最后一位管理员，不能去掉',
    'expired-already': '到期日已过',
    'unknown-token': '没有这个令牌，或已吊销',
    'unknown-screen': '没有这块大屏，或已吊销',
    'signed-out': '登录已失效，请重新登录',
    unreachable: '没有连上，请稍后再试',
  },
  failed: '没有办成，请稍后再试',
};

const en: AdminStrings = {
  title: 'Accounts and tokens',
  colon: ': ',
  comma: ', ',
  users: 'Accounts',
  addUser: 'Add an account',
  searchUsers: 'By name, sign-in name, department',
  name: 'User name',
  nameHint: 'Typed to sign in: 1 to 32 letters or digits, with . _ - between them',
  display: 'Name',
  roles: 'Roles',
  roleNames: {
    admin: 'administrator',
    supervisor: 'supervision',
    manager: 'leader of the hall',
    chief: 'chief',
    installer: 'installer',
    employee: 'window staff',
    screen: 'screen',
    desk: 'window’s PC',
  },
  departments: 'Departments answered for',
  departmentsHint: 'A chief needs at least one',
  employee: 'Is in the plan',
  noEmployee: 'nobody in the plan',
  employeeHint: 'Window staff have to be somebody; nobody decides on themself',
  noPassword: 'no password yet',
  disabled: 'disabled',
  change: 'Change',
  newLink: 'Password link',
  signOut: 'Sign out everywhere',
  disable: 'Disable',
  enable: 'Enable',
  remove: 'Remove',
  of: (what, name) => `${what}: ${name}`,
  removeMeans: (name) =>
    `“${name}” cannot sign in any more, and is signed out at once. What they did stays in the ledger.`,
  disableMeans: (name) => `“${name}” is signed out at once, and cannot sign in until enabled again.`,
  linkMade: (name) => `Password link of ${name}`,
  linkMeans: 'Shown this once, good for one use, and void after its time. Give it to the person in a way you trust.',
  copy: 'Copy',
  copied: 'Copied',
  tokens: 'Tokens for programs',
  tokenName: 'For what',
  addToken: 'Add a token',
  noTokens: 'There are no tokens.',
  expires: 'Expires on',
  expiresHint: 'May be left empty: good until it is revoked',
  expiresAt: (when) => `expires ${when}`,
  never: 'does not expire',
  usedAt: (when) => `last used ${when}`,
  unused: 'never used',
  tokenMade: 'The new token',
  tokenMeans: 'Shown this once. A program sends it with every request: Authorization: Bearer TOKEN.',
  revoke: 'Revoke',
  revokeMeans: (name) => `“${name}” is void at once, for good.`,
  revoked: (count) => `${count} more were revoked`,
  screens: 'Screens and windows’ PCs',
  screenName: 'Name',
  addScreen: 'Add a screen',
  noScreens: 'There are no screens.',
  onWall: 'on a wall',
  window: 'Where',
  atWindow: (window) => `PC of window ${window}`,
  notTaken: (until) => `not opened yet; its link is good until ${until}`,
  seenAt: (when) => `last seen ${when}`,
  screenMade: 'The screen’s link',
  screenMeans: 'Shown this once. Open it in the browser of that screen; it needs no sign-in after that.',
  channels: 'Channels of messages',
  noChannels: 'No channel is configured; they stand in hall.yaml under notify.channels',
  kinds: {
    wecom: 'WeCom group robot',
    'wecom-app': 'WeCom application',
    dingtalk: 'DingTalk group robot',
    feishu: 'Feishu group robot',
    email: 'e-mail',
    webhook: 'webhook',
    log: 'log',
    mqtt: 'MQTT',
  },
  readers: {
    supervision: 'supervision',
    management: 'the hall’s leader',
    chief: 'chief',
    department: 'a department’s group',
    hall: 'the hall’s group',
    person: 'the person concerned',
  },
  programs: 'programs',
  reaches: (count) => `reaches ${count} people`,
  down: 'does not get through',
  trouble: (attempts, because) => `tried ${attempts} times: ${because}`,
  test: 'Test',
  testWhom: 'To whom',
  testMeans: 'A message is really sent; it says that it is a test, and is invented.',
  testTaken: 'The other side took the test message; see that it has arrived.',
  log: 'Sign-ins and changes',
  events: {
    'signed-in': 'signed in',
    'signed-out': 'signed out',
    'signed-out-everywhere': 'signed out everywhere',
    'sign-ins-refused': 'sign-ins refused',
    'account-added': 'added an account',
    'account-changed': 'changed an account',
    'account-removed': 'removed an account',
    'password-set': 'set a password',
    'link-made': 'made a link',
    'channel-tested': 'tested a channel',
    'token-made': 'made a token',
    'token-revoked': 'revoked a token',
    'screen-made': 'made a screen',
    'screen-taken': 'opened a screen',
    'screen-revoked': 'revoked a screen',
    'report-read': 'downloaded a report',
    'case-archive-read': 'downloaded the evidence of a case',
    'clock-users-read': 'read the people on a clock',
    'clock-users-mapped': 'matched the people on a clock',
    'host-clock-trusted': 'said that the server’s time is right',
    'clock-accepted': 'accepted a clock',
  },
  nobody: 'nobody known',
  byCommand: 'a command on the server',
  from: (address) => `from ${address}`,
  save: 'Save',
  cancel: 'Cancel',
  working: 'One moment…',
  done: 'Done.',
  refused: { 'signed-out': 'You are not signed in any more.', unreachable: 'No answer; try again later.' },
  failed: 'That did not work; try again later.',
};

export function adminStrings(language: Language): AdminStrings {
  return language === 'en' ? en : zh;
}
