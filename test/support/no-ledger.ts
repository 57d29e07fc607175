import type { LedgerApiOptions } from '../../daemon/http/ledger-api.ts';

/** Of a server that has none. */
export function noLedger(): LedgerApiOptions {
  const fail = (): never => {
    throw new Error('there is no ledger here');
  };
  return { hall: fail, facts: fail, verdicts: fail, stretches: fail };
}
