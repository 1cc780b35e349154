import { isEnded, type JobStatus } from '../job-client/job-client';

/** What the API answered instead of accepting a job. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Everything the demo has seen of one job. Times are milliseconds since the epoch, by this machine's clock. */
export interface JobLife {
  /** What the job is called on the screen. */
  readonly label: string;
  /** What is special about it, for the reader. */
  readonly about: string;
  readonly submittedAt?: number;
  readonly jobId?: string;
  readonly refusal?: Refusal;
  /** The job as it was last seen. */
  readonly job?: JobStatus;
  /** Its result in a few words. */
  readonly outcome?: string;
  /** Every error that stood in the record at some time, oldest first. */
  readonly errors: readonly string[];
  /** Every end that was seen: a job that is retried has several. */
  readonly ends: readonly JobStatus['status'][];
  /** What its owner did beside submitting it. */
  readonly note?: string;
  /** Its owner is still going to do something about it. */
  readonly isAwaited: boolean;
}

export type LifeEvent =
  | { readonly type: 'accepted'; readonly at: number; readonly jobId: string; readonly note?: string }
  | { readonly type: 'refused'; readonly at: number; readonly refusal: Refusal; readonly note?: string }
  | { readonly type: 'observed'; readonly job: JobStatus; readonly outcome?: string }
  /** Its owner did something about it, of which it is now known that the job stands so. */
  | { readonly type: 'intervened'; readonly note: string; readonly changes: Partial<JobStatus> };

export type Phase = 'to be sent' | 'accepted' | 'refused' | JobStatus['status'];

/** @param isAwaited whether its owner is going to do something about it */
export function newLife(label: string, about: string, isAwaited = false): JobLife {
  return { label, about, errors: [], ends: [], isAwaited };
}

export function after(life: JobLife, event: LifeEvent): JobLife {
  switch (event.type) {
    case 'accepted': return { ...life, submittedAt: event.at, jobId: event.jobId, note: event.note };
    case 'refused': return { ...life, submittedAt: event.at, refusal: event.refusal, note: event.note };
    case 'observed': return { ...life, job: event.job, outcome: event.outcome, errors: withError(life.errors, event.job), ends: withEnd(life, event.job) };
    case 'intervened': return { ...life, note: event.note, isAwaited: false, job: life.job && { ...life.job, ...event.changes } };
  }
}

export function phaseOf({ job, refusal, jobId }: JobLife): Phase {
  return refusal ? 'refused' : job?.status ?? (jobId ? 'accepted' : 'to be sent');
}

export function isOver(life: JobLife): boolean {
  return life.refusal !== undefined || (life.job !== undefined && isEnded(life.job) && !life.isAwaited);
}

/** Whether there is something to tell between two looks at a job; its progress alone is not. */
export function hasNews(before: JobLife, now: JobLife): boolean {
  return phaseOf(before) !== phaseOf(now)
    || before.job?.current_stage !== now.job?.current_stage
    || before.job?.attempt !== now.job?.attempt
    || before.errors.length !== now.errors.length
    || before.note !== now.note;
}

/** One line about how a job stands: what it works on, what it waits for, what became of it. */
export function remark({ about, job, outcome = '', refusal, note }: JobLife, now: number): string {
  if (refusal) {
    return told(note, `${refusal.status} ${refusal.code}: ${refusal.message}`);
  }
  switch (job?.status) {
    case undefined: return about;
    case 'succeeded': return told(note, outcome);
    case 'failed':
    case 'cancelled': return told(note, job.error ? `${job.error.type}: ${job.error.message}` : '');
    case 'queued': return waiting(job, now) ?? note ?? about;
    case 'processing': return job.cancel_requested ? 'is to be cancelled' : silence(job, now) ?? job.progress_note ?? '';
  }
}

function told(note: string | undefined, text: string): string {
  return [note, text].filter(Boolean).join(': ');
}

function waiting({ not_before, error }: JobStatus, now: number): string | undefined {
  const wait = not_before === undefined ? undefined : Math.ceil((Date.parse(not_before) - now) / 1000);
  const when = wait === undefined ? '' : wait > 0 ? `again in ${wait} s` : 'again at any moment';
  const why = error && `after ${error.type}: ${error.message}`;
  return [when, why].filter(Boolean).join(', ') || undefined;
}

/** Nobody is told when a process dies; what can be seen is that nothing is heard of it any more. */
const SILENCE_MS = 2_500;

function silence(job: JobStatus, now: number): string | undefined {
  const silentMs = now - Date.parse(job.updated_at);
  return silentMs > SILENCE_MS ? `nothing heard for ${Math.floor(silentMs / 1000)} s` : undefined;
}

function withError(errors: readonly string[], { error }: JobStatus): readonly string[] {
  const text = error && `${error.type} (attempt ${error.attempt}): ${error.message}`;
  return text === undefined || errors.at(-1) === text ? errors : [...errors, text];
}

function withEnd({ job: before, ends }: JobLife, job: JobStatus): JobLife['ends'] {
  return isEnded(job) && before?.status !== job.status ? [...ends, job.status] : ends;
}
