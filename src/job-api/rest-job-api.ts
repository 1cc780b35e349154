import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogFormat } from './access-log';
import { accountLogging } from './account-logging';
import type { ApiAuthentication } from './api-authentication';
import type { ApiFirewall } from './api-firewall';
import { authenticationOf, authorization } from './authorization';
import { addPreflight } from './cors';
import { addCustomDomain } from './custom-domain';
import { defaultFirewall, Firewall } from './firewall';
import { addGatewayResponses } from './gateway-responses';
import type { ApiEndpoint, JobGateway, JobGatewayProps } from './job-gateway';
import type { PayloadSchema } from './payload-schema';
import { RequestModels } from './request-models';
import type { RestJobApiOptions } from './rest-api-options';
import { warnOfRestApi } from './rest-api-warnings';
import { routesOf, type Route, type RouteName } from './routes';
import { listSettings, stageRates } from './stage-rates';
import { cacheKey, cacheOptions } from './status-caching';
import { usagePlan } from './usage-plan';
import { acknowledge } from '../internal/acknowledge';
import { createLogGroup } from '../internal/log-group';
import { AUTHENTICATION } from '../runtime/wire/environment';
import { HEADER } from '../runtime/wire/http';

const DEFAULT_STAGE = 'v1';

const LONGEST_LOGICAL_ID = 255;
const DEPLOYMENT_HASH = 32;

/** What a REST API for jobs is made from. */
export interface RestJobApiProps extends JobGatewayProps {
  readonly options: RestJobApiOptions;
  /** The name by which CloudWatch tells APIs apart, so it must be one of its own. */
  readonly name: string;
  readonly payloadSchema?: PayloadSchema;
}

/** The REST API of a pipeline: each route a method of its own; all else is refused in the format of the handlers' errors. */
export class RestJobApi extends Construct implements JobGateway {
  public readonly api: apigateway.RestApi;
  /** The address before the paths, with a slash at its end: of the domain, if there is one. */
  public readonly url: string;
  /** What API keys are added to; only with authentication by API keys. */
  public readonly usagePlan?: apigateway.UsagePlan;
  /** The domain name, if there is one. */
  public readonly domainName?: apigateway.DomainName;
  /** What a caller must be allowed to invoke. */
  public readonly methodArns: string[];
  public readonly accessLogs: logs.ILogGroup;

  private readonly methods: ReadonlyMap<RouteName, apigateway.Method>;
  private readonly authentication: ApiAuthentication;
  private readonly firewall: ApiFirewall;

  constructor(scope: Construct, id: string, private readonly props: RestJobApiProps) {
    super(scope, id);
    const { options, profile, encryptionKey } = props;
    warnOfRestApi(scope, options, profile); // of the construct that the app knows
    this.authentication = authenticationOf(options);
    this.firewall = options.firewall ?? defaultFirewall(profile);
    this.accessLogs = createLogGroup(this, 'AccessLogs', {
      retention: profile.logRetention,
      removalPolicy: profile.removalPolicy,
      encryptionKey,
    });
    this.api = this.createApi();
    addGatewayResponses(this.api, options.cors);
    const methods = this.addRoutes();
    this.methods = methods;
    this.addPreflights();
    if (this.authentication._kind === AUTHENTICATION.apiKey) {
      this.usagePlan = usagePlan(this.api, options, methods);
    }
    if (this.isGuarded()) {
      new Firewall(this, 'Firewall', this.firewall, { stage: this.api.deploymentStage, profile, encryptionKey });
    }
    this.domainName = options.domain && addCustomDomain(this, this.api, options.domain);
    this.url = options.domain ? `https://${options.domain.domainName}/` : this.api.url;
    this.methodArns = [...methods.values()].map((method) => method.methodArn);
    this.acknowledge([...methods.values()]);
  }

  /** Whether callers need a permission of IAM. */
  public get asksForIam(): boolean {
    return this.authentication._kind === AUTHENTICATION.iam;
  }

  /** Answers with a 5xx. */
  public metricServerError(options: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.api.metricServerError(options);
  }

  public metricClientError(options: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.api.metricClientError(options);
  }

  public metricLatency(options: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.api.metricLatency(options);
  }

  public metricRequests(options: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.api.metricCount(options);
  }

  public get endpoints(): ApiEndpoint[] {
    const stage = this.api.deploymentStage;
    return this.routes().map(({ route: { name, method, path } }) => {
      const made = this.methods.get(name)!;
      return {
        label: `${method} ${path}`,
        metric: (metric, options) => ({
          clientError: () => made.metricClientError(stage, options),
          serverError: () => made.metricServerError(stage, options),
          latency: () => made.metricLatency(stage, options),
        })[metric](),
      };
    });
  }

