/** Cameras: how they are, finding one, setting one up, and its acceptance sheet. */
import { part, setText } from '../element.ts';
import { withLanguage } from '../page-address.ts';
import { pageFrame } from '../page-frame.ts';
import { chooseStrings } from '../strings.ts';
import { bulkApi } from './bulk-api.ts';
import { bulkBatch } from './bulk-batch.ts';
import type { BulkPage } from './bulk-page.ts';
import { bulkStart } from './bulk-start.ts';
import { bulkWords } from './bulk-strings.ts';
import { cameraApi } from './camera-api.ts';
import { cameraFinder } from './camera-finder.ts';
import { cameraList } from './camera-list.ts';
import { cameraSheet } from './camera-sheet.ts';
import { cameraTrial } from './camera-trial.ts';
import { cameraWords } from './camera-words.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = cameraWords(strings.code);
const said = part('said', HTMLParagraphElement);

const STAYS_MS = 10_000;
let goes: ReturnType<typeof setTimeout> | undefined;

document.title = words.title;
pageFrame(strings, words.back, (actor) => {
  const page: BulkPage = {
    bulk: bulkWords(strings.code),
    bulkApi: bulkApi(strings.code),
    api: cameraApi(strings.code),
    words,
    main: part('main', HTMLElement),
    say(text, isTrouble = false) {
      clearTimeout(goes);
      setText(said, text);
      said.classList.toggle('said-trouble', isTrouble);
      // What went well needs no more than to be read.
      if (!isTrouble) goes = setTimeout(() => setText(said, ''), STAYS_MS);
    },
    isAdmin: actor.roles.includes('admin'),
  };
  const trial = /^\/cameras\/trials\/([^/]+)(\/sheet)?$/.exec(location.pathname);
  const batch = /^\/cameras\/batches\/([^/]+)$/.exec(location.pathname);
  if (trial?.[2] !== undefined) {
    // A sheet leads back to what it is of.
    const way = part('home', HTMLAnchorElement);
    way.href = withLanguage(`/cameras/trials/${trial[1]}`);
    setText(way, words.cameras);
  }
  if (trial !== null) (trial[2] === undefined ? cameraTrial : cameraSheet)(page, decodeURIComponent(trial[1] ?? ''));
  else if (location.pathname === '/cameras/bulk') bulkStart(page);
  else if (batch !== null) void bulkBatch(page, decodeURIComponent(batch[1] ?? ''));
  else if (location.pathname === '/cameras/new') cameraFinder(page);
  else cameraList(page);
});
