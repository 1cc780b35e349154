import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callFailed } from '../../../../src/runtime/handlers/runner/call-errors';
import { lambdaClient, invokeOf } from '../../../../src/runtime/handlers/runner/invoke';
import { startRunner } from '../../../../src/runtime/handlers/runner/runner';
import { lambdaContext, QUEUE_ARN } from '../../../support/worker-harness';

const ENVIRONMENT = {
  JOBWORKS_PIPELINE: 'drawings',
  JOBWORKS_FILES_PREFIX: 'Jobs-1A2B3C',
  JOBWORKS_TABLE_NAME: 'jobs',
  JOBWORKS_QUEUE_URL: 'https://queue',
  JOBWORKS_QUEUE_ARN: QUEUE_ARN,
  JOBWORKS_BACKOFF_FIRST_MS: '10000',
  JOBWORKS_BACKOFF_MAX_MS: '60000',
  JOBWORKS_BACKOFF_JITTER: '0.5',
  JOBWORKS_SHUTDOWN_MS: '0',
  JOBWORKS_CALLED_FUNCTION: 'arn:aws:lambda:eu-central-1:123456789012:function:analyse',
  JOBWORKS_CALLED_TIMEOUT_SECONDS: '30',
};

const saved = { ...process.env };

afterEach(() => {
  process.env = { ...saved };
});

test.each([undefined, {}, { Records: [{ eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:other', body: '{}' }] }])(
  'an event that is not of the queue (%j) is refused', async (event) => {
    process.env.AWS_REGION = 'eu-central-1';
    await expect(startRunner(ENVIRONMENT)(event, lambdaContext())).rejects.toMatchObject({ name: 'NotFromTheQueue' });
  });

test.each(['JOBWORKS_CALLED_FUNCTION', 'JOBWORKS_CALLED_TIMEOUT_SECONDS', 'JOBWORKS_QUEUE_URL', 'JOBWORKS_FILES_PREFIX'])('without %s it does not start', (name) => {
  expect(() => startRunner({ ...ENVIRONMENT, [name]: undefined })).toThrow(`environment variable ${name} is missing`);
});

test('the entry is wired', async () => {
  Object.assign(process.env, ENVIRONMENT, { AWS_REGION: 'eu-central-1' });
  const { handler } = jest.requireActual<{ handler: ReturnType<typeof startRunner> }>('../../../../src/runtime/handlers/runner.lambda');
  await expect(handler({}, lambdaContext())).rejects.toMatchObject({ name: 'NotFromTheQueue' });
});

describe('the client', () => {
  let server: Server;
  let answer: (status: number, headers: Record<string, string>, body: string) => void;
  let requests: string[];
  let respond: ((reply: typeof answer) => void) | undefined;

  beforeEach(async () => {
    requests = [];
    respond = undefined;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => { body += String(part); }).on('end', () => {
        requests.push(`${request.method} ${decodeURIComponent(request.url!)} ${request.headers['x-amz-invocation-type'] as string} ${body}`);
        answer = (status, headers, text) => { response.writeHead(status, headers).end(text); };
        respond?.(answer);
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, { AWS_ENDPOINT_URL, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  });

  const call = async (timeoutMs = 2_000) => invokeOf(lambdaClient(60_000), 'analyse')('{"job_id":"1"}', timeoutMs);

  test('calls once and gives what was answered', async () => {
    respond = (reply) => reply(200, { 'x-amzn-requestid': 'called-1' }, '{"pages":3}');
    expect(await call()).toEqual({ payload: '{"pages":3}', failed: false, request_id: 'called-1' });
    expect(requests).toEqual(['POST /2015-03-31/functions/analyse/invocations RequestResponse {"job_id":"1"}']);
  });

  test('tells the function\'s error from its result', async () => {
    respond = (reply) => reply(200, { 'x-amz-function-error': 'Unhandled' }, '{"errorType":"E"}');
    expect(await call()).toMatchObject({ payload: '{"errorType":"E"}', failed: true });
  });

  test.each([429, 500])('does not call again after a %d', async (status) => {
    const name = status === 429 ? 'TooManyRequestsException' : 'ServiceException';
    respond = (reply) => reply(status, { 'x-amzn-errortype': name }, '{"Message":"no"}');
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(requests).toHaveLength(1);
  });

  const endOf = async (timeoutMs?: number) => call(timeoutMs).then(() => undefined, (error: Error) => callFailed(error, 1_000, 7));

  test('gives up a function that does not answer', async () => {
    expect(await endOf(200)).toMatchObject({ name: 'FunctionTimedOut' });
    expect(requests).toHaveLength(1);
  });

  test('tells a connection that breaks from one that was never made', async () => {
    respond = () => server.closeAllConnections();
    expect(await endOf()).toMatchObject({ name: 'CallInterrupted' });
    expect(requests).toHaveLength(1);
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    expect(await endOf()).toMatchObject({ name: 'RetryLater', seconds: 7 });
  });
});
