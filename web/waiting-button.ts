/** Does it; where it takes a while the button waits: a second press is no second deed. */
export function waitWith(button: HTMLButtonElement, act: () => unknown): void {
  const done = act();
  if (!(done instanceof Promise)) return;
  button.disabled = true;
  void done.finally(() => {
    button.disabled = false;
  });
}
