/** How many columns the cards get, and how much each may say, so that a hall fits its screen. */

export type Density = 'large' | 'roomy' | 'medium' | 'dense-detail' | 'dense' | 'list';

export interface CardLayout {
  readonly columns: number;
  readonly density: Density;
  /** Null = as high as the content asks; the page scrolls. */
  readonly rowPx: number | null;
}

interface Bounds {
  readonly density: Density;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly gapPx: number;
}

const MEDIUM: Bounds = { density: 'medium', widthPx: 180, heightPx: 124, gapPx: 10 };

/** Least size of a card by how much it says, at a text size of 16 px; `cards.css` is drawn to these. */
const BOUNDS: readonly Bounds[] = [
  { density: 'large', widthPx: 290, heightPx: 196, gapPx: 12 },
  { density: 'roomy', widthPx: 222, heightPx: 150, gapPx: 12 },
  MEDIUM,
  { density: 'dense-detail', widthPx: 136, heightPx: 112, gapPx: 8 },
  { density: 'dense', widthPx: 128, heightPx: 92, gapPx: 8 },
];

/** Below this a screen is a phone held upright: one column of rows. */
const LIST_BELOW_PX = 560;
/** The best looking card is this much wider than high. */
const ASPECT = 1.5;
/** Larger cards would only be emptier. */
const MOST_WIDTH_PX = 460;
const MOST_HEIGHT_PX = 300;

/** `textPx` is the page's text size: who enlarges the text gets larger cards. */
export function cardLayout(count: number, widthPx: number, heightPx: number, textPx: number): CardLayout {
  const scale = textPx / 16;
  if (widthPx < LIST_BELOW_PX * scale) return { columns: 1, density: 'list', rowPx: null };
  for (const bounds of BOUNDS) {
    const found = without(bounds, Math.max(count, 1), widthPx, heightPx, scale);
    if (found !== null) return found;
  }
  // Too many for this screen: let it scroll, and then there is no need to be tiny.
  const gapPx = MEDIUM.gapPx * scale;
  const columns = Math.floor((widthPx + gapPx) / (MEDIUM.widthPx * scale + gapPx));
  return { columns: Math.max(1, columns), density: MEDIUM.density, rowPx: null };
}

/** The arrangement without scrolling whose cards look best, or null if there is none. */
function without(bounds: Bounds, count: number, widthPx: number, heightPx: number, scale: number): CardLayout | null {
  const gapPx = bounds.gapPx * scale;
  let best: { readonly layout: CardLayout; readonly odd: number } | null = null;
  const fewest = Math.ceil((widthPx + gapPx) / (MOST_WIDTH_PX * scale + gapPx));
  for (let columns = fewest; ; columns += 1) {
    const width = (widthPx - gapPx * (columns - 1)) / columns;
    if (width < bounds.widthPx * scale) break;
    const rows = Math.ceil(count / columns);
    const height = Math.floor(Math.min((heightPx - gapPx * (rows - 1)) / rows, MOST_HEIGHT_PX * scale));
    if (height < bounds.heightPx * scale) continue;
    const empty = rows * columns - count;
    const odd = Math.abs(Math.log(width / height / ASPECT)) + empty / (rows * columns);
    if (best === null || odd < best.odd) best = { layout: { columns, density: bounds.density, rowPx: height }, odd };
  }
  return best?.layout ?? null;
}
