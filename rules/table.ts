import { absent } from './absent.ts';
import { earlyLeave } from './early-leave.ts';
import { late } from './late.ts';
import { leaveSlip } from './leave-slip.ts';
import { leftPost } from './left-post.ts';
import { leftPostTotal } from './left-post-total.ts';
import { missingCover } from './missing-cover.ts';
import { missingPunch } from './missing-punch.ts';
import type { Rule } from './rule.ts';
import { unverifiedOccupant } from './unverified-occupant.ts';

/** Every rule that judges a day. A further rule is its own file and one line here. */
export const RULES: readonly Rule[] = [
  late,
  absent,
  earlyLeave,
  missingPunch,
  missingCover,
  leftPost,
  leftPostTotal,
  unverifiedOccupant,
  leaveSlip,
];
