/**
 * The pictures of the pages in docs/screenshots, made anew from real pages: `node test/screenshots/main.ts [part of a name …]`.
 * `SCREENSHOTS=folder` puts them elsewhere.
 */
import { fileURLToPath } from 'node:url';
import { openChromium } from '../support/chromium.ts';
import { Camera } from './camera.ts';
import { cameras } from './cameras.ts';
import { board, friday, report } from './scenes.ts';

const parts = process.argv.slice(2);
const folder = process.env['SCREENSHOTS'] ?? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const camera = await Camera.into(folder, parts);
for (const scene of [board, friday, report, cameras]) {
  const browser = await openChromium();
  try {
    await scene(camera, browser);
  } finally {
    await browser.close();
  }
  if (browser.complaints.length > 0) console.error(browser.complaints.join('\n'));
}
console.log(`${camera.taken.length} pictures: ${camera.taken.join(' ')}`);
