/** What goes wrong on the day: one incident for each thing that the rules know, each changing the ordinary day a little. */
import { punchTopic } from '../../adapters/topics.ts';
import { MINUTE, type Ms, SECOND } from '../../rules/time.ts';
import { clock, type DayDraft, type Happening, type Note, punchOf, type Touch } from './day.ts';
import { CLOCKS, DEMO_PEOPLE, DOOR, HALL_ID, personNamed, type Text } from './hall.ts';

/** Changes the day before it is known who touches which clock. */
export function arrangeIncidents(draft: DayDraft): void {
  plannedLeave(draft);
  clockOffline(draft);
  lateAndUncovered(draft);
  leaveRecordedAfterwards(draft);
  watcherBlind(draft);
  nobodyCame(draft);
  blindAndUncovered(draft);
  emptySeat(draft);
  unknownEnrolment(draft);
}

/** What the clocks do besides, once the touches are known. */
export function clockTroubles(draft: DayDraft, touches: readonly Touch[]): Happening[] {
  return [...duplicates(draft, touches), brokenPayload(draft)];
}

const note = (sign: string, label: Text, zh: string, en: string): Note => ({ sign, label, text: { zh, en } });
const LEAVE: Text = { zh: '请假', en: 'leave' };
const PUNCH: Text = { zh: '打卡', en: 'punch' };
const COVER: Text = { zh: '顶岗', en: 'cover' };
const SEAT: Text = { zh: '座位', en: 'seat' };

/** A time of day, sooner or later by up to `spread`, in whole seconds. */
const around = (draft: DayDraft, at: Ms, spread: Ms): Ms =>
  at + draft.dice.between(-spread / SECOND, spread / SECOND) * SECOND;

interface Leave {
  readonly name: string;
  readonly kind: string;
  readonly from: Ms;
  readonly to: Ms;
}

function leaveFact(draft: DayDraft, { name, kind, from, to }: Leave): object {
  const { id } = personNamed(name);
  return {
    fact: 'leave',
    id: `leave-${id}-${from / MINUTE}`,
    employee: id,
    kind,
    from: draft.stamp(from),
    to: draft.stamp(to),
  };
}

/** A on leave and B covering in time; the B of two windows away; another A on leave in the afternoon. */
function plannedLeave(draft: DayDraft): void {
  draft.away('刘静', 'morning');
  draft.away('何晶', 'morning');
  draft.away('何晶', 'afternoon');
  draft.away('蒋蓉', 'afternoon');
  const cover = draft.shift('丁洁', 'afternoon');
  draft.seat('B05', 'afternoon', [
    [(cover.in ?? clock(14, 25)) + 40 * SECOND, 'occupied'],
    [(cover.out ?? clock(17, 31)) - 5 * SECOND, 'empty'],
  ]);
  draft.happenings.push({
    at: draft.instant(clock(8, 11)),
    does: 'import',
    facts: [
      leaveFact(draft, { name: '刘静', kind: '公休', from: clock(8, 30), to: clock(12, 0) }),
      leaveFact(draft, { name: '何晶', kind: '公差', from: clock(8, 30), to: clock(17, 30) }),
      leaveFact(draft, { name: '蒋蓉', kind: '公休', from: clock(14, 30), to: clock(17, 30) }),
    ],
    note: note(
      '·',
      LEAVE,
      '导入今日请假 3 条：刘静（A07，上午）、何晶（A01、A02 的 B岗，全天）、蒋蓉（B05，下午）',
      'imported for today: 刘静 (A07, morning), 何晶 (B of A01 and A02, all day), 蒋蓉 (B05, afternoon)',
    ),
  });
}

/** A clock is cut off for two hours, keeps its punches, and delivers them later; one of its people really was late. */
function clockOffline(draft: DayDraft): void {
  const from = clock(8, 20);
  const to = clock(10, 10);
  draft.outages.set('clock-2', { from, to });
  draft.shift('雷梅', 'morning').in = around(draft, clock(8, 45), 2 * MINUTE);
  draft.happenings.push(
    {
      at: draft.instant(from),
      does: 'disconnect',
      device: 'clock-2',
      note: note(
        '✂',
        { zh: '断线', en: 'cut off' },
        '二楼考勤机断线，打卡留在机内：二楼人员在补传之前不下结论',
        'clock on floor 2 lost its network and keeps its punches: no verdict on its people until they are in',
      ),
    },
    {
      at: draft.instant(to),
      does: 'connect',
      device: 'clock-2',
      note: note(
        '✓',
        { zh: '恢复', en: 'back' },
        '二楼考勤机恢复，开始补传',
        'clock on floor 2 is back and delivers what it kept',
      ),
    },
  );
}

