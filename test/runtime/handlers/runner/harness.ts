import { callFunction, CallParts } from '../../../../src/runtime/handlers/runner/call-function';
import { invokeOf } from '../../../../src/runtime/handlers/runner/invoke';
import { processBatch } from '../../../../src/runtime/node/batch';
import { JobMessage } from '../../../../src/runtime/protocol/message';
import { JobRecord } from '../../../../src/runtime/protocol/record';
import { message, record } from '../../../support/job-fixtures';
import { jobRecord, lambdaContext, WorkerHarness } from '../../../support/worker-harness';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:analyse:live';

/** What Lambda answers, or throws. */
export type Answer = { readonly returns: unknown } | { readonly fails: unknown } | { readonly throws: object };

interface Sent { readonly input: { readonly Payload: Uint8Array; readonly [name: string]: unknown } }

/** A runner on memory, with a Lambda that answers as it is told. */
export class RunnerHarness extends WorkerHarness {
  readonly calls: { input: Sent['input']; request: Record<string, unknown>; requestTimeout?: number }[] = [];
  readonly slept: number[] = [];
  /** Called while the function is at work. */
  during?: () => void;

  constructor(private readonly answer: Answer | undefined, changes: Partial<CallParts> = {}) {
    super();
    const client = { send: async (command: Sent, options: { requestTimeout?: number }) => this.send(command, options) };
    this.parts = {
      ...this.parts,
      settings: { ...this.parts.settings, shutdownMs: 0 },
      runJob: callFunction({
        invoke: invokeOf(client as never, FUNCTION_ARN),
        timeoutMs: 30_000,
        now: () => this.now,
        random: () => 0,
        sleep: async (ms) => this.slept.push(ms),
        ...changes,
      }),
    };
  }

  /** Runs the job of a message once. @returns its record */
  async run(known: Partial<JobRecord> = {}, sent: Partial<JobMessage> = {}, remainingMs = 60_000): Promise<JobRecord> {
    this.store.records.set(message(sent).job_id, record({ ...sent, ...known }));
    await processBatch([jobRecord(sent, { receiveCount: 2 })], lambdaContext(() => remainingMs), this.parts);
    return this.store.only;
  }

  private async send({ input }: Sent, { requestTimeout }: { requestTimeout?: number }) {
    this.calls.push({ input, request: JSON.parse(Buffer.from(input.Payload).toString()) as Record<string, unknown>, requestTimeout });
    this.during?.();
    const { answer } = this;
    const $metadata = { requestId: 'called-1' };
    if (answer === undefined) {
      return new Promise(() => {});
    }
    if ('throws' in answer) {
      throw Object.assign(new Error('what Lambda says of arn:aws:iam::123456789012:role/Runner'), answer.throws);
    }
    const text = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    return 'fails' in answer
      ? { $metadata, StatusCode: 200, FunctionError: 'Unhandled', LogResult: 'c2VjcmV0', Payload: text(answer.fails) }
      : { $metadata, StatusCode: 200, Payload: answer.returns === undefined ? undefined : text(answer.returns) };
  }
}

/** JSON that is returned. */
export const returns = (value: unknown): Answer => ({ returns: value === undefined ? undefined : JSON.stringify(value) });
