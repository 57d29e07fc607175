/** Every word of a window's own page, in the users' two languages. */
import type { Language } from '../strings.ts';

/** Why something that was asked for was not done. */
export type DeskTrouble =
  | 'unreachable'
  | 'revoked'
  | 'unavailable'
  | 'refused'
  | 'wait'
  | 'busy'
  | 'not-the-account'
  | 'unknown-window'
  | 'unknown-colleague'
  | 'not-open'
  | 'not-away'
  | 'asked-already'
  | 'failed';

export interface DeskStrings {
  readonly title: (window: string) => string;
  readonly holder: (name: string) => string;
  readonly holderGone: (name: string) => string;
  readonly nobody: string;
  readonly left: (length: string, time: string) => string;
  readonly becomes: { readonly held: string; readonly unheld: string };
  readonly over: (length: string) => string;
  readonly alarm: (window: string, length: string) => string;
  readonly alarmLost: (window: string) => string;
  readonly spoken: { readonly soon: string; readonly over: string };
  readonly sound: { readonly on: string; readonly off: string; readonly press: string };
  readonly away: string;
  readonly awayLead: string;
  readonly awayReasons: readonly string[];
  readonly reasonTitle: string;
  readonly otherReason: string;
  readonly chooseReason: string;
  readonly awayGo: string;
  readonly awayNow: (time: string, reason: string) => string;
  readonly back: string;
  readonly take: string;
  readonly takeLead: string;
  readonly nobodyThere: string;
  readonly whom: string;
  readonly isB: string;
  readonly forHow: string;
  readonly session: (time: string) => string;
  readonly minutes: (count: number) => string;
  readonly takeWho: string;
  readonly takeNote: (window: string) => string;
  readonly own: (windows: string) => string;
  readonly name: string;
  readonly password: string;
  readonly proofHint: string;
  readonly takeGo: string;
  readonly taken: (name: string, from: string, to: string) => string;
  readonly notPunched: string;
  readonly give: string;
  readonly giveLead: string;
  readonly giveGo: string;
  readonly here: string;
  readonly hereLead: string;
  readonly hereText: string;
  readonly hereGo: string;
  readonly asked: (time: string, until: string) => string;
  readonly unanswered: (time: string) => string;
  readonly seen: (name: string, time: string) => string;
  readonly notSeen: (name: string, time: string) => string;
  readonly somebody: string;
  readonly small: string;
  readonly done: string;
  readonly cancel: string;
  readonly working: string;
  readonly gone: string;
  readonly troubles: Readonly<Record<DeskTrouble, string>>;
}