/** A is late, and her B is away: the window is not opened on time. One cause, one alert. */
function lateAndUncovered(draft: DayDraft): void {
  const at = around(draft, clock(8, 47), 2 * MINUTE);
  Object.assign(draft.shift('廖强', 'morning'), { in: at, note: arrival('廖强', 'A02') });
}

const arrival = (name: string, window: string): Note =>
  note('·', PUNCH, `${name} 到岗（${window}）`, `${name} arrives (${window})`);

/** Nobody knows why she is not there; B holds the window. Her leave is recorded an hour later. */
function leaveRecordedAfterwards(draft: DayDraft): void {
  draft.away('高倩', 'morning');
  draft.happenings.push({
    at: draft.instant(around(draft, clock(9, 40), 3 * MINUTE)),
    does: 'import',
    facts: [leaveFact(draft, { name: '高倩', kind: '病假', from: clock(8, 30), to: clock(12, 0) })],
    note: note('·', LEAVE, '补录：高倩 病假（A09，今日上午）', 'recorded afterwards: 高倩 was ill this morning (A09)'),
  });
}

/** A seat that is held cannot be seen for a quarter of an hour. */
function watcherBlind(draft: DayDraft): void {
  const from = around(draft, clock(10, 4), MINUTE);
  const to = from + draft.dice.between(12, 16) * MINUTE;
  const shift = draft.shift('贺岚', 'morning');
  draft.seat('A06', 'morning', [
    [(shift.in ?? clock(8, 25)) + 30 * SECOND, 'occupied'],
    [from, 'unknown'],
    [to, 'occupied'],
    [(shift.out ?? clock(12, 1)) - 4 * SECOND, 'empty'],
  ]);
  draft.happenings.push(
    watcher(
      draft,
      from,
      '?',
      'A06 摄像机没有画面：座位记为未知，不指责任何人',
      'A06: the camera shows nothing; the seat is unknown, and nobody is accused',
    ),
    watcher(draft, to, '✓', 'A06 画面恢复，座位有人', 'A06: the camera is back, somebody is there'),
  );
}

/** The story's line about what a watcher says at that instant. */
function watcher(draft: DayDraft, at: Ms, sign: string, zh: string, en: string): Happening {
  return { at: draft.instant(at), does: 'nothing', note: note(sign, SEAT, zh, en) };
}

/** A does not come back from lunch, and B is late himself: a window without anybody, until B comes. */
function nobodyCame(draft: DayDraft): void {
  draft.away('刘丽', 'afternoon');
  const at = around(draft, clock(14, 52), 2 * MINUTE);
  const shift = draft.shift('马涛', 'afternoon');
  Object.assign(shift, { in: at, note: arrival('马涛', 'B07') });
  draft.seat('B07', 'afternoon', [
    [at + 50 * SECOND, 'occupied'],
    [(shift.out ?? clock(17, 31)) - 5 * SECOND, 'empty'],
  ]);
}

/** The B of B05 and B06 can hold only one of them, and the other's seat cannot be seen: nobody is accused. */
function blindAndUncovered(draft: DayDraft): void {
  const from = clock(15, 0);
  const blindAt = around(draft, clock(14, 57), MINUTE);
  const coverAt = around(draft, clock(15, 16), MINUTE);
  const seenAt = coverAt + draft.dice.between(2, 4) * MINUTE;
  const shift = draft.shift('邓凯', 'afternoon');
  draft.seat('B06', 'afternoon', [
    [(shift.in ?? clock(14, 25)) + 30 * SECOND, 'occupied'],
    [blindAt, 'unknown'],
    [seenAt, 'occupied'],
    [clock(17, 31), 'empty'],
  ]);
  shift.out = from + draft.dice.between(5, 50) * SECOND;
  const { id } = personNamed('尹航');
  const cover = { fact: 'cover', id: 'cover-B06', window: 'B06', employee: id };
  draft.happenings.push(
    watcher(
      draft,
      blindAt,
      '?',
      'B06 镜头被遮住：座位记为未知',
      'B06: something is before the lens; the seat is unknown',
    ),
    {
      at: draft.instant(from - 5 * MINUTE),
      does: 'import',
      facts: [leaveFact(draft, { name: '邓凯', kind: '事假', from, to: clock(17, 30) })],
      note: note(
        '·',
        LEAVE,
        '邓凯 15:00 起事假（B06）；B岗丁洁已在 B05',
        '邓凯 leaves at 15:00 (B06); B 丁洁 holds B05',
      ),
    },
    {
      at: draft.instant(coverAt),
      does: 'import',
      facts: [{ ...cover, from: draft.stamp(coverAt), to: draft.stamp(clock(17, 30)) }],
      note: note('·', COVER, '登记临时顶岗：尹航 到 B06', 'stand-in recorded: 尹航 for B06'),
    },
  );
}

