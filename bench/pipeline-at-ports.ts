import type { APIGatewayProxyEvent } from 'aws-lambda';
import { change } from '../src/runtime/handlers/change/change';
import type { Request } from '../src/runtime/handlers/http/route';
import { list } from '../src/runtime/handlers/status/list';
import { status } from '../src/runtime/handlers/status/status';
import { submitBatch } from '../src/runtime/handlers/submit/batch';
import { submit } from '../src/runtime/handlers/submit/submit';
import { processBatch } from '../src/runtime/node/batch';
import type { UserHandler } from '../src/runtime/node/load-handler';
import type { BatchQueue, Outgoing } from '../src/runtime/store/batch-queue';
import type { PostgresStore } from '../src/runtime/store/postgres/postgres-store';
import { lambdaContext, sqsRecord, WorkerHarness } from '../test/support/worker-harness';

const OWNER = 'customer:bench';
const CORRELATION_ID = 'bench';
const PATHS = { cancelPath: '/jobs/{job_id}/cancel', retryPath: '/jobs/{job_id}/retry', statusPath: '/jobs/{job_id}' };
const SETTINGS = { maxAttempts: 3, deadlineSeconds: 86_400, retentionSeconds: 86_400 };
/** What a worker has for a delivery. */
const FUNCTION_MS = 3_000;

interface Waiting {
  readonly body: string;
  readonly receipt: string;
  receives: number;
  from: number;
}

/**
 * The functions of a pipeline, called as their entries call them, on a store that is there and a queue in memory. Its clock goes on when a
 * message would be waited for.
 */
export class PipelineAtPorts {
  private readonly harness: WorkerHarness;
  private readonly messages: Waiting[] = [];
  private readonly queue: BatchQueue = {
    send: async (message, delay_ms) => this.put(JSON.stringify(message), delay_ms),
    sendAll: async (all: readonly Outgoing[]) => all.map(({ message, delay_ms }) => this.put(JSON.stringify(message), delay_ms)),
  };
  private die?: () => void;

  constructor(private readonly jobs: PostgresStore, handler: (die: () => Promise<never>) => UserHandler) {
    this.harness = new WorkerHarness(handler(async () => {
      this.die?.();
      return new Promise<never>(() => {});
    }));
    this.harness.parts = {
      ...this.harness.parts,
      store: jobs.store,
      queue: Object.assign(this.queue, { sendAgain: async ({ body }: { body: string }, delay_ms: number) => this.put(body, delay_ms) }),
      visibility: {
        hide: async (receipt, ms) => { this.of(receipt).from = this.harness.now + ms; },
        hideAll: async (receipts, ms) => {
          receipts.forEach(receipt => { this.of(receipt).from = this.harness.now + ms; });
          return 0;
        },
      },
      settings: { ...this.harness.parts.settings, shutdownMs: 1_000 },
    };
  }

  public async submit(payload: unknown): Promise<string> {
    const { body } = await submit(this.request({ body: JSON.stringify(payload) }), this.submitParts);
    return (body as { job_id: string }).job_id;
  }

  public async submitBatch(payloads: readonly unknown[]): Promise<void> {
    await submitBatch(this.request({ body: JSON.stringify({ jobs: payloads.map(payload => ({ payload })) }) }), this.submitParts);
  }

  public async retry(job_id: string): Promise<void> {
    await this.change(PATHS.retryPath, job_id);
  }

  public async cancel(job_id: string): Promise<void> {
    await this.change(PATHS.cancelPath, job_id);
  }

  public async status(job_id: string): Promise<string> {
    const parts = { ownerOf: () => OWNER, store: this.jobs.store, now: () => this.harness.now, filesPrefix: 'bench' };
    return ((await status(this.request({ pathParameters: { job_id } }), parts)).body as { status: string }).status;
  }

  public async list(): Promise<void> {
    await list(this.request({}), { ownerOf: () => OWNER, index: this.jobs.index, now: () => this.harness.now });
  }

  /** Runs the worker until the queue is empty, or for so many deliveries. */
  public async work(deliveries = Infinity): Promise<void> {
    for (let delivered = 0; delivered < deliveries && this.messages.length > 0; delivered++) {
      const next = this.messages.reduce((first, message) => message.from < first.from ? message : first);
      this.harness.now = Math.max(this.harness.now, next.from);
      const record = sqsRecord(next.body, { receiptHandle: next.receipt, receiveCount: ++next.receives });
      const died = new Promise<void>(resolve => { this.die = resolve; });
      const ended = await Promise.race([processBatch([record], lambdaContext(() => FUNCTION_MS), this.harness.parts), died]);
      if (ended?.batchItemFailures.length === 0) this.messages.splice(this.messages.indexOf(next), 1);
    }
  }

  private put(body: string, delay_ms: number): undefined {
    this.messages.push({ body, receipt: `receipt-${Math.random()}`, receives: 0, from: this.harness.now + delay_ms });
  }

  private of(receipt: string): Waiting {
    return this.messages.find(message => message.receipt === receipt)!;
  }

  private async change(path: string, job_id: string): Promise<void> {
    await change(this.request({ pathParameters: { job_id }, path }), {
      ...PATHS, ports: this.ports, ownerOf: () => OWNER, deadlineSeconds: SETTINGS.deadlineSeconds, metrics: this.harness.metrics,
    });
  }

  private get ports() {
    return { store: this.jobs.store, queue: this.queue, now: () => this.harness.now };
  }

  private get submitParts() {
    return {
      filesPrefix: 'bench',
      ports: this.ports,
      rules: { judge: () => {}, hasBucket: false },
      settings: SETTINGS,
      metrics: this.harness.metrics,
      ownerOf: () => OWNER,
      statusPath: PATHS.statusPath,
    };
  }

  private request({ path = '', ...event }: { body?: string; path?: string; pathParameters?: Record<string, string> }): Request {
    const asked = { headers: {}, requestContext: { resourcePath: path, stage: 'bench' }, ...event } as unknown as APIGatewayProxyEvent;
    return { event: asked, correlation_id: CORRELATION_ID, log: this.harness.log };
  }
}
