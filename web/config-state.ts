/** Whether the configuration file is the one in force, on every page; and taking it up, where administrators are. */
import { type Answer, asked, bringing, refusalText } from './asked.ts';
import { element } from './element.ts';
import { panel } from './panel.ts';
import type { Language } from './strings.ts';
import type { Me } from './who.ts';

interface ConfigState {
  readonly acceptedAt: string;
  readonly changes: readonly string[];
  readonly refused: { readonly at: string; readonly because: string | null } | null;
}

const ZH = {
  title: '配置',
  refused: (at: string) => `配置文件有错，没有采用；仍按 ${at} 采用的配置运行。`,
  inForce: (at: string) => `正在按 ${at} 采用的配置运行。`,
  means: '改了 hall.yaml 之后在这里重新读取；有错则什么都不变，并说出在哪一行。',
  reload: '重新读取配置',
  changes: '上次重新读取：',
};
const EN: typeof ZH = {
  title: 'Configuration',
  refused: (at) => `The configuration file cannot be used; the one accepted at ${at} is in force.`,
  inForce: (at) => `The configuration accepted at ${at} is in force.`,
  means: 'After a change of hall.yaml read it again here; one that is bad changes nothing, and the line is said.',
  reload: 'Read the configuration again',
  changes: 'When it was last read again:',
};

const ASKED_BY = ['admin', 'supervisor', 'manager', 'chief', 'installer', 'employee'];

/** Stands under the head of a page. */
export function configState(language: Language, { roles }: NonNullable<Me['actor']>): void {
  if (!roles.some((role) => ASKED_BY.includes(role))) return;
  const room = element('section', 'config-state');
  room.setAttribute('aria-label', (language === 'zh' ? ZH : EN).title);
  document.querySelector('header.top')?.after(room);
  const mayReload = roles.includes('admin') && location.pathname === '/admin';
  const tools = element('section', 'config-state');
  tools.setAttribute('aria-label', (language === 'zh' ? ZH : EN).reload);
  if (mayReload) document.querySelector('main')?.after(tools);
  void ask(`config?lang=${language}`).then((answer) => {
    if (!answer.ok) return;
    showRefused(room, answer.got, language);
    if (mayReload) showTools(tools, answer.got, language, (next) => showRefused(room, next, language));
  });
}

function ask(path: string, init?: RequestInit): Promise<Answer<ConfigState>> {
  return asked<ConfigState>(`/api/v1/${path}`, init);
}

function accepted({ acceptedAt }: ConfigState): string {
  return acceptedAt.slice(0, 16).replace('T', ' ');
}

function showRefused(room: HTMLElement, state: ConfigState, language: Language): void {
  const { refused } = state;
  if (refused === null) return room.replaceChildren();
  const words = language === 'zh' ? ZH : EN;
  const banner = element('div', 'banner banner-warning', element('p', '', words.refused(accepted(state))));
  banner.dataset['banner'] = 'config';
  banner.setAttribute('role', 'alert');
  if (refused.because !== null) banner.append(element('pre', 'config-because', refused.because));
  room.replaceChildren(banner);
}

/** Reading it again; `known` is told what is in force then. Returns where something can be said of it. */
function showTools(
  room: HTMLElement,
  state: ConfigState,
  language: Language,
  known: (state: ConfigState) => void,
): HTMLElement {
  const words = language === 'zh' ? ZH : EN;
  const { changes, refused } = state;
  const said = element('pre', 'config-because');
  said.setAttribute('role', 'status');
  // What was changed before the file was refused is no answer to whoever has it read again.
  if (refused !== null) said.textContent = refused.because;
  else if (changes.length > 0) said.textContent = [words.changes, ...changes].join('\n');
  const reload = element('button', 'button', words.reload);
  reload.type = 'button';
  reload.id = 'reload-config';
  reload.addEventListener('click', () => {
    reload.disabled = true;
    void ask(`config/reload?lang=${language}`, bringing({})).then(async (answer) => {
      const next = answer.ok ? answer : await ask(`config?lang=${language}`);
      reload.disabled = false;
      if (!next.ok) said.textContent = refusalText(next);
      else {
        known(next.got);
        const fresh = showTools(room, next.got, language, known);
        if (!answer.ok && next.got.refused === null) fresh.textContent = refusalText(answer);
      }
      document.getElementById('reload-config')?.focus();
    });
  });
  room.replaceChildren(
    panel(
      'do',
      words.title,
      element('p', '', words.inForce(accepted(state))),
      element('p', 'hint', words.means),
      element('div', 'deeds', reload),
      said,
    ),
  );
  return said;
}
