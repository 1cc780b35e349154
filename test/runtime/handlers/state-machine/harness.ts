import { processDeadLetters } from '../../../../src/runtime/handlers/dead-letter/dead-letter';
import { executionEnded } from '../../../../src/runtime/handlers/state-machine/ended';
import { type EndedExecution, type Execution, type Executions, StartRefused } from '../../../../src/runtime/handlers/state-machine/executions';
import type { ExecutionParts } from '../../../../src/runtime/handlers/state-machine/settle';
import { Starter } from '../../../../src/runtime/handlers/state-machine/starter';
import { sweep } from '../../../../src/runtime/handlers/sweeper/sweeper';
import { processBatch } from '../../../../src/runtime/node/batch';
import type { JobMessage } from '../../../../src/runtime/protocol/message';
import type { Ports } from '../../../../src/runtime/store/perform';
import type { Slots } from '../../../../src/runtime/store/slots';
import { message } from '../../../support/job-fixtures';
import { MemoryIndex } from '../../../support/memory-index';
import { lambdaContext, sqsRecord, WorkerHarness } from '../../../support/worker-harness';

/** Told of each call before it is made and after it; throws to have it fail, or to have its answer lost. */
type Watch = (call: string, when: 'before' | 'after') => void;

/** Executions as Step Functions keeps them: one for each name, for ever. */
export class MemoryExecutions implements Executions {
  readonly all = new Map<string, { status: Execution['status']; input: string; output?: string; error?: string; cause?: string }>();
  refuse?: Error;

  constructor(private readonly watch: Watch) {}

  async start(name: string, input: string): Promise<void> {
    this.watch('start', 'before');
    if (this.refuse) throw this.refuse;
    const known = this.all.get(name);
    if (known && (known.status !== 'RUNNING' || known.input !== input)) throw new StartRefused('exists', 'there is one');
    this.all.set(name, known ?? { status: 'RUNNING', input });
    this.watch('start', 'after');
  }

  async describe(name: string): Promise<Execution | undefined> {
    this.watch('describe', 'before');
    const found = this.all.get(name);
    return found as Execution | undefined;
  }

  async stop(name: string, error: string, cause: string): Promise<void> {
    this.watch('stop', 'before');
    const found = this.all.get(name);
    if (found?.status === 'RUNNING') this.all.set(name, { ...found, status: 'ABORTED', error, cause });
    this.watch('stop', 'after');
  }

  get running(): string[] {
    return [...this.all].filter(([, { status }]) => status === 'RUNNING').map(([name]) => name);
  }
}

export class MemorySlots implements Slots {
  readonly taken = new Set<string>();

  constructor(private readonly watch: Watch) {}

  async take(name: string, most: number): Promise<boolean> {
    this.watch('take', 'before');
    if (this.taken.size >= most && !this.taken.has(name)) return false;
    this.taken.add(name);
    this.watch('take', 'after');
    return true;
  }

  async release(name: string): Promise<void> {
    this.watch('release', 'before');
    this.taken.delete(name);
    this.watch('release', 'after');
  }

  async names(): Promise<string[]> {
    this.watch('names', 'before');
    return [...this.taken];
  }
}

export const TIMEOUT_MS = 3_600_000;

/** A pipeline whose jobs a state machine runs, on memory: everything but the queue's own doings and Step Functions' is the real code. */
export class ExecutionWorld extends WorkerHarness {
  readonly executions = new MemoryExecutions((...call) => this.watch(...call));
  readonly slots = new MemorySlots((...call) => this.watch(...call));
  readonly index = new MemoryIndex(this.store);
  most = 1;
  files?: ExecutionParts['files'];
  watch: Watch = () => undefined;

  get executionParts(): ExecutionParts {
    const { backoff, filesPrefix } = this.parts.settings;
    const { executions, slots, files } = this;
    return { executions, slots, backoff, filesPrefix, timeoutMs: TIMEOUT_MS, random: () => 0, ...(files && { files }) };
  }

  get ports(): Ports {
    return { store: this.store, queue: this.queue, now: () => this.now };
  }

  /** Whether the message was deleted. */
  async deliver(body: JobMessage = message(), receiveCount = 1, remaining = 30_000): Promise<boolean> {
    const starter = new Starter({
      ...this.executionParts, store: this.store, maxConcurrency: this.most, metrics: this.metrics, now: () => this.now, bucket: this.files?.bucket,
    });
    const { batchItemFailures } = await processBatch(
      [sqsRecord(JSON.stringify(body), { receiveCount })], lambdaContext(() => remaining), { ...this.parts, elsewhere: starter },
    );
    return batchItemFailures.length === 0;
  }

  ends(name: string, status: EndedExecution['status'], more: Omit<EndedExecution, 'status'> = {}): void {
    this.executions.all.set(name, { ...this.executions.all.get(name)!, status, ...more });
  }

  async told(name: string, detail: object = {}): Promise<void> {
    const { status, output, error, cause } = this.executions.all.get(name)! as EndedExecution;
    await executionEnded({ detail: { name, status, output: output ?? null, error: error ?? null, cause: cause ?? null, ...detail } }, {
      ...this.executionParts, ports: this.ports, metrics: this.metrics, log: this.log,
    });
  }

  async sweep() {
    return sweep({ getRemainingTimeInMillis: () => 60_000 }, {
      ports: this.ports, index: this.index, metrics: this.metrics, log: this.log, executions: this.executionParts,
    });
  }

  async deadLetter(body: JobMessage = message()): Promise<boolean> {
    const { batchItemFailures } = await processDeadLetters([sqsRecord(JSON.stringify(body), { receiveCount: 12 })], {
      filesPrefix: this.parts.settings.filesPrefix,
      ports: this.ports,
      visibility: this.parts.visibility,
      metrics: this.metrics,
      log: this.log,
      executions: this.executionParts,
    });
    return batchItemFailures.length === 0;
  }
}
