/** Edits of hall.yaml: only what is concerned is written anew. */
import { describe, expect, test } from 'vitest';
import { type Edit, editedText, LayoutError } from '../../config/edited-text.ts';

const CAMERA = {
  id: 'cam-9',
  source: `rtsp://u:\${CAM}@10.0.0.9/s`,
  seats: [{ window: 'W9', roi: [0.1, 0.2, 0.3, 0.4] }],
};
const WRITTEN = `{ id: cam-9, source: "rtsp://u:\${CAM}@10.0.0.9/s", seats: [ { window: W9, roi: [ 0.1, 0.2, 0.3, 0.4 ] } ] }`;

const BLOCK = `# 大厅
hall: { id: h,   name: 某厅 }   # 名字

cameras:            # 摄像头
  # 一楼
  - id: cam-1       # 东侧
    source: "rtsp://a"
    seats:
      - { window: W1, roi: [0.1, 0.1, 0.2, 0.2] }   # 靠墙

  # 二楼
  - { id: cam-2,  source: "rtsp://b",  seats: [ { window: W2, roi: [0,0,1,1] } ] }  # 西侧
# 账本
data: ./data
`;

const append: Edit = { do: 'append', path: ['cameras'], value: CAMERA };

describe('only what is concerned is written anew', () => {
  test.each<[what: string, text: string, edit: Edit, expected: (text: string) => string]>([
    [
      'one more behind the last of a list in lines, and its comment',
      BLOCK,
      append,
      (text) => text.replace('# 西侧\n', `# 西侧\n  - ${WRITTEN}\n`),
    ],
    [
      'a list whose items stand under the key itself',
      'cameras:\n- id: a\n  source: x\n\n\ndata: d\n',
      append,
      () => `cameras:\n- id: a\n  source: x\n- ${WRITTEN}\n\n\ndata: d\n`,
    ],
    [
      'a list that is not there',
      'hall: { id: h }\n# end\n',
      append,
      () => `hall: { id: h }\ncameras:\n  - ${WRITTEN}\n# end\n`,
    ],
    ['a file without a last line break', 'hall: h', append, () => `hall: h\ncameras:\n  - ${WRITTEN}`],
    ['a list that is empty', 'cameras: []  # none\nb: 1\n', append, () => `cameras:\n  - ${WRITTEN}  # none\nb: 1\n`],
    ['a list that is null', 'cameras: null # none\nb: 1\n', append, () => `cameras:\n  - ${WRITTEN} # none\nb: 1\n`],
    [
      'behind a text of several lines, before what is said of the next',
      'cameras:\n  - id: a\n    note: |\n      x\n      y\n\n# next\nb: 1\n',
      append,
      () => `cameras:\n  - id: a\n    note: |\n      x\n      y\n  - ${WRITTEN}\n\n# next\nb: 1\n`,
    ],
    ['a file in brackets', '{ a: 1 }\n', append, () => `{ a: 1, cameras: [${WRITTEN}] }\n`],
    [
      'a list in brackets',
      'cameras: [ {id: a}, {id: b} ]\n',
      append,
      () => `cameras: [ {id: a}, {id: b}, ${WRITTEN} ]\n`,
    ],
    [
      'line breaks of Windows',
      'cameras:\r\n  - id: a\r\nb: 1\r\n',
      append,
      () => `cameras:\r\n  - id: a\r\n  - ${WRITTEN}\r\nb: 1\r\n`,
    ],
    [
      'a value deep inside, its comment stays',
      BLOCK,
      { do: 'set', path: ['cameras', 0, 'seats', 0, 'roi'], value: [0.5, 0.5, 0.25, 0.25] },
      (text) => text.replace('[0.1, 0.1, 0.2, 0.2]', '[ 0.5, 0.5, 0.25, 0.25 ]'),
    ],
    [
      'a value in a line of its own',
      BLOCK,
      { do: 'set', path: ['cameras', 0, 'source'], value: 'rtsp://c' },
      (text) => text.replace('"rtsp://a"', 'rtsp://c'),
    ],
    [
      'one more seat in brackets',
      BLOCK,
      { do: 'append', path: ['cameras', 1, 'seats'], value: { window: 'W3' } },
      (text) => text.replace('roi: [0,0,1,1] } ]', 'roi: [0,0,1,1] }, { window: W3 } ]'),
    ],
    [
      'one more seat in lines',
      BLOCK,
      { do: 'append', path: ['cameras', 0, 'seats'], value: { window: 'W3' } },
      (text) => text.replace('# 靠墙\n', '# 靠墙\n      - { window: W3 }\n'),
    ],
    [
      'a key that a map in lines does not have',
      BLOCK,
      { do: 'set', path: ['cameras', 0, 'password'], value: 'a: b' },
      (text) => text.replace('# 靠墙\n', '# 靠墙\n    password: "a: b"\n'),
    ],
    [
      'a key that a map in brackets does not have',
      BLOCK,
      { do: 'set', path: ['hall', 'timezone'], value: 'Asia/Shanghai' },
      (text) => text.replace('name: 某厅 }', 'name: 某厅, timezone: Asia/Shanghai }'),
    ],
    ['an item in brackets', 'a: [1, 2, 3] # x\n', { do: 'remove', path: ['a', 1] }, () => 'a: [1, 3] # x\n'],
    ['the last item in brackets', 'a: [1, 2, 3] # x\n', { do: 'remove', path: ['a', 2] }, () => 'a: [1, 2] # x\n'],
    [
      'an item in lines',
      'a:\n  - x: 1\n    y: 2\n  # of z\n  - z\nb: 1\n',
      { do: 'remove', path: ['a', 0] },
      () => 'a:\n  # of z\n  - z\nb: 1\n',
    ],
    ['the only item', 'a:\n  - x\nb: 1\n', { do: 'remove', path: ['a', 0] }, () => 'a: []\nb: 1\n'],
  ])('%s', (_, text, edit, expected) => {
    expect(editedText(text, [edit])).toBe(expected(text));
  });

  test('several edits, each of the text that the one before made', () => {
    const edits: Edit[] = [append, { do: 'set', path: ['cameras', 2, 'id'], value: 'cam-3' }];
    expect(editedText(BLOCK, edits)).toBe(
      BLOCK.replace('# 西侧\n', `# 西侧\n  - ${WRITTEN.replace('cam-9', 'cam-3')}\n`),
    );
  });
});

test.each<[string, string, Edit]>([
  ['an alias', 'x: &x [1]\na: *x\n', { do: 'append', path: ['a', 0], value: 1 }],
  ['broken YAML', 'a: [1\nb: 2\n', { do: 'append', path: ['b'], value: 1 }],
  ['a text where a list should be', 'a: text\n', { do: 'append', path: ['a'], value: 1 }],
  ['a parent that is not there', 'a: 1\n', { do: 'set', path: ['b', 'c'], value: 1 }],
])('%s is left to a person', (_, text, edit) => {
  expect(() => editedText(text, [edit])).toThrow(LayoutError);
});
