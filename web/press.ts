/** A press that has begun: what is under it is not made anew before it has ended, or the browser takes it for none. */

let isDown = false;
let waiting: (() => void)[] = [];

/** Draws at once, or when the press that is under way has been heard. */
export function afterPress(draw: () => void): void {
  if (isDown) waiting.push(draw);
  else draw();
}

/** Draws a list anew, and scrolls by as much as what the pointer is on has moved: who is about to press it presses nothing else. */
export function keepUnderPointer(list: HTMLElement, part: string, draw: () => void): void {
  const held = list.querySelector(`${part}:hover`);
  const topPx = held?.getBoundingClientRect().top;
  draw();
  if (held?.isConnected !== true || topPx === undefined) return;
  const scroller = list.scrollHeight > list.clientHeight ? list : document.documentElement;
  scroller.scrollTop += held.getBoundingClientRect().top - topPx;
}

function ended(): void {
  isDown = false;
  // The click comes right after the button is let go, and before what waits for the next turn.
  setTimeout(() => {
    if (isDown) return;
    const draws = waiting;
    waiting = [];
    for (const draw of draws) draw();
  });
}

document.addEventListener(
  'mousedown',
  ({ button }) => {
    if (button === 0) isDown = true;
  },
  true,
);
// Of what is dragged away, or let go in another window, no `mouseup` tells. That a field loses the keys is no end of it.
for (const name of ['mouseup', 'dragend']) window.addEventListener(name, ended, true);
window.addEventListener('blur', ended);
