/** The hall of the demonstration: 24 windows in two zones, 40 invented people, three clocks. */
import type { Language } from '../alerts/words.ts';

/** A text in the users' two languages. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly credential: string;
  /** The attendance clock of their floor. */
  readonly clock: string;
}

export interface DemoWindow {
  readonly id: string;
  readonly name: Text;
  readonly department: string;
  /** Names, as in the table below. */
  readonly a: readonly string[];
  readonly b: readonly string[];
  /** The presence source that watches its seat; null = nobody does. */
  readonly camera: string | null;
}

export const HALL_ID = 'demo';
export const HALL_NAME: Text = { zh: '某县政务服务中心', en: 'County Service Centre' };
export const TIME_ZONE = 'Asia/Shanghai';
export const DOOR = 'door-1';

export const CLOCKS: Readonly<Record<string, Text>> = {
  'clock-1': { zh: '一楼考勤机', en: 'clock on floor 1' },
  'clock-2': { zh: '二楼考勤机', en: 'clock on floor 2' },
  [DOOR]: { zh: '员工门禁', en: 'staff door' },
};

/** Department, its name, and the clock of its floor. */
const DEPARTMENTS: readonly (readonly [id: string, zh: string, en: string, clock: string])[] = [
  ['gaj', '公安局', 'Public Security', 'clock-1'],
  ['zjj', '住建局', 'Housing', 'clock-1'],
  ['zrzy', '自然资源局', 'Natural Resources', 'clock-1'],
  ['lyj', '林业局', 'Forestry', 'clock-1'],
  ['czj', '财政局', 'Finance', 'clock-1'],
  ['rsj', '人社局', 'Human Resources', 'clock-1'],
  ['mzj', '民政局', 'Civil Affairs', 'clock-1'],
  ['swj', '税务局', 'Taxation', 'clock-1'],
  ['fgj', '发改局', 'Development', 'clock-2'],
  ['syj', '食药监局', 'Food and Drugs', 'clock-2'],
  ['jyj', '教育局', 'Education', 'clock-2'],
  ['wjj', '卫健局', 'Health', 'clock-2'],
  ['sjj', '市监局', 'Markets', 'clock-2'],
  ['slj', '水利局', 'Water', 'clock-2'],
  ['jxj', '经信局', 'Industry', 'clock-2'],
  ['jtj', '交通局', 'Transport', 'clock-2'],
  ['nyj', '农业农村局', 'Agriculture', 'clock-2'],
  ['wlj', '文旅局', 'Culture', 'clock-2'],
  ['zhc', '综合', 'General Services', 'clock-2'],
];

const SEEN = true;
const UNSEEN = false;

type Row = readonly [id: string, zh: string, en: string, department: string, a: string, b: string, seen: boolean];

/** The window whose seat is watched by a camera with pictures, where there is an ffmpeg; what is seen elsewhere comes by MQTT. */
export const FILMED_WINDOW = 'A04';

/** Zone A is the first floor, zone B the second. Neighbours share a B, and B12 has two seats' worth of A. */
const WINDOWS: readonly Row[] = [
  ['A01', '出入境', 'Exit and entry', 'gaj', '徐敏', '何晶', SEEN],
  ['A02', '户政', 'Household registration', 'gaj', '廖强', '何晶', UNSEEN],
  ['A03', '施工许可', 'Building permits', 'zjj', '张煜', '何星', SEEN],
  ['A04', '房产交易', 'Property sales', 'zjj', '曾辉', '何星', SEEN],
  ['A05', '不动产登记', 'Land register', 'zrzy', '孙佳', '方圆', SEEN],
  ['A06', '用地审批', 'Land use', 'zrzy', '贺岚', '方圆', SEEN],
  ['A07', '采伐许可', 'Felling licences', 'lyj', '刘静', '刘琪', UNSEEN],
  ['A08', '非税收缴', 'Fees', 'czj', '陈洋', '潘越', SEEN],
  ['A09', '社保经办', 'Social insurance', 'rsj', '高倩', '周芳', UNSEEN],
  ['A10', '劳动用工', 'Employment', 'rsj', '韩冰', '周芳', UNSEEN],
  ['A11', '社会事务', 'Social affairs', 'mzj', '罗欣', '姜宁', UNSEEN],
  ['A12', '契税', 'Deed tax', 'swj', '彭涛', '谭松', UNSEEN],
  ['B01', '项目备案', 'Project filing', 'fgj', '王曼', '钱峰', SEEN],
  ['B02', '食品经营', 'Food licences', 'syj', '雷梅', '吕晨', UNSEEN],
  ['B03', '资格认定', 'Qualifications', 'jyj', '何勇', '沈悦', SEEN],
  ['B04', '卫生许可', 'Health permits', 'wjj', '顾青', '沈悦', UNSEEN],
  ['B05', '企业开办', 'New companies', 'sjj', '蒋蓉', '丁洁', SEEN],
  ['B06', '特种设备', 'Special equipment', 'sjj', '邓凯', '丁洁', SEEN],
  ['B07', '取水许可', 'Water permits', 'slj', '刘丽', '马涛', SEEN],
  ['B08', '技改备案', 'Upgrade filing', 'jxj', '郑磊', '任可', UNSEEN],
  ['B09', '道路运输', 'Road transport', 'jtj', '宋岩', '任可', UNSEEN],
  ['B10', '农机监理', 'Farm machinery', 'nyj', '田野', '尹航', SEEN],
  ['B11', '娱乐场所', 'Entertainment venues', 'wlj', '苏婷', '尹航', UNSEEN],
  ['B12', '帮办代办', 'Assistance', 'zhc', '秦露 唐果', '钱峰', UNSEEN],
];

