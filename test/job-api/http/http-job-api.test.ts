import { Duration } from 'aws-cdk-lib';
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { httpApi, routesOf, tokens } from './fixture';
import { EnvironmentProfile } from '../../../src/environment-profile/environment-profile';
import { ApiAuthentication } from '../../../src/job-api/api-authentication';
import { methodsOf, restApi } from '../fixture';

const ALL = ['$default', 'GET /jobs', 'GET /jobs/{job_id}', 'POST /jobs', 'POST /jobs/batch', 'POST /jobs/{job_id}/cancel', 'POST /jobs/{job_id}/retry'];
const stageOf = (template: Template) => Object.values(template.findResources('AWS::ApiGatewayV2::Stage'))[0];

test('has the routes of a REST API, and one for all else', () => {
  const { template } = httpApi({}, { withUploads: true });
  expect([...routesOf(template).keys()].sort()).toEqual([...ALL, 'POST /uploads'].sort());
  expect([...methodsOf(restApi({}, { withUploads: true }).template).keys(), '$default'].sort()).toEqual([...routesOf(template).keys()].sort());
});

test('without a bucket there is no route for uploads, and paths are those of the app', () => {
  const { template } = httpApi({ submitPath: '/process-drawing', statusPath: '/status/{job_id}' });
  expect([...routesOf(template).keys()]).toEqual(expect.arrayContaining(['POST /process-drawing', 'GET /status/{job_id}']));
  expect([...routesOf(template).keys()].filter((key) => /uploads|^POST \/jobs$/.test(key))).toEqual([]);
});

test('each function is handed events of format 2.0, once', () => {
  const integrations = Object.values(httpApi({}, { withUploads: true }).template.findResources('AWS::ApiGatewayV2::Integration'));
  expect(integrations.map(({ Properties }) => [Properties.IntegrationType, Properties.PayloadFormatVersion])).toEqual(Array(4).fill(['AWS_PROXY', '2.0']));
});

describe('callers are known', () => {
  test('by IAM, where nothing is said', () => {
    const { template, api } = httpApi();
    expect([...routesOf(template).values()].map(({ AuthorizationType }) => AuthorizationType)).toEqual(Array(ALL.length).fill('AWS_IAM'));
    template.resourceCountIs('AWS::ApiGatewayV2::Authorizer', 0);
    expect(api.asksForIam).toBe(true);
    expect(api.methodArns).toHaveLength(ALL.length - 1);
  });

  test('by tokens of an issuer for an audience, with a scope on every route', () => {
    const { template, api } = httpApi({ authentication: tokens(['jobs/submit']) });
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'], JwtConfiguration: { Issuer: 'https://login.example.com/', Audience: ['jobs', 'others'] },
    });
    for (const route of routesOf(template).values()) {
      expect(route).toMatchObject({ AuthorizationType: 'JWT', AuthorizationScopes: ['jobs/submit'], AuthorizerId: expect.anything() });
    }
    expect(api.asksForIam).toBe(false);
  });

  test('by tokens without scopes', () => {
    expect([...routesOf(httpApi({ authentication: tokens() }).template).values()].flatMap((route) => route.AuthorizationScopes ?? [])).toEqual([]);
  });

  test.each<[Duration | undefined, number]>([[undefined, 60], [Duration.seconds(0), 0], [Duration.minutes(5), 300]])(
    'by keys, that are asked for again after %s', (keyCaching, seconds) => {
      const { template } = httpApi({ authentication: ApiAuthentication.apiKeys(), keyCaching });
      template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
        AuthorizerType: 'REQUEST',
        IdentitySource: ['$request.header.x-api-key'],
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: seconds,
      });
      expect([...routesOf(template).values()].map(({ AuthorizationType }) => AuthorizationType)).toEqual(Array(ALL.length).fill('CUSTOM'));
    });

  test('by nothing, where that was chosen', () => {
    const { template } = httpApi({ authentication: ApiAuthentication.none() });
    expect([...routesOf(template).values()].map(({ AuthorizationType }) => AuthorizationType)).toEqual(Array(ALL.length).fill('NONE'));
  });
});

