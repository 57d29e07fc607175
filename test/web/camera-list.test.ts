/** What the page of cameras says before it shows any. */
import { expect, test } from 'vitest';
import { notesOf } from '../../web/cameras/camera-list.ts';
import { cameraWords } from '../../web/cameras/camera-words.ts';
import { noCameras } from '../support/no-cameras.ts';

const said = (isSimulated: boolean, lang: 'zh' | 'en'): readonly string[] =>
  notesOf(noCameras({ isSimulated }).list(lang), cameraWords(lang));

test('a demonstration says that its seats are played, and asks nobody to install ffmpeg', () => {
  expect(said(true, 'zh')).toEqual(['这是演示：座位上有没有人由程序演出，没有读摄像头。']);
  expect(said(true, 'en')).toEqual([
    'This is a demonstration: whether seats are taken is played, and no camera is read.',
  ]);
});

test('a hall without ffmpeg says so', () => {
  expect(said(false, 'en')).toEqual([expect.stringContaining('no ffmpeg'), 'There are no cameras yet.']);
});
