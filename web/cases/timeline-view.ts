/** The timeline on the page: lanes of stretches and marks on one axis. Text stays text, so that it is readable on a phone. */
import { element } from '../element.ts';
import type { Strings } from '../strings.ts';
import type { WallTime } from '../wall-time.ts';
import type { CaseDetail } from './case-data.ts';
import type { CaseStrings } from './case-strings.ts';
import { SOMEBODY_ELSE } from './explained.ts';
import { type Lane, type Mark, type Span, type Timeline, ticksOf } from './timeline.ts';

export interface TimelineWords {
  readonly words: CaseStrings;
  readonly strings: Strings;
  readonly time: WallTime;
}

export function timelineView(timeline: Timeline, detail: CaseDetail, said: TimelineWords): HTMLElement {
  const names = new Map(detail.people.map(({ employee, name }) => [employee, name]));
  const rules = new Map(detail.verdicts.map(({ rule, name }) => [rule, name]));
  const nameOf = (who: string | null): string =>
    who === null ? '' : who === SOMEBODY_ELSE ? said.words.somebodyElse : (names.get(who) ?? who);
  const place = (at: number): number => {
    const share = (at - timeline.from) / (timeline.to - timeline.from);
    return Math.min(Math.max(share, 0), 1) * 100;
  };
  const { words, time } = said;
  const ticks = ticksOf(timeline).map((at) => {
    const tick = element('span', 'tick', time.minute(at));
    tick.style.left = `${place(at)}%`;
    if (place(at) > 96) tick.classList.add('tick-last');
    return tick;
  });
  const lines = limitLines(timeline, place, words);
  const spanText = (lane: Lane, span: Span): string => {
    const length = said.strings.length(Math.round((span.to - span.from) / 1000));
    if (lane.name === 'case')
      return `${span.what === null ? words.states.pending : (rules.get(span.what) ?? span.what)} ${length}`;
    if (lane.name === 'board') return said.strings.states[span.state as keyof Strings['states']];
    if (lane.name === 'held') return span.who === null ? words.nobody : nameOf(span.who);
    if (lane.name === 'seat') return words.seats[span.what ?? ''] ?? '';
    return [nameOf(span.who), span.what ?? ''].join(' ').trim();
  };
  const rows = timeline.lanes.map((lane) => laneRow(lane, { place, nameOf, spanText, ...said }));
  const root = element(
    'div',
    'timeline',
    element('div', 'lane lane-axis', element('span', 'lane-name'), element('div', 'lane-track', ...ticks)),
    ...rows,
    element('div', 'lane lane-limits', element('span', 'lane-name'), element('div', 'lane-track', ...lines)),
  );
  root.setAttribute('role', 'img');
  root.setAttribute('aria-label', `${words.evidence}${words.colon}${spoken(timeline, spanText, nameOf, said)}`);
  return root;
}

interface RowTools extends TimelineWords {
  readonly place: (at: number) => number;
  readonly nameOf: (who: string | null) => string;
  readonly spanText: (lane: Lane, span: Span) => string;
}

function laneRow(lane: Lane, tools: RowTools): HTMLElement {
  const { place, words } = tools;
  const spans = lane.spans.map((span) => {
    const text = tools.spanText(lane, span);
    const [left, right] = [place(span.from), place(span.to)];
    const node = element(
      'span',
      `span stretch span-${lane.name}`,
      element('span', 'span-text', right - left > 7 ? text : ''),
    );
    node.dataset['state'] = span.state;
    node.title = `${text} ${tools.time.minute(span.from)}–${tools.time.minute(span.to)}`;
    node.style.left = `${left}%`;
    node.style.right = `${100 - right}%`;
    return node;
  });
  const track = element('div', 'lane-track', ...spans, ...marksOf(lane.marks, tools));
  const rows = Math.max(1, ...rowsOf(lane.marks, place).map((row) => row + 1));
  track.style.minHeight = `${rows * 1.625}rem`;
  const row = element('div', 'lane', element('span', 'lane-name', words.lanes[lane.name]), track);
  row.dataset['lane'] = lane.name;
  return row;
}

/** A label takes about this share of the axis; those that would overlap go below one another. */
const LABEL_SHARE = 24;

function rowsOf(marks: readonly Mark[], place: (at: number) => number): number[] {
  const ends: number[] = [];
  return marks.map(({ at }) => freeRow(ends, place(at), LABEL_SHARE));
}

function marksOf(marks: readonly Mark[], { place, nameOf, time, words }: RowTools): HTMLElement[] {
  const rows = rowsOf(marks, place);
  const roles = { in: words.inPunch, out: words.outPunch, other: words.otherPunch };
  return marks.map(({ at, role, who }, index) => {
    const text = `${nameOf(who)} ${time.minute(at)} ${roles[role]}`.trim();
    const node = element('span', 'mark', element('i', 'mark-sign'), element('span', 'mark-text', text));
    const left = place(at);
    node.dataset['role'] = role;
    node.classList.toggle('mark-left', left > 100 - LABEL_SHARE);
    if (left > 100 - LABEL_SHARE) node.style.right = `${100 - left}%`;
    else node.style.left = `${left}%`;
    node.style.top = `${(rows[index] ?? 0) * 1.625}rem`;
    return node;
  });
}

/** Words below the lines; those that would overlap go below one another. */
const WORD_SHARE = 14;

function limitLines(
  { limits, now, from, to }: Timeline,
  place: (at: number) => number,
  words: CaseStrings,
): HTMLElement[] {
  const all = limits.map(({ at, name, minutes }) => ({ at, className: 'limit', text: words.limits[name](minutes) }));
  if (now > from && now < to) all.push({ at: now, className: 'limit limit-now', text: words.now });
  const ends: number[] = [];
  return all
    .sort((a, b) => a.at - b.at)
    .map(({ at, className, text }) => {
      const left = place(at);
      const row = freeRow(ends, left, WORD_SHARE);
      const word = element('span', 'limit-text', text);
      word.style.bottom = `${-1.25 * row}rem`;
      const node = element('span', className, word);
      node.style.left = `${left}%`;
      return node;
    });
}

/** The first row that is free at a place, and is so no longer for a share of the axis. */
function freeRow(ends: number[], left: number, share: number): number {
  const free = ends.findIndex((end) => end <= left);
  const row = free < 0 ? ends.length : free;
  ends[row] = left + share;
  return row;
}

/** The same for those who do not see it. */
function spoken(
  timeline: Timeline,
  spanText: RowTools['spanText'],
  nameOf: RowTools['nameOf'],
  said: TimelineWords,
): string {
  const { words, time } = said;
  return timeline.lanes
    .map((lane) => {
      const spans = lane.spans.map(
        (span) => `${time.minute(span.from)}–${time.minute(span.to)} ${spanText(lane, span)}`,
      );
      const marks = lane.marks.map(({ at, who }) => `${time.minute(at)} ${nameOf(who)}`);
      return `${words.lanes[lane.name]}${words.colon}${[...spans, ...marks].join(words.comma)}`;
    })
    .join(words.dot);
}
