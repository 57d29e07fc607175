/** Everybody of a province is late at the same instant. */
import { hallOf } from '../config/judging.ts';
import { Engine } from '../rules/engine.ts';
import { DAY_LENGTH, HOUR, MINUTE } from '../rules/time.ts';
import { WrongOutput } from './check.ts';
import { CityYear } from './city-year.ts';
import { archiveOf, hallOfYear, noConfig, provinceOf } from './engine-facts.ts';
import { collect, figure, type PartOptions, print, whole } from './engine-part.ts';
import { median } from './figures.ts';
import { Stopwatch, type Took } from './stopwatch.ts';

/** What is wanted, in milliseconds. */
const AT_MOST = 200;
const GOES = 5;

export function benchHerd({ seed, halls }: PartOptions): void {
  const year = new CityYear(seed, 1);
  const { hall: one, judging } = hallOfYear(year, '/nowhere');
  const hall = hallOf(provinceOf(judging, halls), one.config);
  const [day = 0] = year.workdays;
  print(`\nNobody of ${whole(hall.employees.size)} people punches: the deadlines of one instant`);
  const goes: Took[] = [];
  for (let go = 0; go < GOES; go++) {
    collect();
    const engine = new Engine({ compile: noConfig, hall, archive: archiveOf([]), from: day });
    // Five past nine of Shanghai: the last instant at which everybody is in time.
    engine.advance(day * DAY_LENGTH + HOUR + 5 * MINUTE);
    const due = engine.nextAt;
    const going = new Stopwatch();
    const changes = engine.advance(due);
    goes.push(going.took());
    const late = changes.filter(({ op, verdict }) => op === 'open' && verdict.rule === 'late').length;
    if (late !== hall.employees.size || changes.length !== late)
      throw new WrongOutput(`${late} of ${hall.employees.size} are late, ${changes.length} verdicts changed`);
  }
  figure('until all of them are judged', median(goes.map(({ wall }) => wall)), 'ms', AT_MOST);
  figure('the same', median(goes.map(({ cpu }) => cpu)), 'ms CPU');
}