const zh: DeskStrings = {
  title: (window) => `${window} 窗口`,
  holder: (name) => `按打卡和在岗检测，现在由 ${name} 负责本窗口`,
  holderGone: (name) => `按打卡，现在由 ${name} 负责本窗口，但座位上看不到人`,
  nobody: '按打卡，现在没有人负责本窗口',
  left: (length, time) => `还剩 ${length}，到 ${time} `,
  becomes: { held: '仍看不到人，系统会记为脱岗', unheld: '仍无人到岗或顶岗，系统会记为无人顶岗' },
  over: (length) => `已超过时限，共 ${length}。请尽快回到窗口，或请B岗顶岗。`,
  alarm: (window, length) => `【离岗 ${length}】${window}`,
  alarmLost: (window) => `【连接中断】${window}`,
  spoken: { soon: '离岗计时即将到时限，请回到窗口。', over: '离岗已超过时限，请尽快回到窗口或请B岗顶岗。' },
  sound: { on: '声音：开', off: '声音：关', press: '声音：点一下页面后才会响' },
  away: '暂离…',
  awayLead: '告诉督查和首席代表你们暂时离开。这只是说明，不改变判定，计时照常进行。',
  awayReasons: ['送取材料、复印', '带群众到其他窗口', '业务协调', '如厕', '身体不适'],
  reasonTitle: '原因',
  otherReason: '其他（写在下面）',
  chooseReason: '请选一个原因；选“其他”的请写明。',
  awayGo: '报暂离',
  awayNow: (time, reason) => `${time} 起暂离：${reason}。督查和首席代表能看到；计时照常进行。`,
  back: '我回来了',
  take: '交接给…',
  takeLead: '接班的人用自己的账号在这里确认。确认后不会留下登录。A岗离开后请照常打卡，打卡在岗期间仍由A岗负责。',
  nobodyThere: '排班里没有可以接班的人，请联系首席代表。',
  whom: '谁接班',
  isB: 'B岗',
  forHow: '到什么时候',
  session: (time) => `到本场结束（${time}）`,
  minutes: (count) => (count < 60 ? `${count} 分钟` : `${count / 60} 小时`),
  takeWho: '由接班人填写',
  takeNote: (window) => `确认即表示：从现在起，A岗不在岗时由我负责 ${window} 窗口，其间离开座位按我脱岗计。`,
  own: (windows) => `其本人的窗口 ${windows} 这段时间要另有人负责。`,
  name: '接班人的用户名',
  password: '接班人的密码',
  proofHint: '没有账号的请联系管理员',
  takeGo: '我确认接班',
  taken: (name, from, to) => `${name} 已接班：${from} 至 ${to}。A岗打卡在岗时仍由A岗负责。`,
  notPunched: '还没有查到接班人今天的到岗打卡，打卡之后才算顶岗。',
  give: '结束接班…',
  giveLead: '由接班人或本窗口A岗用自己的账号确认。此后本窗口由谁负责，仍按打卡和排班。',
  giveGo: '确认结束',
  here: '我在岗，请来见证…',
  hereLead:
    '座位上有人，系统却说没有？这会请本部门首席代表和督查到窗口来看。他们的答复记入案件，供核实时参考，本身不改变判定。',
  hereText: '说明（可不填）',
  hereGo: '请求见证',
  asked: (time, until) => `${time} 已请求见证，等待答复（到 ${until} 为止）。`,
  unanswered: (time) => `${time} 请求过见证，无人答复；请求已随案件记录。`,
  seen: (name, time) => `${name} ${time} 见证：有人在岗。已记录，供核实时参考。`,
  notSeen: (name, time) => `${name} ${time} 答复：没有看到人。`,
  somebody: '首席代表或督查',
  small: '本页只显示本窗口，不用登录；时间以服务器为准。摄像头只看座位上有没有人，不认人。',
  done: '已记录。',
  cancel: '取消',
  working: '正在提交…',
  gone: '此窗口已不在大厅的配置里，请联系管理员。',
  troubles: {
    unreachable: '连不上服务器，没有提交，请稍后再试。',
    revoked: '这台电脑的链接已被吊销或过期，请管理员重新发一个。',
    unavailable: '此刻不能记录：账本写不进去，或时间没有确认，请告诉管理员。',
    refused: '用户名和密码不符，或账号已停用。',
    wait: '输错次数较多，请过一会儿再试。',
    busy: '正在登录的人太多，请几秒后再试。',
    'not-the-account': '这个账号不是所选接班人的。',
    'unknown-window': '此窗口已不在大厅的配置里，请联系管理员。',
    'unknown-colleague': '这个账号的人不在可以确认的人之列。',
    'not-open': '现在不是服务时间，请选多少分钟。',
    'not-away': '现在没有可以结束的。',
    'asked-already': '已经请求过，正在等待答复。',
    failed: '没有成功，请再试；若仍如此，请联系管理员。',
  },
};

