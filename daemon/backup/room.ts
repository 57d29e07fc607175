/** There is no room for a backup, or for what is in one. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  readonly folder: string;
  readonly neededBytes: number;
  readonly freeBytes: number;

  constructor(folder: string, neededBytes: number, freeBytes: number) {
    super(`${folder}: ${neededBytes} bytes needed, ${freeBytes} free`);
    this.folder = folder;
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
  }
}
