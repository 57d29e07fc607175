/** Tables of cameras, addresses of recorders' channels, and the lines that are made of them. */
import { Workbook } from '@cj-tech-master/excelts';
import { describe, expect, test } from 'vitest';
import { type CameraAddress, readAddress } from '../../adapters/cameras/camera-address.ts';
import { editedText } from '../../config/edited-text.ts';
import { parseConfig } from '../../config/load.ts';
import { batchEdits } from '../../daemon/bulk/batch-edits.ts';
import { MOST_CAMERAS, readCameraTable } from '../../daemon/bulk/camera-table.ts';
import { channelList, templateOf } from '../../daemon/bulk/channel-template.ts';
import { tableInThread } from '../../daemon/bulk/table-thread.ts';
import { sayIn } from '../../daemon/imports/table.ts';
import { WRITTEN } from '../support/camera-hall.ts';

const { hall } = parseConfig(WRITTEN, 'hall.yaml', { env: {}, lang: 'zh' });
const HALL = `${WRITTEN}cameras:
  - { id: cam-old, source: "rtsp://u:p@10.0.0.9/sub", seats: [] }
`;
const entries = parseConfig(HALL, 'hall.yaml', { env: {}, lang: 'zh' }).config.cameras;

async function read(text: string | Uint8Array, lang: 'zh' | 'en' = 'zh') {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const got = await tableInThread({ bytes, sheet: null, lang });
  if ('because' in got) return { because: got.because, cameras: [], said: [], notes: [] };
  const { cameras, problems, notes } = readCameraTable(got.table.rows, { hall, entries }, sayIn(lang));
  return {
    because: null,
    cameras,
    said: problems.map(({ line, cell, problem }) => `${cell ?? line} ${problem}`),
    notes,
  };
}

function address(source: string): CameraAddress {
  const got = readAddress(source);
  if ('because' in got) throw new Error(got.because);
  return got;
}

