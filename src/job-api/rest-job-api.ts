import { Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { accountLogging } from './account-logging';
import { ApiAuthentication } from './api-authentication';
import { gatewayModel } from './gateway-model';
import { addGatewayResponses } from './gateway-responses';
import type { PayloadSchema } from './payload-schema';
import type { RestJobApiOptions } from './rest-api-options';
import { DEFAULT_PATHS } from './routes';
import { usagePlan } from './usage-plan';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createLogGroup } from '../internal/log-group';
import { AUTHENTICATION } from '../runtime/wire/environment';

const DEFAULT_STAGE = 'v1';

/** What a REST API for jobs is made from. */
export interface RestJobApiProps {
  readonly options: RestJobApiOptions;
  /** The name by which CloudWatch tells APIs apart, so it must be one of its own. */
  readonly name: string;
  readonly profile: EnvironmentProfile;
  /** Behind submit and batch. */
  readonly submit: lambda.IFunction;
  /** Behind status and list. */
  readonly status: lambda.IFunction;
  /** Behind cancel and retry. */
  readonly change?: lambda.IFunction;
  /** Only where there is a bucket. */
  readonly uploads?: lambda.IFunction;
  readonly payloadSchema?: PayloadSchema;
  readonly encryptionKey?: kms.IKey;
}

/** The REST API of a pipeline: two methods, each a function; all else is refused in the format of the handlers' errors. */
export class RestJobApi extends Construct {
  public readonly api: apigateway.RestApi;
  /** What API keys are added to; only with authentication by API keys. */
  public readonly usagePlan?: apigateway.UsagePlan;

  /** What a caller must be allowed to invoke. */
  public readonly methodArns: string[];

  private readonly authentication: ApiAuthentication;

  constructor(scope: Construct, id: string, private readonly props: RestJobApiProps) {
    super(scope, id);
    this.authentication = props.options.authentication ?? ApiAuthentication.iam();
    this.api = this.createApi();
    addGatewayResponses(this.api);
    const submit = this.addSubmit();
    const status = this.addStatus();
    if (this.authentication._kind === AUTHENTICATION.apiKey) {
      this.usagePlan = usagePlan(this.api, this.authentication._limits, { submit, status });
    }
    this.methodArns = [submit.methodArn, status.methodArn];
    this.acknowledge([submit, status]);
  }

  private createApi(): apigateway.RestApi {
    const { options, profile, encryptionKey } = this.props;
    const accessLogs = createLogGroup(this, 'AccessLogs', {
      retention: profile.logRetention,
      removalPolicy: profile.removalPolicy,
      encryptionKey,
    });
    const api = new apigateway.RestApi(this, 'Api', {
      description: `Jobs of ${this.node.scope!.node.path}`,
      restApiName: this.props.name,
      cloudWatchRole: false,
      deployOptions: {
        stageName: options.stageName ?? DEFAULT_STAGE,
        throttlingRateLimit: options.ratePerSecond ?? 100,
        throttlingBurstLimit: options.burst ?? 500,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: apigateway.MethodLoggingLevel.ERROR,
        dataTraceEnabled: false, // it would log payloads and keys
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLogs),
        accessLogFormat: apigateway.AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
      endpointConfiguration: { types: [apigateway.EndpointType.REGIONAL] },
    });
    api.deploymentStage.node.addDependency(this.executionLogs(api));
    // Whether and under what name to output the URL is for the app to say.
    api.node.tryRemoveChild('Endpoint');
    if (options.accountLoggingRole ?? true) {
      api.deploymentStage.node.addDependency(accountLogging(this));
    }
    return api;
  }

  /** API Gateway would make this log group by itself: without a key, and for ever. */
  private executionLogs(api: apigateway.RestApi): Construct {
    const { options, profile, encryptionKey } = this.props;
    return createLogGroup(this, 'ExecutionLogs', {
      logGroupName: `API-Gateway-Execution-Logs_${api.restApiId}/${options.stageName ?? DEFAULT_STAGE}`,
      retention: profile.logRetention,
      removalPolicy: profile.removalPolicy,
      encryptionKey,
    });
  }

  private addSubmit(): apigateway.Method {
    const { options, submit, payloadSchema } = this.props;
    const validator = this.api.addRequestValidator('BodyValidator', { validateRequestBody: true, validateRequestParameters: true });
    const model = payloadSchema && this.api.addModel('Payload', {
      contentType: 'application/json',
      schema: gatewayModel(payloadSchema._schema),
    });
    return this.api.root.resourceForPath(options.submitPath ?? DEFAULT_PATHS.submit).addMethod('POST', this.integration(submit), {
      ...this.authorization(),
      requestValidator: validator,
      requestParameters: { 'method.request.header.Idempotency-Key': false, 'method.request.header.X-Correlation-Id': false },
      ...(model && { requestModels: { 'application/json': model } }),
    });
  }

  private addStatus(): apigateway.Method {
    const { options, status } = this.props;
    const validator = this.api.addRequestValidator('ParameterValidator', { validateRequestParameters: true });
    return this.api.root.resourceForPath(options.statusPath ?? DEFAULT_PATHS.status).addMethod('GET', this.integration(status), {
      ...this.authorization(),
      requestValidator: validator,
      requestParameters: { 'method.request.path.job_id': true },
    });
  }

  private integration(fn: lambda.IFunction): apigateway.LambdaIntegration {
    return new apigateway.LambdaIntegration(fn, { allowTestInvoke: false });
  }

  private authorization(): apigateway.MethodOptions {
    return this.authentication._kind === AUTHENTICATION.iam
      ? { authorizationType: apigateway.AuthorizationType.IAM }
      : { authorizationType: apigateway.AuthorizationType.NONE, apiKeyRequired: true };
  }

  private acknowledge(methods: apigateway.Method[]): void {
    Validations.of(this.api.deploymentStage).acknowledge({
      id: 'AwsSolutions-APIG3',
      reason: 'a web ACL is billed by the month: associate yours with the stage of the API',
    });
    for (const method of methods) {
      Validations.of(method).acknowledge({ id: 'AwsSolutions-COG4', reason: 'callers are known by IAM or by API keys, as the app chose; nobody signs in' });
      if (this.authentication._kind === AUTHENTICATION.apiKey) {
        Validations.of(method).acknowledge({ id: 'AwsSolutions-APIG4', reason: 'the app chose API keys: each method requires one' });
      }
    }
  }
}

/** A line of the access log: who, what and how it went; never a key, a query or a body. */
const ACCESS_LOG = {
  request_id: '$context.requestId',
  trace_id: '$context.xrayTraceId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  latency_ms: '$context.responseLatency',
  integration_ms: '$context.integrationLatency',
  api_key_id: '$context.identity.apiKeyId',
  account: '$context.identity.accountId',
  source_ip: '$context.identity.sourceIp',
};
