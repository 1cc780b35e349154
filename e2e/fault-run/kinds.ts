import type { JobStatus } from '../job-client/job-client';

/** Jobs that behave in one way. */
export interface Kind {
  /** Of a hundred jobs so many. */
  readonly share: number;
  /** What the attempts do, the last one for all that follow; see the handler. */
  readonly plan: readonly string[];
  readonly status: JobStatus['status'];
  readonly error?: string;
  /** Somebody cancels it as soon as it is accepted: it may be too late for that. */
  readonly cancelled?: true;
  /** Somebody retries it when it has failed. */
  readonly retried?: true;
}

export const KINDS: readonly Kind[] = [
  { share: 53, plan: ['succeed'], status: 'succeeded' },
  { share: 12, plan: ['throw', 'succeed'], status: 'succeeded' },
  { share: 5, plan: ['throw', 'throw', 'succeed'], status: 'succeeded' },
  { share: 4, plan: ['kill', 'succeed'], status: 'succeeded' },
  { share: 2, plan: ['save-and-kill', 'throw', 'succeed'], status: 'succeeded' },
  { share: 3, plan: ['wait', 'succeed'], status: 'succeeded' },
  { share: 3, plan: ['slow'], status: 'succeeded' },
  { share: 2, plan: ['freeze', 'succeed'], status: 'succeeded' },
  { share: 1, plan: ['hang', 'succeed'], status: 'succeeded' },
  { share: 3, plan: ['throw'], status: 'failed', error: 'TypeError' },
  { share: 3, plan: ['throw'], status: 'failed', error: 'TypeError', retried: true },
  { share: 2, plan: ['give-up'], status: 'failed', error: 'GivenUp' },
  { share: 2, plan: ['give-up'], status: 'failed', error: 'GivenUp', retried: true },
  { share: 1, plan: ['kill'], status: 'failed', error: 'WorkerLost' },
  { share: 4, plan: ['slow'], status: 'cancelled', cancelled: true },
];

/** For a function that is called, and of jobs knows nothing. */
export const CALLED_KINDS: readonly Kind[] = [
  { share: 57, plan: ['succeed'], status: 'succeeded' },
  { share: 12, plan: ['throw', 'succeed'], status: 'succeeded' },
  { share: 6, plan: ['kill', 'succeed'], status: 'succeeded' },
  { share: 5, plan: ['wait', 'succeed'], status: 'succeeded' },
  { share: 2, plan: ['hang', 'succeed'], status: 'succeeded' },
  { share: 2, plan: ['freeze', 'succeed'], status: 'succeeded' },
  { share: 3, plan: ['slow'], status: 'succeeded' },
  { share: 3, plan: ['throw'], status: 'failed', error: 'TypeError' },
  { share: 3, plan: ['give-up'], status: 'failed', error: 'GivenUp' },
  { share: 4, plan: ['give-up'], status: 'failed', error: 'GivenUp', retried: true },
  { share: 3, plan: ['slow'], status: 'cancelled', cancelled: true },
];

/** Spread over the run, so that every kind meets every other. */
export function kindOf(i: number, kinds: readonly Kind[] = KINDS): Kind {
  let place = (i * 37) % 100;
  return kinds.find(({ share }) => (place -= share) < 0)!;
}

/** What an attempt ends with when something else than its handler ended it. */
const LOST = ['WorkerLost', 'TimeoutNear', 'FunctionTimedOut', 'CallInterrupted'];

/**
 * Whether a job ended as its kind may. While services fail, an attempt can be lost of which the plan knows nothing,
 * and when that happens to the last one, the job has failed.
 */
export function endedAs({ status, error, cancelled }: Kind, job: JobStatus): 'planned' | 'lost attempts' | 'otherwise' {
  if (job.status === status && job.error?.type === error) return 'planned';
  if (cancelled && job.status === 'succeeded') return 'planned'; // success wins
  return job.status === 'failed' && LOST.includes(job.error!.type) ? 'lost attempts' : 'otherwise';
}
