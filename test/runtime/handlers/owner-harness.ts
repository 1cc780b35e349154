import type { APIGatewayProxyEvent } from 'aws-lambda';
import { ACME, request, said, type Said } from './api-harness';
import { change } from '../../../src/runtime/handlers/change/change';
import { direct } from '../../../src/runtime/handlers/http/direct';
import { route, type Request } from '../../../src/runtime/handlers/http/route';
import type { SubmitLimit } from '../../../src/runtime/handlers/limit/submit-limit';
import { read, readDirectly } from '../../../src/runtime/handlers/status/read';
import type { SignObject } from '../../../src/runtime/handlers/status/result-url';
import type { JobRecord } from '../../../src/runtime/protocol/record';
import type { JobIndex } from '../../../src/runtime/store/job-index';
import type { JobStore } from '../../../src/runtime/store/job-store';
import { NOW } from '../../support/job-fixtures';
import { MemoryIndex } from '../../support/memory-index';
import { MemoryQueue, MemoryStore } from '../../support/memory-store';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

/** Who asks: customers by their keys. */
export const ACMES_KEY = 'key1';
export const OTHERS_KEY = 'key2';

/** What owners do with jobs that exist, on memory or on what it is given. */
export class OwnerHarness {
  readonly store = new MemoryStore();
  readonly index = new MemoryIndex(this.store);
  readonly queue = new MemoryQueue();
  readonly log = new MemoryLog();
  readonly metrics = new MemoryMetrics();
  now = NOW;
  sign?: SignObject;
  /** Runs whose executions were stopped. */
  readonly stopped: number[] = [];
  limit?: SubmitLimit;

  constructor(private readonly other: { readonly store?: JobStore; readonly index?: JobIndex } = {}) {}

  put(...records: JobRecord[]): void {
    records.forEach((record) => this.store.records.set(record.job_id, record));
  }

  async status(job_id: string, key = ACMES_KEY): Promise<Said> {
    return this.call(async (given) => read(given, this.parts), { pathParameters: { job_id } }, key);
  }

  async list(query: Record<string, string> | null = null, key = ACMES_KEY): Promise<Said> {
    return this.call(async (given) => read(given, this.parts), { queryStringParameters: query }, key);
  }

  async cancel(job_id: string, key = ACMES_KEY): Promise<Said> {
    return this.call(async (given) => change(given, this.parts), at(job_id, 'cancel'), key);
  }

  async retry(job_id: string, key = ACMES_KEY): Promise<Said> {
    return this.call(async (given) => change(given, this.parts), at(job_id, 'retry'), key);
  }

  /** As who may invoke the function does. */
  async direct(event: unknown): Promise<Record<string, unknown>> {
    return direct(async (given) => readDirectly(given, this.parts), this)(event, { awsRequestId: 'invocation-1' }) as Promise<Record<string, unknown>>;
  }

  /** The jobs in a list, by their ids. */
  idsOf({ body }: Said): unknown[] {
    return (body.jobs as { job_id: string }[]).map(({ job_id }) => job_id);
  }

  private get parts() {
    return {
      filesPrefix: 'Jobs-1A2B3C',
      store: this.other.store ?? this.store,
      index: this.other.index ?? this.index,
      ports: { store: this.other.store ?? this.store, queue: this.queue, now: () => this.now },
      now: () => this.now,
      ownerOf: ACME,
      limit: this.limit,
      deadlineSeconds: 3_600,
      cancelPath: '/jobs/{job_id}/cancel',
      retryPath: '/jobs/{job_id}/retry',
      statusPath: '/jobs/{job_id}',
      stopExecution: async ({ run }: JobRecord) => { this.stopped.push(run); },
      metrics: this.metrics,
      ...(this.sign && { sign: this.sign }),
    };
  }

  private async call(
    handle: (given: Request) => ReturnType<typeof read>, event: Partial<APIGatewayProxyEvent>, key: string,
  ): Promise<Said> {
    const asked = request(key);
    const requestContext = { ...asked.requestContext, ...event.requestContext };
    return said(await route(handle, this)({ ...asked, ...event, requestContext }));
  }
}

function at(job_id: string, what: string): Partial<APIGatewayProxyEvent> {
  const requestContext = { path: `/v1/jobs/${job_id}/${what}`, resourcePath: `/jobs/{job_id}/${what}` };
  return { pathParameters: { job_id }, requestContext: requestContext as APIGatewayProxyEvent['requestContext'] };
}
