import { Match } from 'aws-cdk-lib/assertions';
import { methodsOf, restApi, type MethodProperties } from './fixture';
import { PayloadSchema } from '../../src/job-api/payload-schema';

const functionOf = (method: MethodProperties) => JSON.stringify(method.Integration).match(/"ApiFunctions(Submit|Status|Change|Uploads)[0-9A-F]{8}"/)?.[1];

test('every route has its method, and the function that may do what it does', () => {
  const methods = methodsOf(restApi({}, { withUploads: true }).template);
  expect(Object.fromEntries([...methods].map(([name, method]) => [name, functionOf(method)]))).toEqual({
    'POST /jobs': 'Submit',
    'POST /jobs/batch': 'Submit',
    'GET /jobs': 'Status',
    'GET /jobs/{job_id}': 'Status',
    'POST /jobs/{job_id}/cancel': 'Change',
    'POST /jobs/{job_id}/retry': 'Change',
    'POST /uploads': 'Uploads',
  });
});

test('without a bucket there are no uploads', () => {
  expect([...methodsOf(restApi().template).keys()]).not.toContain('POST /uploads');
});

test('the paths are the app\'s own', () => {
  const options = {
    submitPath: '/process-drawing',
    batchPath: '/process-drawings',
    listPath: '/mine',
    statusPath: '/status/{job_id}',
    cancelPath: '/stop/{job_id}',
    retryPath: '/again/{job_id}/please',
    uploadPath: '/v2/files',
  };
  expect([...methodsOf(restApi(options, { withUploads: true }).template).keys()]).toEqual([
    'POST /process-drawing', 'POST /process-drawings', 'GET /mine', 'GET /status/{job_id}', 'POST /stop/{job_id}', 'POST /again/{job_id}/please', 'POST /v2/files',
  ]);
});

test('API Gateway may call each function for its own methods alone', () => {
  const { template } = restApi({}, { withUploads: true });
  const allowed = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => ({
    fn: JSON.stringify(Properties.FunctionName).match(/"ApiFunctions(Submit|Status|Change|Uploads)/)?.[1],
    route: JSON.stringify(Properties.SourceArn).match(/\/(GET|POST)\/[^"]*/)?.[0],
  }));
  expect(allowed).toHaveLength(7);
  expect(allowed).toEqual(expect.arrayContaining([
    { fn: 'Submit', route: '/POST/jobs' },
    { fn: 'Submit', route: '/POST/jobs/batch' },
    { fn: 'Status', route: '/GET/jobs' },
    { fn: 'Status', route: '/GET/jobs/*' },
    { fn: 'Change', route: '/POST/jobs/*/cancel' },
    { fn: 'Change', route: '/POST/jobs/*/retry' },
    { fn: 'Uploads', route: '/POST/uploads' },
  ]));
});

test('a caller who may execute the API may invoke every route', () => {
  const { stack, api } = restApi({}, { withUploads: true });
  const routes = (stack.resolve(api.methodArns) as unknown[]).map((arn) => JSON.stringify(arn).match(/\/(GET|POST)\/[^"]*/)?.[0]);
  expect(routes).toEqual([
    '/POST/jobs', '/POST/jobs/batch', '/GET/jobs', '/GET/jobs/*', '/POST/jobs/*/cancel', '/POST/jobs/*/retry', '/POST/uploads',
  ]);
});

describe('what API Gateway judges', () => {
  const models = (options?: Parameters<typeof restApi>[1]) => Object.values(restApi({}, options).template.findResources('AWS::ApiGateway::Model'))
    .map(({ Properties }) => Properties.Schema);
  const payloadSchema = PayloadSchema.fromObject({ type: 'object', required: ['url'] });

  test('a payload by its schema', () => {
    const { template } = restApi({}, { payloadSchema });
    template.hasResourceProperties('AWS::ApiGateway::Model', { Schema: Match.objectLike({ required: ['url'] }) });
    expect(Object.keys(methodsOf(template).get('POST /jobs')!.RequestModels!)).toEqual(['application/json']);
  });

  test('a batch by its number alone, so that one job that is wrong spoils no other', () => {
    expect(models({ payloadSchema })).toContainEqual(expect.objectContaining({
      type: 'object', required: ['jobs'], properties: { jobs: { type: 'array' } },
    }));
  });

  test('nothing of an upload, whose body may be left out: a model refuses what is not there', () => {
    const { template } = restApi({}, { withUploads: true });
    expect(methodsOf(template).get('POST /uploads')!.RequestModels).toBeUndefined();
  });

  test('every method has a validator, and the id of a job must be there', () => {
    const { template } = restApi({}, { withUploads: true });
    template.resourceCountIs('AWS::ApiGateway::RequestValidator', 2);
    const validators = template.findResources('AWS::ApiGateway::RequestValidator');
    const judged = Object.fromEntries([...methodsOf(template)].map(([name, method]) => {
      return [name, validators[method.RequestValidatorId.Ref].Properties];
    }));
    const body = { ValidateRequestBody: true, ValidateRequestParameters: true };
    expect(judged['POST /jobs']).toMatchObject(body);
    expect(judged['POST /jobs/batch']).toMatchObject(body);
    expect(judged['POST /uploads']).not.toHaveProperty('ValidateRequestBody');
    expect(judged['GET /jobs']).toMatchObject({ ValidateRequestParameters: true });
    for (const [name, { RequestParameters }] of methodsOf(template)) {
      expect(RequestParameters?.['method.request.path.job_id']).toBe(name.includes('{job_id}') ? true : undefined);
    }
  });
});
