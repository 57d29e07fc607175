/** What stands in the order of its places, read some hundred at a time: no cursor stays open where others have their turn between two. */

/** Reading and writing so many as lines takes some five milliseconds. */
const PIECE = 500;

export function* piecesOf<T extends { readonly seq: number }>(
  after: (seq: number, limit: number) => readonly T[],
  from = 0,
): Iterable<readonly T[]> {
  for (let seq = from; ; ) {
    const piece = after(seq, PIECE);
    const last = piece.at(-1);
    if (last === undefined) return;
    yield piece;
    seq = last.seq;
  }
}
