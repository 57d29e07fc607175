import { zoneTable } from '../../config/zone-table.ts';
import type { ImportsOptions } from '../../daemon/http/imports-api.ts';

/** Of a server into which nothing is imported. */
export function noImports(): ImportsOptions {
  return { take: () => Promise.reject(new Error('nothing is imported here')), zone: () => zoneTable('Asia/Shanghai') };
}
