/** Single keys for people who work through a list, without getting in the way of those who write. */

export type Keys = Readonly<Record<string, () => void>>;

/** What of a key press decides whether it is one of ours. */
export interface Press {
  readonly key: string;
  readonly keyCode: number;
  readonly isComposing: boolean;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Keys that may be held down. */
const MAY_REPEAT: ReadonlySet<string> = new Set(['j', 'k']);

/** Whether an input method composes; 229 is what browsers call each key of it that do not say so. */
export function composes({ isComposing, keyCode }: Pick<Press, 'isComposing' | 'keyCode'>): boolean {
  return isComposing || keyCode === 229;
}

/** The name under which a key press is looked up, null where it is none of ours: an input method composes, or it is the browser's. */
export function nameOfKey(press: Press): string | null {
  if (composes(press)) return null;
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const name = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return press.repeat && !MAY_REPEAT.has(name) ? null : name;
}

/** Listens on the whole page. In a field only Esc is heard, and leaves it; on a button or link, Enter and space stay its own. */
export function listenToKeys(keys: () => Keys): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    const name = nameOfKey(event);
    if (name === null) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (isField(target)) {
      if (name === 'Escape' && target instanceof HTMLElement) target.blur();
      return;
    }
    if ((name === 'Enter' || name === ' ') && target.closest('a, button, summary, label, [role="checkbox"]') !== null)
      return;
    const act = keys()[name];
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function isField(target: Element): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox' && target.type !== 'radio';
  return target.closest('textarea, select, [contenteditable="true"]') !== null;
}