describe('the stage', () => {
  test('limits what every route lets through, and lists to a tenth of it', () => {
    const { template } = httpApi({ ratePerSecond: 70, burst: 80, listPath: '/mine' });
    const { Properties, DependsOn } = stageOf(template);
    expect(Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 70, ThrottlingBurstLimit: 80, DetailedMetricsEnabled: true },
      RouteSettings: { 'GET /mine': { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 8, DetailedMetricsEnabled: true } },
    });
    const [list] = Object.entries(template.findResources('AWS::ApiGatewayV2::Route')).find(([, route]) => route.Properties.RouteKey === 'GET /mine')!;
    expect(DependsOn).toContain(list); // API Gateway refuses settings of a route that there is not
  });

  test('lets through what a REST API does, where nothing is said', () => {
    expect(stageOf(httpApi().template).Properties.DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 500 });
  });

  test('logs what a REST API logs, but for the trace that there is not', () => {
    const fieldsOf = (format: string) => Object.keys(JSON.parse(format)).sort();
    const [rest] = Object.values(restApi().template.findResources('AWS::ApiGateway::Stage'));
    const http = stageOf(httpApi().template).Properties.AccessLogSettings;
    expect([...fieldsOf(http.Format), 'trace_id'].sort()).toEqual(fieldsOf(rest.Properties.AccessLogSetting.Format));
  });

  test.each<[string, ApiAuthentication, RegExp]>([
    ['IAM', ApiAuthentication.iam(), /\$context\.identity\.caller/],
    ['keys', ApiAuthentication.apiKeys(), /\$context\.authorizer\.key_id/],
    ['tokens', tokens(), /\$context\.identity\.sourceIp/],
  ])('names who called by %s, and holds no key, token, query or body', (_, authentication, caller) => {
    const { Format } = stageOf(httpApi({ authentication }).template).Properties.AccessLogSettings;
    expect(Format).toMatch(caller);
    expect(Format).not.toMatch(/claims|querystring|path\b|header|body/);
  });

  test('has a log group that ends, encrypted, whose name does not fill the policy of the account', () => {
    const profile = EnvironmentProfile.prod();
    httpApi({}, { profile }).template.hasResourceProperties('AWS::Logs::LogGroup', {
      RetentionInDays: profile.logRetention,
      LogGroupName: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('^/aws/vendedlogs/apis/Stack-Api')])] },
    });
  });

  test('encrypts its log group with the key of the pipeline', () => {
    const { stack } = httpApi();
    const { template } = httpApi({}, { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:123456789012:key/1') });
    const groups = template.findResources('AWS::Logs::LogGroup', { Properties: { KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1' } });
    expect(Object.keys(groups)).toHaveLength(1);
  });
});

describe('pages of other origins', () => {
  test('are let in by the API alone, and ask without credentials', () => {
    const { template } = httpApi({ authentication: ApiAuthentication.apiKeys(), cors: { allowOrigins: ['https://a.example.com'], maxAge: Duration.minutes(5) } });
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://a.example.com'],
        AllowMethods: ['GET', 'POST'],
        AllowHeaders: ['Content-Type', 'Idempotency-Key', 'X-Correlation-Id', 'X-Api-Key'],
        ExposeHeaders: ['X-Correlation-Id', 'Location', 'Retry-After'],
        MaxAge: 300,
      },
    });
    expect(routesOf(template).get('OPTIONS /{proxy+}')).toMatchObject({ AuthorizationType: 'NONE' });
  });

  test('send tokens as they send those of Cognito', () => {
    httpApi({ authentication: tokens(), cors: { allowOrigins: ['*'] } }).template.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: Match.objectLike({ AllowHeaders: Match.arrayWith(['Authorization']), MaxAge: 3600 }),
    });
  });

  test('are not let in, where none are named', () => {
    const { template } = httpApi();
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
    expect([...routesOf(template).keys()]).not.toContain('OPTIONS /{proxy+}');
  });
});

describe('a domain of its own', () => {
  const withDomain = () => {
    const { stack } = httpApi();
    return httpApi({
      domain: {
        domainName: 'jobs.example.com',
        certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:eu-west-1:123456789012:certificate/x'),
        hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
      },
    });
  };

  test('is its only address, also by IPv6, with records', () => {
    const { template, api } = withDomain();
    expect(api.url).toBe('https://jobs.example.com/');
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true, IpAddressType: 'dualstack' });
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'jobs.example.com',
      DomainNameConfigurations: [Match.objectLike({ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2', IpAddressType: 'dualstack' })],
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', { ApiMappingKey: Match.absent(), Stage: Match.anyValue() });
    const records = Object.values(template.findResources('AWS::Route53::RecordSet')).map(({ Properties }) => [Properties.Type, Properties.Name]);
    expect(records.sort()).toEqual([['A', 'jobs.example.com.'], ['AAAA', 'jobs.example.com.']]);
  });

  test('without one its address is at the root', () => {
    const { stack, api, template } = httpApi();
    const [id] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api'));
    expect(stack.resolve(api.url)).toEqual({
      'Fn::Join': ['', ['https://', { Ref: id }, '.execute-api.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/']],
    });
  });
});

test('what may be fine and often is not is warned of, as of a REST API', () => {
  const { stack } = httpApi({ authentication: ApiAuthentication.none(), cors: { allowOrigins: ['*'] } }, { profile: EnvironmentProfile.prod() });
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('ApiAuthentication.none\\(\\) leaves an API of production open'))).toHaveLength(1);
  const keys = httpApi({ authentication: ApiAuthentication.apiKeys(), cors: { allowOrigins: ['*'] } });
  expect(Annotations.fromStack(keys.stack).findWarning('*', Match.stringLikeRegexp('a key in a page is everybody'))).toHaveLength(1);
  expect(Annotations.fromStack(httpApi({}, { profile: EnvironmentProfile.prod() }).stack).findWarning('*', Match.anyValue())).toEqual([]);
});
