import type { DeviceFigures } from '../../rules/device-measures.ts';
import type { DayMark, PersonFigures } from '../../rules/measures.ts';
import type { WindowFigures } from '../../rules/window-measures.ts';

export interface PersonDay {
  readonly id: string;
  readonly department: string | null;
  readonly figures: PersonFigures;
  readonly marks: readonly DayMark[];
}

export interface WindowDay {
  readonly id: string;
  readonly department: string | null;
  readonly figures: WindowFigures;
}

/** The figures of everybody, every window and every device on a day. */
export interface DayFigures {
  readonly people: readonly PersonDay[];
  readonly windows: readonly WindowDay[];
  readonly devices: readonly (readonly [device: string, figures: DeviceFigures])[];
}
