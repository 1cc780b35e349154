import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** What a pipeline knows of its API, whatever its kind. */
export interface JobGateway {
  /** The address before the paths, with a slash at its end: of the domain, if there is one. */
  readonly url: string;
  /** Whether callers need a permission of IAM. */
  readonly asksForIam: boolean;
  /** What a caller must be allowed to invoke. */
  readonly methodArns: string[];
  /** Answers with a 5xx. */
  metricServerError(options: cloudwatch.MetricOptions): cloudwatch.IMetric;
}
