/** Pieces that the pages about cameras share. */
import { element } from '../element.ts';
import type { Proposal, Said, Seat, Vote } from './camera-data.ts';
import type { CameraWords } from './camera-strings.ts';

/** What is wrong and what to do about it. */
export function saidText({ said, remedy }: Said, words: CameraWords): string {
  return remedy === null ? said : `${said}${words.comma}${words.remedy(remedy)}`;
}

export function stateChip(state: Seat['state'], words: CameraWords): HTMLElement {
  const chip = element('span', 'chip', words.seats[state]);
  chip.dataset['seat'] = state;
  return chip;
}

/** How a seat is judged: the state, why it is doubted, and each witness with its number. */
export function seatVerdict(seat: Seat, words: CameraWords): HTMLElement {
  const doubt = seat.doubt === null ? [] : [element('p', 'hint', saidText(seat.doubt, words))];
  const votes = seat.votes.map((vote) => element('li', '', voteText(vote, words)));
  return element(
    'div',
    'verdict',
    element('p', 'verdict-line', element('b', '', seat.windowName ?? seat.window), stateChip(seat.state, words)),
    ...doubt,
    ...(votes.length === 0 ? [] : [element('ul', 'votes', ...votes)]),
    element('p', 'hint', words.known(seat.pictures.given, seat.pictures.learnt)),
  );
}

function voteText({ witness, says, value, limit }: Vote, words: CameraWords): HTMLElement {
  const number = (one: number): string => (witness === 'time' ? `${(one / 1000).toFixed(1)} s` : one.toFixed(2));
  return element(
    'span',
    '',
    `${words.witnesses[witness]} `,
    element('b', '', number(value)),
    ` ${words.vote(number(limit))} · ${words.seats[says]}`,
  );
}

/** What would change, line by line, and what is wrong with it. */
export function proposalParts({ diff, problems, isAccepted }: Proposal, words: CameraWords): HTMLElement[] {
  if (diff === '') return [element('p', '', words.noChange)];
  const lines = diff.split('\n').map((line) => {
    const made = element('span', '', `${line}\n`);
    if (/^[-+]/.test(line)) made.className = line.startsWith('+') ? 'line-new' : 'line-old';
    return made;
  });
  const text = element('pre', 'diff', ...lines);
  text.tabIndex = 0;
  text.setAttribute('role', 'region');
  text.setAttribute('aria-label', words.showChange);
  const said = problems.map(({ line, message, hint }) =>
    element('li', '', `${line}: ${message}${hint === null ? '' : ` (${hint})`}`),
  );
  return [
    text,
    ...(isAccepted ? [] : [element('p', 'trouble', words.notAccepted)]),
    ...(said.length === 0 ? [] : [element('ul', 'problems', ...said)]),
  ];
}
