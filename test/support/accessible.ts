/** What keeps a page from people who do not see it, see it badly, or have no mouse: looked for in the page as it is drawn. */
import type { Page } from 'playwright-core';

/** One line for each fault: controls and pictures without a name, names that are used twice, text that is too faint to read. */
export function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const isShown = (node: Element): boolean => node.getClientRects().length > 0;
    const describe = (node: Element): string =>
      `${node.tagName.toLowerCase()}.${node.className} "${node.textContent?.trim().slice(0, 30)}"`;

    const nameOf = (node: Element): string => {
      const by = node.getAttribute('aria-labelledby');
      if (by !== null)
        return by
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent ?? '')
          .join(' ');
      const own = node.getAttribute('aria-label');
      if (own !== null) return own;
      if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement)
        return node.labels?.[0]?.textContent ?? '';
      return node.textContent ?? '';
    };
    const named =
      'a[href], button, input, textarea, select, [role="img"], [role="dialog"], [role="group"], section[aria-labelledby]';
    for (const node of document.querySelectorAll(named)) {
      if (isShown(node) && nameOf(node).trim() === '') found.push(`no name: ${describe(node)}`);
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) !== i))) found.push(`twice: #${id}`);
    if (document.documentElement.lang === '') found.push('no language');
    if (document.querySelectorAll('main').length !== 1) found.push('no main part, or several');
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')]
      .filter(isShown)
      .map(({ tagName }) => Number(tagName[1]));
    levels.forEach((level, i) => {
      if (level > (levels[i - 1] ?? 0) + 1) found.push(`heading ${level} after ${levels[i - 1] ?? 'nothing'}`);
    });

    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour: string): number[] => {
      if (canvas === null) throw new Error('no canvas');
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r = 0, g = 0, b = 0]: number[]): number => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((c) =>
        c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    /** The first opaque ground below; null where it is a pattern, whose colours are looked at by eye. */
    const groundOf = (node: Element | null): string | null => {
      for (let at = node; at !== null; at = at.parentElement) {
        const { backgroundColor, backgroundImage } = getComputedStyle(at);
        if (backgroundImage !== 'none') return null;
        if (rgba(backgroundColor)[3] === 255) return backgroundColor;
      }
      return '#ffffff';
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
      const node = text.parentElement;
      if (
        node === null ||
        (text.textContent ?? '').trim() === '' ||
        !isShown(node) ||
        node.closest('.veil') !== document.querySelector('.veil')
      )
        continue;
      const ground = groundOf(node);
      if (ground === null) continue;
      const { color } = getComputedStyle(node);
      const [light, dark] = [luminance(rgba(color)), luminance(rgba(ground))].sort((a, b) => b - a);
      const contrast = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
      if (contrast < 4.5) found.push(`${contrast.toFixed(2)} : 1, ${color} on ${ground}: ${describe(node)}`);
    }
    return [...new Set(found)];
  });
}
