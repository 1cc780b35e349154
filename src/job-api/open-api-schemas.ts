import { MOST_JOBS_OF_A_BATCH } from './request-models';
import { ERROR_CODE } from '../runtime/wire/http';
import { IDEMPOTENCY_KEY_PATTERN, JOB_ID_PATTERN, JOB_STATUSES, MEDIA_TYPE_PATTERN } from '../runtime/wire/job';

/** What is none is no job either: 404. */
export const JOB_ID = { type: 'string', pattern: JOB_ID_PATTERN, example: 'job_01HZZZZZZZZZZZZZZZZZZZZZZZ' };
const TIME = { type: 'string', format: 'date-time' };

export const JOB_STATUS = { type: 'string', enum: JOB_STATUSES };

/** A name for a job, by which it is submitted once. */
export const IDEMPOTENCY_KEY = { type: 'string', pattern: IDEMPOTENCY_KEY_PATTERN, minLength: 1, maxLength: 255 };

const SUMMARY = {
  job_id: JOB_ID,
  status: JOB_STATUS,
  attempt: { type: 'integer', minimum: 0, description: 'Attempts charged so far.' },
  max_attempts: { type: 'integer', minimum: 1 },
  created_at: TIME,
  updated_at: TIME,
  started_at: { ...TIME, description: 'Of the first attempt.' },
  finished_at: TIME,
  not_before: { ...TIME, description: 'No attempt starts sooner.' },
  stages_completed: { type: 'array', items: { type: 'string' } },
  current_stage: { type: 'string' },
  last_checkpoint: TIME,
  progress: { type: 'number', minimum: 0, maximum: 1 },
  progress_note: { type: 'string' },
  cancel_requested: { type: 'boolean' },
  error: {
    type: 'object',
    required: ['type', 'message', 'attempt'],
    properties: { type: { type: 'string' }, message: { type: 'string' }, attempt: { type: 'integer', minimum: 0 } },
    description: 'Of a job that failed; before that, of its last attempt.',
  },
};

const ALWAYS_KNOWN = ['job_id', 'status', 'attempt', 'max_attempts', 'created_at', 'updated_at', 'stages_completed'];

const ERROR_PROPERTIES = { code: { type: 'string', enum: Object.values(ERROR_CODE) }, message: { type: 'string' } };

/** What the API takes and answers, without what depends on the pipeline. */
export const API_SCHEMAS: Record<string, unknown> = {
  Error: {
    type: 'object',
    required: ['error'],
    properties: {
      error: { type: 'object', required: ['code', 'message', 'correlation_id'], properties: { ...ERROR_PROPERTIES, correlation_id: { type: 'string' } } },
    },
  },
  Accepted: { type: 'object', required: ['job_id', 'status'], properties: { job_id: JOB_ID, status: JOB_STATUS } },
  Cancelled: {
    type: 'object',
    required: ['job_id', 'status'],
    properties: { job_id: JOB_ID, status: JOB_STATUS, cancel_requested: { type: 'boolean', description: 'A job that runs is asked to stop.' } },
  },
  JobSummary: { type: 'object', required: ALWAYS_KNOWN, properties: SUMMARY },
  Job: {
    type: 'object',
    required: ALWAYS_KNOWN,
    properties: {
      ...SUMMARY,
      result: { description: 'What the handler returned, of a job that succeeded.' },
      result_url: { type: 'string', format: 'uri', description: 'Where a long result is fetched instead, for up to an hour.' },
    },
  },
  JobList: {
    type: 'object',
    required: ['jobs'],
    properties: {
      jobs: { type: 'array', items: { $ref: '#/components/schemas/JobSummary' } },
      next_token: { type: 'string', description: 'Asks for the page after this one; the last page has none.' },
    },
  },
  BatchAccepted: {
    type: 'object',
    required: ['jobs'],
    properties: {
      jobs: {
        type: 'array',
        minItems: 1,
        maxItems: MOST_JOBS_OF_A_BATCH,
        items: {
          oneOf: [
            { $ref: '#/components/schemas/Accepted' },
            { type: 'object', required: ['error'], properties: { error: { type: 'object', required: ['code', 'message'], properties: ERROR_PROPERTIES } } },
          ],
        },
        description: 'One for each that was sent, in the same order.',
      },
    },
  },
};

/** What an HTTP API answers by itself. */
export const HTTP_API_SCHEMAS = {
  GatewayError: { type: 'object', required: ['message'], properties: { message: { type: 'string' } }, description: "In AWS's own format." },
  AnyError: { oneOf: [{ $ref: '#/components/schemas/Error' }, { $ref: '#/components/schemas/GatewayError' }] },
};

/** Several jobs at once, each with its payload. */
export const BATCH_SCHEMA = {
  type: 'object',
  required: ['jobs'],
  additionalProperties: false,
  properties: {
    jobs: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_JOBS_OF_A_BATCH,
      items: {
        type: 'object',
        required: ['payload'],
        additionalProperties: false,
        properties: { payload: { $ref: '#/components/schemas/Payload' }, idempotency_key: IDEMPOTENCY_KEY },
      },
    },
  },
};

/** What uploads take and answer. */
export function uploadSchemas(maxBytes: number): Record<string, unknown> {
  return {
    UploadRequest: {
      type: 'object',
      additionalProperties: false,
      properties: {
        content_type: { type: 'string', pattern: MEDIA_TYPE_PATTERN, example: 'application/pdf' },
        size_bytes: { type: 'integer', minimum: 1, maximum: maxBytes },
      },
    },
    Upload: {
      type: 'object',
      required: ['upload_id', 'url', 'fields', 'expires_at', 'max_bytes'],
      properties: {
        upload_id: { type: 'string', description: 'The name of the file for a payload.' },
        url: { type: 'string', format: 'uri', description: 'Where the file is sent, by POST as a form.' },
        fields: { type: 'object', additionalProperties: { type: 'string' }, description: 'Fields of the form, all of them before the file.' },
        expires_at: TIME,
        max_bytes: { type: 'integer', minimum: 1 },
      },
    },
  };
}
