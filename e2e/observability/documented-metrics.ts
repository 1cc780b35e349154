/** Metrics of AWS's own, and the sets of dimensions under which AWS documents them. */
export interface DocumentedNamespace {
  readonly metrics: readonly string[];
  /** Names in the order of the alphabet. */
  readonly dimensions: readonly (readonly string[])[];
  /** Where AWS says so. */
  readonly see: string;
}

/**
 * What the widgets of this library show of AWS's own. Nothing here can make them (the local cloud makes some), so they are compared with what AWS
 * documents, copied from the pages named.
 */
export const DOCUMENTED_METRICS: Readonly<Record<string, DocumentedNamespace | readonly DocumentedNamespace[]>> = {
  'AWS/Lambda': {
    metrics: ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions', 'ProvisionedConcurrencySpilloverInvocations'],
    dimensions: [['FunctionName'], ['FunctionName', 'Resource'], ['ExecutedVersion', 'FunctionName', 'Resource']],
    see: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
  },
  'AWS/SQS': {
    metrics: [
      'ApproximateAgeOfOldestMessage', 'ApproximateNumberOfMessagesDelayed', 'ApproximateNumberOfMessagesNotVisible',
      'ApproximateNumberOfMessagesVisible', 'NumberOfEmptyReceives', 'NumberOfMessagesDeleted', 'NumberOfMessagesReceived', 'NumberOfMessagesSent',
      'SentMessageSize',
    ],
    dimensions: [['QueueName']],
    see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
  },
  'AWS/ApiGateway': {
    metrics: ['4XXError', '5XXError', 'CacheHitCount', 'CacheMissCount', 'Count', 'IntegrationLatency', 'Latency'],
    dimensions: [['ApiName'], ['ApiName', 'Stage'], ['ApiName', 'Method', 'Resource', 'Stage']],
    see: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html',
  },
  'AWS/DynamoDB': [
    {
      metrics: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits', 'ReadThrottleEvents', 'WriteThrottleEvents'],
      dimensions: [['TableName'], ['GlobalSecondaryIndexName', 'TableName']],
      see: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
    },
    {
      metrics: ['SuccessfulRequestLatency', 'SystemErrors', 'ThrottledRequests'],
      dimensions: [['Operation', 'TableName']],
      see: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
    },
  ],
  'AWS/States': {
    metrics: [
      'ExecutionThrottled', 'ExecutionTime', 'ExecutionsAborted', 'ExecutionsFailed', 'ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsTimedOut',
    ],
    dimensions: [['StateMachineArn']],
    see: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html',
  },
  'AWS/Logs': {
    metrics: ['IncomingBytes', 'IncomingLogEvents'],
    dimensions: [['LogGroupName']],
    see: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html',
  },
  'AWS/Events': {
    metrics: ['FailedInvocations'],
    dimensions: [['RuleName']],
    see: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html',
  },
};

/** Whether AWS documents a metric with exactly these dimensions. */
export function isDocumented(namespace: string, metricName: string, dimensionNames: readonly string[]): boolean {
  const entries = [DOCUMENTED_METRICS[namespace] ?? []].flat() as readonly DocumentedNamespace[];
  const wanted = [...dimensionNames].sort().join();
  return entries.some(({ metrics, dimensions }) => metrics.includes(metricName) && dimensions.some(names => names.join() === wanted));
}

/** The resources whose names are values of a dimension. */
export const NAMED_BY: Readonly<Record<string, string>> = {
  FunctionName: 'AWS::Lambda::Function',
  QueueName: 'AWS::SQS::Queue',
  TableName: 'AWS::DynamoDB::Table',
  StateMachineArn: 'AWS::StepFunctions::StateMachine',
  LogGroupName: 'AWS::Logs::LogGroup',
  RuleName: 'AWS::Events::Rule',
};
