/** A camera that was tried, as lines of hall.yaml. */
import { describe, expect, test } from 'vitest';
import { type CameraAddress, readAddress } from '../../adapters/cameras/camera-address.ts';
import { editedText } from '../../config/edited-text.ts';
import type { Roi } from '../../config/fields.ts';
import { cameraEdits, sourceText } from '../../daemon/trials/camera-entry.ts';

const BOX: Roi = { kind: 'box', x: 0.1, y: 0.2, width: 0.30004, height: 0.4 };
const POLYGON: Roi = {
  kind: 'polygon',
  points: [
    [0, 0],
    [0.5, 0],
    [0.5, 0.66666],
  ],
};

function stream(source: string): CameraAddress {
  const address = readAddress(source);
  if ('because' in address) throw new Error(address.because);
  return address;
}

const written = `cameras:
  - id: a      # 一楼
    source: "rtsp://u:\${CAM}@10.0.0.1/s"
    seats:
      - { window: W1, roi: [0.1, 0.2, 0.3, 0.4] }   # 靠墙
      - { window: W2, roi: [0.5, 0.5, 0.2, 0.2] }
`;

describe('of a camera that is in the file', () => {
  const edited = (seats: Parameters<typeof cameraEdits>[0]['seats']): string =>
    editedText(written, cameraEdits({ id: 'a', stream: null, seats }, written, {}));

  test('nothing changes where it says the same', () => {
    const seats = [
      { window: 'W1', roi: BOX },
      { window: 'W2', roi: { kind: 'box', x: 0.5, y: 0.5, width: 0.2, height: 0.2 } as const },
    ];
    expect(cameraEdits({ id: 'a', stream: null, seats }, written, {})).toEqual([]);
  });

  test('only the region that was drawn anew changes, and its comment stays', () => {
    const lines = edited([
      { window: 'W1', roi: POLYGON },
      { window: 'W2', roi: { kind: 'box', x: 0.5, y: 0.5, width: 0.2, height: 0.2 } },
    ]);
    expect(lines).toBe(written.replace('[0.1, 0.2, 0.3, 0.4]', '[ [ 0, 0 ], [ 0.5, 0 ], [ 0.5, 0.667 ] ]'));
  });

  test('seats come and go behind those that stay', () => {
    const more = edited([
      { window: 'W1', roi: BOX },
      { window: 'W3', roi: { kind: 'box', x: 0.5, y: 0.5, width: 0.2, height: 0.2 } },
      { window: 'W4', roi: BOX },
    ]);
    expect(more).toBe(
      `${written.replace('window: W2', 'window: W3')}      - { window: W4, roi: [ 0.1, 0.2, 0.3, 0.4 ] }\n`,
    );
    expect(edited([{ window: 'W1', roi: BOX }])).toBe(written.replace(/ {6}- \{ window: W2.*\n/, ''));
  });
});

describe('the address of a new one', () => {
  const address = stream('rtsp://viewer:p%40ss@10.0.0.2:8554/sub?x=1');

  test('has the variable that holds the same password already', () => {
    const env = { OTHER: 'p@ss', CAM: 'p@ss' };
    expect(sourceText(address, written, env)).toBe(`rtsp://viewer:\${CAM}@10.0.0.2:8554/sub?x=1`);
  });

  test('has the password itself where no variable of the file does, or where it would be read otherwise there', () => {
    expect(sourceText(address, written, { CAM: 'another' })).toBe(address.url);
    const slash = stream('rtsp://viewer:a%2Fb%3Fc@10.0.0.2/sub');
    const source = sourceText(slash, written, { CAM: 'a/b?c' });
    expect(stream(source.replace(`\${CAM}`, 'a/b?c')).login).toBe(slash.login);
  });

  test('is as it was where nobody logs in', () => {
    const open = stream('rtsp://10.0.0.2/sub');
    expect(sourceText(open, written, { CAM: '' })).toBe('rtsp://10.0.0.2/sub');
  });
});
