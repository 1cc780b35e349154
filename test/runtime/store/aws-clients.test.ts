import { dynamoDbClient, sqsClient } from '../../../src/runtime/store/aws-clients';

test.each([['DynamoDB', dynamoDbClient], ['SQS', sqsClient]])('%s: a call that hangs is given up soon', async (_, make) => {
  const { config } = make();
  const requestHandler = config.requestHandler as unknown as {
    handle: (...request: unknown[]) => Promise<unknown>;
    httpHandlerConfigs: () => object;
  };
  expect(await config.maxAttempts()).toBe(3);
  // The handler resolves its settings with the first request, so they are asked of a request that is never sent.
  await requestHandler.handle({}, { abortSignal: AbortSignal.abort() }).catch(() => {});
  expect(requestHandler.httpHandlerConfigs()).toMatchObject({
    connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true,
  });
});
