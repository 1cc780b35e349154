import type { Delivery, JobQueue } from './job-queue';
import type { JobStore } from './job-store';
import { decide } from '../protocol/decide';
import type { Decision, Outcome, Step } from '../protocol/decision';
import type { JobEvent } from '../protocol/event';
import type { JobRecord } from '../protocol/record';
import { apply } from '../protocol/write';

/** Everything the steps of a decision are taken on. */
export interface Ports {
  readonly store: JobStore;
  readonly queue: JobQueue;
  /** Where a message is in hand. */
  readonly delivery?: Delivery;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What was done about an event. */
export interface Performed {
  readonly outcome: Outcome;
  /** The record it was decided on. */
  readonly before: JobRecord | undefined;
  /** The record as it stands after the writes. */
  readonly record: JobRecord | undefined;
  /** The attempt is the caller's to run. */
  readonly run: boolean;
  /** What it means was counted and logged by whoever has done it. */
  readonly told?: boolean;
}

/** One of the steps could not be taken, for a reason that has nothing to do with the job: throttling, transport, permissions. */
export class StepFailed extends Error {
  readonly name = 'StepFailed';

  /** @param sent whether a message had been sent already, so that the job's life goes on whatever the caller does */
  constructor(readonly step: Step['do'], readonly sent: boolean, cause: unknown) {
    super(`could not ${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Each lost round is somebody else's transition, and a job has few of those at a time. */
const MAX_ROUNDS = 16;

/**
 * Decides about an event and takes the steps in their order. When a write does not hold, the decision is taken anew
 * on the record that the store answered with. The one executor of the protocol: every handler goes through it.
 * @param known the record, or what it is guessed to be: a wrong guess costs one more write and nothing else
 */
export async function perform(event: JobEvent, known: JobRecord | undefined, ports: Ports): Promise<Performed> {
  const messages = { sent: false };
  let before = known;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const now = ports.now();
    const decision = decide(before, event, now);
    const taken = await take(decision, before, ports, messages, now);
    if (taken.held) {
      return { outcome: decision.outcome, before, record: taken.record, run: taken.run };
    }
    before = taken.stored;
  }
  throw new Error(`the record of ${before?.job_id} changed ${MAX_ROUNDS} times while "${event.type}" was being decided`);
}

type Taken =
  | { readonly held: true; readonly record: JobRecord | undefined; readonly run: boolean }
  | { readonly held: false; readonly stored: JobRecord | undefined };

async function take(
  { steps }: Decision, before: JobRecord | undefined, ports: Ports, messages: { sent: boolean }, now: number,
): Promise<Taken> {
  let record = before;
  let run = false;
  for (const step of steps) {
    try {
      switch (step.do) {
        case 'create':
        case 'update': {
          const result = await ports.store.write(step, now);
          if (!result.held) {
            return result;
          }
          record = apply(step, record);
          break;
        }
        case 'send':
          await ports.queue.send(step.message, step.delay_ms);
          messages.sent = true;
          break;
        case 'hide':
          await inHand(ports).hide(step.until);
          break;
        case 'acknowledge':
          inHand(ports).acknowledge();
          break;
        case 'run':
          run = true;
          break;
      }
    } catch (error) {
      throw new StepFailed(step.do, messages.sent, error);
    }
  }
  return { held: true, record, run };
}

function inHand({ delivery }: Ports): Delivery {
  if (!delivery) {
    throw new Error('no message is in hand');
  }
  return delivery;
}
