/** `replacement` in place of what stands in the JavaScript of a file from `start` to `end`. */
export interface Fault {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The file with the fault in it. */
export function withFault(js: string, { start, end, replacement }: Omit<Fault, 'file'>): string {
  return js.slice(0, start) + replacement + js.slice(end);
}
