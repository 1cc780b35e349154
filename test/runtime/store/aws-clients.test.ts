import { Readable } from 'node:stream';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { HttpRequest, HttpResponse } from '@smithy/protocol-http';
import { API_LIMITS, type CallLimits, WORKER_LIMITS } from '../../../src/runtime/store/aws-clients';
import { dynamoDbClient, dynamoDbClientAskingOnce } from '../../../src/runtime/store/dynamodb/dynamodb-client';
import { COUNT_LIMITS } from '../../../src/runtime/store/dynamodb/dynamodb-counter';
import { sqsClient } from '../../../src/runtime/store/sqs/sqs-client';

test.each<[string, (limits: CallLimits) => ReturnType<typeof dynamoDbClient> | ReturnType<typeof sqsClient>, CallLimits, object]>([
  ['DynamoDB, a worker', dynamoDbClient, WORKER_LIMITS, { attempts: 3, connectionTimeout: 1_000, requestTimeout: 3_000 }],
  ['SQS, a worker', sqsClient, WORKER_LIMITS, { attempts: 3, connectionTimeout: 1_000, requestTimeout: 3_000 }],
  ['DynamoDB, the API', dynamoDbClient, API_LIMITS, { attempts: 2, connectionTimeout: 500, requestTimeout: 1_000 }],
  ['SQS, the API', sqsClient, API_LIMITS, { attempts: 2, connectionTimeout: 500, requestTimeout: 1_000 }],
  ['DynamoDB, a count', () => dynamoDbClientAskingOnce(COUNT_LIMITS), API_LIMITS,
    { attempts: 1, connectionTimeout: 1_500, socketTimeout: 1_000, requestTimeout: 2_500 }],
])('%s: a call that hangs is given up soon', async (_, make, limits, expected) => {
  const { config } = make(limits);
  const requestHandler = config.requestHandler as unknown as {
    handle: (...request: unknown[]) => Promise<unknown>;
    httpHandlerConfigs: () => object;
  };
  // The handler resolves its settings with the first request, so they are asked of a request that is never sent.
  await requestHandler.handle({}, { abortSignal: AbortSignal.abort() }).catch(() => {});
  const set = { attempts: await config.maxAttempts(), ...requestHandler.httpHandlerConfigs() };
  expect(set).toMatchObject({ ...expected, throwOnRequestTimeout: true });
});

afterEach(() => jest.restoreAllMocks());

test('what a call passes through is put together once, and calls at the same time keep apart', async () => {
  const resolved = jest.spyOn(GetItemCommand.prototype, 'resolveMiddleware');
  jest.replaceProperty(process, 'env', { ...process.env, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
  const client = dynamoDbClient(WORKER_LIMITS);
  const requests: HttpRequest[] = [];
  client.config.requestHandler = {
    handle: async (request: HttpRequest) => {
      requests.push(request);
      return { response: new HttpResponse({ statusCode: 200, headers: {}, body: Readable.from([request.body]) }) };
    },
  } as unknown as typeof client.config.requestHandler;
  const read = async (job_id: string) => client.send(new GetItemCommand({ TableName: 'jobs', Key: { job_id: { S: job_id } } }));

  await Promise.all([read('a'), read('b')]);
  await read('c');

  const ids = requests.map(({ body }) => (JSON.parse(body as string) as { Key: { job_id: { S: string } } }).Key.job_id.S);
  expect(ids.sort()).toEqual(['a', 'b', 'c']);
  expect(new Set(requests.map(({ headers }) => headers['user-agent'])).size).toBe(1);
  expect(new Set(requests.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(3);
  expect(resolved).toHaveBeenCalledTimes(1);
});
