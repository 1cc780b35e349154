import { Decision } from '../decision';
import { AttemptEvent } from '../event';
import { hasMoved, JobError, JobRecord } from '../record';
import { Changes, ending, update } from '../write';
import { deadlineExceeded } from './system-errors';
import { sendAnew, sendFirst } from './waiting';

type Failure = Extract<AttemptEvent, { type: 'fail' }>;

/** What a running attempt reports. A frozen one that wakes after another has claimed the job changes nothing. */
export function attempt(record: JobRecord | undefined, event: AttemptEvent, now: number): Decision {
  if (record?.status !== 'processing' || record.run !== event.run) {
    return { outcome: 'fenced', steps: [] };
  }
  switch (event.type) {
    case 'checkpoint': return saved(record, checkpointed(record, event, now), now);
    case 'complete_stage': return saved(record, stageCompleted(record, event.stage), now);
    case 'progress': return saved(record, { progress: event.progress, progress_note: event.note }, now);
    case 'succeed': return ended(record, 'succeeded', { progress: 1, result: event.result, error: undefined }, now);
    case 'stop': return ended(record, 'cancelled', {}, now);
    case 'defer': return defer(record, event.delay_ms, now);
    case 'fail': return fail(record, event, now);
  }
}

/** Neither the stamp nor the lease changes: a save tells the attempt only whether the job is still its own. */
function saved(record: JobRecord, changes: Changes, now: number): Decision {
  return { outcome: 'saved', steps: [update(record, changes, now)] };
}

function checkpointed(record: JobRecord, event: Extract<AttemptEvent, { type: 'checkpoint' }>, now: number): Changes {
  return {
    checkpoint: event.checkpoint,
    last_checkpoint: now,
    ...(event.checkpoint !== record.checkpoint && { checkpoint_run: record.run }),
    ...(event.stage !== undefined && { current_stage: event.stage }),
  };
}

function stageCompleted(record: JobRecord, stage: string): Changes {
  return {
    stages_completed: record.stages_completed.includes(stage) ? record.stages_completed : [...record.stages_completed, stage],
    ...(record.current_stage === stage && { current_stage: undefined }),
  };
}

/** Success wins over a cancellation that came too late, so it is judged by the status alone. */
function ended(record: JobRecord, status: 'succeeded' | 'failed' | 'cancelled', changes: Changes, now: number, error?: JobError): Decision {
  return { outcome: status, steps: [update(record, { ...changes, ...ending(record, status, now, error) }, now), { do: 'acknowledge' }] };
}

function defer(record: JobRecord, delay_ms: number, now: number): Decision {
  if (record.cancel_requested) {
    return ended(record, 'cancelled', {}, now);
  }
  if (record.deadline_at <= now) {
    return ended(record, 'failed', {}, now, deadlineExceeded(record.attempt, record.error));
  }
  return { outcome: 'deferred', steps: sendAnew(record, delay_ms, {}, now) };
}

function fail(record: JobRecord, { error, retry, delay_ms, detached }: Failure, now: number): Decision {
  if (record.cancel_requested) {
    return ended(record, 'cancelled', {}, now, error);
  }
  if (!retry || record.deadline_at <= now) {
    return ended(record, 'failed', {}, now, error);
  }
  if (hasMoved(record)) {
    const steps = detached ? sendFirst(record, delay_ms, { attempt: record.attempt - 1, error }, now) : sendAnew(record, delay_ms, { error }, now);
    return { outcome: 'resumed', steps };
  }
  if (record.attempt >= record.max_attempts) {
    return ended(record, 'failed', {}, now, error);
  }
  if (detached) {
    return { outcome: 'retrying', steps: sendFirst(record, delay_ms, { error }, now) };
  }
  const not_before = now + delay_ms;
  return {
    outcome: 'retrying',
    steps: [update(record, { status: 'queued', not_before, lease_expires_at: undefined, error }, now), { do: 'hide', until: not_before }],
  };
}
