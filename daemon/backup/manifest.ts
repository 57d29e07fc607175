/** What a backup says of itself: the first file in it, so that nothing is unpacked that cannot be used. */
import { z } from 'zod';

/** The form of backups that this release makes and reads; another number is another form. */
export const FORMAT = 1;

const manifest = z.strictObject({
  format: z.literal(FORMAT),
  /** The release that made it. */
  release: z.string(),
  hall: z.string(),
  madeAt: z.string(),
  /** Whether a daemon took in more while, and so after, it was made. */
  live: z.boolean(),
  ledger: z.strictObject({
    /** The number of its newest migration. */
    form: z.int(),
    /** The last instant of which it knows that a daemon ran; null = none ever did. */
    aliveAt: z.string().nullable(),
    /** When the last of its facts became known. */
    factsUntil: z.string().nullable(),
    facts: z.int(),
    /** Of the hall's chain, `NUMBER:HASH`; null = it has none. */
    newestLink: z.string().nullable(),
  }),
  /** Of all files unpacked. */
  bytes: z.int(),
  files: z.int(),
  pictures: z.int(),
  /** Pictures that the ledger has noted and whose files were not there. */
  missingPictures: z.int(),
  /** What of the data folder was there and is not in it: it can be made again, or is a door. */
  leftOut: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifest>;

/** Null = it is none, or one of a later form. */
export function readManifest(text: string): Manifest | null {
  try {
    return manifest.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return null;
    throw error;
  }
}
