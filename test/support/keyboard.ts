/** What on a page can be pressed by a mouse alone. */
import type { Page } from 'playwright-core';

/** One line for each place that looks as if it could be pressed and is not come to by keys, or is taken out of their order. */
export function mouseOnly(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const able = 'a[href], button, input, select, textarea, summary, label, [tabindex]';
    const found: string[] = [];
    for (const node of document.body.querySelectorAll<HTMLElement>('*')) {
      if (node.getClientRects().length === 0) continue;
      const name = `${node.tagName.toLowerCase()}.${node.className} "${node.textContent?.trim().slice(0, 30)}"`;
      if (node.matches('a[href], button, input, select, textarea, summary') && node.tabIndex < 0)
        found.push(`left out: ${name}`);
      if (getComputedStyle(node).cursor === 'pointer' && node.closest(able) === null) found.push(`no key: ${name}`);
    }
    return found;
  });
}
