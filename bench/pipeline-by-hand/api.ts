import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat, AuthorizationType, CfnAccount, EndpointType, LambdaIntegration, LogGroupLogDestination, MethodLoggingLevel, RestApi,
  type IResource, type JsonSchema, type JsonSchemaVersion, type MethodDeploymentOptions, type MethodOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { gatewayResponses } from './gateway-responses';
import { logs } from './shared';

export interface ApiProps {
  readonly name: string;
  readonly key: Key;
  readonly submit: IFunction;
  readonly status: IFunction;
  readonly change: IFunction;
}

const STAGE = 'v1';

const EVERY_METHOD: MethodDeploymentOptions = {
  throttlingRateLimit: 100,
  throttlingBurstLimit: 500,
  metricsEnabled: true,
  loggingLevel: MethodLoggingLevel.ERROR,
  dataTraceEnabled: false,
};

/** In this order they stand in the access log. */
const LOGGED = {
  request_id: '$context.requestId',
  trace_id: '$context.xrayTraceId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  latency_ms: '$context.responseLatency',
  integration_ms: '$context.integrationLatency',
  account: '$context.identity.accountId',
  caller: '$context.identity.caller',
  firewall: '$context.wafResponseCode',
  source_ip: '$context.identity.sourceIp',
};

const BATCH: JsonSchema = {
  schema: 'http://json-schema.org/draft-04/schema#' as JsonSchemaVersion,
  type: 'object' as JsonSchema['type'],
  required: ['jobs'],
  properties: { jobs: { type: 'array' as JsonSchema['type'] } },
};

export function api(scope: Construct, props: ApiProps): RestApi {
  const restApi = create(scope, props);
  gatewayResponses(restApi);
  addRoutes(restApi, props);
  return restApi;
}

function create(scope: Construct, { name, key }: ApiProps): RestApi {
  const restApi = new RestApi(scope, 'Api', {
    description: `Jobs of ${scope.node.scope!.node.path}`,
    restApiName: name,
    cloudWatchRole: false,
    deployOptions: {
      ...EVERY_METHOD,
      methodOptions: { '/jobs/GET': { ...EVERY_METHOD, throttlingRateLimit: 10, throttlingBurstLimit: 50 } },
      stageName: STAGE,
      tracingEnabled: true,
      accessLogDestination: new LogGroupLogDestination(logs(scope, 'AccessLogs', key)),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(LOGGED)),
    },
    endpointConfiguration: { types: [EndpointType.REGIONAL] },
  });
  restApi.deploymentStage.node.addDependency(logs(scope, 'ExecutionLogs', key, `API-Gateway-Execution-Logs_${restApi.restApiId}/${STAGE}`));
  restApi.node.tryRemoveChild('Endpoint');
  restApi.deploymentStage.node.addDependency(loggingOf(Stack.of(scope)));
  return restApi;
}

function addRoutes(restApi: RestApi, { submit, status, change }: ApiProps): void {
  const add = (resource: IResource, method: string, fn: IFunction, options: MethodOptions) =>
    resource.addMethod(method, new LambdaIntegration(fn, { allowTestInvoke: false }), { authorizationType: AuthorizationType.IAM, ...options });

  const jobs = restApi.root.addResource('jobs');
  const body = restApi.addRequestValidator('BodyValidator', { validateRequestBody: true, validateRequestParameters: true });
  add(jobs, 'POST', submit, {
    requestValidator: body,
    requestParameters: { 'method.request.header.Idempotency-Key': false, 'method.request.header.X-Correlation-Id': false },
  });
  const batch = jobs.addResource('batch');
  const batchModel = restApi.addModel('Batch', { contentType: 'application/json', schema: BATCH });
  add(batch, 'POST', submit, { requestValidator: body, requestModels: { 'application/json': batchModel }, requestParameters: {} });

  const parameters = restApi.addRequestValidator('ParameterValidator', { validateRequestParameters: true });
  add(jobs, 'GET', status, {
    requestValidator: parameters,
    requestParameters: {
      'method.request.querystring.status': false, 'method.request.querystring.limit': false, 'method.request.querystring.next_token': false,
    },
  });
  const ofOneJob: MethodOptions = { requestValidator: parameters, requestParameters: { 'method.request.path.job_id': true } };
  const job = jobs.addResource('{job_id}');
  add(job, 'GET', status, ofOneJob);
  add(job.addResource('cancel'), 'POST', change, ofOneJob);
  add(job.addResource('retry'), 'POST', change, ofOneJob);
}

/** One for all APIs of a stack. */
function loggingOf(stack: Stack): Construct {
  const known = stack.node.tryFindChild('JobWorksApiLogging') as Construct | undefined;
  if (known) return known;
  const logging = new Construct(stack, 'JobWorksApiLogging');
  const role = new Role(logging, 'Role', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    inlinePolicies: {
      Logging: new PolicyDocument({
        statements: [new PolicyStatement({
          actions: [
            'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams',
            'logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:PutLogEvents',
          ],
          resources: ['*'],
        })],
      }),
    },
  });
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  new CfnAccount(logging, 'Account', { cloudWatchRoleArn: role.roleArn }).applyRemovalPolicy(RemovalPolicy.RETAIN);
  return logging;
}
