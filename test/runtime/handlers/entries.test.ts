import type { APIGatewayProxyResult } from 'aws-lambda';
import { request, said } from './api-harness';
import { entriesUnder } from './entry-harness';

type Handler = (event: unknown, context: { readonly awsRequestId: string }) => Promise<APIGatewayProxyResult>;

const entry = entriesUnder<Handler>({
  AWS_REGION: 'eu-central-1',
  JOBWORKS_PIPELINE: 'drawings',
  JOBWORKS_FILES_PREFIX: 'Jobs-1A2B3C',
  JOBWORKS_TABLE_NAME: 'jobs',
  JOBWORKS_QUEUE_URL: 'https://queue',
  JOBWORKS_MAX_ATTEMPTS: '3',
  JOBWORKS_DEADLINE_SECONDS: '3600',
  JOBWORKS_RETENTION_SECONDS: '86400',
  JOBWORKS_AUTHENTICATION: 'api-key',
  JOBWORKS_CUSTOMERS: '{"key1":"acme"}',
  JOBWORKS_STATUS_PATH: '/jobs/{job_id}',
  JOBWORKS_BATCH_PATH: '/jobs/batch',
  JOBWORKS_CANCEL_PATH: '/cancel/{job_id}',
  JOBWORKS_RETRY_PATH: '/retry/{job_id}',
  JOBWORKS_BUCKET: 'files',
  JOBWORKS_UPLOAD_MAX_BYTES: '1000',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});

const CONTEXT = { awsRequestId: 'invocation-1' };

test.each([
  ['submit', '/jobs', {}, 400, 'the body is empty: it is the payload of the job, as JSON'],
  ['submit', '/jobs', { body: `"${'x'.repeat(5_000_000)}"` }, 413, 'a payload has at most 4194304 bytes, not 5000002'],
  ['submit', '/jobs/batch', { body: '{}' }, 400, 'the body is no batch: "jobs" is missing'],
  ['uploads', '/uploads', { body: '{"size_bytes":1001}' }, 413, 'an upload has at most 1000 bytes, not 1001'],
  ['status', '/jobs/{job_id}', { pathParameters: { job_id: 'x' } }, 404, 'no such job'],
  ['status', '/jobs', { queryStringParameters: { limit: '0' } }, 400, '"limit" is a whole number from 1 to 100'],
  ['change', '/cancel/{job_id}', { pathParameters: { job_id: 'x' } }, 404, 'no such job'],
  ['change', '/retry/{job_id}', { pathParameters: { job_id: 'x' } }, 404, 'no such job'],
  ['change', '/jobs/{job_id}/delete', { pathParameters: { job_id: 'x' } }, 404, 'no such route'],
] as const)('%s at %s is wired, and answers what needs no table', async (name, resource, event, status, message) => {
  const answer = said(await entry(name)({ ...request('key1'), resource, ...event }, CONTEXT));
  expect([answer.status, answer.body.error?.message]).toEqual([status, message]);
});

/** The environment of a pipeline's functions that has no API: nothing of what an API tells them. */
function withoutApi(): void {
  const ofAnApi = ['AUTHENTICATION', 'CUSTOMERS', 'CORS_ORIGINS', 'STATUS_PATH', 'BATCH_PATH', 'CANCEL_PATH', 'RETRY_PATH', 'UPLOAD_MAX_BYTES'];
  ofAnApi.forEach((name) => delete process.env[`JOBWORKS_${name}`]);
}

test('submit is wired for who may invoke it, also without an API', async () => {
  withoutApi();
  const submit = entry('submit');
  await expect(submit({}, CONTEXT)).rejects.toMatchObject({ name: 'BadRequest', message: '"payload" is missing' });
  expect(said(await submit(request('key1'), CONTEXT))).toMatchObject({ status: 401, body: { error: { code: 'Unauthorized' } } });
});

test('submit has no bucket and no batch where it is given none', async () => {
  delete process.env.JOBWORKS_BUCKET;
  delete process.env.JOBWORKS_BATCH_PATH;
  const body = JSON.stringify({ jobs: 'x'.repeat(70_000) });
  const answer = said(await entry('submit')({ ...request('key1'), resource: '/jobs/batch', body }, CONTEXT));
  expect([answer.status, answer.body.error?.message]).toEqual([413, expect.stringContaining('a payload has at most 65536 bytes')]);
});

test('uploads go where the pipeline\'s files are, whatever its name is', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
  const answer = said(await entry('uploads')({ ...request('key1'), resource: '/uploads' }, CONTEXT));
  expect((answer.body.fields as { readonly key: string }).key).toMatch(/^Jobs-1A2B3C\//);
});

test('submit counts where it is told a limit', async () => {
  process.env.JOBWORKS_SUBMITS_PER_MINUTE = '2';
  const body = JSON.stringify({ jobs: [{ payload: 1 }, { payload: 2 }, { payload: 3 }] });
  const answer = said(await entry('submit')({ ...request('key1'), resource: '/jobs/batch', body }, CONTEXT));
  expect(answer.status).toBe(202);
  expect(JSON.stringify(answer.body.jobs)).toContain('at most 2 jobs are accepted in a minute');
});

test('so does change, since a retry counts, too', () => {
  process.env.JOBWORKS_SUBMITS_PER_MINUTE = 'many';
  expect(() => entry('change')).toThrow('JOBWORKS_SUBMITS_PER_MINUTE must be a whole number');
});

test('change needs nothing that only a new job is made with', () => {
  delete process.env.JOBWORKS_MAX_ATTEMPTS;
  delete process.env.JOBWORKS_RETENTION_SECONDS;
  expect(() => entry('change')).not.toThrow();
});

test('status is wired for who may invoke it, also without an API', async () => {
  withoutApi();
  const status = entry('status');
  await expect(status({ job_id: 'x' }, CONTEXT)).rejects.toMatchObject({ name: 'NotFound' });
  await expect(status({}, CONTEXT)).rejects.toMatchObject({ name: 'BadRequest' });
  expect(said(await status(request('key1'), CONTEXT))).toMatchObject({ status: 401, body: { error: { code: 'Unauthorized' } } });
});

test.each([
  ['submit', 'JOBWORKS_QUEUE_URL'],
  ['submit', 'JOBWORKS_FILES_PREFIX'],
  ['submit', 'JOBWORKS_STATUS_PATH'],
  ['submit', 'JOBWORKS_MAX_ATTEMPTS'],
  ['uploads', 'JOBWORKS_BUCKET'],
  ['uploads', 'JOBWORKS_FILES_PREFIX'],
  ['uploads', 'JOBWORKS_UPLOAD_MAX_BYTES'],
  ['uploads', 'JOBWORKS_AUTHENTICATION'],
  ['status', 'JOBWORKS_TABLE_NAME'],
  ['status', 'JOBWORKS_FILES_PREFIX'],
  ['change', 'JOBWORKS_CANCEL_PATH'],
  ['change', 'JOBWORKS_RETRY_PATH'],
  ['change', 'JOBWORKS_STATUS_PATH'],
  ['change', 'JOBWORKS_QUEUE_URL'],
  ['change', 'JOBWORKS_DEADLINE_SECONDS'],
  ['change', 'JOBWORKS_AUTHENTICATION'],
] as const)('%s without %s does not start', (name, variable) => {
  delete process.env[variable];
  expect(() => entry(name)).toThrow(`environment variable ${variable} is missing`);
});
