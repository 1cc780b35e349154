import { Token } from 'aws-cdk-lib';
import { uploadMaxBytes } from './api-environment';
import { authenticationOf } from './authorization';
import { errorsOf, type ErrorAnswer } from './open-api-errors';
import { payloadSchemas } from './open-api-payload';
import { API_SCHEMAS, BATCH_SCHEMA, HTTP_API_SCHEMAS, IDEMPOTENCY_KEY, JOB_ID, JOB_STATUS, uploadSchemas } from './open-api-schemas';
import type { PayloadSchema } from './payload-schema';
import type { RestJobApiOptions } from './rest-api-options';
import { routesOf, type Route, type RouteName } from './routes';
import { AUTHENTICATION } from '../runtime/wire/environment';
import { HEADER } from '../runtime/wire/http';

/** What a document is made from. */
export interface OpenApiProps {
  readonly title: string;
  readonly options: RestJobApiOptions;
  /** Whether it is an HTTP API. */
  readonly http?: boolean;
  readonly payloadSchema?: PayloadSchema;
  /** Whether there is a bucket, and so a route for uploads. */
  readonly uploads: boolean;
}

type Json = Record<string, unknown>;

/** The API as an OpenAPI 3.0 document: every route, what it takes, and every answer. */
export function openApi({ title, options, http = false, payloadSchema, uploads }: OpenApiProps): Json {
  const errors = errorsOf(http);
  const security = securityOf(options);
  const paths: Record<string, Json> = {};
  for (const route of routesOf(options).filter(({ name }) => uploads || name !== 'uploads')) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route, errors, { uploads });
  }
  return {
    openapi: '3.0.3',
    info: { title, version: '1', description: 'Background jobs: submitted here, run elsewhere, asked after by their id. A caller sees its own jobs alone.' },
    servers: [{ url: serverOf(options, http) }],
    ...(security && { security: [{ [security.name]: [] }] }),
    paths,
    components: {
      ...(security && { securitySchemes: { [security.name]: security.scheme } }),
      headers: {
        CorrelationId: { description: 'The id by which the request is found in logs.', schema: { type: 'string' } },
        Location: { description: 'Where the status of the job is.', schema: { type: 'string' } },
        RetryAfter: { description: 'Seconds after which to try again.', schema: { type: 'integer', minimum: 1 } },
      },
      responses: Object.fromEntries(errors.map(({ name, description, retryAfter, schema = 'Error' }) => [name, {
        description,
        ...(retryAfter && { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }),
        content: json(schema),
      }])),
      schemas: {
        ...API_SCHEMAS,
        ...(http && HTTP_API_SCHEMAS),
        Batch: BATCH_SCHEMA,
        ...payloadSchemas('Payload', payloadSchema?._schema ?? {}),
        ...(uploads && uploadSchemas(uploadMaxBytes(options))),
      },
    },
  };
}

function operation(route: Route, errors: readonly ErrorAnswer[], { uploads }: { readonly uploads: boolean }): Json {
  const { operationId, summary, body, answer, parameters = [] } = OPERATIONS[route.name];
  return {
    operationId,
    summary,
    parameters: [
      ...(route.ofOneJob ? [{ name: 'job_id', in: 'path', required: true, schema: JOB_ID }] : []),
      ...parameters,
      {
        name: HEADER.correlationId,
        in: 'header',
        description: '1 to 128 letters, digits, dots, dashes and underscores. Anything else is replaced by the id of the request.',
        schema: { type: 'string' },
      },
    ],
    ...(body && {
      requestBody: {
        required: body.required,
        ...(uploads && route.name !== 'uploads' && { description: 'Up to 4 MiB.' }),
        content: json(body.schema),
      },
    }),
    responses: {
      [answer.status]: {
        description: answer.description,
        headers: {
          [HEADER.correlationId]: { $ref: '#/components/headers/CorrelationId' },
          ...(answer.location && { Location: { $ref: '#/components/headers/Location' } }),
        },
        content: json(answer.schema),
      },
      ...Object.fromEntries(errors.filter(({ only }) => !only || only.includes(route.name))
        .map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }])),
    },
  };
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: Json[];
  readonly body?: { readonly schema: string; readonly required: boolean };
  readonly answer: { readonly status: number; readonly schema: string; readonly description: string; readonly location?: boolean };
}

const OPERATIONS: Record<RouteName, Operation> = {
  submit: {
    operationId: 'submitJob',
    summary: 'Submits a job',
    parameters: [{
      name: HEADER.idempotencyKey,
      in: 'header',
      description: 'The same key and payload by the same caller is the same job. Another payload is refused.',
      schema: IDEMPOTENCY_KEY,
    }],
    body: { schema: 'Payload', required: true },
    answer: { status: 202, schema: 'Accepted', description: 'The job is accepted, and ends in exactly one state.', location: true },
  },
  batch: {
    operationId: 'submitBatch',
    summary: 'Submits up to 10 jobs, each for itself',
    body: { schema: 'Batch', required: true },
    answer: { status: 202, schema: 'BatchAccepted', description: 'Each job is accepted or refused for itself.' },
  },
  list: {
    operationId: 'listJobs',
    summary: "Lists the caller's own jobs, newest first",
    parameters: [
      { name: 'status', in: 'query', schema: JOB_STATUS },
      { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } },
      { name: 'next_token', in: 'query', description: 'Of the page before.', schema: { type: 'string' } },
    ],
    answer: { status: 200, schema: 'JobList', description: 'A page of jobs. It may have fewer than asked for, and yet be followed by another.' },
  },
  status: {
    operationId: 'getJob',
    summary: 'Tells how a job is getting on',
    answer: { status: 200, schema: 'Job', description: 'The job.' },
  },
  cancel: {
    operationId: 'cancelJob',
    summary: 'Cancels a job that has not ended',
    answer: { status: 202, schema: 'Cancelled', description: 'The job is cancelled, or asked to stop.' },
  },
  retry: {
    operationId: 'retryJob',
    summary: 'Runs a job again that failed or was cancelled',
    answer: { status: 202, schema: 'Accepted', description: 'The job is queued again.', location: true },
  },
  uploads: {
    operationId: 'createUpload',
    summary: 'Tells where a file is uploaded to',
    body: { schema: 'UploadRequest', required: false },
    answer: { status: 201, schema: 'Upload', description: 'Where to, for an hour.' },
  },
};

function securityOf(options: RestJobApiOptions): { readonly name: string; readonly scheme: Json } | undefined {
  switch (authenticationOf(options)._kind) {
    case AUTHENTICATION.iam:
      // as API Gateway's own export says it: OpenAPI knows no signatures
      return { name: 'iam', scheme: { 'type': 'apiKey', 'in': 'header', 'name': 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } };
    case AUTHENTICATION.apiKey:
      return { name: 'apiKey', scheme: { type: 'apiKey', in: 'header', name: 'x-api-key' } };
    case AUTHENTICATION.cognito:
    case AUTHENTICATION.jwt:
      return { name: 'users', scheme: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } };
    default:
      return undefined;
  }
}

/** A part of the address that is only known at deployment is left out. */
function serverOf({ domain, stageName = 'v1' }: RestJobApiOptions, http: boolean): string {
  if (domain && !Token.isUnresolved(domain.domainName)) {
    return `https://${domain.domainName}`;
  }
  return domain || http || Token.isUnresolved(stageName) ? '/' : `/${stageName}`;
}

function json(schema: string): Json {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}
