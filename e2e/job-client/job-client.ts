import type { Signer } from './signers';

/** What the API says of a job. */
export interface JobStatus {
  readonly job_id: string;
  readonly status: 'queued' | 'processing' | 'succeeded' | 'failed' | 'cancelled';
  readonly created_at: string;
  readonly updated_at: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly not_before?: string;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly stages_completed: readonly string[];
  readonly current_stage?: string;
  readonly progress?: number;
  readonly progress_note?: string;
  readonly result?: unknown;
  /** Where a long result can be fetched, for an hour at most. */
  readonly result_url?: string;
  readonly cancel_requested?: boolean;
  readonly error?: { readonly type: string; readonly message: string; readonly attempt: number };
}

/** The one format of errors. */
export interface ApiError {
  readonly error: { readonly code: string; readonly message: string; readonly correlation_id: string };
}

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ApiResponse<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON, or as text where it is none. */
  readonly body: T;
}

export interface JobClientOptions {
  /** Of the stage, such as `https://…/v1/`. */
  readonly url: string;
  readonly signer: Signer;
  /** @default '/jobs' */
  readonly submitPath?: string;
  /** @default '/jobs/{job_id}' */
  readonly statusPath?: string;
}

/** One of several jobs that are submitted at once. */
export interface BatchEntry {
  readonly payload: unknown;
  readonly idempotency_key?: string;
}

/** A page of one's own jobs. */
export interface JobList {
  readonly jobs: readonly JobStatus[];
  readonly next_token?: string;
}

/** Where to send a file, and how it is called afterwards. */
export interface Upload {
  readonly upload_id: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly expires_at: string;
  readonly max_bytes: number;
}

export interface SubmitOptions {
  readonly idempotencyKey?: string;
  readonly correlationId?: string;
}

const REQUEST_LIMIT_MS = 20_000;

export function isEnded({ status }: Pick<JobStatus, 'status'>): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}

/** Talks to the HTTP API of a pipeline as a customer would. */
export class JobClient {
  public readonly submitPath: string;
  public readonly statusPath: string;

  constructor(private readonly options: JobClientOptions) {
    this.submitPath = options.submitPath ?? '/jobs';
    this.statusPath = options.statusPath ?? '/jobs/{job_id}';
  }

  public submit(payload: unknown, { idempotencyKey, correlationId }: SubmitOptions = {}): Promise<ApiResponse<JobStatus & ApiError>> {
    return this.request('POST', this.submitPath, JSON.stringify(payload), {
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      ...(correlationId !== undefined && { 'X-Correlation-Id': correlationId }),
    });
  }

  public status(job_id: string): Promise<ApiResponse<JobStatus & ApiError>> {
    return this.request('GET', this.statusPath.replace('{job_id}', encodeURIComponent(job_id)));
  }

  public submitBatch(jobs: readonly BatchEntry[]): Promise<ApiResponse<{ readonly jobs: readonly (JobStatus & ApiError)[] } & ApiError>> {
    return this.request('POST', '/jobs/batch', JSON.stringify({ jobs }));
  }

  /** @param query such as `status=failed&limit=10` */
  public list(query = ''): Promise<ApiResponse<JobList & ApiError>> {
    return this.request('GET', `/jobs${query && '?'}${query}`);
  }

  public cancel(job_id: string): Promise<ApiResponse<JobStatus & ApiError>> {
    return this.request('POST', `/jobs/${encodeURIComponent(job_id)}/cancel`);
  }

  public retry(job_id: string): Promise<ApiResponse<JobStatus & ApiError>> {
    return this.request('POST', `/jobs/${encodeURIComponent(job_id)}/retry`);
  }

  public upload(wanted: { content_type?: string; size_bytes?: number } = {}): Promise<ApiResponse<Upload & ApiError>> {
    return this.request('POST', '/uploads', JSON.stringify(wanted));
  }

  /** Any request, also a wrong one: it is signed, and the answer is returned whatever it is. */
  public async request<T>(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<ApiResponse<T>> {
    const unsigned: ApiRequest = {
      method,
      url: this.urlOf(path),
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body,
    };
    const signed = await this.options.signer(unsigned);
    const response = await fetch(signed.url, {
      method, headers: signed.headers, body: signed.body, signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) as T };
  }

  /** The address of a path below the stage. */
  public urlOf(path: string): URL {
    return new URL(this.options.url.replace(/\/$/, '') + path);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
