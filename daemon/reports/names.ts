/** What people, windows and departments are called in a report, by every configuration that its days were judged by. */
import type { Hall } from '../../rules/hall.ts';

export class Names {
  readonly #masked: boolean;
  readonly #people = new Map<string, string>();
  readonly #windows = new Map<string, string>();
  readonly #departments = new Map<string, string>();
  readonly #halls = new Set<Hall>();
  #ranks: ReadonlyMap<string, number> | null = null;

  constructor(masked: boolean) {
    this.#masked = masked;
  }

  /** Learns the names of a configuration; they outrank those of the ones before. */
  learn(hall: Hall): void {
    if (this.#halls.has(hall)) return;
    this.#halls.add(hall);
    for (const { id, name } of hall.employees.values()) this.#people.set(id, this.#masked ? masked(name) : name);
    for (const { id, name } of hall.windows.values()) this.#windows.set(id, name);
    for (const [id, name] of hall.departments) this.#departments.set(id, name);
    this.#ranks = null;
  }

  knowsPerson(id: string): boolean {
    return this.#people.has(id);
  }

  knowsDepartment(id: string): boolean {
    return this.#departments.has(id);
  }

  person(id: string | null): string | null {
    return id === null ? null : (this.#people.get(id) ?? id);
  }

  window(id: string | null): string | null {
    return id === null ? null : (this.#windows.get(id) ?? id);
  }

  department(id: string | null): string | null {
    return id === null ? null : (this.#departments.get(id) ?? id);
  }

  /** Departments in the configuration's order, then whoever has none. */
  rankOf(department: string | null): number {
    this.#ranks ??= new Map([...this.#departments.keys()].map((id, rank) => [id, rank]));
    return this.#ranks.get(department ?? '') ?? this.#ranks.size;
  }
}

/** 徐敏 → 徐*: the first character stays. */
export function masked(name: string): string {
  const [first = '', ...rest] = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment);
  return first + '*'.repeat(Math.min(rest.length, 3));
}
