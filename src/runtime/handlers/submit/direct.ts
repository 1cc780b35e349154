import { accept, AcceptParts, submission } from './accept';
import { judged } from './payload';
import type { JobStatus } from '../../protocol/record';
import { SYSTEM_OWNER } from '../../store/job-messages';
import { DirectRequest, ownerField, takesOnly } from '../http/direct';
import { badRequest } from '../http/json-body';
import { readRecord } from '../http/read-record';

/** Owner of what is submitted without naming one. */
const INTERNAL_OWNER = 'internal';

const FIELDS = ['payload', 'owner', 'idempotency_key', 'correlation_id'];

/** Accepts a job from whoever may invoke the function: the owner is who the caller says, and nobody counts. */
export async function submitDirectly(request: DirectRequest, parts: AcceptParts): Promise<{ readonly job_id: string; readonly status: JobStatus }> {
  takesOnly(request, FIELDS);
  const { payload, idempotency_key } = request.fields;
  if (payload === undefined) {
    throw badRequest('"payload" is missing');
  }
  if (idempotency_key !== undefined && typeof idempotency_key !== 'string') {
    throw badRequest('"idempotency_key" is a text');
  }
  const owner = ownerField(request) ?? INTERNAL_OWNER;
  if (owner === SYSTEM_OWNER) {
    // a job of that name could bear the id of a message that was none
    throw badRequest(`"${SYSTEM_OWNER}" owns what was found on the queue and is no job, and nothing else`);
  }
  const job = submission(owner, judged(payload, parts.rules), idempotency_key, request.correlation_id, parts);
  const { job_id } = job.message;
  const log = request.log.with({ job_id, owner });
  const known = job.isNamed ? await readRecord(parts.ports.store, job_id, log) : undefined;
  const { status } = await accept(job, known, parts, log);
  return { job_id, status };
}
