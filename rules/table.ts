import { absent } from './absent.ts';
import { late } from './late.ts';
import { missingCover } from './missing-cover.ts';
import type { Rule } from './rule.ts';

/** Every rule that judges a day. A further rule is its own file and one line here. */
export const RULES: readonly Rule[] = [late, absent, missingCover];
