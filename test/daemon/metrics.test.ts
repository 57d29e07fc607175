import { describe, expect, test } from 'vitest';
import { type MetricFamily, metricsText, type PlainFamily } from '../../daemon/metrics.ts';

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Exposition {
  readonly help: Map<string, string>;
  readonly type: Map<string, string>;
  readonly series: Series[];
}

/** Reads the text format back, as its specification says a scraper does. */
function parse(text: string): Exposition {
  const found: Exposition = { help: new Map(), type: new Map(), series: [] };
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      (kind === 'HELP' ? found.help : found.type).set(name, unescaped(rest));
      continue;
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null) throw new Error(`not a line of the format: ${line}`);
    found.series.push({ name: sample[1] ?? '', labels: labels(sample[2] ?? ''), value: value(sample[3] ?? '') });
  }
  return found;
}

function labels(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const pair = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\.)*)"(?:,|$)/.exec(rest);
    if (pair === null) throw new Error(`not labels: ${rest}`);
    found[pair[1] ?? ''] = unescaped(pair[2] ?? '');
    rest = rest.slice(pair[0].length);
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function value(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}

const gauge = (name: string, samples: PlainFamily['samples'] = []): MetricFamily => ({
  name,
  help: 'for a test',
  type: 'gauge',
  samples,
});

describe('metricsText', () => {
  test('reads back as what was put in, whatever the labels hold', () => {
    const nasty = 'a "quoted" \\ back\\n and a\nline, brace } and comma';
    const text = metricsText([
      {
        name: 'zaigang_punches_total',
        help: 'Punches taken in.\nBy \\ device.',
        type: 'counter',
        samples: [
          { labels: { device: nasty, hall: '随县' }, value: 12 },
          { labels: { device: 'b', hall: '随县' }, value: 1.5e21 },
        ],
      },
      gauge('zaigang_odd', [
        { labels: { kind: 'nan' }, value: Number.NaN },
        { labels: { kind: 'up' }, value: Number.POSITIVE_INFINITY },
        { labels: { kind: 'down' }, value: Number.NEGATIVE_INFINITY },
        { labels: { kind: 'small' }, value: -0.000_000_12 },
      ]),
      gauge('zaigang_nothing_yet'),
    ]);
    const read = parse(text);
    expect(read.help.get('zaigang_punches_total')).toBe('Punches taken in.\nBy \\ device.');
    expect(Object.fromEntries(read.type)).toEqual({
      zaigang_punches_total: 'counter',
      zaigang_odd: 'gauge',
      zaigang_nothing_yet: 'gauge',
    });
    expect(read.series).toEqual([
      { name: 'zaigang_punches_total', labels: { device: nasty, hall: '随县' }, value: 12 },
      { name: 'zaigang_punches_total', labels: { device: 'b', hall: '随县' }, value: 1.5e21 },
      { name: 'zaigang_odd', labels: { kind: 'nan' }, value: Number.NaN },
      { name: 'zaigang_odd', labels: { kind: 'up' }, value: Number.POSITIVE_INFINITY },
      { name: 'zaigang_odd', labels: { kind: 'down' }, value: Number.NEGATIVE_INFINITY },
      { name: 'zaigang_odd', labels: { kind: 'small' }, value: -0.000_000_12 },
    ]);
  });

  test('adds up the buckets of a histogram', () => {
    const read = parse(
      metricsText([
        {
          name: 'zaigang_step_seconds',
          help: 'One step.',
          type: 'histogram',
          samples: [
            {
              labels: { door: 'mqtt' },
              buckets: [
                { le: 0.001, count: 5 },
                { le: 0.01, count: 2 },
              ],
              above: 1,
              sum: 0.5,
            },
          ],
        },
      ]),
    );
    const of = (name: string) => read.series.filter((series) => series.name === `zaigang_step_seconds_${name}`);
    expect(of('bucket').map(({ labels: { le }, value: count }) => [le, count])).toEqual([
      ['0.001', 5],
      ['0.01', 7],
      ['+Inf', 8],
    ]);
    expect(of('bucket').every(({ labels: { door } }) => door === 'mqtt')).toBe(true);
    expect([of('sum')[0]?.value, of('count')[0]?.value]).toEqual([0.5, 8]);
  });

  test('says nothing when there is nothing', () => {
    expect(metricsText([])).toBe('');
  });

  test.each<[string, readonly MetricFamily[]]>([
    ['not a metric name', [gauge('zaigang-odd')]],
    ['metric family given twice', [gauge('a'), gauge('a')]],
    [
      'series given twice',
      [
        gauge('a', [
          { labels: { x: '1', y: '2' }, value: 1 },
          { labels: { y: '2', x: '1' }, value: 1 },
        ]),
      ],
    ],
    ['not a label name', [gauge('a', [{ labels: { '1st': 'x' }, value: 1 }])]],
    ['not a label name', [gauge('a', [{ labels: { __reserved: 'x' }, value: 1 }])]],
    [
      'belongs to its buckets',
      [{ name: 'h', help: '', type: 'histogram', samples: [{ labels: { le: '1' }, buckets: [], above: 0, sum: 0 }] }],
    ],
    [
      'do not ascend',
      [
        {
          name: 'h',
          help: '',
          type: 'histogram',
          samples: [
            {
              buckets: [
                { le: 2, count: 0 },
                { le: 1, count: 0 },
              ],
              above: 0,
              sum: 0,
            },
          ],
        },
      ],
    ],
  ])('refuses what a scraper would reject: %s', (message, families) => {
    expect(() => metricsText(families)).toThrow(message);
  });
});
