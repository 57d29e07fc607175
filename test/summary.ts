/** The last line of `npm test`, from vitest's own report. Exit code 0 only if something ran and nothing failed. */
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** The parts of vitest's JSON report that count. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** What counts as failed besides failed tests, and why. */
  readonly remarks: readonly string[];
}

/**
 * `failedChecks`: how many of types and style failed. `vitestStatus`: its exit code, which also knows of errors outside any
 * test. `filtered`: names were asked for, so that the others are left out on purpose.
 */
export function summarise(
  report: Report | null,
  failedChecks: number,
  vitestStatus: number,
  filtered = false,
): Summary {
  const remarks: string[] = [];
  if (failedChecks > 0) remarks.push(`types or style: ${failedChecks} failed`);
  const passed = report?.numPassedTests ?? 0;
  let failed = failedChecks + (report?.numFailedTests ?? 0);
  // A file that cannot be loaded has no tests that could fail.
  for (const { name, status, assertionResults } of report?.testResults ?? []) {
    if (status !== 'failed' || assertionResults.length > 0) continue;
    remarks.push(`could not be run: ${name}`);
    failed += 1;
  }
  const left = filtered ? 0 : (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  if (left > 0) remarks.push(`not run: ${left} tests`);
  failed += left;
  if (passed + failed === failedChecks) remarks.push('no test ran');
  if (vitestStatus !== 0 && failed === failedChecks) {
    remarks.push(`vitest ended with ${vitestStatus}`);
    failed += 1;
  }
  return { passed, failed, remarks };
}

function main([path = '', checks = '0', status = '0', ...args]: readonly string[]): void {
  const filtered = args.some((arg) => arg === '-t' || arg.startsWith('--testNamePattern'));
  const report = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : null;
  const { passed, failed, remarks } = summarise(report, Number(checks), Number(status), filtered);
  for (const remark of remarks) console.log(remark);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
