/** What the pictures of a case are for those who may see it, and everything about it in one archive. */
import { hash } from 'node:crypto';
import type { Change } from '../../rules/changes.ts';
import { type Fact, factLine, type PunchFact } from '../../rules/facts.ts';
import { formatInstant, type Ms } from '../../rules/time.ts';
import type { CaseFile } from '../cases/case-file.ts';
import { caseDetail, type Look, readerOf } from '../cases/case-json.ts';
import type { Question } from '../explain/question.ts';
import type { ZipEntry } from '../files/zip.ts';
import { caseArchive, type LeftOut } from './case-archive.ts';
import type { Evidence } from './evidence.ts';
import type { Listed, NotShown, Shown } from './evidence-desk.ts';
import { momentName, noPictureText } from './words.ts';

/** What is asked of the pictures of a hall. */
export type Pictures = Pick<Evidence, 'desk' | 'freeze' | 'sees' | 'keptUntil'>;

/** What an archive takes from the rest of the hall. */
export interface ArchiveSources {
  readonly changesOf: (file: CaseFile) => readonly Change[];
  readonly factOf: (id: string) => Fact | null;
  /** What people did with a case. */
  readonly actionsOn: (cases: readonly string[]) => readonly Fact[];
  /** Whose a punch is by the mapping in force; null = nobody's. */
  readonly ownerOf: (punch: PunchFact) => string | null;
  readonly explain: (id: string, as: Omit<Question, 'id'>) => string | null;
  /** The last link of the ledger's chain. */
  readonly ledgerHead: () => string | null;
}

/** A picture as pages and programs get it: what it is, what proves it, and how long it is kept. */
export function pictureJson({ entry, views, removedAt }: Listed, pictures: Pictures, look: Look): object {
  const { zone } = look.hall;
  const stamp = (at: Ms | null): string | null => (at === null ? null : formatInstant(zone, at));
  const { picture, moment, window, camera } = entry;
  const about = { picture, moment, momentName: momentName(moment, look.language), window, camera, views };
  if (entry.what === 'missing') {
    const missing = { because: entry.because, text: noPictureText(entry.because, look.language) };
    return { ...about, at: stamp(entry.at), missing };
  }
  const { takenAt, sha256, width, height, by } = entry;
  const asked = by === null ? null : (look.nameOf(by) ?? by);
  return {
    ...{ ...about, at: stamp(takenAt), missing: null, sha256, width, height, askedBy: asked },
    removedAt: stamp(removedAt),
    keptUntil: removedAt === null ? stamp(pictures.keptUntil(entry)) : null,
  };
}

/** Those of a case, oldest first. */
export function picturesOf({ row }: CaseFile, { desk }: Pictures): Listed[] {
  const at = ({ entry }: Listed): Ms => (entry.what === 'taken' ? entry.takenAt : entry.at);
  return desk.list({ case: row.id }).sort((x, y) => at(x) - at(y));
}

/** One of a case's, for somebody; the look is recorded first. A picture of another case is as unknown as one that never was. */
export function pictureOf({ row }: CaseFile, picture: string, by: string, { desk }: Pictures): Shown | NotShown {
  const isOurs = desk.book.of(picture).some((entry) => 'case' in entry && entry.case === row.id);
  return isOurs ? desk.view(picture, by) : { because: 'unknown' };
}

export interface MadeArchive {
  readonly name: string;
  readonly bytes: Buffer;
  /** Of the bytes: by it anybody can tell who was given which. */
  readonly sha256: string;
}

