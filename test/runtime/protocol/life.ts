import { decide } from '../../../src/runtime/protocol/decide';
import { Decision, Outcome, Step, WriteStep } from '../../../src/runtime/protocol/decision';
import { AttemptEvent, JobEvent } from '../../../src/runtime/protocol/event';
import { JobMessage } from '../../../src/runtime/protocol/message';
import { payloadHash } from '../../../src/runtime/protocol/payload';
import { JobRecord } from '../../../src/runtime/protocol/record';
import { apply, holds } from '../../../src/runtime/protocol/write';

export const START = 1_767_225_600_000;

export function message(changes: Partial<JobMessage> = {}): JobMessage {
  return {
    version: 1,
    job_id: 'job_01KDVDNB00ABCDEFGHJKMNPQRS',
    owner: 'acme',
    generation: 0,
    payload: '{"pages":3}',
    payload_hash: payloadHash({ pages: 3 }),
    max_attempts: 3,
    created_at: START,
    deadline_at: START + 3_600_000,
    retention_seconds: 86_400,
    correlation_id: 'c-1',
    ...changes,
  };
}

/** What an attempt reports, but for its run. */
type Report = AttemptEvent extends infer Event ? Event extends AttemptEvent ? Omit<Event, 'run'> : never : never;

/** One job from its first call on, with a clock of its own. Steps can be cut off where a process dies. */
export class Life {
  record?: JobRecord;
  now = START;
  /** What was sent. */
  readonly messages: JobMessage[] = [];
  /** The last decision that was carried out to its end, or as far as it got. */
  last!: Decision;

  /**
   * Decides, and takes the steps in order, as every handler does.
   * @param options `known`: what the process takes the record to be; `steps`: how many steps are taken before the process dies
   */
  happens(event: JobEvent, options: { readonly known?: JobRecord; readonly steps?: number } = {}): Outcome {
    let decision = decide('known' in options ? options.known : this.record, event, this.now);
    for (let index = 0; index < Math.min(decision.steps.length, options.steps ?? Infinity); index++) {
      const step = decision.steps[index];
      if (isWrite(step) && !holds(step, this.record, this.now)) {
        decision = decide(this.record, event, this.now);
        index = -1;
      } else if (isWrite(step)) {
        this.record = apply(step, this.record);
      } else if (step.do === 'send') {
        this.messages.push(step.message);
      }
    }
    this.last = decision;
    return decision.outcome;
  }

  submitted(changes: Partial<JobMessage> = {}): this {
    this.happens({ type: 'submit', message: message(changes) });
    return this;
  }

  /** A worker with a minute left receives a message, the last one sent unless another is given. */
  delivered(given: JobMessage = this.messages.at(-1)!): Outcome {
    return this.happens({ type: 'deliver', message: given, remaining_ms: 60_000 });
  }

  /** The attempt of a run (the one that holds the job, unless another is given) says something. */
  reports(report: Report, run = this.record!.run): Outcome {
    return this.happens({ ...report, run } as AttemptEvent);
  }

  fails(delay_ms = 0): Outcome {
    return this.reports({ type: 'fail', error: { type: 'Error', message: 'broken', attempt: this.record!.attempt }, retry: true, delay_ms });
  }

  later(ms: number): this {
    this.now += ms;
    return this;
  }

  does(step: Step['do']): boolean {
    return this.last.steps.some(({ do: what }) => what === step);
  }
}

function isWrite(step: Step): step is WriteStep {
  return step.do === 'create' || step.do === 'update';
}
