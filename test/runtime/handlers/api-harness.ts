import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { direct } from '../../../src/runtime/handlers/http/direct';
import { ownerOf, type OwnerOf } from '../../../src/runtime/handlers/http/owner';
import { route, type ApiHandler } from '../../../src/runtime/handlers/http/route';
import { status } from '../../../src/runtime/handlers/status/status';
import { submitBatch } from '../../../src/runtime/handlers/submit/batch';
import { submitDirectly } from '../../../src/runtime/handlers/submit/direct';
import { type JudgePayload } from '../../../src/runtime/handlers/submit/payload';
import { submit, SubmitParts } from '../../../src/runtime/handlers/submit/submit';
import type { BatchQueue } from '../../../src/runtime/store/batch-queue';
import type { JobStore } from '../../../src/runtime/store/job-store';
import { NOW } from '../../support/job-fixtures';
import { MemoryFiles } from '../../support/memory-files';
import { MemoryQueue, MemoryStore } from '../../support/memory-store';
import { MemoryLog, MemoryMetrics } from '../../support/worker-harness';

/** What an answer says, read back. */
export interface Said {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: { [name: string]: unknown; error?: { code: string; message: string; correlation_id: string } };
}

export const ACME: OwnerOf = ownerOf({ JOBWORKS_AUTHENTICATION: 'api-key', JOBWORKS_CUSTOMERS: '{"key1":"acme","key2":"other"}' });

/** The API on memory, or on what it is given. */
export class ApiHarness {
  readonly store = new MemoryStore();
  readonly queue = new MemoryQueue();
  readonly log = new MemoryLog();
  readonly metrics = new MemoryMetrics();

  files?: MemoryFiles;
  limit?: SubmitParts['limit'];

  constructor(private readonly otherStore?: JobStore, private readonly otherQueue?: BatchQueue) {}

  judge: JudgePayload = () => {};

  async submit(event: Partial<APIGatewayProxyEvent>): Promise<Said> {
    return this.call(route(async (given) => submit(given, this.parts), this), event);
  }

  async batch(event: Partial<APIGatewayProxyEvent>): Promise<Said> {
    return this.call(route(async (given) => submitBatch(given, this.parts), this), event);
  }

  /** As who may invoke the function does. */
  async direct(event: unknown): Promise<object> {
    return direct(async (given) => submitDirectly(given, this.parts), this)(event, { awsRequestId: 'invocation-1' });
  }

  async status(job_id: string, event: Partial<APIGatewayProxyEvent> = {}): Promise<Said> {
    return this.call(
      route(async (given) => status(given, { filesPrefix: 'Jobs-1A2B3C', store: this.otherStore ?? this.store, ownerOf: ACME, now: () => NOW }), this),
      { pathParameters: { job_id }, ...event },
    );
  }

  private get parts() {
    return {
      filesPrefix: 'Jobs-1A2B3C',
      ports: { store: this.otherStore ?? this.store, queue: this.otherQueue ?? this.queue, now: () => NOW },
      ownerOf: ACME,
      rules: { judge: this.judge, hasBucket: this.files !== undefined },
      files: this.files,
      limit: this.limit,
      settings: { maxAttempts: 3, deadlineSeconds: 3_600, retentionSeconds: 86_400 },
      statusPath: '/status/{job_id}',
      metrics: this.metrics,
    };
  }

  private async call(handler: ApiHandler, event: Partial<APIGatewayProxyEvent>): Promise<Said> {
    return said(await handler({ ...request('key1'), ...event }));
  }
}

export function said({ statusCode, headers, body }: APIGatewayProxyResult): Said {
  return { status: statusCode, headers: headers ?? {}, body: JSON.parse(body) };
}

export function request(apiKeyId: string | null): APIGatewayProxyEvent {
  return {
    headers: {},
    body: null,
    isBase64Encoded: false,
    pathParameters: null,
    requestContext: { requestId: 'request-1', stage: 'v1', identity: { apiKeyId } },
  } as unknown as APIGatewayProxyEvent;
}
