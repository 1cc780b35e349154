import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { httpAccessLogFormat } from './http-access-log';
import type { HttpJobApiOptions } from './http-api-options';
import { httpAuthorization, type HttpAuthorization } from './http-authorization';
import { addHttpDomain } from './http-domain';
import { acknowledge } from '../../internal/acknowledge';
import { createLogGroup, vendedLogName } from '../../internal/log-group';
import { AUTHENTICATION } from '../../runtime/wire/environment';
import { HEADER } from '../../runtime/wire/http';
import type { ApiAuthentication } from '../api-authentication';
import { authenticationOf } from '../authorization';
import { warnOfCallers } from '../caller-warnings';
import { allowedHeaders, maxAgeOf } from '../cors';
import type { ApiEndpoint, JobGateway, JobGatewayProps } from '../job-gateway';
import { routesOf, type Route, type RouteName } from '../routes';
import { stageRates } from '../stage-rates';

/** What an HTTP API for jobs is made from. */
export interface HttpJobApiProps extends JobGatewayProps {
  /** Settled: with the limit that holds where the app gave none. */
  readonly options: HttpJobApiOptions;
  /** Behind status and list, and what is none of our routes. */
  readonly status: lambda.IFunction;
  /** Tells whose a key is; only with API keys. */
  readonly authorize?: lambda.IFunction;
}

/**
 * The HTTP API of a pipeline: a route for each of ours, and one for all else, which is answered in the format of the handlers' errors. What API
 * Gateway refuses by itself keeps AWS's own format, which nobody can change.
 */
export class HttpJobApi extends Construct implements JobGateway {
  public readonly api: apigatewayv2.HttpApi;
  public readonly url: string;
  public readonly methodArns: string[];
  public readonly accessLogs: logs.ILogGroup;
  public readonly endpoints: ApiEndpoint[];

  private readonly authentication: ApiAuthentication;

  constructor(scope: Construct, id: string, private readonly props: HttpJobApiProps) {
    super(scope, id);
    const { options, profile, encryptionKey } = props;
    warnOfCallers(scope, options, profile); // of the construct that the app knows
    this.authentication = authenticationOf(options);
    this.api = this.createApi();
    const routes = this.addRoutes();
    this.accessLogs = createLogGroup(this, 'AccessLogs', {
      logGroupName: vendedLogName(this, 'apis'),
      retention: profile.logRetention,
      removalPolicy: profile.removalPolicy,
      encryptionKey,
    });
    const stage = this.createStage(routes.get('list')!);
    const domain = options.domain && addHttpDomain(this, stage, options.domain);
    this.url = domain ? `https://${options.domain.domainName}/` : stage.url;
    const made = routesOf(options).filter(({ name }) => routes.has(name));
    this.endpoints = made.map((route) => this.endpointOf(route, stage));
    this.methodArns = made
      .map(({ method, path }) => this.api.arnForExecuteApi(method, path.replace('{job_id}', '*')));
  }

  public get asksForIam(): boolean {
    return this.authentication._kind === AUTHENTICATION.iam;
  }

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

  /** Its metrics are there because the stage has detailed ones. */
  private endpointOf({ method, path }: Route, stage: apigatewayv2.HttpStage): ApiEndpoint {
    return {
      label: `${method} ${path}`,
      metric: (name, options) => new cloudwatch.Metric({
        namespace: 'AWS/ApiGateway',
        metricName: { clientError: '4xx', serverError: '5xx', latency: 'Latency' }[name],
        statistic: name === 'latency' ? cloudwatch.Stats.AVERAGE : cloudwatch.Stats.SUM,
        ...options,
        dimensionsMap: { ApiId: this.api.apiId, Stage: stage.stageName, Method: method, Resource: path },
      }),
    };
  }

  private createApi(): apigatewayv2.HttpApi {
    const { options: { cors, domain }, name } = this.props;
    return new apigatewayv2.HttpApi(this, 'Api', {
      apiName: name,
      description: `Jobs of ${this.node.scope!.node.path}`,
      createDefaultStage: false,
      disableExecuteApiEndpoint: domain ? true : undefined,
      ...(domain && { ipAddressType: apigatewayv2.IpAddressType.DUAL_STACK }), // as its domain
      ...(cors && {
        corsPreflight: {
          allowOrigins: [...cors.allowOrigins],
          allowMethods: [apigatewayv2.CorsHttpMethod.GET, apigatewayv2.CorsHttpMethod.POST],
          allowHeaders: allowedHeaders(this.authentication),
          exposeHeaders: [HEADER.correlationId, 'Location', 'Retry-After'],
          maxAge: maxAgeOf(cors),
        },
      }),
    });
  }

