import { execFileSync } from 'node:child_process';
import { App, Lazy, Size, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { methodsOf, restApi } from './fixture';
import { ApiAuthentication } from '../../src/job-api/api-authentication';
import { openApi, type OpenApiProps } from '../../src/job-api/open-api';
import { PayloadSchema } from '../../src/job-api/payload-schema';
import { JOB_ID_PATTERN } from '../../src/runtime/protocol/job-id';

interface Operation {
  readonly operationId: string;
  readonly parameters: { readonly name: string; readonly in: string }[];
  readonly requestBody?: object;
  readonly responses: Record<string, { readonly $ref?: string }>;
}

interface Document {
  readonly info: { readonly title: string };
  readonly servers: { readonly url: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly security?: Record<string, string[]>[];
  readonly components: {
    readonly securitySchemes?: Record<string, object>;
    readonly schemas: Record<string, object>;
    readonly responses: Record<string, object>;
  };
}

const documentOf = (props: Partial<OpenApiProps> = {}) =>
  JSON.parse(JSON.stringify(openApi({ title: 'drawings', options: {}, uploads: true, ...props }))) as Document;

/** The validator is a module of the newer kind, which the test's runner does not load. */
const JUDGE = `
  import { readFileSync } from 'node:fs';
  import { Validator } from '@seriousme/openapi-schema-validator';
  const validator = new Validator();
  const result = await validator.validate(JSON.parse(readFileSync(0, 'utf8')));
  if (result.valid) validator.resolveRefs();
  console.log(JSON.stringify(result));`;
const judged = (document: object) =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', JUDGE], { input: JSON.stringify(document), encoding: 'utf8' })) as object;

const rich = PayloadSchema.fromObject({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: ['object', 'null'],
  required: ['url'],
  additionalProperties: false,
  properties: {
    url: { type: 'string', format: 'uri', minLength: 3 },
    kind: { const: 'dxf' },
    pages: { type: 'array', items: { $ref: '#/definitions/page' } },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }] },
    size: { type: ['integer', 'string'], exclusiveMinimum: 0 },
    parent: { $ref: '#' },
    any: true,
    nothing: false,
  },
  if: { required: ['kind'] },
  then: { required: ['pages'] },
  definitions: { page: { type: 'object', properties: { scale: { type: 'number', exclusiveMaximum: 2 } } } },
});

test.each<[string, Partial<OpenApiProps>]>([
  ['nothing given', {}],
  ['API keys and no bucket', { options: { authentication: ApiAuthentication.apiKeys() }, uploads: false }],
  ['no authentication', { options: { authentication: ApiAuthentication.none() } }],
  ['Cognito', { options: { authentication: ApiAuthentication.cognito([new cognito.UserPool(new Stack(), 'Pool')]) } }],
  ['a schema of a payload', { payloadSchema: rich }],
  ['an HTTP API', { http: true }],
  ['tokens', { http: true, options: { authentication: ApiAuthentication.jwt({ issuer: 'https://login.example.com', audience: ['jobs'] }) } }],
  ['paths of the app\'s own', { options: { submitPath: '/process', statusPath: '/status/{job_id}', cancelPath: '/{job_id}', maxUploadSize: Size.mebibytes(1) } }],
])('is a valid document, with %s', (_what, props) => {
  expect(judged(documentOf(props))).toEqual({ valid: true });
});

test('the judge finds what is wrong', () => {
  const document = documentOf();
  document.paths['/jobs'].get.responses['200'] = {};
  expect(judged(document)).toMatchObject({ valid: false });
});

