import { API_LIMITS, type CallLimits, WORKER_LIMITS } from '../../../src/runtime/store/aws-clients';
import { dynamoDbClient, onceBy } from '../../../src/runtime/store/dynamodb/dynamodb-client';
import { sqsClient } from '../../../src/runtime/store/sqs/sqs-client';

test.each<[string, (limits: CallLimits) => ReturnType<typeof dynamoDbClient> | ReturnType<typeof sqsClient>, CallLimits, object]>([
  ['DynamoDB, a worker', dynamoDbClient, WORKER_LIMITS, { attempts: 3, connectionTimeout: 1_000, requestTimeout: 3_000 }],
  ['SQS, a worker', sqsClient, WORKER_LIMITS, { attempts: 3, connectionTimeout: 1_000, requestTimeout: 3_000 }],
  ['DynamoDB, the API', dynamoDbClient, API_LIMITS, { attempts: 2, connectionTimeout: 500, requestTimeout: 1_000 }],
  ['SQS, the API', sqsClient, API_LIMITS, { attempts: 2, connectionTimeout: 500, requestTimeout: 1_000 }],
  ['DynamoDB, a count', (limits) => onceBy(dynamoDbClient(limits)), API_LIMITS, { attempts: 1, connectionTimeout: 500, requestTimeout: 1_000 }],
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
