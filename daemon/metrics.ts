/**
 * What the daemon says about itself at `/metrics`: families of samples and their Prometheus text form.
 * Format: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4).
 */

export type MetricLabels = Readonly<Record<string, string>>;

export interface MetricSample {
  readonly labels?: MetricLabels;
  readonly value: number;
}

/** One distribution. `count` of a bucket is its own, not cumulative: the serialiser adds up. */
export interface HistogramSample {
  readonly labels?: MetricLabels;
  /** Ascending upper bounds (inclusive), in the unit the family's name ends with. */
  readonly buckets: readonly { readonly le: number; readonly count: number }[];
  /** Observations above the last bound. */
  readonly above: number;
  readonly sum: number;
}

interface Family {
  /** With the base unit at the end (`_seconds`, `_bytes`), and `_total` for counters. */
  readonly name: string;
  readonly help: string;
}

export interface PlainFamily extends Family {
  readonly type: 'counter' | 'gauge';
  readonly samples: readonly MetricSample[];
}

export interface HistogramFamily extends Family {
  readonly type: 'histogram';
  readonly samples: readonly HistogramSample[];
}

export type MetricFamily = PlainFamily | HistogramFamily;

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * The text a scraper reads. A name that the format does not allow, a family given twice or a series given twice is a
 * bug of the caller and throws a `TypeError`: a scraper would reject the whole answer.
 */
export function metricsText(families: readonly MetricFamily[]): string {
  const names = new Set<string>();
  const lines: string[] = [];
  for (const family of families) {
    if (!METRIC_NAME.test(family.name)) throw new TypeError(`not a metric name: ${family.name}`);
    if (names.has(family.name)) throw new TypeError(`metric family given twice: ${family.name}`);
    names.add(family.name);
    lines.push(`# HELP ${family.name} ${escapeHelp(family.help)}`, `# TYPE ${family.name} ${family.type}`);
    for (const line of family.type === 'histogram' ? histogramLines(family) : plainLines(family)) lines.push(line);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function plainLines(family: PlainFamily): string[] {
  const seen = new Set<string>();
  return family.samples.map((sample) => {
    const labels = sample.labels ?? {};
    refuseTwice(seen, family.name, labels);
    return line(family.name, labels, sample.value);
  });
}

function histogramLines(family: HistogramFamily): string[] {
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const sample of family.samples) {
    const labels = sample.labels ?? {};
    if ('le' in labels) throw new TypeError(`the label "le" of ${family.name} belongs to its buckets`);
    refuseTwice(seen, family.name, labels);
    let count = 0;
    let last = Number.NEGATIVE_INFINITY;
    for (const bucket of sample.buckets) {
      if (!(bucket.le > last)) throw new TypeError(`buckets of ${family.name} do not ascend`);
      last = bucket.le;
      count += bucket.count;
      lines.push(line(`${family.name}_bucket`, { ...labels, le: number(bucket.le) }, count));
    }
    count += sample.above;
    lines.push(line(`${family.name}_bucket`, { ...labels, le: '+Inf' }, count));
    lines.push(line(`${family.name}_sum`, labels, sample.sum), line(`${family.name}_count`, labels, count));
  }
  return lines;
}

function refuseTwice(seen: Set<string>, name: string, labels: MetricLabels): void {
  const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (seen.has(key)) throw new TypeError(`series given twice: ${name}${labelText(labels)}`);
  seen.add(key);
}

function line(name: string, labels: MetricLabels, value: number): string {
  return `${name}${labelText(labels)} ${number(value)}`;
}

function labelText(labels: MetricLabels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    if (!LABEL_NAME.test(name)) throw new TypeError(`not a label name: ${name}`);
    return `${name}="${escapeLabel(value)}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** Go's spelling of what is not finite, which is what the format asks for. */
function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
