import { restApi } from './fixture';
import type { RestJobApiOptions } from '../../src/job-api/rest-api-options';

/** Settings by path and method. */
function settingsOf(options: RestJobApiOptions): Record<string, Record<string, unknown>> {
  const [stage] = Object.values(restApi(options).template.findResources('AWS::ApiGateway::Stage'));
  return Object.fromEntries((stage.Properties.MethodSettings as Record<string, unknown>[])
    .map((one) => [`${String(one.HttpMethod)} ${String(one.ResourcePath)}`, one]));
}

test('lists have a tenth of the rate of every other route, since each reads many records', () => {
  const settings = settingsOf({});
  expect(settings['* /*']).toMatchObject({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 500 });
  expect(settings['GET /~1jobs']).toEqual({ ...settings['* /*'], HttpMethod: 'GET', ResourcePath: '/~1jobs', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 50 });
});

test('a tenth is one at least', () => {
  expect(settingsOf({ ratePerSecond: 7, burst: 3 })['GET /~1jobs']).toMatchObject({ ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 });
});

test('the app may say another, and where lists are', () => {
  expect(settingsOf({ listPath: '/all', listRatePerSecond: 60, listBurst: 70 })['GET /~1all'])
    .toMatchObject({ ThrottlingRateLimit: 60, ThrottlingBurstLimit: 70 });
});
