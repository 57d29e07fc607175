/** SQLite's primary result code of an error (sqlite.org/rescode.html); null = it is no error of SQLite's. */
export function sqliteCode(error: unknown): number | null {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : null;
}
