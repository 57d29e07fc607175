/** What axe finds wrong with a page: the rules of WCAG 2.2 A and AA, and its own good practice. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** One line for each rule that a page breaks, with the places where it does. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target).join(', ')})`);
}
