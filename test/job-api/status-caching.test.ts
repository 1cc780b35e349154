import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { methodsOf, restApi } from './fixture';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';
import { StatusCacheSize } from '../../src/job-api/status-caching';

const apiKeys = { authentication: ApiAuthentication.apiKeys() };
const statusCaching = {};

const stageOf = (options: RestJobApiOptions) => Object.values(restApi(options).template.findResources('AWS::ApiGateway::Stage'))[0].Properties;
const statusOf = (options: RestJobApiOptions, stack?: Stack) => methodsOf(restApi(options, { stack }).template).get('GET /jobs/{job_id}')!;

test('without a word nothing is cached', () => {
  expect(stageOf(apiKeys)).not.toHaveProperty('CacheClusterEnabled');
  expect(JSON.stringify(stageOf(apiKeys))).not.toContain('Caching');
  expect(statusOf(apiKeys).Integration).not.toHaveProperty('CacheKeyParameters');
});

test('the status is cached, encrypted, and nothing else is', () => {
  const stage = stageOf({ ...apiKeys, statusCaching });
  expect(stage).toMatchObject({ CacheClusterEnabled: true, CacheClusterSize: '0.5' });
  expect(stage.MethodSettings).toHaveLength(3); // that of lists is for their rate
  expect(stage.MethodSettings).toEqual(expect.arrayContaining([
    expect.objectContaining({ HttpMethod: '*', ResourcePath: '/*', CachingEnabled: false }),
    expect.objectContaining({ HttpMethod: 'GET', ResourcePath: '/~1jobs', CachingEnabled: false }),
    expect.objectContaining({ HttpMethod: 'GET', ResourcePath: '/~1jobs~1{job_id}', CachingEnabled: true, CacheTtlInSeconds: 5, CacheDataEncrypted: true }),
  ]));
});

test('the settings of the status, which take the place of the stage\'s, are as strict', () => {
  const [all, status] = stageOf({ ...apiKeys, statusCaching, ratePerSecond: 7, burst: 8 }).MethodSettings;
  for (const name of ['DataTraceEnabled', 'LoggingLevel', 'MetricsEnabled', 'ThrottlingRateLimit', 'ThrottlingBurstLimit']) {
    expect(status[name]).toBe(all[name]);
    expect(status[name]).toBeDefined();
  }
});

test('time, size and path are the app\'s own', () => {
  const stage = stageOf({ ...apiKeys, statusPath: '/status/{job_id}', statusCaching: { ttl: Duration.seconds(30), size: StatusCacheSize.GB_1_6 } });
  expect(stage.CacheClusterSize).toBe('1.6');
  expect(stage.MethodSettings[1]).toMatchObject({ ResourcePath: '/~1status~1{job_id}', CacheTtlInSeconds: 30 });
});

describe('the key of the cache', () => {
  const id = 'method.request.path.job_id';

  test('has the job and the API key, which must be there', () => {
    const { Integration, RequestParameters } = statusOf({ ...apiKeys, statusCaching });
    expect(Integration.CacheKeyParameters).toEqual([id, 'method.request.header.x-api-key']);
    expect(RequestParameters).toEqual({ [id]: true, 'method.request.header.x-api-key': true });
  });

  test('has the token of a user', () => {
    const stack = new Stack(new App(), 'Stack');
    const authentication = ApiAuthentication.cognito([new cognito.UserPool(stack, 'Pool')]);
    const { Integration, RequestParameters } = statusOf({ authentication, statusCaching }, stack);
    expect(Integration.CacheKeyParameters).toEqual([id, 'method.request.header.Authorization']);
    expect(RequestParameters).toEqual({ [id]: true, 'method.request.header.Authorization': true });
  });

  test('has the job alone where all callers are one owner', () => {
    expect(statusOf({ authentication: ApiAuthentication.none(), statusCaching }).Integration.CacheKeyParameters).toEqual([id]);
  });

  test('has the origin where there are several, since an answer names it', () => {
    const options = (...allowOrigins: string[]) => ({ ...apiKeys, statusCaching, cors: { allowOrigins } });
    const { Integration, RequestParameters } = statusOf(options('https://a.example.com', 'https://b.example.com'));
    expect(Integration.CacheKeyParameters).toContain('method.request.header.Origin');
    expect(RequestParameters!['method.request.header.Origin']).toBe(false);
    expect(statusOf(options('*')).Integration.CacheKeyParameters).not.toContain('method.request.header.Origin');
  });
});
