import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Report, summarise } from './summary.ts';

const report = (changes: Partial<Report> = {}): Report => ({
  ...{ numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] },
  ...changes,
});
const unloadable = { name: 'x.test.ts', status: 'failed', assertionResults: [] };
const failing = { name: 'y.test.ts', status: 'failed', assertionResults: [{}] };

test.each([
  { what: 'all is well', given: [report(), 0, 0], passed: 5, failed: 0 },
  { what: 'a test failed', given: [report({ numFailedTests: 2, testResults: [failing] }), 0, 1], passed: 5, failed: 2 },
  { what: 'types failed', given: [report(), 1, 0], passed: 5, failed: 1 },
  { what: 'a file could not be run', given: [report({ testResults: [unloadable] }), 0, 1], passed: 5, failed: 1 },
  { what: 'a test was skipped', given: [report({ numPendingTests: 1 }), 0, 0], passed: 5, failed: 1 },
  { what: 'a test is yet to be written', given: [report({ numTodoTests: 1 }), 0, 0], passed: 5, failed: 1 },
  { what: 'a name was asked for', given: [report({ numPendingTests: 9 }), 0, 0, true], passed: 5, failed: 0 },
  { what: 'something failed outside the tests', given: [report(), 0, 1], passed: 5, failed: 1 },
  { what: 'vitest did not get to the tests', given: [null, 0, 1], passed: 0, failed: 1 },
  { what: 'nothing ran', given: [report({ numPassedTests: 0 }), 0, 0], passed: 0, failed: 0 },
] as const)('when $what it says $passed passed, $failed failed', ({ given, passed, failed }) => {
  const [from, checks, status, filtered] = given;
  expect(summarise(from, checks, status, filtered)).toMatchObject({ passed, failed });
});

test('the line stands alone and last, and the exit code agrees with it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'zaigang-summary-'));
  const script = fileURLToPath(new URL('./summary.ts', import.meta.url));
  const path = join(dir, 'report.json');
  try {
    writeFileSync(path, JSON.stringify(report()));
    expect(execFileSync(process.execPath, [script, path, '0', '0'], { encoding: 'utf8' })).toBe('5 passed, 0 failed\n');
    const run = (...args: readonly string[]) => {
      const { status, stdout } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
      return { status, last: stdout.trimEnd().split('\n').at(-1) };
    };
    expect(run(path, '1', '0')).toEqual({ status: 1, last: '5 passed, 1 failed' });
    expect(run(join(dir, 'gone'), '0', '1')).toEqual({ status: 1, last: '0 passed, 1 failed' });
    writeFileSync(path, JSON.stringify(report({ numPassedTests: 0 })));
    expect(run(path, '0', '0')).toEqual({ status: 1, last: '0 passed, 0 failed' });
    writeFileSync(path, JSON.stringify(report({ numPendingTests: 3 })));
    expect(run(path, '0', '0', '-t', 'name')).toEqual({ status: 0, last: '5 passed, 0 failed' });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
