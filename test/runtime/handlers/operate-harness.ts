import type { EventSource } from '../../../src/runtime/handlers/operate/event-source';
import { operate } from '../../../src/runtime/handlers/operate/operate';
import type { JobRecord } from '../../../src/runtime/protocol/record';
import { FileTooLong } from '../../../src/runtime/store/files/job-files';
import { ended, NOW } from '../../support/job-fixtures';
import { MemoryIndex } from '../../support/memory-index';
import { MemoryQueue, MemoryStore } from '../../support/memory-store';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

export interface Answer {
  readonly [name: string]: unknown;
  readonly job: Record<string, unknown>;
  readonly jobs: readonly { readonly job_id: string; readonly [name: string]: unknown }[];
  readonly next_token?: string;
}

export const id = (number: number) => `job_${String(number).padStart(26, '0')}`;
export const failedJob = (number: number, changes: Partial<JobRecord> = {}) =>
  ended('failed', { job_id: id(number), finished_at: NOW - 10_000 + number, ...changes });
export const failedJobs = (count: number, changes: (number: number) => Partial<JobRecord> = () => ({})) =>
  Array.from({ length: count }, (_, number) => failedJob(number, changes(number)));
export const failure = (type: string) => ({ error: { type, message: 'broken', attempt: 1 } });
/** What somebody sent to the queue that was no job. */
export const NO_JOB = { run: 0, ...failure('InvalidMessage') } as const;

/** The operate function over a pipeline in memory. */
export class OperateHarness {
  readonly store = new MemoryStore();
  readonly queue = new MemoryQueue();
  readonly index = new MemoryIndex(this.store);
  readonly log = new MemoryLog();
  readonly metrics = new MemoryMetrics();
  readonly files = new Map<string, string>();
  readonly eventSource: EventSource & { asked: unknown[] } = {
    asked: [],
    state: async () => 'Enabled',
    async enable(enabled) {
      this.asked.push(enabled);
      return enabled ? 'Enabling' : 'Disabling';
    },
  };
  logGroups: Record<string, string> | null = { Worker: '/aws/lambda/analyse', SubmitLogs: 'drawings-submit' };
  /** Runs whose executions were stopped. */
  readonly stopped: number[] = [];
  now = NOW;
  /** What is left of the time, whenever that is asked; half a minute after these. */
  remaining: number[] = [];

  put(...jobs: JobRecord[]): void {
    jobs.forEach((job) => this.store.records.set(job.job_id, job));
  }

  async ask(event: unknown): Promise<Answer> {
    const { files } = this;
    return await operate(event, { awsRequestId: 'request-1', getRemainingTimeInMillis: () => this.remaining.shift() ?? 30_000 }, {
      ports: { store: this.store, queue: this.queue, now: () => this.now },
      index: this.index,
      eventSource: this.eventSource,
      countQueue: async (queueUrl) => ({ waiting: queueUrl.length, in_flight: 1, delayed: 0, retention_seconds: 345_600 }),
      files: {
        put: async () => {},
        async get(key, mostBytes = Infinity) {
          if (!files.has(key)) throw new Error('no such key');
          const text = files.get(key)!;
          if (text.length > mostBytes) throw new FileTooLong(text.length, mostBytes);
          return text;
        },
      },
      settings: {
        pipeline: 'drawings',
        filesPrefix: 'Jobs-1A2B3C',
        table: 'jobs',
        queueUrl: 'https://jobs',
        deadLetterQueueUrl: 'https://dead',
        bucket: 'files',
        deadlineSeconds: 3_600,
        logGroups: this.logGroups,
      },
      stopExecution: async ({ run }) => { this.stopped.push(run); },
      metrics: this.metrics,
      log: this.log,
    }) as Answer;
  }
}
