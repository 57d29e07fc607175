/** A question that has to be answered, or put off, before anything else. Without the `dialog` element: browsers of 2021 lack it. */
import { element } from './element.ts';
import { composes } from './keys.ts';

export interface DialogOptions {
  readonly title: string;
  readonly body: readonly Node[];
  /** What the button that answers says; null = there is nothing to answer. */
  readonly go: string | null;
  readonly cancel: string;
  readonly working: string;
  /** Does what was asked; answers what is wrong, or null where it is done. */
  readonly submit?: () => Promise<Wrong>;
}

/** Why something was not done, as people read it; null = it was. */
export type Wrong = string | Node | null;

let isOpen = false;
/** What the keys go to where what had them before the question is gone. */
let instead: HTMLElement | null = null;

/** Whether a question is on the screen: then keys are its own. */
export function dialogIsOpen(): boolean {
  return isOpen;
}

/** Focuses what takes the place of something that is gone; with a question on the screen, once that is. */
export function focusInstead(node: HTMLElement): void {
  if (isOpen) instead = node;
  else if (!canHaveFocus(document.activeElement)) node.focus();
}

function canHaveFocus(node: Element | null): node is HTMLElement {
  return node instanceof HTMLElement && node !== document.body && node.getClientRects().length > 0;
}

export function openDialog({ title, body, go, cancel, working, submit }: DialogOptions): void {
  if (isOpen) return;
  isOpen = true;
  const before = document.activeElement;
  const heading = element('h2', 'dialog-title', title);
  heading.id = 'dialog-title';
  const trouble = element('p', 'dialog-trouble');
  trouble.setAttribute('role', 'alert');
  const stop = element('button', 'button', cancel);
  stop.type = 'button';
  const send = element('button', 'button button-main', go ?? '');
  send.type = 'submit';
  const foot = element('div', 'dialog-foot', ...(go === null ? [stop] : [send, stop]));
  const form = element('form', 'dialog', heading, ...body, trouble, foot);
  form.noValidate = true;
  const veil = element('div', 'veil', form);
  veil.setAttribute('role', 'dialog');
  veil.setAttribute('aria-modal', 'true');
  veil.setAttribute('aria-labelledby', heading.id);

  let isWorking = false;
  const close = (): void => {
    // What is being done cannot be put off any more; what comes of it is said here.
    if (isWorking) return;
    isOpen = false;
    veil.remove();
    document.removeEventListener('keydown', onKey, true);
    // The page may have been made anew under the question.
    const again = before === null || before.isConnected ? before : document.getElementById(before.id);
    if (canHaveFocus(again)) again.focus();
    else instead?.focus();
    instead = null;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (composes(event)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') keepFocus(form, event);
  };
  stop.addEventListener('click', close);
  veil.addEventListener('mousedown', (event) => {
    // A hand that slips off the question throws nothing away that was written.
    if (event.target === veil && !holdsText(form)) close();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (submit === undefined || isWorking) return;
    const works = (is: boolean): void => {
      isWorking = is;
      send.disabled = is;
      stop.disabled = is;
      send.textContent = is ? working : go;
    };
    works(true);
    trouble.replaceChildren();
    const wrong = await submit().finally(() => works(false));
    if (wrong === null) close();
    else trouble.replaceChildren(wrong);
  });
  document.addEventListener('keydown', onKey, true);
  document.body.append(veil);
  const first = form.querySelector<HTMLElement>('input, textarea, select') ?? (go === null ? stop : send);
  first.focus();
}

function holdsText(form: HTMLFormElement): boolean {
  const fields = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
  return [...fields].some(({ type, value }) => type !== 'checkbox' && type !== 'radio' && value !== '');
}

/** Tab goes round inside the question. */
function keepFocus(form: HTMLElement, event: KeyboardEvent): void {
  const able = [...form.querySelectorAll<HTMLElement>('button, input, textarea, select, a[href]')].filter(
    (one) => !(one as HTMLButtonElement).disabled && one.offsetParent !== null,
  );
  const [first, last] = [able[0], able[able.length - 1]];
  const at = document.activeElement;
  const leaves = event.shiftKey ? at === first : at === last;
  if (!leaves && form.contains(at)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
