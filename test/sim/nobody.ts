/** Whom the hall knew from a fact only, until that was taken back: nothing can be entered of them any more. */
import type { FactLine } from '../support/core-hall.ts';

/** Whether a refusal is of somebody who was entered once, and cancelled. */
export function isOfNobody(refusal: string | null, entered: readonly FactLine[]): boolean {
  const [, unknown] = /^unknown employee "(.*)"$/.exec(refusal ?? '') ?? [];
  const named = entered.filter(({ fact, employee }) => fact === 'employee' && employee === unknown);
  const cancelled = new Set(entered.map(({ target }) => target));
  return named.length > 0 && named.every(({ id }) => cancelled.has(id));
}