  private addRoutes(): Map<RouteName, apigatewayv2.HttpRoute> {
    const { options, submit, status, change, uploads, authorize } = this.props;
    const authorized = httpAuthorization(options, authorize);
    const [toSubmit, toStatus, toChange, toUploads] = Object.entries({ Submit: submit, Status: status, Change: change, Uploads: uploads })
      .map(([id, fn]) => fn && new HttpLambdaIntegration(id, fn));
    const integrations: Record<RouteName, HttpLambdaIntegration | undefined> = {
      submit: toSubmit, batch: toSubmit, list: toStatus, status: toStatus, cancel: toChange, retry: toChange, uploads: toUploads,
    };
    const routes = routesOf(options).flatMap((route) => {
      const integration = integrations[route.name];
      return integration ? [[route.name, this.addRoute(ROUTE_IDS[route.name], keyOf(route), integration, authorized)] as const] : [];
    });
    this.addRoute('Unrouted', apigatewayv2.HttpRouteKey.DEFAULT, toStatus!, authorized);
    if (options.cors) {
      this.addPreflight(toStatus!);
    }
    return new Map(routes);
  }

  private addRoute(
    id: string, routeKey: apigatewayv2.HttpRouteKey, integration: HttpLambdaIntegration, authorized: HttpAuthorization,
  ): apigatewayv2.HttpRoute {
    const route = new apigatewayv2.HttpRoute(this, id, { httpApi: this.api, routeKey, integration, ...authorized });
    if (this.authentication._kind === AUTHENTICATION.none) {
      acknowledge(route, { id: 'AwsSolutions-APIG4', reason: 'the app chose, by name, an API without authentication' });
    }
    return route;
  }

  /**
   * The route for all else takes preflights, too, and would ask browsers for what they never send with one: so they have a route of their own.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
   */
  private addPreflight(integration: HttpLambdaIntegration): void {
    const routeKey = apigatewayv2.HttpRouteKey.with('/{proxy+}', apigatewayv2.HttpMethod.OPTIONS);
    const route = new apigatewayv2.HttpRoute(this, 'Preflight', {
      httpApi: this.api, routeKey, integration, authorizer: new apigatewayv2.HttpNoneAuthorizer(),
    });
    acknowledge(route, { id: 'AwsSolutions-APIG4', reason: 'browsers send no credentials when they ask what they may send, and are told nothing else' });
  }

  private createStage(list: apigatewayv2.HttpRoute): apigatewayv2.HttpStage {
    const { options } = this.props;
    const rates = stageRates(options);
    const stage = new apigatewayv2.HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      accessLogSettings: { destination: new apigatewayv2.LogGroupLogDestination(this.accessLogs), format: httpAccessLogFormat(this.authentication) },
    });
    const resource = stage.node.defaultChild as apigatewayv2.CfnStage;
    resource.defaultRouteSettings = {
      detailedMetricsEnabled: true, throttlingRateLimit: rates.each.ratePerSecond, throttlingBurstLimit: rates.each.burst,
    };
    const listRoute = routesOf(options).find(({ name }) => name === 'list')!;
    resource.routeSettings = { // a map of any names, so its names are those of CloudFormation
      [`${listRoute.method} ${listRoute.path}`]: {
        DetailedMetricsEnabled: true, ThrottlingRateLimit: rates.list.ratePerSecond, ThrottlingBurstLimit: rates.list.burst,
      },
    };
    resource.node.addDependency(list); // API Gateway refuses settings of a route that there is not
    return stage;
  }
}

const ROUTE_IDS: Record<RouteName, string> = {
  submit: 'SubmitRoute', batch: 'BatchRoute', list: 'ListRoute', status: 'StatusRoute', cancel: 'CancelRoute', retry: 'RetryRoute', uploads: 'UploadsRoute',
};

function keyOf({ path, method }: Route): apigatewayv2.HttpRouteKey {
  return apigatewayv2.HttpRouteKey.with(path, apigatewayv2.HttpMethod[method]);
}
