import { request, said } from './api-harness';
import type { ApiHandler } from '../../../src/runtime/handlers/http/route';

const saved = { ...process.env };

beforeEach(() => {
  jest.resetModules();
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    JOBWORKS_PIPELINE: 'drawings',
    JOBWORKS_TABLE_NAME: 'jobs',
    JOBWORKS_QUEUE_URL: 'https://queue',
    JOBWORKS_MAX_ATTEMPTS: '3',
    JOBWORKS_DEADLINE_SECONDS: '3600',
    JOBWORKS_RETENTION_SECONDS: '86400',
    JOBWORKS_AUTHENTICATION: 'api-key',
    JOBWORKS_CUSTOMERS: '{"key1":"acme"}',
    JOBWORKS_STATUS_PATH: '/jobs/{job_id}',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
});

afterEach(() => {
  process.env = { ...saved };
});

const ENTRIES = { submit: '../../../src/runtime/handlers/submit.lambda', status: '../../../src/runtime/handlers/status.lambda' };

/** Loaded anew: an entry reads its environment once. */
function entry(name: keyof typeof ENTRIES): ApiHandler {
  return jest.requireActual<{ handler: ApiHandler }>(ENTRIES[name]).handler;
}

test.each([
  ['submit', 400, 'BadRequest'],
  ['status', 404, 'NotFound'],
] as const)('%s is wired, and answers what needs no table', async (name, status, code) => {
  const answer = said(await entry(name)(request('key1')));
  expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
});

test.each([
  ['submit', 'JOBWORKS_QUEUE_URL'],
  ['submit', 'JOBWORKS_STATUS_PATH'],
  ['submit', 'JOBWORKS_MAX_ATTEMPTS'],
  ['status', 'JOBWORKS_TABLE_NAME'],
  ['status', 'JOBWORKS_AUTHENTICATION'],
] as const)('%s without %s does not start', (name, variable) => {
  delete process.env[variable];
  expect(() => entry(name)).toThrow(`environment variable ${variable} is missing`);
});
