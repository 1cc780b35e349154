import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { EnvironmentProfile } from '../environment-profile/environment-profile';
import type { MeasuredApi } from '../monitoring/api-metrics';

/** What an API for jobs is made from, whatever its kind. */
export interface JobGatewayProps {
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
  readonly encryptionKey?: kms.IKey;
}

/** A route of the API, as it is watched. */
export interface ApiEndpoint {
  /** Its method and path. */
  readonly label: string;
  readonly metric: (name: 'clientError' | 'serverError' | 'latency', options: cloudwatch.MetricOptions) => cloudwatch.IMetric;
}

/** What a pipeline knows of its API, whatever its kind. */
export interface JobGateway extends MeasuredApi {
  /** The address before the paths, with a slash at its end: of the domain, if there is one. */
  readonly url: string;
  /** Whether callers need a permission of IAM. */
  readonly asksForIam: boolean;
  /** What a caller must be allowed to invoke. */
  readonly methodArns: string[];
  /** The routes, each with metrics of its own. */
  readonly endpoints: ApiEndpoint[];
  /** A line of JSON for each call. */
  readonly accessLogs: logs.ILogGroup;
}
