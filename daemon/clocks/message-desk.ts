/** What installers see of messages as they come, and how a mapping for a new clock is made of them. */
import { parse, stringify } from 'yaml';
import { ofDevice } from '../../adapters/clocks/mapped.ts';
import { guessedMapping, type MappingDraft } from '../../adapters/clocks/mapped-guess.ts';
import { valueAt } from '../../adapters/clocks/mapped-pointer.ts';
import {
  formatOf,
  type MappedReading,
  mappedReading,
  type RecordReading,
} from '../../adapters/clocks/mapped-reading.ts';
import { readingText, recordText, stepText } from '../../adapters/clocks/mapped-words.ts';
import { scrubbed, scrubbedText } from '../../adapters/scrubbed.ts';
import { covers } from '../../adapters/topics.ts';
import { type Mapping, mapping as mappingSchema } from '../../config/clocks/mapped.ts';
import { child, items, textOf } from '../../config/draft.ts';
import type { Edit, Plain } from '../../config/edited-text.ts';
import type { Language } from '../../config/explain.ts';
import type { ClockConfig, Config } from '../../config/schema.ts';
import { formatInstant, type Zone } from '../../rules/time.ts';
import type { By } from '../access/books.ts';
import { type Applied, ConfigEditError, type ConfigFile, type Proposal } from '../config-file/config-edit.ts';
import type { Overhearer } from './overhearing.ts';
import { becauseText } from './reason-words.ts';
import type { RecentMessage, RecentMessages } from './recent-messages.ts';

export interface MessageDeskOptions {
  readonly recent: RecentMessages;
  readonly overhearer: Overhearer;
  /** Those that messages come from, by their ids. */
  readonly clocks: () => ReadonlyMap<string, ClockConfig>;
  readonly employees: () => Config['employees'];
  readonly zone: () => Zone;
  /** Null = pages cannot change the configuration. */
  readonly file: ConfigFile | null;
  /** Notes who wrote a clock's mapping. */
  readonly written: (clock: string, by: By) => void;
}

/** A mapping as it is written, from a page or a guess. */
export interface Sketch {
  /** The message that it is made for. */
  readonly message: number;
  /** The clock it shall be. */
  readonly clock: string;
  /** Null = to be guessed. */
  readonly draft: Plain | null;
}

const PREVIEWED = 5;

export class MessageDesk {
  readonly #options: MessageDeskOptions;

  constructor(options: MessageDeskOptions) {
    this.#options = options;
  }