describe('says what is deployed', () => {
  test.each([[true], [false]])('every route and no other, with uploads: %s', (withUploads) => {
    const { template } = restApi({}, { withUploads });
    const routes = Object.entries(documentOf({ uploads: withUploads }).paths)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(routes.sort()).toEqual([...methodsOf(template).keys()].sort());
  });

  test('every parameter that a method declares', () => {
    const { paths } = documentOf();
    for (const [name, { RequestParameters }] of methodsOf(restApi({}, { withUploads: true }).template)) {
      const [method, path] = name.split(' ');
      const said = paths[path][method.toLowerCase()].parameters.map((one) => `method.request.${one.in === 'query' ? 'querystring' : one.in}.${one.name}`);
      expect(said).toEqual(expect.arrayContaining(Object.keys(RequestParameters ?? {})));
      expect(said).toContain('method.request.header.X-Correlation-Id');
    }
  });

  test('what the id of a job is, wherever one is asked for', () => {
    const ids = Object.values(documentOf().paths).flatMap((methods) => Object.values(methods).flatMap(({ parameters }) => parameters))
      .filter(({ name }) => name === 'job_id');
    expect(ids).toEqual(Array(3).fill(expect.objectContaining({ schema: expect.objectContaining({ pattern: JOB_ID_PATTERN.source }) })));
  });

  test('operations have names of their own', () => {
    const ids = Object.values(documentOf().paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(ids.sort()).toEqual(['cancelJob', 'createUpload', 'getJob', 'listJobs', 'retryJob', 'submitBatch', 'submitJob']);
  });
});

test('every error is in the one format', () => {
  const { components, paths } = documentOf();
  const error = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  expect(Object.values(components.responses)).toEqual(Object.keys(components.responses).map(() => expect.objectContaining({ content: error })));
  expect(components.schemas.Error).toMatchObject({ properties: { error: { required: ['code', 'message', 'correlation_id'] } } });
  for (const { responses } of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const refused = Object.entries(responses).filter(([status]) => status >= '400');
    expect(refused.map(([status]) => status)).toEqual(expect.arrayContaining(['400', '401', '403', '404', '413', '429', '500', '502', '503', '504']));
    refused.forEach(([, { $ref }]) => expect($ref).toMatch(/^#\/components\/responses\/\w+$/));
  }
  expect(Object.keys(paths['/jobs'].post.responses)).toEqual(expect.arrayContaining(['202', '409', '415']));
  expect(Object.keys(paths['/jobs/batch'].post.responses)).not.toContain('409');
  expect(Object.keys(paths['/jobs'].get.responses)).not.toContain('415');
});

test.each<[string, ApiAuthentication | undefined, object | undefined]>([
  ['IAM', undefined, { iam: { 'type': 'apiKey', 'in': 'header', 'name': 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' } }],
  ['API keys', ApiAuthentication.apiKeys(), { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } }],
  ['Cognito', ApiAuthentication.cognito([]), { users: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } }],
  ['tokens', ApiAuthentication.jwt({ issuer: 'https://login.example.com', audience: ['jobs'] }), { users: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } }],
  ['nothing', ApiAuthentication.none(), undefined],
])('says how callers are known by %s', (_what, authentication, schemes) => {
  const { security, components } = documentOf({ options: { authentication } });
  expect(components.securitySchemes).toEqual(schemes);
  expect(security).toEqual(schemes && Object.keys(schemes).map((name) => ({ [name]: [] })));
});

describe('the server', () => {
  const serverOf = (props: Partial<OpenApiProps>) => documentOf(props).servers;
  const certificate = () => acm.Certificate.fromCertificateArn(new Stack(new App(), 'Stack'), 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/x');
  const later = () => Lazy.string({ produce: () => 'later' });

  test.each<[string, Partial<OpenApiProps>, string]>([
    ['the stage, where the address is known only later', {}, '/v1'],
    ['the root of an HTTP API', { http: true }, '/'],
    ['the stage of the app', { options: { stageName: 'prod' } }, '/prod'],
    ['nothing where even the stage is known only later', { options: { stageName: later() } }, '/'],
    ['the domain', { options: { domain: { domainName: 'jobs.example.com', certificate: certificate() } } }, 'https://jobs.example.com'],
    ['nothing where the domain is known only later', { options: { domain: { domainName: later(), certificate: certificate() } } }, '/'],
  ])('is %s', (_what, props, url) => {
    expect(serverOf(props)).toEqual([{ url }]);
  });
});

test('title and the largest upload are the pipeline\'s', () => {
  const document = documentOf({ options: { maxUploadSize: Size.kibibytes(1) } });
  expect(document.info.title).toBe('drawings');
  expect(document.components.schemas.UploadRequest).toMatchObject({ properties: { size_bytes: { maximum: 1_024 } } });
  expect(documentOf().components.schemas.UploadRequest).toMatchObject({ properties: { size_bytes: { maximum: 104_857_600 } } });
  expect(documentOf({ uploads: false }).components.schemas).not.toHaveProperty('Upload');
});

test.each([
  ['application/pdf', true],
  ['text/plain; charset=utf-8', true],
  ['pdf', false],
  ['a/b c', false],
])('%s as the type of an upload: %s', (type, fits) => {
  const { properties } = documentOf().components.schemas.UploadRequest as { properties: { content_type: { pattern: string } } };
  expect(new RegExp(properties.content_type.pattern).test(type)).toBe(fits);
});
