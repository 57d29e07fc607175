/** The pictures of an empty seat in one light, as they lie on the disk: a line that says what they are, then their pixels. */
import { hash } from 'node:crypto';
import type { Reference, ReferenceOrigin } from '../../adapters/vision/reference-bank.ts';

const FORM = 'zaigang-empty-seat 1';
/** No bank has as many, and no header is as long. */
const MOST = { pictures: 64, headerBytes: 65_536 } as const;

/** What the pictures are of. Those of another source, region or size say nothing of the seat as it is seen now. */
export interface SeatBinding {
  readonly camera: string;
  readonly window: string;
  /** The camera's address without credentials. */
  readonly source: string;
  /** The region as the configuration has it, as text. */
  readonly roi: string;
  readonly width: number;
  readonly height: number;
}

interface Header {
  readonly of: SeatBinding;
  readonly pictures: readonly { readonly at: number; readonly origin: ReferenceOrigin }[];
  /** Of the pixels. */
  readonly sha256: string;
}

/** `damaged` and `other-form`: it cannot be used; `other-seat`: it is of a seat that is seen otherwise today. */
export type ReferencesRead =
  | { readonly references: readonly Reference[] }
  | { readonly because: 'damaged' | 'other-form' | 'other-seat'; readonly detail: string };

export function referenceBytes(of: SeatBinding, references: readonly Reference[]): Buffer {
  const pixels = Buffer.concat(references.map(({ picture }) => picture.pixels));
  const pictures = references.map(({ at, origin }) => ({ at, origin }));
  const header: Header = { of, pictures, sha256: hash('sha256', pixels) };
  return Buffer.concat([Buffer.from(`${FORM}\n${JSON.stringify(header)}\n`), pixels]);
}

export function readReferences(bytes: Buffer, expected: SeatBinding): ReferencesRead {
  const formEnd = bytes.subarray(0, 64).indexOf('\n');
  const form = bytes.subarray(0, Math.max(0, formEnd)).toString('latin1');
  if (!form.startsWith('zaigang-empty-seat ')) return damaged('it does not begin as such a file does');
  if (form !== FORM)
    return { because: 'other-form', detail: `it is of the form "${form}", this release reads "${FORM}"` };
  const headerEnd = bytes.subarray(0, MOST.headerBytes).indexOf('\n', formEnd + 1);
  const header = headerOf(bytes.subarray(formEnd + 1, Math.max(0, headerEnd)).toString('utf8'));
  if (header === null) return damaged('its header cannot be read');
  const pixels = bytes.subarray(headerEnd + 1);
  if (hash('sha256', pixels) !== header.sha256) return damaged('its pixels are not those that were written');
  const changed = differing(header.of, expected);
  if (changed.length > 0) return { because: 'other-seat', detail: `changed since: ${changed.join(', ')}` };
  const { width, height } = expected;
  const size = width * height;
  if (pixels.length !== size * header.pictures.length) return damaged('it has not as many pixels as it says');
  const references = header.pictures.map(({ at, origin }, i) => ({
    at,
    origin,
    picture: { width, height, pixels: Uint8Array.from(pixels.subarray(i * size, (i + 1) * size)) },
  }));
  return { references };
}

const damaged = (detail: string): ReferencesRead => ({ because: 'damaged', detail });

function differing(is: SeatBinding, expected: SeatBinding): string[] {
  const keys = Object.keys(expected) as (keyof SeatBinding)[];
  return keys.filter((key) => is[key] !== expected[key]);
}

function headerOf(text: string): Header | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return isHeader(read) ? read : null;
}

function isHeader(value: unknown): value is Header {
  if (!isRecord(value) || !isRecord(value['of']) || typeof value['sha256'] !== 'string') return false;
  const { pictures } = value;
  if (!Array.isArray(pictures) || pictures.length > MOST.pictures) return false;
  return pictures.every(
    (one: unknown) =>
      isRecord(one) && Number.isFinite(one['at']) && (one['origin'] === 'given' || one['origin'] === 'learnt'),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
