import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric, Stats, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { MonitoredApiAlarmOptions, MonitoredApiOptions } from './monitored-options';
import { watched, type Asked } from './watched-scope';
import { EnvironmentProfile } from '../environment-profile/environment-profile';
import { createAlarm, monitoredAlarms, thresholdOf } from '../internal/alarm-factory';
import { callErrorRate, callsPart, callTimePart, type MeasuredApi } from '../monitoring/api-metrics';
import { COLORS } from '../monitoring/colors';
import { apiUses, costMetric } from '../monitoring/cost-metrics';
import { DashboardSection, type Monitoring } from '../monitoring/monitored';
import { graph, rows } from '../monitoring/widgets';
import { PRICES } from '../pricing/prices';

type ApiMetric = (name: 'Count' | 'Latency' | 'clientError' | 'serverError', options: MetricOptions) => Metric;

/** A REST API, with its alarm. */
export function watchRestApi(api: IRestApi, options: MonitoredApiOptions): () => Monitoring {
  const takes = ['apigateway.IRestApi', 'restApiName', 'api'] as const;
  const names = { Count: 'Count', Latency: 'Latency', clientError: '4XXError', serverError: '5XXError' };
  return watchApi({ factory: 'fromRestApi', takes, resource: api, options, defaults: defaultsOf() }, PRICES.restApiRequest, (name, metric) =>
    metricOf(names[name], { ApiName: api.restApiName }, metric));
}

/** An HTTP API, with its alarm. */
export function watchHttpApi(api: IHttpApi, options: MonitoredApiOptions): () => Monitoring {
  const takes = ['apigatewayv2.IHttpApi', 'apiId', 'api'] as const;
  const names = { Count: 'Count', Latency: 'Latency', clientError: '4xx', serverError: '5xx' };
  return watchApi({ factory: 'fromHttpApi', takes, resource: api, options, defaults: defaultsOf() }, PRICES.httpApiRequest, (name, metric) =>
    metricOf(names[name], { ApiId: api.apiId }, metric));
}

function metricOf(metricName: string, dimensionsMap: Record<string, string>, options: MetricOptions): Metric {
  return new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap, ...options });
}

function defaultsOf() {
  return { errorRate: { percent: true } };
}

function watchApi(asked: Asked<MonitoredApiAlarmOptions>, price: number, metric: ApiMetric): () => Monitoring {
  const { scope, title: subject, alarms: tuned } = watched(asked);
  const api: MeasuredApi = {
    metricRequests: (options) => metric('Count', options),
    metricClientError: (options) => metric('clientError', options),
    metricServerError: (options) => metric('serverError', options),
    metricLatency: (options) => metric('Latency', options),
  };
  const errorRate = createAlarm(scope, 'ErrorRate', {
    metric: (options) => callErrorRate(api, options),
    threshold: EnvironmentProfile.of(scope).errorRatePercent,
    ...asked.defaults.errorRate,
    id: ['api', 'errorRate'],
    subject,
    meaning: 'the API answers too large a share of the calls with a 5xx, in percent',
    action: 'Look at its access log for which route, and at the log of what stands behind that.',
  }, tuned.errorRate);
  return () => ({
    title: subject,
    alarms: monitoredAlarms({ errorRate }),
    rows: rows(DashboardSection.API,
      callsPart(subject, api),
      graph(`${subject}: share of 5xx`, {
        left: [metric('serverError', { statistic: Stats.AVERAGE, label: '5xx', color: COLORS.failed })],
        lines: [{ label: 'alarm', value: shareOf(thresholdOf(errorRate)) }],
      }),
      callTimePart(subject, api),
    ),
    verdict: { arrived: metric('Count', { statistic: Stats.SAMPLE_COUNT }), failed: metric('serverError', { statistic: Stats.SUM }) },
    costs: costMetric('Amazon API Gateway', apiUses(api, price)),
  });
}

/** Averages of API Gateway's errors are shares of 1. */
function shareOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}