  /** What has changed after a revision. */
  list(after: number, lang: Language) {
    const { recent, overhearer } = this.#options;
    const messages = recent.after(after);
    const { present } = overhearer;
    return {
      revision: recent.revision,
      leftOut: recent.leftOut,
      listening: present === null ? null : { ...present, until: this.#said(present.until) },
      clocks: [...this.#options.clocks()].map(([id, { profile }]) => ({ id, make: profile.kind })),
      isWritable: this.#options.file !== null,
      messages: messages.map((message) => this.#messageJson(message, lang)),
    };
  }

  listen(topic: string | null): Promise<void> {
    return this.#options.overhearer.listen(topic);
  }

  /** What a mapping makes of the latest messages of the kind; null where the message is gone. */
  preview({ message: number, clock, draft }: Sketch, lang: Language) {
    const { recent, zone } = this.#options;
    const message = recent.find(number);
    if (message === null) return null;
    const written = draft === null ? this.#guess(message) : withFormat(draft, message, zone());
    const read = mappingSchema.safeParse(written);
    const yaml = stringify([{ id: clock, map: written }], { lineWidth: 0 });
    if (!read.success) {
      const faults = read.error.issues.map(({ path }) => path.join('.'));
      return { draft: written, yaml, isComplete: false, faults, rows: [] };
    }
    const mapping = ofDevice(read.data, clock);
    const alike = recent.after(0).filter((one) => isFor(mapping, one));
    const rows = alike.slice(-PREVIEWED).reverse();
    return {
      ...{ draft: written, yaml, isComplete: true, faults: [] },
      rows: rows.map((one) => this.#rowJson(one, mappedReading(mapping, mappedMessage(one), zone()), lang)),
    };
  }

  /** What saving would change. Rejects with a `ConfigEditError`. */
  async propose(sketch: Sketch, lang: Language): Promise<Proposal> {
    return await this.#file().propose((text) => editsOf(text, sketch), lang);
  }

  /** Rejects with a `ConfigEditError`. */
  async save(sketch: Sketch, base: string, by: By, lang: Language): Promise<Applied> {
    const edits = (text: string): readonly Edit[] => editsOf(text, sketch);
    return await this.#file().apply(edits, base, lang, async () => this.#options.written(sketch.clock, by));
  }

  #file(): ConfigFile {
    const { file } = this.#options;
    if (file === null) throw new ConfigEditError('unreadable', 'the daemon does not know where its configuration is');
    return file;
  }

  #guess({ road, about, payload }: RecentMessage): MappingDraft {
    const guess = guessedMapping(jsonOf(payload), this.#options.zone());
    return road === 'mqtt' ? { topics: [about], ...guess } : { path: about, ...guess };
  }

  #messageJson({ number, at, road, about, payload, bytes, fate, because }: RecentMessage, lang: Language) {
    const value = jsonOf(payload);
    return {
      ...{ number, road, about, bytes, fate, because: because === null ? null : becauseText(because, lang) },
      at: this.#said(at),
      json: value === undefined ? null : { value: scrubbed(value) },
      text: value === undefined ? scrubbedText(payload).slice(0, 1000) : null,
    };
  }

  #rowJson({ number, at }: RecentMessage, reading: MappedReading, lang: Language) {
    return {
      ...{ number, at: this.#said(at), kind: reading.kind, because: readingText(reading, lang) },
      records: reading.kind === 'punches' ? reading.records.slice(0, 20).map((one) => this.#recordJson(one, lang)) : [],
    };
  }

  #recordJson(record: RecordReading, lang: Language) {
    const { steps, outcome } = record;
    const punch = outcome.kind === 'punch' ? outcome.punch : null;
    const holder = this.#options
      .employees()
      .find(({ credentials }) => credentials.some(({ id }) => id === punch?.credential));
    return {
      kind: outcome.kind,
      because: recordText(record, lang),
      steps: steps.map((step) => ({ field: step.field, pointer: step.pointer, fault: stepText(step, lang) })),
      punch:
        punch === null
          ? null
          : { ...punch, deviceAt: undefined, at: this.#said(punch.deviceAt), employee: holder?.id ?? null },
      kept: outcome.kind === 'punch' ? outcome.kept : {},
    };
  }

  #said(at: number): string {
    return formatInstant(this.#options.zone(), at);
  }
}

/** Undefined where it is no JSON. */
function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A time that was only pointed at is written as it looks in the message. */
function withFormat(draft: Plain, { payload }: RecentMessage, zone: Zone): Plain {
  const map = draft as {
    readonly items?: string;
    readonly fields?: { readonly time?: { readonly ptr?: unknown; readonly format?: unknown; readonly of?: unknown } };
  };
  const { time } = map.fields ?? {};
  if (typeof time !== 'object' || typeof time.ptr !== 'string' || time.format !== undefined) return draft;
  const message = jsonOf(payload);
  const inItems = valueAt(message, typeof map.items === 'string' ? map.items : '');
  const item: unknown = time.of === 'message' ? message : Array.isArray(inItems) ? inItems[0] : inItems;
  const format = formatOf(valueAt(item, time.ptr), zone);
  if (format === null) return draft;
  return { ...map, fields: { ...map.fields, time: { ...time, format } } } as Plain;
}

const mappedMessage = ({ road, about, payload }: RecentMessage) => ({ topic: road === 'mqtt' ? about : null, payload });

function isFor({ topics, shared, path }: Mapping, { road, about }: RecentMessage): boolean {
  if (road === 'http') return about === path;
  return road === 'mqtt' && [...topics, ...(shared?.topics ?? [])].some((topic) => covers(topic, about));
}

/** A clock of the file gets this mapping; one that is not there yet is added. */
function editsOf(text: string, { clock, draft }: Sketch): readonly Edit[] {
  const map = draft ?? {};
  const root = { path: [], value: parse(text) as unknown };
  const at = items(root, 'clocks').find((one) => textOf(one, 'id') === clock);
  if (at === undefined) return [{ do: 'append', path: ['clocks'], value: { id: clock, map } }];
  if (child(at, 'profile').value !== undefined) {
    throw new ConfigEditError('layout', `clock ${clock} has a profile; remove it by hand first`);
  }
  return [{ do: 'set', path: [...at.path, 'map'], value: map }];
}