/** Everything about a case that the one who looks may see. Each picture in it counts as looked at. Throws `LedgerError`. */
export function archiveOf(file: CaseFile, pictures: Pictures, sources: ArchiveSources, look: Look): MadeArchive {
  const { row, content } = file;
  const changes = sources.changesOf(file);
  const kindOf = (id: string): string | null => sources.factOf(id)?.fact ?? null;
  const leftOut: LeftOut[] = [];
  const listed = picturesOf(file, pictures);
  const said = {
    ...caseDetail(file, changes, kindOf, look),
    pictures: listed.map((one) => pictureJson(one, pictures, look)),
  };
  const files = [
    textFile('case.json', `${JSON.stringify(said, null, 2)}\n`),
    ...explanationFiles(file, sources, look),
    factsFile(file, changes, sources, look, leftOut),
    ...listed.flatMap((one) => pictureFiles(one, pictures, look, leftOut)),
  ];
  const { hall, actor, now } = look;
  const end = pictures.desk.book.end();
  const head = {
    ...{ hall: hall.id, case: row.id, revision: content.revision },
    ...{ madeAt: formatInstant(hall.zone, now), madeFor: actor.id, ledger: sources.ledgerHead() },
    pictures: end === null ? null : `${end.seq}:${end.hash}`,
    leftOut,
  };
  const bytes = caseArchive(head, files);
  return { name: `${row.id}-${head.madeAt.slice(0, 10)}.zip`, bytes, sha256: hash('sha256', bytes) };
}

const textFile = (name: string, text: string): ZipEntry => ({ name, content: Buffer.from(text) });

/** In both languages: whoever reads it later may know only one. */
function explanationFiles(file: CaseFile, { explain, ownerOf }: ArchiveSources, { hall, sight }: Look): ZipEntry[] {
  const reader = readerOf(hall, sight, file, ownerOf);
  return (['zh', 'en'] as const).flatMap((lang) => {
    const text = explain(file.row.id, { lang, json: false, reader });
    return text === null ? [] : [textFile(`explanation.${lang}.txt`, text)];
  });
}

/** The ids of the facts that an explanation names: those used, and those considered and set aside. */
function explainedFacts(lines: string | null): string[] {
  return (lines ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { used = [], aside = [] } = JSON.parse(line) as Partial<
        Record<'used' | 'aside', readonly { readonly fact: { readonly id: string } }[]>
      >;
      return [...used, ...aside].map(({ fact }) => fact.id);
    });
}

/** The records that its verdicts, its changes and people's deeds rest on, as `export facts` writes them. */
function factsFile(
  file: CaseFile,
  changes: readonly Change[],
  { explain, factOf, actionsOn, ownerOf }: ArchiveSources,
  { hall, sight }: Look,
  leftOut: LeftOut[],
): ZipEntry {
  const { row, verdicts } = file;
  const used = new Set([
    ...explainedFacts(explain(row.id, { lang: 'en', json: true })),
    ...[...verdicts, ...changes.map(({ verdict }) => verdict)].flatMap(({ evidence }) => evidence),
    ...changes.flatMap(({ cause }) => ('facts' in cause ? cause.facts : [])),
  ]);
  const facts = [...[...used].flatMap((id) => factOf(id) ?? []), ...actionsOn([row.id])];
  const reader = readerOf(hall, sight, file, ownerOf);
  const seen = facts.filter((fact) => reader?.fact(fact) ?? true);
  if (seen.length < facts.length) {
    leftOut.push({ what: 'facts', because: 'names-others', about: String(facts.length - seen.length) });
  }
  return textFile('facts.jsonl', seen.map((fact) => `${JSON.stringify(factLine(fact, hall.zone))}\n`).join(''));
}

function pictureFiles({ entry }: Listed, { desk }: Pictures, { actor }: Look, leftOut: LeftOut[]): ZipEntry[] {
  const { picture } = entry;
  const shown = desk.view(picture, actor.id);
  if ('because' in shown) {
    const because = entry.what === 'missing' ? entry.because : shown.because;
    leftOut.push({ what: 'picture', because, about: picture });
    return [];
  }
  const explanation = desk.folder.explanation(shown.entry);
  if (typeof explanation === 'string')
    leftOut.push({ what: 'picture', because: explanation, about: `${picture}.json` });
  return [
    { name: `pictures/${picture}.jpg`, content: shown.jpeg },
    ...(typeof explanation === 'string' ? [] : [{ name: `pictures/${picture}.json`, content: explanation }]),
  ];
}