const en: DeskStrings = {
  title: (window) => `Window ${window}`,
  holder: (name) => `By punches and seat detection, ${name} holds this window now`,
  holderGone: (name) => `By punches, ${name} holds this window now, but nobody is seen in the seat`,
  nobody: 'By punches, nobody holds this window now',
  left: (length, time) => `${length} left: at ${time} `,
  becomes: {
    held: 'it is put down as left post, if nobody is seen by then',
    unheld: 'it is put down as not covered, if nobody has come by then',
  },
  over: (length) => `The limit has passed, ${length} in all. Come back to the window, or ask B to take over.`,
  alarm: (window, length) => `[Away ${length}] ${window}`,
  alarmLost: (window) => `[No link] ${window}`,
  spoken: {
    soon: 'The time away is about to reach its limit. Come back to the window.',
    over: 'The time away is over its limit. Come back to the window, or ask B to take over.',
  },
  sound: { on: 'Sound: on', off: 'Sound: off', press: 'Sound: press anywhere first' },
  away: 'Away…',
  awayLead: 'Tells supervision and your chief that you are away for a while. It changes no verdict; the timer goes on.',
  awayReasons: [
    'Documents, copies',
    'Taking a visitor to another window',
    'Clearing something up',
    'Rest room',
    'Not well',
  ],
  reasonTitle: 'Reason',
  otherReason: 'Something else (write it below)',
  chooseReason: 'Choose a reason; write down what else it is.',
  awayGo: 'Say so',
  awayNow: (time, reason) => `Away since ${time}: ${reason}. Supervision and the chief see it; the timer goes on.`,
  back: 'I am back',
  take: 'Hand over…',
  takeLead:
    'Whoever takes over confirms it here with their own account; nobody stays signed in. While an A is on duty by their punches, the window is theirs.',
  nobodyThere: 'The plan has nobody who could take over. Ask your chief.',
  whom: 'Who takes over',
  isB: 'B',
  forHow: 'Until when',
  session: (time) => `end of the session (${time})`,
  minutes: (count) => (count < 60 ? `${count} minutes` : count === 60 ? '1 hour' : `${count / 60} hours`),
  takeWho: 'For whoever takes over',
  takeNote: (window) =>
    `To confirm means: from now on, while no A is on duty, I answer for window ${window}; if I leave the seat, it is I who left it.`,
  own: (windows) => `Their own window ${windows} needs somebody else meanwhile.`,
  name: 'Their user name',
  password: 'Their password',
  proofHint: 'Who has no account asks an administrator',
  takeGo: 'I take over',
  taken: (name, from, to) =>
    `${name} has taken over, ${from} to ${to}. While an A of this window is on duty, A holds it.`,
  notPunched: 'No arrival of theirs is known today; they hold the window once they have punched.',
  give: 'End the cover…',
  giveLead:
    'Whoever took over, or an A of this window, confirms with their own account. From then on punches and plan decide.',
  giveGo: 'End it',
  here: 'I am here…',
  hereLead:
    'Somebody is in the seat, and the system says not? This asks your chief and supervision to come and see. What they answer stands with the case, for whoever decides; by itself it changes no verdict.',
  hereText: 'Anything to add (optional)',
  hereGo: 'Ask them to come',
  asked: (time, until) => `They were asked at ${time}, and may answer until ${until}.`,
  unanswered: (time) => `They were asked at ${time}, and nobody answered; that stands with the case.`,
  seen: (name, time) => `${name} at ${time}: somebody was there. It is noted for whoever decides.`,
  notSeen: (name, time) => `${name} at ${time}: nobody was seen.`,
  somebody: 'The chief or supervision',
  small:
    'This page shows this window only and needs no sign-in; times come from the server. Cameras see whether somebody sits there, not who.',
  done: 'Noted.',
  cancel: 'Cancel',
  working: 'One moment…',
  gone: 'The hall has no such window any more. Tell the administrator.',
  troubles: {
    unreachable: 'The server cannot be reached; nothing was sent. Try again later.',
    revoked: 'This PC’s link was revoked or has expired. An administrator can give another.',
    unavailable:
      'Nothing can be noted at present: the ledger cannot be written, or the time is in doubt; tell the administrator.',
    refused: 'User name and password do not fit together, or the account is not in use.',
    wait: 'After several wrong tries, wait a while before the next.',
    busy: 'Too many people are signing in; try again in a few seconds.',
    'not-the-account': 'This account belongs to somebody else than chosen above.',
    'unknown-window': 'The hall has no such window any more. Tell the administrator.',
    'unknown-colleague': 'Whoever has this account is not among those who can confirm it.',
    'not-open': 'The window is not in service now; choose a number of minutes.',
    'not-away': 'There is nothing to be ended.',
    'asked-already': 'They have been asked, and have not answered yet.',
    failed: 'That did not work. Try again; if it still does not, tell the administrator.',
  },
};

export const DESK: Readonly<Record<Language, DeskStrings>> = { zh, en };
