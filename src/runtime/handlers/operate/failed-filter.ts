import type { JobOutline } from '../../store/job-index';

/** Which jobs are meant, among those that failed; all of them without either. */
export interface FailedFilter {
  readonly owner?: string;
  /** The type of the error that a job failed with. */
  readonly error_type?: string;
}

export function isFilter({ owner, error_type }: FailedFilter): boolean {
  return (owner ?? error_type) !== undefined;
}

export function isMeant(job: Pick<JobOutline, 'owner' | 'error'>, { owner, error_type }: FailedFilter): boolean {
  return (owner === undefined || job.owner === owner) && (error_type === undefined || job.error?.type === error_type);
}
