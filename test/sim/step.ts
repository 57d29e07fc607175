import type { Ms } from '../../rules/time.ts';
import type { Stage } from './stage.ts';

/** Something that happens in a run. */
export interface Step {
  readonly at: Ms;
  readonly text: string;
  /** Whether it happens before the daemon has looked around at this instant. */
  readonly unseen?: boolean;
  readonly act: (stage: Stage) => void | Promise<void>;
}
