import { isEnded, type ApiError, type ApiResponse, type JobClient, type JobStatus, type Upload } from '../job-client/job-client';

/** What a caller does beside sending a payload once. */

type Answer = ApiResponse<JobStatus & ApiError>;

/** How a caller submits, and what there is to tell of it. */
export type Send = (client: JobClient, payload: unknown) => Promise<{ readonly answer: Answer; readonly note?: string }>;

/** What the owner of a job does about it, once. */
export interface Intervention {
  /** At the latest when the job has ended: it may be too late then, and the API says so. */
  readonly when: (job: JobStatus) => boolean;
  readonly request: (client: JobClient, jobId: string) => Promise<Answer>;
  readonly note: string;
}

const UPLOAD_LIMIT_MS = 20_000;

export const once: Send = async (client, payload) => ({ answer: await client.submit(payload) });

/** A file goes to the bucket, and only its id travels in the payload. */
export function uploading(file: string): Send {
  return async (client, payload) => {
    const upload = await sendFile(client, file);
    if (upload.status !== 201) {
      return { answer: upload as ApiResponse<never> };
    }
    return { answer: await client.submit({ ...payload as object, upload_id: upload.body.upload_id }) };
  };
}

/** Asks for a place, and sends the file there. @returns the answer to the former */
export async function sendFile(client: JobClient, file: string): Promise<ApiResponse<Upload & ApiError>> {
  const upload = await client.upload({ size_bytes: Buffer.byteLength(file) });
  if (upload.status === 201) {
    const { url, fields } = upload.body;
    const form = new FormData();
    Object.entries(fields).forEach(([name, value]) => form.append(name, value));
    form.append('file', new Blob([file]));
    const { status } = await fetch(url, { method: 'POST', body: form, signal: AbortSignal.timeout(UPLOAD_LIMIT_MS) });
    if (status !== 204) throw new Error(`the upload was answered with ${status}`);
  }
  return upload;
}

/** As after an answer that never came. */
export function twice(idempotencyKey: string): Send {
  return async (client, payload) => {
    const first = await client.submit(payload, { idempotencyKey });
    const second = await client.submit(payload, { idempotencyKey });
    const same = first.status === second.status && first.body.job_id === second.body.job_id;
    return { answer: first, note: same ? 'twice, one job' : 'twice, and not one job' };
  };
}

/** The same request again and again: it makes no job more, and is refused for its number alone. */
export function flooding(requests: number, idempotencyKey: string): Send {
  return async (client, payload) => {
    const answers = await Promise.all(Array.from({ length: requests }, () => client.submit(payload, { idempotencyKey })));
    const refused = answers.filter(({ status }) => status === 429);
    return { answer: refused[0] ?? answers[0], note: `${refused.length} of ${requests} requests` };
  };
}

export const cancelling: Intervention = {
  when: (job) => job.status === 'processing' || isEnded(job),
  request: (client, jobId) => client.cancel(jobId),
  note: 'by its owner',
};

export const retrying: Intervention = {
  when: isEnded,
  request: (client, jobId) => client.retry(jobId),
  note: 'failed, retried',
};
