/** Asking the daemon for reports: each is a job with progress, and can be called off. */
import { askedFor, bringing } from '../asked.ts';
import type { Language } from '../strings.ts';
import type { Asked, Choices, Job, Report } from './report-data.ts';

/** What was refused, in the daemon's words; `code` tells pages what it is. */
export class ReportTrouble extends Error {
  override readonly name = 'ReportTrouble';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** How a report is wanted. */
export interface Wanted {
  readonly format: string;
  readonly sheet?: string;
}

export interface Waiting {
  readonly signal: AbortSignal;
  readonly onProgress: (job: Job) => void;
}

export interface ReportApi {
  choices(): Promise<Choices>;
  report(asked: Asked, waiting: Waiting): Promise<Report>;
  /** As a file, with its name. */
  file(asked: Asked, wanted: Wanted, waiting: Waiting): Promise<{ readonly name: string; readonly content: Blob }>;
}

/** Short ones are there at once; nobody notices half a second on a long one. */
const FIRST_WAIT_MS = 60;
const LONGEST_WAIT_MS = 600;

export function reportApi(lang: Language): ReportApi {
  const made = async (asked: Asked, wanted: Wanted, { signal, onProgress }: Waiting) => {
    const { department, employee, asKnownAt, kind, period, masked } = asked;
    const wish = {
      ...{ kind, period, masked, lang, ...wanted },
      ...(department === null ? {} : { department }),
      ...(employee === null ? {} : { employee }),
      ...(asKnownAt === null ? {} : { asKnownAt }),
    };
    let job = (await (await sent('/api/v1/report-jobs', bringing(wish))).json()) as Job;
    const address = `/api/v1/report-jobs/${job.id}`;
    const callOff = (): void => void fetch(address, { method: 'DELETE', keepalive: true });
    signal.addEventListener('abort', callOff);
    // It was called off while it was being ordered.
    if (signal.aborted) callOff();
    try {
      for (let wait = FIRST_WAIT_MS; job.state === 'waiting' || job.state === 'running'; wait *= 1.5) {
        onProgress(job);
        await pause(Math.min(wait, LONGEST_WAIT_MS));
        if (signal.aborted) throw new ReportTrouble('cancelled', '');
        job = (await (await sent(address)).json()) as Job;
      }
      if (job.state !== 'done') throw new ReportTrouble(job.code ?? job.state, job.detail ?? '');
      const response = await sent(`${address}/file`);
      return { name: job.file ?? 'report', response };
    } finally {
      signal.removeEventListener('abort', callOff);
    }
  };
  return {
    async choices() {
      return (await (await sent(`/api/v1/reports?lang=${lang}`)).json()) as Choices;
    },
    async report(asked, waiting) {
      const { response } = await made(asked, { format: 'json' }, waiting);
      return (await response.json()) as Report;
    },
    async file(asked, wanted, waiting) {
      const { name, response } = await made(asked, wanted, waiting);
      return { name, content: await response.blob() };
    },
  };
}

function pause(lengthMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lengthMs));
}

async function sent(url: string, init: RequestInit = {}): Promise<Response> {
  const answer = await askedFor(url, init, (response) => Promise.resolve(response));
  if (!answer.ok) throw new ReportTrouble(answer.code, answer.detail);
  return answer.got;
}