/** Each is read in a thread of its own, which takes a while to begin on a busy machine. */
describe('a table', { timeout: 120_000 }, () => {
  test('names cameras by their columns; an IP address alone is asked by ONVIF, a login beside it goes first', async () => {
    const { cameras, said } = await read(
      [
        '\uFEFF摄像头编号;IP 地址（必填）;用户名;密码;窗口;座位',
        'cam-1;10.0.0.1;admin;a@b/c;出入境、W2;0.1,0.2,0.3,0.5|0.5,0.2,0.3,0.5',
        'cam-2;"rtsp://old:secret@10.0.0.2/sub";admin;new;户政;',
        'cam-3;rtsp://10.0.0.3/sub;;;;',
      ].join('\n'),
    );
    expect(said).toEqual([]);
    expect(cameras.map(({ line, id, windows }) => [line, id, windows])).toEqual([
      [2, 'cam-1', ['W1', 'W2']],
      [3, 'cam-2', ['W2']],
      [4, 'cam-3', []],
    ]);
    const [first, second, third] = cameras.map(({ subject }) => subject);
    expect([first?.isOnvif, first?.address.login, first?.address.host]).toEqual([true, 'admin\na@b/c', '10.0.0.1']);
    expect([second?.isOnvif, second?.address.login]).toEqual([false, 'admin\nnew']);
    expect(third?.address.login).toBeNull();
    expect(cameras[0]?.seats.map(({ window, roi }) => [window, roi])).toEqual([
      ['W1', { kind: 'box', x: 0.1, y: 0.2, width: 0.3, height: 0.5 }],
      ['W2', { kind: 'box', x: 0.5, y: 0.2, width: 0.3, height: 0.5 }],
    ]);
  });

  test('says of each bad row what is wrong where, without a password, and keeps the others', async () => {
    const { cameras, said } = await read(
      [
        'id,address,password,window,seat',
        'good,rtsp://10.0.0.1/sub,,W1,',
        ',rtsp://10.0.0.2/sub,,,',
        'a b,rtsp://10.0.0.3/sub,,,',
        'good,rtsp://10.0.0.4/sub,,,',
        'cam-old,rtsp://10.0.0.5/sub,,,',
        'x1,rtsp://10.0.0.1/sub,,,',
        'x2,rtsp://10.0.0.9/sub,,,',
        'x3,ftp://u:hidden@10.0.0.6/,,,',
        'x4,rtsp://10.0.0.7/sub,,W7,',
        'x5,rtsp://10.0.0.8/sub,,W1,"0.9,0.9,0.5,0.5"',
        'x6,rtsp://10.0.0.10/sub,,W1 W2,"0.1,0.1,0.2,0.2"',
      ].join('\r\n'),
      'en',
    );
    expect(cameras.map(({ id }) => id)).toEqual(['good']);
    expect(said).toEqual([
      'A3 no id is written',
      'A4 a b cannot be an id: 1 to 64 characters, no white space, none of / + #',
      'A5 the same id as line 2',
      'A6 hall.yaml has the id cam-old already',
      'B7 the same address as line 2',
      'B8 hall.yaml has it already, as cam-old',
      'B9 the address begins with ftp://, which no camera may have',
      'D10 the configuration knows no window W7; did you mean W1?',
      'E11 a seat is left,top,width,height, each from 0 to 1; several with ; between them',
      'E12 1 seats, but 2 windows; make the two agree',
    ]);
  });

  test('may be a sheet of a workbook, with numbers as ids and passwords', async () => {
    const made = new Workbook();
    made
      .addWorksheet('摄像头')
      .addRows([
        ['一楼大厅'],
        ['编号', '地址', '用户名', '密码', '窗口'],
        [101, '10.0.0.1:8000', 'admin', 123456, '户政'],
      ]);
    const { cameras, said } = await read(await made.xlsx.writeBuffer({ validate: false }));
    expect(said).toEqual([]);
    expect(cameras.map(({ line, id, subject, windows }) => [line, id, subject.address.shown, windows])).toEqual([
      [3, '101', 'onvif://***@10.0.0.1:8000', ['W2']],
    ]);
    expect(cameras[0]?.subject.address.login).toBe('admin\n123456');
  });

  test('without the columns that it needs, of too many rows, or of no table at all, says so', async () => {
    expect((await read('编号,窗口\ncam-1,W1')).said).toEqual(['1 缺少 “地址” 列']);
    const rows = Array.from({ length: MOST_CAMERAS + 1 }, (_, i) => `c${i},rtsp://10.1.0.1/${i}`);
    const { cameras, said } = await read(`id,address\n${rows.join('\n')}`);
    expect([cameras.length, said]).toEqual([
      MOST_CAMERAS,
      [`${MOST_CAMERAS + 2} 一次最多 ${MOST_CAMERAS} 路，请分几次`],
    ]);
    expect((await read(Uint8Array.of(0xff, 0x00, 0x81, 0x00, 0x0a))).because).toMatch(/不是可以读的文本/);
    expect((await read(Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x00))).because).toMatch(/不是完好的 \.xlsx/);
  });
});

describe('the channels of a recorder', () => {
  const at = (path: string): string => `rtsp://10.0.0.20:554${path}`;
  test.each<readonly [string, readonly string[], string | null, readonly number[]]>([
    ['Hikvision', ['/Streaming/Channels/102', '/Streaming/Channels/202'], '/Streaming/Channels/{n}02', [1, 2]],
    [
      'of one and two digits',
      ['/Streaming/Channels/102', '/Streaming/Channels/1102'],
      '/Streaming/Channels/{n}02',
      [1, 11],
    ],
    [
      'Dahua',
      ['?channel=1&subtype=1', '?channel=11&subtype=1', '?channel=21&subtype=1'].map((q) => `/cam/realmonitor${q}`),
      '/cam/realmonitor?channel={n}&subtype=1',
      [1, 11, 21],
    ],
    ['at the end', ['/live/9', '/live/10'], '/live/{n}', [9, 10]],
    ['that differ in two places', ['/c1/s1', '/c2/s2'], null, []],
    ['that differ in a word', ['/east', '/west'], null, []],
    ['that are one', ['/live/1', '/live/1'], null, []],
    ['of which there is one', ['/live/1'], null, []],
  ])('have one address: %s', (_, paths, template, channels) => {
    const found = templateOf(paths.map(at));
    expect(found).toEqual(template === null ? null : { template: at(template), channels });
  });

  test('on a port each have none', () => {
    expect(templateOf(['rtsp://10.0.0.20:5541/live', 'rtsp://10.0.0.20:5542/live'])).toBeNull();
  });

  test.each<readonly [string, readonly number[] | null]>([
    ['1-4,7', [1, 2, 3, 4, 7]],
    ['3、1，2', [1, 2, 3]],
    ['1-400', null],
    ['0', null],
    ['4-1', null],
    ['', null],
    ['one', null],
  ])('are written as %s', (text, numbers) => {
    expect(channelList(text, 16)).toEqual(numbers);
  });
});

