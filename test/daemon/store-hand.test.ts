/** The second hand of the ledger: what it keeps is durable, chained and known, whichever hand writes next. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ChainWalk } from '../../daemon/audit/chain-walk.ts';
import { type ChainFinding, Findings } from '../../daemon/audit/finding.ts';
import { type Appended, type Entry, FactStore } from '../../daemon/ledger/facts.ts';
import { Ledger, LedgerError } from '../../daemon/ledger/ledger.ts';
import { StoreHand } from '../../daemon/ledger/store-hand.ts';
import { BEGINNING } from '../../rules/time.ts';

const UTC = { id: 'UTC', starts: [BEGINNING], offsets: [0] };
const FROM = { by: null, via: 'mqtt', claimedAt: null } as const;

function punches(from: number, to: number, device = 'clock-1'): Entry[] {
  return Array.from({ length: to - from }, (_, i) => {
    const at = 1_000_000 + (from + i) * 1000;
    return {
      fact: { fact: 'punch', id: `p${from + i}`, recordedAt: 0, at, deviceAt: at, device, credential: `${from + i}` },
      from: FROM,
    };
  });
}

class TwoHands implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'zaigang-hand-'));
  readonly ledger: Ledger;
  readonly facts: FactStore;
  readonly hand: StoreHand;

  constructor(diskReserveBytes = 0) {
    this.ledger = Ledger.open({ directory: this.directory, diskReserveBytes: 0 });
    this.facts = new FactStore(this.ledger.database, 'h');
    this.hand = new StoreHand({ directory: this.directory, diskReserveBytes, hall: 'h' });
    this.ledger.beforeCommit = () => this.hand.finish();
  }

  /** Resolves with what became of each. */
  aside(entries: readonly Entry[]): Promise<readonly Appended[] | LedgerError> {
    return new Promise((done) => this.hand.store(entries, 1000, done));
  }

  get seqs(): number[] {
    return this.facts.after(0, 100_000).map(({ seq }) => seq);
  }

  get findings(): readonly ChainFinding[] {
    const findings = new Findings<ChainFinding>(10);
    new ChainWalk({ database: this.ledger.database, hall: 'h', zone: UTC, noted: null, findings }).walk();
    return findings.kept;
  }

  [Symbol.dispose](): void {
    this.hand.close();
    this.ledger.close();
    rmSync(this.directory, { recursive: true });
  }
}

test('both hands write in turn, and the chain is one', async () => {
  using both = new TwoHands();
  both.ledger.commit(() => both.facts.append(punches(0, 10), 1000));
  expect(await both.aside(punches(10, 5010))).toEqual(Array(5000).fill('new'));
  both.ledger.commit(() => both.facts.append(punches(5010, 5020), 1000));
  expect(await both.aside(punches(5020, 5030))).toEqual(Array(10).fill('new'));
  expect(both.seqs).toEqual(Array.from({ length: 5030 }, (_, i) => i + 1));
  expect(both.findings).toEqual([]);
});

test('what came before is known, and what contradicts it is not kept', async () => {
  using both = new TwoHands();
  both.ledger.commit(() => both.facts.append(punches(0, 3), 1000));
  expect(await both.aside([...punches(2, 4), ...punches(1, 2, 'clock-2'), ...punches(3, 5)])).toEqual([
    'known',
    'new',
    'conflict',
    'known',
    'new',
  ]);
  expect(both.seqs).toHaveLength(5);
  expect(both.findings).toEqual([]);
});

test('the first hand waits for the second, and has heard by then what became of everything', () => {
  using both = new TwoHands();
  const heard: number[] = [];
  for (let i = 0; i < 4; i++) {
    both.hand.store(punches(i * 1000, (i + 1) * 1000), 1000, (stored) => {
      heard.push(stored instanceof LedgerError ? -1 : stored.length);
    });
  }
  expect(both.hand.busy).toBe(4);
  both.ledger.commit(() => {
    expect(heard).toEqual([1000, 1000, 1000, 1000]);
    both.facts.append(punches(4000, 4001), 1000);
  });
  expect(both.hand.busy).toBe(0);
  expect(both.seqs).toHaveLength(4001);
});

test('where the disk has no room nothing is kept, and it can be offered again', async () => {
  using both = new TwoHands(Number.MAX_SAFE_INTEGER);
  const refused = await both.aside(punches(0, 5));
  expect(refused).toBeInstanceOf(LedgerError);
  expect(refused).toMatchObject({ retry: true, message: expect.stringContaining('kept in reserve') });
  expect(both.seqs).toEqual([]);
});

test('closed, it opens again for what comes', async () => {
  using both = new TwoHands();
  await both.aside(punches(0, 5));
  both.hand.close();
  expect(await both.aside(punches(5, 7))).toEqual(['new', 'new']);
});
