/** Loaded into a command that is measured (`--import`): writes what the process used when it ends. */
import { writeFileSync } from 'node:fs';

process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpu: (userCPUTime + systemCPUTime) / 1000, peakRssBytes: maxRSS * 1024 };
  writeFileSync(process.env['ZAIGANG_BENCH_USAGE'] ?? '', JSON.stringify(used));
});
