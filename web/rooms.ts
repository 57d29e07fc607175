/** The ways to the other pages, as far as whoever is signed in may go there. */
import { element } from './element.ts';
import { withLanguage } from './page-address.ts';
import type { Language } from './strings.ts';

interface Room {
  readonly path: string;
  readonly roles: readonly string[];
  readonly zh: string;
  readonly en: string;
}

const ROOMS: readonly Room[] = [
  { path: '/week', roles: ['supervisor', 'manager', 'chief'], zh: '一周', en: 'Week' },
  { path: '/reports', roles: ['supervisor', 'manager', 'chief', 'employee'], zh: '报表', en: 'Reports' },
  { path: '/imports', roles: ['admin', 'supervisor', 'manager'], zh: '导入', en: 'Import' },
  { path: '/devices', roles: ['admin', 'supervisor', 'manager', 'installer'], zh: '设备', en: 'Devices' },
  { path: '/cameras', roles: ['admin', 'installer'], zh: '摄像头', en: 'Cameras' },
  { path: '/messages', roles: ['admin', 'installer'], zh: '消息', en: 'Messages' },
  { path: '/admin', roles: ['admin'], zh: '账号', en: 'Accounts' },
];

/** Links before `beside`, in place of those that were there; null = nobody is signed in. */
export function rooms(
  actor: { readonly roles: readonly string[] } | null,
  language: Language,
  beside: HTMLElement,
): void {
  for (const former of beside.parentElement?.querySelectorAll('[data-room]') ?? []) former.remove();
  if (actor === null) return;
  for (const { path, roles, zh, en } of ROOMS) {
    if (!roles.some((role) => actor.roles.includes(role))) continue;
    const link = element('a', 'tool', language === 'zh' ? zh : en);
    link.href = withLanguage(path);
    link.dataset['room'] = path;
    if (location.pathname.startsWith(path)) link.setAttribute('aria-current', 'page');
    beside.before(link);
  }
}
