/** The words of a clock's people and of its acceptance sheet. */
import type { Language } from '../strings.ts';
import type { ClockUser, TouchTest } from './clock-api.ts';

export interface ClockStrings {
  readonly people: string;
  readonly cannotTell: string;
  readonly peopleTitle: (clock: string) => string;
  readonly peopleMean: string;
  readonly readTitle: string;
  readonly matchTitle: string;
  readonly read: string;
  readonly reading: string;
  readonly none: string;
  readonly found: (users: number, certain: number, present: number) => string;
  readonly from: string;
  readonly fromMeans: string;
  readonly all: (certain: number) => string;
  readonly allQuestion: (certain: number, from: string) => string;
  readonly columns: Readonly<Record<'credential' | 'name' | 'person' | 'why', string>>;
  readonly take: string;
  readonly takeOf: (credential: string) => string;
  readonly personOf: (credential: string) => string;
  readonly nobody: string;
  readonly notThere: string;
  readonly taken: (count: number) => string;
  readonly present: string;
  readonly by: Readonly<Record<NonNullable<ClockUser['by']>, string>>;
  readonly doubts: Readonly<Record<NonNullable<ClockUser['doubt']>, string>>;
  readonly noProposal: string;
  readonly cancel: string;
  readonly working: string;
  readonly back: string;

  readonly sheet: string;
  readonly sheetTitle: string;
  readonly print: string;
  readonly rows: Readonly<
    Record<
      | 'clock'
      | 'make'
      | 'kind'
      | 'state'
      | 'address'
      | 'serial'
      | 'model'
      | 'firmware'
      | 'offset'
      | 'heard'
      | 'counts'
      | 'gap'
      | 'backfill'
      | 'faults'
      | 'version',
      string
    >
  >;
  readonly unknown: string;
  readonly countsText: (taken: number, says: number | null, repeated: number, setAside: number) => string;
  readonly noGap: string;
  readonly gapText: (what: string, since: string, until: string | null) => string;
  readonly noFaults: string;
  readonly test: string;
  readonly testMeans: string;
  readonly begin: string;
  readonly again: string;
  readonly touchText: (test: TouchTest, seconds: string, lag: string, touched: string) => string;
  readonly notTested: string;
  readonly acceptance: string;
  readonly accept: string;
  readonly acceptMeans: string;
  readonly acceptedBy: (who: string, when: string) => string;
  readonly notAccepted: string;
  readonly signatures: readonly string[];
  readonly measured: (time: string) => string;
}

const ZH: ClockStrings = {
  people: '机上人员',
  cannotTell: '这类设备读不出机上人员',
  peopleTitle: (clock) => `${clock} 上的人员`,
  peopleMean: '只读出编号和姓名，设备上什么也不改；姓名只在这一页上，不保存。不读指纹、人脸和照片。',
  readTitle: '从设备读取',
  matchTitle: '对应到大厅的人',
  read: '读取',
  reading: '正在读取…推送的设备要等它来取命令，最多两分钟。',
  none: '设备上一个人也没有。',
  found: (users, certain, present) => `设备上 ${users} 人：${present} 人已对上，${certain} 人无疑问，其余请逐个看。`,
  from: '从哪天起',
  fromMeans: '这天以后、认不出的打卡会重新计入。',
  all: (certain) => `对上无疑问的 ${certain} 人`,
  allQuestion: (certain, from) => `从 ${from} 起，这 ${certain} 个编号归提议的人。认不出的打卡会重新计入。`,
  columns: { credential: '编号', name: '设备上的姓名', person: '大厅的人', why: '依据' },
  take: '对上',
  takeOf: (credential) => `对上 ${credential}`,
  personOf: (credential) => `编号 ${credential} 是谁`,
  nobody: '（没有）',
  notThere: '大厅里没有这个人，请从列表里选。',
  taken: (count) => `已对上 ${count} 人，认不出的打卡正在重新计入。`,
  present: '已对上',
  by: { number: '编号与人员编号相同', name: '姓名相同' },
  doubts: {
    'two-in-hall': '大厅里有人同名，请选定',
    'two-on-clock': '机上有人同名，请核对',
    'other-name': '编号相同，姓名不同，请核对',
    'two-numbers': '此人在机上有两个编号，请核对',
  },
  noProposal: '大厅里没有相同的编号或姓名',
  cancel: '取消',
  working: '正在保存…',
  back: '考勤机',
  sheet: '验收单',
  sheetTitle: '考勤机验收单',
  print: '打印',
  rows: {
    ...{ clock: '考勤机', make: '类型', kind: '用途', state: '状态', address: '地址', serial: '序列号', model: '型号' },
    ...{ firmware: '固件', offset: '时钟', heard: '最近听到', counts: '记录', gap: '最近的缺口', backfill: '补传' },
    ...{ faults: '未了的问题', version: '程序版本' },
  },
  unknown: '设备没有说',
  countsText: (taken, says, repeated, setAside) =>
    `启动以来收到 ${taken} 条（重复 ${repeated}，拒收 ${setAside}）${says === null ? '；设备不报条数' : `；设备说共有 ${says} 条`}`,
  noGap: '没有缺口',
  gapText: (what, since, until) => `${what}（${since} 起，${until === null ? '还没有补齐' : `${until} 补齐`}）`,
  noFaults: '没有',
  test: '试打一次',
  testMeans: '请走到这台考勤机前按一次手指、刷一次脸或卡。两分钟内收到、时间对得上，才算通过。',
  begin: '开始',
  again: '再试一次',
  touchText: ({ state }, seconds, lag, touched) =>
    ({
      waiting: '请现在去打一次卡…',
      seen: `✓ ${seconds} 秒后收到；打卡时间 ${touched}，路上用了 ${lag} 秒`,
      'other-time': `✗ 收到一条，但时间是 ${touched}，不是刚才打的：设备时钟不对，或是从前留下的记录`,
      none: '✗ 两分钟内没有收到',
    })[state],
  notTested: '还没有试',
  acceptance: '验收',
  accept: '验收通过',
  acceptMeans: '记下由谁、在何时验收，以及这台设备当时的情况。',
  acceptedBy: (who, when) => `${who} 于 ${when} 验收`,
  notAccepted: '还没有验收',
  signatures: ['安装：', '大厅：', '日期：'],
  measured: (time) => `（${time} 测得）`,
};

