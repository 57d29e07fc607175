/** Cameras: how they are, finding one, setting one up, and its acceptance sheet. */
import { cameraApi } from './camera-api.ts';
import { cameraFinder } from './camera-finder.ts';
import { cameraList, type Page } from './camera-list.ts';
import { cameraSheet } from './camera-sheet.ts';
import { cameraTrial } from './camera-trial.ts';
import { cameraWords } from './camera-words.ts';
import { part, setText } from './element.ts';
import { pageFrame } from './page-frame.ts';
import { chooseStrings } from './strings.ts';

const strings = chooseStrings(location.search, navigator.language);
const words = cameraWords(strings.code);
const said = part('said', HTMLParagraphElement);

const STAYS_MS = 10_000;
let goes: ReturnType<typeof setTimeout> | undefined;

document.title = words.title;
pageFrame(strings, words.back, (actor) => {
  const page: Page = {
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
  if (trial !== null) (trial[2] === undefined ? cameraTrial : cameraSheet)(page, decodeURIComponent(trial[1] ?? ''));
  else if (location.pathname === '/cameras/new') cameraFinder(page);
  else cameraList(page);
});