  private createApi(): apigateway.RestApi {
    const { options } = this.props;
    const { each } = stageRates(options);
    const everyMethod: apigateway.MethodDeploymentOptions = {
      throttlingRateLimit: each.ratePerSecond,
      throttlingBurstLimit: each.burst,
      metricsEnabled: true,
      loggingLevel: apigateway.MethodLoggingLevel.ERROR,
      dataTraceEnabled: false, // it would log payloads and keys
    };
    const { methodOptions: cached, ...cache } = cacheOptions(options, everyMethod);
    const api = new apigateway.RestApi(this, 'Api', {
      description: `Jobs of ${this.node.scope!.node.path}`,
      restApiName: this.props.name,
      cloudWatchRole: false,
      disableExecuteApiEndpoint: options.domain ? true : undefined,
      deployOptions: {
        ...everyMethod,
        ...cache,
        methodOptions: { ...cached, ...listSettings(options, everyMethod) },
        stageName: options.stageName ?? DEFAULT_STAGE,
        tracingEnabled: true,
        accessLogDestination: new apigateway.LogGroupLogDestination(this.accessLogs),
        accessLogFormat: accessLogFormat(this.authentication, this.isGuarded()),
      },
      endpointConfiguration: {
        types: [apigateway.EndpointType.REGIONAL],
        ...(options.domain && { ipAddressType: apigateway.IpAddressType.DUAL_STACK }), // as its domain
      },
    });
    leaveRoomForHash(api.latestDeployment!);
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

  private routes(): { readonly route: Route; readonly fn: lambda.IFunction }[] {
    const { submit, status, change, uploads } = this.props;
    const functions: Record<RouteName, lambda.IFunction | undefined> = {
      submit, batch: submit, list: status, status, cancel: change, retry: change, uploads,
    };
    return routesOf(this.props.options).flatMap((route) => {
      const fn = functions[route.name];
      return fn ? [{ route, fn }] : [];
    });
  }

  private addRoutes(): Map<RouteName, apigateway.Method> {
    const models = new RequestModels(this.api, this.props.payloadSchema);
    const authorized = authorization(this, this.authentication);
    return new Map(this.routes().map(({ route, fn }) => [route.name, this.addRoute(route, fn, models, authorized)]));
  }

  private addRoute(route: Route, fn: lambda.IFunction, models: RequestModels, authorized: apigateway.MethodOptions): apigateway.Method {
    const key = route.name === 'status' ? cacheKey(this.props.options) : {};
    const cacheKeyParameters = Object.keys(key);
    const integration = new apigateway.LambdaIntegration(fn, {
      allowTestInvoke: false,
      ...(cacheKeyParameters.length > 0 && { cacheKeyParameters }),
    });
    return this.api.root.resourceForPath(route.path).addMethod(route.method, integration, {
      ...authorized,
      ...models.for(route.name),
      requestParameters: { ...PARAMETERS[route.name], ...(route.ofOneJob && { 'method.request.path.job_id': true }), ...key },
    });
  }

  /** One for each resource, for all of its methods. */
  private addPreflights(): void {
    const { cors } = this.props.options;
    if (!cors) {
      return;
    }
    const methods = new Map<string, string[]>();
    for (const { route: { path, method } } of this.routes()) {
      methods.set(path, [...(methods.get(path) ?? []), method]);
    }
    methods.forEach((allowed, path) => addPreflight(this.api.root.resourceForPath(path), allowed, cors, this.authentication));
  }

  private isGuarded(): boolean {
    return this.firewall._managed !== undefined || this.firewall._webAclArn !== undefined;
  }

  private acknowledge(methods: apigateway.Method[]): void {
    const kind = this.authentication._kind;
    if (!this.isGuarded()) {
      acknowledge(this.api.deploymentStage, { id: 'AwsSolutions-APIG3', reason: 'the app, or the profile of a development environment, chose no web ACL' });
    }
    for (const method of methods) {
      if (kind !== AUTHENTICATION.cognito) {
        acknowledge(method, { id: 'AwsSolutions-COG4', reason: 'callers are known as the app chose, and not by signing in with Cognito' });
      }
      if (kind === AUTHENTICATION.apiKey) {
        acknowledge(method, { id: 'AwsSolutions-APIG4', reason: 'the app chose API keys: each method requires one' });
      }
      if (kind === AUTHENTICATION.none) {
        acknowledge(method, { id: 'AwsSolutions-APIG4', reason: 'the app chose, by name, an API without authentication' });
      }
    }
  }
}

/**
 * The CDK adds a hash of 32 characters to the logical id of a deployment, and does not look whether CloudFormation, which takes 255, takes both:
 * with long ids of constructs it does not. What the hash is added to is private, hence the cast; where it is called otherwise nothing changes.
 */
function leaveRoomForHash(deployment: apigateway.Deployment): void {
  const resource = deployment.node.defaultChild as unknown as { originalLogicalId?: string };
  const id = resource.originalLogicalId;
  if (id !== undefined && id.length > LONGEST_LOGICAL_ID - DEPLOYMENT_HASH) {
    const ownHash = id.slice(-8); // which makes it unique
    resource.originalLogicalId = id.slice(0, LONGEST_LOGICAL_ID - DEPLOYMENT_HASH - ownHash.length) + ownHash;
  }
}

/** Headers and query that a route knows, none of which must be there. */
const PARAMETERS: Partial<Record<RouteName, Record<string, boolean>>> = {
  submit: { [`method.request.header.${HEADER.idempotencyKey}`]: false, [`method.request.header.${HEADER.correlationId}`]: false },
  list: { 'method.request.querystring.status': false, 'method.request.querystring.limit': false, 'method.request.querystring.next_token': false },
};
