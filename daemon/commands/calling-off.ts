import { EXIT, Exit, type Io, tell } from './io.ts';

/** Does work that Ctrl-C calls off, through the signal that it is given; it then leaves nothing half done. */
export async function callable<T>(work: (signal: AbortSignal) => Promise<T>, io: Io): Promise<T> {
  const calling = new AbortController();
  const callOff = (): void => calling.abort();
  process.once('SIGINT', callOff).once('SIGTERM', callOff);
  try {
    return await work(calling.signal);
  } catch (error) {
    if (calling.signal.aborted) throw new Exit(EXIT.interrupted, tell(io, '已取消。', 'Cancelled.'));
    throw error;
  } finally {
    process.off('SIGINT', callOff).off('SIGTERM', callOff);
  }
}
