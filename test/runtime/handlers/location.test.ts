import type { APIGatewayProxyEvent } from 'aws-lambda';
import { locationOf, resourcePathOf } from '../../../src/runtime/handlers/http/location';

const RETRY = '/jobs/{job_id}/retry';

test.each<[string | undefined, string | undefined, string]>([
  ['/v1/jobs', '/jobs', '/v1/jobs/job_1'], // the API's own address
  ['/jobs', '/jobs', '/jobs/job_1'], // a domain of one's own
  ['/drawings/jobs', '/jobs', '/drawings/jobs/job_1'], // … with a base path
  ['/a/b/jobs/job_1/retry', RETRY, '/a/b/jobs/job_1'], // … of two parts
  ['/v1/jobs/job%5F1/retry', RETRY, '/v1/jobs/job_1'], // an id spelt in another way
  ['/v1/jobs/job_1/retry/', RETRY, '/v1/jobs/job_1'],
  ['/retry', RETRY, '/jobs/job_1'], // what cannot be
  [undefined, RETRY, '/v1/jobs/job_1'],
  ['/v1/jobs', undefined, '/v1/jobs/job_1'],
])('of a request to %s at %s the job is at %s', (path, resourcePath, location) => {
  expect(locationOf('job_1', { requestContext: { stage: 'v1', path, resourcePath } } as APIGatewayProxyEvent, '/jobs/{job_id}')).toBe(location);
});

test('the route is told by the path of the resource', () => {
  expect(resourcePathOf({ resource: '/other', requestContext: { resourcePath: RETRY } } as APIGatewayProxyEvent)).toBe(RETRY);
  expect(resourcePathOf({ resource: RETRY, requestContext: {} } as APIGatewayProxyEvent)).toBe(RETRY);
});
