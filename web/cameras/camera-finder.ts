/** The first step of setting up a camera: finding it in the network, or writing its address, and its login. */
import { element, renew } from '../element.ts';
import { button, field, textInput } from '../form-parts.ts';
import { withLanguage } from '../page-address.ts';
import { panel } from '../panel.ts';
import type { TrialAsked } from './camera-api.ts';
import type { Found } from './camera-data.ts';
import type { Page } from './camera-list.ts';
import { troubleText } from './camera-words.ts';

const EVERY_MS = 1000;

export function cameraFinder(page: Page): void {
  const { words, main, api } = page;
  const back = element('a', '', words.cameras);
  back.href = withLanguage('/cameras');
  const source = textInput();
  source.name = 'source';
  source.placeholder = 'onvif://192.168.1.64';
  const user = textInput();
  user.name = 'user';
  const password = textInput('', 'password');
  password.name = 'password';
  // A browser's own passwords are those of people, not of cameras.
  password.autocomplete = 'new-password';
  const loginOf = element('select', '', option('', words.ownLogin));
  loginOf.name = 'login-of';
  const ownLogin = element('div', 'fields', field(words.user, user), field(words.password, password));
  loginOf.addEventListener('change', () => {
    ownLogin.hidden = loginOf.value !== '';
  });
  void api.list().then((answer) => {
    if (!answer.ok) return;
    loginOf.append(...answer.got.cameras.filter(({ read }) => read).map(({ id }) => option(id, id)));
  });
  const start = async (): Promise<void> => {
    const wish: TrialAsked = {
      source: source.value.trim(),
      ...(loginOf.value !== '' ? { loginOf: loginOf.value } : {}),
      ...(loginOf.value === '' && user.value !== '' ? { user: user.value, password: password.value } : {}),
    };
    const answer = await api.try(wish);
    if (answer.ok) location.assign(withLanguage(`/cameras/trials/${answer.got.id}`));
    else page.say(troubleText(words, answer), true);
  };
  const go = button(words.test, 'main', start);
  go.id = 'test';
  const form = element(
    'form',
    'finder-form',
    field(words.address, source, words.addressHint),
    field(words.loginOf, loginOf),
    ownLogin,
    element('p', 'hint', words.testHint),
    go,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    go.click();
  });
  const choose = (url: string): void => {
    source.value = url;
    user.focus();
  };
  main.replaceChildren(
    element('div', 'page-head', element('div', '', element('p', 'crumbs', back), element('h1', '', words.add))),
    element('div', 'finder', search(page, choose), panel('say', `2 ${words.tested}`, form)),
  );
}

function option(value: string, label: string): HTMLOptionElement {
  const made = element('option', '', label);
  made.value = value;
  return made;
}

function search({ words, api, say }: Page, choose: (url: string) => void): HTMLElement {
  const ranges = textInput();
  ranges.name = 'ranges';
  ranges.placeholder = '192.168.1.0/24';
  const going = element('div', '');
  const list = element('ul', 'plain');
  const results = element('div', 'found', going, list);
  results.setAttribute('role', 'status');
  const follow = async (): Promise<void> => {
    for (;;) {
      const answer = await api.found();
      if (!answer.ok) return say(troubleText(words, answer), true);
      show(answer.got);
      if (answer.got.state !== 'running') return;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  const show = ({ state, news, devices }: Found): void => {
    const lines = news.map((one) => words.news(one.news, one.address ?? '', one.addresses ?? 0));
    const items = devices.map((device) => {
      const { host, url, maker, model, location: place, configured } = device;
      const use = button(words.choose, 'quiet', () => choose(onvifAddress(url)));
      const who = [maker, model, place].filter((text) => text !== null).join(' · ');
      const is = configured.length === 0 ? '' : ` · ${words.configured(configured.join(', '))}`;
      return element('li', 'found-device', element('span', '', element('b', '', host), ` ${who}${is}`), use);
    });
    const end = state === 'done' && devices.length === 0 ? [element('p', 'hint', words.nothingFound)] : [];
    const said = state === 'running' ? [element('p', 'hint', `${words.searching} ${lines.join('; ')}`)] : end;
    renew(going, ...said);
    // What was found already stays under the hand of whoever is about to choose it.
    renew(list, ...items);
  };
  const go = button(words.search, 'main', async () => {
    const answer = await api.search(ranges.value.split(/[\s,，;；]+/).filter((text) => text !== ''));
    if (!answer.ok && answer.code !== 'busy') return say(troubleText(words, answer), true);
    say('');
    await follow();
  });
  go.id = 'search';
  return panel('say', words.find, element('p', 'hint', words.findHint), field(words.ranges, ranges), go, results);
}

/** From the address of its web service to what is tested. */
function onvifAddress(url: string): string {
  const { hostname, port } = new URL(url);
  return `onvif://${hostname}${port === '' ? '' : `:${port}`}`;
}
