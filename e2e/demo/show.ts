import type { Act } from './act';
import type { Measures } from './measured';
import type { Style } from './style';
import type { JobClient, JobStatus } from '../job-client/job-client';
import type { LocalCloud } from '../local-cloud/local-cloud';
import type { Deployed } from '../support/deployed';
import type { Example } from '../support/synthesise';

/** An example on the stage: what is deployed, who uses it and how, and what there is to tell of it. */
export interface Show {
  readonly example: Example;
  readonly measures: Measures;
  /** The result of a job in a few words. */
  readonly summary: (result: unknown) => string;
  /** Who comes when it is deployed. */
  readonly open: (deployed: Deployed) => Promise<Stage>;
}

/** The example, deployed and ready to be used. */
export interface Stage {
  readonly url: string;
  /** API key of the customer who submits. */
  readonly key: string;
  readonly client: JobClient;
  readonly acts: readonly Act[];
  /** How often a worker started a job. */
  readonly runsOf: (jobId: string) => Promise<number>;
  /** What can be seen of a job that is at work beside what the API says. @default - nothing */
  readonly lookCloser?: (job: JobStatus) => Promise<Partial<JobStatus>>;
  /** Jobs that are submitted beside those of the acts. @default - none */
  readonly others?: () => number;
  /** What there is to see when all jobs are over, and what is wrong with it. @default - nothing */
  readonly epilogue?: (style: Style, width?: number) => Promise<{ readonly text: string; readonly problems: readonly string[] }>;
  /** Lines for a shell, by what they do, for who goes on by hand. */
  readonly commands: (cloud: LocalCloud, jobId: string) => readonly (readonly [about: string, line: string])[];
}
