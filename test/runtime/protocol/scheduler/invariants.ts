import { isTerminal, JobRecord } from '../../../../src/runtime/protocol/record';

/** What is wrong with a record, whatever came before. */
export function brokenRecord(record: JobRecord): string | undefined {
  const ended = isTerminal(record.status);
  if (ended !== (record.expires_at !== undefined)) {
    return 'expires_at is not set exactly when the job has ended';
  }
  if (ended !== (record.finished_at !== undefined)) {
    return 'finished_at is not set exactly when the job has ended';
  }
  if ((record.status === 'processing') !== (record.lease_expires_at !== undefined)) {
    return 'there is a lease without an attempt, or an attempt without a lease';
  }
  if (record.not_before !== undefined && record.status !== 'queued') {
    return 'a job waits that is not queued';
  }
  if (record.attempt < 0 || record.attempt > record.max_attempts) {
    return `${record.attempt} attempts charged of ${record.max_attempts}`;
  }
  return undefined;
}

/** What is wrong with a write. A record that has expired is none. */
export function brokenWrite(before: JobRecord | undefined, after: JobRecord): string | undefined {
  if (before === undefined) {
    return undefined;
  }
  if (after.payload_hash !== before.payload_hash || after.owner !== before.owner || after.job_id !== before.job_id) {
    return 'one job took the place of another';
  }
  if (after.run < before.run) {
    return 'run fell';
  }
  if (after.generation < before.generation) {
    return 'generation fell';
  }
  if (after.generation > before.generation) {
    return isTerminal(before.status) ? undefined : 'the next generation began before this one ended';
  }
  if (isTerminal(before.status)) {
    return `a job that had ended (${before.status}) was changed (${after.status})`;
  }
  if (after.run === before.run && standing(after) < standing(before)) {
    return 'a stamp came back';
  }
  if (before.cancel_requested && (!after.cancel_requested || after.run > before.run || after.status === 'failed')) {
    return 'a request to cancel was forgotten';
  }
  return undefined;
}

/** Within one run of a generation a job goes this way only, so that no stamp is ever seen twice. */
function standing({ status, cancel_requested }: JobRecord): number {
  return status === 'processing' ? Number(cancel_requested) : status === 'queued' ? 2 : 3;
}

/** An id that is free again is taken by a submission alone, never by what is left in the queue. */
export function brokenRebirth(reborn: boolean, sent: boolean): string | undefined {
  return reborn && !sent ? 'a job began anew that had ended and expired' : undefined;
}

/** What the search knows of a state beside the record. */
export interface Situation {
  readonly record: JobRecord | undefined;
  /** The runs of the attempts that are alive and not past their lease. */
  readonly live: readonly number[];
  /** Nothing is under way and no message is left. */
  readonly idle: boolean;
  /** A message was sent for this job, so somebody may have been told that it is accepted. */
  readonly sent: boolean;
  /** The highest generation that a retry has sent. */
  readonly asked: number;
  /** Whether the record has expired, so that the id is free again. */
  readonly expired: boolean;
}

export function brokenSituation({ record, live, idle, sent, asked, expired }: Situation): string | undefined {
  if (live.length > 1) {
    return 'two live attempts';
  }
  if (live.length === 1 && (!record || record.status !== 'processing')) {
    return 'the job ended or was given back under a live attempt';
  }
  if (live.length === 1 && record!.run !== live[0]) {
    return 'a live attempt lost its lease to a late writer';
  }
  if (!idle || expired) {
    return undefined;
  }
  if (sent && !record) {
    return 'a job was accepted and has no record';
  }
  if (record && !isTerminal(record.status)) {
    return 'the job is stuck: it has not ended, and no message is left to move it';
  }
  if (record && record.generation < asked) {
    return 'a retry was lost';
  }
  return undefined;
}