export const DEMO_WINDOWS: readonly DemoWindow[] = WINDOWS.map(([id, zh, en, department, a, b, seen]) => ({
  id,
  name: { zh, en },
  department,
  a: a.split(' '),
  b: b.split(' '),
  camera: seen ? cameraOf(id) : null,
}));

/** As presence facts name what watches a window. */
export function cameraOf(window: string): string {
  return `cam-${window.toLowerCase()}`;
}

/** By name: everybody of role A in the windows' order, then those of role B. */
export const DEMO_PEOPLE: ReadonlyMap<string, DemoPerson> = peopleOf(DEMO_WINDOWS);

function peopleOf(windows: readonly DemoWindow[]): Map<string, DemoPerson> {
  const clockOf = new Map(DEPARTMENTS.map(([id, , , clock]) => [id, clock]));
  const people = new Map<string, DemoPerson>();
  for (const role of ['a', 'b'] as const) {
    for (const { department, ...window } of windows) {
      for (const name of window[role]) {
        if (people.has(name)) continue;
        const number = people.size + 1;
        const id = `e${String(number).padStart(2, '0')}`;
        const clock = clockOf.get(department) ?? DOOR;
        people.set(name, { id, name, department, credential: String(1000 + number), clock });
      }
    }
  }
  return people;
}

/** Someone of the table above. */
export function personNamed(name: string): DemoPerson {
  const person = DEMO_PEOPLE.get(name);
  if (person === undefined) throw new Error(`nobody in the demonstration is called ${name}`);
  return person;
}

export interface DemoConfigOptions {
  readonly lang: Language;
  readonly mqttPort: number;
  readonly httpPort: number;
  /** Where the duty room takes alerts, and the file with the secret that signs them. */
  readonly dutyRoom: { readonly url: string; readonly secretFile: string };
  readonly clockPasswordFile: string;
}

const SESSIONS = '["08:30-12:00", "14:30-17:30"]';

/** The demonstration's hall.yaml, as somebody who runs a hall would write it. */
export function demoConfig(options: DemoConfigOptions): string {
  const { lang, mqttPort, httpPort, dutyRoom, clockPasswordFile } = options;
  const text = (value: unknown): string => JSON.stringify(value);
  const list = (items: readonly string[]): string => items.map((item) => `  - ${item}`).join('\n');
  const ids = (names: readonly string[]): string => text(names.map((name) => personNamed(name).id));
  const served = (clock: string): string => text(DEPARTMENTS.filter(([, , , of]) => of === clock).map(([id]) => id));
  const clock = (id: string): string =>
    `{ id: ${id}, ${id === DOOR ? 'kind: door' : `serves: ${served(id)}`}, password_file: ${text(clockPasswordFile)} }`;
  return `hall: { id: ${HALL_ID}, name: ${text(HALL_NAME[lang])}, timezone: ${TIME_ZONE}, dayStart: "04:00" }
calendar: { country: CN }
schedules:
  standard:
    punches: session
    weekly:
${['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => `      ${day}: ${SESSIONS}`).join('\n')}
departments:
${list(DEPARTMENTS.map(([id, zh, en]) => `{ id: ${id}, name: ${text(lang === 'zh' ? zh : en)} }`))}
employees:
${list(
  [...DEMO_PEOPLE.values()].map(
    ({ id, name, department, credential }) =>
      `{ id: ${id}, name: ${name}, department: ${department}, schedule: standard, credentials: ["${credential}"] }`,
  ),
)}
windows:
${list(
  DEMO_WINDOWS.map(
    ({ id, name, department, a, b }) =>
      `{ id: ${id}, name: ${text(name[lang])}, department: ${department}, schedule: standard, a: ${ids(a)}, b: ${ids(b)} }`,
  ),
)}
rules: { lateGrace: 5m, coverGrace: 5m }
mqtt: { embedded: { listen: "127.0.0.1:${mqttPort}" } }
clocks:
${list(Object.keys(CLOCKS).map(clock))}
notify:
  channels:
    - { id: duty-room, kind: webhook, url: ${text(dutyRoom.url)}, secret_file: ${text(dutyRoom.secretFile)} }
http: { listen: "127.0.0.1:${httpPort}" }
data: ./data
diskReserve: 16MB
`;
}
