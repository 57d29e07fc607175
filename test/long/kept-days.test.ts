/** Figures of days that are kept say what counting anew would: in many worlds. */
import { test } from 'vitest';
import { keptThroughWorld } from '../support/kept-reports.ts';

const seeds = Array.from({ length: 12 }, (_, i) => 7010 + i);

test.each(seeds)('reports of a world are the same (seed %i)', { timeout: 180_000 }, (seed) => keptThroughWorld(seed));