describe('the lines of hall.yaml', () => {
  const recorder = { id: 'nvr-1', template: address('rtsp://u:pw@10.0.0.20/Streaming/Channels/{n}02') };
  const channel = (id: string, number: number) => ({
    ...{ id, channel: number, stream: address(`rtsp://u:pw@10.0.0.20/Streaming/Channels/${number}02`) },
    seats: [{ window: 'W1', roi: { kind: 'box', x: 0.1, y: 0.2, width: 0.3, height: 0.4 } as const }],
  });

  test('have the login of a recorder once, as the variable that holds it, and its channels are read by it', () => {
    const env = { CAM: 'pw' };
    const before = `${WRITTEN}# \${CAM} 是录像机的密码\n`;
    const wanted = { recorder, cameras: [channel('cam-1', 1), channel('cam-2', 2)] };
    const text = editedText(before, batchEdits(wanted, before, env));
    expect(text).toContain(`source: "rtsp://u:\${CAM}@10.0.0.20/Streaming/Channels/{n}02"`);
    expect(text).toContain(
      '- { id: cam-2, recorder: nvr-1, channel: 2, seats: [ { window: W1, roi: [ 0.1, 0.2, 0.3, 0.4 ] } ] }',
    );
    expect(text).not.toContain('pw@');
    const { config, warnings } = parseConfig(text, 'hall.yaml', { env, lang: 'zh' });
    expect(warnings).toEqual([]);
    expect(config.cameras.map(({ source }) => source)).toEqual([
      'rtsp://u:pw@10.0.0.20/Streaming/Channels/102',
      'rtsp://u:pw@10.0.0.20/Streaming/Channels/202',
    ]);
    // Further channels of the same recorder do not write it again; under another address they would be refused.
    const more = editedText(text, batchEdits({ recorder, cameras: [channel('cam-3', 3)] }, text, env));
    expect(more.match(/recorders:/g)).toHaveLength(1);
    expect(more.match(/id: nvr-1,/g)).toHaveLength(1);
    const other = { id: 'nvr-1', template: address('rtsp://u:pw@10.0.0.21/Streaming/Channels/{n}02') };
    const twice = editedText(text, batchEdits({ recorder: other, cameras: [channel('cam-3', 3)] }, text, env));
    expect(() => parseConfig(twice, 'hall.yaml', { env, lang: 'zh' })).toThrow(/录像机 "nvr-1" 重复/);
  });

  test('have cameras by themselves with addresses of their own', () => {
    const stream = address('rtsp://u:pw@10.0.0.30/sub');
    const wanted = { recorder: null, cameras: [{ id: 'cam-1', stream, channel: null, seats: [] }] };
    const text = editedText(WRITTEN, batchEdits(wanted, WRITTEN, {}));
    expect(text.slice(WRITTEN.trimEnd().length)).toBe(
      '\ncameras:\n  - { id: cam-1, source: rtsp://u:pw@10.0.0.30/sub }\n',
    );
  });

  test('a password with the mark in it stays as it is', () => {
    const text = `${WRITTEN}recorders: [{ id: nvr, source: "rtsp://u:a{n}b@10.0.0.20/ch{n}" }]\ncameras: [{ id: c, recorder: nvr, channel: 12, seats: [] }]\n`;
    const { config } = parseConfig(text, 'hall.yaml', { env: {}, lang: 'zh' });
    expect(config.cameras[0]?.source).toBe('rtsp://u:a{n}b@10.0.0.20/ch12');
  });
});
