/**
 * Writes cn.json from the yearly data of the `chinese-days` package: `node config/calendars/generate.ts` after the
 * package has been updated. Only its data is used; its functions silently call every date of an unknown year a workday
 * and depend on the host's time zone.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A country's published days, as it is kept in this folder. */
export interface CalendarFile {
  readonly country: string;
  readonly source: {
    readonly package: string;
    readonly version: string;
    readonly licence: string;
    readonly copyright: string;
    readonly of: string;
  };
  /** First and last covered date, inclusive. */
  readonly from: string;
  readonly until: string;
  /** Days off and make-up workdays with the holiday they belong to. */
  readonly rest: Readonly<Record<string, string>>;
  readonly work: Readonly<Record<string, string>>;
}

interface PackageYear {
  readonly holidays: Readonly<Record<string, string>>;
  readonly workdays: Readonly<Record<string, string>>;
}

/** Every year has these; a year whose file lacks one has not been published in full. */
const ALWAYS = ['元旦', '春节', '劳动节', '国庆节'];

/** The calendar that the installed package gives. */
export function chineseCalendar(): CalendarFile {
  const manifest = createRequire(import.meta.url).resolve('chinese-days/package.json');
  const { version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string; license: string };
  const licence = readFileSync(join(dirname(manifest), 'LICENSE'), 'utf8');
  const copyright = /^Copyright .*$/m.exec(licence)?.[0] ?? '';
  const folder = join(dirname(manifest), 'dist', 'years');
  const years = readdirSync(folder)
    .filter((name) => /^\d{4}\.json$/.test(name))
    .sort()
    .map((name) => ({
      year: Number(name.slice(0, 4)),
      ...(JSON.parse(readFileSync(join(folder, name), 'utf8')) as PackageYear),
    }));
  const covered = years.filter(({ holidays }) =>
    ALWAYS.every((name) => Object.values(holidays).some((entry) => nameIn(entry) === name)),
  );
  const first = covered[0]?.year;
  const last = covered.at(-1)?.year;
  if (first === undefined || last === undefined || last - first + 1 !== covered.length) {
    throw new Error('the covered years of chinese-days are not one after the other');
  }
  return {
    country: 'CN',
    source: {
      package: 'chinese-days',
      version,
      licence: license,
      copyright,
      of: '国务院办公厅关于部分节假日安排的通知（逐年）',
    },
    from: `${first}-01-01`,
    until: `${last}-12-31`,
    rest: named(covered.map((year) => year.holidays)),
    work: named(covered.map((year) => year.workdays)),
  };
}

/** `New Year's Day,元旦,1` */
const nameIn = (entry: string): string => entry.split(',')[1] ?? '';

function named(years: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const days = years.flatMap((year) => Object.entries(year)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(days.map(([date, entry]) => [date, nameIn(entry)]));
}

if (import.meta.main) {
  writeFileSync(new URL('./cn.json', import.meta.url), `${JSON.stringify(chineseCalendar(), null, 1)}\n`);
}
