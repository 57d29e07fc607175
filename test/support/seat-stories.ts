/** What happens at a drawn seat: the days' ordinary and awkward moments, each with what is true. All begin empty for 20 s. */
import type { Phase } from './seat-film.ts';

const EMPTY: Phase = { seconds: 20, truth: 'empty', shows: {} };
const AT_WORK: Phase = { seconds: 40, truth: 'occupied', shows: { clerk: 1 } };

export interface Story {
  readonly name: string;
  readonly phases: readonly Phase[];
}

export const STORIES: readonly Story[] = [
  { name: 'a clerk comes and goes', phases: [EMPTY, AT_WORK, { ...EMPTY, seconds: 30 }, AT_WORK, EMPTY] },
  {
    name: 'a clerk sits still',
    phases: [EMPTY, { ...AT_WORK, seconds: 20 }, { seconds: 120, truth: 'occupied', shows: { clerk: 0 } }, EMPTY],
  },
  {
    name: 'the light changes',
    phases: [
      EMPTY,
      { seconds: 15, truth: 'empty', shows: { gain: 0.5 } },
      { seconds: 15, truth: 'empty', shows: { gain: 1.3, offset: 10 } },
      { seconds: 60, truth: 'empty', shows: (part) => ({ gain: 1.2 - 0.6 * part }) },
      { seconds: 40, truth: 'occupied', shows: (part) => ({ clerk: 1, gain: 0.6 + 0.6 * part }) },
      { seconds: 20, truth: 'occupied', shows: { clerk: 1, gain: 0.5, offset: 5 } },
      { seconds: 20, truth: 'occupied', shows: { clerk: 0, gain: 1.2 } },
    ],
  },
  {
    name: 'the lights go out, and on again',
    phases: [
      EMPTY,
      { seconds: 20, truth: 'blind', shows: { gain: 0.04 } },
      EMPTY,
      AT_WORK,
      { seconds: 20, truth: 'blind', shows: { clerk: 1, gain: 0.04 } },
      { ...AT_WORK, seconds: 20 },
    ],
  },
  {
    name: 'the sun falls on the chair',
    phases: [EMPTY, { seconds: 60, truth: 'empty', shows: (part) => ({ sun: 55 * Math.min(1, 8 * part) }) }, EMPTY],
  },
  {
    name: 'a coat on the chair',
    phases: [
      EMPTY,
      AT_WORK,
      { seconds: 40, truth: 'empty', shows: { coat: true } },
      { seconds: 20, truth: 'occupied', shows: { coat: true, clerk: 1 } },
      { seconds: 20, truth: 'empty', shows: { coat: true } },
    ],
  },
  {
    name: 'the chair is left aside',
    phases: [EMPTY, AT_WORK, { seconds: 60, truth: 'empty', shows: { chairAside: 7 } }],
  },
  {
    name: 'a customer leans in',
    phases: [EMPTY, { seconds: 15, truth: 'either', shows: { customer: 1 } }, { ...EMPTY, seconds: 30 }],
  },
  {
    name: 'people walk past behind',
    phases: [
      EMPTY,
      { seconds: 6, truth: 'either', shows: (part) => ({ passer: part }) },
      { ...EMPTY, seconds: 30 },
      { seconds: 6, truth: 'either', shows: (part) => ({ passer: 1 - part }) },
      { ...EMPTY, seconds: 20 },
      { ...AT_WORK, seconds: 30 },
      { seconds: 6, truth: 'occupied', shows: (part) => ({ passer: part, clerk: 1 }) },
      { ...AT_WORK, seconds: 20 },
    ],
  },
  {
    name: 'the camera is nudged',
    phases: [
      EMPTY,
      { ...AT_WORK, seconds: 30 },
      { seconds: 30, truth: 'occupied', shows: { clerk: 1, nudge: [7, 3] } },
      { seconds: 30, truth: 'either', shows: { nudge: [7, 3] } },
      { seconds: 30, truth: 'occupied', shows: { clerk: 0, nudge: [7, 3] } },
    ],
  },
  {
    name: 'the camera is turned',
    phases: [EMPTY, AT_WORK, { seconds: 30, truth: 'blind', shows: { turned: true } }, AT_WORK],
  },
  {
    name: 'a cap on the camera',
    phases: [
      EMPTY,
      { seconds: 20, truth: 'blind', shows: { covered: true } },
      AT_WORK,
      { seconds: 20, truth: 'blind', shows: { covered: true } },
      AT_WORK,
    ],
  },
  {
    name: 'a lens out of focus',
    phases: [
      EMPTY,
      { ...AT_WORK, seconds: 30 },
      { seconds: 30, truth: 'blind', shows: { defocused: true, clerk: 1 } },
      { seconds: 20, truth: 'occupied', shows: { clerk: 1 } },
    ],
  },
  {
    name: 'a frozen picture',
    phases: [
      EMPTY,
      { seconds: 12, truth: 'either', shows: {}, frozen: true },
      { seconds: 30, truth: 'blind', shows: {}, frozen: true },
      AT_WORK,
    ],
  },
];
