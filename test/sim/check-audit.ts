/** Whatever a run did to the machine and the disk, the file that it leaves proves its history. */
import { audit } from '../../daemon/audit/audit.ts';
import type { Ended } from './checks.ts';

export function auditProblems({ stage }: Ended): string[] {
  const { ledger, hall } = stage.core;
  const { broken, differing } = audit({ directory: ledger.directory, hall, noted: null });
  return [...broken.kept, ...differing.kept].map((finding) => `audit: ${JSON.stringify(finding)}`);
}