const EN: ClockStrings = {
  people: 'People on it',
  cannotTell: 'This make does not tell whom it knows',
  peopleTitle: (clock) => `People on ${clock}`,
  peopleMean:
    'Numbers and names are read, and nothing is changed on the device; names are on this page only and not kept. No fingerprints, faces or pictures.',
  readTitle: 'Read from the device',
  matchTitle: 'Match with the hall',
  read: 'Read',
  reading: 'Reading… A device that pushes is asked when it comes for commands; two minutes at most.',
  none: 'Nobody is on the device.',
  found: (users, certain, present) =>
    `${users} on the device: ${present} are matched, ${certain} are beyond doubt; please look at the others.`,
  from: 'From which day on',
  fromMeans: 'Punches of nobody from that day on are counted again.',
  all: (certain) => `Match the ${certain} beyond doubt`,
  allQuestion: (certain, from) =>
    `From ${from} on these ${certain} numbers are the proposed people’s. Punches of nobody are counted again.`,
  columns: { credential: 'Number', name: 'Name on the device', person: 'Person of the hall', why: 'Why' },
  take: 'Match',
  takeOf: (credential) => `Match ${credential}`,
  personOf: (credential) => `Whose is number ${credential}`,
  nobody: '(nobody)',
  notThere: 'Nobody of the hall is this; please choose from the list.',
  taken: (count) => `${count} matched; punches of nobody are being counted again.`,
  present: 'Matched',
  by: { number: 'Number is the employee’s id', name: 'Same name' },
  doubts: {
    'two-in-hall': 'Several of the hall have this name; please choose',
    'two-on-clock': 'Several on the device have this name; please check',
    'other-name': 'Same number, other name; please check',
    'two-numbers': 'They have two numbers on the device; please check',
  },
  noProposal: 'Nobody of the hall has this number or name',
  cancel: 'Cancel',
  working: 'Saving…',
  back: 'Clocks',
  sheet: 'Acceptance sheet',
  sheetTitle: 'Acceptance of a clock',
  print: 'Print',
  rows: {
    ...{ clock: 'Clock', make: 'Make', kind: 'Use', state: 'State', address: 'Address', serial: 'Serial number' },
    ...{ model: 'Model', firmware: 'Firmware', offset: 'Clock time', heard: 'Last heard', counts: 'Records' },
    ...{ gap: 'Last gap', backfill: 'Back-fill', faults: 'Open faults', version: 'Version' },
  },
  unknown: 'the device has not said',
  countsText: (taken, says, repeated, setAside) =>
    `${taken} taken in since the start (${repeated} repeated, ${setAside} kept aside)${says === null ? '; the device tells no number' : `; the device says it has ${says}`}`,
  noGap: 'none',
  gapText: (what, since, until) => `${what} (since ${since}, ${until === null ? 'not filled yet' : `filled ${until}`})`,
  noFaults: 'none',
  test: 'Test touch',
  testMeans:
    'Go to the clock and press a finger, show a face or a card once. It passes if it comes within two minutes with the right time.',
  begin: 'Begin',
  again: 'Once more',
  touchText: ({ state }, seconds, lag, touched) =>
    ({
      waiting: 'Please touch the clock now…',
      seen: `✓ came after ${seconds} s; touched at ${touched}, ${lag} s on its way`,
      'other-time': `✗ one came, with the time ${touched}, which is not that of the test: the clock is wrong, or it is an old record`,
      none: '✗ none came within two minutes',
    })[state],
  notTested: 'not tested yet',
  acceptance: 'Acceptance',
  accept: 'Accept',
  acceptMeans: 'Keeps who accepted it and when, with how the device was then.',
  acceptedBy: (who, when) => `accepted by ${who}, ${when}`,
  notAccepted: 'not accepted yet',
  signatures: ['Installer:', 'Hall:', 'Date:'],
  measured: (time) => ` (measured ${time})`,
};

export const clockStrings = (language: Language): ClockStrings => (language === 'zh' ? ZH : EN);