/** A leaves by permission; B is in the hall but sits down only later. The seat is seen to be empty. */
function emptySeat(draft: DayDraft): void {
  const from = clock(15, 40);
  const seatedAt = around(draft, clock(15, 53), 2 * MINUTE);
  const cover = draft.shift('何星', 'afternoon');
  const shift = draft.shift('曾辉', 'afternoon');
  draft.seat('A04', 'afternoon', [
    [(shift.in ?? clock(14, 25)) + 30 * SECOND, 'occupied'],
    [from - 50 * SECOND, 'empty'],
    [seatedAt, 'occupied'],
    [(cover.out ?? clock(17, 31)) - 5 * SECOND, 'empty'],
  ]);
  shift.out = from - draft.dice.between(2, 15) * SECOND;
  draft.happenings.push({
    at: draft.instant(from - 10 * MINUTE),
    does: 'import',
    facts: [leaveFact(draft, { name: '曾辉', kind: '事假', from, to: clock(17, 30) })],
    note: note('·', LEAVE, '曾辉 15:40 起事假（A04）', '曾辉 leaves at 15:40 (A04)'),
  });
}

/** A clock that saw no receipts sends its last punches again. */
function duplicates(draft: DayDraft, touches: readonly Touch[]): Happening[] {
  const at = clock(8, 33);
  const again = touches.filter((touch) => touch.device === 'clock-1' && touch.at < at - MINUTE).slice(-6);
  return again.map((touch, i) =>
    punchOf(
      draft,
      touch,
      at + i * 200,
      i < again.length - 1
        ? undefined
        : note(
            '⟳',
            { zh: '重复', en: 'again' },
            `一楼考勤机把 ${again.length} 次打卡又发了一遍：各只算一次`,
            `clock on floor 1 sent ${again.length} punches a second time: each counts once`,
          ),
    ),
  );
}

function brokenPayload(draft: DayDraft): Happening {
  return {
    at: draft.instant(clock(8, 41, 20)),
    does: 'publish',
    by: 'clock-1',
    topic: punchTopic(HALL_ID, 'clock-1'),
    payload: '{"credential":"1011","at":"2026-',
    note: note(
      '✗',
      { zh: '拒收', en: 'rejected' },
      '一楼考勤机发来半条报文：存入拒收表，其余照收',
      'clock on floor 1 sent half a message: kept in the reject list, nothing else stops',
    ),
  };
}

/** An enrolment that nobody has been mapped to. */
function unknownEnrolment(draft: DayDraft): void {
  draft.strangers.push({
    at: around(draft, clock(9, 5, 12), MINUTE),
    device: DOOR,
    credential: '8888',
    note: note(
      '?',
      { zh: '无主', en: 'unmatched' },
      '员工门禁有一次打卡，编号 8888 不属于任何人：先留着，对上人以后补算',
      'staff door: enrolment 8888 belongs to nobody; it is kept and will count once it is mapped',
    ),
  });
}

/** The first touch of each clock is told, as a sign that it works. */
export function withFirstTold(touches: readonly Touch[]): Touch[] {
  const heard = new Set<string>();
  return touches.map((touch) => {
    const name = CLOCKS[touch.device];
    const person = [...DEMO_PEOPLE.values()].find(({ credential }) => credential === touch.credential);
    if (heard.has(touch.device) || name === undefined || person === undefined) return touch;
    heard.add(touch.device);
    return { ...touch, note: note('·', PUNCH, `${person.name} ${name.zh} ✓`, `${person.name}, ${name.en} ✓`) };
  });
}
