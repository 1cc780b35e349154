import { App, Stack } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { methodsOf, restApi } from './fixture';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';
import { SubmitLimit } from '../../src/job-api/submit-limit';

const methods = (options: RestJobApiOptions) => [...methodsOf(restApi(options, { withUploads: true }).template).values()];

test('without a word every route asks for IAM', () => {
  expect(methods({})).toHaveLength(7);
  expect(methods({})).toEqual(Array(7).fill(expect.objectContaining({ AuthorizationType: 'AWS_IAM' })));
});

test('with API keys every route asks for one', () => {
  expect(methods({ authentication: ApiAuthentication.apiKeys() }))
    .toEqual(Array(7).fill(expect.objectContaining({ AuthorizationType: 'NONE', ApiKeyRequired: true })));
});

test('with nothing every route is open, and asks for no key', () => {
  const open = methods({ authentication: ApiAuthentication.none() });
  expect(open).toEqual(Array(7).fill(expect.objectContaining({ AuthorizationType: 'NONE' })));
  expect(open.some((method) => 'ApiKeyRequired' in method && method.ApiKeyRequired)).toBe(false);
});

describe('with Cognito', () => {
  const withPools = (scopes?: string[]) => {
    const stack = new Stack(new App(), 'Stack');
    const pools = ['One', 'Two'].map((id) => new cognito.UserPool(stack, id));
    return restApi({ authentication: ApiAuthentication.cognito(pools, { scopes }) }, { stack, withUploads: true });
  };

  test('every route asks for a token of one of the pools', () => {
    const { template } = withPools();
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'COGNITO_USER_POOLS', Name: 'users', IdentitySource: 'method.request.header.Authorization',
    });
    const [[id, { Properties }]] = Object.entries(template.findResources('AWS::ApiGateway::Authorizer'));
    expect(Properties.ProviderARNs).toHaveLength(2);
    expect([...methodsOf(template).values()])
      .toEqual(Array(7).fill(expect.objectContaining({ AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: { Ref: id } })));
    expect([...methodsOf(template).values()].some((method) => 'AuthorizationScopes' in method)).toBe(false);
  });

  test('scopes are asked of every route', () => {
    expect([...methodsOf(withPools(['jobs/submit']).template).values()])
      .toEqual(Array(7).fill(expect.objectContaining({ AuthorizationScopes: ['jobs/submit'] })));
  });

  test('the log holds nothing of a token, nor the user\'s identifier in it', () => {
    const format = JSON.stringify(Object.values(withPools().template.findResources('AWS::ApiGateway::Stage'))[0].Properties.AccessLogSetting.Format);
    expect(format).toContain('$context.requestId');
    expect(format).not.toMatch(/authorizer|claims|sub/);
  });
});

describe('the usage plan', () => {
  const planOf = (options: RestJobApiOptions) => {
    const [plan] = Object.values(restApi(options, { withUploads: true }).template.findResources('AWS::ApiGateway::UsagePlan'));
    return plan?.Properties;
  };

  test('limits submitting, has a tenth of it for batches of ten, and gives every other route an allowance of its own', () => {
    expect(planOf({ authentication: ApiAuthentication.apiKeys() })).toMatchObject({
      Throttle: { RateLimit: 18.1, BurstLimit: 121 },
      ApiStages: [{
        Throttle: {
          '/jobs/POST': { RateLimit: 1, BurstLimit: 10 },
          '/jobs/batch/POST': { RateLimit: 0.1, BurstLimit: 1 },
          '/jobs/GET': { RateLimit: 2, BurstLimit: 10 },
          '/jobs/{job_id}/GET': { RateLimit: 10, BurstLimit: 50 },
          '/jobs/{job_id}/cancel/POST': { RateLimit: 2, BurstLimit: 20 },
          '/jobs/{job_id}/retry/POST': { RateLimit: 2, BurstLimit: 20 },
          '/uploads/POST': { RateLimit: 1, BurstLimit: 10 },
        },
      }],
    });
  });

  test('has the app\'s own limits', () => {
    const keyLimits = {
      statusRatePerSecond: 3,
      statusBurst: 30,
      listRatePerSecond: 4,
      listBurst: 40,
      changeRatePerSecond: 5,
      changeBurst: 50,
      uploadRatePerSecond: 6,
      uploadBurst: undefined,
    };
    const submitLimit = SubmitLimit.usagePlan({ ratePerSecond: 2, burst: 20 });
    expect(planOf({ authentication: ApiAuthentication.apiKeys(), submitLimit, keyLimits }).ApiStages[0].Throttle).toEqual({
      '/jobs/POST': { RateLimit: 2, BurstLimit: 20 },
      '/jobs/batch/POST': { RateLimit: 0.2, BurstLimit: 2 },
      '/jobs/GET': { RateLimit: 4, BurstLimit: 40 },
      '/jobs/{job_id}/GET': { RateLimit: 3, BurstLimit: 30 },
      '/jobs/{job_id}/cancel/POST': { RateLimit: 5, BurstLimit: 50 },
      '/jobs/{job_id}/retry/POST': { RateLimit: 5, BurstLimit: 50 },
      '/uploads/POST': { RateLimit: 6, BurstLimit: 10 },
    });
  });

  test.each([
    [{}, { RateLimit: 10, BurstLimit: 120 }],
    [{ perMinute: 1_200, burst: 100 }, { RateLimit: 44, BurstLimit: 2_600 }],
    [{ perMinute: 100_000 }, { RateLimit: 3_334, BurstLimit: 5_000 }],
  ])('never refuses what the exact count of %j lets through', (limit, submitting) => {
    const throttle = planOf({ authentication: ApiAuthentication.apiKeys(), submitLimit: SubmitLimit.exact(limit) }).ApiStages[0].Throttle;
    expect(throttle['/jobs/POST']).toEqual(submitting);
    expect(throttle['/jobs/batch/POST']).toEqual(submitting);
  });

  test('is there for API keys alone', () => {
    expect(planOf({})).toBeUndefined();
    expect(planOf({ authentication: ApiAuthentication.none() })).toBeUndefined();
  });
});
